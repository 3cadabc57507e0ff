"""Money in and savings by day: whole pence, cumulative, so that any two days give what lies between to the penny."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from commissioning.core.money import format_pence
from commissioning.core.periods import words as day_words

Pence: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Flow:
    """An amount on one day (`end` is `start`), or spread evenly by day from `start` to `end`, both included.

    To day *d* of *n* it has come to `amount × d / n`, rounded to the penny, halves up; on the last day to all of it.
    """

    name: str
    pence: int
    start: dt.date
    end: dt.date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def to(self, day: dt.date) -> int:
        """Pence to the end of a day."""
        return int(self._at(np.array([day.toordinal()], dtype=np.int64))[0])

    def _at(self, days: Pence) -> Pence:
        so_far = np.clip(days - (self.start.toordinal() - 1), 0, self.days)
        magnitude = (2 * abs(self.pence) * so_far + self.days) // (2 * self.days)
        signed: Pence = magnitude if self.pence >= 0 else -magnitude
        return signed

    def words_at(self, day: dt.date) -> str:
        """`£500,000.00 × 704 ÷ 1,095 days = £321,461.19`, up to a day."""
        so_far = min(max((day - self.start).days + 1, 0), self.days)
        if so_far in (0, self.days):
            return format_pence(self.to(day))
        return f"{format_pence(self.pence)} × {so_far:,} ÷ {self.days:,} days = {format_pence(self.to(day))}"

    @property
    def when(self) -> str:
        """`evenly from 1 April 2024 to 31 March 2027`."""
        if self.start == self.end:
            return f"on {day_words(self.start)}"
        return f"evenly from {day_words(self.start)} to {day_words(self.end)}"


@dataclass(frozen=True)
class Series:
    """Cumulative pence at the end of each day from `first`; before it 0."""

    first: dt.date
    pence: Pence

    @property
    def last(self) -> dt.date:
        return self.first + dt.timedelta(days=len(self.pence) - 1)

    def to(self, day: dt.date) -> int:
        """Pence to the end of a day; after the last, all of it."""
        place = min((day - self.first).days, len(self.pence) - 1)
        return int(self.pence[place]) if place >= 0 else 0

    def between(self, first: dt.date, last: dt.date) -> int:
        """Pence from a day to a day, both included."""
        return self.to(last) - self.to(first - dt.timedelta(days=1))

    def __add__(self, other: "Series") -> "Series":
        if (self.first, len(self.pence)) != (other.first, len(other.pence)):
            raise ValueError("These series are not of the same days.")
        return Series(self.first, self.pence + other.pence)


def cumulative(flows: Iterable[Flow], first: dt.date, last: dt.date) -> Series:
    """The sum of flows to the end of each day from `first` to `last`. What came before `first` is in it."""
    days = np.arange(first.toordinal(), last.toordinal() + 1, dtype=np.int64)
    total = np.zeros(len(days), dtype=np.int64)
    for flow in flows:
        total += flow._at(days)
    return Series(first, total)


def nothing(first: dt.date, last: dt.date) -> Series:
    return cumulative((), first, last)
