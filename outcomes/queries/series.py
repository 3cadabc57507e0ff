"""What was answered, over time: by measure and by whose view. Views stand beside each other and are never averaged.

Only what was sent counts; drafts and what was sent back do not. A measure that changed its kind or its scale between
versions of a framework is another series, because its numbers mean something else.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db.models import F, QuerySet

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation
from commissioning.core.periods import Month
from outcomes.models import Answer, Checklist, Measure, View
from people.models import Person

# Months that an answer stands for when the month asked about has none.
STANDS_FOR = 3

People = Iterable[int] | QuerySet[Person]


@dataclass(frozen=True)
class MonthlyAnswer:
    """The answer of a month: `value` as given, `number` where the measure is one (yes is 1, no 0)."""

    month: Month
    value: str
    number: Decimal | None
    evidence: str = ""


@dataclass(frozen=True)
class ViewSeries:
    """One point of view's answers, oldest first. A month that is missing was not asked; it is never a zero."""

    view: str
    view_label: str
    answers: tuple[MonthlyAnswer, ...]


@dataclass(frozen=True)
class OutcomeSeries:
    """One measure over time, by view. `minimum` and `maximum` are the scale's ends; `unit` such as “hours a week”."""

    measure_code: str
    title: str
    domain: str
    is_life: bool
    kind: str
    better: str
    aspect: str
    unit: str
    minimum: Decimal | None
    maximum: Decimal | None
    views: tuple[ViewSeries, ...]


@dataclass(frozen=True)
class AnswerRow:
    """One answer of one person's month, flat, for figures over many people."""

    person_id: int
    month: Month
    measure_code: str
    view: str
    number: Decimal
    is_life: bool
    kind: str
    better: str


class Change(Enum):
    """How a measure changed, told by its own direction."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    NOT_KNOWN = "not known"


@dataclass(frozen=True)
class OutcomeChange:
    """One person's measure in two months from one point of view; None is not known. Numbers are the measure's units."""

    person_id: int
    measure_code: str
    title: str
    domain: str
    is_life: bool
    view: str
    before: Decimal | None
    after: Decimal | None
    change: Change


@dataclass(frozen=True)
class LatestAnswer:
    """A person's last sent answer to a measure from one point of view."""

    measure_code: str
    view: str
    month: Month
    value: str
    number: Decimal | None


_SERIES = ("code", "kind", "minimum", "maximum")
_COLUMNS = (
    "checklist__person_id",
    "checklist__month",
    "checklist__view",
    "value",
    "number",
    "evidence",
    *(f"measure__{name}" for name in (*_SERIES, "title", "domain", "better", "aspect", "unit", "position")),
)
_VIEWS = {view: place for place, view in enumerate(View.values)}


def _sent(checklists: QuerySet[Checklist]) -> QuerySet[Answer]:
    return Answer.objects.filter(checklist__in=checklists.filter(status__in=Checklist.SENT))


def _visible(actor: Actor | None) -> QuerySet[Checklist]:
    return Checklist.objects.visible_to(actor) if actor else Checklist.objects.all()


def answers_by_month(
    person: Person, since: dt.date | None = None, *, actor: Actor | None = None
) -> tuple[OutcomeSeries, ...]:
    """A person's answers from the month of `since` on, life measures first, each by view.

    With an actor only what they may see: a provider's own. Where two providers answered in one month, the later sent
    stands. One query.
    """
    checklists = _visible(actor).filter(person=person)
    if since is not None:
        checklists = checklists.filter(month__gte=Month.of(since).first)
    rows = list(
        _sent(checklists).order_by("checklist__month", "checklist__submitted_on", "checklist_id").values(*_COLUMNS)
    )
    by_series: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        by_series.setdefault(tuple(row[f"measure__{name}"] for name in _SERIES), []).append(row)
    places = {row["measure__code"]: _place(row) for row in rows}
    ordered = sorted(by_series.values(), key=lambda found: (places[found[0]["measure__code"]], _month_of(found[0])))
    return tuple(_series(found) for found in ordered)


def _month_of(row: dict[str, Any]) -> dt.date:
    month: dt.date = row["checklist__month"]
    return month


def _place(row: dict[str, Any]) -> tuple[bool, int, str]:
    return (row["measure__domain"] == Measure.PROCESS, row["measure__position"], row["measure__code"])


def _series(rows: Sequence[dict[str, Any]]) -> OutcomeSeries:
    latest = rows[-1]
    by_view: dict[str, dict[Month, MonthlyAnswer]] = {}
    for row in rows:
        month = Month.of(row["checklist__month"])
        answer = MonthlyAnswer(month, row["value"], row["number"], row["evidence"])
        by_view.setdefault(row["checklist__view"], {})[month] = answer
    views = sorted(by_view, key=lambda view: _VIEWS.get(view, len(_VIEWS)))
    return OutcomeSeries(
        measure_code=latest["measure__code"],
        title=latest["measure__title"],
        domain=latest["measure__domain"],
        is_life=latest["measure__domain"] != Measure.PROCESS,
        kind=latest["measure__kind"],
        better=latest["measure__better"],
        aspect=latest["measure__aspect"],
        unit=latest["measure__unit"],
        minimum=latest["measure__minimum"],
        maximum=latest["measure__maximum"],
        views=tuple(ViewSeries(view, View(view).label, tuple(by_view[view].values())) for view in views),
    )


def answers_of(people: People, from_month: Month, to_month: Month) -> list[AnswerRow]:
    """Every sent answer that is a number, of many people, both months included, by person, measure, view and month.

    Flat on purpose: figures over a cohort are made from it. Two providers in one month give the later sent. One query.
    """
    checklists = Checklist.objects.filter(
        person__in=people, month__gte=from_month.first, month__lte=to_month.last, status__in=Checklist.SENT
    )
    rows = (
        Answer.objects.filter(checklist__in=checklists, number__isnull=False)
        .order_by(
            "checklist__person_id",
            "measure__code",
            "checklist__view",
            "checklist__month",
            F("checklist__submitted_on").desc(nulls_last=True),
            "-checklist_id",
        )
        .distinct("checklist__person_id", "measure__code", "checklist__view", "checklist__month")
        .values_list(
            "checklist__person_id",
            "checklist__month",
            "measure__code",
            "checklist__view",
            "number",
            "measure__domain",
            "measure__kind",
            "measure__better",
        )
    )
    return [
        AnswerRow(person, Month.of(month), code, view, number, domain != Measure.PROCESS, kind, better)
        for person, month, code, view, number, domain, kind, better in rows
        if number is not None
    ]


def accepted_months(people: People, from_month: Month, to_month: Month) -> dict[int, frozenset[Month]]:
    """For each person, the months in which a checklist was accepted (cost rule 9). One query."""
    rows = (
        Checklist.objects.filter(
            person__in=people,
            status=Checklist.Status.ACCEPTED,
            month__gte=from_month.first,
            month__lte=to_month.last,
        )
        .values_list("person_id", "month")
        .distinct()
    )
    months: dict[int, set[Month]] = {}
    for person, month in rows:
        months.setdefault(person, set()).add(Month.of(month))
    return {person: frozenset(found) for person, found in months.items()}


def latest_answers(
    person: Person, *, before: Month | None = None, view: str | None = None, provider: Organisation | None = None
) -> tuple[LatestAnswer, ...]:
    """A person's last sent answer to each measure from each view, before a month if one is given. One query.

    `provider` keeps to one provider's own checklists, which is all that provider may see.
    """
    checklists = Checklist.objects.filter(person=person, status__in=Checklist.SENT)
    if before is not None:
        checklists = checklists.filter(month__lt=before.first)
    if view is not None:
        checklists = checklists.filter(view=view)
    if provider is not None:
        checklists = checklists.filter(provider=provider)
    rows = (
        Answer.objects.filter(checklist__in=checklists)
        .order_by("measure__code", "checklist__view", "-checklist__month", "-checklist_id")
        .distinct("measure__code", "checklist__view")
        .values_list("measure__code", "checklist__view", "checklist__month", "value", "number")
    )
    return tuple(LatestAnswer(code, each, Month.of(month), value, number) for code, each, month, value, number in rows)


def outcome_change(
    people: People, from_month: Month, to_month: Month, *, actor: Actor | None = None
) -> tuple[OutcomeChange, ...]:
    """How each person's measures changed between two months, by view: better, same, worse or not known.

    A month without an answer takes the latest of the two months before it (`STANDS_FOR`); without one it is not
    known, as is a measure that has no direction or whose scale changed. Views are never averaged or compared with
    each other. Ordered by person, life before process. Two queries, however many people.
    """
    before, after = _standing(people, from_month, actor), _standing(people, to_month, actor)
    standing = before | after
    keys = sorted(standing, key=lambda key: (key[0], *_place(standing[key]), _VIEWS.get(key[2], len(_VIEWS))))
    return tuple(_changed(key, before.get(key), after.get(key)) for key in keys)


_Key = tuple[int, str, str]


def _standing(people: People, month: Month, actor: Actor | None) -> dict[_Key, dict[str, Any]]:
    """The answers that stand for a month: its own, else the latest of the two months before."""
    checklists = _visible(actor).filter(
        person__in=people, month__gte=month.plus(1 - STANDS_FOR).first, month__lte=month.last
    )
    rows = (
        _sent(checklists)
        .filter(number__isnull=False)
        .order_by("checklist__person_id", "measure__code", "checklist__view", "-checklist__month", "-checklist_id")
        .distinct("checklist__person_id", "measure__code", "checklist__view")
        .values(*_COLUMNS)
    )
    return {(row["checklist__person_id"], row["measure__code"], row["checklist__view"]): row for row in rows}


def _changed(key: _Key, before: dict[str, Any] | None, after: dict[str, Any] | None) -> OutcomeChange:
    told = after or before or {}
    return OutcomeChange(
        person_id=key[0],
        measure_code=key[1],
        title=told["measure__title"],
        domain=told["measure__domain"],
        is_life=told["measure__domain"] != Measure.PROCESS,
        view=key[2],
        before=before["number"] if before else None,
        after=after["number"] if after else None,
        change=_direction(before, after),
    )


def _direction(before: dict[str, Any] | None, after: dict[str, Any] | None) -> Change:
    if before is None or after is None or not after["measure__better"]:
        return Change.NOT_KNOWN
    if any(before[f"measure__{name}"] != after[f"measure__{name}"] for name in _SERIES):
        return Change.NOT_KNOWN
    difference = after["number"] - before["number"]
    if difference == 0:
        return Change.SAME
    return Change.BETTER if (difference > 0) == (after["measure__better"] == Measure.Better.HIGHER) else Change.WORSE
