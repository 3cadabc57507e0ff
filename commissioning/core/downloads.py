"""Files that are given out: always to be saved, never to be shown or kept by a browser, under a name that is safe."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from commissioning.core.intake.names import clean_name

CSV = "text/csv; charset=utf-8"
PDF = "application/pdf"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"


def download(contents: bytes | str, *, name: str, content_type: str) -> HttpResponse:
    """A file to save. The name is given as RFC 6266 has it, letters beyond ASCII included; no cache keeps the file."""
    response = HttpResponse(contents, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, clean_name(name)) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
