"""Log a placement: who supports, where, what it costs and who pays, check, confirm."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core.editing import EditForm
from commissioning.core.errors import Refused, Stale
from commissioning.core.periods import day_before
from commissioning.overview.actions import NewPlacement, ShareOfLines, confirmed, log_placement, save_draft
from commissioning.overview.forms.costs_page import CostsPage, with_row, without_row
from commissioning.overview.forms.placement import HomeForm, SupportForm, as_post
from commissioning.overview.forms.placement_totals import PlacementTotals, totals_of
from commissioning.overview.models import PlacementDraft
from commissioning.overview.queries.placement_log import draft_of, homes_of
from finance.actions import NewShare
from finance.models import CostKind, price_words
from people.models import Person, Placement, Setting
from people.queries import person_for

STEPS = (
    ("placement_log_support", "Provider and contract"),
    ("placement_log_home", "Home and dates"),
    ("placement_log_costs", "Costs and funding"),
    ("placement_log_check", "Check your answers"),
)
CHANGED_MEANWHILE = (
    "Your answers, or the home that ends, were changed while this page was open, and nothing was logged. "
    "Read them again as they are now, then log the placement."
)


def start(request: ActorRequest, reference: str) -> HttpResponse:
    """The first page that still needs answers."""
    person = person_for(request.actor, reference)
    record_read(request, person.pk)
    journey = Journey(request, person)
    return redirect(journey.first_incomplete(), reference=reference)


def support(request: ActorRequest, reference: str) -> HttpResponse:
    person = person_for(request.actor, reference)
    record_read(request, person.pk)
    journey = Journey(request, person)
    if request.method == "POST":
        return journey.take("support", SupportForm(request.POST, actor=request.actor), "placement_log_home")
    return journey.show("support", SupportForm(journey.kept("support"), actor=request.actor))


def home(request: ActorRequest, reference: str) -> HttpResponse:
    person = person_for(request.actor, reference)
    record_read(request, person.pk)
    journey = Journey(request, person)
    homes = homes_of(person)
    if request.method == "POST":
        return journey.take("home", HomeForm(request.POST, person=person, homes=homes), "placement_log_costs")
    return journey.show("home", HomeForm(journey.kept("home"), person=person, homes=homes))


def costs(request: ActorRequest, reference: str) -> HttpResponse:
    person = person_for(request.actor, reference)
    record_read(request, person.pk)
    journey = Journey(request, person)
    if journey.start is None:
        return redirect(journey.first_incomplete(), reference=reference)
    if request.method != "POST":
        return journey.show_costs(CostsPage(request.actor, journey.start, journey.kept("costs")), checked=False)
    data = _rows_changed(request.POST)
    save_draft(person=person, page="costs", typed=dict(data.lists()), by=request.actor)
    page = CostsPage(request.actor, journey.start, data)
    if "continue" in request.POST and page.is_valid():
        return redirect("placement_log_check", reference=reference)
    if "leave" in request.POST:
        return _leave(request, person)
    return journey.show_costs(page, checked="continue" in request.POST)


def totals(request: ActorRequest, reference: str) -> HttpResponse:
    """The live total alone, for the page to put in place as one types."""
    person = person_for(request.actor, reference)
    record_read(request, person.pk)
    journey = Journey(request, person)
    first_day = journey.start or timezone.localdate()
    page = CostsPage(request.actor, first_day, request.POST)
    return render(
        request,
        "overview/placement_log/totals.html",
        {"totals": totals_of(request.actor, person, page, first_day)},
    )


def check(request: ActorRequest, reference: str) -> HttpResponse:
    person = person_for(request.actor, reference)
    record_read(request, person.pk)
    journey = Journey(request, person)
    if request.method == "POST" and journey.draft is None:
        messages.info(request, f"{person.called}’s placement is already logged.")
        return redirect("placements", reference=reference)
    answers = journey.answers()
    if answers is None:
        return redirect(journey.first_incomplete(), reference=reference)
    if request.method != "POST":
        return journey.show_check(answers)
    form = journey.confirmation(answers, request.POST)
    form.is_valid()
    try:
        placement = log_placement(new=answers, by=request.actor, draft=journey.draft, version=form.stood_at)
    except Stale:
        return journey.show_check(answers, Refused(CHANGED_MEANWHILE))
    except Refused as refused:
        return journey.show_check(answers, refused)
    if placement is not None:
        messages.success(request, f"Placement logged: {person.called} with {placement.provider}.")
    return redirect("placements", reference=reference)


class Journey:
    """One person's placement being logged by one user: its kept answers and how its pages are shown."""

    def __init__(self, request: ActorRequest, person: Person) -> None:
        self.request, self.person = request, person
        self.draft: PlacementDraft | None = draft_of(request.actor, person)

    def kept(self, page: str) -> QueryDict | None:
        return as_post((self.draft.answers if self.draft else {}).get(page))

    @property
    def start(self) -> dt.date | None:
        """The first day, once the page of home and dates is answered."""
        form = HomeForm(self.kept("home"), person=self.person, homes=homes_of(self.person))
        return form.cleaned_data["start"] if form.is_valid() else None

    def first_incomplete(self) -> str:
        support_form = SupportForm(self.kept("support"), actor=self.request.actor)
        if not support_form.is_valid():
            return "placement_log_support"
        if self.start is None:
            return "placement_log_home"
        if not CostsPage(self.request.actor, self.start, self.kept("costs")).is_valid():
            return "placement_log_costs"
        return "placement_log_check"

    def take(self, page: str, form: Any, following: str) -> HttpResponse:
        """Keep what was typed, then go on when it holds, or stay with what to put right."""
        save_draft(person=self.person, page=page, typed=dict(self.request.POST.lists()), by=self.request.actor)
        if "leave" in self.request.POST:
            return _leave(self.request, self.person)
        if form.is_valid():
            return redirect(following, reference=self.person.reference)
        return self.show(page, form)

    def show(self, page: str, form: Any) -> HttpResponse:
        context = self._context(f"placement_log_{page}") | {"form": form}
        return render(self.request, f"overview/placement_log/{page}.html", context)

    def show_costs(self, page: CostsPage, *, checked: bool) -> HttpResponse:
        found = totals_of(self.request.actor, self.person, page, page.start)
        context = self._context("placement_log_costs") | {
            "page": page,
            "rows": _line_rows(page, found),
            "totals": found,
            "checked": checked,
        }
        return render(self.request, "overview/placement_log/costs.html", context)

    def answers(self) -> NewPlacement | None:
        """All answers together, when every page holds."""
        actor = self.request.actor
        support_form = SupportForm(self.kept("support"), actor=actor)
        home_form = HomeForm(self.kept("home"), person=self.person, homes=homes_of(self.person))
        if not (support_form.is_valid() and home_form.is_valid()):
            return None
        page = CostsPage(actor, home_form.cleaned_data["start"], self.kept("costs"))
        if page.data is None or not page.is_valid():
            return None
        return _new_placement(self.person, support_form, home_form, page)

    def confirmation(self, answers: NewPlacement, data: QueryDict | None = None) -> EditForm:
        """What is confirmed, as it stood when the page was opened: the answers, and the home that then ends."""
        draft = [self.draft] if self.draft else []
        return EditForm(data, records=lambda: confirmed(answers, draft))

    def show_check(self, answers: NewPlacement, refused: Refused | None = None) -> HttpResponse:
        page = CostsPage(self.request.actor, answers.start, self.kept("costs"))
        found = totals_of(self.request.actor, self.person, page, answers.start)
        prices = [
            (line, price_words(line.amount, line.basis, line.units_per_week), pence)
            for line, pence in zip(answers.lines, found.line_weekly_pence, strict=True)
        ]
        context = self._context("placement_log_check") | {
            "answers": answers,
            "form": self.confirmation(answers),
            "setting_words": Setting(answers.setting).label,
            "ends_on": day_before(answers.start),
            "ends_why": Placement.EndReason(answers.end_reason).label.lower() if answers.ends else "",
            "prices": prices,
            "shares": _shares_with_what_they_cover(answers),
            "totals": found,
            "refused": refused,
        }
        return render(self.request, "overview/placement_log/check.html", context, status=409 if refused else 200)

    def _context(self, step: str) -> dict[str, Any]:
        names = [name for name, _ in STEPS]
        place = names.index(step)
        back = (
            reverse(names[place - 1], args=[self.person.reference])
            if place
            else reverse("placements", args=[self.person.reference])
        )
        return {"person": self.person, "steps": STEPS, "step": step, "step_number": place + 1, "back": back}


def _new_placement(person: Person, support_form: Any, home_form: HomeForm, page: CostsPage) -> NewPlacement:
    support_answers, home_answers = support_form.cleaned_data, home_form.cleaned_data
    starts_later = home_answers["start"] > timezone.localdate()
    return NewPlacement(
        person=person,
        provider=support_answers["provider"],
        contract=support_answers["contract"],
        landlord=support_answers["landlord"],
        setting=home_answers["setting"],
        start=home_answers["start"],
        end=home_answers["end"],
        postcode=home_answers["postcode"],
        out_of_area=home_answers["out_of_area"],
        double_running=home_form.goes_on(),
        shared_on=timezone.localdate() if starts_later and home_answers["share_now"] else None,
        lines=tuple(page.new_lines()),
        shares=tuple(ShareOfLines(line, share) for line, share in page.new_shares()),
        ends=home_form.replaces(),
        end_reason=home_answers.get("end_reason", ""),
    )


def _shares_with_what_they_cover(answers: NewPlacement) -> list[tuple[NewShare, str]]:
    own = {each.line for each in answers.shares if each.line is not None}
    rest = "Everything else" if own else "All costs"
    return [
        (each.share, rest if each.line is None else f"Only {CostKind(answers.lines[each.line].kind).label.lower()}")
        for each in answers.shares
    ]


def _rows_changed(posted: QueryDict) -> QueryDict:
    """Add or remove a row where one of those buttons was pressed."""
    for what, button in (("lines", "remove_line"), ("shares", "remove_share")):
        pressed = str(posted.get(button, ""))
        if pressed.isdecimal():
            return without_row(posted, what, int(pressed))
    if "add_line" in posted:
        return with_row(posted, "lines")
    if "add_share" in posted:
        return with_row(posted, "shares")
    return posted.copy()


def _line_rows(page: CostsPage, found: PlacementTotals) -> list[tuple[Any, str, int]]:
    rows = zip(page.lines, found.line_weekly_pence, strict=True)
    return [(line, page.title_of(place), pence) for place, (line, pence) in enumerate(rows)]


def _leave(request: ActorRequest, person: Person) -> HttpResponseRedirect:
    messages.success(request, "Your answers so far are kept. Choose “Log a placement” to go on.")
    return redirect("placements", reference=person.reference)
