"""PDF from HTML: the only module that imports WeasyPrint.

Documents are tagged (PDF/UA-1), are made from bundled files alone, and have the same bytes whenever and wherever they
are made from the same HTML. They are made by workers and commands, never while a web request is being answered.
"""

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pydyf
from asgiref.local import Local
from django.conf import settings
from django.core.signals import request_finished, request_started
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

BUNDLED = Path(settings.BASE_DIR) / "static" / "reports"
SCHEME = "bundled"

_state = Local()


class NeverInARequest(RuntimeError):
    """Something tried to make a document while the web process was answering a request."""


class NotBundled(ValueError):
    """A document asked for something that is not among the files that come with the application."""


class BundledFilesOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint's class has no types
    """Refuses every address but `bundled:/…`, a file below static/reports."""

    def __init__(self, folder: Path = BUNDLED) -> None:
        super().__init__(allowed_protocols=(SCHEME,), allow_redirects=False, fail_on_errors=True)
        self._folder = folder.resolve()

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        parts = urlsplit(url)
        path = (self._folder / unquote(parts.path).lstrip("/")).resolve()
        if parts.scheme != SCHEME or parts.netloc or not path.is_relative_to(self._folder) or not path.is_file():
            raise NotBundled(f"Documents are made from bundled files only, not from {url!r}.")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


@dataclass(frozen=True)
class Pdf:
    content: bytes
    pages: int


def make_pdf(html: str, *, identifier: str) -> Pdf:
    """The PDF of a whole HTML document, whose title, language and dates it takes.

    `identifier` names the document's contents (the SHA-256 of its figures). Raises NeverInARequest, and NotBundled
    where the document names anything but a bundled file: then there is none.
    """
    if getattr(_state, "in_request", False):
        raise NeverInARequest("Documents are made by a worker, never while a web request is answered.")
    try:
        document = HTML(string=html, base_url=f"{SCHEME}:/", url_fetcher=BundledFilesOnly()).render()
        content = document.write_pdf(
            pdf_variant="pdf/ua-1", pdf_identifier=identifier.encode(), finisher=_finish_tables
        )
    except FatalURLFetchingError as error:
        # WeasyPrint's is no Exception, so it would end a worker that means to note what went wrong.
        raise NotBundled(str(error)) from error
    return Pdf(bytes(content), len(document.pages))


def _finish_tables(_document: Any, pdf: pydyf.PDF) -> None:
    """Give every table header its scope, and each part of a table that goes over a page ids of its own.

    WeasyPrint ties cells to headers by ids alone, and repeats those ids where a table is continued.
    """
    for table in pdf.objects:
        if isinstance(table, pydyf.Dictionary) and table.get("S") == "/Table":
            for cell, is_in_head in _cells(pdf, table, is_in_head=False):
                _finish_cell(cell, table.number, is_in_head)


def _cells(pdf: pydyf.PDF, element: pydyf.Dictionary, *, is_in_head: bool) -> Iterator[tuple[pydyf.Dictionary, bool]]:
    """The header and data cells below an element, each with whether it is in the head of the table."""
    for kid in element.get("K", ()):
        found = _object(pdf, kid)
        if found is None or found.get("S") == "/Table":
            continue
        if found.get("S") in {"/TH", "/TD"}:
            yield found, is_in_head
        else:
            yield from _cells(pdf, found, is_in_head=is_in_head or found.get("S") == "/THead")


def _object(pdf: pydyf.PDF, kid: object) -> pydyf.Dictionary | None:
    """The structure element that a reference (`12 0 R`) names; None for marked content and other objects."""
    if not isinstance(kid, bytes):
        return None
    found = pdf.objects[int(kid.split()[0])]
    return found if isinstance(found, pydyf.Dictionary) and "S" in found else None


def _finish_cell(cell: pydyf.Dictionary, table: int, is_in_head: bool) -> None:
    if cell["S"] == "/TH":
        cell["A"]["Scope"] = "/Column" if is_in_head else "/Row"
        cell["ID"] = pydyf.String(f"{table}-{cell['ID'].string}")
    else:
        names = cell["A"].get("Headers", ())
        cell["A"]["Headers"] = pydyf.Array([pydyf.String(f"{table}-{name.string}") for name in names])


def request_begins(**_kwargs: object) -> None:
    _state.in_request = True


def request_ends(**_kwargs: object) -> None:
    _state.in_request = False


request_started.connect(request_begins, dispatch_uid="core.pdf.begins")
request_finished.connect(request_ends, dispatch_uid="core.pdf.ends")
