"""What the chart of one person is made from. Money in whole pence; nothing known is None, never zero."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from commissioning.core.charts.life_data import LifePoint
from commissioning.core.charts.money_data import MoneyRange
from commissioning.core.charts.scales import Value, add_months, first_of, months_between

StayKind = Literal["home", "care", "hospital", "away"]


@dataclass(frozen=True)
class Stay:
    """Where someone lives, both days included; `end` is None while they live there. `short` is for narrow drawings."""

    start: dt.date
    end: dt.date | None
    name: str
    note: str = ""
    short: str = ""
    kind: StayKind = "home"


@dataclass(frozen=True)
class CostStep:
    """The weekly cost from a day until the next step; None where it is not known."""

    start: dt.date
    pence: int | None


@dataclass(frozen=True)
class OneOff:
    on: dt.date
    pence: int
    label: str = ""


@dataclass(frozen=True)
class View:
    """Whose answer: `Jo says`, `Staff say`. Views stay apart; they are never averaged."""

    who: str
    points: tuple[LifePoint, ...]

    @property
    def known(self) -> Sequence[tuple[dt.date, Value]]:
        return sorted((point.month, point.value) for point in self.points if point.value is not None)

    def last_in(self, start: dt.date, end: dt.date) -> Value | None:
        """The last answer from `start` until before `end`."""
        found = [value for month, value in self.known if start <= month < end]
        return found[-1] if found else None


@dataclass(frozen=True)
class OutcomeRow:
    """A measure over time: a score from `low` to `high`, or a count."""

    label: str
    views: tuple[View, ...]
    kind: Literal["score", "count"] = "score"
    unit: str = ""
    low: int = 1
    high: int = 5


@dataclass(frozen=True)
class IncidentMonth:
    """Incidents of a month and in how many a restrictive practice was used. A month left out is not known."""

    month: dt.date
    total: int
    restrictive: int = 0


@dataclass(frozen=True)
class Move:
    on: dt.date
    label: str = "Moved"


@dataclass(frozen=True)
class MoneyAndLife:
    """All of one person's page in one picture, up to `today`.

    `shows_money` is False for those who see no prices: their drawing has no row of money.
    `months` is how many months up to and with today's are shown; None is the whole history, by quarter or year where
    it is long. `gap_note` stands under the difference from the baseline, such as what it has come to so far.
    """

    key: str
    name: str
    today: dt.date
    stays: tuple[Stay, ...] = ()
    cost: tuple[CostStep, ...] = ()
    baseline_pence: int | None = None
    one_offs: tuple[OneOff, ...] = ()
    forecast: tuple[MoneyRange, ...] = ()
    outcomes: tuple[OutcomeRow, ...] = ()
    incidents: tuple[IncidentMonth, ...] = ()
    moves: tuple[Move, ...] = ()
    months: int | None = 12
    gap_note: str = ""
    shows_money: bool = True
    title: str = ""
    desc: str = ""

    def cost_on(self, day: dt.date) -> int | None:
        found = None
        for step in self.cost:
            if step.start <= day:
                found = step.pence
        return found

    @property
    def earliest(self) -> dt.date:
        """The first month of which anything is known."""
        days = [stay.start for stay in self.stays] + [step.start for step in self.cost]
        days += [month for row in self.outcomes for view in row.views for month, _ in view.known]
        days += [incident.month for incident in self.incidents]
        return first_of(min(days, default=self.today))


@dataclass(frozen=True)
class Columns:
    """The months across the drawing: `past` columns of `per` months up to and with today's, then `ahead` more."""

    first: dt.date
    per: int
    past: int
    ahead: int

    @property
    def months(self) -> int:
        return self.per * (self.past + self.ahead)

    @property
    def starts(self) -> Sequence[dt.date]:
        return [add_months(self.first, self.per * place) for place in range(self.past + self.ahead + 1)]

    @property
    def shown(self) -> Sequence[tuple[dt.date, dt.date]]:
        """The first day of each column up to today's, and of the one after it."""
        starts = self.starts
        return list(pairwise(starts[: self.past + 1]))

    @property
    def all(self) -> Sequence[tuple[dt.date, dt.date]]:
        starts = self.starts
        return list(pairwise(starts))


_PER = (1, 3, 6, 12)


def columns_for(
    data: MoneyAndLife, room: float, least: float, words_room: float, *, drop: bool
) -> tuple[Columns, float]:
    """The columns, each at least `least` wide, and how much of `room` they take; `words_room` is left after today.

    Where months do not fit, a window drops its oldest ones if `drop`; else columns are quarters, half years or years.
    """
    this_month = first_of(data.today)
    earliest = data.earliest if data.months is None else add_months(this_month, 1 - data.months)
    wanted = max(1, months_between(earliest, this_month) + 1)
    fits = max(2, int((room - words_room) // least))
    if data.months is not None and (drop or wanted <= fits):
        first, per, past = add_months(this_month, 1 - min(wanted, fits)), 1, min(wanted, fits)
    else:
        per = next((per for per in _PER if -(-wanted // per) < fits + (per == 1)), _PER[-1])
        first = _aligned(earliest, per)
        past = -(-(months_between(first, this_month) + 1) // per)
        first, past = add_months(first, per * max(0, past - fits)), min(past, fits)
    expected = max((months_between(this_month, month.month) for month in data.forecast), default=0)
    return _across(Columns(first, per, past, max(1, -(-expected // per))), room, words_room)


def _across(columns: Columns, room: float, words_room: float) -> tuple[Columns, float]:
    """As many columns after today as the forecast needs and the words leave room for."""
    column = (room - words_room) / columns.past
    if column >= words_room:
        return replace(columns, ahead=1), room
    ahead = min(columns.ahead, int(words_room // column))
    return replace(columns, ahead=ahead), column * (columns.past + ahead)


def _aligned(day: dt.date, per: int) -> dt.date:
    """The first month of the quarter, half or year of a day."""
    return day.replace(month=(day.month - 1) // per * per + 1, day=1)
