"""Background work about accounts. Secrets in letters are made here, so that no queue ever holds one."""

from celery import shared_task
from django.core.cache import caches

from commissioning.accounts import letters
from commissioning.accounts.models import Invitation, User
from commissioning.accounts.shared_memory import SharedMemory


@shared_task(name="accounts.send_invitation")
def send_invitation(invitation_id: int) -> None:
    """E-mail an invitation with a new link."""
    letters.send_invitation(
        Invitation.objects.select_related(
            "membership__user", "membership__partnership", "membership__organisation"
        ).get(pk=invitation_id)
    )


@shared_task(name="accounts.send_password_link")
def send_password_link(user_id: int | None) -> None:
    """E-mail a link to set a password; for an address that has no account there is nobody to write to."""
    if user_id is not None:
        letters.send_password_link(User.objects.get(pk=user_id))


@shared_task(name="accounts.send_notice")
def send_notice(user_id: int, reason: str) -> None:
    """Tell somebody that their roles, or how they sign in, changed."""
    letters.send_notice(User.objects.get(pk=user_id), reason)


@shared_task(name="accounts.forget_what_is_over")
def forget_what_is_over() -> None:
    """Remove counts of wrong passwords whose time is up."""
    shared = caches["default"]
    if isinstance(shared, SharedMemory):
        shared.forget_what_is_over()
