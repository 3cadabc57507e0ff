"""Reads of the administrator's pages. Everything is of the administrator's own partnership; the rest is not found."""

import datetime as dt
from dataclasses import dataclass

from django.http import Http404

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership, PartnershipOrganisation, Role, User
from commissioning.core.errors import Refused


@dataclass(frozen=True)
class Account:
    """Somebody who has, or had, a role in the partnership."""

    user: User
    memberships: tuple[Membership, ...]
    has_password: bool

    def roles_on(self, day: dt.date) -> list[Membership]:
        return [each for each in self.memberships if is_held(each, day)]


def partnership_named(code: str) -> Partnership:
    """The partnership with this code. Raises Refused, naming those that exist."""
    try:
        return Partnership.objects.get(code=code)
    except Partnership.DoesNotExist as error:
        codes = ", ".join(Partnership.objects.order_by("code").values_list("code", flat=True)) or "none yet"
        raise Refused(f"There is no partnership {code}. There are: {codes}.", field="partnership") from error


def is_held(membership: Membership, day: dt.date) -> bool:
    return membership.starts_on <= day and (membership.ends_on is None or day <= membership.ends_on)


def accounts_of(actor: Actor) -> list[Account]:
    """Everybody with a role in the partnership, past ones too, by name."""
    users = User.objects.filter(memberships__partnership=actor.partnership).distinct().order_by("name", "email")
    return [_account(user, actor) for user in users]


def account_for(actor: Actor, user_id: int) -> Account:
    """Raises Http404 for somebody who never had a role in the partnership."""
    user = User.objects.filter(memberships__partnership=actor.partnership, pk=user_id).distinct().first()
    if user is None:
        raise Http404("Nobody of this partnership.")
    return _account(user, actor)


def membership_for(actor: Actor, membership_id: int) -> Membership:
    """Raises Http404 for another partnership's."""
    found = (
        Membership.objects.filter(partnership=actor.partnership, pk=membership_id)
        .select_related("user", "organisation", "partnership")
        .first()
    )
    if found is None:
        raise Http404("No such role in this partnership.")
    return found


def links_of(actor: Actor) -> list[PartnershipOrganisation]:
    """The organisations the partnership works with, by name."""
    return list(actor.partnership.links.select_related("organisation").order_by("organisation__name"))


def link_for(actor: Actor, code: str) -> PartnershipOrganisation:
    """Raises Http404 for a code the partnership does not use."""
    found = actor.partnership.links.select_related("organisation").filter(code=code).first()
    if found is None:
        raise Http404("No such organisation in this partnership.")
    return found


def organisation_known_as(*, ods_code: str, gss_code: str) -> Organisation | None:
    """The organisation that already has one of these national codes, whichever partnership recorded it."""
    for field, code in (("ods_code", ods_code), ("gss_code", gss_code)):
        if code and (found := Organisation.objects.filter(**{field: code}).first()):
            return found
    return None


def other_administrators(membership: Membership, day: dt.date) -> bool:
    """Whether somebody else can still look after the partnership's accounts on a day."""
    return (
        Membership.objects.current(day)
        .filter(partnership=membership.partnership, role=Role.ADMINISTRATOR)
        .exclude(user=membership.user)
        .exists()
    )


def has_roles_elsewhere(user: User, actor: Actor) -> bool:
    return user.memberships.exclude(partnership=actor.partnership).exists()


def _account(user: User, actor: Actor) -> Account:
    memberships = user.memberships.filter(partnership=actor.partnership).select_related("organisation", "partnership")
    return Account(user, tuple(memberships), user.has_usable_password())
