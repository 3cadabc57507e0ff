"""The four figures that open a person's page: life first, then money."""

import datetime as dt
from dataclasses import dataclass

from commissioning.core.money import format_pence
from commissioning.core.periods import Month
from commissioning.overview.queries.person.drawn import who_says
from commissioning.overview.queries.person.record import MoneyLifeRecord
from commissioning.overview.queries.person.table import plain
from commissioning.overview.sustained import Judgement, sustained
from finance.queries import annual, weekly_steps
from outcomes.models import Measure
from outcomes.queries import MonthlyAnswer, OutcomeSeries, ViewSeries, last_month

MONTHS = 3
RECENT_MONTHS = 12


@dataclass(frozen=True)
class KeyFigure:
    """One figure with what it is compared with; `kind` is life or money."""

    kind: str
    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """At most four, and the judgement that the last one quotes."""

    figures: tuple[KeyFigure, ...]
    judgement: Judgement | None


def key_figures(record: MoneyLifeRecord) -> KeyFigures:
    """Incidents and one part of life, then cost a week and over a year, as far as the actor may see them."""
    figures: list[KeyFigure] = []
    if record.sight.life:
        figures += [_incidents(record), *_part_of_life(record)]
    judgement = _judgement(record)
    if record.sight.money:
        figures += _money(record, judgement)
    return KeyFigures(tuple(figures), judgement)


def _judgement(record: MoneyLifeRecord) -> Judgement | None:
    """The last whole month's saving, judged where there is one (cost rule 9)."""
    if record.cost is None or not record.cost.weekly_change_pence or record.cost.weekly_change_pence > 0:
        return None
    return sustained(record.actor, record.person, last_month(record.today), book=record.book)


# ---------------------------------------------------------------- life


def _incidents(record: MoneyLifeRecord) -> KeyFigure:
    now, moved = Month.of(record.today), _moved_lately(record)
    if moved is not None:
        after, before = _counted(record, moved, now), _counted(record, moved.plus(-MONTHS), moved.plus(-1))
        label, compared = f"Incidents since {_named(moved, record.today)}", f"in the {MONTHS} months before the move"
    else:
        after = _counted(record, now.plus(1 - MONTHS), now)
        before = _counted(record, now.plus(1 - 2 * MONTHS), now.plus(-MONTHS))
        label, compared = f"Incidents in the last {MONTHS} months", f"in the {MONTHS} months before"
    note = "" if before is None else f"{before or 'none'} {compared}"
    return KeyFigure("life", label, "Not known" if after is None else str(after or "None"), note)


def _moved_lately(record: MoneyLifeRecord) -> Month | None:
    if record.moved_on is None or Month.of(record.moved_on) < Month.of(record.today).plus(-RECENT_MONTHS):
        return None
    return Month.of(record.moved_on)


def _counted(record: MoneyLifeRecord, first: Month, last: Month) -> int | None:
    """None where the actor sees no support in those months."""
    found = [each.incidents_count for each in record.incidents if first <= each.month <= last]
    if not found and not any(record.supported_in(month) for month in first.until(last)):
        return None
    return sum(found)


def _part_of_life(record: MoneyLifeRecord) -> list[KeyFigure]:
    """The first count of life that was answered, else the first score; the person's own answer before others'."""
    life = [series for series in record.answers if series.is_life]
    for kind in (Measure.Kind.COUNT, Measure.Kind.SCALE):
        for series in life:
            if series.kind == kind and series.views:
                return [_answered(record, series, series.views[0])]
    return []


def _answered(record: MoneyLifeRecord, series: OutcomeSeries, view: ViewSeries) -> KeyFigure:
    latest, earlier = view.answers[-1], _before(record, view)
    said = f"{_named(latest.month, record.today)}, {who_says(record, view.view).lower()}"
    if record.actor.sees_names and view.view.startswith("person"):
        said = f"{_named(latest.month, record.today)}, {who_says(record, view.view)}"
    note = f"in {said}"
    if earlier is not None:
        note += f"; {_amount(series, earlier, with_unit=False)} in {_named(earlier.month, record.today)}"
    return KeyFigure("life", series.title, _amount(series, latest), note)


def _before(record: MoneyLifeRecord, view: ViewSeries) -> MonthlyAnswer | None:
    """The last answer before a recent move, else the first of the year before."""
    moved = _moved_lately(record)
    latest = view.answers[-1]
    if moved is not None:
        found = [answer for answer in view.answers if answer.month < moved]
        return found[-1] if found else None
    found = [answer for answer in view.answers if latest.month.plus(-12) <= answer.month < latest.month]
    return found[0] if found else None


def _amount(series: OutcomeSeries, answer: MonthlyAnswer, *, with_unit: bool = True) -> str:
    if series.kind == Measure.Kind.SCALE and series.maximum is not None:
        return f"{answer.value} of {plain(series.maximum)}"
    return f"{answer.value} {series.unit}".strip() if with_unit else answer.value


def _named(month: Month, today: dt.date) -> str:
    return month.words if month.year != today.year else month.words.split()[0]


# ---------------------------------------------------------------- money


def _money(record: MoneyLifeRecord, judgement: Judgement | None) -> list[KeyFigure]:
    weekly = weekly_steps(record.book, [record.today])[0]
    cost = record.cost
    if not record.sight.baseline:
        return [
            KeyFigure("money", "Your weekly price", _pounds(weekly), "all prices in force today"),
            _a_year(record, weekly),
        ]
    if cost is None or cost.weekly_change_pence is None or cost.annual_change_pence is None:
        return [KeyFigure("money", "Weekly cost", _pounds(weekly), "no baseline is recorded"), _a_year(record, weekly)]
    if not cost.baseline_is_comparable:
        told = f"baseline {_pounds(cost.baseline_weekly_pence or 0)} is all in, so not compared"
        return [KeyFigure("money", "Weekly cost", _pounds(weekly), told), _a_year(record, weekly)]
    compared = (
        f"{_less(cost.weekly_change_pence)} than baseline" if cost.weekly_change_pence else "the same as baseline"
    )
    return [
        KeyFigure("money", "Weekly cost", _pounds(weekly), compared),
        KeyFigure("money", "Over a year", _less(cost.annual_change_pence), judgement.words if judgement else ""),
    ]


def _a_year(record: MoneyLifeRecord, weekly: int) -> KeyFigure:
    """A year at today's cost, for those who have nothing to compare it with (cost rule 7)."""
    partnership = record.actor.partnership
    amount = _pounds(annual(weekly, partnership.weeks_in_a_year))
    return KeyFigure("money", "Over a year", amount, f"at {partnership.weeks_per_year} weeks")


def _pounds(pence: int) -> str:
    return format_pence(pence, pennies=bool(pence % 100))


def _less(pence: int) -> str:
    if not pence:
        return "The same"
    return f"{_pounds(abs(pence))} {'less' if pence < 0 else 'more'}"
