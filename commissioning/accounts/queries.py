"""Reads of the administrator's pages. Everything is of the administrator's own partnership; the rest is not found."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from django.http import Http404

from commissioning.accounts.actors import Actor
from commissioning.accounts.letters import sha256_of
from commissioning.accounts.models import (
    AccountAct,
    Invitation,
    Membership,
    MembershipQuerySet,
    Organisation,
    Partnership,
    PartnershipOrganisation,
    Role,
    User,
)
from commissioning.accounts.post import Unsent, troubles, unsent_to
from commissioning.core.errors import Refused
from commissioning.core.jobs import Trouble


class State(Enum):
    """How far somebody has come, as the partnership's administrator sees it."""

    INVITED = "Invited"
    RUN_OUT = "Invitation has run out"
    WITHDRAWN = "Invitation withdrawn"
    CLOSED = "Closed"
    IN_USE = "In use"


@dataclass(frozen=True)
class Account:
    """Somebody who has, or had, a role in the partnership.

    It tells nothing of other partnerships: until they come, they are who the invitation says; `number`, which stands in
    addresses, is their first role's here; and `last_here` counts only from then on.
    """

    user: User
    memberships: tuple[Membership, ...]
    invitations: tuple[Invitation, ...]
    events: tuple[AccountAct, ...] = ()
    unsent: tuple[Unsent, ...] = ()

    @property
    def number(self) -> int:
        return min(each.pk for each in self.memberships)

    @property
    def is_closed(self) -> bool:
        return all(each.closed_at is not None for each in self.memberships)

    @property
    def has_come(self) -> bool:
        return _has_come(self.memberships)

    @property
    def name(self) -> str:
        return str(self.user) if self.has_come else self.invitations[-1].name

    @property
    def state(self) -> State:
        if self.is_closed:
            return State.CLOSED if self.has_come else State.WITHDRAWN
        if self.has_come:
            return State.IN_USE
        return State.RUN_OUT if all(each.has_run_out for each in self.invitations) else State.INVITED

    @property
    def is_waiting(self) -> bool:
        return self.state in (State.INVITED, State.RUN_OUT)

    @property
    def has_given_up(self) -> bool:
        """Whether some letter to them is tried no more."""
        return any(each.is_given_up for each in self.unsent)

    @property
    def sent_at(self) -> dt.datetime | None:
        return max((each.sent_at for each in self.invitations if each.sent_at), default=None)

    @property
    def last_here(self) -> dt.datetime | None:
        return self.user.last_login if self.has_come else None

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
    within = membership.starts_on <= day and (membership.ends_on is None or day <= membership.ends_on)
    return within and membership.closed_at is None


def accounts_of(actor: Actor) -> list[Account]:
    """Everybody with a role in the partnership, past ones too, by name. At most three queries."""
    found: dict[int, list[Membership]] = {}
    for membership in _memberships_of(actor):
        found.setdefault(membership.user_id, []).append(membership)
    among = troubles()
    accounts = [_account(memberships, among) for memberships in found.values()]
    return sorted(accounts, key=lambda each: (each.name.casefold(), each.user.email))


def account_for(actor: Actor, number: int) -> Account:
    """The account that a role of the partnership belongs to. Raises Http404 for a role of another partnership."""
    membership = Membership.objects.filter(partnership=actor.partnership, pk=number).first()
    if membership is None:
        raise Http404("Nobody of this partnership.")
    memberships = list(_memberships_of(actor).filter(user=membership.user_id))
    events = AccountAct.objects.filter(partnership_code=actor.partnership.code, user_id=membership.user_id)
    return _account(memberships, troubles(), tuple(events[:20]))


def invitation_with(secret: str) -> Invitation | None:
    """The invitation whose newest letter holds this secret, while it may be taken up."""
    found = (
        Invitation.objects.waiting()
        .filter(secret_sha256=sha256_of(secret))
        .select_related("membership__user", "membership__partnership", "membership__organisation")
        .first()
    )
    return None if found is None or found.has_run_out else found


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


def _memberships_of(actor: Actor) -> MembershipQuerySet:
    return Membership.objects.filter(partnership=actor.partnership).select_related(
        "user", "organisation", "partnership", "invitation"
    )


def _account(memberships: list[Membership], among: list[Trouble], events: tuple[AccountAct, ...] = ()) -> Account:
    invitations = tuple(each.invitation for each in memberships if hasattr(each, "invitation"))
    unsent = unsent_to(memberships, has_come=_has_come(memberships), among=among)
    return Account(memberships[0].user, tuple(memberships), invitations, events, unsent)


def _has_come(memberships: Iterable[Membership]) -> bool:
    """Whether they signed in since they were asked, or were never asked: some role came by no invitation, or by one
    that was taken up.
    """
    return any(not hasattr(each, "invitation") or each.invitation.accepted_at for each in memberships)
