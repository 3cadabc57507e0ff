"""Whose eyes the database looks through: the scope that every statement on personal data or prices carries with it.

A statement on a walled table (`accounts.walls`) is sent together with `SET LOCAL as_one.scope`, by which PostgreSQL's
row-level security decides which rows exist for it. The route wrapper sets the scope of a request; tasks and commands
name theirs with `accounts.scope.acting`. Without a scope such a statement raises `NoScope`, and were it sent all the
same, PostgreSQL refuses it.
"""

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import _GeneratorContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from commissioning.core import database


class NoScope(RuntimeError):
    """Code asked for personal data or prices without saying on whose behalf."""


@dataclass(frozen=True)
class Scope:
    """What the database shows: whose people (`sees`), which prices, on which day.

    `sees`: everywhere, everyone (of the partnership), provider, clinician, board or nobody. `prices`: all, own or none.
    Numbers are primary keys, 0 for none. `working` says whether working packs and other people's uploads are included.
    """

    sees: str
    prices: str = "none"
    partnership: int = 0
    organisation: int = 0
    user: int = 0
    membership: int = 0
    working: bool = False
    today: dt.date | None = None

    @functools.cached_property
    def setting(self) -> str:
        """The scope as PostgreSQL reads it; letters, digits and punctuation that needs no quoting in SQL."""
        today = (self.today or timezone.localdate()).isoformat()
        return (
            f"sees={self.sees},prices={self.prices},partnership={self.partnership},organisation={self.organisation},"
            f"user={self.user},membership={self.membership},working={'yes' if self.working else 'no'},today={today}"
        )


EVERYWHERE = Scope("everywhere", prices="all", working=True)

_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current() -> Scope | None:
    """The scope of the code that runs now."""
    return _current.get()


@contextmanager
def entered(scope: Scope | None) -> Iterator[None]:
    """Look through a scope for the length of the block; None takes every scope away."""
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)


def enter_for_good(scope: Scope) -> None:
    """For a process that is the application's own upkeep throughout, such as the tests' own code."""
    _current.set(scope)


def everywhere() -> _GeneratorContextManager[None]:
    """A block of the application's own upkeep, across partnerships: queues, seals, backups. Never for a page."""
    return entered(EVERYWHERE)


def require() -> Scope:
    """The scope, where an empty answer for want of one would be taken for a figure. Raises NoScope."""
    scope = current()
    if scope is None or scope.sees == "nobody":
        raise NoScope("Figures are made on somebody’s behalf: enter a scope first (accounts.scope.acting).")
    return scope


# --- On the way to the database ---------------------------------------------------------------------------------------

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]

# Functions of ours in the database that reach walled tables by name.
REACHING = ("audit_digests", "audit_erase", "rights_forget_contexts")

_name_tables: Callable[[], Iterable[str]] = tuple


def carry_to(name_tables: Callable[[], Iterable[str]]) -> None:
    """Say which tables are walled; asked once, when the first statement is sent."""
    global _name_tables
    _name_tables = name_tables
    _walled.cache_clear()


@functools.cache
def _walled() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted({*_name_tables(), *REACHING}))})\b")


def carry_scope(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Send the scope with each statement on a walled table, so that no statement can miss it or outlive it.

    Raises NoScope without one. The owner's statements (migrations) go as they are.
    """
    if database.is_owner() or not _walled().search(sql):
        return execute(sql, params, many, context)
    scope = current()
    if scope is None:
        raise NoScope(f"This reads or writes personal data or prices without a scope: {sql[:200]}")
    return execute(_set_scope(sql, scope) + sql, params, many, context)


def _set_scope(sql: str, scope: Scope) -> str:
    # A read must begin with SELECT and a change must not: the history's middleware tells them apart by it.
    if sql.lstrip().upper().startswith(("SELECT", "COPY (")):
        return f"SELECT set_config('as_one.scope', '{scope.setting}', true); "
    return f"SET LOCAL as_one.scope = '{scope.setting}'; "


def on_connection(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """Every connection carries the scope."""
    database.put_around(connection, carry_scope)
