"""Who looked at a person's record."""

import datetime as dt
from dataclasses import dataclass

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role
from commissioning.accounts.navigation import PERSON_ENTRIES
from commissioning.audit.models import RecordRead
from people.models import Person

_PAGES = {entry.url_name: entry.text for entry in PERSON_ENTRIES}


@dataclass(frozen=True)
class Read:
    """One look at the record: who, in which role and organisation, which page, when, and why where it was asked."""

    at: dt.datetime
    who: str
    role: str
    organisation: str
    page: str
    reason: str


def reads_of(actor: Actor, person: Person, *, first: int = 0, most: int = 5) -> tuple[tuple[Read, ...], int]:
    """Looks at the record, newest first, from the `first`-th on, and how many there are in all. Two queries."""
    reads = RecordRead.objects.filter(person_id=person.pk, partnership_code=actor.partnership.code)
    rows = reads.order_by("-at", "-pk")[first : first + most]
    shown = tuple(
        Read(
            at=row.at,
            who=row.user_name,
            role=Role(row.role).label if row.role in Role.values else row.role,
            organisation=row.organisation,
            page=_PAGES.get(row.route, row.route.replace("_", " ").capitalize()),
            reason=row.reason,
        )
        for row in rows
    )
    return shown, reads.count()
