"""Annual uplifts: a preview of every price, the act, and undoing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core.errors import Refused
from finance import actions
from finance.forms.uplifts import BY_HAND, UpliftForm, left_out_in
from finance.models import Uplift
from finance.queries.uplifts import Preview, by_provider, shown_uplift, uplift_for, uplifts_of


def uplifts(request: ActorRequest) -> HttpResponse:
    return render(request, "finance/uplifts.html", {"uplifts": uplifts_of(request.actor)})


def uplift_add(request: ActorRequest) -> HttpResponse:
    """The form, then what it changes, then done: only what was shown is saved."""
    form = UpliftForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and "again" not in request.POST and form.is_valid():
        new = form.new_uplift(left_out_in(request.POST))
        try:
            made = actions.apply_uplift(new=new, shown=request.POST.get("shown", ""), by=request.actor)
        except Refused as refused:
            form.refuse(refused)
        else:
            return _show(request, new, made) if isinstance(made, Preview) else _done(request, made)
    back = reverse("uplifts")
    context = {"heading": "Uplift prices", "form": form, "back_url": back, "cancel_url": back, "intro": INTRO}
    return render(request, "finance/form.html", context)


INTRO = "You see every price before and after, and what stays as it is and why, before anything is saved."


def _done(request: ActorRequest, uplift: Uplift) -> HttpResponse:
    count = len(uplift.lines)
    messages.success(request, "1 price is uplifted." if count == 1 else f"{count} prices are uplifted.")
    return redirect("uplift", uplift.pk)


def _show(request: ActorRequest, new: actions.NewUplift, preview: Preview) -> HttpResponse:
    rows = (*preview.rows, *preview.left_out)
    record_read(request, *(row.line.placement.person_id for row in rows if row.line.placement))
    fields = {"csrfmiddlewaretoken", "shown", "leave", "why"}
    context = {
        "new": new,
        "preview": preview,
        "providers": by_provider(preview.rows),
        "sent": [(name, each) for name, every in request.POST.lists() if name not in fields for each in every],
        "reasons": list(BY_HAND.items()),
        "left": [number for number, _ in left_out_in(request.POST)],
        "why": request.POST.get("why", ""),
        "moved": bool(request.POST.get("shown")) and "look" not in request.POST,
        "back": reverse("uplifts"),
    }
    return render(request, "finance/uplift_preview.html", context)


def uplift(request: ActorRequest, number: int) -> HttpResponse:
    shown = shown_uplift(request.actor, uplift_for(request.actor, number))
    record_read(request, *shown.people_ids)
    return render(request, "finance/uplift.html", {"shown": shown, "uplift": shown.uplift})


def uplift_undo(request: ActorRequest, number: int) -> HttpResponse:
    found = uplift_for(request.actor, number)
    try:
        actions.undo_uplift(uplift=found, by=request.actor)
        messages.success(request, "The uplift is undone: every price is as it was.")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("uplift", found.pk)
