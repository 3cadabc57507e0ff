"""What other apps can say about people in a list: money (finance) and life (outcomes).

This app stands below both and must not import them, so each registers its answer here when the application starts.
Until one does, the list has no column for it.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from commissioning.accounts.actors import Actor


@dataclass(frozen=True)
class Money:
    """A person's weekly cost on a day in pence, and its change against the baseline.

    The change is None where there is no baseline to compare with; `note` says why, where there is one.
    """

    weekly_pence: int
    change_weekly_pence: int | None
    flags: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Life:
    """How many life measures are better, the same or worse; `note` says of when, or why nothing can be said."""

    better: int = 0
    same: int = 0
    worse: int = 0
    note: str = ""
    flags: tuple[str, ...] = ()


# Both are asked for people by primary key on a day, and leave out whoever they know nothing of.
MoneySource = Callable[[Actor, Sequence[int], dt.date], Mapping[int, Money]]
LifeSource = Callable[[Actor, Sequence[int], dt.date], Mapping[int, Life]]
Heading = Callable[[dt.date], str]


def _outcomes(_on: dt.date) -> str:
    return "Outcomes"


@dataclass
class _Sources:
    money: MoneySource | None = None
    life: LifeSource | None = None
    life_heading: Heading = _outcomes


_sources = _Sources()


def answer_money(source: MoneySource) -> None:
    """Called once at start by the app that knows what people's support costs."""
    _sources.money = source


def answer_life(source: LifeSource, heading: Heading) -> None:
    """Called once at start by the app that knows what changes in people's lives, and of when its answer is."""
    _sources.life, _sources.life_heading = source, heading


def life_heading(on: dt.date) -> str:
    """The words above the column of outcomes."""
    return _sources.life_heading(on)


def money_of(actor: Actor, people: Sequence[int], on: dt.date) -> Mapping[int, Money] | None:
    """None for those who may not see prices, and where no app answers."""
    if _sources.money is None or not actor.sees_prices:
        return None
    return _sources.money(actor, people, on)


def life_of(actor: Actor, people: Sequence[int], on: dt.date) -> Mapping[int, Life] | None:
    """None for those who see people by reference only, and where no app answers."""
    if _sources.life is None or not actor.sees_names:
        return None
    return _sources.life(actor, people, on)
