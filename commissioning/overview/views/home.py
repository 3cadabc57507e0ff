"""The first page of each role: what needs them today, and beside it how it is going. And the gallery of components."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from commissioning.accounts.models import Role
from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.overview.board import latest_reports
from commissioning.overview.queries.home import (
    Day,
    day_of,
    grouped,
    how_it_is_going,
    looks_lately,
    own_people,
    people_in,
    since_last_here,
)

_PAGES = {
    Role.COMMISSIONER: "overview/home_partnership.html",
    Role.FINANCE_OFFICER: "overview/home_partnership.html",
    Role.CLINICIAN: "overview/home_own_people.html",
    Role.PROVIDER_MANAGER: "overview/home_own_people.html",
    Role.PROVIDER_STAFF: "overview/home_own_people.html",
    Role.BOARD_MEMBER: "overview/home_board.html",
    Role.AUDITOR: "overview/home_auditor.html",
    Role.ADMINISTRATOR: "overview/home_administrator.html",
}


def home(request: ActorRequest) -> HttpResponse:
    actor = request.actor
    if actor is None:
        return render(request, "overview/home_no_role.html")
    today = timezone.localdate()
    day = day_of(actor, today)
    groups = grouped(day.needs, today)
    record_read(request, *(person for group in groups for need in group.needs for person in need.people_named))
    context = {"today": today, "day": day, "groups": groups} | _beside(request, day)
    return render(request, _PAGES[Role(actor.role)], context)


def need(request: ActorRequest, key: str) -> HttpResponse:
    """Everything of one sort that waits, each leading to where it is done."""
    today = timezone.localdate()
    found = next((each for each in day_of(request.actor, today).needs if each.key == key), None)
    if found is None:
        raise Http404
    record_read(request, *people_in(found.items))
    return render(request, "overview/home_need.html", {"need": found, "today": today})


def components(request: ActorRequest) -> HttpResponse:
    """A gallery of every component, for developers and for the accessibility checker."""
    return render(request, "overview/components.html")


def _beside(request: ActorRequest, day: Day) -> dict[str, Any]:
    """What stands beside the needs, by role."""
    actor, today = request.actor, timezone.localdate()
    if day.book is not None:
        with_life = actor.role == Role.COMMISSIONER
        going = how_it_is_going(actor, day.book, today, with_life=with_life)
        since = since_last_here(actor, today)
        record_read(request, *since.people_named)
        return {"going": going, "since": since}
    if actor.is_provider or actor.role == Role.CLINICIAN:
        own = own_people(actor, today)
        record_read(request, *(row.person_id for row in own.rows))
        return {"own": own}
    if actor.role == Role.AUDITOR:
        looks = looks_lately(actor, today)
        record_read(request, *looks.people_named)
        return {"looks": looks, "reports": latest_reports(actor)}
    return {"reports": day.reports}
