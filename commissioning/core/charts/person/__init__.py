"""One person's money and life on one time axis: where they live, what it costs, and what changed, row under row."""

from collections.abc import Sequence

from commissioning.core.charts.chart import Chart
from commissioning.core.charts.palette import SCREEN, Style
from commissioning.core.charts.person.data import (
    CostStep,
    IncidentMonth,
    MoneyAndLife,
    Move,
    OneOff,
    OutcomeRow,
    Stay,
    View,
)
from commissioning.core.charts.person.drawing import PersonDrawing
from commissioning.core.charts.person.told import finding, story, table

__all__ = [
    "CostStep",
    "IncidentMonth",
    "MoneyAndLife",
    "Move",
    "OneOff",
    "OutcomeRow",
    "Stay",
    "View",
    "money_and_life",
]


def money_and_life(data: MoneyAndLife, *, widths: Sequence[float] = (1180, 760, 346), style: Style = SCREEN) -> Chart:
    """The chart of `data`, drawn once for each width, widest first; a phone's has fewer months, labels above rows."""
    title, desc = data.title or finding(data), data.desc or story(data)
    drawings = tuple(
        PersonDrawing(data, width, style).draw(f"{data.key}-{place}", title, desc) for place, width in enumerate(widths)
    )
    return Chart(data.key, title, desc, drawings, table(data, title))
