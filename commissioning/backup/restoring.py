"""Reading a backup back into an empty database: all of it, exactly, or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg2 import Error, errors, sql

from commissioning.backup import catalogue
from commissioning.backup.catalogue import FILLED_BY_MIGRATING, LEFT_OUT, Table, transaction
from commissioning.backup.container import BackupReader, reading
from commissioning.backup.manifest import BackupError, Manifest
from commissioning.backup.saving import Progress, Say, audit_head

TRIGGERS = """
SELECT c.relname::text, t.tgname::text, t.tgenabled::text
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relnamespace = 'public'::regnamespace
"""
ENABLE = {"O": "ENABLE TRIGGER", "A": "ENABLE ALWAYS TRIGGER", "R": "ENABLE REPLICA TRIGGER"}
FORCED = """
SELECT relname::text FROM pg_class
 WHERE relforcerowsecurity AND relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
"""
# The worker that had it is not there any more; the sweep finds it at once rather than after ten minutes.
JOBS_DUE = "UPDATE core_job SET state = 'due', claimed_at = NULL, due_at = now() WHERE state = 'running'"
# A link that was used or withdrawn since would work again.
LINKS_END = "UPDATE accounts_invitation SET secret_sha256 = '' WHERE secret_sha256 <> ''"


@dataclass(frozen=True)
class Restored:
    """What a restore did: what was in the backup, jobs that were running and are due again, links that ended."""

    manifest: Manifest
    jobs_due_again: int
    links_ended: int


def restore_backup(connection: Any, file: Path, *, key: bytes | None, say: Say) -> Restored:
    """Check the whole backup, then load it into this database, which must be empty, in one transaction.

    `connection` is the owner's. Raises BackupError with what to do; the database is then as it was.
    """
    with reading(file, key) as backup:
        say(f"The backup of {backup.manifest.made_at} is whole: {backup.manifest.rows:,} rows.")
        try:
            with transaction(connection) as cursor:
                restored = _restore(cursor, backup, say)
        except errors.LockNotAvailable as error:
            raise BackupError("The database is in use. Stop web, worker and beat, then restore again.") from error
        except errors.InsufficientPrivilege as error:
            raise BackupError(
                f"Restoring needs the role that owns the tables: set DATABASE_OWNER_URL. {error}"
            ) from error
        except Error as error:
            raise BackupError(f"PostgreSQL refused the backup, and nothing was restored. It says: {error}") from error
    _analyse(connection)
    return restored


def _restore(cursor: Any, backup: BackupReader, say: Say) -> Restored:
    cursor.execute(catalogue.SAME_TEXT)
    found = _check_fits(cursor, backup.manifest)
    _lock(cursor, list(found.values()))
    with _guards_down(cursor):
        _check_empty(cursor, list(found.values()))
        _load(cursor, backup, found, say)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # every foreign key is looked at now
        _compare(cursor, backup.manifest, found, say)
        restored = Restored(backup.manifest, _changed(cursor, JOBS_DUE), _changed(cursor, LINKS_END))
    _set_sequences(cursor, backup.manifest)
    return restored


def _changed(cursor: Any, statement: str) -> int:
    cursor.execute(statement)
    return int(cursor.rowcount)


def _check_fits(cursor: Any, manifest: Manifest) -> dict[str, Table]:
    """The database's tables by name, which have the shape that the backup's have. Raises BackupError."""
    _check_migrations(set(catalogue.migrations(cursor)), set(manifest.migrations), manifest.version)
    found = {table.name: table for table in catalogue.tables(cursor)}
    expected = {table.name: table.columns for table in manifest.tables} | dict.fromkeys(manifest.left_out, ())
    unlike = sorted(found.keys() ^ expected.keys())
    unlike += [table.name for table in manifest.tables if found.get(table.name, table).columns != table.columns]
    if unlike:
        raise BackupError(f"Backup and database differ in the tables {', '.join(unlike)}. Nothing was restored.")
    return found


def _check_migrations(here: set[tuple[str, str]], there: set[tuple[str, str]], version: str) -> None:
    newer, older = there - here, here - there
    if newer:
        raise BackupError(
            f"The backup (version {version}) has migrations that this database lacks: {_listed(newer)}. Restore it "
            "with the version of As One that made it, or a later one, after manage.py migrate. Nothing was restored."
        )
    if older:
        raise BackupError(
            f"The database has migrations that the backup (version {version}) lacks: {_listed(older)}. Check that "
            "version out, migrate an empty database with it, restore, and then update. Nothing was restored."
        )


def _listed(migrations: set[tuple[str, str]]) -> str:
    return ", ".join(f"{app} {name}" for app, name in sorted(migrations))


def _lock(cursor: Any, found: list[Table]) -> None:
    """Nobody else reads or writes until the restore is done. Raises LockNotAvailable."""
    names = sql.SQL(", ").join(table.identifier for table in found)
    cursor.execute("SET LOCAL lock_timeout = '5s'")
    cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(names))


@contextmanager
def _guards_down(cursor: Any) -> Iterator[None]:
    """Triggers do not fire, since what they would write is in the backup; and the owner sees every row for certain.

    Inside the restore's transaction, so that nobody ever meets the tables without their guards.
    """
    cursor.execute(TRIGGERS)
    triggers = cursor.fetchall()
    cursor.execute(FORCED)
    forced = [name for (name,) in cursor.fetchall()]
    for name in forced:
        _alter(cursor, name, "NO FORCE ROW LEVEL SECURITY")
    for name in {table for table, _, _ in triggers}:
        _alter(cursor, name, "DISABLE TRIGGER USER")
    cursor.execute("SET LOCAL row_security = off")
    yield
    cursor.execute("SET LOCAL row_security = on")
    for table, trigger, how in triggers:
        cursor.execute(
            sql.SQL("ALTER TABLE {} {} {}").format(
                sql.Identifier("public", table), sql.SQL(ENABLE[how]), sql.Identifier(trigger)
            )
        )
    for name in forced:
        _alter(cursor, name, "FORCE ROW LEVEL SECURITY")


def _alter(cursor: Any, table: str, what: str) -> None:
    cursor.execute(sql.SQL("ALTER TABLE {} {}").format(sql.Identifier("public", table), sql.SQL(what)))


def _check_empty(cursor: Any, found: list[Table]) -> None:
    for table in found:
        if table.name in FILLED_BY_MIGRATING | LEFT_OUT:
            continue
        cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(table.identifier))
        if cursor.fetchone()[0]:
            raise BackupError(
                f"The database is not empty ({table.name} has rows), so nothing was changed. A backup is restored into "
                "an empty, migrated database: make one, and let DATABASE_URL name it. See docs/backup.md."
            )


def _load(cursor: Any, backup: BackupReader, found: dict[str, Table], say: Say) -> None:
    progress = Progress(say, "Loaded", len(backup.manifest.tables))
    for name in FILLED_BY_MIGRATING:
        cursor.execute(sql.SQL("DELETE FROM {}").format(found[name].identifier))
    for copied in backup.manifest.tables:
        table = found[copied.name]
        statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv, HEADER MATCH)")
        with backup.member(copied.member) as source:
            cursor.copy_expert(statement.format(table.identifier, table.column_list), source, 64 * 1024)
        if cursor.rowcount != copied.rows:
            raise BackupError(
                f"{table.name} has {cursor.rowcount:,} rows in the backup and {copied.rows:,} in its manifest, so "
                "nothing was restored. Use another one."
            )
        progress.table_done(copied.rows)


def _compare(cursor: Any, manifest: Manifest, found: dict[str, Table], say: Say) -> None:
    """Copy every table out again: it must be what the backup holds, to the byte."""
    progress = Progress(say, "Compared", len(manifest.tables))
    for copied in manifest.tables:
        if catalogue.copy_out(cursor, found[copied.name]) != copied:
            raise BackupError(f"{copied.name} did not come back as it was, so nothing was restored.")
        progress.table_done(copied.rows)
    if audit_head(cursor) != manifest.audit_head:
        raise BackupError("The chain of audit seals does not end as the backup says, so nothing was restored.")


def _set_sequences(cursor: Any, manifest: Manifest) -> None:
    for name, following in manifest.sequences:
        statement = sql.SQL("ALTER SEQUENCE {} RESTART WITH {}")
        cursor.execute(statement.format(sql.Identifier("public", name), sql.Literal(int(following))))


def _analyse(connection: Any) -> None:
    """So that the first pages are as quick as they were."""
    with transaction(connection) as cursor:
        cursor.execute("ANALYZE")
