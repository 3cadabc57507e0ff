"""The second step of signing in: who has one, which session has passed it, and how its secrets are kept."""

import base64

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from commissioning.accounts.models import User

RECOVERY_CODES = Authenticator.Type.RECOVERY_CODES
PASSED_BY_SETTING_UP = "second_step_set_up"
KEPT = "kept"


def factors_of(user: User) -> "QuerySet[Authenticator]":
    """The user's authenticator app and passkeys; recovery codes alone are no second step."""
    factors: QuerySet[Authenticator] = Authenticator.objects.filter(user=user).exclude(type=RECOVERY_CODES)
    return factors


def has_factor(user: User) -> bool:
    return factors_of(user).exists()


def has_kept_codes(user: User) -> bool:
    """Whether the user has said that the recovery codes are kept."""
    codes = Authenticator.objects.filter(user=user, type=RECOVERY_CODES).first()
    return bool(codes and codes.data.get(KEPT))


def has_passed(request: HttpRequest) -> bool:
    """Whether this very session showed a second factor, at sign-in or by setting one up.

    A session opened by a password alone, before the account had a factor, has not: it must sign in again.
    """
    records = get_authentication_records(request, request.user)
    return bool(request.session.get(PASSED_BY_SETTING_UP)) or any(each.get("method") == "mfa" for each in records)


def note_set_up(request: HttpRequest) -> None:
    """This session has just shown a new factor that works."""
    request.session[PASSED_BY_SETTING_UP] = True


def encrypt(text: str) -> str:
    """A secret as it is kept in the database: a copy of the database alone opens nobody's second step."""
    return _fernet().encrypt(text.encode()).decode()


def decrypt(kept: str) -> str:
    return _fernet().decrypt(kept.encode()).decode()


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str | bytes) -> bytes:
    made = salted_hmac("commissioning.accounts.second_step", "key", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made)
