"""How many people a provider supports, under which contract, and how many places a contract buys.

Placements and prices stand above this app, which must not import them: the apps that hold them register their answers
here when the application starts. Until they do, nothing is counted.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from commissioning.accounts.actors import Actor

# People on a day, as the actor may see, by the primary key of the organisation or of the contract.
Count = Callable[[Actor, dt.date], Mapping[int, int]]


def _nobody(_actor: Actor, _on: dt.date) -> Mapping[int, int]:
    return {}


@dataclass
class _Counts:
    by_provider: Count = _nobody
    by_contract: Count = _nobody
    places: Count = _nobody


_counts = _Counts()


def counted_by(*, by_provider: Count, by_contract: Count) -> None:
    """Called once at start by the app that holds placements."""
    _counts.by_provider, _counts.by_contract = by_provider, by_contract


def places_counted_by(places: Count) -> None:
    """Called once at start by the app that holds prices."""
    _counts.places = places


def places_by_contract(actor: Actor, on: dt.date) -> Mapping[int, int]:
    """Places bought on a day by each contract that has ever had a price for places: 0 where not then."""
    return _counts.places(actor, on)


def people_by_provider(actor: Actor, on: dt.date) -> Mapping[int, int]:
    return _counts.by_provider(actor, on)


def people_by_contract(actor: Actor, on: dt.date) -> Mapping[int, int]:
    return _counts.by_contract(actor, on)
