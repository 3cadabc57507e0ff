"""A person's record: details, who is responsible, adding and changing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core.editing import show_conflict
from commissioning.core.errors import Refused, Stale
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
    form = PersonForm(request.POST or None, initial=initial_of(person), actor=request.actor, person=person)
    back = reverse("person_details", args=[reference])
    if request.method == "POST" and form.is_valid():
        another, version = form.cleaned_data["another_person"], form.cleaned_data["version"]
        try:
            change_person(
                person=person, version=version, details=form.details, another_person=another, by=request.actor
            )
        except Stale:
            record_read(request, person.pk)
            return show_conflict(request, form, heading=f"{person.full_name}’s record", back=back)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "The record is changed.")
            return redirect(back)
    heading = f"Change {person.full_name}’s record"
    trail = [("Home", reverse("home")), ("People", reverse("people")), (person.full_name, back)]
    return person_page(
        request, person, "people/person_form.html", form=form, heading=heading, trail=trail, cancel_url=back
    )


def responsibility_add(request: ActorRequest, reference: str) -> HttpResponse:
    """A council or board that is responsible for the person."""
    person = person_for(request.actor, reference)
    form = ResponsibilityForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if form.attempt(lambda: add_responsibility(person=person, by=request.actor, **values)):
            record_read(request, person.pk)
            messages.success(request, f"{values['organisation']} is recorded as responsible.")
            return redirect("person_details", reference)
    return person_form(request, person, form, "Who is responsible", "person_details")


def responsibility_change(request: ActorRequest, reference: str, pk: int) -> HttpResponse:
    """Corrects or ends a responsibility."""
    person = person_for(request.actor, reference)
    row = responsibility_for(person, pk)
    initial = {"basis": row.basis, "start": row.start, "end": row.end}
    form = ResponsibilityForm(request.POST or None, initial=initial, actor=request.actor, row=row)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if form.attempt(lambda: change_responsibility(responsibility=row, by=request.actor, **values)):
            record_read(request, person.pk)
            messages.success(request, f"{row.organisation}’s responsibility is changed.")
            return redirect("person_details", reference)
    return person_form(request, person, form, f"Responsibility of {row.organisation}", "person_details")
