"""Who may open a person's record through their work: one rule, read from a person or from a placement."""

import datetime as dt

from django.db.models import Q

from commissioning.accounts.actors import Actor
from commissioning.core.ranges import in_force


def shared_with_provider(actor: Actor, on: dt.date, path: str = "") -> Q:
    """A provider's placements: current ones, and planned ones from the day they were shared.

    `path` leads from the model asked to its placements, such as `placements__`.
    """
    current = Q(**{f"{path}end__isnull": True}) | Q(**{f"{path}end__gte": on})
    begun = Q(**{f"{path}start__lte": on}) | Q(**{f"{path}shared_on__lte": on})
    theirs = Q(**{f"{path}provider": actor.organisation, f"{path}partnership": actor.partnership})
    return current & begun & theirs


def advised_by(actor: Actor, on: dt.date, path: str = "") -> Q:
    """People a clinician advises on, from day to day."""
    return in_force(on, start=f"{path}start", end=f"{path}end") & Q(**{f"{path}user": actor.user})
