"""What follows from signing in and from changing how one signs in, whichever page it was done on."""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.signals import password_changed, password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from commissioning.accounts import actions
from commissioning.accounts.middleware import SIGNED_IN_AT, SIGNED_OUT
from commissioning.accounts.models import User
from commissioning.core import jobs


@receiver(user_logged_in)
def has_come(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """The twelve hours begin; waiting invitations are taken up."""
    request.session[SIGNED_IN_AT] = int(time.time())
    actions.accept_waiting(user)


@receiver(user_logged_out)
def browser_forgets(request: HttpRequest, user: User | None, **_kwargs: Any) -> None:
    """What the browser keeps of these pages goes with the session, however it ended."""
    setattr(request, SIGNED_OUT, user is not None)


@receiver(password_reset)
def may_sign_in_again(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    get_adapter().forget_wrong_passwords(request, user)


@receiver(password_reset)
@receiver(password_changed)
def tell_of_password(user: User, **_kwargs: Any) -> None:
    jobs.enqueue("accounts.send_notice", user_id=user.pk, reason="password_changed")


@receiver(authenticator_added)
@receiver(authenticator_removed)
@receiver(authenticator_reset)
def tell_of_second_step(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    jobs.enqueue("accounts.send_notice", user_id=user.pk, reason="second_step_changed")
