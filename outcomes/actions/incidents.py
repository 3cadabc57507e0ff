"""Incidents: what went wrong for a person, recorded where it happened."""

import datetime as dt
import re
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Partnership, Role
from commissioning.accounts.permissions import require_role
from commissioning.core.editing import lock
from commissioning.core.errors import Refused
from outcomes.models import Incident
from people.models import Person, Placement

PREFIX = "INC-"


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

    Raises PermissionDenied for roles that do not record, Refused for a day in the future, after the person's death,
    or on which the provider did not support the person.
    """
    _check_may_record(by)
    _check_day(person, facts.occurred_on)
    return Incident.objects.create(
        partnership=by.partnership,
        reference=_next_reference(by.partnership),
        person=person,
        placement=_placement_on(person, facts.occurred_on, by),
        **asdict(facts),
    )


@transaction.atomic
def change_incident(*, incident: Incident, facts: IncidentFacts, version: str | None, by: Actor) -> Incident:
    """Change what is said of an incident, opened at `version`. Raises Stale; Refused for a day that cannot be."""
    _check_may_record(by)
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


def _next_reference(partnership: Partnership) -> str:
    """The next free reference; the partnership is held, so that two incidents at once get two."""
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    taken = Incident.objects.filter(partnership=partnership, reference__regex=rf"^{PREFIX}\d+$")
    # A provider sees only its own incidents, but the numbers are the partnership's.
    with scope.acting(Actor.system(partnership)):
        numbers = [int(re.sub(r"\D", "", reference)) for reference in taken.values_list("reference", flat=True)]
    return f"{PREFIX}{max(numbers, default=0) + 1:04d}"
