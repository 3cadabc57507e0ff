"""A person's page of rights, and what is begun from there: a request, a hold, a decision to keep, an erasure."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.rights import actions, queries
from commissioning.rights.forms import EraseForm, HoldForm, KeepForm, RequestForm
from commissioning.rights.models import Erasure
from commissioning.rights.previewing import against, preview_of
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
    person = person_for(request.actor, reference)
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if form.attempt(lambda: actions.log_request(person=person, by=request.actor, **values)):
            record_read(request, person.pk)
            messages.success(request, "The request is logged. It is due in one month.")
            return redirect(PAGE, reference)
    return person_form(request, person, form, "Log a request about their data", PAGE)


def hold_add(request: ActorRequest, reference: str) -> HttpResponse:
    """Places a hold on the person's record."""
    person = person_for(request.actor, reference)
    form = HoldForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if form.attempt(lambda: actions.place_hold(person=person, by=request.actor, **values)):
            record_read(request, person.pk)
            messages.success(request, "The hold is placed. Nothing of this record can be erased while it lasts.")
            return redirect(PAGE, reference)
    return person_form(request, person, form, "Place a legal hold", PAGE)


def retention_keep(request: ActorRequest, reference: str) -> HttpResponse:
    """Keeps a record that is due for review."""
    person = person_for(request.actor, reference)
    form = KeepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if form.attempt(lambda: actions.keep_longer(person=person, by=request.actor, **values)):
            record_read(request, person.pk)
            messages.success(request, "The record is kept longer.")
            return redirect(PAGE, reference)
    return person_form(request, person, form, "Keep the record longer", PAGE)


def erasure_ask(request: ActorRequest, reference: str) -> HttpResponse:
    """What an erasure would do, and asking a second person to approve just that."""
    person = person_for(request.actor, reference)
    preview = preview_of(person)
    form = EraseForm(request.POST or None, initial={"fingerprint": preview.fingerprint})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if form.attempt(lambda: actions.ask_for_erasure(person=person, by=request.actor, **values)):
            record_read(request, person.pk)
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


def _trail(request: ActorRequest, person: Any) -> list[tuple[str, str]]:
    back = reverse(PAGE, args=[person.reference])
    return [("Home", reverse("home")), ("People", reverse("people")), (person.label_for(request.actor), back)]
