"""What the ledger reads: cost lines, funding shares and periods, as columns of whole numbers.

Days are day numbers as `date.toordinal()` gives them (in PostgreSQL: `day - date '0001-01-01' + 1`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import IntEnum
from typing import Self

import numpy as np
import numpy.typing as npt

from finance.ledger.calendars import NO_CALENDARS, Calendars
from finance.ledger.rounding import WHOLE_PPM, BoolArray, IntArray

FIRST_DAY = date(1900, 1, 1).toordinal()
LAST_DAY = date(2100, 12, 31).toordinal()
OPEN_DAY = date.max.toordinal()
"""The last day of a line or share that goes on."""
NO_DAY = 0
NO_LINE = -1
NO_PLACEMENT = -1
"""Stands for a placement where there is none: a line of a contract, and what is unfilled of it."""
NO_CONTRACT = -1
NO_CALENDAR = -1
UNALLOCATED = 2**31 - 1
"""Stands for a funder where no share covers the money (rule 4). Sorts after every funder, and is no usable index."""

MOST_PENCE = 999_999_999
MOST_UNITS_HUNDREDTHS = 99_999
MOST_PLACES = 100_000
"""The largest capacity, and the most placements in force at once under one contract."""
_EPOCH = date(1970, 1, 1).toordinal()


class Basis(IntEnum):
    """How a line's amount is charged (rule 2); the names in lower case are those of the files."""

    WEEKLY = 0
    FORTNIGHTLY = 1
    FOUR_WEEKLY = 2
    MONTHLY = 3
    DAILY = 4
    SESSION = 5
    HOURLY = 6
    NIGHTLY = 7
    ONE_OFF = 8


BY_UNITS = (Basis.DAILY, Basis.SESSION, Basis.HOURLY, Basis.NIGHTLY)
BASIS_BY_NAME: Mapping[str, Basis] = {basis.name.lower(): basis for basis in Basis}


@dataclass(frozen=True)
class CostLine:
    """One line of cost of a placement, or of a contract: an amount on a basis from a day on (rules 1 and 2).

    `units_hundredths` are hundredths of units a week, used by daily, session, hourly and nightly alone. A line of a
    contract has `NO_PLACEMENT` and a capacity of one place or more (rule 10). `calendar` is the number of the calendar
    whose days alone count.
    """

    line_key: int
    placement_key: int
    basis: Basis
    amount_pence: int
    start: date
    end: date | None = None
    units_hundredths: int = 0
    contract_key: int = NO_CONTRACT
    capacity: int = 0
    calendar: int = NO_CALENDAR


@dataclass(frozen=True)
class FundingShare:
    """One funder's share of a placement, or of one line of it (rule 4).

    `funder` numbers the funders in code-point order of their codes (see `funder_numbers`); 1,000,000 ppm are 100%.
    """

    placement_key: int
    funder: int
    share_ppm: int
    start: date
    end: date | None = None
    line_key: int | None = None


@dataclass(frozen=True)
class Period:
    """A run of days, both ends included."""

    first: date
    last: date


def months(first: date, last: date) -> list[Period]:
    """The whole calendar months from that of `first` to that of `last`, both included."""
    found = []
    start = first.replace(day=1)
    while start <= last:
        following = (start + timedelta(days=31)).replace(day=1)
        found.append(Period(start, following - timedelta(days=1)))
        start = following
    return found


def funder_numbers(codes: Iterable[str]) -> dict[str, int]:
    """Each funder's number, in code-point order of the codes: the order in which funders take their shares (rule 4)."""
    return {code: number for number, code in enumerate(sorted(set(codes)))}


def day_numbers(days: Sequence[date | None]) -> IntArray:
    """Day numbers of dates; None becomes the open day."""
    as_days = np.array(days, dtype="datetime64[D]")
    numbers = as_days.astype(np.int64) + _EPOCH
    numbers[np.isnat(as_days)] = OPEN_DAY
    return numbers


def column(values: npt.ArrayLike) -> IntArray:
    """A column of whole numbers; an array of the right type is used as it is, not copied."""
    return np.asarray(values, dtype=np.int64)


@dataclass(frozen=True)
class Parts:
    """Which part of its line each row is: of `of` equal places, those after the first `below`, up to number `up_to`.

    The places are parts of what the line has cost since the row's own start; the line itself goes back to
    `accrues_from`.
    """

    accrues_from: IntArray
    below: IntArray
    up_to: IntArray
    of: IntArray

    def __post_init__(self) -> None:
        _check_equal_length(self.accrues_from, self.below, self.up_to, self.of)
        _check_within("of", self.of, 1, MOST_PLACES)
        if np.any((self.below < 0) | (self.up_to < self.below) | (self.of < self.up_to)):
            raise ValueError("A part must be some of its line's places.")

    def take(self, rows: IntArray | BoolArray) -> "Parts":
        return Parts(self.accrues_from[rows], self.below[rows], self.up_to[rows], self.of[rows])


@dataclass(frozen=True)
class LineTable:
    """Cost lines as columns of equal length, one row a line; or, with `parts`, one row a part of a line (rule 10).

    `codes` carries further columns to group by (person, provider, kind …), so that they follow the rows through `take`.
    `calendar` numbers each line's calendar among `calendars`; without it, no line has one.
    Raises ValueError for values outside what the files allow, on which the exactness of the arithmetic rests.
    """

    line: IntArray
    placement: IntArray
    basis: IntArray
    amount_pence: IntArray
    units_hundredths: IntArray
    start: IntArray
    end: IntArray
    codes: Mapping[str, IntArray] = field(default_factory=dict)
    calendar: IntArray | None = None
    calendars: Calendars = NO_CALENDARS
    parts: Parts | None = None

    def __post_init__(self) -> None:
        _check_equal_length(self.line, self.placement, self.basis, self.amount_pence, self.units_hundredths, self.start)
        _check_equal_length(self.start, self.end, *self.codes.values())
        _check_within("basis", self.basis, 0, max(Basis))
        _check_within("amount_pence", self.amount_pence, -MOST_PENCE, MOST_PENCE)
        _check_within("units_hundredths", self.units_hundredths, 0, MOST_UNITS_HUNDREDTHS)
        _check_days(self.start, self.last_day)
        if self.calendar is not None:
            _check_equal_length(self.start, self.calendar)
            _check_within("calendar", self.calendar, NO_CALENDAR, len(self.calendars) - 1)
            if np.any((self.calendar != NO_CALENDAR) & ~np.isin(self.basis, BY_UNITS)):
                raise ValueError("Only a line by units a week may have a calendar.")

    @classmethod
    def from_lines(
        cls,
        lines: Iterable[CostLine],
        codes: Mapping[str, npt.ArrayLike] | None = None,
        calendars: Calendars = NO_CALENDARS,
    ) -> Self:
        """The table of these lines, in their order. What they share of a contract is split apart by `split_blocks`."""
        rows = list(lines)
        return cls.from_columns(
            line=[row.line_key for row in rows],
            placement=[row.placement_key for row in rows],
            basis=[row.basis for row in rows],
            amount_pence=[row.amount_pence for row in rows],
            units_hundredths=[row.units_hundredths for row in rows],
            start=day_numbers([row.start for row in rows]),
            end=day_numbers([row.end for row in rows]),
            codes=codes,
            calendar=[row.calendar for row in rows],
            calendars=calendars,
        )

    @classmethod
    def from_columns(
        cls,
        *,
        line: npt.ArrayLike,
        placement: npt.ArrayLike,
        basis: npt.ArrayLike,
        amount_pence: npt.ArrayLike,
        units_hundredths: npt.ArrayLike,
        start: npt.ArrayLike,
        end: npt.ArrayLike,
        codes: Mapping[str, npt.ArrayLike] | None = None,
        calendar: npt.ArrayLike | None = None,
        calendars: Calendars = NO_CALENDARS,
    ) -> Self:
        """The table of these columns of whole numbers, as a database cursor gives them; see `day_numbers` for dates."""
        days_of = None if calendar is None else column(calendar)
        return cls(
            line=column(line),
            placement=column(placement),
            basis=column(basis),
            amount_pence=column(amount_pence),
            units_hundredths=column(units_hundredths),
            start=column(start),
            end=column(end),
            codes={name: column(values) for name, values in (codes or {}).items()},
            calendar=days_of if days_of is not None and np.any(days_of != NO_CALENDAR) else None,
            calendars=calendars,
        )

    def __len__(self) -> int:
        return len(self.line)

    @property
    def accrues_from(self) -> IntArray:
        """The first day of each row's line."""
        return self.start if self.parts is None else self.parts.accrues_from

    @property
    def last_day(self) -> IntArray:
        """The last day that counts: a one-off falls on its start whatever its end (rule 2)."""
        return np.where(self.basis == Basis.ONE_OFF, self.start, self.end)

    def take(self, rows: IntArray | BoolArray) -> Self:
        """The table of some rows, by number or by mask."""
        return replace(
            self,
            line=self.line[rows],
            placement=self.placement[rows],
            basis=self.basis[rows],
            amount_pence=self.amount_pence[rows],
            units_hundredths=self.units_hundredths[rows],
            start=self.start[rows],
            end=self.end[rows],
            codes={name: values[rows] for name, values in self.codes.items()},
            calendar=None if self.calendar is None else self.calendar[rows],
            parts=None if self.parts is None else self.parts.take(rows),
        )

    def gross(self) -> Self:
        """The lines without income (rule 5). Net is the whole table."""
        return self.take(self.amount_pence > 0)

    def in_force(self, on: date) -> BoolArray:
        """Which lines, other than one-offs, count on a day (rules 1 and 6)."""
        day = on.toordinal()
        counts: BoolArray = (self.basis != Basis.ONE_OFF) & (self.start <= day) & (day <= self.end)
        return counts


@dataclass(frozen=True)
class ShareTable:
    """Funding shares as columns of equal length; `line` is `NO_LINE` for a share of the whole placement."""

    placement: IntArray
    line: IntArray
    funder: IntArray
    share_ppm: IntArray
    start: IntArray
    end: IntArray

    def __post_init__(self) -> None:
        _check_equal_length(self.placement, self.line, self.funder, self.share_ppm, self.start, self.end)
        _check_within("funder", self.funder, 0, UNALLOCATED - 1)
        _check_within("share_ppm", self.share_ppm, 0, WHOLE_PPM)
        _check_days(self.start, self.end)

    @classmethod
    def from_shares(cls, shares: Iterable[FundingShare]) -> Self:
        """The table of these shares, in their order."""
        rows = list(shares)
        return cls.from_columns(
            placement=[row.placement_key for row in rows],
            line=[NO_LINE if row.line_key is None else row.line_key for row in rows],
            funder=[row.funder for row in rows],
            share_ppm=[row.share_ppm for row in rows],
            start=day_numbers([row.start for row in rows]),
            end=day_numbers([row.end for row in rows]),
        )

    @classmethod
    def from_columns(
        cls,
        *,
        placement: npt.ArrayLike,
        line: npt.ArrayLike,
        funder: npt.ArrayLike,
        share_ppm: npt.ArrayLike,
        start: npt.ArrayLike,
        end: npt.ArrayLike,
    ) -> Self:
        """The table of these columns of whole numbers, as a database cursor gives them."""
        return cls(
            placement=column(placement),
            line=column(line),
            funder=column(funder),
            share_ppm=column(share_ppm),
            start=column(start),
            end=column(end),
        )

    def __len__(self) -> int:
        return len(self.placement)


def _check_equal_length(*columns: IntArray) -> None:
    if len({len(values) for values in columns}) > 1:
        raise ValueError("The columns of a ledger table must have the same length.")


def _check_within(name: str, values: IntArray, least: int, most: int) -> None:
    if len(values) and (values.min() < least or values.max() > most):
        raise ValueError(f"{name} must be from {least} to {most}.")


def _check_days(start: IntArray, last: IntArray) -> None:
    _check_within("start", start, FIRST_DAY, LAST_DAY)
    if np.any((last > LAST_DAY) & (last != OPEN_DAY)):
        raise ValueError(f"end must be open or at most day {LAST_DAY}.")
    if np.any(last < start):
        raise ValueError("end must not be before start.")
