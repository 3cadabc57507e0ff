"""Calendars within what an actor may see, their days, and the prices that go by them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.http import Http404

from commissioning.accounts.actors import Actor
from finance.bank_holidays import bank_holidays
from finance.models import Calendar, CalendarDays, CostLine
from people.models import Person


@dataclass(frozen=True)
class CalendarRow:
    """A calendar with how many prices go by it, how many days of a year it has, and its first and last day of all."""

    calendar: Calendar
    lines: int
    days: int
    first: dt.date | None
    last: dt.date | None


@dataclass(frozen=True)
class DaysShown:
    """A run of days; `name` is the holiday's, where it is one."""

    days: CalendarDays
    name: str

    @property
    def count(self) -> int:
        return (self.days.end - self.days.start).days + 1


@dataclass(frozen=True)
class CalendarPage:
    """A calendar's days of one year, the years it has any in, and the prices that go by it with whose they are."""

    calendar: Calendar
    year: int
    years: tuple[int, ...]
    shown: tuple[DaysShown, ...]
    lines: tuple[tuple[CostLine, Person | None, str], ...]

    @property
    def count(self) -> int:
        """Days of the year, those of runs that reach into the next year up to its end."""
        first, last = dt.date(self.year, 1, 1), dt.date(self.year, 12, 31)
        return sum((min(each.days.end, last) - max(each.days.start, first)).days + 1 for each in self.shown)

    @property
    def people(self) -> frozenset[int]:
        return frozenset(person.pk for _, person, _ in self.lines if person)


def calendars_of(actor: Actor, year: int) -> list[CalendarRow]:
    """Every calendar of the partnership, by name. Four queries."""
    calendars = Calendar.objects.visible_to(actor)
    ends = {
        pk: (first, last)
        for pk, first, last in calendars.order_by().values_list("pk", Min("ranges__start"), Max("ranges__end"))
    }
    lines = CostLine.objects.visible_to(actor).filter(calendar__isnull=False).order_by()
    used = dict(lines.values_list("calendar_id").annotate(Count("pk")))
    counts = _days_in_year(actor, year)
    return [CalendarRow(each, used.get(each.pk, 0), counts.get(each.pk, 0), *ends[each.pk]) for each in calendars]


def calendar_for(actor: Actor, reference: str) -> Calendar:
    """Raises Http404 out of scope."""
    calendar = Calendar.objects.visible_to(actor).filter(reference=reference).first()
    if calendar is None:
        raise Http404
    return calendar


def days_for(actor: Actor, reference: str, pk: int) -> CalendarDays:
    """A run of days of a calendar. Raises Http404 out of scope."""
    days = calendar_for(actor, reference).ranges.filter(pk=pk).select_related("calendar").first()
    if days is None:
        raise Http404
    return days


def days_now(days: CalendarDays) -> dict[str, Any]:
    """Its ends as they stand now, a single day without a second; empty where somebody took it out."""
    found = CalendarDays.objects.filter(pk=days.pk).first()
    if found is None:
        return {"start": None, "end": None}
    return {"start": found.start, "end": None if found.end == found.start else found.end}


def calendars_offered(actor: Actor) -> QuerySet[Calendar]:
    """What a price may go by."""
    return Calendar.objects.visible_to(actor)


def calendar_page(actor: Actor, calendar: Calendar, *, year: str, today: dt.date) -> CalendarPage:
    """A year that makes no sense is the present one, or the nearest that the calendar has."""
    ranges = list(calendar.ranges.all())
    years = tuple(range(min(each.start.year for each in ranges), max(each.end.year for each in ranges) + 1))
    chosen = int(year) if year.isdecimal() and int(year) in years else min(max(today.year, years[0]), years[-1])
    names = bank_holidays() if calendar.kind == Calendar.Kind.BANK_HOLIDAYS else {}
    shown = tuple(
        DaysShown(each, names.get(each.start, "") if each.start == each.end else "")
        for each in ranges
        if each.start.year <= chosen <= each.end.year
    )
    return CalendarPage(calendar, chosen, years, shown, _lines(actor, calendar))


def lines_using(calendar: Calendar) -> int:
    """How many prices go by a calendar, past ones too."""
    return calendar.cost_lines.count()


def _lines(actor: Actor, calendar: Calendar) -> tuple[tuple[CostLine, Person | None, str], ...]:
    lines = (
        CostLine.objects.visible_to(actor)
        .filter(calendar=calendar)
        .select_related("placement__person", "placement__provider", "contract__provider")
        .order_by("-start", "reference")
    )
    people = [(line, line.placement.person if line.placement else None) for line in lines]
    return tuple((line, person, person.label_for(actor) if person else "") for line, person in people)


def _days_in_year(actor: Actor, year: int) -> dict[int, int]:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    found: dict[int, int] = {}
    ranges = CalendarDays.objects.filter(
        calendar__in=Calendar.objects.visible_to(actor), start__lte=last, end__gte=first
    )
    for each in ranges:
        days = (min(each.end, last) - max(each.start, first)).days + 1
        found[each.calendar_id] = found.get(each.calendar_id, 0) + days
    return found
