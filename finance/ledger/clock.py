"""What one line has cost up to a day (rule 2): a closed form, exact in 64 bits.

Every basis but monthly is `rate × days / 700` with a whole rate (weekly 100 × amount, hourly hundredths of units ×
amount …); monthly is `amount × ticks / 377,580`, a month of any length having 377,580 ticks (the least common multiple
of 28, 29, 30 and 31). An amount is at most 999,999,999 pence, units 99,999 hundredths, and from 1900 to 2100 there
are 73,414 days in 2,412 months:

    999,999,999 × 99,999 × 73,414 + 350        < 7.342 × 10^18 < 2^63 = 9.223 × 10^18
    999,999,999 × 2,412 × 377,580 + 188,790    < 0.911 × 10^18

so a line's cost is below 1.05 × 10^16 pence, and a percentage of it, taken in two steps (`part_of`), never passes that.
Time is counted from 1900, so that `rate × time` alone stays within the same bounds as `rate × (time - beginning)`.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from finance.ledger.rounding import BoolArray, IntArray, divide_rounded
from finance.ledger.rows import FIRST_DAY, Basis, LineTable

DAYS_DIVISOR = 700
TICKS_IN_MONTH = 377_580
_DAY_BEFORE = FIRST_DAY - 1  # the end of 31 December 1899: time 0
_EPOCH = date(1970, 1, 1).toordinal()  # numpy's
_MONTHS_BEFORE_EPOCH = 70 * 12
_UNITS = (Basis.DAILY, Basis.SESSION, Basis.HOURLY, Basis.NIGHTLY)
_RATE_PER_PENNY = {
    Basis.WEEKLY: 100,
    Basis.FORTNIGHTLY: 50,
    Basis.FOUR_WEEKLY: 25,
    Basis.MONTHLY: 1,
    Basis.ONE_OFF: DAYS_DIVISOR,
}


@dataclass(frozen=True)
class Clock:
    """Each line's rate without its sign, and the time at which it begins, in days or, for monthly lines, in ticks."""

    sign: IntArray
    is_monthly: BoolArray
    rate: IntArray
    begins: IntArray

    @classmethod
    def of(cls, lines: LineTable) -> "Clock":
        per_penny = np.zeros(len(Basis), dtype=np.int64)
        for basis, per_week in _RATE_PER_PENNY.items():
            per_penny[basis] = per_week
        by_units = np.isin(lines.basis, _UNITS)
        multiplier = np.where(by_units, lines.units_hundredths, per_penny[lines.basis])
        is_monthly: BoolArray = lines.basis == Basis.MONTHLY
        return cls(
            sign=np.sign(lines.amount_pence),
            is_monthly=is_monthly,
            rate=np.abs(lines.amount_pence) * multiplier,
            begins=time_of(lines.start - 1, is_monthly),
        )

    def accrued(self, line: IntArray, day: IntArray) -> IntArray:
        """*A(d)* without its sign, for rows and days that lie in the line or on the day before it."""
        is_monthly = self.is_monthly[line]
        worth = self.rate[line] * (time_of(day, is_monthly) - self.begins[line])
        pence = divide_rounded(worth, DAYS_DIVISOR)
        pence[is_monthly] = divide_rounded(worth[is_monthly], TICKS_IN_MONTH)
        return pence


def accrued_to(lines: LineTable, days: IntArray) -> IntArray:
    """*A(d)* of each line on its own day (rule 2): pence from its start to that day, 0 before it starts."""
    clock = Clock.of(lines)
    day = np.clip(days, lines.start - 1, lines.last_day)
    return clock.sign * clock.accrued(np.arange(len(lines)), day)


def time_of(day: IntArray, is_monthly: BoolArray) -> IntArray:
    """The end of each day: in days since 1900, or in ticks for monthly lines."""
    time = days_of(day)
    time[is_monthly] = ticks_of(day[is_monthly])
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
