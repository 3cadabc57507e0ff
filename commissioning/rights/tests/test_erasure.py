"""Erasure: two people, a preview, nothing left of the person in any table, and past money to the penny."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership, User
from commissioning.audit import history
from commissioning.audit.sealing import seal_what_waits, verify
from commissioning.core.errors import Refused
from commissioning.core.models import Job
from commissioning.rights import erased, erasing
from commissioning.rights.actions import (
    approve_erasure,
    ask_for_erasure,
    erase,
    erase_again,
    keep_longer,
    lift_hold,
    place_hold,
    withdraw_erasure,
)
from commissioning.rights.actions.erasures import MoneyMoved
from commissioning.rights.models import AccessExport, Erasure, LegalHold, RightsRequest
from commissioning.rights.previewing import preview_of
from commissioning.rights.registry import TABLES
from commissioning.rights.tasks import erase as erase_task
from commissioning.rights.tests.conftest import SECRETS
from commissioning.tests.figures import Say
from commissioning.tests.fixtures import make_person, make_placement
from finance import ledger
from finance.models import CostLine
from finance.queries import costs_by_period, open_book
from finance.queries.book import open_block
from people.models import Goal, Person
from providers.models import Contract

pytestmark = pytest.mark.django_db

RETENTION = Erasure.Why.RETENTION


@pytest.fixture(autouse=True)
def list_of_erased(settings: Any, tmp_path: Path) -> Path:
    settings.ERASED_LIST = tmp_path / "erased.jsonl"
    return tmp_path / "erased.jsonl"


@pytest.fixture
def ask(zuleika: Person, by_alice: Actor) -> Callable[[], Erasure]:
    def now() -> Erasure:
        return ask_for_erasure(person=zuleika, why=RETENTION, fingerprint=preview_of(zuleika).fingerprint, by=by_alice)

    return now


def every_row_of_the_database() -> Iterator[tuple[str, str]]:
    """Each row of each table as JSON, with the table’s name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')  # noqa: S608  a table's own name
            yield from ((table, row[0]) for row in cursor.fetchall())


def tables_with(text: str) -> set[str]:
    return {table for table, row in every_row_of_the_database() if text in row}


def all_money(partnership: Partnership, by: tuple[str, ...]) -> list[tuple[object, ...]]:
    book = open_book(Actor.system(partnership))
    months = ledger.months(dt.date(2012, 1, 1), dt.date(2026, 12, 31))
    return [(cost.period, cost.keys, cost.pence) for cost in costs_by_period(book, months, by)]


def test_nothing_of_the_person_is_left_anywhere(
    zuleika: Person, someone_else: Person, waiting: AccessExport, ask: Callable[[], Erasure], by_alice: Actor,
    by_bob: Actor, figure: Say,
) -> None:  # fmt: skip
    RightsRequest.objects.filter(pk=waiting.request_id).update(outcome="done", done_on=timezone.localdate())
    place_hold(
        person=zuleika, kind="claim", reason="Jojo’s claim", starts_on=dt.date(2020, 1, 1),
        ends_on=dt.date(2021, 1, 1), by=by_alice,
    )  # fmt: skip
    keep_longer(person=zuleika, keep_until=dt.date(2027, 1, 1), reason="Jojo’s sister asked", by=by_alice)
    zuleika.retention_reviews.update(keep_until=dt.date(2026, 1, 1))
    before = {secret: tables_with(secret) for secret in SECRETS}
    assert all(before.values()), [secret for secret, tables in before.items() if not tables]
    rows_with = sum(any(secret in row for secret in SECRETS) for _, row in every_row_of_the_database())
    erasure = ask()
    approve_erasure(erasure=erasure, by=by_bob)
    erase(erasure_id=erasure.pk)
    left = {secret: tables for secret in SECRETS if (tables := tables_with(secret))}
    assert not left
    assert not tables_with("1970-05-17")
    zuleika.refresh_from_db()
    erasure.refresh_from_db()
    assert erasure.state == Erasure.State.DONE and zuleika.reference == erasure.stub_reference
    assert (erasure.born_year, erasure.support_from_year, erasure.support_to_year) == (1970, 2012, 2016)
    assert (erasure.asked_by_name, erasure.approved_by_name) == ("Alice Commissioner", "Bob Second")
    assert "Ottoline" in json.dumps(list(Person.objects.values_list("given_name", flat=True)))
    tables = {table for tables in before.values() for table in tables}
    figure("rows that name an erased person: before / after (tables)", f"{rows_with} / 0 ({len(tables)})")


@pytest.mark.parametrize(
    "by", [(), ("funder",), ("provider", "funder"), ("setting", "kind", "funder"), ("provider", "setting", "kind")]
)
def test_past_money_still_foots_to_the_penny(
    by: tuple[str, ...], zuleika: Person, someone_else: Person, ask: Callable[[], Erasure], by_bob: Actor, figure: Say
) -> None:
    before = all_money(zuleika.partnership, by)
    erasure = ask()
    approve_erasure(erasure=erasure, by=by_bob)
    erase(erasure_id=erasure.pk)
    assert all_money(zuleika.partnership, by) == before
    cost = sum(int(str(row[2])) for row in before)
    figure("past money after an erasure: figures by month and slice that differ", f"0 (of £{cost / 100:,.2f} in all)")


def test_the_preview_says_what_goes_and_what_stays(zuleika: Person, ask: Callable[[], Erasure]) -> None:
    preview = preview_of(zuleika)
    assert {"Their plans", "Their goals", "Answers", "Incidents"} <= {row.what for row in preview.removed}
    assert {"Prices of their support", "Their placements"} <= {row.what for row in preview.kept}
    assert preview.paid_pence > 0 and preview.history_rows > 15
    kept = json.dumps(ask().preview)
    assert not [secret for secret in SECRETS if secret in kept]


def test_the_asker_cannot_approve_and_nothing_is_erased(ask: Callable[[], Erasure], by_alice: Actor) -> None:
    erasure = ask()
    with pytest.raises(Refused, match="Somebody else"):
        approve_erasure(erasure=erasure, by=by_alice)
    assert not Job.objects.filter(name="rights.erase").exists() and tables_with("Zuleika")


@pytest.mark.parametrize("who", ["finn", "clara", "mabel", "sam", "bea", "audrey", "adam"])
def test_nobody_but_a_commissioner_approves(
    who: str, ask: Callable[[], Erasure], request: pytest.FixtureRequest
) -> None:
    membership: Membership = request.getfixturevalue(who)
    erasure = ask()
    with pytest.raises(PermissionDenied):
        approve_erasure(erasure=erasure, by=Actor.of(membership))
    with pytest.raises(PermissionDenied):
        withdraw_erasure(erasure=erasure, by=Actor.of(membership))


def test_it_is_approved_once_and_asked_once(ask: Callable[[], Erasure], by_bob: Actor) -> None:
    erasure = ask()
    with pytest.raises(Refused, match="already"):
        ask()
    approve_erasure(erasure=erasure, by=by_bob)
    with pytest.raises(Refused, match="not waiting"):
        approve_erasure(erasure=erasure, by=by_bob)
    assert Job.objects.filter(name="rights.erase").count() == 1


def test_a_record_that_changed_since_the_preview_is_not_erased(
    zuleika: Person, ask: Callable[[], Erasure], by_alice: Actor, by_bob: Actor
) -> None:
    old = preview_of(zuleika).fingerprint
    erasure = ask()
    Goal.objects.filter(person=zuleika).update(words="A red door")
    with pytest.raises(Refused, match="changed since"):
        approve_erasure(erasure=erasure, by=by_bob)
    withdraw_erasure(erasure=erasure, by=by_alice)
    with pytest.raises(Refused, match="changed while"):
        ask_for_erasure(person=zuleika, why=RETENTION, fingerprint=old, by=by_alice)


@pytest.mark.parametrize("whose", ["hers", "everybody’s"])
def test_a_hold_placed_after_the_preview_stops_it(
    whose: str, zuleika: Person, ask: Callable[[], Erasure], by_alice: Actor, by_bob: Actor
) -> None:
    erasure = ask()
    hold = place_hold(
        person=zuleika if whose == "hers" else None, kind="inquiry", reason="The inquiry into hospital care",
        starts_on=timezone.localdate(), ends_on=None, by=by_alice,
    )  # fmt: skip
    with pytest.raises(Refused, match="legal hold"):
        approve_erasure(erasure=erasure, by=by_bob)
    assert tables_with("Zuleika")
    lift_hold(hold=hold, version=None, reason="The inquiry closed", by=by_bob)
    approve_erasure(erasure=erasure, by=by_bob)


def test_a_hold_placed_after_the_approval_stops_the_worker(
    zuleika: Person, ask: Callable[[], Erasure], by_alice: Actor, by_bob: Actor
) -> None:
    erasure = ask()
    approve_erasure(erasure=erasure, by=by_bob)
    place_hold(
        person=zuleika, kind="safeguarding", reason="Police", starts_on=timezone.localdate(), ends_on=None, by=by_bob
    )
    erase(erasure_id=erasure.pk)
    erasure.refresh_from_db()
    assert erasure.state == Erasure.State.STOPPED and "legal hold" in erasure.stopped_because
    assert tables_with("Purple blanket")


def test_a_hold_of_the_past_stops_nothing(ask: Callable[[], Erasure], zuleika: Person, by_alice: Actor) -> None:
    place_hold(
        person=zuleika, kind="claim", reason="Old claim", starts_on=dt.date(2019, 1, 1), ends_on=dt.date(2020, 1, 1),
        by=by_alice,
    )  # fmt: skip
    assert ask().state == Erasure.State.WAITING


def test_it_is_refused_while_support_goes_on_or_time_is_not_over(zuleika: Person, by_alice: Actor) -> None:
    zuleika.placements.update(end=dt.date(2025, 6, 30))
    mark = preview_of(zuleika).fingerprint
    with pytest.raises(Refused, match="kept until 30 June 2045"):
        # Section 117 aftercare or a mental health hospital would be 20 years; supported living is 8.
        zuleika.placements.first().shares.update(route="s117")  # type: ignore[union-attr]
        ask_for_erasure(person=zuleika, why=RETENTION, fingerprint=mark, by=by_alice)
    zuleika.placements.update(end=None)
    with pytest.raises(Refused, match="End each placement first"):
        ask_for_erasure(person=zuleika, why=Erasure.Why.MISTAKE, fingerprint=mark, by=by_alice)
    assert not Erasure.objects.exists()


def test_a_fault_half_way_leaves_everything(
    zuleika: Person, ask: Callable[[], Erasure], by_bob: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    erasure = ask()
    approve_erasure(erasure=erasure, by=by_bob)
    before = sorted(every_row_of_the_database())
    monkeypatch.setattr(erasing.Scrub, "_copies", lambda _self: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        erase(erasure_id=erasure.pk)
    assert sorted(every_row_of_the_database()) == before


def test_an_erasure_that_would_move_past_money_is_undone(
    zuleika: Person, ask: Callable[[], Erasure], by_bob: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    erasure = ask()
    approve_erasure(erasure=erasure, by=by_bob)
    monkeypatch.setattr(erasing, "REMOVED", (*erasing.REMOVED, "finance.FundingShare"))
    with pytest.raises(MoneyMoved), transaction.atomic():
        erase(erasure_id=erasure.pk)
    assert tables_with("Zuleika")


def test_the_database_itself_refuses_one_person_alone(ask: Callable[[], Erasure]) -> None:
    erasure = ask()
    with pytest.raises(DatabaseError, match="erasure_approved_by_another"), transaction.atomic():
        Erasure.objects.filter(pk=erasure.pk).update(
            state="approved", approved_by_name="Alice", approved_by=erasure.asked_by
        )
    with pytest.raises(DatabaseError, match="erasure_only_approved"), transaction.atomic():
        Erasure.objects.filter(pk=erasure.pk).update(state="done")


def test_every_table_of_the_copy_has_its_treatment() -> None:
    assert {*erasing.REMOVED, *erasing.CLEARED, *erasing.KEPT, *erasing.BY_HAND} == set(TABLES)


def test_the_seals_of_the_history_stay_whole(
    zuleika: Person, someone_else: Person, ask: Callable[[], Erasure], by_bob: Actor
) -> None:
    """Sealed before and after, the chain still verifies, and says who erased how many rows."""
    seal_what_waits()
    erasure = ask()
    approve_erasure(erasure=erasure, by=by_bob)
    seal_what_waits()
    erase(erasure_id=erasure.pk)
    seal_what_waits()
    found = verify()
    erasure.refresh_from_db()
    assert found.is_intact and found.rows_erased > 15
    assert [(each.by, each.approved_by) for each in found.erasures] == [("Alice Commissioner", "Bob Second")]
    assert sum(erasure.rows["history"].values()) >= found.rows_erased


def test_a_change_of_others_beside_it_keeps_who_made_it(
    zuleika: Person, someone_else: Person, ask: Callable[[], Erasure], by_bob: Actor
) -> None:
    with history.said(by="Dana", reason="Both at once"):
        Person.objects.filter(pk__in=[zuleika.pk, someone_else.pk]).update(version=7)
    erasure = ask()
    approve_erasure(erasure=erasure, by=by_bob)
    erase(erasure_id=erasure.pk)
    assert "pghistory_context" in tables_with("Both at once")


def test_files_that_wait_to_be_loaded_do_not_bring_the_person_back(
    zuleika: Person, ask: Callable[[], Erasure], by_alice: Actor, by_bob: Actor
) -> None:
    from commissioning.interchange.models import Upload

    waiting = Upload.objects.create(
        partnership=zuleika.partnership,
        by=User.objects.get(name=by_alice.name),
        name="all.zip",
        contents=b"Zuleika",
        state="ready",
    )
    erasure = ask()
    approve_erasure(erasure=erasure, by=by_bob)
    erase(erasure_id=erasure.pk)
    waiting.refresh_from_db()
    assert waiting.state == Upload.State.FAILED and not bytes(waiting.contents)


def test_it_is_done_again_after_a_restore(
    zuleika: Person, ask: Callable[[], Erasure], by_bob: Actor, list_of_erased: Path,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:  # fmt: skip
    """The database goes back to before the erasure; the list outside it brings the erasure back."""
    erasure = ask()
    approve_erasure(erasure=erasure, by=by_bob)
    point = transaction.savepoint()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]  # a context manager
        erase(erasure_id=erasure.pk)
    stub = Person.objects.get(pk=zuleika.pk).reference
    transaction.savepoint_rollback(point)
    assert tables_with("Zuleika")
    gone = erased.read_list(list_of_erased.read_text().splitlines())
    assert [each.stub for each in gone] == [stub] and "Zuleika" not in list_of_erased.read_text()
    assert [erase_again(gone=each) for each in gone] == [True]
    assert not tables_with("Zuleika") and Person.objects.get(pk=zuleika.pk).reference == stub
    assert [erase_again(gone=each) for each in gone] == [False]


def test_a_stub_is_not_erased_again(zuleika: Person, ask: Callable[[], Erasure], by_bob: Actor) -> None:
    erasure = ask()
    approve_erasure(erasure=erasure, by=by_bob)
    erase(erasure_id=erasure.pk)
    erase(erasure_id=erasure.pk)
    zuleika.refresh_from_db()
    with pytest.raises(Refused, match="erased already"):
        ask_for_erasure(person=zuleika, why=RETENTION, fingerprint="", by=by_bob)


def test_another_partnerships_hold_holds_nothing(
    zuleika: Person, elsewhere: Partnership, charlie: Membership, ask: Callable[[], Erasure]
) -> None:
    place_hold(
        person=None, kind="inquiry", reason="Theirs", starts_on=dt.date(2020, 1, 1), ends_on=None, by=Actor.of(charlie)
    )
    assert ask().state == Erasure.State.WAITING
    assert LegalHold.objects.filter(partnership=elsewhere).exists()


def test_the_commands_list_what_was_erased_and_erase_it_again(
    zuleika: Person, ask: Callable[[], Erasure], by_bob: Actor, tmp_path: Path, unscoped: None
) -> None:
    def command(name: str, *arguments: str) -> str:
        out = StringIO()
        call_command(name, *arguments, stdout=out)
        return out.getvalue()

    with scope.everywhere():
        erasure = ask()
        approve_erasure(erasure=erasure, by=by_bob)
        point = transaction.savepoint()
    erase_task(erasure.pk)
    kept = tmp_path / "kept.jsonl"
    kept.write_text(command("erased_references"))
    assert "ERASED-" in kept.read_text() and "Zuleika" not in kept.read_text()
    transaction.savepoint_rollback(point)
    assert command("reapply_erasures", str(kept)).strip() == "1 in the list, 1 erased again."
    assert command("reapply_erasures", str(kept)).strip() == "1 in the list, 0 erased again."
    with scope.everywhere():
        assert not tables_with("Zuleika")
    with pytest.raises(CommandError, match="no list"):
        command("reapply_erasures", str(tmp_path / "nowhere"))
    kept.write_text("a line of something else")
    with pytest.raises(CommandError, match="Line 1 is not"):
        command("reapply_erasures", str(kept))


def shared_house(person: Person, meadow: Organisation, *references: str) -> Contract:
    """Places for five at a price that does not divide, of which the person has one and others the rest."""
    house = Contract.objects.create(
        partnership=person.partnership, reference="C-H", provider=meadow, title="House", kind="block",
        start=dt.date(2012, 1, 1),
    )  # fmt: skip
    CostLine.objects.create(
        partnership=person.partnership, reference="C-H-1", contract=house, capacity=5, kind="core_support",
        basis="monthly", amount=Decimal("7000.02"), start=dt.date(2012, 1, 1),
    )  # fmt: skip
    person.placements.update(contract=house)
    for number, reference in enumerate(references):
        make_placement(
            make_person(person.partnership, f"H-{number}"), meadow, reference, start=dt.date(2014, 3, 5), contract=house
        )
    return house


@pytest.mark.parametrize(
    "references",
    [(), ("A", "B"), ("X", "Z"), ("A", "Z"), ("JO-P", "JO-PM"), ("JO-PK", "JO-PL9"), ("JO-PL-", "JO-PL!")],
    ids=str,
)
def test_of_places_bought_together_every_part_and_the_void_stay(
    references: tuple[str, ...], zuleika: Person, meadow: Organisation, ask: Callable[[], Erasure], by_bob: Actor
) -> None:
    house = shared_house(zuleika, meadow, *references)
    own = zuleika.placements.get()

    def parts() -> list[tuple[object, ...]]:
        keys = dict(house.placements.values_list("reference", "pk"))
        book = open_block(Actor.system(zuleika.partnership), house)
        months = ledger.months(dt.date(2012, 1, 1), dt.date(2026, 12, 31))
        found = costs_by_period(book, months, ("placement", "funder"))
        return sorted((cost.period, str(keys.get(cost.keys[0], "")), cost.keys[1], cost.pence) for cost in found)

    before, everything = parts(), all_money(zuleika.partnership, ("kind", "funder"))
    assert {each[1] for each in before} == {"", *map(str, house.placements.values_list("pk", flat=True))}
    erasure = ask()
    approve_erasure(erasure=erasure, by=by_bob)
    erase(erasure_id=erasure.pk)
    assert parts() == before
    assert all_money(zuleika.partnership, ("kind", "funder")) == everything
    own.refresh_from_db()
    erasure.refresh_from_db()
    assert own.reference.endswith(f"{erasure.stub_reference}-1")
    # what others are called by they keep, and of hers nothing is left
    assert {*house.placements.exclude(pk=own.pk).values_list("reference", flat=True)} == {*references}
    if not any("JO-PL" in each for each in references):
        assert not tables_with("JO-PL")


def test_an_erasure_that_would_move_others_parts_is_undone(
    zuleika: Person, meadow: Organisation, ask: Callable[[], Erasure], by_bob: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared_house(zuleika, meadow, "A", "B", "X", "Y", "Z")
    erasure = ask()
    approve_erasure(erasure=erasure, by=by_bob)
    monkeypatch.setattr(
        erasing, "made_up_references", lambda placements, stub: {each.pk: f"~{stub}" for each in placements}
    )
    with pytest.raises(MoneyMoved), transaction.atomic():
        erase(erasure_id=erasure.pk)
