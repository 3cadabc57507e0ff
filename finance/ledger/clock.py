"""What one line has cost up to a day (rule 2): a closed form, exact in 64 bits.

Every basis but monthly is `rate × days / 700` with a whole rate (weekly 100 × amount, hourly hundredths of units ×
amount …); monthly is `amount × ticks / 377,580`, a month of any length having 377,580 ticks (the least common multiple
of 28, 29, 30 and 31). An amount is at most 999,999,999 pence, units 99,999 hundredths, and from 1900 to 2100 there
are 73,414 days in 2,412 months:

    999,999,999 × 99,999 × 73,414 + 350        < 7.342 × 10^18 < 2^63 = 9.223 × 10^18
    999,999,999 × 2,412 × 377,580 + 188,790    < 0.911 × 10^18

so a line's cost is below 1.05 × 10^16 pence, and a percentage or places of it, taken in two steps (`part_of`,
`places_of`), never pass that. Time is counted from 1900, so that `rate × time` alone stays within the same bounds as
`rate × (time - beginning)`. A line with a calendar goes by the calendar's days instead of all, of which there are never
more.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from finance.ledger.calendars import Calendars
from finance.ledger.rounding import IntArray, divide_rounded, places_of
from finance.ledger.rows import BY_UNITS, FIRST_DAY, NO_CALENDAR, Basis, LineTable

DAYS_DIVISOR = 700
TICKS_IN_MONTH = 377_580
_DAY_BEFORE = FIRST_DAY - 1  # the end of 31 December 1899: time 0
_EPOCH = date(1970, 1, 1).toordinal()  # numpy's
_MONTHS_BEFORE_EPOCH = 70 * 12
_RATE_PER_PENNY = {
    Basis.WEEKLY: 100,
    Basis.FORTNIGHTLY: 50,
    Basis.FOUR_WEEKLY: 25,
    Basis.MONTHLY: 1,
    Basis.ONE_OFF: DAYS_DIVISOR,
}


BY_DAYS, BY_TICKS, BY_CALENDAR = 0, 1, 2
"""By what a line's time goes. A line with a calendar has its number added to the last."""


@dataclass(frozen=True)
class Clock:
    """Each line's rate without its sign, by what its time goes, and the time at which it begins."""

    sign: IntArray
    hand: IntArray
    rate: IntArray
    begins: IntArray
    calendars: Calendars

    @classmethod
    def of(cls, lines: LineTable) -> "Clock":
        per_penny = np.zeros(len(Basis), dtype=np.int64)
        for basis, per_week in _RATE_PER_PENNY.items():
            per_penny[basis] = per_week
        by_units = np.isin(lines.basis, BY_UNITS)
        multiplier = np.where(by_units, lines.units_hundredths, per_penny[lines.basis])
        hand = np.where(lines.basis == Basis.MONTHLY, BY_TICKS, BY_DAYS)
        if lines.calendar is not None:
            hand = np.where(lines.calendar == NO_CALENDAR, hand, BY_CALENDAR + lines.calendar)
        return cls(
            sign=np.sign(lines.amount_pence),
            hand=hand,
            rate=np.abs(lines.amount_pence) * multiplier,
            begins=time_of(lines.accrues_from - 1, hand, lines.calendars),
            calendars=lines.calendars,
        )

    def accrued(self, line: IntArray, day: IntArray) -> IntArray:
        """*A(d)* without its sign, for rows and days that lie in the line or on the day before it.

        Of a part's row it is what the whole line has cost.
        """
        hand = self.hand[line]
        worth = self.rate[line] * (time_of(day, hand, self.calendars) - self.begins[line])
        pence = divide_rounded(worth, DAYS_DIVISOR)
        by_ticks = hand == BY_TICKS
        pence[by_ticks] = divide_rounded(worth[by_ticks], TICKS_IN_MONTH)
        return pence


def accrued_to(lines: LineTable, days: IntArray) -> IntArray:
    """*A(d)* of each line, or part of one, on its own day (rules 2 and 10): pence from its start, 0 before."""
    clock = Clock.of(lines)
    day = np.clip(days, lines.start - 1, lines.last_day)
    row = np.arange(len(lines))
    pence = clock.accrued(row, day)
    if lines.parts is not None:
        parts = lines.parts
        pence -= clock.accrued(row, lines.start - 1)
        pence = places_of(pence, parts.up_to, parts.of) - places_of(pence, parts.below, parts.of)
    return clock.sign * pence


def time_of(day: IntArray, hand: IntArray, calendars: Calendars) -> IntArray:
    """The end of each day: in days since 1900, in ticks for monthly lines, or in days of the line's calendar."""
    time = days_of(day)
    by_ticks = hand == BY_TICKS
    time[by_ticks] = ticks_of(day[by_ticks])
    if len(calendars):
        counted = hand >= BY_CALENDAR
        time[counted] = calendars.days_to(hand[counted] - BY_CALENDAR, day[counted])
    return time


def days_of(day: IntArray) -> IntArray:
    """Days from the beginning of 1900 to the end of the day."""
    return day - _DAY_BEFORE


def ticks_of(day: IntArray) -> IntArray:
    """Ticks from the beginning of 1900 to the end of the day: 377,580 a month, in equal parts for the month's days."""
    as_day = (day - _EPOCH).astype("datetime64[D]")
    month = as_day.astype("datetime64[M]")
    month_start = month.astype("datetime64[D]")
    days_so_far = (as_day - month_start).astype(np.int64) + 1
    length = ((month + 1).astype("datetime64[D]") - month_start).astype(np.int64)
    months_before = month.astype(np.int64) + _MONTHS_BEFORE_EPOCH
    ticks: IntArray = months_before * TICKS_IN_MONTH + days_so_far * (TICKS_IN_MONTH // length)
    return ticks
