"""What a database holds, from its own catalogue, and how a table is copied out of it in one certain form."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.db import connections
from psycopg2 import connect, sql

from commissioning.backup.manifest import BackupError, TableCopy
from commissioning.core.scope import EVERYWHERE

# Who is signed in where: after a restore everybody signs in again, so that a session that was ended since the backup,
# or whose cookie was in somebody's hands at the time, does not come back to life. And what web processes remember for
# minutes: counts of wrong passwords, codes that were used.
LEFT_OUT = frozenset({"django_session", "usersessions_usersession", "accounts_remembered"})
# What migrating fills by itself. A database with nothing else in it is empty.
FILLED_BY_MIGRATING = frozenset({"django_migrations", "django_content_type", "auth_permission"})

# Whatever the server and its users prefer, the same row is the same text.
SAME_TEXT = """
SET LOCAL client_encoding = 'UTF8'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'iso_8601';
SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex';
SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = '30s';
"""
TABLES = """
SELECT c.relname,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
       (SELECT array_agg(quote_ident(a.attname) || CASE WHEN a.attcollation = 0 THEN '' ELSE ' COLLATE "C"' END
                         ORDER BY array_position(i.indkey::int2[], a.attnum))
          FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int2[])
         WHERE i.indrelid = c.oid AND i.indisprimary)
  FROM pg_class c
 WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
 ORDER BY c.relname COLLATE "C"
"""
SEQUENCES = """
SELECT sequencename::text,
       CASE WHEN last_value IS NULL THEN start_value ELSE last_value + increment_by END
  FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename COLLATE "C"
"""
SEES_ALL = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
POLICIES = """
SELECT c.relname, p.polpermissive, pg_get_expr(p.polqual, p.polrelid)
  FROM pg_class c
  LEFT JOIN pg_policy p ON p.polrelid = c.oid AND p.polcmd IN ('r', '*')
   AND (0 = ANY (p.polroles) OR EXISTS (SELECT FROM unnest(p.polroles) r WHERE r <> 0 AND pg_has_role(r, 'USAGE')))
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND row_security_active(c.oid)
"""


@dataclass(frozen=True)
class Table:
    """A table as the catalogue has it: its columns, and what orders its rows for certain.

    By the primary key: numbers by size, text byte by byte, so that no server's language makes a difference.
    """

    name: str
    columns: tuple[str, ...]
    order: str

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier("public", self.name)

    @property
    def column_list(self) -> sql.Composed:
        return sql.SQL(", ").join(map(sql.Identifier, self.columns))


def sign_in_as_owner(database: str = "") -> Any:
    """A psycopg2 connection of the role that owns the tables, to the application's database or the one named."""
    wrapper = connections["default"].copy()
    wrapper.settings_dict.update({name: settings.DATABASE_OWNER[name] for name in _WHO if settings.DATABASE_OWNER})
    wrapper.settings_dict["NAME"] = database or connections["default"].settings_dict["NAME"]
    parameters = wrapper.get_connection_params()
    return connect(**{name: value for name, value in parameters.items() if name not in _DJANGOS_OWN})


_WHO = ("USER", "PASSWORD", "HOST", "PORT")
_DJANGOS_OWN = frozenset({"cursor_factory", "context", "prepare_threshold"})


@contextmanager
def transaction(connection: Any) -> Iterator[Any]:
    """A transaction of this connection, as a cursor: committed at the end of the block, undone where it raises."""
    with connection, connection.cursor() as cursor:
        yield cursor


def tables(cursor: Any) -> list[Table]:
    cursor.execute(TABLES)
    return [
        Table(name, tuple(columns), ", ".join(key) if key else 't::text COLLATE "C"')
        for name, columns, key in cursor.fetchall()
    ]


def sequences(cursor: Any) -> list[tuple[str, int]]:
    """Every sequence and the number it gives next."""
    cursor.execute(SEQUENCES)
    return [(name, number) for name, number in cursor.fetchall()]


def migrations(cursor: Any) -> list[tuple[str, str]]:
    """The migrations that were applied. Raises BackupError for a database that was never migrated."""
    cursor.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL")
    if not cursor.fetchone()[0]:
        raise BackupError("This database has no tables yet. Make them first: ./run manage migrate")
    cursor.execute("SELECT app::text, name::text FROM django_migrations ORDER BY app, name")
    return sorted((app, name) for app, name in cursor.fetchall())


def count(cursor: Any, table: Table) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(table.identifier))
    return int(cursor.fetchone()[0])


class _Measured:
    """Passes bytes on in large blocks and keeps their digest."""

    def __init__(self, target: IO[bytes] | None) -> None:
        self._target = target
        self._waiting = bytearray()
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._waiting += data
        if len(self._waiting) > 1024 * 1024:
            self.pass_on()
        return len(data)

    def pass_on(self) -> None:
        self.digest.update(self._waiting)
        if self._target is not None:
            self._target.write(self._waiting)
        self._waiting = bytearray()


def copy_out(cursor: Any, table: Table, target: IO[bytes] | None = None) -> TableCopy:
    """Copy the table as CSV in the order of its key, onto `target` where there is one. Returns what was copied."""
    statement = sql.SQL("COPY (SELECT {} FROM {} t ORDER BY {}) TO STDOUT WITH (FORMAT csv, HEADER)").format(
        table.column_list, table.identifier, sql.SQL(table.order)
    )
    measured = _Measured(target)
    cursor.copy_expert(statement, measured, 64 * 1024)
    rows = cursor.rowcount
    measured.pass_on()
    return TableCopy(table.name, table.columns, rows, measured.digest.hexdigest())


def see_every_row(cursor: Any) -> None:
    """Make certain that no row stays hidden from this transaction. Raises BackupError where one might.

    A role that row-level security does not apply to asks PostgreSQL to raise rather than hide. The tables' owner, to
    whom it does apply, looks through the scope that sees everything, and each policy is then asked whether it lets
    a row through of which nothing is known.
    """
    cursor.execute(SEES_ALL)
    if cursor.fetchone()[0]:
        cursor.execute("SET LOCAL row_security = off")
        return
    cursor.execute("SELECT set_config('as_one.scope', %s, true)", [EVERYWHERE.setting])
    cursor.execute(POLICIES)
    found: dict[str, list[tuple[bool, str]]] = {}
    for table, permissive, condition in cursor.fetchall():
        found.setdefault(table, []).extend([(permissive, condition)] if condition else [])
    for table, policies in found.items():
        _check_policies(cursor, table, policies)


def _check_policies(cursor: Any, table: str, policies: list[tuple[bool, str]]) -> None:
    lets_through = {True: [False], False: [True]}
    for permissive, condition in policies:
        query = sql.SQL("SELECT coalesce(({}), false) FROM (SELECT (NULL::{}).*) AS {}").format(
            sql.SQL(condition), sql.Identifier("public", table), sql.Identifier(table)
        )
        cursor.execute(query)
        lets_through[permissive].append(cursor.fetchone()[0])
    if not (any(lets_through[True]) and all(lets_through[False])):
        raise BackupError(
            f"A policy of row-level security may hide rows of {table} from the tables’ owner, so a backup would lack "
            "them. Run manage.py migrate, which writes the policies again, and see docs/backup.md."
        )
