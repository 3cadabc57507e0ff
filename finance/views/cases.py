"""Forms of invest-to-save cases. The pages that show them need outcomes too and are in `commissioning.overview`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core.editing import answer
from commissioning.core.forms import Form
from finance.actions import cases as actions
from finance.forms.cases import CaseBedsForm, CaseForm, CaseFundingForm, CasePeopleForm, CaseSavingsForm
from finance.queries.cases import case_for


@dataclass(frozen=True)
class Act:
    """One form about a case."""

    heading: str
    form: Form
    do: Callable[[], object]
    done: str
    back: str
    intro: str = ""
    template: str = "finance/rows_form.html"


def case_add(request: ActorRequest) -> HttpResponse:
    form = CaseForm(request.POST or None)
    return _page(
        request,
        Act(
            "Add an invest-to-save case",
            form,
            lambda: actions.create_case(new=form.new_case(), by=request.actor),
            "Case added. Enter the money put in.",
            reverse("cases"),
            template="finance/form.html",
        ),
    )


def case_change(request: ActorRequest, reference: str) -> HttpResponse:
    case = case_for(request.actor, reference)
    form = CaseForm(request.POST or None, case=case)

    def do() -> None:
        actions.change_case(case=case, new=form.new_case(), version=form.stood_at, by=request.actor)

    return _page(request, Act("Change the case", form, do, "Case changed.", _at(reference), "", "finance/form.html"))


def case_funding(request: ActorRequest, reference: str) -> HttpResponse:
    case = case_for(request.actor, reference)
    form = CaseFundingForm(request.POST or None, actor=request.actor, case=case)

    def do() -> None:
        actions.set_case_funding(case=case, funding=form.new_funding(), version=form.stood_at, by=request.actor)

    intro = "With one day, all of it counts on that day. With two, it is spread evenly by day, both days included."
    return _page(request, Act("Money put in", form, do, "Money saved.", _at(reference), intro))


def case_savings(request: ActorRequest, reference: str) -> HttpResponse:
    case = case_for(request.actor, reference)
    form = CaseSavingsForm(request.POST or None, actor=request.actor, case=case)

    def do() -> None:
        actions.set_case_savings(case=case, savings=form.new_savings(), version=form.stood_at, by=request.actor)

    intro = "Each saving is spread evenly by day, both days included. It is a plan: nothing of it is measured."
    return _page(request, Act("Stated savings", form, do, "Schedule saved.", _at(reference), intro))


def case_people(request: ActorRequest, reference: str) -> HttpResponse:
    case = case_for(request.actor, reference)
    record_read(request, *case.people.values_list("person_id", flat=True))
    form = CasePeopleForm(request.POST or None, actor=request.actor, case=case)

    def do() -> None:
        actions.set_case_people(case=case, people=form.new_people(), version=form.stood_at, by=request.actor)

    intro = "What each person’s support costs is set against their baseline from the day you give."
    return _page(request, Act("People it is for", form, do, "People saved.", _at(reference), intro))


def case_beds(request: ActorRequest, reference: str) -> HttpResponse:
    case = case_for(request.actor, reference)
    form = CaseBedsForm(request.POST or None, actor=request.actor, case=case)

    def do() -> None:
        actions.set_case_beds(case=case, beds=form.new_beds(), version=form.stood_at, by=request.actor)

    intro = "A bed that nobody needs saves nothing until it or its ward closes. Enter the day of closing when it does."
    return _page(request, Act("Hospital beds", form, do, "Beds saved.", _at(reference), intro))


def _at(reference: str) -> str:
    return reverse("case", args=[reference])


def _page(request: ActorRequest, act: Act) -> HttpResponse:
    """Show the act's form, or do it and go back."""
    if request.method == "POST" and act.form.is_valid() and act.form.attempt(act.do):
        messages.success(request, act.done)
        return redirect(act.back)
    context = {
        "heading": act.heading,
        "intro": act.intro,
        "eyebrow": "Invest to save",
        "back_url": act.back,
        "cancel_url": act.back,
    }
    return answer(request, act.form, act.template, context)
