"""Needs that floors above know of. They say so when the application starts, since this floor cannot ask them."""

import datetime as dt
from collections.abc import Callable

from commissioning.accounts.actors import Actor
from commissioning.overview.queries.home.needs import Need

Ask = Callable[[Actor, dt.date], tuple[Need, ...]]

_asked: list[Ask] = []


def also_ask(ask: Ask) -> None:
    """Show on the first page what this gives for somebody on a day; once, however often it is said."""
    if ask not in _asked:
        _asked.append(ask)


def further_needs(actor: Actor, today: dt.date) -> tuple[Need, ...]:
    return tuple(need for ask in _asked for need in ask(actor, today))
