"""The only writers of accounts, roles and a partnership's settings. All need the administrator's role."""

import datetime as dt

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from commissioning.accounts import queries
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import (
    PROVIDER_ROLES,
    Membership,
    Organisation,
    Partnership,
    PartnershipOrganisation,
    Role,
    User,
)
from commissioning.accounts.partnerships import open_partnership
from commissioning.accounts.permissions import require_role
from commissioning.core import jobs
from commissioning.core.errors import Refused
from commissioning.core.periods import words


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
    """Give somebody a role, making their account when the e-mail address is new; they get a link to set a password.

    Raises Refused for a role they hold already, a provider's role without a provider, or an end before the start.
    """
    require_role(by, Role.ADMINISTRATOR)
    user = User.objects.filter(email=email.lower()).first()
    is_new = user is None
    if user is None:
        user = User.objects.create_user(email, name=name.strip())
    membership = _give(user, role, organisation, starts_on, ends_on, by)
    if is_new:
        jobs.enqueue("accounts.send_password_link", user_id=user.pk, reason="invitation")
    else:
        jobs.enqueue("accounts.send_role_notice", user_id=user.pk)
    return membership


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
    """Another role for somebody of the partnership. Raises Refused as `invite` does."""
    require_role(by, Role.ADMINISTRATOR)
    membership = _give(user, role, organisation, starts_on, ends_on, by)
    jobs.enqueue("accounts.send_role_notice", user_id=user.pk)
    return membership


@transaction.atomic
def send_link_again(*, user: User, by: Actor) -> None:
    """E-mail a new link to set a password. Raises Refused for a closed account."""
    require_role(by, Role.ADMINISTRATOR)
    if not user.is_active:
        raise Refused(f"{user}’s account is closed; open it first")
    jobs.enqueue("accounts.send_password_link", user_id=user.pk, reason="invitation")


@transaction.atomic
def change_dates(*, membership: Membership, starts_on: dt.date, ends_on: dt.date | None, by: Actor) -> Membership:
    """When a role is held. Raises Refused for an end before the start, and for the last administrator's end."""
    require_role(by, Role.ADMINISTRATOR)
    membership = Membership.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=membership.pk)
    _check_dates(starts_on, ends_on)
    if ends_on is not None and (ends_on < timezone.localdate()):
        _check_administrator_remains(membership, "ends_on")
    membership.starts_on, membership.ends_on = starts_on, ends_on
    membership.save(update_fields=["starts_on", "ends_on"])
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, ends_on: dt.date, by: Actor) -> Membership:
    """End a role after its last day. Raises Refused as `change_dates` does."""
    require_role(by, Role.ADMINISTRATOR)
    _check_administrator_remains(membership, "ends_on")
    return change_dates(membership=membership, starts_on=membership.starts_on, ends_on=ends_on, by=by)


@transaction.atomic
def close_account(*, user: User, by: Actor) -> None:
    """Stop somebody signing in, and end the sessions they have open.

    Raises Refused for one's own account and for somebody with roles in another partnership, where it is not this
    administrator's to close.
    """
    require_role(by, Role.ADMINISTRATOR)
    if user == by.user:
        raise Refused("You cannot close your own account; ask another administrator")
    if queries.has_roles_elsewhere(user, by):
        raise Refused(f"{user} has a role outside this partnership. End their roles here instead")
    user.is_active = False
    user.save(update_fields=["is_active"])
    _end_sessions(user)


@transaction.atomic
def open_account(*, user: User, by: Actor) -> None:
    """Let somebody sign in again."""
    require_role(by, Role.ADMINISTRATOR)
    user.is_active = True
    user.save(update_fields=["is_active"])


@transaction.atomic
def found_partnership(*, code: str, name: str, administrator_name: str, administrator_email: str) -> Membership:
    """A new partnership and its first administrator; from the command line only, since nobody is in it yet.

    Raises Refused for a code in use.
    """
    partnership, is_new = open_partnership(code)
    if not is_new:
        raise Refused(f"There is a partnership with the code {code} already", field="code")
    partnership.name = name.strip()
    partnership.save(update_fields=["name"])
    return invite(
        name=administrator_name,
        email=administrator_email,
        role=Role.ADMINISTRATOR,
        organisation=None,
        starts_on=timezone.localdate(),
        ends_on=None,
        by=Actor.system(partnership),
    )


@transaction.atomic
def change_partnership(*, name: str, weeks_per_year: str, by: Actor) -> Partnership:
    """The partnership's name, and how a weekly cost becomes an annual one."""
    require_role(by, Role.ADMINISTRATOR)
    partnership = Partnership.objects.select_for_update().get(pk=by.partnership.pk)
    partnership.name, partnership.weeks_per_year = name.strip(), weeks_per_year
    partnership.save(update_fields=["name", "weeks_per_year"])
    return partnership


@transaction.atomic
def add_organisation(
    *, name: str, kind: str, code: str, ods_code: str, gss_code: str, by: Actor
) -> PartnershipOrganisation:
    """Work with an organisation: the one that has the national code already, else a new one.

    Raises Refused for a code in use, or an organisation the partnership works with already.
    """
    require_role(by, Role.ADMINISTRATOR)
    _check_code_is_free(code, by)
    known = queries.organisation_known_as(ods_code=ods_code, gss_code=gss_code)
    if known and by.partnership.links.filter(organisation=known).exists():
        raise Refused(f"You work with {known} already", field="ods_code" if ods_code else "gss_code")
    organisation = known or Organisation.objects.create(
        name=name.strip(), kind=kind, ods_code=ods_code, gss_code=gss_code
    )
    return PartnershipOrganisation.objects.create(partnership=by.partnership, organisation=organisation, code=code)


@transaction.atomic
def change_code(*, link: PartnershipOrganisation, code: str, by: Actor) -> PartnershipOrganisation:
    """The partnership's own code for an organisation. Raises Refused for one in use."""
    require_role(by, Role.ADMINISTRATOR)
    if code != link.code:
        _check_code_is_free(code, by)
    link.code = code
    link.save(update_fields=["code"])
    return link


def _give(
    user: User, role: str, organisation: Organisation | None, starts_on: dt.date, ends_on: dt.date | None, by: Actor
) -> Membership:
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
    if held.ends_on is None or held.ends_on >= starts_on:
        until = f" until {words(held.ends_on)}" if held.ends_on else ""
        raise Refused(f"{user} has this role already{until}", field="role")
    # A role held before is taken up again; the earlier time stays in the history.
    held.starts_on, held.ends_on = starts_on, ends_on
    held.save(update_fields=["starts_on", "ends_on"])
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


def _check_code_is_free(code: str, by: Actor) -> None:
    if by.partnership.links.filter(code=code).exists():
        raise Refused(f"{code} is in use for another organisation. Choose another code", field="code")


def _end_sessions(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()
