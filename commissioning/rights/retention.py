"""Whose records are due for review: the days until which they are kept, by the partnership's own years."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Partnership
from commissioning.rights.due import YEARS, keep_until
from commissioning.rights.models import Erasure, LegalHold, RetentionReview, RetentionRule
from finance.models import FundingShare, Route
from people.models import HOSPITALS, Person, Placement

MENTAL_HEALTH_SETTINGS = [each for each in HOSPITALS if each != "other_hospital"]


@dataclass(frozen=True)
class Kept:
    """Until which day a record is kept, by which rule; `reason` is of a decision to keep it longer."""

    day: dt.date
    rule: str
    reason: str = ""


@dataclass(frozen=True)
class Due:
    """A record whose time is over: since when, whether a hold keeps it, whether an erasure was begun."""

    person: Person
    kept: Kept
    is_held: bool
    is_being_erased: bool


def years_of(partnership: Partnership) -> dict[str, int]:
    """The partnership's years by rule."""
    chosen = RetentionRule.objects.filter(partnership=partnership).values_list("after", "years")
    return {**YEARS, **dict(chosen)}


def kept_until(person: Person) -> Kept | None:
    """Until when one person's record is kept; None while support goes on or never was."""
    people = _ended(Person.objects.filter(pk=person.pk))
    return next((kept for _, kept in _kept(people, years_of(person.partnership))), None)


def due_for_review(actor: Actor, today: dt.date) -> list[Due]:
    """Records of the partnership whose time is over, the longest first. Six queries."""
    people = _ended(Person.objects.visible_to(actor))
    erased = Q(erasures__state=Erasure.State.DONE)
    over = [(person, kept) for person, kept in _kept(people.exclude(erased), years_of(actor.partnership))
            if kept.day < today]  # fmt: skip
    holds = LegalHold.objects.filter(partnership=actor.partnership).on(today)
    held = set(holds.values_list("person_id", flat=True))
    open_ = Erasure.objects.filter(state__in=[Erasure.State.WAITING, Erasure.State.APPROVED])
    begun = set(open_.filter(partnership=actor.partnership).values_list("person_id", flat=True))
    found = [Due(person, kept, None in held or person.pk in held, person.pk in begun) for person, kept in over]
    return sorted(found, key=lambda due: (due.kept.day, due.person.reference))


def _ended(people: "QuerySet[Person]") -> "QuerySet[Person]":
    """People whose support has ended, with its last day and whether it was mental health care."""
    placements = Placement.objects.filter(person=OuterRef("pk"))
    shares = FundingShare.objects.filter(placement__person=OuterRef("pk"), route=Route.S117)
    return people.annotate(
        last=Max("placements__end"),
        is_open=Exists(placements.filter(end__isnull=True)),
        mental=Exists(placements.filter(setting__in=MENTAL_HEALTH_SETTINGS)),
        aftercare=Exists(shares),
    ).filter(is_open=False, last__isnull=False)


def _kept(people: "Iterable[Person]", years: Mapping[str, int]) -> "list[tuple[Person, Kept]]":
    found = list(people)
    longer = _longer(found)
    result = []
    for person in found:
        day, rule = keep_until(
            born=person.date_of_birth,
            support_ended=person.last,  # type: ignore[attr-defined]  # annotated
            died_on=person.died_on,
            mental_health=person.mental or person.aftercare,  # type: ignore[attr-defined]  # annotated
            years=years,
        )
        kept = Kept(day, RetentionRule.After(rule).label)
        review = longer.get(person.pk)
        if review is not None and review.keep_until > day:
            kept = Kept(review.keep_until, "Reviewed, and kept longer", review.reason)
        result.append((person, kept))
    return result


def _longer(people: "list[Person]") -> dict[int, RetentionReview]:
    reviews = RetentionReview.objects.filter(person__in=people).order_by("keep_until")
    return {review.person_id: review for review in reviews}
