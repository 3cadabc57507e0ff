"""Who is here, in which role; and no address that declared nothing."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from commissioning.accounts import scope, second_step
from commissioning.accounts.actors import Actor
from commissioning.accounts.checks import is_declared
from commissioning.accounts.models import Membership, User
from commissioning.audit.models import Refusal

GetResponse = Callable[[HttpRequest], HttpResponseBase]

CHOSEN_MEMBERSHIP = "membership"
MOST_STRANGERS_AN_HOUR = 60
SIGNED_IN_AT = "signed_in_at"
HELD_A_ROLE = "held_a_role"
SIGNED_OUT = "has_signed_out"
# Not the cookies: the session's is ended by name, and the page after it says what happened in a new one.
CLEARED = '"cache", "storage"'


class NothingInSight:
    """A request finds no personal data and no price until its route has said on whose behalf it asks."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with scope.entered(None):
            return self.get_response(request)


class CurrentActor:
    """Sets `request.actor` from the membership chosen in this session, else the user's first; None without one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and self._too_old(request):
            logout(request)
        memberships = self._memberships(request)
        chosen = request.session.get(CHOSEN_MEMBERSHIP) if memberships else None
        membership = next((each for each in memberships if each.pk == chosen), memberships[0] if memberships else None)
        request.actor = Actor.of(membership) if membership else None  # type: ignore[attr-defined]
        request.memberships = memberships  # type: ignore[attr-defined]
        response = self.get_response(request)
        if getattr(request, SIGNED_OUT, False):
            response["Clear-Site-Data"] = CLEARED
        return response

    def _memberships(self, request: HttpRequest) -> list[Membership]:
        """The roles held today. A session that had one ends with the last of them, at midnight in London too."""
        if not request.user.is_authenticated:
            return []
        memberships = current_memberships(request.user)
        if memberships:
            request.session.setdefault(HELD_A_ROLE, True)
        elif request.session.get(HELD_A_ROLE):
            logout(request)
        return memberships

    def _too_old(self, request: HttpRequest) -> bool:
        """Twelve hours after signing in a session ends, however busy it is."""
        started = request.session.setdefault(SIGNED_IN_AT, int(time.time()))
        return bool(time.time() - started > settings.SESSION_ABSOLUTE_AGE_SECONDS)


def current_memberships(user: Any) -> list[Membership]:
    if not isinstance(user, User):
        return []
    today = timezone.localdate()
    return list(user.memberships.current(today).select_related("partnership", "organisation", "user"))


# What somebody who has not set up a second step may open: setting it up, their own account, signing out, and the pages
# that anybody may read. None shows a record.
BEFORE_SECOND_STEP = frozenset(
    {
        "account",
        "account_change_password",
        "account_inactive",
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "accessibility",
        "help",
        "invitation",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_view_recovery_codes",
        "privacy",
        "recovery_codes_kept",
        "second_step",
        "sign_out_everywhere",
        "usersessions_list",
        "whats_new",
    }
)


class SecondStepFirst:
    """Where a second step is required, nobody sees data before this session has passed one and has recovery codes."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponseBase | None:
        if not settings.SECOND_STEP_REQUIRED or not request.user.is_authenticated:
            return None
        if isinstance(request.user, User) and second_step.has_factor(request.user):
            if not second_step.has_passed(request):
                logout(request)
                return redirect("account_login")
            if second_step.has_kept_codes(request.user):
                return None
        request.setting_up = True  # type: ignore[attr-defined]
        match = request.resolver_match
        return None if match and match.url_name in BEFORE_SECOND_STEP else redirect("second_step")


class DeclaredRoutesOnly:
    """Refuses what the start-up check would have caught, and keeps who was refused where."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code in (403, 404) and (request.user.is_authenticated or has_room_for_strangers()):
            self._keep_refusal(request, response.status_code)
        return response

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> None:
        if not is_declared(view):
            raise PermissionDenied("This address was not declared.")

    def _keep_refusal(self, request: HttpRequest, status: int) -> None:
        match = request.resolver_match
        actor = getattr(request, "actor", None)
        Refusal.objects.create(
            user_id=request.user.pk if request.user.is_authenticated else None,
            role=actor.role if actor else "",
            route=(match.view_name or "")[:100] if match else "",
            status=status,
        )


def has_room_for_strangers() -> bool:
    """Whether one more refusal of somebody not signed in is kept: so many an hour, or a scanner would fill the disk."""
    since = timezone.now() - timedelta(hours=1)
    lately = Refusal.objects.filter(user_id=None, at__gte=since).order_by()[:MOST_STRANGERS_AN_HOUR]
    return lately.count() < MOST_STRANGERS_AN_HOUR
