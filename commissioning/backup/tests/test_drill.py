"""The restore drill: the example, backed up while people work, restored beside it, and compared row by row."""

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from psycopg2 import sql

from commissioning.backup import catalogue
from commissioning.backup.catalogue import FILLED_BY_MIGRATING, LEFT_OUT, sign_in_as_owner
from commissioning.backup.manifest import BackupError, Manifest
from commissioning.backup.rehearsal import environment, practice_database
from commissioning.backup.restoring import restore_backup
from commissioning.backup.saving import save_backup
from commissioning.backup.tests.damage import damaged, with_migrations, write
from commissioning.backup.tests.small import small_database
from commissioning.core.scope import EVERYWHERE
from commissioning.demo.sign_ins import PASSWORD
from commissioning.tests.figures import Say

pytestmark = pytest.mark.drill

SEE_ALL = f"SELECT set_config('as_one.scope', '{EVERYWHERE.setting}', false)"
WRITES = """
INSERT INTO core_job (name, arguments, state, attempts, due_at, progress, error)
VALUES ('drill', '{}', 'done', 0, now(), '', '');
UPDATE people_person SET communication = communication || '.' WHERE id = (SELECT min(id) FROM people_person);
"""
SIGN_IN_AND_REPORT = """
import sys, pathlib, django
django.setup()
from django.core.management import call_command
from django.test import Client
client = Client()
answer = client.post("/account/login/", {"login": "commissioner@example.org", "password": sys.argv[1]})
assert answer.status_code == 302, answer.status_code
assert client.get("/").status_code == 200
from commissioning.reports.models import Board
call_command("board_report", board=Board.objects.get().code, month=sys.argv[2], out=sys.argv[3])
assert next(pathlib.Path(sys.argv[3]).rglob("*.pdf")).read_bytes().startswith(b"%PDF")
print("signed in, report made")
"""
MOST_MORE_MEMORY_MB = 60


def run(database: str, *command: str) -> str:
    answer = subprocess.run(
        [sys.executable, *command],
        env=environment(database),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr[-3000:]
    return answer.stdout


def manage(database: str, *arguments: str) -> str:
    return run(database, "manage.py", *arguments)


@contextmanager
def people_working(database: str) -> Iterator[list[int]]:
    """Somebody who writes without a pause for as long as the block lasts; the list has one number a change."""
    stop, written = threading.Event(), [0]

    def work() -> None:
        with closing(sign_in_as_owner(database)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute(SEE_ALL)
            while not stop.wait(0.005):
                cursor.execute(WRITES)
                written[0] += 1

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield written
    finally:
        stop.set()
        thread.join()


class Witness:
    """Sees the source as it was at the moment of the backup, on a connection of its own."""

    def __init__(self, database: str) -> None:
        self.connection = sign_in_as_owner(database)
        self.connection.set_session(isolation_level="REPEATABLE READ", readonly=True)

    def join(self, backup: Any) -> None:
        with backup.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        with self.connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
            cursor.execute(SEE_ALL)


def row_by_row(connection: Any, table: str) -> Iterator[str]:
    with connection.cursor(name="rows") as cursor:
        cursor.execute(
            sql.SQL('SELECT t::text FROM {} t ORDER BY t::text COLLATE "C"').format(sql.Identifier("public", table))
        )
        for (row,) in cursor:
            yield row


def differing(before: Any, after: Any, tables: list[str]) -> dict[str, int]:
    found = {}
    for table in tables:
        pairs = itertools.zip_longest(row_by_row(before, table), row_by_row(after, table))
        found[table] = sum(one != other for one, other in pairs)
    return found


def is_empty(database: str) -> bool:
    with closing(sign_in_as_owner(database)) as connection, connection.cursor() as cursor:
        cursor.execute(SEE_ALL)
        tables = [table for table in catalogue.tables(cursor) if table.name not in FILLED_BY_MIGRATING]
        return not any(catalogue.count(cursor, table) for table in tables)


def back_up_while_people_work(source: str, file: Path, witness: Witness) -> tuple[Manifest, int, float]:
    began = time.monotonic()
    with closing(sign_in_as_owner(source)) as connection, people_working(source) as written:
        joined: list[str] = []

        def listen(words: str) -> None:
            if not joined:
                witness.join(connection)
            joined.append(words)

        manifest = save_backup(connection, file, key=None, say=listen)
    return manifest, written[0], time.monotonic() - began


def refuse_the_damaged(target: str, whole: bytes, file: Path) -> int:
    """How many damaged backups were refused, each with the target still empty."""
    others = [
        ("newer", with_migrations(whole, lambda found: found.append(["people", "9999_later"]))),
        ("older", with_migrations(whole, lambda found: found.pop())),
    ]
    tried = 0
    for what, content in [*damaged(whole), *others]:
        write(file, content)
        with closing(sign_in_as_owner(target)) as connection, pytest.raises(BackupError) as refused:
            restore_backup(connection, file, key=None, say=lambda _words: None)
        assert len(str(refused.value)) > 40, what
        assert is_empty(target), what
        tried += 1
    return tried


def verify_chain(target: str, manifest: Manifest) -> str:
    said = manage(target, "verify_audit", "--head", manifest.audit_head)
    assert "The audit is intact." in said
    return f"intact, {said.split(' rows under ')[0].splitlines()[-1]} rows sealed"


def test_a_backup_made_while_people_work_restores_to_the_same_database(tmp_path: Path, figure: Say) -> None:
    file = tmp_path / "as-one.backup"
    with (
        practice_database("_drill_source") as source,
        practice_database("_drill_target") as target,
        ExitStack() as stack,
    ):
        for each in (source, target):
            manage(each, "migrate", "--no-input", "--verbosity", "0")
        manage(source, "load_example", "--today", "2026-11-20")
        manage(source, "seal_audit")
        witness = Witness(source)
        stack.callback(witness.connection.close)
        manifest, written, backing_up = back_up_while_people_work(source, file, witness)
        assert written > 20, "nobody worked while the backup was made"
        refused = refuse_the_damaged(target, file.read_bytes(), tmp_path / "damaged")

        began = time.monotonic()
        manage(target, "restore", str(file), "--unencrypted")
        restoring = time.monotonic() - began
        with closing(sign_in_as_owner(target)) as after:
            with after.cursor() as cursor:
                cursor.execute(SEE_ALL)
                tables = [table.name for table in catalogue.tables(cursor)]
            after.commit()
            with after.cursor() as cursor:
                cursor.execute(SEE_ALL)
            different = differing(witness.connection, after, [name for name in tables if name not in LEFT_OUT])
        assert len(different) == len(manifest.tables) > 70
        assert not any(different.values()), {name: count for name, count in different.items() if count}

        chain = verify_chain(target, manifest)
        said = run(target, "-c", SIGN_IN_AND_REPORT, PASSWORD, "2026-10", str(tmp_path / "report"))
        assert "signed in, report made" in said
    figure(
        "restore drill: tables, rows, rows different, chain, seconds (backup, restore)",
        f"{len(different)}, {manifest.rows:,}, {sum(different.values())}, {chain}, {backing_up:.1f}, {restoring:.1f} "
        f"(while {written:,} changes were made; then signed in and made a report)",
    )
    figure("restore drill: damaged backups refused, database still empty / total", f"{refused} / {refused}")


def memory_megabytes(what: str) -> float:
    """VmRSS is what this process has now, VmHWM the most that it had."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{what}:"))


def test_two_million_rows_take_no_more_memory(tmp_path: Path, figure: Say) -> None:
    file = tmp_path / "large.backup"
    with small_database("_drill_large") as large, small_database("_drill_empty") as empty:
        large.ask(
            "INSERT INTO person (name, weekly, note) "
            "SELECT 'Person ' || n, n / 100.0, md5(n::text) FROM generate_series(1, 2000000) n"
        )
        before = memory_megabytes("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # the most memory is counted from here
        began = time.monotonic()
        with closing(large.connect()) as connection:
            manifest = save_backup(connection, file, key=bytes(32), say=lambda _words: None)
        saved = time.monotonic()
        with closing(empty.connect()) as connection:
            restore_backup(connection, file, key=bytes(32), say=lambda _words: None)
        restored = time.monotonic()
        more = memory_megabytes("VmHWM") - before
        assert empty.ask("SELECT count(*), sum(weekly) FROM person") == large.ask(
            "SELECT count(*), sum(weekly) FROM person"
        )
    assert manifest.rows > 4_000_000  # with their history
    assert more < MOST_MORE_MEMORY_MB
    figure(
        "backup of four million rows, encrypted: megabytes of memory more, seconds (backup, restore)",
        f"{more:.0f}, {saved - began:.0f}, {restored - saved:.0f}",
    )
