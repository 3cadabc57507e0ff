"""What charts of lives are made from: answers and counts by month, with nothing known as None, never zero."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from commissioning.core.charts.scales import Value


@dataclass(frozen=True)
class LifePoint:
    """An answer or count in a month; None where it is not known."""

    month: dt.date
    value: Value | None


@dataclass(frozen=True)
class LifeSeries:
    """One line of life over time."""

    label: str
    points: tuple[LifePoint, ...]

    @property
    def known(self) -> Sequence[tuple[dt.date, Value]]:
        return [(point.month, point.value) for point in self.points if point.value is not None]


@dataclass(frozen=True)
class Count:
    """A number of people as it may be shown: the words, and the number for its marks (None where it is hidden)."""

    words: str
    people: int | None = None

    @classmethod
    def of(cls, people: int) -> "Count":
        """An exact number, for editions that are not published."""
        return cls(f"{people:,}", people)
