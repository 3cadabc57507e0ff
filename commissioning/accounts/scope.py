"""The scope of an actor: what DESIGN's access table lets the database show them.

`core.scope` says how a scope is carried.
"""

from contextlib import AbstractContextManager

from django.utils import timezone

from commissioning.accounts.actors import SEES_EVERYONE, Actor
from commissioning.accounts.models import PROVIDER_ROLES, Role
from commissioning.core.scope import EVERYWHERE, NoScope, Scope, current, entered, everywhere, require

__all__ = ["EVERYWHERE", "NoScope", "Scope", "acting", "current", "entered", "everywhere", "require", "scope_of"]


def scope_of(actor: Actor) -> Scope:
    """What an actor's statements find."""
    return Scope(
        sees=_sees(actor),
        prices="all" if actor.sees_prices else "own" if actor.is_provider else "none",
        partnership=actor.partnership.pk,
        organisation=actor.organisation.pk if actor.organisation else 0,
        user=actor.user.pk if actor.user else 0,
        membership=actor.membership.pk if actor.membership else 0,
        working=actor.can_commission,
        today=timezone.localdate(),
    )


def acting(actor: Actor) -> AbstractContextManager[None]:
    """A block that sees what the actor may see: `with scope.acting(Actor.system(partnership)):`."""
    return entered(scope_of(actor))


def _sees(actor: Actor) -> str:
    if actor.role in SEES_EVERYONE:
        return "everyone"
    if actor.role in PROVIDER_ROLES:
        return "provider"
    return {Role.CLINICIAN: "clinician", Role.BOARD_MEMBER: "board"}.get(Role(actor.role), "nobody")
