"""Asking somebody in: a letter with a link that works once, for a week, until it is withdrawn.

An administrator learns nothing of whether the address has an account already: what is said, shown and done is the same.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from commissioning.accounts.actions.roles import give
from commissioning.accounts.actors import Actor
from commissioning.accounts.events import keep_event
from commissioning.accounts.models import AccountActKind, Invitation, Membership, Organisation, Role, User
from commissioning.accounts.partnerships import open_partnership
from commissioning.accounts.permissions import require_role
from commissioning.accounts.queries import Account
from commissioning.core import jobs
from commissioning.core.errors import Refused

USED = "This link was used already, or was replaced by a newer one"


@transaction.atomic
def invite(
    *,
    name: str,
    email: str,
    role: str,
    organisation: Organisation | None,
    starts_on: dt.date,
    ends_on: dt.date | None,
    by: Actor,
) -> Membership:
    """Give somebody a role, making their account when the e-mail address is new; they get a letter with a link.

    Raises Refused for a role they hold already, a provider's role without a provider, or an end before the start.
    """
    membership = _invite(name, email, role, organisation, starts_on, ends_on, by)
    jobs.enqueue("accounts.send_invitation", invitation_id=membership.invitation.pk)
    return membership


def _invite(
    name: str,
    email: str,
    role: str,
    organisation: Organisation | None,
    starts_on: dt.date,
    ends_on: dt.date | None,
    by: Actor,
) -> Membership:
    require_role(by, Role.ADMINISTRATOR)
    user = User.objects.filter(email=email.lower()).first() or User.objects.create_user(email, name=name.strip())
    if not user.is_active:
        # Closed by another partnership, whose roles stay closed.
        User.objects.filter(pk=user.pk).update(is_active=True)
    membership = give(user, role, organisation, starts_on, ends_on, by)
    fresh = {"name": name.strip(), "secret_sha256": "", "accepted_at": None, "withdrawn_at": None}
    Invitation.objects.update_or_create(membership=membership, defaults=fresh)
    keep_event(AccountActKind.INVITED, user, by)
    return membership


@transaction.atomic
def send_link_again(*, membership: Membership, by: Actor) -> None:
    """To somebody who has not come yet, a new invitation, in place of the earlier link; to others, a link to set a new
    password. Raises Refused for a closed account.
    """
    require_role(by, Role.ADMINISTRATOR)
    if membership.closed_at is not None:
        raise Refused("The account is closed; open it first")
    waiting = Invitation.objects.waiting().filter(
        membership__user=membership.user_id, membership__partnership=by.partnership
    )
    if waiting.exists():
        for invitation in waiting:
            jobs.enqueue("accounts.send_invitation", invitation_id=invitation.pk)
        keep_event(AccountActKind.INVITED, membership.user, by)
    else:
        jobs.enqueue("accounts.send_password_link", user_id=membership.user_id)


@transaction.atomic
def send_letters_again(*, account: Account, by: Actor) -> int:
    """Try the letters to somebody that were given up anew; how many. Raises Refused when none of them still is."""
    require_role(by, Role.ADMINISTRATOR)
    again = jobs.try_again(each.job_id for each in account.unsent if each.is_given_up)
    if not again:
        raise Refused("Every letter has been sent, or is being tried again already")
    return again


@transaction.atomic
def accept_invitation(*, invitation: Invitation, secret_sha256: str, name: str, password: str) -> User:
    """Take up an invitation: the account's name as its owner spells it, and its first password.

    Raises Refused for a link that was used, replaced, withdrawn or has run out meanwhile.
    """
    held = Invitation.objects.select_for_update(of=("self",)).select_related("membership__user").get(pk=invitation.pk)
    user = held.membership.user
    spent = held.secret_sha256 != secret_sha256 or not held.is_waiting or held.has_run_out
    if spent or user.has_usable_password():
        raise Refused(USED)
    user.name = name.strip()
    user.set_password(password)
    user.save(update_fields=["name", "password"])
    accept_waiting(user)
    return user


def accept_waiting(user: User) -> None:
    """Whoever signs in has come: their invitations are taken up, and the links in the letters end."""
    Invitation.objects.waiting().filter(membership__user=user).update(accepted_at=timezone.now(), secret_sha256="")


@transaction.atomic
def found_partnership(*, code: str, name: str, administrator_name: str, administrator_email: str) -> Membership:
    """A new partnership and its first administrator; from the command line only, since nobody is in it yet. The link
    is printed there, not sent. Raises Refused for a code in use.
    """
    partnership, is_new = open_partnership(code)
    if not is_new:
        raise Refused(f"There is a partnership with the code {code} already", field="code")
    partnership.name = name.strip()
    partnership.save(update_fields=["name"])
    by = Actor.system(partnership)
    return _invite(administrator_name, administrator_email, Role.ADMINISTRATOR, None, timezone.localdate(), None, by)
