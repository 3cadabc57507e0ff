"""What charts of money are made from: whole pence by month, with nothing known as None."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from commissioning.core.charts.scales import add_months


@dataclass(frozen=True)
class MoneyPoint:
    """An amount that holds from the first of its month until the next point; None where it is not known."""

    month: dt.date
    pence: int | None


@dataclass(frozen=True)
class MoneyRange:
    """The lowest and highest a month is expected to be."""

    month: dt.date
    low_pence: int
    high_pence: int


@dataclass(frozen=True)
class MoneyLevel:
    """An amount to compare with, such as a baseline or a budget: one for all months, or one from each of `points`."""

    label: str
    pence: int | None = None
    points: tuple[MoneyPoint, ...] = ()

    def at(self, month: dt.date) -> int | None:
        """The level in force in a month; None before the first point."""
        found = self.pence
        for point in self.points:
            if point.month > month:
                break
            found = point.pence
        return found


@dataclass(frozen=True)
class MoneyPanel:
    """One series of money over time, with what it is compared with and what is expected next."""

    heading: str
    points: tuple[MoneyPoint, ...]
    baseline: MoneyLevel | None = None
    budget: MoneyLevel | None = None
    forecast: tuple[MoneyRange, ...] = ()

    @property
    def known(self) -> Sequence[tuple[dt.date, int]]:
        return [(point.month, point.pence) for point in self.points if point.pence is not None]

    @property
    def levels(self) -> Sequence[MoneyLevel]:
        return [level for level in (self.baseline, self.budget) if level is not None]

    def baseline_at(self, month: dt.date) -> int:
        return (self.baseline.at(month) if self.baseline else None) or 0

    def less_baseline(self) -> "MoneyPanel":
        """The same panel as differences from its baseline, which becomes £0."""
        points = tuple(
            replace(point, pence=None if point.pence is None else point.pence - self.baseline_at(point.month))
            for point in self.points
        )
        forecast = tuple(
            MoneyRange(
                expected.month,
                expected.low_pence - self.baseline_at(expected.month),
                expected.high_pence - self.baseline_at(expected.month),
            )
            for expected in self.forecast
        )
        zero = MoneyLevel(self.baseline.label if self.baseline else "No change", 0)
        return replace(self, points=points, forecast=forecast, baseline=zero, budget=self._budget_less_baseline())

    def _budget_less_baseline(self) -> MoneyLevel | None:
        if self.budget is None:
            return None
        points = []
        for point in self.points:
            level = self.budget.at(point.month)
            points.append(MoneyPoint(point.month, None if level is None else level - self.baseline_at(point.month)))
        return MoneyLevel(self.budget.label, points=tuple(points))

    def runs(self) -> Sequence[Sequence[MoneyPoint]]:
        """Unbroken stretches of known, consecutive months: a gap is a gap, never £0."""
        found: list[list[MoneyPoint]] = []
        for point in self.points:
            if point.pence is None:
                continue
            follows = found and add_months(found[-1][-1].month, 1) == point.month
            if follows:
                found[-1].append(point)
            else:
                found.append([point])
        return found
