"""A person's goals."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from people.actions import add_goal, change_goal
from people.forms import GoalForm, ReviewForm
from people.forms.plans import initial_of_goal
from people.queries import goal_for, goals_of, person_for
from people.views.page import person_form, person_page


def goals_page(request: ActorRequest, reference: str) -> HttpResponse:
    """The goals with how each is going and was going."""
    person = person_for(request.actor, reference)
    return person_page(request, person, "people/goals.html", goals=goals_of(request.actor, person))


def goal_add(request: ActorRequest, reference: str) -> HttpResponse:
    """A new goal in the person's words."""
    person = person_for(request.actor, reference)
    form = GoalForm(request.POST or None, initial={"agreed_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if form.attempt(lambda: add_goal(person=person, by=request.actor, **values)):
            record_read(request, person.pk)
            messages.success(request, f"The goal “{values['words']}” is added.")
            return redirect("goals", reference)
    return person_form(request, person, form, f"Add a goal of {person.called}’s", "goals")


def goal_review(request: ActorRequest, reference: str, goal_reference: str) -> HttpResponse:
    """Keeps how a goal is going."""
    person = person_for(request.actor, reference)
    goal = goal_for(request.actor, person, goal_reference)
    heading = f"“{goal.words}”"
    form = ReviewForm(request.POST or None, records=[goal], saved=lambda: initial_of_goal(goal), goal=goal)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("words", "domain", "status", "reviewed_on")}
        if form.attempt(
            lambda: change_goal(goal=goal, version=form.stood_at, progress=form.how_far, by=request.actor, **values)
        ):
            messages.success(request, "The review is saved.")
            return redirect("goals", reference)
    return person_form(request, person, form, heading, "goals")
