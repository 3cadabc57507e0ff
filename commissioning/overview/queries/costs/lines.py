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
from finance.queries import Book

MOST_LINES = 200


@dataclass(frozen=True)
class LinePart:
    """One line and what of it counts in the period and slice, in whole pence. `person` is empty for a contract's."""

    line: CostLine
    person: str
    pence: int


@dataclass(frozen=True)
class Parts:
    """Every line of a figure in a period, the largest part first. `pence` is the figure."""

    period: ledger.Period
    value: str | None
    parts: tuple[LinePart, ...]

    @property
    def pence(self) -> int:
        return sum(part.pence for part in self.parts)

    @property
    def shown(self) -> tuple[LinePart, ...]:
        """The largest parts; the page says what the rest come to."""
        return self.parts[:MOST_LINES]

    @property
    def rest_count(self) -> int:
        return len(self.parts) - len(self.shown)

    @property
    def rest_pence(self) -> int:
        return self.pence - sum(part.pence for part in self.shown)

    @property
    def people_ids(self) -> tuple[int, ...]:
        return tuple({part.line.placement.person_id for part in self.shown if part.line.placement})


def parts_of(actor: Actor, book: Book, asked: Asked, given: Mapping[str, str]) -> Parts:
    """The lines behind a figure: of one slice and period, or of a total where the address names none. One query."""
    periods = asked.periods
    whole = ledger.Period(periods[0].first, periods[-1].last)
    period = _period(given, whole)
    value = given.get("slice")
    book = narrowed(book, asked)
    if value is not None and asked.by != "funder":
        book = book.only(asked.by, [value])
    funder = value if asked.by == "funder" else None
    pence = _by_line(book, period, funder or asked.narrowed_to("funder") or None)
    lines = CostLine.objects.visible_to(actor).select_related(
        "placement__person", "placement__provider", "contract__provider"
    )
    found = lines.in_bulk([pk for pk, amount in pence.items() if amount])
    parts = [
        LinePart(line, line.placement.person.label_for(actor) if line.placement else "", pence[pk])
        for pk, line in found.items()
    ]
    return Parts(period, value, tuple(sorted(parts, key=lambda part: (-part.pence, part.line.reference))))


def _by_line(book: Book, period: ledger.Period, funder: str | None) -> dict[int, int]:
    """Pence by line's primary key, one funder's part of it if named (cost rules 3 and 4)."""
    group = np.arange(len(book.lines), dtype=np.int64)
    if funder is None:
        found = ledger.totals_without_funders(book.lines, [period], group)
        wanted = np.ones(len(found.group), dtype=bool)
    else:
        found = ledger.totals(book.lines, book.shares, [period], group)
        names = [book.funder_name(int(number)) for number in found.funder]
        wanted = np.array([name == funder for name in names], dtype=bool)
    keys = book.lines.line[found.group[wanted]] if len(found.group) else np.zeros(0, dtype=np.int64)
    summed = ledger.total_by(found.pence[wanted], keys)
    return dict(zip(summed.columns[0].tolist(), summed.pence.tolist(), strict=True))


def _period(given: Mapping[str, str], whole: ledger.Period) -> ledger.Period:
    """The period in the address within the months asked for, else all of them."""
    try:
        first, last = dt.date.fromisoformat(given.get("start", "")), dt.date.fromisoformat(given.get("end", ""))
    except ValueError:
        return whole
    return ledger.Period(first, last) if whole.first <= first <= last <= whole.last else whole
