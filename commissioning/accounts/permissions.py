"""May this actor? Each rule once: a check that raises and says why."""

from django.core.exceptions import PermissionDenied

from commissioning.accounts.actors import SYSTEM, Actor
from commissioning.accounts.models import Role


def require_role(actor: Actor, *roles: str) -> None:
    """Raises PermissionDenied unless the actor has one of the roles; the application itself always may."""
    if actor.role != SYSTEM and actor.role not in roles:
        raise PermissionDenied(f"This needs one of these roles: {', '.join(roles)}.")


def require_commissioner(actor: Actor) -> None:
    require_role(actor, Role.COMMISSIONER)
