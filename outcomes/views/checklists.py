"""The provider's month: its people, and a checklist each."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.models import Role
from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core.errors import Refused
from commissioning.core.periods import Month
from outcomes import actions
from outcomes.forms import ChecklistForm, conflict_words, entries
from outcomes.models import Checklist, View
from outcomes.queries import checklists as queries
from outcomes.queries.checklists import PROVIDER_VIEWS, PersonsMonth, Question
from outcomes.queries.due import Progress, checklists_due, due_on, people_months
from outcomes.views.shared import chosen_month, month_or_404, months_to_choose

# Sent people shown before “Show more”.
SENT_SHOWN = 6
# What is to do, the most pressing first.
URGENCY = (Progress.SENT_BACK, Progress.READY, Progress.DRAFT, Progress.NOT_STARTED)


def outcomes_month(request: ActorRequest) -> HttpResponse:
    """The people a provider supports in a month, what is to do first."""
    month = chosen_month(request)
    rows = people_months(request.actor, month)
    record_read(request, *(row.person.pk for row in rows))
    sent = [row for row in rows if row.is_in]
    context = {
        "month": month,
        "due_on": due_on(month),
        "is_late": any(row.is_late for row in rows),
        "people_count": len(rows),
        "may_send": _may_send(request),
        "to_do": sorted((row for row in rows if not row.is_in), key=lambda row: URGENCY.index(row.progress)),
        "sent": sent[:SENT_SHOWN],
        "more_sent": sent[SENT_SHOWN:],
        "sent_count": len(sent),
        "sent_width": f"{100 * len(sent) / len(rows):.1f}%" if rows else "0%",
        "months": months_to_choose(month),
        "hide_search": True,
    }
    return render(request, "outcomes/month.html", context)


def checklist(request: ActorRequest, reference: str, month: str) -> HttpResponse:
    """For a provider: whose view is this? For those who read: every view side by side."""
    if not request.actor.is_provider:
        return _review(request, reference, month_or_404(month))
    found = queries.own_month(request.actor, reference, month_or_404(month))
    record_read(request, found.person.pk)
    return render(request, "outcomes/whose_view.html", _month_context(found))


def _review(request: ActorRequest, reference: str, month: Month) -> HttpResponse:
    reviewed = queries.reviewed_month(request.actor, reference, month)
    record_read(request, reviewed.person.pk)
    context = {
        "reviewed": reviewed,
        "person": reviewed.person,
        "month": month,
        "before": month.plus(-1),
        "after": month.plus(1) if month < Month.of(timezone.localdate()) else None,
    }
    return render(request, "outcomes/review.html", context)


def _month_context(found: PersonsMonth, view: str = "") -> dict[str, Any]:
    ways = [
        {"view": each, "label": view_words(each, found.person.called), "begun": found.view(each)}
        for each in PROVIDER_VIEWS
    ]
    return {
        "found": found,
        "person": found.person,
        "month": found.month,
        "due_on": due_on(found.month),
        "ways": ways,
        "view": view,
        "view_words": view_words(view, found.person.called) if view else "",
        "list_url": f"{reverse('outcomes_month')}?month={found.month}",
        # These pages are made for a phone: nothing above the person but the way back.
        "hide_search": True,
    }


def view_words(view: str, name: str) -> str:
    """Whose view, as the worker on the phone would say it."""
    return {
        View.PERSON: f"{name}’s own",
        View.PERSON_SUPPORTED: f"{name}’s, with support",
        View.FAMILY: f"{name}’s family’s",
        View.STAFF: "Ours, as staff",
    }.get(View(view), View(view).label)


def checklist_view(request: ActorRequest, reference: str, month: str, view: str) -> HttpResponse:
    """The questions of one point of view: read, saved as a draft, handed to the manager, or sent."""
    found, saved, asked = _open(request, reference, month, view)
    if request.method == "POST" and found.may_answer:
        return _save(request, found, view, asked)
    if (saved and saved.is_sent) or not found.may_answer:
        return _show_sent(request, found, view, saved, asked)
    return _show_questions(request, found, view, saved, ChecklistForm.of(asked))


Opened = tuple[PersonsMonth, Checklist | None, tuple[Question, ...]]


def _open(request: ActorRequest, reference: str, month: str, view: str) -> Opened:
    """The checklist for a page that shows it, which is recorded as a look at the person's record."""
    opened = _found(request, reference, month, view)
    record_read(request, opened[0].person.pk)
    return opened


def _found(request: ActorRequest, reference: str, month: str, view: str) -> Opened:
    if view not in PROVIDER_VIEWS:
        raise Http404("No such view.")
    found = queries.own_month(request.actor, reference, month_or_404(month))
    actions.ensure_framework(partnership=request.actor.partnership, month=found.month, by=request.actor)
    saved = queries.checklist_of(request.actor, found.person, found.month, view)
    return found, saved, queries.questions(found.person, found.provider, found.month, view, saved)


def _show_questions(
    request: ActorRequest, found: PersonsMonth, view: str, saved: Checklist | None, form: ChecklistForm
) -> HttpResponse:
    may_send = _may_send(request)
    context = {
        **_month_context(found, view),
        "form": form,
        "saved": saved,
        "begun": found.view(view),
        "may_send": may_send,
        "not_yet": f"Not {'sent' if may_send else 'handed over'} yet. Your answers are saved; look again at these",
    }
    return render(request, "outcomes/checklist.html", context, status=409 if form.has_conflicts else 200)


def _may_send(request: ActorRequest) -> bool:
    """Staff make a checklist ready; their manager sends it."""
    return request.actor.role == Role.PROVIDER_MANAGER


def _show_sent(
    request: ActorRequest, found: PersonsMonth, view: str, saved: Checklist | None, asked: tuple[Question, ...]
) -> HttpResponse:
    if saved is None:
        raise Http404("No such checklist.")
    context = {
        **_month_context(found, view),
        "asked": ChecklistForm.of(asked).asked,
        "saved": saved,
        "steps": queries.steps_of(saved),
        "may_correct": saved.is_sent and found.may_answer and _may_send(request),
    }
    return render(request, "outcomes/sent.html", context)


def _save(request: ActorRequest, found: PersonsMonth, view: str, asked: tuple[Question, ...]) -> HttpResponse:
    saved = actions.save_answers(
        person=found.person, month=found.month, view=view, entries=entries(asked, request.POST), by=request.actor
    )
    if saved.was_sent:
        return _sent_meanwhile(request, found, view, saved)
    refused = None if not saved.is_clean else _act(request, saved.checklist)
    if saved.is_clean and refused is None:
        return _after(request, found, view, saved.checklist)
    fresh = queries.questions(found.person, found.provider, found.month, view, saved.checklist)
    form = ChecklistForm.of(fresh)
    at_fault = {fault.field or "" for fault in saved.faults} | {str(each.measure.pk) for each in saved.conflicts}
    form.keep_typed(request.POST, only=at_fault)
    form.take(saved)
    if refused:
        form.has_unanswered = True
        form.refuse(refused)
    return _show_questions(request, found, view, saved.checklist, form)


def _act(request: ActorRequest, saved: Checklist) -> Refused | None:
    """What the pressed button asks for beside saving; the refusal, if there is one."""
    act = {"send": actions.send_checklist, "ready": actions.mark_ready}.get(request.POST.get("act", ""))
    try:
        if act:
            act(checklist=saved, leave_unknown="leave_unknown" in request.POST, by=request.actor)
    except Refused as refused:
        return refused
    return None


def _after(request: ActorRequest, found: PersonsMonth, view: str, saved: Checklist) -> HttpResponse:
    if request.POST.get("act") in ("send", "ready"):
        return redirect("checklist_done", found.person.reference, str(found.month), view)
    messages.success(request, f"{found.person.called}’s {found.month.words} is kept as a draft")
    return redirect(f"{reverse('outcomes_month')}?month={found.month}")


def _sent_meanwhile(request: ActorRequest, found: PersonsMonth, view: str, saved: actions.Saved) -> HttpResponse:
    """Somebody sent it while this page was open. The same answers are simply sent; others are shown, not lost."""
    if not saved.conflicts:
        return redirect("checklist_done", found.person.reference, str(found.month), view)
    context = {
        **_month_context(found, view),
        "saved": saved.checklist,
        "conflicts": saved.conflicts,
        "may_correct": _may_send(request),
    }
    return render(request, "outcomes/sent_meanwhile.html", context, status=409)


def checklist_autosave(request: ActorRequest, reference: str, month: str, view: str) -> HttpResponse:
    """A pause in typing: keep the draft, and answer in JSON what was kept and what was not."""
    found, _, asked = _found(request, reference, month, view)
    try:
        saved = actions.save_answers(
            person=found.person, month=found.month, view=view, entries=entries(asked, request.POST), by=request.actor
        )
    except Refused as refused:
        return JsonResponse({"message": refused.message}, status=409)
    if saved.was_sent:
        return JsonResponse({"message": "This was sent while you were here. Reload the page to see it."}, status=409)
    fresh = queries.questions(found.person, found.provider, found.month, view, saved.checklist)
    form = ChecklistForm.of(fresh)
    return JsonResponse(
        {
            "at": f"{timezone.localtime():%H:%M}",
            "answered": form.answered_count,
            "of": form.needed_count,
            "kept": {str(each.measure.pk): [each.value, each.evidence] for each in fresh},
            "faults": {fault.field: fault.message for fault in saved.faults},
            "conflicts": [_conflict(each) for each in saved.conflicts],
        }
    )


def _conflict(conflict: actions.Conflict) -> dict[str, Any]:
    return {
        "key": str(conflict.measure.pk),
        "evidence": conflict.is_evidence,
        "theirs": conflict.theirs,
        "mine": conflict.mine,
        "by": conflict.by_name,
        "message": conflict_words(conflict),
    }


def checklist_done(request: ActorRequest, reference: str, month: str, view: str) -> HttpResponse:
    """Sent, or ready for the manager: who can read it, who is next, what changed."""
    found, saved, asked = _open(request, reference, month, view)
    if saved is None or saved.status == Checklist.Status.DRAFT:
        return redirect("checklist_view", found.person.reference, str(found.month), view)
    due = checklists_due(request.actor, found.month)
    following = [row for row in due.to_do if row.person.pk != found.person.pk]
    record_read(request, *(row.person.pk for row in following[:1]))
    context = {
        **_month_context(found, view),
        "saved": saved,
        "due": due,
        "next": following[0] if following else None,
        "changed": [each for each in ChecklistForm.of(asked).asked if _has_changed(each.question)],
    }
    return render(request, "outcomes/done.html", context)


def _has_changed(question: Question) -> bool:
    last = question.last
    return question.is_needed and last is not None and bool(question.value) and question.value != last.value


def checklist_correct(request: ActorRequest, reference: str, month: str, view: str) -> HttpResponse:
    """Change what was sent, with a reason."""
    found, saved, asked = _open(request, reference, month, view)
    if saved is None or not saved.is_sent or not found.may_answer:
        return redirect("checklist_view", found.person.reference, str(found.month), view)
    form = ChecklistForm.of(asked)
    if request.method == "POST":
        form.keep_typed(request.POST)
        try:
            corrected = actions.correct_checklist(
                checklist=saved, entries=entries(asked, request.POST), reason=form.reason, by=request.actor
            )
            if corrected.is_clean:
                messages.success(request, f"{found.person.called}’s {found.month.words} is corrected")
                return redirect("checklist_view", found.person.reference, str(found.month), view)
            form.take(corrected)
        except Refused as refused:
            form.refuse(refused)
    context = {**_month_context(found, view), "form": form, "saved": saved}
    return render(request, "outcomes/correct.html", context, status=409 if form.has_conflicts else 200)
