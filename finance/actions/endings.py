"""The end of a placement, with its prices and shares."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from commissioning.accounts.actors import Actor
from commissioning.accounts.permissions import require_commissioner
from commissioning.core.editing import check
from commissioning.core.errors import Refused
from commissioning.core.periods import words
from finance.actions.lines import lock
from finance.models import Basis
from finance.queries.records import kept_with
from people.models import Placement


@transaction.atomic
def end_placement(
    *, placement: Placement, end: dt.date, reason: str, version: str | None = None, by: Actor
) -> Placement:
    """The last day paid and why: prices and shares end that day, recurring ones that begin later are taken out.

    Raises Stale when it, a price or a share was saved since it was opened at `version`; Refused for a day before the
    placement began or when it has already ended by then.
    """
    require_commissioner(by)
    lock(placement)
    placement.refresh_from_db()
    check(version, *kept_with(placement))
    if not reason:
        raise Refused("Choose why the placement ends", field="reason")
    if end < placement.start:
        raise Refused(f"The last day must be on or after {words(placement.start)}, when it started", field="end")
    if placement.end is not None and placement.end < end:
        raise Refused(f"This placement already ended on {words(placement.end)}", field="end")
    placement.end, placement.end_reason = end, reason
    placement.version += 1
    placement.save()
    recurring = placement.cost_lines.exclude(basis=Basis.ONE_OFF)
    recurring.filter(start__gt=end).delete()
    recurring.filter(Q(end__isnull=True) | Q(end__gt=end)).update(end=end)
    placement.shares.filter(start__gt=end).delete()
    placement.shares.filter(Q(end__isnull=True) | Q(end__gt=end)).update(end=end)
    placement.suspensions.filter(start__gt=end).delete()
    placement.suspensions.filter(Q(end__isnull=True) | Q(end__gt=end)).update(end=end)
    return placement
