"""Calendars: the days that a line with a calendar counts, as ranges, and how many of them there are up to a day.

Bank holidays and school terms fall where they fall, so a line of them cannot go by an average (rule 2).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np

from finance.ledger.rounding import BoolArray, IntArray

_DAY_BITS = 22  # 2^22 days reach past the year 9999, so a calendar and a day fit one sortable number
_DAYS_IN_WEEK = 7


@dataclass(frozen=True)
class Calendars:
    """The ranges of every calendar in order; each calendar opens with an empty one on day 0.

    `key` joins calendar and first day, `end` is the last day, `before` the calendar's days before the range.
    """

    key: IntArray
    end: IntArray
    before: IntArray

    @classmethod
    def of(cls, calendars: Sequence[Iterable[tuple[date, date]]]) -> Self:
        """Calendars of ranges, both ends included, numbered in their order. Raises ValueError for an overlap."""
        key, end, before = [], [], []
        for number, ranges in enumerate(calendars):
            key.append(number << _DAY_BITS)
            end.append(-1)
            before.append(days := 0)
            for start, last in sorted((first.toordinal(), last.toordinal()) for first, last in ranges):
                if not end[-1] < start <= last:
                    raise ValueError("A calendar's ranges must run forwards and not overlap.")
                key.append((number << _DAY_BITS) | start)
                end.append(last)
                before.append(days)
                days += last + 1 - start
        return cls(*(np.array(values, dtype=np.int64) for values in (key, end, before)))

    def __len__(self) -> int:
        return 0 if not len(self.key) else int(self.key[-1] >> _DAY_BITS) + 1

    def days_to(self, calendar: IntArray, day: IntArray) -> IntArray:
        """How many days of each of these calendars there are up to its day, that day included."""
        place = np.searchsorted(self.key, (calendar << _DAY_BITS) | day, side="right") - 1
        start = self.key[place] & ((1 << _DAY_BITS) - 1)
        days: IntArray = self.before[place] + np.minimum(day, self.end[place]) + 1 - start
        return days

    def days_in_week(self, calendar: IntArray, day: IntArray) -> IntArray:
        """How many days of each of these calendars there are in its day's week, Monday to Sunday (rule 6)."""
        sunday = sunday_of(day)
        return self.days_to(calendar, sunday) - self.days_to(calendar, sunday - _DAYS_IN_WEEK)

    def changing_mondays(self, calendar: int, first: int, last: int) -> IntArray:
        """The Mondays from `first` to `last` whose week has not as many of the calendar's days as the week before."""
        mondays = np.arange(sunday_of(np.array([first]))[0] + 1 - _DAYS_IN_WEEK, last + 1, _DAYS_IN_WEEK)
        number = np.full(len(mondays), calendar)
        changes: BoolArray = self.days_in_week(number, mondays) != self.days_in_week(number, mondays - 1)
        return mondays[changes & (mondays >= first)]


NO_CALENDARS = Calendars.of([])


def sunday_of(day: IntArray) -> IntArray:
    """The Sunday on which each day's week ends; day 1 was a Monday."""
    sunday: IntArray = day + (-day) % _DAYS_IN_WEEK
    return sunday
