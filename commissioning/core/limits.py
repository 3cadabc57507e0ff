"""How long a transaction may wait, run and idle: short for a page, long for background work.

They are set within each transaction, so they hold behind a pooler too, which lends each transaction another connection.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from commissioning.core.database import put_around

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]

_on_page: ContextVar[bool] = ContextVar("on_page", default=False)


@contextmanager
def of_a_page() -> Iterator[None]:
    """A block whose transactions somebody waits for."""
    token = _on_page.set(True)
    try:
        yield
    finally:
        _on_page.reset(token)


def limits() -> dict[str, int]:
    """What holds now: PostgreSQL's settings in seconds."""
    return settings.DATABASE_LIMITS["page" if _on_page.get() else "work"]


def set_limits(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Begin each transaction with its limits."""
    connection = context["connection"]
    raw = connection.connection
    if connection.in_atomic_block and raw is not None and raw.info.transaction_status == TRANSACTION_STATUS_IDLE:
        # Compiling a query of ours takes longer than running it: policies make it look costly.
        begin = ["SET LOCAL jit = off", *(f"SET LOCAL {name} = '{value}s'" for name, value in limits().items())]
        with connection.wrap_database_errors, raw.cursor() as cursor:
            cursor.execute("; ".join(begin))
    return execute(sql, params, many, context)


def on_connection(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """Every connection begins its transactions so."""
    put_around(connection, set_limits)
