"""The people a provider supports or a clinician advises, with how the month stands and what changed in their lives."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from commissioning.accounts.actors import Actor
from commissioning.core.periods import Month
from outcomes.models import Incident
from outcomes.queries import Change, OutcomeChange, last_month, outcome_change
from outcomes.queries.due import PersonMonth, Progress, people_months

MONTHS_BEFORE = 3
MOST_DOTS = 12
DOT = 16


@dataclass(frozen=True)
class Dot:
    """One part of life in a row of marks: better, same or worse."""

    change: str
    x: int


@dataclass(frozen=True)
class OwnPerson:
    """One person's row; counts are parts of life from each view, against three months before."""

    person_id: int
    reference: str
    name: str
    provider: str
    since: dt.date
    state: str
    is_urgent: bool
    is_in: bool
    better: int
    same: int
    worse: int
    incidents_count: int

    @property
    def dots(self) -> tuple[Dot, ...]:
        marks = ["b"] * self.better + ["s"] * self.same + ["w"] * self.worse
        return tuple(Dot(mark, DOT // 2 + DOT * place) for place, mark in enumerate(marks[:MOST_DOTS]))

    @property
    def dots_width(self) -> int:
        return DOT * max(1, len(self.dots))

    @property
    def life_words(self) -> str:
        """`2 better, 3 same`; nothing to compare says so."""
        counted = ((self.better, "better"), (self.same, "same"), (self.worse, "worse"))
        return ", ".join(f"{number} {word}" for number, word in counted if number) or "not known yet"


@dataclass(frozen=True)
class OwnPeople:
    """Everybody's rows, what they add up to, and the month they are about."""

    month: Month
    rows: tuple[OwnPerson, ...]
    incidents_before_count: int

    @property
    def incidents_count(self) -> int:
        return sum(row.incidents_count for row in self.rows)

    @property
    def better(self) -> int:
        return sum(row.better for row in self.rows)

    @property
    def same(self) -> int:
        return sum(row.same for row in self.rows)

    @property
    def worse(self) -> int:
        return sum(row.worse for row in self.rows)


def own_people(actor: Actor, today: dt.date) -> OwnPeople:
    """The people the actor's role is about, by name. At most 9 queries, however many people."""
    month = last_month(today)
    months = people_months(actor, month)
    ids = [row.person.pk for row in months]
    changes: dict[int, list[OutcomeChange]] = {}
    for change in outcome_change(ids, month.plus(-MONTHS_BEFORE), month, actor=actor):
        if change.is_life:
            changes.setdefault(change.person_id, []).append(change)
    incidents = _incidents(actor, ids, month)
    rows = tuple(_row(row, changes.get(row.person.pk, ()), incidents) for row in months)
    return OwnPeople(month, rows, sum(_incidents(actor, ids, month.plus(-1)).values()))


def _incidents(actor: Actor, people: Sequence[int], month: Month) -> dict[int, int]:
    rows = Incident.objects.visible_to(actor).filter(
        person__in=people, occurred_on__gte=month.first, occurred_on__lte=month.last
    )
    return dict(rows.order_by().values_list("person_id").annotate(Count("pk")))


def _row(row: PersonMonth, changes: Sequence[OutcomeChange], incidents: Mapping[int, int]) -> OwnPerson:
    counted = [change.change for change in changes]
    return OwnPerson(
        person_id=row.person.pk,
        reference=row.person.reference,
        name=row.shown_name,
        provider=str(row.provider),
        since=row.supported_since,
        state=row.progress.value,
        is_urgent=row.is_late or row.progress is Progress.SENT_BACK,
        is_in=row.is_in,
        better=counted.count(Change.BETTER),
        same=counted.count(Change.SAME),
        worse=counted.count(Change.WORSE),
        incidents_count=incidents.get(row.person.pk, 0),
    )
