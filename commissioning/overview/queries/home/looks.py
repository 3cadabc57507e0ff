"""For auditors: who looked at records lately, and what was refused."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role
from commissioning.audit.models import RecordRead
from people.models import Person

DAYS = 7
SHOWN = 10
# Names on somebody's first page count as looks; among the latest they would hide who opened which record.
FIRST_PAGES = ("home", "need")


@dataclass(frozen=True)
class Look:
    """One look at one person's record; `reference` and `person_id` are empty where the person is no longer recorded."""

    at: dt.datetime
    who: str
    role: str
    organisation: str
    person: str
    reference: str
    person_id: int | None


@dataclass(frozen=True)
class Looks:
    """Looks of a week, by how many people at how many people's records, and the latest ones."""

    looks_count: int
    readers_count: int
    people_count: int
    latest: tuple[Look, ...]

    @property
    def people_named(self) -> frozenset[int]:
        return frozenset(look.person_id for look in self.latest if look.person_id is not None)


def looks_lately(actor: Actor, today: dt.date) -> Looks:
    """The last week's looks in the partnership. Three queries."""
    start = timezone.make_aware(dt.datetime.combine(today - dt.timedelta(days=DAYS - 1), dt.time.min))
    reads = RecordRead.objects.filter(partnership_code=actor.partnership.code, at__gte=start)
    pairs = list(reads.values_list("user_id", "person_id"))
    rows = list(reads.exclude(route__in=FIRST_PAGES).order_by("-pk")[:SHOWN])
    people = Person.objects.visible_to(actor).in_bulk([row.person_id for row in rows])
    latest = []
    for row in rows:
        person = people.get(row.person_id)
        latest.append(
            Look(
                at=row.at,
                who=row.user_name,
                role=Role(row.role).label if row.role in Role.values else row.role,
                organisation=row.organisation,
                person=person.label_for(actor) if person else "somebody no longer recorded",
                reference=person.reference if person else "",
                person_id=person.pk if person else None,
            )
        )
    return Looks(len(pairs), len({user for user, _ in pairs}), len({person for _, person in pairs}), tuple(latest))
