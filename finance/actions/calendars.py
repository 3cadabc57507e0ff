"""Calendars: the days that prices go by, as ranges."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role
from commissioning.accounts.permissions import require_role
from commissioning.core.editing import check
from commissioning.core.errors import Refused
from commissioning.core.periods import words
from finance.models import Calendar, CalendarDays


@dataclass(frozen=True)
class DayRange:
    """Days of a calendar, both ends included."""

    start: dt.date
    end: dt.date


@transaction.atomic
def create_calendar(*, reference: str, name: str, kind: str, days: Iterable[DayRange], by: Actor) -> Calendar:
    """A new calendar with its first days. Raises Refused for a code that is taken, none or overlapping days."""
    require_role(by, Role.COMMISSIONER, Role.FINANCE_OFFICER)
    if Calendar.objects.filter(partnership=by.partnership, reference=reference).exists():
        raise Refused(f"The code {reference} is another calendar’s. Choose another code.", field="reference")
    ranges = list(days)
    if not ranges:
        raise Refused("A calendar needs at least one day", field="start")
    calendar = Calendar.objects.create(partnership=by.partnership, reference=reference, name=name, kind=kind)
    for each in ranges:
        _add(calendar, each)
    return calendar


@transaction.atomic
def add_days(*, calendar: Calendar, days: DayRange, version: str | None = None, by: Actor) -> CalendarDays:
    """More days: every price with this calendar counts them from now on, past ones too.

    Raises Refused for days that run backwards or are in the calendar already; Stale when it was changed meanwhile.
    """
    require_role(by, Role.COMMISSIONER, Role.FINANCE_OFFICER)
    current = _hold(calendar, version)
    return _add(current, days)


@transaction.atomic
def remove_days(*, days: CalendarDays, version: str | None = None, by: Actor) -> None:
    """Days that no price with this calendar counts any longer. Raises Refused for a calendar's last days."""
    require_role(by, Role.COMMISSIONER, Role.FINANCE_OFFICER)
    calendar = _hold(days.calendar, version)
    if not calendar.ranges.exclude(pk=days.pk).exists():
        raise Refused("A calendar needs at least one day. Add the right days first, then remove these.")
    calendar.ranges.filter(pk=days.pk).delete()


def _hold(calendar: Calendar, version: str | None) -> Calendar:
    """Read afresh and locked, and counted as changed: two people who change its days take turns. Raises Stale."""
    current = Calendar.objects.select_for_update().get(pk=calendar.pk)
    check(version, current)
    current.version += 1
    current.save(update_fields=["version"])
    return current


def _add(calendar: Calendar, days: DayRange) -> CalendarDays:
    if days.end < days.start:
        raise Refused("The last day must be the same as or after the first", field="end")
    if there := calendar.ranges.filter(start__lte=days.end, end__gte=days.start).order_by("start").first():
        until = "" if there.end == there.start else f" to {words(there.end)}"
        raise Refused(f"The calendar already has {words(there.start)}{until}", field="start")
    return CalendarDays.objects.create(calendar=calendar, start=days.start, end=days.end)
