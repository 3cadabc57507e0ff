"""Legal holds: while one is in force, nothing of the record is erased."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Partnership
from commissioning.accounts.permissions import require_commissioner
from commissioning.core.editing import lock
from commissioning.core.errors import Refused
from commissioning.rights.models import LegalHold
from people.models import Person


def lock_partnership(partnership: Partnership) -> None:
    """Holds and erasures of a partnership happen one after the other; records may be added meanwhile."""
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)


@transaction.atomic
def place_hold(
    *,
    person: Person | None,
    kind: str,
    reason: str,
    starts_on: dt.date,
    ends_on: dt.date | None,
    by: Actor,
) -> LegalHold:
    """Keep one person's record, or with no person everybody's of the partnership. Raises Refused."""
    require_commissioner(by)
    lock_partnership(by.partnership)
    if not reason.strip():
        raise Refused("Enter why the record must be kept", field="reason")
    if ends_on is not None and ends_on < starts_on:
        raise Refused("The last day must be on or after the first", field="ends_on")
    return LegalHold.objects.create(
        partnership=by.partnership,
        person=person,
        kind=kind,
        reason=reason.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        placed_by=by.user,
        placed_by_name=by.name,
    )


@transaction.atomic
def lift_hold(*, hold: LegalHold, version: str | None, reason: str, by: Actor) -> LegalHold:
    """End a hold today, with a reason. Raises Stale; Refused where it was lifted already."""
    require_commissioner(by)
    current = lock(hold, version)
    if current.lifted_by_name:
        raise Refused("This hold was lifted already")
    if not reason.strip():
        raise Refused("Enter why the record need no longer be kept", field="reason")
    current.lifted_by_name, current.lift_reason = by.name, reason.strip()
    current.ends_on = max(timezone.localdate(), current.starts_on)
    current.save()
    return current
