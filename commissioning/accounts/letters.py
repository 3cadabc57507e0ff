"""E-mails about accounts: a notice and a link, never anything personal."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from commissioning.accounts.models import User

SUBJECTS = {
    "invitation": "Set your password for As One",
    "reset": "Set a new password for As One",
    "role": "You have a new role in As One",
}


def password_link(user: User) -> str:
    """An address where the user, once and within three days, sets a password."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return f"{settings.SITE_ADDRESS}{path}"


def send_letter(user: User, reason: str) -> None:
    """Send one of SUBJECTS. A closed account gets nothing."""
    if not user.is_active:
        return
    context = {"user": user, "site": settings.SITE_ADDRESS, "link": password_link(user) if reason != "role" else ""}
    body = render_to_string(f"account/letters/{reason}.txt", context)
    send_mail(SUBJECTS[reason], body, None, [user.email])
