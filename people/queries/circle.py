"""Who is around a person: their circle of support, the clinicians who advise, and who is responsible."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role, User
from people.models import CircleMember, ClinicalInvolvement, Person, Responsibility


@dataclass(frozen=True)
class Circle:
    """The people around somebody today, who was before, and the clinicians with access to the record."""

    now: tuple[CircleMember, ...]
    before: tuple[CircleMember, ...]
    clinicians: tuple[ClinicalInvolvement, ...]
    clinicians_before: tuple[ClinicalInvolvement, ...]

    @property
    def has_advocate(self) -> bool:
        return any(member.part == CircleMember.Part.ADVOCATE for member in self.now)


def circle(person: Person, on: dt.date) -> Circle:
    """Family first, then friends, advocates and workers. Two queries."""
    order = {part: place for place, part in enumerate(CircleMember.Part.values)}
    members = sorted(person.circle.all(), key=lambda member: (order[member.part], member.name))
    clinicians = list(person.clinicians.select_related("user").order_by("user__name", "start"))
    return Circle(
        now=tuple(each for each in members if each.ended_on is None),
        before=tuple(each for each in members if each.ended_on is not None),
        clinicians=tuple(each for each in clinicians if each.end is None or each.end >= on),
        clinicians_before=tuple(each for each in clinicians if each.end is not None and each.end < on),
    )


def circle_member_for(person: Person, pk: int) -> CircleMember:
    """Raises Http404 for somebody in another person's circle."""
    member = person.circle.filter(pk=pk).first()
    if member is None:
        raise Http404("Nobody of this person’s circle")
    return member


def involvement_for(person: Person, pk: int) -> ClinicalInvolvement:
    """Raises Http404 for a clinician's advice to another person."""
    involvement = person.clinicians.filter(pk=pk).select_related("user").first()
    if involvement is None:
        raise Http404("No clinician of this person")
    return involvement


def clinician_choices(actor: Actor, on: dt.date) -> QuerySet[User]:
    """The clinicians of the actor's partnership."""
    members = actor.partnership.memberships.current(on).filter(role=Role.CLINICIAN)
    return User.objects.filter(pk__in=members.values("user_id")).order_by("name")


@dataclass(frozen=True)
class Responsible:
    """The dated responsibilities, newest first, and where they say other than the record's own council and board."""

    rows: tuple[Responsibility, ...]
    disagreements: tuple[str, ...]


def responsibilities(person: Person, on: dt.date) -> Responsible:
    """Who has been responsible for the person, by date. One query."""
    rows = tuple(person.responsibilities.select_related("organisation").order_by("role", "-start", "-pk"))
    said = {Responsibility.Body.COUNCIL: person.council, Responsibility.Body.ICB: person.icb}
    disagreements = []
    for role, organisation in said.items():
        now = [row for row in rows if row.role == role and row.start <= on and (row.end is None or row.end >= on)]
        if now and organisation not in [row.organisation for row in now]:
            names = " and ".join(str(row.organisation) for row in now)
            disagreements.append(f"The record names {organisation}, but the dates below say {names}.")
    return Responsible(rows, tuple(disagreements))


def responsibility_for(person: Person, pk: int) -> Responsibility:
    """Raises Http404 for another person's."""
    row = person.responsibilities.filter(pk=pk).select_related("organisation", "person").first()
    if row is None:
        raise Http404("No such responsibility of this person")
    return row
