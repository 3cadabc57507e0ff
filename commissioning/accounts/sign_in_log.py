"""A line for each try to sign in, to show a second step, to set or change a password, and to sign out: what came of it.

No address or password stands in it. Tries against one account can be told together by `account`, a keyed hash of the
address that was typed, which says nothing without the application's secret.
"""

import logging
from collections.abc import Callable

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

logger = logging.getLogger("as_one.sign_in")

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Pages of django-allauth, and our own, on which somebody proves who they are or changes how.
PREFIXES = ("account_", "mfa_", "usersessions_")
OURS = frozenset({"invitation", "recovery_codes_kept", "second_step", "sign_out_everywhere"})
TYPED = ("login", "email")
TOO_MANY = 429


class SignInLog:
    """Writes the line once the answer is known: a page that leads on took what was sent."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        before = request.user.pk
        response = self.get_response(request)
        match = request.resolver_match
        name = (match.url_name or "") if match else ""
        if request.method == "POST" and (name in OURS or name.startswith(PREFIXES)):
            user = request.user.pk or before or "-"
            words = "%s %s status=%s user=%s account=%s from=%s"
            logger.info(words, name, _outcome(response), response.status_code, user, _account(request), _place(request))
        return response


def _outcome(response: HttpResponseBase) -> str:
    if response.status_code == TOO_MANY:
        return "too many tries"
    return "accepted" if 300 <= response.status_code < 400 else "refused"


def _account(request: HttpRequest) -> str:
    typed = next((request.POST[name] for name in TYPED if request.POST.get(name)), "")
    if not typed:
        return "-"
    return salted_hmac("commissioning.accounts.sign_in_log", typed.strip().lower(), algorithm="sha256").hexdigest()[:16]


def _place(request: HttpRequest) -> str:
    return str(ratelimit.get_ip(request) or "-")
