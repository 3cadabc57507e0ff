"""A person's record: details, who is responsible, adding and changing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core.editing import answer
from commissioning.core.errors import Refused
from people.actions import add_person, add_responsibility, change_person, change_responsibility
from people.forms import PersonForm, ResponsibilityForm
from people.forms.person import initial_of
from people.models import Cohort
from people.queries import person_for, responsibilities, responsibility_for
from people.views.page import person_form, person_page


def person_details(request: ActorRequest, reference: str) -> HttpResponse:
    """What is kept about the person, and who is responsible for them."""
    person = person_for(request.actor, reference)
    responsible = responsibilities(person, timezone.localdate())
    cohorts = [Cohort(each).label for each in person.cohorts]
    return person_page(request, person, "people/details.html", responsible=responsible, cohorts=cohorts)


def person_create(request: ActorRequest) -> HttpResponse:
    """A new person's record."""
    form = PersonForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            person = add_person(
                reference=form.cleaned_data["reference"],
                details=form.details,
                another_person=form.cleaned_data["another_person"],
                by=request.actor,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            record_read(request, person.pk)
            messages.success(request, f"{person.full_name} is added. Next: who is around them, and their plan.")
            return redirect("circle", person.reference)
    trail = [("Home", reverse("home")), ("People", reverse("people"))]
    context = {"form": form, "heading": "Add a person", "trail": trail, "cancel_url": reverse("people")}
    return render(request, "people/person_form.html", context)


def person_edit(request: ActorRequest, reference: str) -> HttpResponse:
    """Changes a person's record; the second of two savers sees both values."""
    person = person_for(request.actor, reference)
    name, back = person.full_name, reverse("person_details", args=[reference])
    form = PersonForm(
        request.POST or None, records=[person], saved=lambda: initial_of(person), actor=request.actor, person=person
    )
    record_read(request, person.pk)
    if request.method == "POST" and form.is_valid():
        another, by = form.cleaned_data["another_person"], request.actor
        if form.attempt(
            lambda: change_person(
                person=person, version=form.stood_at, details=form.details, another_person=another, by=by
            )
        ):
            messages.success(request, "The record is changed.")
            return redirect(back)
    trail = [("Home", reverse("home")), ("People", reverse("people")), (name, back)]
    context = {"person": person, "heading": f"Change {name}’s record", "trail": trail, "cancel_url": back}
    return answer(request, form, "people/person_form.html", context)


def responsibility_add(request: ActorRequest, reference: str) -> HttpResponse:
    """A council or board that is responsible for the person."""
    person = person_for(request.actor, reference)
    form = ResponsibilityForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        values = form.values
        if form.attempt(lambda: add_responsibility(person=person, by=request.actor, **values)):
            record_read(request, person.pk)
            messages.success(request, f"{values['organisation']} is recorded as responsible.")
            return redirect("person_details", reference)
    return person_form(request, person, form, "Who is responsible", "person_details")


def responsibility_change(request: ActorRequest, reference: str, pk: int) -> HttpResponse:
    """Corrects or ends a responsibility."""
    person = person_for(request.actor, reference)
    row = responsibility_for(person, pk)
    form = ResponsibilityForm(
        request.POST or None,
        records=[row],
        saved=lambda: {"basis": row.basis, "start": row.start, "end": row.end},
        actor=request.actor,
        row=row,
    )
    if request.method == "POST" and form.is_valid():
        values = form.values
        if form.attempt(
            lambda: change_responsibility(responsibility=row, version=form.stood_at, by=request.actor, **values)
        ):
            record_read(request, person.pk)
            messages.success(request, f"{row.organisation}’s responsibility is changed.")
            return redirect("person_details", reference)
    return person_form(request, person, form, f"Responsibility of {row.organisation}", "person_details")
