"""Incidents, counted. A month without incidents is a true zero only while the person was supported."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.http import Http404

from commissioning.accounts.actors import Actor
from commissioning.core.periods import Month
from outcomes.models import Incident
from people.models import Person

# Harm that needed treatment, and severe harm (cost rule 9 counts these).
SERIOUS = 3


@dataclass(frozen=True)
class IncidentMonth:
    """A person's incidents of a month: all, those of severity 3 and 4, and those with a restrictive practice."""

    month: Month
    incidents_count: int
    serious_count: int
    restrictive_count: int


@dataclass(frozen=True)
class PersonIncidents:
    """The same for one of many people."""

    person_id: int
    month: Month
    incidents_count: int
    serious_count: int
    restrictive_count: int


def _counts(incidents: QuerySet[Incident]) -> QuerySet[Incident, tuple[int, dt.date, int, int, int]]:
    """Person, month, incidents, serious ones, those with a restrictive practice."""
    return (
        incidents.order_by()
        .annotate(in_month=TruncMonth("occurred_on"))
        .values("person_id", "in_month")
        .annotate(
            every=Count("pk"),
            serious=Count("pk", filter=Q(severity__gte=SERIOUS)),
            restrictive=Count("pk", filter=Q(restrictive_practice=True)),
        )
        .order_by("person_id", "in_month")
        .values_list("person_id", "in_month", "every", "serious", "restrictive")
    )


def incidents_by_month(person: Person, *, actor: Actor | None = None) -> tuple[IncidentMonth, ...]:
    """A person's incidents by month, oldest first; months without any are left out. One query."""
    incidents = Incident.objects.visible_to(actor) if actor else Incident.objects.all()
    return tuple(
        IncidentMonth(Month.of(month), every, serious, restrictive)
        for _, month, every, serious, restrictive in _counts(incidents.filter(person=person))
    )


def incident_counts(
    people: Iterable[int] | QuerySet[Person], from_month: Month, to_month: Month
) -> tuple[PersonIncidents, ...]:
    """Incidents of many people by person and month, both ends included; months without any are left out. One query."""
    incidents = Incident.objects.filter(
        person__in=people, occurred_on__gte=from_month.first, occurred_on__lte=to_month.last
    )
    return tuple(
        PersonIncidents(person_id, Month.of(month), every, serious, restrictive)
        for person_id, month, every, serious, restrictive in _counts(incidents)
    )


def incidents_visible_to(actor: Actor) -> QuerySet[Incident]:
    """The incidents an actor may read, newest first, each with its person and placement."""
    return Incident.objects.visible_to(actor).select_related("person", "placement__provider")


def incident_for(actor: Actor, reference: str) -> Incident:
    """One incident by its reference. Raises Http404 out of scope."""
    incident = incidents_visible_to(actor).filter(reference=reference).first()
    if incident is None:
        raise Http404("No such incident.")
    return incident


def knows_person(actor: Actor, person: Person) -> bool:
    """Whether the actor may open the person's record today, beside what they wrote of them before."""
    return Person.objects.visible_to(actor).filter(pk=person.pk).exists()


def person_to_record(actor: Actor, reference: str) -> Person:
    """Somebody whose incidents the actor may record. Raises Http404 out of scope."""
    person = Person.objects.visible_to(actor).filter(reference=reference).first()
    if person is None:
        raise Http404("No such person.")
    return person


# More people than this are searched for by name rather than listed.
MOST_LISTED = 60


def people_to_record(actor: Actor, text: str = "") -> list[Person]:
    """People to choose from, by name: those that match the text, at most `MOST_LISTED`."""
    people = Person.objects.visible_to(actor)
    if text:
        people = people.matching(text)
    return list(people.order_by("given_name", "family_name", "reference")[:MOST_LISTED])
