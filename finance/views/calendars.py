"""Calendars: the days that prices go by."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core.editing import answer
from commissioning.core.errors import Refused
from commissioning.core.forms import Form
from commissioning.core.periods import words
from finance import actions
from finance.forms.calendars import ChangeCalendarForm, DaysForm, NewCalendarForm, RemoveDaysForm
from finance.models import Calendar
from finance.queries.calendars import calendar_for, calendar_page, calendars_of, days_for, lines_using


@dataclass(frozen=True)
class Act:
    """One form about a calendar: its page, what it does with the answers, and what it says when done."""

    heading: str
    form: Form
    do: Callable[[], object]
    done: str
    calendar: Calendar | None = None
    intro: str = ""
    danger: bool = False


def calendars(request: ActorRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = calendars_of(request.actor, today.year)
    has_holidays = any(row.calendar.kind == Calendar.Kind.BANK_HOLIDAYS for row in rows)
    context = {"rows": rows, "year": today.year, "has_holidays": has_holidays}
    return render(request, "finance/calendars.html", context)


def calendar(request: ActorRequest, reference: str) -> HttpResponse:
    found = calendar_for(request.actor, reference)
    page = calendar_page(request.actor, found, year=request.GET.get("year", ""), today=timezone.localdate())
    record_read(request, *page.people)
    return render(request, "finance/calendar.html", {"calendar": found, "page": page})


def calendar_add(request: ActorRequest) -> HttpResponse:
    form = NewCalendarForm(request.POST or None)

    def do() -> None:
        values = form.cleaned_data
        actions.create_calendar(
            reference=values["reference"],
            name=values["name"],
            kind=values["kind"],
            days=[form.days()],
            by=request.actor,
        )

    intro = (
        "Its first days; add the others on its page. A price that goes by the calendar counts its days and no others."
    )
    return _page(request, Act("Add a calendar", form, do, "Calendar added.", intro=intro))


def calendar_bank_holidays(request: ActorRequest) -> HttpResponse:
    """England's, as they ship with the application."""
    try:
        made = actions.add_bank_holidays(by=request.actor)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("calendars")
    messages.success(request, "Bank holidays added. No price goes by them yet.")
    return redirect("calendar", made.reference)


def calendar_change(request: ActorRequest, reference: str) -> HttpResponse:
    found = calendar_for(request.actor, reference)
    form = ChangeCalendarForm(request.POST or None, calendar=found)

    def do() -> None:
        values = form.cleaned_data
        actions.change_calendar(
            calendar=found, name=values["name"], kind=values["kind"], version=form.stood_at, by=request.actor
        )

    return _page(request, Act("Change the calendar", form, do, "Calendar changed.", found))


def calendar_days_add(request: ActorRequest, reference: str) -> HttpResponse:
    found = calendar_for(request.actor, reference)
    form = DaysForm(request.POST or None, calendar=found)

    def do() -> None:
        actions.add_days(calendar=found, days=form.days(), version=form.stood_at, by=request.actor)

    return _page(request, Act("Add days", form, do, "Days added.", found, _effect(found)))


def calendar_days_change(request: ActorRequest, reference: str, pk: int) -> HttpResponse:
    days = days_for(request.actor, reference, pk)
    form = DaysForm(request.POST or None, calendar=days.calendar, days=days)

    def do() -> None:
        actions.change_days(days=days, to=form.days(), version=form.stood_at, by=request.actor)

    return _page(request, Act("Change days", form, do, "Days changed.", days.calendar, _effect(days.calendar)))


def calendar_days_remove(request: ActorRequest, reference: str, pk: int) -> HttpResponse:
    days = days_for(request.actor, reference, pk)
    form = RemoveDaysForm(request.POST if request.method == "POST" else None, calendar=days.calendar)

    def do() -> None:
        actions.remove_days(days=days, version=form.stood_at, by=request.actor)

    until = "" if days.end == days.start else f" to {words(days.end)}"
    heading = f"Remove {words(days.start)}{until}"
    act = Act(heading, form, do, "Days removed.", days.calendar, _effect(days.calendar), danger=True)
    return _page(request, act)


def _effect(found: Calendar) -> str:
    """What a change of days does, said before it is made."""
    count = lines_using(found)
    lines = f"{count} price goes" if count == 1 else f"{count} prices go"
    if not count:
        return "No price goes by this calendar yet."
    return f"{lines} by this calendar. What they cost on these days changes, in months that are over too."


def _page(request: ActorRequest, act: Act) -> HttpResponse:
    """Show the act's form, or do it and go back to the calendar, or the list of them."""
    back = reverse("calendar", args=[act.calendar.reference]) if act.calendar else reverse("calendars")
    if request.method == "POST" and act.form.is_valid() and act.form.attempt(act.do):
        messages.success(request, act.done)
        return redirect(back)
    context = {
        "heading": act.heading,
        "intro": act.intro,
        "eyebrow": act.calendar.name if act.calendar else "Calendars",
        "back_url": back,
        "cancel_url": back,
        "danger": act.danger,
    }
    return answer(request, act.form, "finance/form.html", context)
