"""A month is closed: what it cost, and what later knowledge adds to earlier months, are booked for good."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Partnership, Role
from commissioning.accounts.permissions import require_role
from commissioning.audit import history
from commissioning.core.errors import Refused
from commissioning.core.periods import Month, words
from finance.models import BookedCost, ClosedMonth
from finance.queries.month_end import MonthEnd, month_end_of

AT_ONCE = 5_000


@transaction.atomic
def close_month(
    *, month: Month, by: Actor, shown: str | None = None, today: dt.date | None = None, at: dt.datetime | None = None
) -> ClosedMonth:
    """Book a month for good, with the adjustments of earlier ones. It cannot be opened again.

    `shown` is the fingerprint of the figures that were looked at. Raises PermissionDenied for all but finance officers;
    Refused for a month that is closed already, is not over, is not the next, or whose figures moved meanwhile.
    """
    require_role(by, Role.FINANCE_OFFICER)
    today = today or timezone.localdate()
    # whoever closes a month at the same moment takes their turn
    Partnership.objects.select_for_update(no_key=True).get(pk=by.partnership.pk)
    _check_order(by, month, today)
    end = month_end_of(by, month, today)
    if shown is not None and shown != end.fingerprint:
        raise Refused("Prices or shares changed since you opened this page. Look at the figures again, then close")
    with history.said(by=by.name, reason=f"{month.words} closed"):
        closed = ClosedMonth.objects.create(
            partnership=by.partnership, month=month.first, closed_by_name=by.name, closed_at=at or timezone.now()
        )
    BookedCost.objects.bulk_create(_booked(closed, end), batch_size=AT_ONCE)
    return closed


def _check_order(by: Actor, month: Month, today: dt.date) -> None:
    closed = {Month.of(each.month): each for each in ClosedMonth.objects.visible_to(by)}
    if month in closed:
        when = timezone.localtime(closed[month].closed_at)
        raise Refused(
            f"{month.words} is closed already: {closed[month].closed_by_name} closed it on {words(when.date())} "
            f"at {when:%H:%M}. Nothing was changed"
        )
    if month >= Month.of(today):
        raise Refused(f"{month.words} is not over: it can be closed from {words(month.plus(1).first)}")
    if closed and month < min(closed):
        raise Refused(f"The books begin with {min(closed).words}: an earlier month cannot be closed any more")
    if closed and month != max(closed).plus(1):
        raise Refused(f"Close {max(closed).plus(1).words} first: months are closed in order")


def _booked(closed: ClosedMonth, end: MonthEnd) -> list[BookedCost]:
    number = {code: end.names.number_of(code) for code in [*end.own.funders, *(each.code for each in end.payers)]}
    columns = (getattr(end.own, each).tolist() for each in ("line", "funder", "pence"))
    rows = [
        BookedCost(closing=closed, month=closed.month, line=line, funder_id=number[end.own.funders[place]], pence=pence)
        for line, place, pence in zip(*columns, strict=True)
    ]
    rows += [
        BookedCost(
            closing=closed,
            month=end.changed_months[each.period].first,
            line=each.line,
            funder_id=number[each.funder],
            pence=each.pence,
        )
        for changed in end.changes
        for each in changed.differences
    ]
    return rows
