"""Pages of reports: what there is, one of them, its document, and asking for another; and who is on a board."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from commissioning.accounts.permissions import require_commissioner
from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core import downloads
from commissioning.core.editing import answer
from commissioning.core.errors import Refused
from commissioning.reports import queries
from commissioning.reports.actions import request_report, request_revision, send_notices_again, set_board_members
from commissioning.reports.forms import BoardMembersForm, RequestReportForm
from commissioning.reports.models import BoardReport

REFRESH_SECONDS = 4


def reports(request: ActorRequest) -> HttpResponse:
    """The reports of every board the reader belongs to."""
    return render(request, "reports/reports.html", {"boards": queries.boards_page(request.actor)})


def report(request: ActorRequest, pk: int) -> HttpResponse:
    """One report: what it says in three sentences, or how far its making has come."""
    page = queries.report_page(request.actor, pk)
    response = render(request, "reports/report.html", {"page": page, "trail": _trail(page)})
    if page.is_waiting:
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


def report_pdf(request: ActorRequest, pk: int) -> HttpResponse:
    """The document; a working pack is recorded as a read of everyone it names."""
    file = queries.file_for(request.actor, pk)
    record_read(request, *file.person_ids)
    return downloads.download(file.content, name=file.name, content_type=downloads.PDF)


def report_request(request: ActorRequest) -> HttpResponse:
    """A commissioner asks for a report that does not exist yet."""
    form = RequestReportForm(request.actor, request.POST if request.method == "POST" else None)
    made: list[BoardReport] = []
    if request.method == "POST" and form.is_valid() and form.attempt(lambda: made.append(_ask(request, form))):
        messages.success(request, "The report is being made. This page shows how far it has come.")
        return redirect("report", made[0].pk)
    trail = [("Reports", reverse("reports")), ("Make a report", "")]
    context = {"form": form, "heading": "Make a report", "trail": trail, "cancel_url": reverse("reports")}
    return render(request, "reports/request.html", context)


def _ask(request: ActorRequest, form: RequestReportForm) -> BoardReport:
    return request_report(
        board=form.chosen_board, month=form.chosen_month, edition=form.cleaned_data["edition"], by=request.actor
    )


def report_revise(request: ActorRequest, pk: int) -> HttpResponse:
    """A commissioner asks for the next revision, from the records as they are now."""
    found = queries.report_for(request.actor, pk)
    require_commissioner(request.actor)
    try:
        made = request_revision(report=found, by=request.actor)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("report", pk)
    messages.success(request, f"Revision {made.revision} is being made.")
    return redirect("report", made.pk)


def report_notices(request: ActorRequest, pk: int) -> HttpResponse:
    """A commissioner has the notices that were given up sent again."""
    found = queries.report_for(request.actor, pk)
    try:
        send_notices_again(report=found, by=request.actor)
        messages.success(request, "The notices that were not sent are on their way again.")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("report", pk)


def boards(request: ActorRequest) -> HttpResponse:
    """For administrators: the boards of the partnership and who is on each."""
    context = {
        "boards": queries.boards_to_keep(request.actor),
        "anybody": queries.board_members_of(request.actor.partnership).exists(),
    }
    return render(request, "reports/boards.html", context)


def board_members(request: ActorRequest, code: str) -> HttpResponse:
    """For administrators: put board members on a board, or take them off it."""
    board = queries.board_to_keep(request.actor, code)
    form = BoardMembersForm(request.actor, board, request.POST if request.method == "POST" else None)
    if form.is_valid() and form.attempt(
        lambda: set_board_members(board=board, members=form.chosen, version=form.stood_at, by=request.actor)
    ):
        number = len(form.chosen)
        messages.success(request, f"{board} now has {number} member{'' if number == 1 else 's'}.")
        return redirect("boards")
    trail = [("Home", reverse("home")), ("Boards", reverse("boards")), (board.name, "")]
    context = {"heading": f"Members of the {board}", "trail": trail, "cancel_url": reverse("boards")}
    return answer(request, form, "reports/board_members.html", context)


def _trail(page: queries.ReportPage) -> list[tuple[str, str]]:
    return [("Reports", reverse("reports")), (f"{page.title}, {page.month.words}", "")]
