"""Calendars: the days that prices go by, as ranges."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role
from commissioning.accounts.permissions import require_role
from commissioning.core.editing import check
from commissioning.core.errors import Refused
from commissioning.core.periods import words
from commissioning.core.references import check_reference
from finance.bank_holidays import bank_holidays
from finance.models import Calendar, CalendarDays

BANK_HOLIDAYS = "BANK-HOLIDAYS"
"""The code of the calendar that `add_bank_holidays` makes."""


@dataclass(frozen=True)
class DayRange:
    """Days of a calendar, both ends included."""

    start: dt.date
    end: dt.date


@transaction.atomic
def create_calendar(*, reference: str, name: str, kind: str, days: Iterable[DayRange], by: Actor) -> Calendar:
    """A new calendar with its first days. Raises Refused for a code that is taken, none or overlapping days."""
    require_role(by, Role.COMMISSIONER, Role.FINANCE_OFFICER)
    if wrong := check_reference(reference):
        raise Refused(wrong, field="reference")
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
def change_days(*, days: CalendarDays, to: DayRange, version: str | None = None, by: Actor) -> CalendarDays:
    """Other days in place of these: every price with this calendar goes by them, in the past too.

    Raises Refused as `add_days` does; Stale when the calendar was changed meanwhile.
    """
    require_role(by, Role.COMMISSIONER, Role.FINANCE_OFFICER)
    calendar = _hold(days.calendar, version)
    _check(to, calendar.ranges.exclude(pk=days.pk))
    found = calendar.ranges.get(pk=days.pk)
    found.start, found.end = to.start, to.end
    found.save()
    return found


@transaction.atomic
def change_calendar(*, calendar: Calendar, name: str, kind: str, version: str | None = None, by: Actor) -> Calendar:
    """Another name or kind. Raises Stale when it was changed meanwhile."""
    require_role(by, Role.COMMISSIONER, Role.FINANCE_OFFICER)
    current = _hold(calendar, version)
    current.name, current.kind = name, kind
    current.save(update_fields=["name", "kind"])
    return current


@transaction.atomic
def add_bank_holidays(*, by: Actor) -> Calendar:
    """England's bank holidays as a calendar of the partnership's own. Raises Refused where it has them already."""
    return create_calendar(
        reference=BANK_HOLIDAYS,
        name="Bank holidays in England",
        kind=Calendar.Kind.BANK_HOLIDAYS,
        days=[DayRange(day, day) for day in bank_holidays()],
        by=by,
    )


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
    _check(days, calendar.ranges.all())
    return CalendarDays.objects.create(calendar=calendar, start=days.start, end=days.end)


def _check(days: DayRange, others: QuerySet[CalendarDays]) -> None:
    if days.end < days.start:
        raise Refused("The last day must be the same as or after the first", field="end")
    if there := others.filter(start__lte=days.end, end__gte=days.start).order_by("start").first():
        until = "" if there.end == there.start else f" to {words(there.end)}"
        raise Refused(f"The calendar already has {words(there.start)}{until}", field="start")
