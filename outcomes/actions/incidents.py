"""Incidents: what went wrong for a person, recorded where it happened."""

import datetime as dt
import secrets
from dataclasses import asdict, dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Partnership, Role
from commissioning.accounts.permissions import require_role
from commissioning.core.editing import lock
from commissioning.core.errors import Refused
from outcomes.models import Incident
from outcomes.queries.incidents import knows_person
from people.models import Person, Placement

PREFIX = "INC-"
# Letters and digits that nobody takes for one another.
MARKS = "23456789BCDFGHJKMNPQRTVWXY"


@dataclass(frozen=True)
class IncidentFacts:
    """What is said of an incident."""

    occurred_on: dt.date
    kind: str
    severity: int
    restrictive_practice: bool | None
    note: str = ""


def _check_may_record(by: Actor) -> None:
    require_role(by, Role.PROVIDER_MANAGER, Role.PROVIDER_STAFF, Role.COMMISSIONER, Role.CLINICIAN)


@transaction.atomic
def record_incident(*, person: Person, facts: IncidentFacts, by: Actor) -> Incident:
    """Record an incident, with a reference of its own and the placement of that day.

    Raises PermissionDenied for roles that do not record and where the person is out of reach, Refused for a day in
    the future, after the person's death, or on which the provider did not support the person.
    """
    _check_may_record(by)
    if not knows_person(by, person):
        raise PermissionDenied("You cannot open this person's record.")
    _check_day(person, facts.occurred_on)
    return Incident.objects.create(
        partnership=by.partnership,
        reference=_new_reference(by.partnership),
        person=person,
        placement=_placement_on(person, facts.occurred_on, by),
        **asdict(facts),
    )


def check_can_change_incident(incident: Incident, by: Actor) -> None:
    """Raises PermissionDenied for a role that records none, and where a provider supports the person no longer.

    What a provider recorded before the person moved on stays theirs to read, not to change.
    """
    _check_may_record(by)
    if not knows_person(by, incident.person):
        raise PermissionDenied("Your organisation no longer supports this person.")


def can_change_incident(incident: Incident, by: Actor) -> bool:
    try:
        check_can_change_incident(incident, by)
    except PermissionDenied:
        return False
    return True


@transaction.atomic
def change_incident(*, incident: Incident, facts: IncidentFacts, version: str | None, by: Actor) -> Incident:
    """Change what is said of an incident, opened at `version`. Raises Stale; Refused for a day that cannot be."""
    check_can_change_incident(incident, by)
    locked = lock(incident, version)
    _check_day(locked.person, facts.occurred_on)
    if locked.occurred_on != facts.occurred_on:
        locked.placement = _placement_on(locked.person, facts.occurred_on, by)
    for name, value in asdict(facts).items():
        setattr(locked, name, value)
    locked.save()
    return locked


def _check_day(person: Person, day: dt.date) -> None:
    if day > timezone.localdate():
        raise Refused("Enter a day that is not in the future", field="occurred_on")
    if day < person.date_of_birth:
        raise Refused(f"Check the year: {person.called} was not born then", field="occurred_on")
    if person.died_on and day > person.died_on:
        raise Refused(f"{person.called} died before this day", field="occurred_on")


def _placement_on(person: Person, day: dt.date, by: Actor) -> Placement | None:
    """Where the person was that day: a provider's own placement for a provider, their home before anything else."""
    placements = Placement.objects.visible_to(by).in_force(day).filter(person=person).order_by("start", "pk")
    found = sorted(placements, key=lambda each: (not each.is_home, bool(each.double_running)))
    if not found and by.is_provider:
        raise Refused(f"Your organisation did not support {person.called} on this day", field="occurred_on")
    return found[0] if found else None


def _new_reference(partnership: Partnership) -> str:
    """A reference that says nothing: numbers in order would tell a provider how many incidents the others recorded."""
    while True:
        reference = PREFIX + "".join(secrets.choice(MARKS) for _ in range(6))
        # A provider sees only its own incidents, but a reference is the partnership's.
        with scope.acting(Actor.system(partnership)):
            if not Incident.objects.filter(partnership=partnership, reference=reference).exists():
                return reference
