"""Who is responsible for a person, on what basis, from when to when."""

import datetime as dt

from django.db import transaction

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, OrganisationKind
from commissioning.accounts.permissions import require_commissioner
from commissioning.core.editing import lock
from commissioning.core.errors import Refused
from people.models import Person, Responsibility

_KINDS = {Responsibility.Body.COUNCIL: OrganisationKind.COUNCIL, Responsibility.Body.ICB: OrganisationKind.ICB}


@transaction.atomic
def add_responsibility(
    *,
    person: Person,
    organisation: Organisation,
    basis: str,
    start: dt.date,
    end: dt.date | None = None,
    by: Actor,
) -> Responsibility:
    """Records that a council or NHS board is responsible for the person. Raises Refused."""
    require_commissioner(by)
    role = _role_of(organisation, by)
    _check_days(person, start, end)
    if person.responsibilities.filter(role=role, organisation=organisation, start=start).exists():
        raise Refused(f"{organisation} is already recorded as responsible from this day", field="start")
    return Responsibility.objects.create(
        person=person, role=role, organisation=organisation, basis=basis, start=start, end=end
    )


@transaction.atomic
def change_responsibility(
    *,
    responsibility: Responsibility,
    basis: str,
    start: dt.date,
    end: dt.date | None,
    version: str | None = None,
    by: Actor,
) -> Responsibility:
    """Corrects the basis or the days, or ends it. Raises Stale; Refused."""
    require_commissioner(by)
    current = lock(responsibility, version)
    _check_days(current.person, start, end)
    others = Responsibility.objects.exclude(pk=current.pk).filter(person=current.person, role=current.role)
    if others.filter(organisation=current.organisation, start=start).exists():
        raise Refused(f"{current.organisation} is already recorded as responsible from this day", field="start")
    current.basis, current.start, current.end = basis, start, end
    current.save()
    return current


def _role_of(organisation: Organisation, by: Actor) -> str:
    for role, kind in _KINDS.items():
        if organisation.kind == kind and by.partnership.links.filter(organisation=organisation).exists():
            return role
    raise Refused("Choose a council or NHS board of this partnership", field="organisation")


def _check_days(person: Person, start: dt.date, end: dt.date | None) -> None:
    if start < person.date_of_birth:
        raise Refused("The first day must be on or after the person’s date of birth", field="start")
    if end is not None and end < start:
        raise Refused("The last day must be on or after the first day", field="end")
