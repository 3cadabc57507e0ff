"""Who looked at a person's record."""

import datetime as dt
from dataclasses import dataclass

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role
from commissioning.audit.models import RecordRead
from commissioning.overview.queries.person.page_titles import title_of
from people.models import Person


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
            page=title_of(row.route),
            reason=row.reason,
        )
        for row in rows
    )
    return shown, reads.count()
