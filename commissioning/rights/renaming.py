"""Made-up references of an erased person's placements, which sort where the real ones did.

Of a contract's price each placement takes its part in code-point order of references (cost rule 10). A reference that
sorted elsewhere would pass a penny from one person's part to another's, or to the void. So where others are placed
under the same contract, a made-up reference begins, if it must, with as much of the one before it as keeps its place;
of the real one it holds nothing that its place among the others did not tell.
"""

from collections.abc import Iterable, Sequence

from people.models import Placement

LONGEST = 40
_FIRST, _LAST = "!", "~"  # before and after every letter and digit


def made_up_references(placements: Sequence[Placement], stub: str) -> dict[int, str]:
    """By placement's key: `STUB-1`, `STUB-2` in the order given; where that sorts elsewhere, with a start before it."""
    numbers = {placement.pk: number for number, placement in enumerate(placements, start=1)}
    found = {pk: f"{stub}-{number}" for pk, number in numbers.items()}
    for contract in {placement.contract_id for placement in placements if placement.contract_id is not None}:
        own = sorted((each for each in placements if each.contract_id == contract), key=lambda each: each.reference)
        others = sorted(
            Placement.objects.filter(contract=contract)
            .exclude(pk__in=[each.pk for each in own])
            .values_list("reference", flat=True)
        )
        last = ""
        for placement in own:
            below = max([last, *(each for each in others if each < placement.reference)])
            above = min((each for each in others if each > placement.reference), default=None)
            last = found[placement.pk] = _between(below, above, found[placement.pk])
    return found


def _between(below: str, above: str | None, wanted: str) -> str:
    """`wanted`, or the first that sorts between the two of those that begin otherwise; `wanted` where none does."""
    for candidate in (wanted, *_beginning_otherwise(below, wanted)):
        if len(candidate) <= LONGEST and below < candidate and (above is None or candidate < above):
            return candidate
    return wanted


def _beginning_otherwise(below: str, wanted: str) -> Iterable[str]:
    """The shortest first: a start of what stands below with something after it, then the whole of it."""
    yield f"{_FIRST}{wanted}"
    for length in range(len(below) + 1):
        yield f"{below[:length]}{_LAST}{wanted}"
    yield f"{below}-{wanted}"
    yield f"{below}{_FIRST}{wanted}"
    for mark in (_LAST, "-", _FIRST):
        for length in range(len(below) + 1):
            yield f"{below[:length]}{mark}{wanted[-8:]}"
