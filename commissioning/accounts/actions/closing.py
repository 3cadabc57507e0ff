"""Closing an account and opening it again, and helping somebody who has lost their second step."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from commissioning.accounts import sessions
from commissioning.accounts.actors import Actor
from commissioning.accounts.events import keep_event
from commissioning.accounts.models import AccountActKind, Invitation, Membership, MembershipQuerySet, Role, User
from commissioning.accounts.permissions import require_role
from commissioning.core import jobs
from commissioning.core.editing import check
from commissioning.core.errors import Refused


@transaction.atomic
def close_account(*, user: User, version: str | None = None, by: Actor) -> None:
    """Take away somebody's way into this partnership, end their sessions at once and withdraw an invitation.

    Who has no other partnership can no longer sign in at all; the administrator is told the same either way. Raises
    Refused for one's own account, Stale where a role here was changed since it was opened at `version`.
    """
    require_role(by, Role.ADMINISTRATOR)
    if user == by.user:
        raise Refused("You cannot close your own account; ask another administrator")
    here = _memberships_here(user, by)
    check(version, *here.select_for_update())
    here.filter(closed_at__isnull=True).update(closed_at=timezone.now())
    withdrawn = (
        Invitation.objects.waiting().filter(membership__in=here).update(withdrawn_at=timezone.now(), secret_sha256="")
    )
    if not Membership.objects.filter(user=user, closed_at__isnull=True).exists():
        User.objects.filter(pk=user.pk).update(is_active=False)
        user.is_active = False
    sessions.end_all(user)
    keep_event(AccountActKind.WITHDRAWN if withdrawn else AccountActKind.CLOSED, user, by)


@transaction.atomic
def open_account(*, user: User, version: str | None = None, by: Actor) -> None:
    """Let somebody in again; whose invitation was withdrawn gets a new one. Raises Stale as `close_account` does."""
    require_role(by, Role.ADMINISTRATOR)
    here = _memberships_here(user, by)
    check(version, *here.select_for_update())
    here.update(closed_at=None)
    User.objects.filter(pk=user.pk).update(is_active=True)
    user.is_active = True
    for invitation in Invitation.objects.filter(membership__in=here, withdrawn_at__isnull=False):
        invitation.withdrawn_at = None
        invitation.save(update_fields=["withdrawn_at"])
        jobs.enqueue("accounts.send_invitation", invitation_id=invitation.pk)
    keep_event(AccountActKind.OPENED, user, by)


@transaction.atomic
def reset_second_step(*, user: User, reason: str, by: Actor) -> None:
    """Take off a colleague's app, passkeys and recovery codes, all lost, so that they set up new ones when they next
    sign in. Their sessions end, the reason is kept, and they are told by e-mail.

    Raises Refused for one's own, and without a reason.
    """
    require_role(by, Role.ADMINISTRATOR)
    if user == by.user:
        raise Refused("You cannot take off your own second step; ask another administrator")
    if not reason.strip():
        raise Refused("Enter how you know that it is them who asked", field="reason")
    Authenticator.objects.filter(user=user).delete()
    sessions.end_all(user)
    keep_event(AccountActKind.FACTOR_RESET, user, by, reason.strip())
    jobs.enqueue("accounts.send_notice", user_id=user.pk, reason="second_step_reset")


def _memberships_here(user: User, by: Actor) -> MembershipQuerySet:
    return Membership.objects.filter(user=user, partnership=by.partnership)
