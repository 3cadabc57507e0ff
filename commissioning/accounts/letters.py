"""E-mails about accounts: a notice and a link, never anything personal."""

import datetime as dt
import hashlib
import secrets

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.models import Invitation, User
from commissioning.core import letters

INVITATION_LASTS = dt.timedelta(days=7)
SUBJECTS = {
    "invitation": "You are invited to As One",
    "password_changed": "Your password for As One was changed",
    "reset": "Set a new password for As One",
    "role": "You have a new role in As One",
    "second_step_changed": "How you sign in to As One was changed",
    "second_step_reset": "Your second step for As One was taken off",
}


def password_link(user: User) -> str:
    """An address where the user, once and within a day, sets a password."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return f"{settings.SITE_ADDRESS}{path}"


def invitation_link(invitation: Invitation) -> str:
    """A new address where the invited person, once and within a week, comes in. Earlier ones end; only the SHA-256 of
    this one is kept.
    """
    secret = secrets.token_urlsafe(32)
    now = timezone.now()
    invitation.secret_sha256 = sha256_of(secret)
    invitation.sent_at, invitation.runs_out_at = now, now + INVITATION_LASTS
    invitation.save(update_fields=["secret_sha256", "sent_at", "runs_out_at"])
    return f"{settings.SITE_ADDRESS}{reverse('invitation', args=[secret])}"


def sha256_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def send_invitation(invitation: Invitation) -> None:
    """Nothing goes out once it was taken up or withdrawn."""
    if invitation.is_waiting:
        membership = invitation.membership
        _send("invitation", membership.user, membership=membership, link=invitation_link(invitation))


def send_password_link(user: User) -> None:
    """Nothing goes to a closed account, nor to somebody who has yet to take up an invitation."""
    if user.is_active and user.has_usable_password():
        _send("reset", user, link=password_link(user))


def send_notice(user: User, reason: str) -> None:
    """One of SUBJECTS without a secret. A closed account gets nothing."""
    if user.is_active:
        _send(reason, user)


def _send(reason: str, user: User, **context: object) -> None:
    body = render_to_string(f"account/letters/{reason}.txt", {"site": settings.SITE_ADDRESS, **context})
    letters.send(SUBJECTS[reason], body, user.email)
