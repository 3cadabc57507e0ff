"""Incidents: a list, one of them, and the form to record or change one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.models import Role
from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core.editing import answer
from outcomes import actions
from outcomes.forms import IncidentForm
from outcomes.models import Incident
from outcomes.queries.incidents import (
    incident_for,
    incidents_visible_to,
    knows_person,
    people_to_record,
    person_to_record,
)

A_PAGE = 30
RECORDERS = frozenset({Role.PROVIDER_MANAGER, Role.PROVIDER_STAFF, Role.COMMISSIONER, Role.CLINICIAN})


def incidents(request: ActorRequest) -> HttpResponse:
    """Incidents that the actor may read, newest first."""
    return render(request, "outcomes/incidents.html", _listed(request, incidents_visible_to(request.actor)))


def person_incidents(request: ActorRequest, reference: str) -> HttpResponse:
    """One person's incidents, newest first."""
    person = person_to_record(request.actor, reference)
    record_read(request, person.pk)
    found = incidents_visible_to(request.actor).filter(person=person)
    return render(request, "outcomes/person_incidents.html", {**_listed(request, found), "person": person})


def _listed(request: ActorRequest, found: QuerySet[Incident]) -> dict[str, Any]:
    serious = "serious" in request.GET
    if serious:
        found = found.filter(severity__gte=Incident.Severity.MODERATE)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    record_read(request, *{each.person_id for each in page})
    return {"page": page, "serious": serious, "may_record": request.actor.role in RECORDERS}


def incident(request: ActorRequest, reference: str) -> HttpResponse:
    found = incident_for(request.actor, reference)
    record_read(request, found.person_id)
    context = {
        "incident": found,
        "person": found.person,
        "knows_person": knows_person(request.actor, found.person),
        "may_change": actions.can_change_incident(found, request.actor),
    }
    return render(request, "outcomes/incident.html", context)


def incident_create(request: ActorRequest) -> HttpResponse:
    """Who was it about? A name leads to the form."""
    if reference := request.GET.get("person", ""):
        return redirect("incident_record", person_to_record(request.actor, reference).reference)
    text = request.POST.get("q", "").strip()
    people = people_to_record(request.actor, text)
    record_read(request, *(person.pk for person in people))
    return render(request, "outcomes/incident_who.html", {"people": people, "q": text})


def incident_record(request: ActorRequest, reference: str) -> HttpResponse:
    person = person_to_record(request.actor, reference)
    record_read(request, person.pk)
    form = IncidentForm(request.POST or None, initial={"occurred_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        facts = form.facts
        if form.attempt(lambda: actions.record_incident(person=person, facts=facts, by=request.actor)):
            messages.success(request, f"The incident is recorded. {person.called}’s team and commissioner can read it")
            return redirect("incidents")
    context = {
        "form": form,
        "person": person,
        "heading": f"Record an incident: {person.called}",
        "trail": [("Incidents", reverse("incidents"))],
        "cancel_url": reverse("incidents"),
    }
    return render(request, "outcomes/incident_form.html", context)


def incident_change(request: ActorRequest, reference: str) -> HttpResponse:
    """Change an incident. Where somebody else saved it meanwhile, both values are shown and nothing is overwritten."""
    found = incident_for(request.actor, reference)
    actions.check_can_change_incident(found, request.actor)
    record_read(request, found.person_id)
    address = reverse("incident", args=[found.reference])
    form = IncidentForm(request.POST or None, records=[found], saved=lambda: _saved(found))
    form.submit_text = "Save"
    if request.method == "POST" and form.is_valid():
        facts, version = form.facts, form.stood_at
        if form.attempt(
            lambda: actions.change_incident(incident=found, facts=facts, version=version, by=request.actor)
        ):
            messages.success(request, "The incident is changed")
            return redirect(address)
    context = {
        "person": found.person,
        "heading": f"Change incident {found.reference}",
        "trail": [("Incidents", reverse("incidents")), (found.reference, address)],
        "cancel_url": address,
    }
    return answer(request, form, "outcomes/incident_form.html", context)


def _saved(found: Incident) -> dict[str, object]:
    return {
        "occurred_on": found.occurred_on,
        "kind": found.kind,
        "severity": found.severity,
        "restrictive_practice": found.restrictive_practice,
        "note": found.note,
    }
