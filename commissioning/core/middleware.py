"""Headers that belong on every answer, whoever made it; and a second try where the database went away."""

from collections.abc import Callable

from django.conf import settings
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase

from commissioning.core import limits

GetResponse = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), "
    "midi=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)"
)


class PrivatePages:
    """No page is kept by a cache or a shared computer; only static files may be.

    It stands outermost: an answer to a request that another middleware turned away (a wrong host, too many fields) has
    the same headers as any other.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in _every_answer(request).items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/") or response.status_code >= 400:
            response["Cache-Control"] = "no-store"
        return response


class SecondTry:
    """A page that only shows something is asked for once more where the database went away meanwhile.

    Once, and never for what changes something: nobody here can tell whether it was saved. Within it, transactions have
    the limits of a page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with limits.of_a_page():
            response = self.get_response(request)
            fault = getattr(response, "fault", None)
            if fault is None or not fault.may_pass or request.method not in ("GET", "HEAD"):
                return response
            close_old_connections()
            return self.get_response(request)


class Answered:
    """Marks that the page's own transaction was committed: what fails after that does not undo it. Innermost."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        request.was_answered = response.status_code < 500  # type: ignore[attr-defined]  # read by the page of faults
        return response


def _every_answer(request: HttpRequest) -> dict[str, str]:
    headers = {
        "Permissions-Policy": PERMISSIONS_POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY or "same-origin",
        "Referrer-Policy": str(settings.SECURE_REFERRER_POLICY),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
    }
    if settings.SECURE_HSTS_SECONDS and request.is_secure():
        headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
    return headers
