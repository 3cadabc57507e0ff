"""The pooled budget: a year by partner, why it varies, the lines behind, and the forms that fill it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core import downloads
from commissioning.core.editing import answer
from commissioning.core.forms import Form
from commissioning.core.periods import FinancialYear, NotADate
from finance import actions
from finance.forms.budgets import BudgetChangeForm, BudgetsForm, PlannedChangeForm
from finance.queries import budget_files, budget_records
from finance.queries.budget_lines import behind
from finance.queries.budget_pages import BudgetPage, budget_page


@dataclass(frozen=True)
class Act:
    """One form about a year: its page, what it does with the answers, and what it says when done."""

    heading: str
    form: Form
    do: Callable[[], object]
    done: str
    year: FinancialYear
    intro: str = ""
    template: str = "finance/form.html"


def budgets(request: ActorRequest) -> HttpResponse:
    page = _year_page(request)
    return render(request, "finance/budgets.html", {"page": page, "total": page.total})


def budget_variance(request: ActorRequest) -> HttpResponse:
    return render(request, "finance/budget_variance.html", {"page": _year_page(request)})


def budget_lines(request: ActorRequest) -> HttpResponse:
    page = budget_page(request.actor, _year(request), timezone.localdate())
    part, partner = request.GET.get("part", ""), request.GET.get("partner")
    found = behind(page, part, partner)
    if found is None:
        raise Http404
    record_read(request, *found.people_ids)
    back = reverse("budgets" if part in ("ends", "planned", "assumed") else "budget_variance")
    return render(
        request, "finance/budget_lines.html", {"page": page, "found": found, "back": f"{back}?year={page.year}"}
    )


def budgets_csv(request: ActorRequest) -> HttpResponse:
    page = _year_page(request)
    return downloads.download(budget_files.as_csv(page), name=f"budget-{page.year}.csv", content_type=downloads.CSV)


def budgets_xlsx(request: ActorRequest) -> HttpResponse:
    page = _year_page(request)
    contents = budget_files.as_workbook(page)
    return downloads.download(contents, name=f"budget-{page.year}.xlsx", content_type=downloads.WORKBOOK)


def budget_variance_csv(request: ActorRequest) -> HttpResponse:
    page = _year_page(request)
    contents = budget_files.variance_as_csv(page)
    return downloads.download(contents, name=f"variance-{page.year}.csv", content_type=downloads.CSV)


def budget_variance_xlsx(request: ActorRequest) -> HttpResponse:
    page = _year_page(request)
    contents = budget_files.variance_as_workbook(page)
    return downloads.download(contents, name=f"variance-{page.year}.xlsx", content_type=downloads.WORKBOOK)


# ---------------------------------------------------------------- forms


def budget_set(request: ActorRequest) -> HttpResponse:
    year = _year(request)
    form = BudgetsForm(request.POST or None, actor=request.actor, year=year)

    def do() -> None:
        actions.set_budgets(year=year, entered=form.entered(), version=form.stood_at, by=request.actor)

    intro = (
        "What each partner agreed to put in for the whole year; leave a box empty for a partner who puts nothing in. "
        "What changes during the year is entered apart, with its reason."
    )
    heading = f"Budgets of {year.label}"
    return _page(
        request, Act(heading, form, do, f"Budgets of {year.label} saved.", year, intro, "finance/budget_form.html")
    )


def budget_change(request: ActorRequest) -> HttpResponse:
    year = _year(request)
    if not budget_records.budgets_of(request.actor, year):
        messages.error(request, f"Enter the budgets of {year.label} first: there is none to change")
        return redirect(_at(year))
    form = BudgetChangeForm(request.POST or None, actor=request.actor, year=year)

    def do() -> None:
        actions.change_budget(budget=form.chosen, new=form.new_change(), version=form.stood_at, by=request.actor)

    return _page(request, Act(f"Change a budget of {year.label}", form, do, "Budget changed.", year))


def planned_change_add(request: ActorRequest) -> HttpResponse:
    form = PlannedChangeForm(request.POST or None, actor=request.actor)
    intro = (
        "A move, a step-down or somebody new, before there is a price. It counts in the forecast from its first day."
    )

    def do() -> None:
        actions.plan_change(new=form.new_planned(), by=request.actor)

    return _page(request, Act("Add a planned change", form, do, "Planned change added.", _year(request), intro))


def planned_change(request: ActorRequest, reference: str) -> HttpResponse:
    change = budget_records.planned_change_for(request.actor, reference)
    record_read(request, *([change.person_id] if change.person_id else []))
    form = PlannedChangeForm(request.POST or None, actor=request.actor, change=change)
    intro = "Once prices are recorded for it, say that it happened: it then counts no more."

    def do() -> None:
        actions.edit_planned_change(
            change=change, new=form.new_planned(), state=form.new_state, version=form.stood_at, by=request.actor
        )

    return _page(request, Act(f"Planned change {reference}", form, do, "Planned change saved.", _year(request), intro))


def _year(request: ActorRequest) -> FinancialYear:
    """The year of the address; the present one where it names none. Raises Http404 for what is none."""
    text = request.GET.get("year", "")
    try:
        return FinancialYear.parse(text) if text else FinancialYear.of(timezone.localdate())
    except NotADate as error:
        raise Http404 from error


def _year_page(request: ActorRequest) -> BudgetPage:
    page = budget_page(request.actor, _year(request), timezone.localdate())
    record_read(request, *page.people_ids)
    return page


def _at(year: FinancialYear) -> str:
    return f"{reverse('budgets')}?year={year}"


def _page(request: ActorRequest, act: Act) -> HttpResponse:
    """Show the act's form, or do it and go back."""
    if request.method == "POST" and act.form.is_valid() and act.form.attempt(act.do):
        messages.success(request, act.done)
        return redirect(_at(act.year))
    back = _at(act.year)
    context = {
        "heading": act.heading, "intro": act.intro, "eyebrow": "Pooled budget", "back_url": back, "cancel_url": back,
    }  # fmt: skip
    return answer(request, act.form, act.template, context)
