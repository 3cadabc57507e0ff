"""PDF from HTML: the only module that imports WeasyPrint.

Documents are tagged (PDF/UA-1), are made from bundled files alone, and have the same bytes whenever and wherever they
are made from the same HTML. They are made by workers and commands, never while a web request is being answered.
"""

import mimetypes
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from asgiref.local import Local
from django.conf import settings
from django.core.signals import request_finished, request_started
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

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

    `identifier` names the document's contents (the SHA-256 of its figures). Raises NeverInARequest.
    """
    if getattr(_state, "in_request", False):
        raise NeverInARequest("Documents are made by a worker, never while a web request is answered.")
    document = HTML(string=html, base_url=f"{SCHEME}:/", url_fetcher=BundledFilesOnly()).render()
    content = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier.encode())
    return Pdf(bytes(content), len(document.pages))


def _request_begins(**_kwargs: object) -> None:
    _state.in_request = True


def _request_ends(**_kwargs: object) -> None:
    _state.in_request = False


request_started.connect(_request_begins, dispatch_uid="core.pdf.begins")
request_finished.connect(_request_ends, dispatch_uid="core.pdf.ends")
