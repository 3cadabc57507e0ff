"""Why a year comes to more or less than its budget, in parts that add up to the difference exactly.

A budget is built from *what stands*: the prices in force on a day before the year, each carried on for the whole of
it. From there to the forecast leads a row of whole runs of the ledger; each part is one run less the run before, so the
parts add up for every funder, whatever is rounded.

- *built*: what stood, by the shares that were in force then, less the budget.
- *who pays*: shares that changed, or that have run out; it moves money between partners.
- *started*: prices of placements that had none then, somebody new who is expected, and moves that cost more.
- *ended*: days after the last price of a placement, and moves that are expected to cost less.
- *price*, *need* and *uplift*: one price follows another for the same support. The reason that is recorded says which;
  where it says nothing of the kind, another number of units is need, and the rest is price. Support of another kind
  that begins or stops while the placement goes on is need. An uplift that is only assumed counts as uplift too.

Shares end with a placement, so all runs but the first and the last take the shares as they are now, the last of each
carried on: who would have paid for days that ended is who paid before.

Each effect stands beside the line, or the planned change, that brought it about.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from commissioning.core.periods import FinancialYear, day_before
from finance import ledger
from finance.models import UNIT_BASES
from finance.queries.book import Book
from finance.queries.forecast import Assumed, clip_to_placements, planned_by_change, rise_of, with_funders

PARTS = ("built", "who_pays", "started", "ended", "price", "need", "uplift")
PART_OF_REASON = {
    "uplift": "uplift",
    "need_increase": "need",
    "need_decrease": "need",
    "step_down": "need",
    "suspension": "need",
}
BY_UNITS = frozenset(int(ledger.BASIS_BY_NAME[name]) for name in UNIT_BASES)
EXPECTED = 1
Stream = tuple[int, int, str]
"""Prices that follow one another: a placement (or a contract, below zero), a kind, a label."""


@dataclass(frozen=True)
class Fact:
    """What the ledger does not know of a line: its label, why it began, and the contract of a price of places."""

    label: str = ""
    reason: str = ""
    contract: int = 0


@dataclass(frozen=True, order=True)
class Source:
    """What brought an effect about: a cost line by its number, or a planned change by its reference."""

    line: int = 0
    change: str = ""


@dataclass(frozen=True)
class Explained:
    """The parts in pence by part, funder and source. The budget by funder is beside them: no line makes it."""

    stood_on: dt.date
    budget: Mapping[str, int]
    amounts: Mapping[tuple[str, str, Source], int]

    def of(self, part: str, funder: str | None = None) -> int:
        """Pence of a part, for one funder or for all."""
        less = self.budget_of(funder) if part == "built" else 0
        return sum(self.sources(part, funder).values()) - less

    def budget_of(self, funder: str | None = None) -> int:
        return sum(pence for code, pence in self.budget.items() if funder in (None, code))

    def sources(self, part: str, funder: str | None = None) -> dict[Source, int]:
        """What makes a part; for *built*, all that stood."""
        found: dict[Source, int] = defaultdict(int)
        for (name, code, source), pence in self.amounts.items():
            if name == part and funder in (None, code):
                found[source] += pence
        return {source: pence for source, pence in found.items() if pence}

    @property
    def funders(self) -> frozenset[str]:
        return frozenset(code for _, code, _ in self.amounts) | frozenset(self.budget)


def stood_on(year: FinancialYear, built_on: dt.date | None) -> dt.date:
    """The day on whose prices a budget was built; at the latest the last before its year."""
    last = day_before(year.first)
    return last if built_on is None else min(built_on, last)


def explain(
    book: Book,
    year: FinancialYear,
    assumed: Assumed,
    *,
    budget: Mapping[str, int],
    facts: Mapping[int, Fact],
    kinds: Mapping[str, str],
    on: dt.date,
) -> Explained:
    """Every part of the difference between a forecast and its budget. No queries.

    `budget` is pence by funder, `facts` are those of the lines, `kinds` are those of planned changes by reference, and
    `on` is the day on which prices stood as the budget took them.
    """
    book = with_funders(book, assumed.changes)
    whole = replace(book.lines, codes={**book.lines.codes, "row": np.arange(len(book.lines))})
    book = replace(book, lines=whole)
    clipped = clip_to_placements(whole, assumed.ends)
    amounts: dict[tuple[str, str, Source], int] = defaultdict(int)
    carried = _carried_on(book.shares)
    _who_pays(book, carried, clipped, year, on, amounts)
    runs = _Runs(replace(book, shares=carried), year)
    _compare(runs, clipped, facts, on)
    runs.add_to(amounts)
    _beyond_their_end(book, clipped, year, assumed, amounts)
    rise = rise_of(book, clipped, year, assumed.uplift, EXPECTED)
    _add(amounts, "uplift", book, rise, book.shares, year.first, year.last)
    for change, by_funder in planned_by_change(book, year, assumed).items():
        for funder, pence in by_funder.items():
            amounts[_part_of_planned(kinds[change], sum(by_funder.values())), funder, Source(0, change)] += pence
    return Explained(on, budget, {key: pence for key, pence in amounts.items() if pence})


def _part_of_planned(kind: str, pence: int) -> str:
    """A move is what starts and what ends together, so it counts where the balance falls."""
    if kind == "move":
        return "started" if pence > 0 else "ended"
    return "started" if kind == "new_person" else "need"


def _add(
    amounts: dict[tuple[str, str, Source], int],
    part: str,
    book: Book,
    lines: ledger.LineTable,
    shares: ledger.ShareTable,
    first: dt.date,
    last: dt.date,
    sign: int = 1,
) -> None:
    """What lines cost in some days, or with a sign of −1 less of it, to a part."""
    found = ledger.totals(lines, shares, [ledger.Period(first, last)], lines.line)
    for line, funder, pence in zip(found.group.tolist(), found.funder.tolist(), found.pence.tolist(), strict=True):
        amounts[part, book.funder_name(funder), Source(line)] += sign * pence


def _in_force(lines: ledger.LineTable, on: dt.date) -> ledger.LineTable:
    """What stood on a day, each price carried on without an end."""
    found = lines.take(lines.in_force(on))
    return replace(found, end=np.full(len(found), ledger.OPEN_DAY, dtype=np.int64))


def _who_pays(
    book: Book,
    carried: ledger.ShareTable,
    clipped: ledger.LineTable,
    year: FinancialYear,
    on: dt.date,
    amounts: dict[tuple[str, str, Source], int],
) -> None:
    """What stood by the shares of then; and what shares have done since, to what stood and to what stands."""
    stood, then = _in_force(clipped, on), _shares_in_force(book.shares, on)
    _add(amounts, "built", book, stood, then, year.first, year.last)
    for lines, shares, sign in (
        (stood, carried, 1),
        (stood, then, -1),
        (clipped, book.shares, 1),
        (clipped, carried, -1),
    ):
        _add(amounts, "who_pays", book, lines, shares, year.first, year.last, sign)


def _shares_in_force(shares: ledger.ShareTable, on: dt.date) -> ledger.ShareTable:
    """The shares of a day, carried on without an end."""
    day = on.toordinal()
    kept = np.flatnonzero((shares.start <= day) & (shares.end >= day))
    names = ("placement", "line", "funder", "share_ppm", "start")
    columns = {name: getattr(shares, name)[kept] for name in names}
    return ledger.ShareTable(**columns, end=np.full(len(kept), ledger.OPEN_DAY, dtype=np.int64))


def _carried_on(shares: ledger.ShareTable) -> ledger.ShareTable:
    """The shares with the last ones of each placement and line carried on without an end."""
    if not len(shares):
        return shares
    scope = ledger.groups_by(shares.placement, shares.line).number
    last = np.zeros(int(scope.max()) + 1, dtype=np.int64)
    np.maximum.at(last, scope, shares.end)
    return replace(shares, end=np.where(shares.end == last[scope], ledger.OPEN_DAY, shares.end))


def _beyond_their_end(
    book: Book,
    clipped: ledger.LineTable,
    year: FinancialYear,
    assumed: Assumed,
    amounts: dict[tuple[str, str, Source], int],
) -> None:
    """What has accrued after a placement's end where its price has none: it counts to date, so it counts here."""
    if assumed.upto is None:
        return
    for lines, sign in ((book.lines, 1), (clipped, -1)):
        _add(amounts, "ended", book, lines, book.shares, year.first, assumed.upto, sign)


# ---------------------------------------------------------------- from what stood to what stands


@dataclass
class _Runs:
    """Rows of the book over chosen days, each added to a part with a sign; the ledger reckons them all at once."""

    book: Book
    year: FinancialYear
    rows: list[tuple[int, int, int, int]] = field(default_factory=list)
    effects: list[tuple[str, int, int]] = field(default_factory=list)

    def add(self, part: str, line: int, sign: int, pieces: Sequence["_Piece"]) -> None:
        for piece in pieces:
            self.rows.append((piece.row, piece.start, piece.end, piece.units))
            self.effects.append((part, line, sign))

    def add_to(self, amounts: dict[tuple[str, str, Source], int]) -> None:
        if not self.rows:
            return
        row, start, end, units = (np.array(values, dtype=np.int64) for values in zip(*self.rows, strict=True))
        lines = replace(self.book.lines.take(row), start=start, end=end, units_hundredths=units)
        numbers = {effect: number for number, effect in enumerate(sorted(set(self.effects)))}
        group = np.array([numbers[effect] for effect in self.effects], dtype=np.int64)
        names = {number: effect for effect, number in numbers.items()}
        period = [ledger.Period(self.year.first, self.year.last)]
        found = ledger.totals(lines, self.book.shares, period, group)
        for place, funder, pence in zip(found.group.tolist(), found.funder.tolist(), found.pence.tolist(), strict=True):
            part, line, sign = names[place]
            amounts[part, self.book.funder_name(funder), Source(line)] += sign * pence


@dataclass(frozen=True)
class _Piece:
    """A row of the book over some days, at so many units."""

    row: int
    start: int
    end: int
    units: int


@dataclass(frozen=True)
class _Price:
    """A row of the book as it stands: its line, and its days."""

    row: int
    line: int
    start: int
    end: int
    basis: int
    units: int

    @property
    def own(self) -> "_Piece":
        return _Piece(self.row, self.start, self.end, self.units)

    def over(self, days: Sequence[tuple[int, int]], year: int) -> list["_Piece"]:
        """This price carried on over some days of a year that begins on day number `year`.

        A run of days that it was in force before, or began with, goes back to its own start, so that it rounds as ever.
        """
        pieces = [_Piece(self.row, first, last, self.units) for first, last in _joined(days)]
        if pieces and pieces[0].start == max(self.start, year):
            pieces[0] = replace(pieces[0], start=self.start)
        return pieces


def _compare(runs: _Runs, clipped: ledger.LineTable, facts: Mapping[int, Fact], on: dt.date) -> None:
    """Every stream of prices, as it stood and as it is."""
    first, last = runs.year.first.toordinal(), runs.year.last.toordinal()
    stood: dict[Stream, list[_Price]] = defaultdict(list)
    now: dict[Stream, list[_Price]] = defaultdict(list)
    day, paid_to = on.toordinal(), defaultdict[int, int](lambda: first - 1)
    once = clipped.basis == ledger.Basis.ONE_OFF
    matters = (clipped.last_day >= min(first, day)) & (clipped.start <= last)
    for stream, price, is_once in _prices(clipped.take(matters), once[matters], facts):
        if not is_once and price.start <= day <= price.end:
            stood[stream].append(price)
        if is_once or (price.end >= first and price.start <= last):
            now[stream].append(price)
            paid_to[stream[0]] = max(paid_to[stream[0]], 0 if is_once else min(price.end, last))
    known = {stream[0] for stream in stood}
    for stream in sorted({*stood, *now}):
        begun = "need" if stream[0] in known else "started"
        if len(stood[stream]) == 1 and not _overlap(now[stream]):
            _follow(runs, stood[stream][0], now[stream], facts, paid_to[stream[0]])
            continue
        for price in stood[stream]:
            runs.add("need", price.line, -1, [replace(price.own, end=last)])
        for price in now[stream]:
            runs.add(begun, price.line, 1, [price.own])


def _prices(
    lines: ledger.LineTable, once: ledger.BoolArray, facts: Mapping[int, Fact]
) -> Iterator[tuple[Stream, _Price, bool]]:
    """One-offs are streams of their own: nothing follows them."""
    columns = (lines.codes["row"], lines.line, lines.start, lines.end, lines.basis, lines.units_hundredths)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    others = zip(lines.placement.tolist(), lines.codes["kind"].tolist(), once.tolist(), strict=True)
    for values, (placement, kind, is_once) in zip(rows, others, strict=True):
        price, fact = _Price(*values), facts.get(values[1], Fact())
        of = placement if placement != ledger.NO_PLACEMENT else -2 - fact.contract
        yield (of, kind, f"\0{price.line}" if is_once else fact.label), price, is_once


def _overlap(prices: Sequence[_Price]) -> bool:
    ordered = sorted(prices, key=lambda price: price.start)
    return any(later.start <= earlier.end for earlier, later in pairwise(ordered))


def _follow(runs: _Runs, stood: _Price, now: Sequence[_Price], facts: Mapping[int, Fact], paid_to: int) -> None:
    """One price as it stood, carried through the year; then its days that ended; then each price that followed."""
    first, last = runs.year.first.toordinal(), runs.year.last.toordinal()
    now = sorted(now, key=lambda price: price.start)
    until = [_Piece(stood.row, stood.start, paid_to, stood.units)]
    if paid_to < last:
        runs.add("ended", stood.line, -1, [_Piece(stood.row, stood.start, last, stood.units)])
        runs.add("ended", stood.line, 1, until)
    days = [(max(price.start, first), min(price.end, last)) for price in now]
    covered = stood.over(days, first)
    if paid_to >= first and covered != until:
        runs.add("need", stood.line, -1, until)
        runs.add("need", stood.line, 1, covered)
    before, own = stood, [piece.own for piece in now if piece.row == stood.row]
    for place, price in enumerate(now):
        if price.row == stood.row:
            continue
        # the days of this price and of those after it, which each still go by the price before
        rest = days[place:]
        after = [price.own] if len(rest) == 1 else price.over(rest, first)
        _step(runs, before, price, facts, covered, own, after)
        before, own, covered = price, [price.own], after


def _step(
    runs: _Runs,
    before: _Price,
    price: _Price,
    facts: Mapping[int, Fact],
    without: Sequence[_Piece],
    own: Sequence[_Piece],
    after: Sequence[_Piece],
) -> None:
    """What one price that follows another changes, on its own days and those after it."""
    part = "need" if before.line == price.line else PART_OF_REASON.get(facts.get(price.line, Fact()).reason, "")
    if not part and price.basis == before.basis and price.basis in BY_UNITS and price.units != before.units:
        as_before = [replace(piece, units=before.units) for piece in after]
        runs.add("price", price.line, -1, without)
        runs.add("price", price.line, 1, [*own, *as_before])
        runs.add("need", price.line, -1, as_before)
        runs.add("need", price.line, 1, after)
        return
    runs.add(part or "price", price.line, -1, without)
    runs.add(part or "price", price.line, 1, [*own, *after])


def _joined(days: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Days that follow one another as one run."""
    found: list[tuple[int, int]] = []
    for first, last in days:
        if found and found[-1][1] + 1 == first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found
