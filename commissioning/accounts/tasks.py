"""Background work about accounts."""

from celery import shared_task

from commissioning.accounts.letters import send_letter
from commissioning.accounts.models import User


@shared_task(name="accounts.send_password_link")
def send_password_link(user_id: int, reason: str) -> None:
    """E-mail a link to set a password. The secret in it is made here, so that no queue ever holds it."""
    send_letter(User.objects.get(pk=user_id), reason)


@shared_task(name="accounts.send_role_notice")
def send_role_notice(user_id: int) -> None:
    """Tell somebody who has an account that they were given another role."""
    send_letter(User.objects.get(pk=user_id), "role")
