"""Which issued reports show a month's money.

Reports stand above this app, which must not import them, so they register their answer here at start.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from commissioning.accounts.actors import Actor
from commissioning.core.periods import Month


@dataclass(frozen=True)
class Issued:
    """A published report of a month: what it is called, when it was issued, and its page."""

    month: Month
    title: str
    issued_at: dt.datetime
    url: str


IssuedSource = Callable[[Actor, Month, Month], tuple[Issued, ...]]


@dataclass
class _Sources:
    issued: IssuedSource | None = None


_sources = _Sources()


def answer_issued(source: IssuedSource) -> None:
    """Called once at start by the app that makes reports."""
    _sources.issued = source


def issued_reports(actor: Actor, first: Month, last: Month) -> tuple[Issued, ...]:
    """The latest published revision of every report whose twelve months reach into these, the newest first."""
    return _sources.issued(actor, first, last) if _sources.issued else ()
