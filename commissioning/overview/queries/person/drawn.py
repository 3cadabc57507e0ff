"""The chart of one person: where they live, what it costs, and what changed, on one time axis."""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from commissioning.core.charts import (
    Chart,
    CostStep,
    IncidentMonth,
    LifePoint,
    MoneyAndLife,
    MoneyRange,
    Move,
    OneOff,
    OutcomeRow,
    Stay,
    View,
    money_and_life,
)
from commissioning.core.charts.person.data import StayKind
from commissioning.core.money import format_pence
from commissioning.core.periods import Month, words
from commissioning.overview.queries.person.record import MoneyLifeRecord
from commissioning.overview.queries.person.window import Window
from finance import ledger
from finance.models import CostKind
from finance.queries import steps_of, weekly_steps
from outcomes.models import Measure
from outcomes.models import View as Whose
from outcomes.queries import OutcomeSeries, ViewSeries
from people.models import Placement, Setting

DRAWN = (Measure.Kind.SCALE, Measure.Kind.COUNT)
MOST_LIFE, MOST_PROCESS = 5, 1
MONTHS_AHEAD = 3
_KINDS: dict[str, StayKind] = {
    Setting.RESIDENTIAL_CARE: "care",
    Setting.NURSING_CARE: "care",
    Setting.ASSESSMENT_TREATMENT_UNIT: "hospital",
    Setting.SECURE_HOSPITAL: "hospital",
    Setting.OTHER_HOSPITAL: "hospital",
}


def chart_of(record: MoneyLifeRecord, window: Window, measures: Sequence[str] = ()) -> Chart:
    """The picture of a window. `measures` are the codes to draw; without any, the first that were answered."""
    money, life = record.sight.money, record.sight.life
    data = MoneyAndLife(
        key="money-and-life",
        name=record.name,
        today=record.today,
        stays=tuple(_stay(each) for each in record.placements if each.is_home or each.is_hospital),
        cost=_steps(record) if money else (),
        baseline_pence=record.baseline_pence if record.sight.baseline else None,
        one_offs=_one_offs(record) if money else (),
        forecast=_forecast(record) if money else (),
        outcomes=tuple(_row(record, series) for series in measures_drawn(record, window, measures)),
        incidents=_incidents(record, window) if life else (),
        moves=(Move(record.moved_on),) if record.moved_on else (),
        months=window.months,
        gap_note=_so_far(record),
        shows_money=money,
        title=title_of(record),
    )
    return money_and_life(data)


def title_of(record: MoneyLifeRecord) -> str:
    """What the picture shows, in words, saying nothing of what the actor may not see."""
    if record.sight.money and record.sight.life:
        return f"{record.name}’s money and life over time"
    return f"{record.name}’s {'support and what it costs' if record.sight.money else 'life'} over time"


def measures_to_choose(record: MoneyLifeRecord) -> list[OutcomeSeries]:
    return [series for series in record.answers if series.kind in DRAWN]


def measures_drawn(record: MoneyLifeRecord, window: Window, chosen: Sequence[str] = ()) -> list[OutcomeSeries]:
    """The chosen measures, else the first of life and one of support that were answered in the window."""
    offered = measures_to_choose(record)
    if chosen:
        return [series for series in offered if series.measure_code in chosen]
    first = window.first(Month.of(record.today), record.earliest)
    answered = [
        series
        for series in offered
        if any(answer.month >= first and answer.number is not None for view in series.views for answer in view.answers)
    ]
    life = [series for series in answered if series.is_life][:MOST_LIFE]
    return life + [series for series in answered if not series.is_life][:MOST_PROCESS]


def _stay(placement: Placement) -> Stay:
    return Stay(
        start=placement.start,
        end=placement.end,
        name=placement.get_setting_display(),
        note=str(placement.provider),
        short=str(placement.provider),
        kind=_KINDS.get(placement.setting, "home"),
    )


def _steps(record: MoneyLifeRecord) -> tuple[CostStep, ...]:
    lines = record.book.lines
    if not len(lines):
        return ()
    first = dt.date.fromordinal(int(lines.start.min()))
    if first > record.today:
        return ()
    steps = steps_of(record.book, first, record.today)
    return tuple(CostStep(day, pence if lines.in_force(day).any() else None) for day, pence in steps)


def _one_offs(record: MoneyLifeRecord) -> tuple[OneOff, ...]:
    lines, kinds = record.book.lines, record.book.names["kind"]
    once = lines.take(lines.basis == ledger.Basis.ONE_OFF)
    rows = zip(
        once.start.tolist(), ledger.accrued_to(once, once.start).tolist(), once.codes["kind"].tolist(), strict=True
    )
    return tuple(
        OneOff(dt.date.fromordinal(day), pence, CostKind(kinds[code]).label.lower())
        for day, pence, code in rows
        if day <= record.today.toordinal()
    )


def _forecast(record: MoneyLifeRecord) -> tuple[MoneyRange, ...]:
    """Known prices only: at the least what goes on, at the most what it is now where a price ends unreplaced."""
    now = weekly_steps(record.book, [record.today])[0] if len(record.book.lines) else 0
    if not now:
        return ()
    months = [Month.of(record.today).plus(ahead) for ahead in range(1, MONTHS_AHEAD + 1)]
    amounts = weekly_steps(record.book, [month.last for month in months])
    return tuple(
        MoneyRange(
            month.first,
            min(pence, now) if _ends(record, month) else pence,
            max(pence, now if _ends(record, month) else 0),
        )
        for month, pence in zip(months, amounts, strict=True)
    )


def _ends(record: MoneyLifeRecord, month: Month) -> bool:
    return not bool(record.book.lines.in_force(month.last).any())


def _row(record: MoneyLifeRecord, series: OutcomeSeries) -> OutcomeRow:
    is_score = series.kind == Measure.Kind.SCALE
    return OutcomeRow(
        label=series.title,
        views=tuple(_view(record, view) for view in series.views),
        kind="score" if is_score else "count",
        unit=series.unit,
        low=int(series.minimum or 0) if is_score else 0,
        high=int(series.maximum or 5) if is_score else 5,
    )


def _view(record: MoneyLifeRecord, view: ViewSeries) -> View:
    points = tuple(
        LifePoint(answer.month.first, None if answer.number is None else _value(Fraction(answer.number)))
        for answer in view.answers
    )
    return View(who_says(record, view.view), points)


def _value(number: Fraction) -> int | Fraction:
    return int(number) if number.denominator == 1 else number


def who_says(record: MoneyLifeRecord, view: str) -> str:
    """`Jo says`, `Staff say`."""
    said = {
        Whose.PERSON: f"{record.name} says",
        Whose.PERSON_SUPPORTED: f"{record.name}, with support",
        Whose.FAMILY: "Family say",
        Whose.STAFF: "Staff say",
        Whose.CLINICIAN: "Clinician says",
    }
    return said[Whose(view)]


def _incidents(record: MoneyLifeRecord, window: Window) -> tuple[IncidentMonth, ...]:
    """Every month with support: without an incident it is a true none, without support it is not known."""
    now = Month.of(record.today)
    counted = {each.month: each for each in record.incidents}
    found = []
    for month in window.first(now, record.earliest).until(now):
        each = counted.get(month)
        if each is not None:
            found.append(IncidentMonth(month.first, each.incidents_count, each.restrictive_count))
        elif record.supported_in(month):
            found.append(IncidentMonth(month.first, 0, 0))
    return tuple(found)


def _so_far(record: MoneyLifeRecord) -> str:
    """`£45,000 less since 18 May 2026, one-off costs included`."""
    start, cost = record.person.programme_start, record.cost
    if cost is None or not cost.cumulative_change_pence or start is None or record.compared_pence is None:
        return ""
    change = cost.cumulative_change_pence
    amount = format_pence(abs(change), pennies=False)
    return f"{amount} {'less' if change < 0 else 'more'} since {words(start)}, one-off costs included"
