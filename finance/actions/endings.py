"""The end of a placement, with its prices and shares; and what a death ends."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from commissioning.accounts.actors import Actor
from commissioning.accounts.permissions import require_commissioner
from commissioning.core.editing import check
from commissioning.core.errors import Refused
from commissioning.core.periods import words
from finance.actions.lines import lock
from finance.models import Basis
from finance.queries.records import kept_with
from people.models import Person, Placement


@transaction.atomic
def end_placement(
    *, placement: Placement, end: dt.date, reason: str, version: str | None = None, by: Actor
) -> Placement:
    """The last day paid and why: prices and shares end that day, recurring ones that begin later are taken out.

    After a death prices run on for the days that the contract pays.

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
    died = reason == Placement.EndReason.DIED
    _end(placement, end, reason, paid_to=paid_after_death(placement, end) if died else end)
    return placement


@transaction.atomic
def end_for_death(person: Person, died_on: dt.date, by: Actor) -> None:
    """Every placement ends on the day of death; what was planned for later does not begin, and is taken out.

    Prices, other than what the person paid themselves, run on for the days that the contract pays after a death. A
    planned placement for which something was paid already stays, of a single day, with that alone.
    """
    require_commissioner(by)
    goes_on = Q(end__isnull=True) | Q(end__gt=died_on)
    for placement in Placement.objects.filter(goes_on, person=person).order_by("pk"):
        lock(placement)
        placement.refresh_from_db()
        if placement.start <= died_on:
            _end(placement, died_on, Placement.EndReason.DIED, paid_to=paid_after_death(placement, died_on))
        elif placement.cost_lines.filter(start__lte=died_on).exists():
            _end(placement, placement.start, Placement.EndReason.DIED, paid_to=died_on)
        else:
            placement.delete()


def paid_after_death(placement: Placement, died_on: dt.date) -> dt.date:
    """The last day that is paid: the day of death, or as many days later as the contract says."""
    days = placement.contract.days_paid_after_death if placement.contract else None
    return died_on + dt.timedelta(days=days or 0)


def _end(placement: Placement, end: dt.date, reason: str, *, paid_to: dt.date) -> None:
    placement.end, placement.end_reason = end, reason
    placement.version += 1
    placement.save()
    recurring = placement.cost_lines.exclude(basis=Basis.ONE_OFF)
    _cut(recurring.filter(amount__lt=0), min(end, paid_to))
    _cut(recurring, paid_to)
    _cut(placement.shares.all(), paid_to)
    _cut(placement.suspensions.all(), end)


def _cut(rows: QuerySet[Any], last: dt.date) -> None:
    """Rows of days end by a day at the latest; those that begin after it are taken out."""
    rows.filter(start__gt=last).delete()
    rows.filter(Q(end__isnull=True) | Q(end__gt=last)).update(end=last)
