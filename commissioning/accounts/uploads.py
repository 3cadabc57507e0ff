"""How much a page takes: judged by what the request says of itself before any of it is read, then counted."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve

from commissioning.core.intake.uploads import CountedUpload

GetResponse = Callable[[HttpRequest], HttpResponseBase]
MEGABYTE = 1024 * 1024


class UploadLimits:
    """Answers 413 to a request larger than its page takes, and 411 to one that does not say how large it is.

    Files are taken only by routes that declare it, and only from somebody with a role that may use them; for everybody
    else a request is as large as a form.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return self.get_response(request)
        if request.META.get("HTTP_TRANSFER_ENCODING"):
            return render(request, "errors/411.html", status=411)
        takes = _takes(request)
        if _length(request) > takes + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return too_large(request)
        request.upload_handlers = [CountedUpload(takes)]
        return self.get_response(request)


def too_large(request: HttpRequest) -> HttpResponse:
    """The page for a request that is larger than may be."""
    most = _takes(request) // MEGABYTE
    return render(request, "errors/413.html", {"most": most, "back": request.path}, status=413)


def _takes(request: HttpRequest) -> int:
    """How many bytes of files the page takes from whoever asks."""
    try:
        route = getattr(resolve(request.path_info).func, "route", None)
    except Resolver404:
        return 0
    actor = getattr(request, "actor", None)
    return route.takes if route and actor is not None and actor.role in route.roles else 0


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
