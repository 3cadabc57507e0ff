"""Person-centred plans: reading, writing, agreeing, versions."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest
from commissioning.core.errors import Refused
from people.actions import agree_plan, change_plan, start_plan
from people.forms import AgreeForm, PlanForm
from people.forms.plans import initial_of_plan
from people.queries import current_plan, draft_plan, person_for, plan_for, plan_versions
from people.views.page import person_form, person_page


def plan_page(request: ActorRequest, reference: str) -> HttpResponse:
    """The plan as agreed, the draft that waits, and the versions before."""
    person = person_for(request.actor, reference)
    context = {
        "plan": current_plan(request.actor, person),
        "draft": draft_plan(request.actor, person),
        "versions": plan_versions(request.actor, person),
        "today": timezone.localdate(),
    }
    return person_page(request, person, "people/plan.html", **context)


def plan_version(request: ActorRequest, reference: str, number: int) -> HttpResponse:
    """One version, as it was."""
    person = person_for(request.actor, reference)
    plan = plan_for(request.actor, person, number)
    versions = plan_versions(request.actor, person)
    return person_page(request, person, "people/plan_version.html", plan=plan, versions=versions)


def plan_start(request: ActorRequest, reference: str) -> HttpResponse:
    """A new draft, copied from the plan before."""
    person = person_for(request.actor, reference)
    try:
        plan = start_plan(person=person, by=request.actor)
    except Refused as refused:
        messages.warning(request, refused.message)
        return redirect("plan", reference)
    before = current_plan(request.actor, person)
    kept = " What was agreed before stays until it is agreed." if before else " Nothing is agreed until you agree it."
    messages.success(request, f"Version {plan.number} is a draft.{kept}")
    return redirect("plan_edit", reference)


def plan_edit(request: ActorRequest, reference: str) -> HttpResponse:
    """Writes the draft; without one, back to the plan."""
    person = person_for(request.actor, reference)
    plan = draft_plan(request.actor, person)
    if plan is None:
        return redirect("plan", reference)
    form = PlanForm(request.POST or None, records=[plan], saved=lambda: initial_of_plan(plan))
    if request.method == "POST" and form.is_valid():
        version = form.stood_at
        if form.attempt(lambda: change_plan(plan=plan, version=version, words=form.words, by=request.actor)):
            messages.success(request, f"Version {plan.number} is saved as a draft.")
            return redirect("plan", reference)
    return person_form(request, person, form, f"{person.called}’s plan, version {plan.number}", "plan")


def plan_agree(request: ActorRequest, reference: str) -> HttpResponse:
    """Agrees the draft, with how the person and those close to them took part."""
    person = person_for(request.actor, reference)
    plan = draft_plan(request.actor, person)
    if plan is None:
        return redirect("plan", reference)
    form = AgreeForm(
        request.POST or None,
        records=[plan],
        saved=lambda: initial_of_plan(plan),
        initial={"agreed_on": timezone.localdate()},
        called=person.called,
    )
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("agreed_on", "review_by")}
        version = form.stood_at
        if form.attempt(
            lambda: agree_plan(plan=plan, version=version, taking_part=form.taking_part, by=request.actor, **values)
        ):
            messages.success(request, f"Version {plan.number} is agreed, and kept as it is until the next replaces it.")
            return redirect("plan", reference)
    heading = f"Agree version {plan.number} of {person.called}’s plan"
    return person_form(request, person, form, heading, "plan", plan=plan)
