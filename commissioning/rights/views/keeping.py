"""How long records are kept: the schedule, whose time is over, legal holds, and erasures that wait or are done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core.editing import answer
from commissioning.core.errors import Refused
from commissioning.rights import actions, queries, retention
from commissioning.rights.forms import HoldForm, ReasonForm, YearsForm
from commissioning.rights.models import Erasure
from commissioning.rights.previewing import against, preview_of
from people.views.page import person_page

FORM = "layouts/form.html"


def kept(request: ActorRequest) -> HttpResponse:
    """Whose record is due for review, with the years that say so."""
    due = retention.due_for_review(request.actor, timezone.localdate())
    record_read(request, *(each.person.pk for each in due))
    context = {"due": due, "schedule": queries.schedule_of(request.actor), "trail": _trail("How long records are kept")}
    return render(request, "rights/kept.html", context)


def years(request: ActorRequest) -> HttpResponse:
    """Changes for how many years the partnership keeps records."""
    actor = request.actor
    form = YearsForm(
        request.POST or None,
        records=lambda: queries.rules_of(actor),
        saved=lambda: {each.key: each.years for each in queries.schedule_of(actor)},
        schedule=queries.schedule_of(actor),
    )
    back = reverse("kept") if request.actor.can_commission else reverse("partnership_settings")
    if (
        request.method == "POST"
        and form.is_valid()
        and form.attempt(lambda: actions.set_years(years=form.years, version=form.stood_at, by=actor))
    ):
        messages.success(request, "The years are saved.")
        return redirect(back)
    intro = "When the time is over, a commissioner looks at the record: it is kept longer for a reason, or erased."
    context = {"heading": "How long records are kept", "intro": intro, "back_url": back, "cancel_url": back}
    return answer(request, form, FORM, context)


def holds(request: ActorRequest) -> HttpResponse:
    """Every legal hold of the partnership."""
    rows = list(queries.holds_list(request.actor))
    record_read(request, *(hold.person_id for hold in rows if hold.person_id))
    context = {"holds": rows, "today": timezone.localdate(), "trail": _trail("Legal holds")}
    return render(request, "rights/holds.html", context)


def hold_everybody(request: ActorRequest) -> HttpResponse:
    """Places a hold on every record of the partnership."""
    form = HoldForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if form.attempt(lambda: actions.place_hold(person=None, by=request.actor, **values)):
            messages.success(request, "The hold is placed. No record can be erased while it lasts.")
            return redirect("holds")
    intro = "For an inquiry that asks for every record. While it lasts, nobody’s record can be erased."
    context = {"form": form, "heading": "Place a hold on every record", "intro": intro}
    return render(request, FORM, {**context, "back_url": reverse("holds"), "cancel_url": reverse("holds")})


def hold_lift(request: ActorRequest, number: int) -> HttpResponse:
    """Lifts a hold today."""
    hold = queries.hold_for(request.actor, number)
    form = ReasonForm(
        request.POST or None,
        records=[hold],
        label="Why the record need no longer be kept",
        submit_text="Lift the hold",
    )
    if hold.person_id:
        record_read(request, hold.person_id)
    if request.method == "POST" and form.is_valid():
        version, by = form.stood_at, request.actor
        if form.attempt(lambda: actions.lift_hold(hold=hold, version=version, by=by, **form.values)):
            messages.success(request, "The hold is lifted.")
            return redirect("holds")
    whose = hold.person.label_for(request.actor) if hold.person else "every record"
    context = {"heading": f"Lift the hold on {whose}", "intro": f"It was placed for: {hold.reason}"}
    return answer(request, form, FORM, {**context, "back_url": reverse("holds"), "cancel_url": reverse("holds")})


def erasure(request: ActorRequest, number: int) -> HttpResponse:
    """An erasure with its preview, to approve or withdraw; afterwards what it did."""
    found = queries.erasure_for(request.actor, number)
    waits = found.state == Erasure.State.WAITING
    preview = preview_of(found.person) if waits else None
    context = {
        "erasure": found,
        "preview": preview,
        "has_changed": preview is not None and preview.fingerprint != found.fingerprint,
        "against": against(found.person, why=found.why, today=timezone.localdate()) if waits else [],
        "is_own": request.user.pk == found.asked_by_id,
    }
    response = person_page(request, found.person, "rights/erasure.html", tab="person_rights", **context)
    if found.state == Erasure.State.APPROVED:
        response["Refresh"] = "3"
    return response


def erasure_approve(request: ActorRequest, number: int) -> HttpResponse:
    """The second person's approval of an erasure."""
    found = queries.erasure_for(request.actor, number)
    record_read(request, found.person_id)
    try:
        actions.approve_erasure(erasure=found, by=request.actor)
        messages.success(request, "The erasure is approved. A worker does it now.")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("erasure", number)


def erasure_withdraw(request: ActorRequest, number: int) -> HttpResponse:
    """Takes back an erasure that nobody approved yet."""
    found = queries.erasure_for(request.actor, number)
    record_read(request, found.person_id)
    try:
        actions.withdraw_erasure(erasure=found, by=request.actor)
        messages.success(request, "The erasure is withdrawn. Nothing was erased.")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("erasure", number)


def _trail(last: str) -> list[tuple[str, str]]:
    return [("Home", reverse("home")), ("Rights", reverse("rights")), (last, "")]
