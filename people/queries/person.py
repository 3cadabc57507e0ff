"""One person, within what an actor may see."""

import datetime as dt

from django.db.models import Case, IntegerField, OuterRef, QuerySet, Value, When
from django.http import Http404

from commissioning.accounts.actors import Actor
from people.models import HOSPITALS, Person, Placement, Setting


def person_for(actor: Actor, reference: str) -> Person:
    """The person with this reference, with their council and board. Raises Http404 when out of the actor's reach."""
    people = Person.objects.visible_to(actor).select_related("council", "icb", "partnership")
    try:
        return people.get(reference=reference)
    except Person.DoesNotExist as error:
        raise Http404("No such person") from error


def age_on(person: Person, on: dt.date) -> int:
    """Whole years; the age at death for somebody who has died."""
    last = min(on, person.died_on) if person.died_on else on
    born = person.date_of_birth
    return last.year - born.year - ((last.month, last.day) < (born.month, born.day))


def placement_now(actor: Actor, on: dt.date) -> QuerySet[Placement]:
    """For `Subquery` over people: where each is on a day, as the actor may see."""
    return placements_by_rank(actor, on).filter(person=OuterRef("pk"))


def placements_by_rank(actor: Actor, on: dt.date) -> QuerySet[Placement]:
    """Placements in force on a day: hospital stays first, then homes, then other support; the newest first."""
    rank = Case(
        When(setting__in=HOSPITALS, then=Value(0)),
        When(setting__in=[Setting.DAY_SUPPORT, Setting.SHORT_BREAK], then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return Placement.objects.visible_to(actor).in_force(on).order_by(rank, "-start", "pk")


def lives_now(actor: Actor, person: Person, on: dt.date) -> Placement | None:
    """Where the person is on a day, as far as the actor may see."""
    placements = placements_by_rank(actor, on).filter(person=person)
    return placements.select_related("provider", "landlord").first()
