"""Plans in versions, and goals with the story of their reviews."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.http import Http404

from commissioning.accounts.actors import Actor
from people.models import Goal, Person, Plan, PlanQuerySet


@dataclass(frozen=True)
class Version:
    """A plan's version in a list of them."""

    number: int
    status: str
    agreed_on: dt.date | None


def current_plan(actor: Actor, person: Person) -> Plan | None:
    """The agreed plan; None before the first is agreed."""
    return _visible(actor, person).filter(status=Plan.Status.AGREED).first()


def draft_plan(actor: Actor, person: Person) -> Plan | None:
    return _visible(actor, person).filter(status=Plan.Status.DRAFT).first()


def plan_for(actor: Actor, person: Person, number: int) -> Plan:
    """One version. Raises Http404 where there is none that the actor may read."""
    plan = _visible(actor, person).filter(number=number).select_related("person").first()
    if plan is None:
        raise Http404("No such version")
    return plan


def plan_versions(actor: Actor, person: Person) -> list[Version]:
    """Newest first."""
    plans = _visible(actor, person).order_by("-number")
    return [Version(plan.number, plan.get_status_display(), plan.agreed_on) for plan in plans]


def _visible(actor: Actor, person: Person) -> PlanQuerySet:
    return Plan.objects.visible_to(actor).filter(person=person)


@dataclass(frozen=True)
class PlanToReview:
    """A person whose plan wants attention: due by a day, late, never agreed, or a draft that waits."""

    person: Person
    review_by: dt.date | None
    what: str

    def is_late(self, today: dt.date) -> bool:
        return self.review_by is not None and self.review_by < today


def plans_to_review(actor: Actor, today: dt.date, *, within_days: int = 30, most: int = 100) -> list[PlanToReview]:
    """Agreed plans whose review is late or due soon, the earliest first. One query."""
    plans = Plan.objects.visible_to(actor).filter(
        status=Plan.Status.AGREED, review_by__lte=today + dt.timedelta(days=within_days), person__died_on__isnull=True
    )
    return [
        PlanToReview(plan.person, plan.review_by, f"Review {plan.person.called}’s plan")
        for plan in plans.select_related("person").order_by("review_by", "pk")[:most]
    ]


@dataclass(frozen=True)
class GoalReview:
    """What was kept of a goal at one time, by whom."""

    kept_on: dt.date
    by: str
    status: str
    progress: str
    words: str


@dataclass(frozen=True)
class GoalShown:
    """A goal with its earlier reviews, newest first."""

    goal: Goal
    reviews: tuple[GoalReview, ...]

    @property
    def marks(self) -> tuple[bool, ...]:
        """The five places of the scale, the one reached set."""
        return tuple(self.goal.progress == place for place in Goal.PROGRESS)


def goals_of(actor: Actor, person: Person) -> list[GoalShown]:
    """The person's goals: those being worked on first. Two queries."""
    order = {status: place for place, status in enumerate(Goal.Status.values)}
    goals = sorted(
        Goal.objects.visible_to(actor).filter(person=person), key=lambda goal: (order[goal.status], goal.reference)
    )
    reviews = _reviews(goals, with_names=not actor.is_provider)
    return [GoalShown(goal, tuple(reviews.get(goal.pk, ()))) for goal in goals]


def goal_for(actor: Actor, person: Person, reference: str) -> Goal:
    """Raises Http404 where the person has no such goal."""
    goal = Goal.objects.visible_to(actor).filter(person=person, reference=reference).first()
    if goal is None:
        raise Http404("No such goal")
    return goal


def _reviews(goals: list[Goal], *, with_names: bool) -> dict[int, list[GoalReview]]:
    """From the history that triggers keep: each change of progress, status or words. A provider is told no names."""
    events: Any = apps.get_model("people", "GoalEvent")._default_manager.filter(
        pgh_obj_id__in=[goal.pk for goal in goals]
    )
    told: dict[int, list[GoalReview]] = {}
    last: dict[int, tuple[object, ...]] = {}
    for event in events.select_related("pgh_context").order_by("pgh_id"):
        said = (event.progress, event.status, event.words, event.reviewed_on)
        if last.get(event.pgh_obj_id) == said:
            continue
        last[event.pgh_obj_id] = said
        metadata = event.pgh_context.metadata if event.pgh_context else {}
        told.setdefault(event.pgh_obj_id, []).insert(
            0,
            GoalReview(
                kept_on=event.reviewed_on or event.agreed_on,
                by=metadata.get("name", "") if with_names else "",
                status=Goal.Status(event.status).label,
                progress=Goal(progress=event.progress).progress_in_words,
                words=event.words,
            ),
        )
    return told
