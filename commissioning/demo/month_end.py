"""The example's month end: two closed months, and a price that was agreed late and holds from half a year ago."""

import datetime as dt
from decimal import Decimal

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Partnership, Role
from commissioning.audit import history
from commissioning.core.periods import Month
from commissioning.demo.stories import JO, MAN, T
from finance.actions import change_price, close_month
from finance.models import CostLine

MORE_A_WEEK = Decimal(50)
WHY = "Agreed after the provider’s review, which took half a year"
MONTHS_AGO = 6


def close_two_months(partnership: Partnership, today: dt.date) -> None:
    """All but the last month that is over, which waits to be closed."""
    by = Actor.of(Membership.objects.filter(partnership=partnership, role=Role.FINANCE_OFFICER).earliest("pk"))
    for ago in (3, 2):
        close_month(month=Month.of(today).plus(-ago), by=by, today=today)


def agree_late(partnership: Partnership, today: dt.date) -> None:
    """Somebody's price goes up from the first day of a month half a year ago, recorded today."""
    by = Actor.of(Membership.objects.filter(partnership=partnership, role=Role.COMMISSIONER).earliest("pk"))
    found = _line_to_change(partnership, today)
    if found is None:
        return
    line, start = found
    with history.said(by=by.name, reason=WHY):
        change_price(
            line=line, amount=line.amount + MORE_A_WEEK, units_per_week=None, start=start, reason="negotiated", by=by
        )


def _line_to_change(partnership: Partnership, today: dt.date) -> tuple[CostLine, dt.date] | None:
    """A weekly price of nobody whose story is told, that was in force then and still is; prices change every April."""
    lines = CostLine.objects.filter(
        partnership=partnership, placement__end=None, end=None, kind="core_support", basis="weekly"
    ).exclude(placement__person__reference__in=(JO, MAN, T))
    for ago in range(MONTHS_AGO, 0, -1):
        start = Month.of(today).plus(-ago).first
        line = lines.filter(start__lt=start).order_by("reference").first()
        if line is not None:
            return line, start
    return None
