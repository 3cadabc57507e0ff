"""What a financial year comes to: from the prices in force, their known ends, what is expected to change, and uplifts.

Each step is a run of the ledger over lines, so that every amount is whole pence by funder and month, and the forecast
is the sum of its steps. Nothing here is a probability: low and high are all the low and all the high amounts together.

1. *To date*: what accrued to the end of the last whole month.
2. *Prices as they stand*: what the recorded lines cost in the rest of the year, those that begin later included.
3. *Placements that end*: a line without a last day stops at its placement's last day; what step 2 counted beyond that
   is taken off. A line with a last day of its own keeps it (days after a death, notice that is paid).
4. *Planned changes*: each amount a week counts from its first day, or from the first day after step 1 where that has
   passed, to its last day or its placement's.
5. *Uplift*: prices that began before the day of the uplift and go on to it rise by the percentage, each to the penny,
   from that day. Months that have passed count too, since uplifts are backdated. Income, nursing contributions (whose
   rates are national) and one-offs do not rise.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from commissioning.core.money import round_half_away
from commissioning.core.periods import FinancialYear, day_after
from finance import ledger
from finance.queries.book import UNALLOCATED_NAME, Book

BANDS = ("low", "expected", "high")
NOT_UPLIFTED = ("client_contribution", "nursing_contribution")
HUNDREDTHS_OF_PERCENT = 10_000

ByFunder = Mapping[str, tuple[int, ...]]
"""Pence by funder's code, one for each month of the year."""


@dataclass(frozen=True)
class Expected:
    """A planned change as the ledger takes it: pence a week in three bands; one funder, or those of a placement."""

    key: str
    weekly: tuple[int, int, int]
    on: dt.date
    until: dt.date | None = None
    placement: int | None = None
    funder: str = ""


@dataclass(frozen=True)
class Uplift:
    """From a day on, a rise in hundredths of a percent in three bands."""

    start: dt.date
    hundredths: tuple[int, int, int]


@dataclass(frozen=True)
class Assumed:
    """All that a forecast takes beside the book. `ends` are the last days of placements, by number."""

    upto: dt.date | None
    ends: Mapping[int, dt.date] = field(default_factory=dict)
    changes: tuple[Expected, ...] = ()
    uplift: Uplift | None = None


@dataclass(frozen=True)
class Step:
    """One step of the forecast in three bands, by funder and month."""

    key: str
    low: ByFunder
    expected: ByFunder
    high: ByFunder

    @property
    def bands(self) -> tuple[ByFunder, ByFunder, ByFunder]:
        return self.low, self.expected, self.high

    def of(self, funder: str | None = None) -> tuple[int, int, int]:
        """Pence in the year of one funder, or of all."""
        low, expected, high = (
            sum(sum(months) for code, months in band.items() if funder is None or code == funder) for band in self.bands
        )
        return low, expected, high

    def in_month(self, place: int) -> tuple[int, int, int]:
        low, expected, high = (sum(months[place] for months in band.values()) for band in self.bands)
        return low, expected, high


@dataclass(frozen=True)
class Forecast:
    """The steps of a year's forecast, in order; their sum is the forecast, for each funder and month."""

    year: FinancialYear
    upto: dt.date | None
    steps: tuple[Step, ...]
    uplifted_lines: tuple[int, ...] = ()
    by_change: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)

    def step(self, key: str) -> Step:
        return next(step for step in self.steps if step.key == key)

    def of(self, funder: str | None = None) -> tuple[int, int, int]:
        """Pence, low, expected and high, of one funder, or of all."""
        low, expected, high = (sum(band) for band in zip(*(step.of(funder) for step in self.steps), strict=True))
        return low, expected, high

    def actual(self, funder: str | None = None) -> int:
        return self.step("actual").of(funder)[1]

    def committed(self, funder: str | None = None) -> int:
        """What the recorded prices come to at the end of the year, known ends taken into account (steps 1 to 3)."""
        return sum(self.step(key).of(funder)[1] for key in ("actual", "rest", "ends"))

    @property
    def funders(self) -> tuple[str, ...]:
        """Everyone who pays anything, in code-point order; money without a funder last."""
        codes = {code for step in self.steps for band in step.bands for code in band}
        return tuple(sorted(codes, key=lambda code: (code == UNALLOCATED_NAME, code)))

    @property
    def cumulative(self) -> list[tuple[int, int, int]]:
        """Pence from the first of April to the end of each month, in three bands."""
        running, found = (0, 0, 0), []
        for place in range(len(self.year.months)):
            months = [step.in_month(place) for step in self.steps]
            running = tuple(now + sum(band) for now, band in zip(running, zip(*months, strict=True), strict=True))
            found.append(running)
        return found


def forecast(book: Book, year: FinancialYear, assumed: Assumed) -> Forecast:
    """The year's forecast from a book (see the module for its steps). No queries."""
    book = with_funders(book, assumed.changes)
    clipped = clip_to_placements(book.lines, assumed.ends)
    recorded = _monthly(book, book.lines, year)
    known = _monthly(book, clipped, year)
    passed = 0 if assumed.upto is None else sum(month.last <= assumed.upto for month in year.months)
    actual, rest = _split(recorded, passed)
    _, left = _split(known, passed)
    changes, by_change = _planned(book, year, assumed)
    uplift, lines = _uplifted(book, clipped, year, assumed.uplift)
    steps = (
        Step("actual", actual, actual, actual),
        Step("rest", rest, rest, rest),
        Step("ends", *(_less(left, rest),) * 3),
        changes,
        uplift,
    )
    return Forecast(year, assumed.upto, steps, lines, by_change)


def clip_to_placements(lines: ledger.LineTable, ends: Mapping[int, dt.date]) -> ledger.LineTable:
    """Lines without a last day stop at their placement's; those that would begin after it are left out."""
    if not ends or not len(lines):
        return lines
    keys = np.array(sorted(ends), dtype=np.int64)
    days = np.array([ends[key].toordinal() for key in keys.tolist()], dtype=np.int64)
    place = np.minimum(np.searchsorted(keys, lines.placement), len(keys) - 1)
    is_known = (keys[place] == lines.placement) & (lines.end == ledger.OPEN_DAY) & (lines.basis != ledger.Basis.ONE_OFF)
    clipped = replace(lines, end=np.where(is_known, np.maximum(days[place], lines.start), lines.end))
    return clipped.take(~(is_known & (lines.start > days[place])))


def _monthly(book: Book, lines: ledger.LineTable, year: FinancialYear) -> ByFunder:
    """What lines cost by funder and month of the year (cost rules 2 to 4)."""
    periods = ledger.months(year.first, year.last)
    found = ledger.totals(lines, book.shares, periods, np.zeros(len(lines), dtype=np.int64))
    months: dict[str, list[int]] = {}
    rows = zip(found.funder.tolist(), found.period.tolist(), found.pence.tolist(), strict=True)
    for funder, period, pence in rows:
        months.setdefault(book.funder_name(funder), [0] * len(periods))[period] += pence
    return {code: tuple(amounts) for code, amounts in months.items()}


def _split(amounts: ByFunder, passed: int) -> tuple[ByFunder, ByFunder]:
    """The months that have passed, and the rest; the others are nothing in each."""
    before = {code: (*months[:passed], *(0,) * (len(months) - passed)) for code, months in amounts.items()}
    after = {code: (*(0,) * passed, *months[passed:]) for code, months in amounts.items()}
    return before, after


def _less(one: ByFunder, other: ByFunder) -> ByFunder:
    codes = {*one, *other}
    nothing = (0,) * 12
    pairs = {code: zip(one.get(code, nothing), other.get(code, nothing), strict=True) for code in codes}
    return {code: tuple(a - b for a, b in months) for code, months in pairs.items()}


def _planned(book: Book, year: FinancialYear, assumed: Assumed) -> tuple[Step, dict[str, tuple[int, int, int]]]:
    """The step of planned changes, and what each comes to in the year."""
    bands = []
    for place in range(len(BANDS)):
        lines, shares, keys = _change_lines(book, assumed, year, place)
        widened = replace(book, lines=lines, shares=shares)
        costs = ledger.totals_without_funders(lines, [ledger.Period(year.first, year.last)], np.arange(len(lines)))
        each = dict(zip(costs.group.tolist(), costs.pence.tolist(), strict=True))
        bands.append((_monthly(widened, lines, year), {key: each.get(row, 0) for row, key in enumerate(keys)}))
    low, expected, high = bands
    every = {change.key: tuple(band[1].get(change.key, 0) for band in bands) for change in assumed.changes}
    return Step("planned", low[0], expected[0], high[0]), every


def planned_by_change(book: Book, year: FinancialYear, assumed: Assumed) -> dict[str, dict[str, int]]:
    """What each planned change is expected to come to in the year: pence by funder's code. No queries."""
    book = with_funders(book, assumed.changes)
    lines, shares, keys = _change_lines(book, assumed, year, BANDS.index("expected"))
    costs = ledger.totals(lines, shares, [ledger.Period(year.first, year.last)], np.arange(len(lines)))
    found: dict[str, dict[str, int]] = {}
    for row, funder, pence in zip(costs.group.tolist(), costs.funder.tolist(), costs.pence.tolist(), strict=True):
        found.setdefault(keys[row], {})[book.funder_name(funder)] = pence
    return found


def _change_lines(
    book: Book, assumed: Assumed, year: FinancialYear, band: int
) -> tuple[ledger.LineTable, ledger.ShareTable, list[str]]:
    """Planned changes that count in the year as weekly lines, each with its shares.

    A change that one funder pays stands on a made-up placement of its own, with that funder's share alone.
    """
    first = year.first if assumed.upto is None else max(year.first, day_after(assumed.upto))
    lines, shares, keys = [], [], []
    numbers = {code: number for number, code in enumerate(book.funders)}
    for place, change in enumerate(assumed.changes):
        last = [day for day in (change.until, assumed.ends.get(change.placement or 0), year.last) if day is not None]
        start = max(change.on, first)
        if start > min(last):
            continue
        own = -2 - place
        placement = own if change.funder or change.placement is None else change.placement
        lines.append(ledger.CostLine(own, placement, ledger.Basis.WEEKLY, change.weekly[band], start, min(last)))
        keys.append(change.key)
        if change.funder:
            shares.append(ledger.FundingShare(own, numbers[change.funder], ledger.WHOLE_PPM, year.first))
    added = ledger.ShareTable.from_shares(shares)
    names = ("placement", "line", "funder", "share_ppm", "start", "end")
    together = ledger.ShareTable(*(np.concatenate([getattr(book.shares, n), getattr(added, n)]) for n in names))
    return ledger.LineTable.from_lines(lines), together, keys


def _uplifted(
    book: Book, lines: ledger.LineTable, year: FinancialYear, uplift: Uplift | None
) -> tuple[Step, tuple[int, ...]]:
    """The step of the uplift, and the numbers of the lines that rise."""
    if uplift is None or uplift.start > year.last:
        return Step("uplift", {}, {}, {}), ()
    rises = [rise_of(book, lines, year, uplift, band) for band in range(len(BANDS))]
    low, expected, high = (_monthly(book, rise, year) for rise in rises)
    return Step("uplift", low, expected, high), tuple(dict.fromkeys(rises[0].line.tolist()))


def rise_of(
    book: Book, lines: ledger.LineTable, year: FinancialYear, uplift: Uplift | None, band: int
) -> ledger.LineTable:
    """What an uplift adds to the lines that rise, as lines of their own from its day."""
    if uplift is None or uplift.start > year.last:
        return lines.take(np.zeros(len(lines), dtype=bool))
    start = max(uplift.start, year.first).toordinal()
    rising = lines.take(_rises(book, lines, uplift.start.toordinal()) & (lines.end >= start))
    hundredths = uplift.hundredths[band]
    more = [round_half_away(pence * hundredths, HUNDREDTHS_OF_PERCENT) for pence in rising.amount_pence.tolist()]
    return replace(rising, amount_pence=np.array(more, dtype=np.int64), start=np.maximum(rising.start, start))


def _rises(book: Book, lines: ledger.LineTable, day: int) -> ledger.BoolArray:
    fixed = [code for code, name in enumerate(book.names["kind"]) if name in NOT_UPLIFTED]
    lasting = (lines.basis != ledger.Basis.ONE_OFF) & (lines.amount_pence > 0)
    rises: ledger.BoolArray = (
        lasting & (lines.accrues_from < day) & (lines.end >= day) & ~np.isin(lines.codes["kind"], fixed)
    )
    return rises


def with_funders(book: Book, changes: Sequence[Expected]) -> Book:
    """The book with the funders of changes among its own, numbered in code-point order again."""
    every = tuple(sorted({*book.funders, *(change.funder for change in changes if change.funder)}))
    if every == book.funders:
        return book
    number = {code: place for place, code in enumerate(every)}
    renumbered = np.array([number[code] for code in book.funders], dtype=np.int64)
    shares = replace(book.shares, funder=renumbered[book.shares.funder]) if len(book.shares) else book.shares
    return replace(book, shares=shares, funders=every)
