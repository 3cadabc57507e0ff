"""Whose checklists a month needs, and how far each has come.

A month's checklist is due from the provider that supports somebody on the month's last day; hospitals and short
breaks are not asked. One sent point of view is enough for the month to be in; others may follow.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation
from commissioning.core.periods import Month
from outcomes.models import Checklist, ChecklistStep, Measure, View
from outcomes.queries.frameworks import framework_in_force, measures_of
from people.models import HOSPITALS, Person, Placement

# The day of the following month by which a month's checklists are due.
DUE_DAY = 10
NOT_ASKED = ("short_break", *HOSPITALS)


class Progress(Enum):
    """How far one person's month has come, the most urgent view first."""

    SENT_BACK = "Sent back"
    NOT_STARTED = "Not started"
    DRAFT = "Draft"
    READY = "Ready to send"
    SENT = "Sent"
    ACCEPTED = "Accepted"


_PROGRESS = {
    Checklist.Status.DRAFT: Progress.DRAFT,
    Checklist.Status.READY: Progress.READY,
    Checklist.Status.SUBMITTED: Progress.SENT,
    Checklist.Status.SENT_BACK: Progress.SENT_BACK,
    Checklist.Status.ACCEPTED: Progress.ACCEPTED,
}
IN = frozenset({Progress.SENT, Progress.ACCEPTED})


@dataclass(frozen=True)
class ViewMonth:
    """One point of view's checklist of a month. `at` and `by_name` are of its last step, or of the last save.

    One that was loaded from a file has no steps, only the day it was sent.
    """

    checklist_id: int
    version: int
    view: str
    progress: Progress
    answered_count: int
    at: dt.datetime | None
    sent_on: dt.date | None
    by_name: str
    by_user_id: int | None
    words: str

    @property
    def view_label(self) -> str:
        return View(self.view).label


@dataclass(frozen=True)
class PersonMonth:
    """One person at one provider in one month. `shown_name` tells apart people who are called alike."""

    person: Person
    shown_name: str
    provider: Organisation
    month: Month
    supported_since: dt.date
    views: tuple[ViewMonth, ...]
    questions_count: int
    today: dt.date

    @property
    def progress(self) -> Progress:
        """Sent back first; then in as soon as one view is; else the furthest that was begun."""
        reached = [view.progress for view in self.views]
        if Progress.SENT_BACK in reached:
            return Progress.SENT_BACK
        for progress in (Progress.SENT, Progress.ACCEPTED, Progress.READY, Progress.DRAFT):
            if progress in reached:
                return progress
        return Progress.NOT_STARTED

    @property
    def is_in(self) -> bool:
        return self.progress in IN

    @property
    def is_late(self) -> bool:
        return not self.is_in and self.today > due_on(self.month)

    @property
    def telling(self) -> ViewMonth | None:
        """The view that its progress comes from."""
        return next((view for view in self.views if view.progress is self.progress), None)

    @property
    def initials(self) -> str:
        return (self.person.called[:1] + self.person.family_name[:1]).upper()


@dataclass(frozen=True)
class ChecklistsDue:
    """A month's checklists in numbers of people: those of a provider, or of all providers for a commissioner.

    `people_count` = in + sent back + ready + draft + not started. `late_count` are those not in after the due day,
    `to_accept_count` checklists that wait for the commissioner.
    """

    month: Month
    due_on: dt.date
    people_count: int
    in_count: int
    sent_back_count: int
    ready_count: int
    draft_count: int
    not_started_count: int
    late_count: int
    to_accept_count: int
    to_do: tuple[PersonMonth, ...] = field(default=())

    @property
    def to_do_count(self) -> int:
        return self.people_count - self.in_count


def last_month(today: dt.date | None = None) -> Month:
    """The month whose checklists are asked for now: the one before today's."""
    return Month.of(today or timezone.localdate()).plus(-1)


def due_on(month: Month) -> dt.date:
    """The day by which a month's checklists are due."""
    return month.plus(1).first.replace(day=DUE_DAY)


def checklists_due(actor: Actor, month: Month | None = None) -> ChecklistsDue:
    """What a month's checklists need of the actor; last month unless another is given. At most 5 queries."""
    month = month or last_month()
    rows = people_months(actor, month)
    reached = [row.progress for row in rows]
    waiting = sum(view.progress is Progress.SENT for row in rows for view in row.views)
    return ChecklistsDue(
        month=month,
        due_on=due_on(month),
        people_count=len(rows),
        in_count=sum(row.is_in for row in rows),
        sent_back_count=reached.count(Progress.SENT_BACK),
        ready_count=reached.count(Progress.READY),
        draft_count=reached.count(Progress.DRAFT),
        not_started_count=reached.count(Progress.NOT_STARTED),
        late_count=sum(row.is_late for row in rows),
        to_accept_count=waiting,
        to_do=tuple(row for row in rows if not row.is_in),
    )


def people_months(actor: Actor, month: Month) -> tuple[PersonMonth, ...]:
    """Every person whose checklist a month needs, in order of name; a provider's own people. At most 5 queries."""
    placements = supporting(actor, month).select_related("person", "provider")
    return _rows(actor, month, _one_each(placements))


def supporting(actor: Actor, month: Month) -> QuerySet[Placement]:
    """Placements that a month's checklists are due for, of the people the actor may see."""
    day = month.last
    return (
        Placement.objects.visible_to(actor)
        .in_force(day)
        .filter(Q(person__died_on__isnull=True) | Q(person__died_on__gte=month.first))
        .exclude(setting__in=NOT_ASKED)
        .order_by("person__given_name", "person__family_name", "person__reference", "start")
    )


def supports_in(actor: Actor, person: Person, month: Month) -> bool:
    """Whether the actor's provider supports the person now and did on any day of the month."""
    return (
        Placement.objects.visible_to(actor)
        .filter(Q(end__isnull=True) | Q(end__gte=month.first), person=person, start__lte=month.last)
        .exists()
    )


def _one_each(placements: Iterable[Placement]) -> list[Placement]:
    """One row a person and provider, from the placement that began first."""
    first: dict[tuple[int, int], Placement] = {}
    for placement in placements:
        first.setdefault((placement.person_id, placement.provider_id), placement)
    return list(first.values())


def _rows(actor: Actor, month: Month, placements: Sequence[Placement]) -> tuple[PersonMonth, ...]:
    views = view_months(
        Checklist.objects.visible_to(actor).for_month(month.first).filter(person__in=[p.person_id for p in placements])
    )
    framework = framework_in_force(actor.partnership, month)
    questions = sum(each.kind != Measure.Kind.WORDS for each in measures_of(framework)) if framework else 0
    today = timezone.localdate()
    people = {placement.person_id: placement.person.called for placement in placements}
    called = Counter(people.values())
    return tuple(
        PersonMonth(
            person=placement.person,
            shown_name=_told_apart(placement.person, called),
            provider=placement.provider,
            month=month,
            supported_since=placement.start,
            views=views.get((placement.person_id, placement.provider_id), ()),
            questions_count=questions,
            today=today,
        )
        for placement in placements
    )


def _told_apart(person: Person, called: Counter[str]) -> str:
    return person.called if called[person.called] == 1 else f"{person.called} {person.family_name}"


def view_months(checklists: QuerySet[Checklist]) -> dict[tuple[int, int], tuple[ViewMonth, ...]]:
    """Checklists by person and provider, in the order of views. Two queries."""
    found = list(checklists.annotate(answered=Count("answers")).select_related("saved_by"))
    steps = {
        step.checklist_id: step
        for step in ChecklistStep.objects.filter(checklist__in=[each.pk for each in found])
        .exclude(kind=ChecklistStep.Kind.CORRECTED)
        .order_by("at", "pk")
    }
    places = {view: place for place, view in enumerate(View.values)}
    by_person: dict[tuple[int, int], list[ViewMonth]] = {}
    for checklist in sorted(found, key=lambda each: places.get(each.view, 99)):
        by_person.setdefault((checklist.person_id, checklist.provider_id), []).append(
            _view_month(checklist, steps.get(checklist.pk))
        )
    return {key: tuple(views) for key, views in by_person.items()}


def _view_month(checklist: Checklist, step: ChecklistStep | None) -> ViewMonth:
    if checklist.status == Checklist.Status.DRAFT:
        step = None
    return ViewMonth(
        checklist_id=checklist.pk,
        version=checklist.version,
        view=checklist.view,
        progress=_PROGRESS[Checklist.Status(checklist.status)],
        answered_count=getattr(checklist, "answered", 0),
        at=step.at if step else checklist.saved_at,
        sent_on=checklist.submitted_on,
        by_name=step.by_name if step else str(checklist.saved_by or ""),
        by_user_id=step.by_id if step else checklist.saved_by_id,
        words=step.words if step else "",
    )
