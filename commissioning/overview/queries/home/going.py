"""How it is going, on the first page: one sentence, the cost against the baseline, and one picture of life."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from django.db.models import Count, F, Q

from commissioning.accounts.actors import Actor
from commissioning.core.charts import (
    Chart,
    LifePoint,
    LifeSeries,
    LinesOverTime,
    MoneyLevel,
    MoneyPanel,
    MoneyPoint,
    StepsOverTime,
    lines_over_time,
    steps_over_time,
)
from commissioning.core.money import format_pence, to_pence
from commissioning.core.periods import Month
from finance import ledger
from finance.models import Baseline
from finance.queries import Book
from outcomes.models import Answer, Checklist, Measure, View
from people.models import Person

MONTHS = 24
MEASURES = 2


@dataclass(frozen=True)
class Going:
    """Whole pence a week of the people whose cost can be compared with before; charts where there is any to draw."""

    people_count: int
    weekly_pence: int
    baseline_pence: int
    cost_chart: Chart | None
    life_chart: Chart | None
    life_words: str

    @property
    def change_pence(self) -> int:
        return self.weekly_pence - self.baseline_pence

    @property
    def change_words(self) -> str:
        """`£16,340 a week less`, in whole pounds."""
        if not self.change_pence:
            return "the same"
        amount = format_pence(abs(self.change_pence), pennies=False)
        return f"{amount} a week {'less' if self.change_pence < 0 else 'more'}"


def how_it_is_going(actor: Actor, book: Book, today: dt.date, *, with_life: bool) -> Going:
    """The same people in every month: who has a comparable baseline and a price today. Before a person's first price,
    their baseline counts. Three queries."""
    baselines = _baselines(actor)
    months = list(Month.of(today).plus(1 - MONTHS).until(Month.of(today)))
    days = [*(month.last for month in months[:-1]), today]
    compared, totals = _weekly(book, baselines, days)
    baseline = sum(baselines[name] for name in compared)
    chart, words = _life(actor, months, today) if with_life else (None, "")
    return Going(
        people_count=len(compared),
        weekly_pence=totals[-1] if compared else 0,
        baseline_pence=baseline,
        cost_chart=_cost_chart(months, totals, baseline, today) if compared else None,
        life_chart=chart,
        life_words=words,
    )


def _baselines(actor: Actor) -> dict[str, int]:
    """Weekly pence by reference, of living people whose baseline can be compared."""
    people = Person.objects.visible_to(actor).filter(died_on__isnull=True)
    rows = Baseline.objects.filter(person__in=people).exclude(scope=Baseline.Scope.ALL_IN)
    return {name: to_pence(cost) for name, cost in rows.values_list("person__reference", "weekly_cost")}


def _weekly(book: Book, baselines: Mapping[str, int], days: Sequence[dt.date]) -> tuple[list[str], list[int]]:
    """Who is compared, and what their support costs a week in all on each day."""
    names, people = book.names["person"], book.lines.codes["person"]
    if not names:
        return [], [0] * len(days)
    table = ledger.weekly_on_days(book.lines, days, people, len(names))
    first = np.full(len(names), ledger.OPEN_DAY, dtype=np.int64)
    lasting = book.lines.basis != ledger.Basis.ONE_OFF
    np.minimum.at(first, people[lasting], book.lines.start[lasting])
    priced_now = set(people[book.lines.in_force(days[-1])].tolist())
    codes = [code for code, name in enumerate(names) if name in baselines and code in priced_now]
    before = np.array([baselines[names[code]] for code in codes], dtype=np.int64)
    totals = []
    for place, day in enumerate(days):
        is_priced = first[codes] <= day.toordinal()
        totals.append(int(np.where(is_priced, table[place][codes], before).sum()))
    return [names[code] for code in codes], totals


def _cost_chart(months: Sequence[Month], totals: Sequence[int], baseline: int, today: dt.date) -> Chart:
    points = tuple(MoneyPoint(month.first, pence) for month, pence in zip(months, totals, strict=True))
    panel = MoneyPanel("Weekly cost, against the baseline", points, baseline=MoneyLevel("Baseline", baseline))
    return steps_over_time(StepsOverTime("home-cost", (panel,), today=today, against_baseline=True), widths=(500, 346))


# ---------------------------------------------------------------- life


def _life(actor: Actor, months: Sequence[Month], today: dt.date) -> tuple[Chart | None, str]:
    """The share of people whose score is one of the two best, for two measures, by quarter, as one view says."""
    rows = _scores(actor, months)
    if not rows:
        return None, ""
    by_view: dict[str, int] = {}
    for row in rows:
        by_view[row["checklist__view"]] = by_view.get(row["checklist__view"], 0) + row["people"]
    view = max(sorted(by_view), key=lambda each: by_view[each])
    series = _series([row for row in rows if row["checklist__view"] == view], months)
    if not series:
        return None, ""
    chart = lines_over_time(
        LinesOverTime(
            "home-life",
            f"People who score 4 or 5 of 5, as {_whose(view)}",
            tuple(series),
            today=today,
            first=months[0].first,
        ),
        widths=(500, 346),
    )
    return chart, _words(series)


def _scores(actor: Actor, months: Sequence[Month]) -> list[dict[str, Any]]:
    """Scored life measures by month and view: how many answers, and how many of the two best. One query."""
    checklists = Checklist.objects.visible_to(actor).submitted()
    answers = Answer.objects.filter(
        checklist__in=checklists.filter(month__gte=months[0].first, month__lte=months[-1].last),
        measure__kind=Measure.Kind.SCALE,
        measure__better=Measure.Better.HIGHER,
        measure__maximum=5,
        number__isnull=False,
    )
    rows: Any = (
        answers.exclude(measure__domain=Measure.PROCESS)
        .order_by()
        .values("measure__code", "measure__position", "checklist__month", "checklist__view")
        .annotate(
            title=F("measure__title"),
            people=Count("checklist__person_id", distinct=True),
            high=Count("checklist__person_id", distinct=True, filter=Q(number__gte=4)),
        )
    )
    return list(rows)


def _whose(view: str) -> str:
    return {View.STAFF: "staff say", View.FAMILY: "family say", View.CLINICIAN: "clinicians say"}.get(
        View(view), "people say themselves"
    )


def _series(rows: Sequence[dict[str, Any]], months: Sequence[Month]) -> list[LifeSeries]:
    codes = sorted({(row["measure__position"], row["measure__code"]) for row in rows})[:MEASURES]
    found = []
    for _, code in codes:
        own = {Month.of(row["checklist__month"]): row for row in rows if row["measure__code"] == code}
        points = tuple(
            LifePoint(month.first, _share(own.get(month))) for month in months if month in own or month > min(own)
        )
        title = next(iter(own.values()))["title"]
        found.append(LifeSeries(title, points))
    return found


def _share(row: Mapping[str, Any] | None) -> Fraction | int | None:
    if row is None or not row["people"]:
        return None
    return round(Fraction(100 * row["high"], row["people"]))


def _words(series: Sequence[LifeSeries]) -> str:
    """`68% score 4 or 5 of 5 for “My home feels like mine”, 51% in November 2024`, from the first line."""
    known = series[0].known
    if len(known) < 2:
        return ""
    (start, then), (_, now) = known[0], known[-1]
    return f"{now}% score 4 or 5 of 5 for “{series[0].label}”, {then}% in {Month.of(start).words}"
