"""Which stays lie in which row of bands."""

from collections.abc import Sequence

from commissioning.core.charts.person.data import Stay


def lanes_of(stays: Sequence[Stay]) -> Sequence[Sequence[Stay]]:
    """Stays in as few rows as keep them apart: a hospital stay lies under the home that stays open."""
    lanes: list[list[Stay]] = []
    for stay in sorted(stays, key=lambda stay: (stay.start, stay.end is not None)):
        for lane in lanes:
            ended = lane[-1].end
            if ended is not None and ended < stay.start:
                lane.append(stay)
                break
        else:
            lanes.append([stay])
    return lanes
