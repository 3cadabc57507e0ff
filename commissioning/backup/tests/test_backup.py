"""A backup comes back exactly, or not at all, and never silently lacks a row."""

import fcntl
import stat
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from commissioning.backup import catalogue, saving
from commissioning.backup.container import reading
from commissioning.backup.encryption import PIECE, make_key, read_key
from commissioning.backup.manifest import BackupError, Manifest
from commissioning.backup.restoring import Restored, restore_backup
from commissioning.backup.saving import save_backup
from commissioning.backup.tests.damage import damaged, with_migrations, write
from commissioning.backup.tests.small import ROWS, Small, small_database


@pytest.fixture(scope="module")
def source() -> Iterator[Small]:
    with small_database("_backup_source") as made:
        made.ask(ROWS)
        yield made


@pytest.fixture
def empty() -> Iterator[Small]:
    with small_database("_backup_empty") as made:
        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "as-one.backup"


@pytest.fixture
def key(tmp_path: Path) -> bytes:
    make_key(tmp_path / "key")
    return read_key(tmp_path / "key")


def quiet(_words: str) -> None:
    """Nobody listens."""


def save(database: Small, file: Path, key: bytes | None = None) -> Manifest:
    with closing(database.connect()) as connection:
        return save_backup(connection, file, key=key, say=quiet)


def restore(database: Small, file: Path, key: bytes | None = None) -> Restored:
    with closing(database.connect()) as connection:
        return restore_backup(connection, file, key=key, say=quiet)


def test_every_row_comes_back_as_it_was(source: Small, empty: Small, file: Path) -> None:
    save(source, file)
    restored = restore(empty, file)
    before, after = source.rows(), empty.rows()
    assert restored.manifest.rows == sum(map(len, before.values())) - 2
    for left_out in ("django_session", "accounts_remembered"):
        assert before.pop(left_out) and not after.pop(left_out), "a session must not come back to life"
    assert before.pop("core_job") != after.pop("core_job")
    assert before.pop("accounts_invitation") != after.pop("accounts_invitation")
    assert before == after
    assert len(after["person"]) == len(after["person_history"]) == 4, "the history must not be written a second time"


def test_work_that_was_being_done_is_due_again(source: Small, empty: Small, file: Path) -> None:
    save(source, file)
    assert restore(empty, file).jobs_due_again == 1
    assert empty.ask("SELECT state, count(*) FROM core_job WHERE state <> 'running' GROUP BY 1 ORDER BY 1") == [
        ("done", 1),
        ("due", 2),
    ]
    assert empty.ask(
        "SELECT count(*) FROM core_job WHERE state = 'due' AND due_at <= now() AND claimed_at IS NULL"
    ) == [(2,)]


def test_a_link_that_may_have_been_used_since_does_not_work_again(source: Small, empty: Small, file: Path) -> None:
    save(source, file)
    assert restore(empty, file).links_ended == 1
    assert empty.ask("SELECT secret_sha256 FROM accounts_invitation") == [("",), ("",)]


def test_the_guards_stand_again_after_a_restore(source: Small, empty: Small, file: Path) -> None:
    save(source, file)
    restore(empty, file)
    guards = """
    SELECT c.relname::text, t.tgname::text, t.tgenabled::text, c.relrowsecurity, c.relforcerowsecurity
      FROM pg_class c LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1, 2
    """
    assert empty.ask(guards) == source.ask(guards)
    empty.ask("INSERT INTO person (name) VALUES ('Ann')")
    assert len(empty.rows()["person_history"]) == 5


def test_new_rows_get_numbers_that_were_never_given(source: Small, empty: Small, file: Path) -> None:
    save(source, file)
    restore(empty, file)
    assert empty.ask("INSERT INTO plan (person_id) VALUES (1) RETURNING id") == [(6,)]  # 5 had been drawn, and lost


def test_it_shows_one_moment_while_people_go_on_working(
    empty: Small, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_out = catalogue.copy_out
    written: list[str] = []

    def work_goes_on(cursor: Any, table: catalogue.Table, *rest: Any) -> Any:
        if table.name == "django_content_type" and not written:
            busy.ask("INSERT INTO wordlist VALUES ('later'); INSERT INTO person (name) VALUES ('Later')")
            written.append("later")
        return copy_out(cursor, table, *rest)

    with small_database("_backup_busy") as busy:
        busy.ask(ROWS)
        before = busy.rows()
        monkeypatch.setattr(catalogue, "copy_out", work_goes_on)
        save(busy, file)
        assert len(busy.rows()["person"]) == len(before["person"]) + 1
    restore(empty, file)
    assert empty.rows()["wordlist"] == before["wordlist"]
    assert empty.rows()["person"] == before["person"]


# --- Refusals while backing up ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "policy",
    [
        "DROP POLICY reads ON person; CREATE POLICY reads ON person FOR SELECT USING (id < 3)",
        "CREATE POLICY narrower ON person AS RESTRICTIVE FOR SELECT USING (name <> 'Jo')",
        "DROP POLICY reads ON person",
    ],
)
def test_it_never_makes_a_backup_that_lacks_hidden_rows(empty: Small, file: Path, policy: str) -> None:
    empty.ask(ROWS)
    empty.ask(policy)
    with pytest.raises(BackupError, match="may hide rows of person"):
        save(empty, file)
    assert list(file.parent.iterdir()) == []


def test_it_refuses_when_fewer_rows_were_copied_than_are_there(
    source: Small, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "count", lambda _cursor, _table: 99)
    with pytest.raises(BackupError, match="has 99 rows and 2 were copied"):
        save(source, file)
    assert list(file.parent.iterdir()) == []


def test_it_never_overwrites_a_file(source: Small, file: Path) -> None:
    file.write_text("last night’s")
    with pytest.raises(BackupError, match="is there already"):
        save(source, file)
    assert file.read_text() == "last night’s"
    assert list(file.parent.iterdir()) == [file]


def test_a_half_written_file_never_has_the_name_of_a_whole_one(
    source: Small, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []

    def look(_cursor: Any) -> str:
        seen.append({each.name for each in file.parent.iterdir()})
        return ""

    monkeypatch.setattr(saving, "audit_head", look)
    leftover = write(file.with_name("as-one.backup.unfinished"), b"what a killed backup left")
    leftover.chmod(0o644)
    save(source, file)
    assert seen == [{"as-one.backup.unfinished"}]
    assert list(file.parent.iterdir()) == [file]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_two_backups_to_one_name_do_not_mix(source: Small, file: Path) -> None:
    with file.with_name("as-one.backup.unfinished").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(BackupError, match="Another backup is being written"):
            save(source, file)


def test_a_folder_that_is_not_there_is_said_plainly(source: Small, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="No such file or directory"):
        save(source, tmp_path / "none" / "as-one.backup")


def test_a_backup_that_cannot_be_read_back_is_not_kept(
    source: Small, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged_on_disk(path: Path, key: bytes | None) -> Any:
        write(path, path.read_bytes()[:-1])
        return reading(path, key)

    monkeypatch.setattr(saving, "reading", damaged_on_disk)
    with pytest.raises(BackupError, match="was not readable once written"):
        save(source, file)
    assert list(file.parent.iterdir()) == []


# --- Refusals while restoring -------------------------------------------------------------------------------------


def test_damaged_backups_are_refused_and_leave_the_database_empty(source: Small, empty: Small, file: Path) -> None:
    save(source, file)
    whole, before = file.read_bytes(), empty.rows()
    tried = 0
    for what, content in damaged(whole):
        with pytest.raises(BackupError) as refused:
            restore(empty, write(file, content))
        assert len(str(refused.value)) > 40, what
        assert empty.rows() == before, what
        tried += 1
    assert tried > 35
    restore(empty, write(file, whole))


def test_a_backup_from_other_migrations_is_refused_and_they_are_named(source: Small, empty: Small, file: Path) -> None:
    save(source, file)
    whole, before = file.read_bytes(), empty.rows()
    newer = with_migrations(whole, lambda found: found.append(["people", "0003_goal"]))
    with pytest.raises(BackupError, match="migrations that this database lacks: people 0003_goal"):
        restore(empty, write(file, newer))
    older = with_migrations(whole, lambda found: found.pop())
    with pytest.raises(BackupError, match=r"migrations that the backup .* lacks: people 0002_plan"):
        restore(empty, write(file, older))
    assert empty.rows() == before


@pytest.mark.parametrize("row", ["INSERT INTO wordlist VALUES ('mine')", "INSERT INTO person (name) VALUES ('Mine')"])
def test_it_refuses_a_database_that_is_not_empty(source: Small, empty: Small, file: Path, row: str) -> None:
    save(source, file)
    empty.ask(row)
    before = empty.rows()
    with pytest.raises(BackupError, match="is not empty"):
        restore(empty, file)
    assert empty.rows() == before


def test_it_refuses_a_database_in_use(source: Small, empty: Small, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(source, file)
    with closing(empty.connect()) as somebody, somebody.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM wordlist")
        with pytest.raises(BackupError, match="Stop web, worker and beat"):
            restore(empty, file)
    assert empty.rows()["wordlist"] == []


def test_nobody_sees_half_a_restore(source: Small, empty: Small, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restore that is cut off in its last step leaves nothing."""
    save(source, file)
    before = empty.rows()

    def cut_off(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("commissioning.backup.restoring._set_sequences", cut_off)
    with pytest.raises(KeyboardInterrupt):
        restore(empty, file)
    assert empty.rows() == before


# --- Encryption ---------------------------------------------------------------------------------------------------


def test_an_encrypted_backup_opens_with_its_key_and_no_other(
    source: Small, empty: Small, file: Path, key: bytes
) -> None:
    save(source, file, key)
    whole, before = file.read_bytes(), empty.rows()
    assert b"PK" not in whole[:64] and b"person" not in whole
    with pytest.raises(BackupError, match=r"is encrypted\. Say which file holds its key"):
        restore(empty, file)
    with pytest.raises(BackupError, match="does not open: the key is not the one"):
        restore(empty, file, bytes(32))
    assert empty.rows() == before
    restore(empty, file, key)
    assert empty.rows()["person"] == source.rows()["person"]


def test_an_encrypted_backup_shows_every_change_to_it(source: Small, empty: Small, file: Path, key: bytes) -> None:
    source.ask(
        "INSERT INTO wordlist SELECT md5(n::text) || sha256(n::text::bytea)::text FROM generate_series(1, 4000) n"
    )
    try:
        save(source, file, key)
    finally:
        source.ask("DELETE FROM wordlist WHERE length(word) > 40")
    whole, before = file.read_bytes(), empty.rows()
    sealed = PIECE + 16
    assert len(whole) > 3 * sealed
    swapped = whole[:59] + whole[59 + sealed : 59 + 2 * sealed] + whole[59 : 59 + sealed] + whole[59 + 2 * sealed :]
    for content in (
        whole[: 59 + sealed],
        whole[: 59 + 2 * sealed],
        swapped,
        whole[:-1],
        whole[:40],
        whole + whole[-9:],
    ):
        with pytest.raises(BackupError):
            restore(empty, write(file, content), key)
    for place in range(20):
        at = place * (len(whole) - 1) // 19
        with pytest.raises(BackupError):
            restore(empty, write(file, whole[:at] + bytes([whole[at] ^ 128]) + whole[at + 1 :]), key)
    assert empty.rows() == before


def test_an_unencrypted_backup_is_not_taken_for_an_encrypted_one(
    source: Small, empty: Small, file: Path, key: bytes
) -> None:
    save(source, file)
    with pytest.raises(BackupError, match="is not encrypted"):
        restore(empty, file, key)


def test_a_key_is_never_replaced_and_only_we_can_read_it(tmp_path: Path) -> None:
    file = tmp_path / "key"
    make_key(file)
    before = file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(BackupError, match="never replaced"):
        make_key(file)
    assert file.read_text() == before
    with pytest.raises(BackupError, match="does not hold a backup key"):
        read_key(write(tmp_path / "short", b"c2hvcnQ="))
    with pytest.raises(BackupError, match="cannot be read as a backup key"):
        read_key(tmp_path / "none")


def test_in_production_a_backup_is_encrypted_unless_it_is_said(
    file: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BACKUP_KEY", raising=False)
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="Encrypt it with --key"):
        call_command("backup", str(file))
    assert not file.exists()


def test_anybody_can_open_an_unencrypted_backup_with_unzip(source: Small, file: Path) -> None:
    """In the worst case, without As One."""
    save(source, file)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[-1] == "manifest.json"
        assert archive.read("tables/person.csv").decode().startswith("id,name,note,born")
