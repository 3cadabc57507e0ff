"""Sign-in by django-allauth, without open registration: accounts are made by an administrator."""

import time
from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest

from commissioning.accounts import second_step, sessions
from commissioning.accounts.models import User

JUST_SIGNED_IN_SECONDS = 5 * 60
NO_ACCOUNT = "The email address or the password is not right. Check both, then try again"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is closed. Ask the person at your partnership who looks after As One",
        "email_password_mismatch": NO_ACCOUNT,
        "enter_current_password": "The password you have now is not right. Enter it again",
        "incorrect_code": "That code is not right. Enter the newest code",
        "incorrect_password": "That password is not right. Enter it again",
        "too_many_login_attempts": "Too many wrong attempts. Wait five minutes, then try again",
        "rate_limited": "Too many requests. Wait a minute, then try again",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count this try from this address against this account first: beyond its limit it counts nowhere else, so
        that one address can never lock an account for the rest of the world.
        """
        self._counted_here = ratelimit.consume(request, **self._here(request, credentials.get("email", "")))
        if not self._counted_here:
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def _rollback_login_failed_rl_usage(self) -> None:
        """The password was right: neither count keeps the try."""
        super()._rollback_login_failed_rl_usage()
        if self._counted_here:
            self._counted_here.rollback()

    def set_password(self, user: User, password: str) -> None:
        """With the password, every session goes; whoever changes their own is signed in anew by the page."""
        super().set_password(user, password)
        sessions.end_all(user)

    def is_reauthentication_required(self, *, app: str, **_kwargs: Any) -> bool:
        """Not in the first minutes after signing in: whoever was just asked is not asked again."""
        records = get_authentication_records(context.request, context.request.user)
        return not records or time.time() - float(records[-1]["at"]) > JUST_SIGNED_IN_SECONDS

    def forget_wrong_passwords(self, request: HttpRequest, user: User) -> None:
        """After a password was set by a link: who has the mailbox need not wait for a lock to end."""
        self._delete_login_attempts_cached_email(request, email=user.email)
        ratelimit.clear(request, **self._here(request, user.email))

    def _here(self, request: HttpRequest, email: str) -> dict[str, str]:
        key = f"{ratelimit.get_ip(request)} {email.lower()}"
        return {"app": "allauth.account", "action": "login_failed_here", "key": key}


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That code is not right. Enter the newest code. If it happens again, have your phone set its"
        " clock by itself",
        "cannot_delete_authenticator": "This is your only second step. Add a passkey first, then turn the app off",
    }

    def encrypt(self, text: str) -> str:
        return second_step.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_step.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the only one, where a second step is required."""
        others = second_step.factors_of(authenticator.user).exclude(pk=authenticator.pk)
        return not settings.SECOND_STEP_REQUIRED or others.exists()

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """What a passkey is called until its owner says otherwise."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "My passkey" if number == 1 else f"My passkey {number}"


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]  # allauth ships no types
    def end_sessions(self, sessions_to_end: Iterable[UserSession]) -> None:
        """“Sign out everywhere else”: also sessions that no list knows of."""
        request = context.request
        sessions.end_others(request, request.user)
