"""Data in and out: upload, see what would change, confirm, follow; download everything."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from commissioning.accounts.models import Partnership
from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core import downloads
from commissioning.core.errors import Refused
from commissioning.interchange import actions, queries
from commissioning.interchange.dumping import dump_spreadsheet, dump_zip
from commissioning.interchange.forms import UploadForm

FAULTS_ON_PAGE = 200
LONGEST_NAME = 40
SECONDS_BETWEEN_LOOKS = "3"


def data(request: ActorRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        try:
            files = [(file.name or "", file.read()) for file in form.cleaned_data["dataset"]]
            upload = actions.begin_upload(files=files, by=request.actor)
            return redirect("upload", upload.pk)
        except Refused as refusal:
            form.refuse(refusal)
    context = {
        "heading": "Data in and out",
        "form": form,
        "uploads": queries.recent_uploads(request.actor),
        "trail": [("Home", "/"), ("Data in and out", "")],
    }
    return render(request, "interchange/data.html", context)


def data_files(request: ActorRequest) -> HttpResponse:
    """What each file of a dataset holds."""
    context = {
        "files": queries.explained_files(),
        "trail": [("Home", "/"), ("Data in and out", "/data/"), ("The files", "")],
    }
    return render(request, "interchange/files.html", context)


def shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


def upload(request: ActorRequest, number: int) -> HttpResponse:
    """An upload as far as it is: being checked, at fault, ready to load, being loaded, loaded."""
    found = queries.upload_for(request.actor, number)
    record_read(request, *queries.people_shown(request.actor, found))
    context = {
        "upload": found,
        "faults": found.faults[:FAULTS_ON_PAGE],
        "more_faults": max(0, len(found.faults) - FAULTS_ON_PAGE),
        "findings": found.findings[:FAULTS_ON_PAGE],
        "more_findings": max(0, len(found.findings) - FAULTS_ON_PAGE),
        "trail": [("Home", "/"), ("Data in and out", "/data/"), (shortened(found.name), "")],
    }
    response = render(request, "interchange/upload.html", context)
    if found.is_waiting:
        response["Refresh"] = SECONDS_BETWEEN_LOOKS
    return response


def upload_confirm(request: ActorRequest, number: int) -> HttpResponse:
    found = queries.upload_for(request.actor, number)
    try:
        actions.confirm_upload(upload=found, by=request.actor)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("upload", number)


def upload_faults(request: ActorRequest, number: int) -> HttpResponse:
    found = queries.upload_for(request.actor, number)
    return downloads.download(
        queries.faults_csv(found).encode("utf-8-sig"), name="faults.csv", content_type=downloads.CSV
    )


def data_zip(request: ActorRequest) -> HttpResponse:
    return _everything(request, dump_zip, "zip", downloads.ZIP)


def data_spreadsheet(request: ActorRequest) -> HttpResponse:
    return _everything(request, dump_spreadsheet, "xlsx", downloads.WORKBOOK)


def _everything(
    request: ActorRequest, dump: Callable[[Partnership], bytes], ending: str, content_type: str
) -> HttpResponse:
    """The whole partnership as a file; everybody in it was read."""
    partnership = request.actor.partnership
    try:
        contents = dump(partnership)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("data")
    record_read(request, *queries.everybody(request.actor))
    name = f"{partnership.code}-{timezone.localdate().isoformat()}.{ending}"
    return downloads.download(contents, name=name, content_type=content_type)
