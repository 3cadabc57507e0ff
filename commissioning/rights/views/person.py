"""A person's page of rights, and what is begun from there: a request, a hold, a decision to keep, an erasure."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core.forms import Form
from commissioning.rights import actions, queries
from commissioning.rights.forms import EraseForm, HoldForm, KeepForm, RequestForm
from commissioning.rights.models import Erasure
from commissioning.rights.previewing import against, preview_of
from people.models import Person
from people.queries import person_for
from people.views.page import person_form, person_page

PAGE = "person_rights"


def person_rights(request: ActorRequest, reference: str) -> HttpResponse:
    """Requests, copies, holds, how long the record is kept, and erasures of one person."""
    person = person_for(request.actor, reference)
    today = timezone.localdate()
    rights = queries.rights_of(request.actor, person, today)
    return person_page(request, person, "rights/person.html", rights=rights, today=today)


def request_add(request: ActorRequest, reference: str) -> HttpResponse:
    """Logs what somebody asked about the person's data."""
    form = RequestForm(request.POST or None)
    logged = "The request is logged. Below is the day by which it must be answered."
    return _begin(request, reference, form, actions.log_request, "Log a request about their data", logged)


def hold_add(request: ActorRequest, reference: str) -> HttpResponse:
    """Places a hold on the person's record."""
    form = HoldForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    placed = "The hold is placed. Nothing of this record can be erased while it lasts."
    return _begin(request, reference, form, actions.place_hold, "Place a legal hold", placed)


def retention_keep(request: ActorRequest, reference: str) -> HttpResponse:
    """Keeps a record that is due for review."""
    form = KeepForm(request.POST or None)
    return _begin(request, reference, form, actions.keep_longer, "Keep the record longer", "The record is kept longer.")


def erasure_ask(request: ActorRequest, reference: str) -> HttpResponse:
    """What an erasure would do, and asking a second person to approve just that."""
    person = person_for(request.actor, reference)
    preview = preview_of(person)
    form = EraseForm(request.POST or None, initial={"fingerprint": preview.fingerprint})
    if _is_done(request, person, form, actions.ask_for_erasure):
        messages.success(request, "Nothing is erased yet. Another commissioner must approve it.")
        return redirect(PAGE, reference)
    context: dict[str, Any] = {
        "preview": preview,
        "form": form,
        "heading": "Erase this record",
        "against": against(person, why=Erasure.Why.MISTAKE, today=timezone.localdate()),
        "cancel_url": reverse(PAGE, args=[reference]),
        "trail": _trail(request, person),
    }
    return person_page(request, person, "rights/erase.html", **context)


def _begin(
    request: ActorRequest, reference: str, form: Form, act: Callable[..., object], heading: str, done: str
) -> HttpResponse:
    """The form, or back to the person's rights with what was done."""
    person = person_for(request.actor, reference)
    if _is_done(request, person, form, act):
        messages.success(request, done)
        return redirect(PAGE, reference)
    return person_form(request, person, form, heading, PAGE)


def _is_done(request: ActorRequest, person: Person, form: Form, act: Callable[..., object]) -> bool:
    """Whether the form was sent, is right and was not refused; then that the record was open is kept."""
    if not form.is_valid() or not form.attempt(lambda: act(person=person, by=request.actor, **form.cleaned_data)):
        return False
    record_read(request, person.pk)
    return True


def _trail(request: ActorRequest, person: Person) -> list[tuple[str, str]]:
    back = reverse(PAGE, args=[person.reference])
    return [("Home", reverse("home")), ("People", reverse("people")), (person.label_for(request.actor), back)]
