"""The commissioner's month, and the framework for everybody."""

from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core.editing import answer
from commissioning.core.errors import Refused
from commissioning.core.periods import Month
from outcomes import actions
from outcomes.forms import SendBackForm
from outcomes.queries.checklists import sent_checklist
from outcomes.queries.due import due_on
from outcomes.queries.frameworks import framework_in_force, framework_sheet
from outcomes.queries.overview import month_overview
from outcomes.views.shared import chosen_month, months_to_choose


def outcomes_overview(request: ActorRequest) -> HttpResponse:
    """A month over all providers: what is in, what is missing, what waits to be accepted."""
    month = chosen_month(request)
    overview = month_overview(request.actor, month)
    record_read(request, *overview.people_named)
    context = {
        "overview": overview,
        "month": month,
        "due_on": due_on(month),
        "months": months_to_choose(month),
        "figures": [
            {"label": "Checklists in", "value": f"{overview.in_count} of {overview.people_count}", "note": "people"},
            {"label": "To be accepted", "value": overview.waiting_count, "note": "checklists that were sent"},
            {"label": "Accepted", "value": overview.accepted_count, "note": "people"},
            {"label": "Late", "value": overview.late_count, "note": f"due by {due_on(month):%-d %B}"},
        ],
    }
    return render(request, "outcomes/overview.html", context)


def checklists_accept(request: ActorRequest) -> HttpResponse:
    """Accept the chosen checklists, or all that the page showed, each in the version that was read."""
    name = "shown" if request.POST.get("act") == "all" else "chosen"
    back = request.POST.get("back", "")
    try:
        versions = _versions(request.POST.getlist(name))
        count = actions.accept_checklists(versions=versions, by=request.actor)
        messages.success(request, "1 checklist accepted" if count == 1 else f"{count} checklists accepted")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(back if _is_ours(back) else reverse("outcomes_overview"))


def _versions(chosen: list[str]) -> dict[int, int]:
    """`pk:version` of each. Raises Refused."""
    try:
        versions = {int(pk): int(version) for pk, version in (each.split(":") for each in chosen)}
    except ValueError as error:
        raise Refused("Choose from the checklists on this page") from error
    if not versions:
        raise Refused("Choose at least one checklist to accept")
    return versions


def _is_ours(address: str) -> bool:
    return address.startswith(reverse("outcomes_overview")) and "\\" not in address


def checklist_send_back(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask the provider about a checklist that was sent."""
    checklist = sent_checklist(request.actor, pk)
    record_read(request, checklist.person_id)
    month = Month.of(checklist.month)
    address = reverse("checklist", args=[checklist.person.reference, str(month)])
    form = SendBackForm(request.POST or None, records=lambda: _read(request, pk))
    if request.method == "POST" and form.is_valid():
        words, version = form.cleaned_data["words"], form.stood_at
        if form.attempt(
            lambda: actions.send_back(checklist=checklist, question=words, version=version, by=request.actor)
        ):
            messages.success(request, f"{checklist.person.called}’s {month.words} is sent back to {checklist.provider}")
            return redirect(f"{reverse('outcomes_overview')}?month={month}")
    context = {
        "heading": f"Ask about {checklist.person.called}’s {month.words}",
        "intro": f"{checklist.provider} can change the answers and send them again.",
        "trail": [("Outcomes", reverse("outcomes_overview")), (f"{checklist.person.called} in {month.words}", address)],
        "cancel_url": address,
    }
    return answer(request, form, "outcomes/form.html", context)


def _read(request: ActorRequest, pk: int) -> list[Model]:
    """What the commissioner has read when they ask: the checklist with its answers."""
    checklist = sent_checklist(request.actor, pk)
    return [checklist, *checklist.answers.select_related("measure")]


def framework(request: ActorRequest) -> HttpResponse:
    """The questions that are asked now, so that everybody can see what is measured and in what words."""
    in_force = framework_in_force(request.actor.partnership, Month.of(timezone.localdate()))
    if in_force is None:
        in_force = actions.ensure_default_framework(partnership=request.actor.partnership, by=request.actor)
    context = {"framework": in_force, "sheet": framework_sheet(in_force)}
    return render(request, "outcomes/framework.html", context)
