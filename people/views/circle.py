"""A person's circle of support, and the clinicians who advise."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from people.actions import add_clinician, add_to_circle, change_circle_member, end_circle_member, end_clinician
from people.forms import CircleForm, ClinicianForm, EndedOnForm, EndForm
from people.forms.circle import initial_of_member
from people.queries import circle, circle_member_for, involvement_for, person_for
from people.views.page import person_form, person_page


def circle_page(request: ActorRequest, reference: str) -> HttpResponse:
    """Who is around the person."""
    person = person_for(request.actor, reference)
    around = circle(person, timezone.localdate())
    return person_page(request, person, "people/circle.html", circle=around)


def circle_add(request: ActorRequest, reference: str) -> HttpResponse:
    """Somebody joins the circle."""
    person = person_for(request.actor, reference)
    form = CircleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.values
        if form.attempt(lambda: add_to_circle(person=person, by=request.actor, **values)):
            record_read(request, person.pk)
            messages.success(request, f"{values['name']} is in {person.called}’s circle.")
            return redirect("circle", reference)
    return person_form(request, person, form, f"Add somebody to {person.called}’s circle", "circle")


def circle_change(request: ActorRequest, reference: str, pk: int) -> HttpResponse:
    """Corrects what is kept of somebody in the circle."""
    person = person_for(request.actor, reference)
    member = circle_member_for(person, pk)
    form = CircleForm(request.POST or None, records=[member], saved=lambda: initial_of_member(member))
    if request.method == "POST" and form.is_valid():
        values = form.values
        if form.attempt(lambda: change_circle_member(member=member, version=form.stood_at, by=request.actor, **values)):
            record_read(request, person.pk)
            messages.success(request, f"What is kept of {values['name']} is changed.")
            return redirect("circle", reference)
    return person_form(request, person, form, f"Change {member.name}", "circle")


def circle_end(request: ActorRequest, reference: str, pk: int) -> HttpResponse:
    """Somebody leaves the circle."""
    person = person_for(request.actor, reference)
    member = circle_member_for(person, pk)
    form = EndedOnForm(request.POST or None, initial={"ended_on": timezone.localdate()}, records=[member])
    if request.method == "POST" and form.is_valid():
        ended_on = form.cleaned_data["ended_on"]
        if form.attempt(
            lambda: end_circle_member(member=member, ended_on=ended_on, version=form.stood_at, by=request.actor)
        ):
            record_read(request, person.pk)
            messages.success(request, f"{member.name} has left {person.called}’s circle.")
            return redirect("circle", reference)
    return person_form(request, person, form, f"{member.name} leaves the circle", "circle")


def clinician_add(request: ActorRequest, reference: str) -> HttpResponse:
    """A clinician begins to advise, and so to see the record."""
    person, today = person_for(request.actor, reference), timezone.localdate()
    form = ClinicianForm(request.POST or None, initial={"start": today}, actor=request.actor, on=today)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if form.attempt(lambda: add_clinician(person=person, by=request.actor, **values)):
            record_read(request, person.pk)
            messages.success(request, f"{values['user']} advises on {person.called}’s support.")
            return redirect("circle", reference)
    return person_form(request, person, form, "Add a clinician who advises", "circle")


def clinician_end(request: ActorRequest, reference: str, pk: int) -> HttpResponse:
    """A clinician no longer advises, and no longer sees the record."""
    person = person_for(request.actor, reference)
    involvement = involvement_for(person, pk)
    form = EndForm(request.POST or None, initial={"end": timezone.localdate()}, records=[involvement])
    if request.method == "POST" and form.is_valid():
        end = form.cleaned_data["end"]
        if form.attempt(
            lambda: end_clinician(involvement=involvement, end=end, version=form.stood_at, by=request.actor)
        ):
            record_read(request, person.pk)
            messages.success(request, f"{involvement.user} no longer advises after {end:%-d %B %Y}.")
            return redirect("circle", reference)
    intro = "From the day after, they no longer see this person’s record."
    return person_form(request, person, form, f"{involvement.user} stops advising", "circle", intro=intro)
