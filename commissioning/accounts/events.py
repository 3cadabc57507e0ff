"""Keeping what an administrator did to how somebody signs in."""

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import AccountAct, AccountActKind, User


def keep_event(kind: AccountActKind, user: User, by: Actor, reason: str = "") -> None:
    """One row, in the caller's transaction."""
    AccountAct.objects.create(
        kind=kind,
        partnership_code=by.partnership.code,
        user_id=user.pk,
        by_user_id=by.user.pk if by.user else None,
        by_name=by.name,
        reason=reason,
    )
