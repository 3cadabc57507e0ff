"""What follows when a person's death is recorded: other apps say here what they then do.

Placements end by rules of money, and finance stands above this app, which must not import it: it registers what follows
when the application starts.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from commissioning.accounts.actors import Actor
from people.models import Person

# The person, the day of death, and who recorded it; within the transaction that records it.
Follow = Callable[[Person, dt.date, Actor], None]


@dataclass
class _Following:
    acts: list[Follow] = field(default_factory=list)


_following = _Following()


def after_a_death(act: Follow) -> None:
    """Called once at start by an app that ends what a death ends."""
    _following.acts.append(act)


def follow(person: Person, died_on: dt.date, by: Actor) -> None:
    """Do all that follows."""
    for act in _following.acts:
        act(person, died_on, by)
