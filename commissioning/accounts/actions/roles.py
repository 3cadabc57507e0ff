"""What somebody is in a partnership, and when."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from commissioning.accounts import queries, sessions
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import PROVIDER_ROLES, Invitation, Membership, Organisation, Role, User
from commissioning.accounts.permissions import require_role
from commissioning.core import jobs
from commissioning.core.editing import lock
from commissioning.core.errors import Refused
from commissioning.core.periods import words


@transaction.atomic
def give_role(
    *,
    user: User,
    role: str,
    organisation: Organisation | None,
    starts_on: dt.date,
    ends_on: dt.date | None,
    by: Actor,
) -> Membership:
    """Another role for somebody of the partnership. Raises Refused for a role held already and for wrong dates."""
    require_role(by, Role.ADMINISTRATOR)
    waiting = Invitation.objects.waiting().filter(membership__user=user, membership__partnership=by.partnership).first()
    membership = give(user, role, organisation, starts_on, ends_on, by)
    if waiting is None:
        jobs.enqueue("accounts.send_notice", user_id=user.pk, reason="role")
    else:
        # They have yet to come: the letter they have brings them in to both.
        Invitation.objects.update_or_create(membership=membership, defaults={"name": waiting.name})
    return membership


@transaction.atomic
def change_dates(
    *, membership: Membership, starts_on: dt.date, ends_on: dt.date | None, version: str | None = None, by: Actor
) -> Membership:
    """When a role is held; who has none left today is signed out at once.

    Raises Stale where it was saved since it was opened at `version`; Refused for an end before the start, and for the
    last administrator's end.
    """
    require_role(by, Role.ADMINISTRATOR)
    membership = lock(membership, version)
    _check_dates(starts_on, ends_on)
    if ends_on is not None and (ends_on < timezone.localdate()):
        _check_administrator_remains(membership, "ends_on")
    membership.starts_on, membership.ends_on = starts_on, ends_on
    membership.save(update_fields=["starts_on", "ends_on"])
    if not Membership.objects.current(timezone.localdate()).filter(user=membership.user_id).exists():
        sessions.end_all(membership.user)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, ends_on: dt.date, version: str | None = None, by: Actor) -> Membership:
    """End a role after its last day. Raises Stale and Refused as `change_dates` does."""
    require_role(by, Role.ADMINISTRATOR)
    membership = lock(membership, version)
    _check_administrator_remains(membership, "ends_on")
    return change_dates(membership=membership, starts_on=membership.starts_on, ends_on=ends_on, by=by)


def give(
    user: User, role: str, organisation: Organisation | None, starts_on: dt.date, ends_on: dt.date | None, by: Actor
) -> Membership:
    """The membership, new or taken up again. Raises Refused for a role held already and for wrong dates."""
    _check_dates(starts_on, ends_on)
    organisation = _organisation_for(role, organisation)
    held = Membership.objects.filter(
        user=user, partnership=by.partnership, role=role, organisation=organisation
    ).first()
    if held is None:
        return Membership.objects.create(
            user=user,
            partnership=by.partnership,
            role=role,
            organisation=organisation,
            starts_on=starts_on,
            ends_on=ends_on,
        )
    if held.closed_at is None and (held.ends_on is None or held.ends_on >= starts_on):
        until = f" until {words(held.ends_on)}" if held.ends_on else ""
        raise Refused(f"They have this role already{until}", field="role")
    # A role held before is taken up again; the earlier time stays in the history.
    held.starts_on, held.ends_on, held.closed_at = starts_on, ends_on, None
    held.save(update_fields=["starts_on", "ends_on", "closed_at"])
    return held


def _organisation_for(role: str, organisation: Organisation | None) -> Organisation | None:
    if role in PROVIDER_ROLES and organisation is None:
        raise Refused("Choose the provider they work for", field="organisation")
    if role in {Role.ADMINISTRATOR, Role.AUDITOR}:
        return None
    return organisation


def _check_dates(starts_on: dt.date, ends_on: dt.date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise Refused(f"Last day must be {words(starts_on)} or later", field="ends_on")


def _check_administrator_remains(membership: Membership, field: str) -> None:
    if membership.role == Role.ADMINISTRATOR and not queries.other_administrators(membership, timezone.localdate()):
        raise Refused("Nobody else is administrator. Give somebody else the role first", field=field)
