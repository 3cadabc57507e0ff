"""A person's circle of support, and the clinicians who advise on their support."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role, User
from commissioning.accounts.permissions import require_commissioner
from commissioning.core.editing import lock
from commissioning.core.errors import Refused
from people.models import CircleMember, ClinicalInvolvement, Person


@transaction.atomic
def add_to_circle(
    *, person: Person, name: str, part: str, relationship: str = "", contact: str = "", by: Actor
) -> CircleMember:
    """Adds somebody to the circle: family, friend, advocate, worker, clinician. Raises Refused."""
    require_commissioner(by)
    name = _name(name)
    _check_not_there(person, name, part, None)
    return CircleMember.objects.create(
        person=person, name=name, part=part, relationship=relationship.strip(), contact=contact.strip()
    )


@transaction.atomic
def change_circle_member(
    *,
    member: CircleMember,
    name: str,
    part: str,
    relationship: str = "",
    contact: str = "",
    version: str | None = None,
    by: Actor,
) -> CircleMember:
    """Corrects what is kept of somebody in the circle, opened at `version`. Raises Stale; Refused."""
    require_commissioner(by)
    current = lock(member, version)
    name = _name(name)
    _check_not_there(current.person, name, part, current)
    current.name, current.part = name, part
    current.relationship, current.contact = relationship.strip(), contact.strip()
    current.save()
    return current


@transaction.atomic
def end_circle_member(
    *, member: CircleMember, ended_on: dt.date, version: str | None = None, by: Actor
) -> CircleMember:
    """Somebody is no longer in the circle; the record of them stays. Raises Stale; Refused."""
    require_commissioner(by)
    if ended_on > timezone.localdate():
        raise Refused("The last day must not be in the future", field="ended_on")
    current = lock(member, version)
    current.ended_on = ended_on
    current.save(update_fields=["ended_on"])
    return current


@transaction.atomic
def add_clinician(*, person: Person, user: User, start: dt.date, by: Actor) -> ClinicalInvolvement:
    """Lets a clinician advise on the person's support, and so see their record without prices. Raises Refused."""
    require_commissioner(by)
    memberships = by.partnership.memberships.current(timezone.localdate())
    if not memberships.filter(user=user, role=Role.CLINICIAN).exists():
        raise Refused("Choose a clinician of this partnership", field="user")
    if person.clinicians.filter(user=user, end__isnull=True).exists():
        raise Refused(f"{user} already advises on {person.called}’s support", field="user")
    if person.clinicians.filter(user=user, end__gte=start).exists():
        raise Refused(f"{user} already advised on that day. Enter a later day", field="start")
    return ClinicalInvolvement.objects.create(person=person, user=user, start=start)


@transaction.atomic
def end_clinician(
    *, involvement: ClinicalInvolvement, end: dt.date, version: str | None = None, by: Actor
) -> ClinicalInvolvement:
    """From the day after, the clinician no longer sees the person's record. Raises Stale; Refused."""
    require_commissioner(by)
    current = lock(involvement, version)
    if end < current.start:
        raise Refused("The last day must be on or after the first day", field="end")
    current.end = end
    current.save(update_fields=["end"])
    return current


def _name(name: str) -> str:
    tidied = " ".join(name.split())
    if not tidied:
        raise Refused("Enter a name", field="name")
    return tidied


def _check_not_there(person: Person, name: str, part: str, existing: CircleMember | None) -> None:
    same = person.circle.filter(name__iexact=name, part=part).exclude(pk=existing.pk if existing else 0)
    if same.exists():
        what = CircleMember.Part(part).label.lower()
        raise Refused(f"{name} is already in the circle as {what}", field="name")
