"""The lines that make one figure of the cost explorer, each with its part, adding up to the figure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from commissioning.accounts.actors import Actor
from commissioning.overview.queries.costs.asked import Asked
from commissioning.overview.queries.costs.grid import narrowed
from finance import ledger
from finance.models import CostLine
from finance.queries import Book, lines_as_known
from people.models import Placement

MOST_LINES = 200


@dataclass(frozen=True)
class LinePart:
    """One line, or one placement's part of a contract's, and what counts in the period and slice, in whole pence.

    `placement` is None, and `person` empty, for what is void of a contract's places.
    """

    line: CostLine
    placement: Placement | None
    person: str
    pence: int


@dataclass(frozen=True)
class Parts:
    """Every line of a figure in a period, the largest part first. `pence` is the figure."""

    period: ledger.Period
    value: str | None
    parts: tuple[LinePart, ...]
    pence: int
    count: int

    @property
    def shown(self) -> tuple[LinePart, ...]:
        """The largest parts; the page says what the rest come to."""
        return self.parts[:MOST_LINES]

    @property
    def rest_count(self) -> int:
        return self.count - len(self.shown)

    @property
    def rest_pence(self) -> int:
        return self.pence - sum(part.pence for part in self.shown)

    @property
    def people_ids(self) -> tuple[int, ...]:
        return tuple({part.placement.person_id for part in self.shown if part.placement})


def parts_of(actor: Actor, book: Book, asked: Asked, given: Mapping[str, str]) -> Parts:
    """The lines behind a figure: of one slice and period, or of a total where the address names none. Two queries."""
    periods = asked.periods
    whole = ledger.Period(periods[0].first, periods[-1].last)
    period = _period(given, whole)
    value = given.get("slice")
    book = narrowed(book, asked)
    if value is not None and asked.by != "funder":
        book = book.only(asked.by, [value])
    funder = value if asked.by == "funder" else None
    by_part = _by_line(book, period, funder or asked.narrowed_to("funder") or None)
    pence = {key: amount for key, amount in by_part.items() if amount}
    line_of = _lines(actor, asked, {line for line, _ in pence})
    placements = Placement.objects.visible_to(actor).select_related("person", "provider")
    placement_of = placements.in_bulk({placement for _, placement in pence if placement != ledger.NO_PLACEMENT})
    parts = []
    for (line, key), amount in pence.items():
        if line in line_of:
            placement = placement_of.get(key)
            person = placement.person.label_for(actor) if placement else ""
            parts.append(LinePart(line_of[line], placement, person, amount))
    parts.sort(key=lambda part: (-part.pence, part.line.reference, part.person))
    return Parts(period, value, tuple(parts), sum(pence.values()), len(pence))


def _lines(actor: Actor, asked: Asked, keys: set[int]) -> dict[int, CostLine]:
    """The lines, as known where that is asked; one whose placement is gone since is among the rest."""
    if asked.known is not None:
        return lines_as_known(actor, asked.known, keys)
    return (
        CostLine.objects.visible_to(actor).select_related("contract__provider", "calendar", "instead_of").in_bulk(keys)
    )


def _by_line(book: Book, period: ledger.Period, funder: str | None) -> dict[tuple[int, int], int]:
    """Pence by primary keys of line and placement, one funder's part of it if named (cost rules 3, 4 and 10)."""
    group = np.arange(len(book.lines), dtype=np.int64)
    if funder is None:
        found = ledger.totals_without_funders(book.lines, [period], group)
        wanted = np.ones(len(found.group), dtype=bool)
    else:
        found = ledger.totals(book.lines, book.shares, [period], group)
        names = [book.funder_name(int(number)) for number in found.funder]
        wanted = np.array([name == funder for name in names], dtype=bool)
    rows = found.group[wanted]
    if not len(rows):
        return {}
    summed = ledger.total_by(found.pence[wanted], book.lines.line[rows], book.lines.placement[rows])
    lines, placements = (column.tolist() for column in summed.columns)
    return dict(zip(zip(lines, placements, strict=True), summed.pence.tolist(), strict=True))


def _period(given: Mapping[str, str], whole: ledger.Period) -> ledger.Period:
    """The period in the address within the months asked for, else all of them."""
    try:
        first, last = dt.date.fromisoformat(given.get("start", "")), dt.date.fromisoformat(given.get("end", ""))
    except ValueError:
        return whole
    return ledger.Period(first, last) if whole.first <= first <= last <= whole.last else whole
