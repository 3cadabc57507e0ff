"""Month end: what a month costs each partner, what later knowledge adds to closed months, and what is due for both.

What is booked of a closed month adds up over every closing since. It is compared with what the records say now, line by
line; the difference is a prior-period adjustment of the first open month, and is booked when that is closed.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Sum
from django.http import Http404

from commissioning.accounts.actors import Actor
from commissioning.core.money import csv_pence
from commissioning.core.periods import Month, NotADate
from commissioning.core.tables import write_csv
from finance import ledger
from finance.models import BookedCost, ClosedMonth
from finance.models.month_end import BookedCostQuerySet
from finance.queries import arrays
from finance.queries.book import UNALLOCATED_NAME, Book, open_book
from finance.queries.differences import Difference, LineCosts, differences
from finance.queries.funders import Payers, payers_of
from finance.queries.happened import ChangedLine, ShownLine, changed_lines, lines_at, said_of, shown_line, whose

MOST_LINES = 200
MONTHS_TO_BEGIN_WITH = 12
_NO_FUNDER = -1
CSV_HEADER = (
    "booked_in", "row", "month", "line_ref", "person_ref", "provider", "kind", "funder", "booked_before", "now",
    "amount", "what_happened", "known_since", "recorded_by", "reason",
)  # fmt: skip
_BOOKED = {
    "line": arrays.number("line"),
    "funder": arrays.number("funder_id", null=_NO_FUNDER),
    "month": arrays.day("month"),
    "pence": arrays.number("pence"),
}


@dataclass(frozen=True)
class Payer:
    """What one partner owes for a month: its own costs, and the recharge of what changed in closed months."""

    code: str
    name: str
    own_pence: int
    adjustment_pence: int

    @property
    def pence(self) -> int:
        return self.own_pence + self.adjustment_pence


@dataclass(frozen=True)
class Adjustment:
    """What is booked later of one closed month: whole pence, by name of who pays, in the order of the page's payers."""

    month: Month
    cells: tuple[tuple[str, int], ...]

    @property
    def pence(self) -> int:
        return sum(pence for _, pence in self.cells)


@dataclass(frozen=True)
class AdjustedLine:
    """A line whose closed months changed, with the difference of each of them."""

    shown: ShownLine
    by_month: tuple[tuple[Month, int], ...]


@dataclass(frozen=True)
class MonthEnd:
    """A month as it will be booked, or as it was. Payers' adjustments, months' and lines' add up to the same."""

    month: Month
    closed: ClosedMonth | None
    first_open: Month | None
    is_over: bool
    payers: tuple[Payer, ...]
    adjustments: tuple[Adjustment, ...]
    own: LineCosts
    changes: tuple[ChangedLine, ...]
    changed_months: tuple[Month, ...]
    lines: tuple[AdjustedLine, ...]
    names: Payers

    @property
    def is_first_open(self) -> bool:
        return self.closed is None and self.month == self.first_open

    @property
    def can_be_closed(self) -> bool:
        """By its dates: over, and the first that is open; where none is closed yet, any that is over."""
        return self.closed is None and self.is_over and self.first_open in {None, self.month}

    @property
    def own_pence(self) -> int:
        return sum(each.own_pence for each in self.payers)

    @property
    def adjustment_pence(self) -> int:
        return sum(each.adjustment_pence for each in self.payers)

    @property
    def pence(self) -> int:
        return self.own_pence + self.adjustment_pence

    @property
    def rest_count(self) -> int:
        return len(self.changes) - len(self.lines)

    @property
    def people_ids(self) -> tuple[int, ...]:
        return tuple({line.person_id for line in self.changes[: len(self.lines)] if line.person_id is not None})

    @property
    def fingerprint(self) -> str:
        """Of every figure by line, month and payer: the same only while nothing moved."""
        own = zip(*(getattr(self.own, each).tolist() for each in ("line", "funder", "pence")), strict=True)
        rows = [(line, self.own.funders[funder], pence) for line, funder, pence in own]
        moved = [
            (each.line, each.funder, each.period, each.pence) for line in self.changes for each in line.differences
        ]
        return hashlib.sha256(repr((str(self.month), sorted(rows), sorted(moved))).encode()).hexdigest()[:20]


@dataclass(frozen=True)
class MonthLine:
    """A month in the list: whole pence as booked; None while it is open."""

    month: Month
    closed: ClosedMonth | None
    own_pence: int | None
    adjustment_pence: int | None
    is_over: bool
    is_next: bool


@dataclass(frozen=True)
class MonthList:
    """Every closed month and those that are open, the latest first; `begins` where none is closed yet."""

    months: tuple[MonthLine, ...]
    begins: bool


def month_list(actor: Actor, today: dt.date) -> MonthList:
    """Two queries."""
    closed = {Month.of(each.month): each for each in ClosedMonth.objects.visible_to(actor)}
    booked: dict[tuple[Month, bool], int] = defaultdict(int)
    rows = BookedCost.objects.visible_to(actor)
    for closing, month, pence in _sums(rows):
        booked[closing, closing == month] += pence
    now = Month.of(today)
    following = max(closed).plus(1) if closed else None
    first = min(closed) if closed else now.plus(-MONTHS_TO_BEGIN_WITH)
    months = [
        MonthLine(
            month=month,
            closed=closed.get(month),
            own_pence=booked[month, True] if month in closed else None,
            adjustment_pence=booked[month, False] if month in closed else None,
            is_over=month < now,
            is_next=month == following or (following is None and month < now),
        )
        for month in first.until(max(now, following or now))
    ]
    return MonthList(tuple(reversed(months)), following is None)


def _sums(rows: BookedCostQuerySet) -> Iterable[tuple[Month, Month, int]]:
    """Closing month, month and pence, added up in the database."""
    found = rows.order_by().values_list("closing__month", "month").annotate(total=Sum("pence"))
    return [(Month.of(closing), Month.of(month), int(total)) for closing, month, total in found]


def month_for(text: str, today: dt.date) -> Month:
    """The month of an address: from 1900 to this one. Raises Http404."""
    try:
        month = Month.parse(text)
    except NotADate as error:
        raise Http404 from error
    if month > Month.of(today):
        raise Http404
    return month


def month_end_of(actor: Actor, month: Month, today: dt.date) -> MonthEnd:
    """A month as booked, or as it would be booked today; adjustments only where it is the first open one."""
    closed = list(ClosedMonth.objects.visible_to(actor).order_by("month"))
    of_month = next((each for each in closed if Month.of(each.month) == month), None)
    following = Month.of(closed[-1].month).plus(1) if closed else None
    earlier = [each for each in closed if Month.of(each.month) < month]
    names = payers_of(actor)
    months = [Month.of(each.month) for each in earlier]
    if of_month is not None:
        own, changes = _as_booked(actor, of_month, earlier, names)
    else:
        own, changes = _as_now(actor, month, earlier if month == following else [], names)
    payers = _payers(own, changes, names)
    return MonthEnd(
        month=month,
        closed=of_month,
        first_open=following,
        is_over=month < Month.of(today),
        payers=payers,
        adjustments=_by_month(changes, months, payers),
        own=own,
        changes=tuple(changes),
        changed_months=tuple(months),
        lines=tuple(_line(actor, line, months, names) for line in changes[:MOST_LINES]),
        names=names,
    )


def _as_booked(
    actor: Actor, closing: ClosedMonth, earlier: Sequence[ClosedMonth], names: Payers
) -> tuple[LineCosts, list[ChangedLine]]:
    """What was booked when a month was closed: its own costs, and what it changed of what was booked before."""
    booked = BookedCost.objects.visible_to(actor)
    months = [Month.of(each.month) for each in earlier]
    own = _booked(booked.filter(closing=closing, month=closing.month), [Month.of(closing.month)], names)
    if not earlier:
        return own, []
    then = _booked(booked.filter(closing__in=earlier), months, names)
    after = _booked(booked.filter(closing__in=[*earlier, closing]), months, names)
    found = differences(then, after)
    return own, changed_lines(actor, earlier[-1].closed_at, found, closing.closed_at)


def _as_now(
    actor: Actor, month: Month, earlier: Sequence[ClosedMonth], names: Payers
) -> tuple[LineCosts, list[ChangedLine]]:
    """What a month costs by the records of now, and what they say otherwise of these closed months."""
    book = open_book(actor)
    own = LineCosts.of_book(book, [_period(month)])
    if not earlier:
        return own, []
    found = adjustments_of(actor, book, [Month.of(each.month) for each in earlier], names)
    return own, changed_lines(actor, earlier[-1].closed_at, found)


def adjustments_of(actor: Actor, book: Book, months: Sequence[Month], names: Payers) -> list[Difference]:
    """What the records say now of closed months, against all that is booked of them."""
    then = _booked(BookedCost.objects.visible_to(actor), months, names)
    return differences(then, LineCosts.of_book(book, [_period(month) for month in months]))


def _period(month: Month) -> ledger.Period:
    return ledger.Period(month.first, month.last)


def _booked(rows: BookedCostQuerySet, months: Sequence[Month], names: Payers) -> LineCosts:
    """What is booked of some months; the period is the month's place among them."""
    found = arrays.read_columns(rows.filter(month__in=[month.first for month in months]).order_by(), _BOOKED)
    keys, place = ledger.distinct(found["funder"])
    codes = tuple(UNALLOCATED_NAME if key == _NO_FUNDER else names.codes[key] for key in keys.tolist())
    firsts = np.array([month.first.toordinal() for month in months], dtype=np.int64)
    return LineCosts(found["line"], place, np.searchsorted(firsts, found["month"]), found["pence"], codes)


def _payers(own: LineCosts, changes: Iterable[ChangedLine], names: Payers) -> tuple[Payer, ...]:
    """Who pays, by name, nobody last."""
    owed: dict[str, int] = defaultdict(int)
    for place, pence in zip(own.funder.tolist(), own.pence.tolist(), strict=True):
        owed[own.funders[place]] += pence
    moved: dict[str, int] = defaultdict(int)
    for line in changes:
        for each in line.differences:
            moved[each.funder] += each.pence
    payers = [Payer(code, names.name_of(code), owed[code], moved[code]) for code in {*owed, *moved}]
    return tuple(sorted(payers, key=lambda each: (each.code == UNALLOCATED_NAME, each.name.casefold())))


def _by_month(
    changes: Iterable[ChangedLine], months: Sequence[Month], payers: Sequence[Payer]
) -> tuple[Adjustment, ...]:
    found: dict[tuple[int, str], int] = defaultdict(int)
    for line in changes:
        for each in line.differences:
            found[each.period, each.funder] += each.pence
    touched = sorted({period for period, _ in found})
    return tuple(
        Adjustment(months[period], tuple((payer.name, found[period, payer.code]) for payer in payers))
        for period in touched
    )


def _line(actor: Actor, line: ChangedLine, months: Sequence[Month], names: Payers) -> AdjustedLine:
    by_month: dict[int, int] = defaultdict(int)
    for each in line.differences:
        by_month[each.period] += each.pence
    parts = tuple((months[period], pence) for period, pence in sorted(by_month.items()))
    return AdjustedLine(shown_line(actor, line, names.names), parts)


def month_end_csv(actor: Actor, end: MonthEnd) -> tuple[str, tuple[int, ...]]:
    """Every line's own costs and adjustments by who pays, in pounds, which add up to what is due; and whom it shows."""
    lines = lines_at(actor, end.closed.closed_at if end.closed else None, set(end.own.line.tolist()))
    rows = []
    columns = (getattr(end.own, each).tolist() for each in ("line", "funder", "pence"))
    for key, place, pence in zip(*columns, strict=True):
        line = lines.get(key)
        amounts = ("0.00", csv_pence(pence), csv_pence(pence))
        named = (line.reference if line else f"price {key}", *whose(line))
        rows.append([str(end.month), "own cost", str(end.month), *named, end.own.funders[place], *amounts, *[""] * 4])
    for changed in end.changes:
        said = said_of(changed)
        for each in changed.differences:
            amounts = (csv_pence(each.then_pence), csv_pence(each.now_pence), csv_pence(each.pence))
            month = str(end.changed_months[each.period])
            named = (changed.reference, *said[:3])
            rows.append([str(end.month), "adjustment", month, *named, each.funder, *amounts, *said[3:]])
    people = {line.placement.person_id for line in lines.values() if line.placement}
    people |= {line.person_id for line in end.changes if line.person_id is not None}
    rows.sort(key=lambda row: (row[1] == "adjustment", row[2], row[3], row[7]))
    return write_csv(CSV_HEADER, rows), tuple(people)
