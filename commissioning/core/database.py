"""Which database role works: the lesser one for everything but changes to tables.

`DATABASE_URL` is the application's role and `DATABASE_OWNER_URL` the one that owns the tables and migrates. With one
address the application migrates as that role and drops to `commissioning_app` with SET ROLE on every connection.
"""

import functools
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

APPLICATION_ROLE = "commissioning_app"

_working_as_owner: ContextVar[bool] = ContextVar("working_as_owner", default=False)

# The owner works on whole tables, and the walls stand before the owner too.
SEE_EVERYTHING = "SET as_one.scope = 'sees=everywhere,prices=all,working=yes'"

# Whether the role that signed in could undo the walls: one that owns tables, is over everything, or may become so.
TOO_MIGHTY = """
SELECT rolsuper, rolbypassrls, EXISTS (
         SELECT FROM pg_class
          WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
            AND pg_has_role(session_user, relowner, 'MEMBER')
       )
  FROM pg_roles WHERE rolname = session_user
"""
MAKE_ROLE = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION_ROLE}') THEN
    CREATE ROLE {APPLICATION_ROLE} NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- another migration made it at this moment
END $$;
"""
# With one address the owner steps down to the lesser role, so it must be a member.
JOIN_ROLE = f"""
DO $$ BEGIN
  IF NOT pg_has_role(session_user, '{APPLICATION_ROLE}', 'MEMBER') THEN
    EXECUTE format('GRANT {APPLICATION_ROLE} TO %I', session_user);
  END IF;
END $$;
"""


def is_owner() -> bool:
    """Whether this code changes tables, inside `owner()`."""
    return _working_as_owner.get()


@contextmanager
def owner() -> Iterator[None]:
    """Work as the role that owns the tables, for the length of the block: migrations, grants, backups."""
    if is_owner():
        yield
        return
    token = _working_as_owner.set(True)
    try:
        with _signed_in_as_owner():
            yield
    finally:
        _working_as_owner.reset(token)


@contextmanager
def _signed_in_as_owner() -> Iterator[None]:
    apart = settings.DATABASE_OWNER
    if not apart:
        _ask(connection, f"RESET ROLE; {SEE_EVERYTHING}")
        try:
            # What fails inside a transaction must not keep us from stepping down again.
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                yield
        finally:
            _ask(connection, "RESET as_one.scope")
            drop_to_application_role(connection)
        return
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update({key: apart[key] for key in ("USER", "PASSWORD", "HOST", "PORT")})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def copy_out(sql: str, params: Sequence[Any]) -> memoryview:
    """The rows of a SELECT as PostgreSQL's binary COPY sends them, header and trailer included.

    It goes the way of every statement (`put_around`): with the scope, under the transaction's limits, counted in tests.
    """
    rows = io.BytesIO()
    with connection.cursor() as cursor:

        def copy(sql: str, params: Any, _many: bool, _context: dict[str, Any]) -> None:
            # A COPY takes no parameters of its own.
            with connection.wrap_database_errors:
                cursor.copy_expert(cursor.mogrify(sql, params or None).decode(), rows)

        execute: Callable[..., Any] = copy
        for wrapper in reversed(connection.execute_wrappers):
            execute = functools.partial(wrapper, execute)
        execute(f"COPY ({sql}) TO STDOUT (FORMAT binary)", params, False, {"connection": connection, "cursor": cursor})
    return rows.getbuffer()


def copy_in(sql: str, text: io.StringIO) -> None:
    """Rows of text into a temporary table, as a `COPY … FROM STDIN` reads them. It touches no walled table."""
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(sql, text)


def drop_to_application_role(on: BaseDatabaseWrapper) -> None:
    """With one database address: be the lesser role from here on. Raises ImproperlyConfigured before migrations."""
    if settings.DATABASE_OWNER:
        return
    if not _ask(on, "SELECT 1 FROM pg_roles WHERE rolname = %s", APPLICATION_ROLE):
        raise ImproperlyConfigured(
            f"The database has no role {APPLICATION_ROLE} yet. Run manage.py migrate first; it makes the role."
        )
    _ask(on, f"SET ROLE {APPLICATION_ROLE}")


def make_application_role() -> None:
    """Make the lesser role where there is none. For the owner."""
    _ask(connection, MAKE_ROLE)
    if not settings.DATABASE_OWNER:
        _ask(connection, JOIN_ROLE)


def put_around(connection: BaseDatabaseWrapper, wrapper: Callable[..., Any]) -> None:
    """Send every statement of the connection through a wrapper, for as long as it lives.

    First, not last: the block that keeps history takes the last away at its end, whichever it is, and a connection
    may well be made inside that block.
    """
    if wrapper not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, wrapper)


def on_connection(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """Every new connection works as the lesser role; production refuses a role that could undo the walls."""
    if connection.alias != DEFAULT_DB_ALIAS:
        return
    if is_owner():
        _ask(connection, SEE_EVERYTHING)
        return
    if settings.PRODUCTION:
        _refuse_mighty(connection)
    drop_to_application_role(connection)


def _refuse_mighty(on: BaseDatabaseWrapper) -> None:
    row = _ask(on, TOO_MIGHTY)
    if row and any(row):
        raise ImproperlyConfigured(
            "DATABASE_URL signs in as a superuser or as the owner of the tables. Production works as a lesser role: "
            f"let DATABASE_URL name {APPLICATION_ROLE} or a member of it, and DATABASE_OWNER_URL the owner. "
            "See docs/deployment.md."
        )


def _ask(on: BaseDatabaseWrapper, sql: str, *params: str) -> tuple[Any, ...] | None:
    with on.cursor() as cursor:
        cursor.execute(sql, params or None)
        return cursor.fetchone() if cursor.description else None
