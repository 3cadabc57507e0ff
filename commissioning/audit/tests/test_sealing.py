# ruff: noqa: S608  the names are our own tables'
"""Seals: what was recorded is found to be whole, and what is not sealed yet is said."""

import io
import threading
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from commissioning.accounts.models import Membership, Partnership
from commissioning.audit import sealing
from commissioning.audit.models import ErasedRows, Erasure, RecordRead, Refusal, Seal, SealedTable
from commissioning.audit.sealing import chain as chain_module
from commissioning.audit.sealing.chain import Head
from commissioning.audit.tests.conftest import Chain, run
from commissioning.core import scope
from commissioning.core.errors import Refused
from commissioning.tests.fixtures import make_person
from people.models import CircleMember, Person

pytestmark = pytest.mark.django_db


def words(heads: list[Head] | None = None) -> str:
    return "\n".join(str(fault) for fault in sealing.verify(heads or []).faults)


def test_it_finds_nothing_wrong_with_what_nobody_touched(chain: Chain) -> None:
    found = sealing.verify([Head(chain[-1].number, chain[-1].hash)])
    assert found.faults == ()
    assert found.seals == len(chain) == 6
    assert found.rows_sealed > 40
    assert found.rows_waiting == 0


def test_it_covers_every_history_every_look_and_every_refusal(chain: Chain) -> None:
    sealed = set(SealedTable.objects.values_list("table", flat=True))
    assert {"people_personevent", "people_placementevent", "audit_recordread", "audit_refusal"} <= sealed
    names = set(sealing.audit_tables())
    assert {model._meta.db_table for model in (RecordRead, Refusal, Erasure, ErasedRows)} <= names
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE '%\\_%event'")
        assert {row[0] for row in cursor.fetchall()} <= names


def test_it_seals_nothing_where_nothing_is_new(chain: Chain) -> None:
    assert sealing.seal_what_waits() == Head(6, chain[-1].hash)
    assert Seal.objects.count() == 6


def test_it_says_what_is_not_sealed_yet(chain: Chain, estuary: Partnership) -> None:
    make_person(estuary, "NEW")
    found = sealing.verify()
    assert found.is_intact
    assert found.rows_waiting == 1
    assert found.waiting_since is not None


def test_it_seals_many_rows_in_several_seals(
    chain: Chain, estuary: Partnership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain_module, "MOST_ROWS", 3)
    for number in range(8):
        make_person(estuary, f"MANY-{number}")
    head = sealing.seal_what_waits()
    assert head is not None
    assert head.number == 9
    assert sealing.verify([head]).is_intact


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE people_personevent SET version = 9 WHERE pgh_id = {person}", "Row {person} of the history of people"),
        ("UPDATE pghistory_context SET metadata = metadata || '{{\"name\": \"Mallory\"}}'", "or who made it and why"),
        ("DELETE FROM people_personevent WHERE pgh_id = {person}", "is missing since seal"),
        ("DELETE FROM audit_recordread WHERE id = {read}", "Row {read} of the record of who looked (audit_recordread)"),
        ("UPDATE audit_refusal SET status = 404 + 1", "the record of refusals"),
        ("INSERT INTO audit_refusal VALUES (-5, now(), 1, '', 'x', 403)", "Row -5 of the record of refusals"),
        ("UPDATE audit_seal SET sealed_at = sealed_at - interval '1 day' WHERE number = 3", "Seal 3 ("),
        ("UPDATE audit_sealedtable SET row_ids = row_ids[2:] WHERE seal_id = 4", "The list that seal 4 keeps"),
        ("DELETE FROM audit_sealedtable WHERE seal_id = 2", "are covered by none"),
        ("ALTER TABLE people_circlememberevent DROP COLUMN contact", "the column contact is gone"),
    ],
)  # fmt: skip
def test_it_names_what_was_tampered_with(chain: Chain, jo: Person, statement: str, found: str) -> None:
    event, read = jo.pgh_event_model.objects.order_by("pgh_id"), RecordRead.objects.order_by("id")  # type: ignore[attr-defined]
    names = {"person": event[2].pgh_id, "read": read[1].pk}
    assert run(statement.format(**names))
    assert found.format(**names) in words()


def test_it_finds_an_end_that_was_cut_off_by_a_printed_head(chain: Chain) -> None:
    head = Head(chain[-1].number, chain[-1].hash)
    _cut_last_seal()
    assert sealing.verify().is_intact  # nothing inside the database can show it
    assert "the chain ends at seal 5: the end was cut off" in words([head])
    Person.objects.update(cohorts=["transition"])
    sealing.seal_what_waits()
    assert "Seal 6 was printed with another hash" in words([head])


def _cut_last_seal() -> None:
    for part in SealedTable.objects.filter(seal_id=6):
        key = sealing.audit_tables()[part.table].key
        run(f"DELETE FROM {part.table} WHERE {key} > %s", part.after_id)
    run("DELETE FROM audit_sealedtable WHERE seal_id = 6")
    run("DELETE FROM audit_seal WHERE number = 6")


# --- Lawful erasure ---------------------------------------------------------------------------------------------------


def test_it_stays_whole_after_a_lawful_erasure_and_says_so(chain: Chain, jo: Person) -> None:
    events = jo.pgh_event_model  # type: ignore[attr-defined]
    gone = list(events.objects.filter(pgh_obj_id=jo.pk).values_list("pk", flat=True))
    erasure = sealing.record_erasure(
        rows={events: gone}, by="Alice Commissioner", approved_by="Dana Dataprotection", reason="Retention, request 41"
    )
    found = sealing.verify()
    assert found.faults == ()
    assert found.rows_erased == len(gone) > 3
    assert found.erasures == (erasure,)
    assert not events.objects.filter(pgh_obj_id=jo.pk).exists()
    sealing.seal_what_waits()
    assert sealing.verify().is_intact


def test_it_still_finds_an_unlawful_delete_beside_a_lawful_one(chain: Chain, jo: Person) -> None:
    events = jo.pgh_event_model  # type: ignore[attr-defined]
    lawful, unlawful = events.objects.order_by("pgh_id").values_list("pk", flat=True)[:2]
    sealing.record_erasure(rows={events: [lawful]}, by="Alice", approved_by="Dana", reason="Request 41")
    run("DELETE FROM people_personevent WHERE pgh_id = %s", unlawful)
    assert f"Row {unlawful} of the history of people" in words()
    assert f"Row {lawful} " not in words()


def test_it_finds_an_erasure_that_was_rewritten(chain: Chain, jo: Person) -> None:
    events = jo.pgh_event_model  # type: ignore[attr-defined]
    first, second = events.objects.order_by("pgh_id").values_list("pk", flat=True)[:2]
    sealing.record_erasure(rows={events: [first]}, by="Alice", approved_by="Dana", reason="Request 41")
    sealing.seal_what_waits()
    run("DELETE FROM people_personevent WHERE pgh_id = %s", second)
    run("UPDATE audit_erasedrows SET row_ids = row_ids || %s::bigint", second)
    assert "the rows of erasures (audit_erasedrows)" in words()


@pytest.mark.parametrize(("approved_by", "reason"), [("Alice", "Request 41"), (" ", "Request 41"), ("Dana", " ")])
def test_it_refuses_an_erasure_that_nobody_else_approved(
    chain: Chain, jo: Person, approved_by: str, reason: str
) -> None:
    events = jo.pgh_event_model  # type: ignore[attr-defined]
    with pytest.raises(Refused):
        sealing.record_erasure(rows={events: [1]}, by="Alice", approved_by=approved_by, reason=reason)
    assert not Erasure.objects.exists()


@pytest.mark.parametrize("table", ["audit_seal", "audit_sealedtable", "audit_erasure", "people_person", "nowhere"])
def test_the_database_erases_nothing_but_audit_rows(chain: Chain, table: str) -> None:
    with pytest.raises(Exception, match="holds no audit rows that may be erased"), transaction.atomic():
        run("SELECT audit_erase('Alice', 'Dana', 'Request 41', %s)", f'{{"{table}": [1]}}')
    assert not Erasure.objects.exists()


# --- The commands -----------------------------------------------------------------------------------------------------


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("verify_audit", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_says_that_all_is_well(chain: Chain) -> None:
    told = said("--head", f"6:{chain[-1].hash[:20]}", "--head", f"2:{chain[1].hash}")
    assert "The audit is intact." in told
    assert f"The last seal is 6:{chain[-1].hash}" in told
    assert "Give one with --head" in said()


def test_the_command_ends_with_1_and_the_faults(chain: Chain) -> None:
    run("DELETE FROM audit_refusal")
    with pytest.raises(CommandError, match="of the record of refusals") as raised:
        said()
    assert raised.value.returncode == 1
    assert "The audit is not intact." in str(raised.value)


@pytest.mark.parametrize("text", ["6", "6:", "six:0123456789abcdef", "6:0123456789abcde", "6:0123456789abcdeg"])
def test_the_command_refuses_what_is_no_seal(chain: Chain, text: str) -> None:
    with pytest.raises(CommandError, match="is not a seal"):
        said("--head", text)


# --- Transactions that commit late ------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere_writing() -> Iterator[tuple[threading.Event, threading.Event]]:
    """Another connection that has written a look and has not committed it: set the second event to let it."""
    wrote, may_commit = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with scope.everywhere(), transaction.atomic():
                _look("Late")
                wrote.set()
                may_commit.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=write)
    thread.start()
    assert wrote.wait(20)
    yield wrote, may_commit
    may_commit.set()
    thread.join(20)


def _look(name: str) -> RecordRead:
    return RecordRead.objects.create(
        user_id=1, user_name=name, role="auditor", partnership_code="EST", person_id=1, route="person"
    )


@pytest.mark.django_db(transaction=True)
def test_a_row_that_commits_late_is_neither_missed_nor_taken_for_an_intruder(
    elsewhere_writing: tuple[threading.Event, threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, may_commit = elsewhere_writing
    early = _look("Early")  # a higher id, committed before the lower one
    monkeypatch.setattr(chain_module, "PATIENCE_SECONDS", 0.2)
    sealing.seal_what_waits()
    assert not SealedTable.objects.filter(table="audit_recordread").exists()
    assert sealing.verify().rows_waiting >= 1

    monkeypatch.setattr(chain_module, "PATIENCE_SECONDS", 20)
    threading.Timer(0.3, may_commit.set).start()
    sealing.seal_what_waits()
    sealed = SealedTable.objects.get(table="audit_recordread")
    late = RecordRead.objects.get(user_name="Late")
    assert late.pk < early.pk
    assert sealed.row_ids == [late.pk, early.pk]
    assert sealing.verify().is_intact


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_make_one_chain(alice: Membership) -> None:
    results = []

    def seal() -> None:
        try:
            results.append(sealing.seal_what_waits())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(results) == 4 and len({str(result) for result in results}) == 1
    assert Seal.objects.count() == 1
    assert sealing.verify().is_intact


def test_the_circle_is_sealed_by_its_columns(chain: Chain) -> None:
    """A column that is added later does not break what was sealed without it."""
    run("ALTER TABLE people_circlememberevent ADD COLUMN added_later text NOT NULL DEFAULT 'x'")
    assert CircleMember.objects.exists()
    assert sealing.verify().is_intact
