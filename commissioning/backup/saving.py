"""Writing a backup: every table as it was at one moment, while the application goes on working."""

import datetime as dt
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from psycopg2 import errors, sql

from commissioning.backup import catalogue
from commissioning.backup.catalogue import LEFT_OUT, Table, transaction
from commissioning.backup.container import BackupWriter, reading, writing
from commissioning.backup.manifest import BackupError, Manifest, TableCopy

Say = Callable[[str], object]

SAY_EVERY_SECONDS = 3.0


class Progress:
    """Says now and then how far it has come."""

    def __init__(self, say: Say, verb: str, tables: int) -> None:
        self._say, self._verb, self._tables = say, verb, tables
        self._done = self._rows = 0
        self._said_at = time.monotonic()

    def table_done(self, rows: int) -> None:
        self._done += 1
        self._rows += rows
        if time.monotonic() - self._said_at > SAY_EVERY_SECONDS or self._done == self._tables:
            self._said_at = time.monotonic()
            self._say(f"{self._verb} {self._done} of {self._tables} tables, {self._rows:,} rows")


def save_backup(connection: Any, file: Path, *, key: bytes | None, say: Say) -> Manifest:
    """Write the whole database to `file`, encrypted where there is a key, then read it back to see that it is whole.

    `connection` is the owner's (`catalogue.sign_in_as_owner`). What is written is one moment's: people may go on
    working. Raises BackupError; then there is no file.
    """
    connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
    try:
        with writing(file, key) as writer, transaction(connection) as cursor:
            found = _hold_tables(connection, cursor)
            manifest = _copy_all(cursor, found, writer, say)
            writer.put_manifest(manifest)
    except errors.LockNotAvailable as error:
        raise BackupError("The tables are being changed (a migration?). Wait for it, then back up again.") from error
    try:
        with reading(file, key):
            return manifest
    except BackupError as error:
        file.unlink()
        raise BackupError(f"The backup was not readable once written, so it was removed: {error}") from error


def _hold_tables(connection: Any, cursor: Any) -> list[Table]:
    """Keep every table as it is until we are done, and only then fix the moment that the backup shows.

    A table that is emptied or rewritten between the two would otherwise look empty.
    """
    cursor.execute(catalogue.SAME_TEXT)
    names = [table.identifier for table in catalogue.tables(cursor)]
    connection.rollback()  # that looked at the catalogue; the moment is chosen below
    cursor.execute(catalogue.SAME_TEXT)
    if names:
        cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(sql.SQL(", ").join(names)))
    found = catalogue.tables(cursor)
    if [table.identifier for table in found] != names:
        raise BackupError("Tables were added or removed just now. Wait for the migration, then back up again.")
    return found


def _copy_all(cursor: Any, found: list[Table], writer: BackupWriter, say: Say) -> Manifest:
    applied = catalogue.migrations(cursor)
    catalogue.see_every_row(cursor)
    kept = [table for table in found if table.name not in LEFT_OUT]
    progress = Progress(say, "Copied", len(kept))
    copies = []
    for table in kept:
        copies.append(_copy(cursor, table, writer))
        progress.table_done(copies[-1].rows)
    cursor.execute("SELECT current_setting('server_version')")
    return Manifest(
        made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        version=version(),
        server=str(cursor.fetchone()[0]),
        migrations=tuple(applied),
        tables=tuple(copies),
        sequences=tuple(catalogue.sequences(cursor)),
        left_out=tuple(sorted(table.name for table in found if table.name in LEFT_OUT)),
        audit_head=audit_head(cursor),
    )


def _copy(cursor: Any, table: Table, writer: BackupWriter) -> TableCopy:
    with writer.member(f"tables/{table.name}.csv") as target:
        copied = catalogue.copy_out(cursor, table, target)
    counted = catalogue.count(cursor, table)
    if counted != copied.rows:
        raise BackupError(f"{table.name} has {counted:,} rows and {copied.rows:,} were copied. Back up again.")
    return copied


def audit_head(cursor: Any) -> str:
    """The latest seal of the audit chain as NUMBER:HASH, empty where there is none yet."""
    cursor.execute("SELECT to_regclass('public.audit_seal') IS NOT NULL")
    if not cursor.fetchone()[0]:
        return ""
    cursor.execute("SELECT number || ':' || hash FROM audit_seal ORDER BY number DESC LIMIT 1")
    row = cursor.fetchone()
    return str(row[0]) if row else ""


def version() -> str:
    """The version of the application, as the changelog has it."""
    found = re.search(r"^## (\d[^,\s]*)", (settings.BASE_DIR / "CHANGELOG.md").read_text(), re.MULTILINE)
    return found.group(1) if found else "unknown"
