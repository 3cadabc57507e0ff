"""Pages for what went wrong. “Page not found” says the same whether a record is absent or out of reach.

Those of faults ask nothing of the database, the session or the request.
"""

import logging
import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from commissioning.accounts.uploads import too_large
from commissioning.core.faults import RULE, fault_of

logger = logging.getLogger(__name__)

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
SAFE = ("GET", "HEAD", "OPTIONS")
AGAIN_SECONDS = "5"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, TOO_LARGE):
        return too_large(request)
    return _plain("errors/400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own mistake: 500. The database or the disk failed: 503, with what is known of what was sent."""
    fault = fault_of(sys.exc_info()[1])
    if fault is None:
        return _plain("errors/500.html", 500)
    logger.error("The database or the disk failed (%s%s)", fault.kind, " at commit" if fault.at_commit else "")
    context = {"why": fault.kind, "saving": _saving(request, at_commit=fault.at_commit)}
    response = _plain("errors/503.html", 409 if fault.kind == RULE else 503, context)
    if fault.kind != RULE:
        response["Retry-After"] = AGAIN_SECONDS
    response.fault = fault  # type: ignore[attr-defined]  # read by core.middleware.SecondTry
    return response


def _saving(request: HttpRequest, *, at_commit: bool) -> str:
    """Of what was sent: `nothing` was sent, `not` saved, or `unknown`."""
    if request.method in SAFE:
        return "nothing"
    return "unknown" if at_commit or getattr(request, "was_answered", False) else "not"


def _plain(template: str, status: int, context: dict[str, Any] | None = None) -> HttpResponse:
    return HttpResponse(render_to_string(template, context), status=status)
