"""Sign-in by django-allauth, without open registration: accounts are made by an administrator."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from commissioning.accounts.models import User
from commissioning.core import jobs

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

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """By the worker, so that the page takes as long for an address that has no account."""
        jobs.enqueue("accounts.send_password_link", user_id=user.pk, reason="reset")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That code is not right. Enter the newest code",
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """What a passkey is called until its owner says otherwise."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "My passkey" if number == 1 else f"My passkey {number}"
