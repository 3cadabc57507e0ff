"""A copy of one person's data: prepared, read, approved by a second person, downloaded."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core import downloads
from commissioning.core.errors import Refused
from commissioning.rights import actions, queries
from commissioning.rights.exporting import gather_all, sift
from commissioning.rights.forms import ColumnsForm, ReasonForm, TextsForm
from commissioning.rights.models import AccessExport
from commissioning.rights.registry import SECTIONS
from people.views.page import person_form, person_page

SECONDS_BETWEEN_LOOKS = "3"


def copy(request: ActorRequest, number: int) -> HttpResponse:
    """How far a copy is, and what comes next."""
    export = queries.export_for(request.actor, number)
    far = None
    if export.state in {AccessExport.State.PREPARING, AccessExport.State.WAITING}:
        far = queries.preparing(export, gather_all(export.person))
    context = {
        "export": export,
        "far": far,
        "is_own": request.user.pk == export.asked_by_id,
        "is_there": queries.is_download_there(export),
        "trail": _trail(request, export),
    }
    response = person_page(request, export.person, "rights/copy_page.html", tab="person_rights", **context)
    if export.state == AccessExport.State.MAKING:
        response["Refresh"] = SECONDS_BETWEEN_LOOKS
    return response


def columns(request: ActorRequest, number: int) -> HttpResponse:
    """Decides what about others, and which prices, go out."""
    export = queries.export_for(request.actor, number)
    decided = {row.column: row for row in export.columns.all()}
    form = ColumnsForm(request.POST or None, columns=gather_all(export.person).columns, decided=decided)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.attempt(lambda: actions.decide_columns(export=export, decisions=form.decisions, by=request.actor))
    ):
        record_read(request, export.person_id)
        messages.success(request, "The decisions are saved.")
        return redirect("copy", number)
    context = {"form": form, "export": export, "heading": "Other people’s details, and prices"}
    context |= {"trail": _trail(request, export), "cancel_url": reverse("copy", args=[number])}
    return person_page(request, export.person, "rights/copy_columns.html", tab="person_rights", **context)


def read(request: ActorRequest, number: int, section: str) -> HttpResponse:
    """Shows one section's free text for a human to read, and keeps what becomes of each."""
    export = queries.export_for(request.actor, number)
    form = TextsForm(request.POST or None, texts=queries.texts_of(export, section))
    if (
        request.method == "POST"
        and form.is_valid()
        and form.attempt(lambda: actions.decide_texts(export=export, choices=form.choices, by=request.actor))
    ):
        record_read(request, export.person_id)
        messages.success(request, f"“{SECTIONS[section][0]}” is read.")
        return redirect("copy", number)
    context = {"form": form, "export": export, "heading": f"Read: {SECTIONS[section][0]}"}
    context |= {"trail": _trail(request, export), "cancel_url": reverse("copy", args=[number])}
    return person_page(request, export.person, "rights/copy_read.html", tab="person_rights", **context)


def preview(request: ActorRequest, number: int) -> HttpResponse:
    """Exactly what would go out."""
    export = queries.export_for(request.actor, number)
    try:
        shown, undecided = sift(export, gather_all(export.person)), ""
    except Refused as refused:
        shown, undecided = None, refused.message
    context = {"export": export, "copy": shown, "undecided": undecided, "trail": _trail(request, export)}
    return person_page(request, export.person, "rights/copy_preview.html", tab="person_rights", **context)


def ask(request: ActorRequest, number: int) -> HttpResponse:
    """Hands the copy to a second person."""
    return _post(request, number, actions.ask_for_approval, "The copy waits for another commissioner’s approval.")


def approve(request: ActorRequest, number: int) -> HttpResponse:
    """The second person's approval."""
    return _post(request, number, actions.approve_export, "The copy is approved. A worker makes it now.")


def _post(request: ActorRequest, number: int, action: Callable[..., None], done: str) -> HttpResponse:
    export = queries.export_for(request.actor, number)
    record_read(request, export.person_id)
    try:
        action(export=export, by=request.actor)
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, f"{refused.message}.")
    return redirect("copy", number)


def send_back(request: ActorRequest, number: int) -> HttpResponse:
    """Says what has to be looked at again before the copy can be approved."""
    export = queries.export_for(request.actor, number)
    form = ReasonForm(
        request.POST or None, label="What has to be looked at again", submit_text="Send it back"
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if form.attempt(lambda: actions.send_back(export=export, reason=reason, by=request.actor)):
            record_read(request, export.person_id)
            messages.success(request, "The copy is being prepared again.")
            return redirect("copy", number)
    return person_form(request, export.person, form, "Send the copy back", "person_rights")


def copy_zip(request: ActorRequest, number: int) -> HttpResponse:
    """The copy, to hand it to the person. Raises Http404 where it is not there, or no longer."""
    export = queries.export_for(request.actor, number)
    try:
        contents = actions.take_copy(export=export, by=request.actor)
    except Refused as refused:
        raise Http404(refused.message) from refused
    record_read(request, export.person_id)
    return downloads.download(contents, name=export.file_name, content_type=downloads.ZIP)


def _trail(request: ActorRequest, export: AccessExport) -> list[tuple[str, str]]:
    person = export.person
    back = reverse("person_rights", args=[person.reference])
    return [("Home", reverse("home")), ("People", reverse("people")), (person.label_for(request.actor), back)]
