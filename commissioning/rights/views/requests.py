"""Requests of the partnership: the list, one request, and what is done with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core.editing import EditForm
from commissioning.core.errors import Refused
from commissioning.rights import actions, queries
from commissioning.rights.forms import AnswerForm, IdentityForm, ReasonForm
from commissioning.rights.models import RightsRequest
from people.views.page import person_form, person_page


def requests_page(request: ActorRequest) -> HttpResponse:
    """Every request, by kind and state, and what waits for a second person."""
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "waiting")
    filters = queries.RequestFilters(kind, state if state in dict(queries.STATES) else "waiting")
    lines = queries.requests_list(request.actor, filters, timezone.localdate())
    waiting = queries.waiting_for_approval(request.actor)
    record_read(request, *queries.everybody_named(lines), *(each.person_id for each in waiting))
    context = {
        "lines": lines,
        "waiting": waiting,
        "filters": filters,
        "states": queries.STATES,
        "kinds": RightsRequest.Kind.choices,
    }
    return render(request, "rights/requests.html", context)


def rights_request(request: ActorRequest, number: int) -> HttpResponse:
    found = queries.request_for(request.actor, number)
    export = getattr(found, "export", None)
    context = {"found": found, "export": export, "is_late": found.is_late(timezone.localdate())}
    return person_page(request, found.person, "rights/request.html", tab="person_rights", **context)


def identity(request: ActorRequest, number: int) -> HttpResponse:
    found = queries.request_for(request.actor, number)
    form = IdentityForm(
        request.POST or None,
        records=[found],
        saved=lambda: {"identity_checked": found.identity_checked, "authority": found.authority},
    )
    heading = "Who asked, and by what right"
    return _act(request, found, form, actions.record_identity, heading, "Who asked is recorded.")


def more_time(request: ActorRequest, number: int) -> HttpResponse:
    found = queries.request_for(request.actor, number)
    form = ReasonForm(
        request.POST or None,
        records=[found],
        label="Why more time is needed",
        submit_text="Extend by two months",
        help_text="Only where it is complex, or there are many requests. Tell the person within the first month",
    )
    done = "The time is extended by two months. Tell the person, and why."
    return _act(request, found, form, actions.extend_request, "Take more time", done)


def answer(request: ActorRequest, number: int) -> HttpResponse:
    found = queries.request_for(request.actor, number)
    form = AnswerForm(request.POST or None, records=[found])
    return _act(request, found, form, actions.finish_request, "Finish the request", "The request is finished.")


def _act(
    request: ActorRequest,
    found: RightsRequest,
    form: EditForm,
    action: Callable[..., Any],
    heading: str,
    done: str,
) -> HttpResponse:
    """One form about one request: the action takes its fields, and what it refuses stands on the form."""
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and form.attempt(lambda: action(request=found, version=form.stood_at, by=request.actor, **form.values)):
        record_read(request, found.person_id)
        messages.success(request, done)
        return redirect("rights_request", found.pk)
    return person_form(request, found.person, form, heading, "person_rights")


def copy_begin(request: ActorRequest, number: int) -> HttpResponse:
    """Begins the copy that a request asks for."""
    found = queries.request_for(request.actor, number)
    record_read(request, found.person_id)
    try:
        export = actions.begin_export(request=found, by=request.actor)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("rights_request", number)
    return redirect("copy", export.pk)
