# ruff: noqa: S608  the names are our own tables'
"""Every change is kept, whichever way it was made, with who made it and why."""

import datetime as dt
import io
import uuid
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from commissioning.accounts.models import Membership, Organisation, Partnership
from commissioning.audit import history
from commissioning.audit.sealing.tables import history_models
from commissioning.celery import app
from commissioning.core import jobs
from commissioning.interchange.models import Upload
from commissioning.interchange.tests.datasets import folder_of
from commissioning.tests.figures import Say
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from people.models import Person, Placement

pytestmark = pytest.mark.django_db

Rows = dict[tuple[str, int], str]


def snapshot() -> Rows:
    """Every tracked row by table and number, as far as it is tracked."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for model in history_models():
            table = model.pgh_tracked_model._meta.db_table  # type: ignore[attr-defined]
            columns = ", ".join(
                f'"{field.column}"' for field in model._meta.concrete_fields if not field.name.startswith("pgh_")
            )
            cursor.execute(f'SELECT id, md5(row({columns})::text) FROM "{table}"')
            found |= {(table, pk): digest for pk, digest in cursor.fetchall()}
    return found


def changes(before: Rows, after: Rows) -> Counter[tuple[str, int, str]]:
    """What changed between: table, row and what happened to it."""
    return Counter(
        (table, pk, "insert" if (table, pk) not in before else "delete" if (table, pk) not in after else "update")
        for table, pk in before.keys() | after.keys()
        if before.get((table, pk)) != after.get((table, pk))
    )


def last_events() -> dict[str, int]:
    found = {}
    for model in history_models():
        last = model._default_manager.order_by("-pk").first()
        found[model._meta.db_table] = last.pk if last else 0
    return found


def recorded(since: dict[str, int]) -> list[tuple[tuple[str, int, str], dict[str, object]]]:
    """What the histories say happened since: table, row, what; with who, why and where."""
    found = []
    for model in history_models():
        table = model.pgh_tracked_model._meta.db_table  # type: ignore[attr-defined]
        events = model._default_manager.filter(pk__gt=since[model._meta.db_table])
        found += [
            ((table, pk, label), metadata or {})
            for pk, label, metadata in events.values_list("id", "pgh_label", "pgh_context__metadata")
        ]
    return found


def through_a_page(alice: Membership, jo: Person) -> Iterator[Callable[[], object]]:
    client = signed_in(alice)
    day = {"agreed_on_day": 1, "agreed_on_month": 6, "agreed_on_year": 2026}
    yield lambda: client.post("/people/JO/goals/add/", {"words": "See the sea", "domain": "Home", **day})
    yield lambda: client.post(
        "/people/JO/circle/add/", {"name": "Sam Sister", "part": "family", "relationship": "", "contact": ""}
    )


def in_bulk(jo: Person) -> None:
    with history.said(by="Alice Commissioner", reason="Cohorts put right"):
        Person.objects.update(cohorts=["transition"])
        Placement.objects.filter(person=jo).delete()


def with_raw_sql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET preferred_name = 'J'")
        cursor.execute("DELETE FROM people_person WHERE reference = 'GONE'")


def by_import(folder: Path) -> None:
    call_command("load_dataset", str(folder_of(folder)), partnership="EST2")


def by_a_worker(alice: Membership, folder: Path) -> None:
    app.loader.import_default_modules()  # the worker knows every task by its name
    contents = io.BytesIO()
    with zipfile.ZipFile(contents, "w") as archive:
        for path in folder_of(folder).iterdir():
            archive.write(path, path.name)
    upload = Upload.objects.create(
        partnership=alice.partnership, by=alice.user, name="a.zip", contents=contents.getvalue()
    )
    jobs.run(jobs.enqueue("interchange.check_upload", upload_id=upload.pk).pk)
    Upload.objects.filter(pk=upload.pk, state=Upload.State.READY).update(state=Upload.State.LOADING)
    jobs.run(jobs.enqueue("interchange.load_upload", upload_id=upload.pk).pk)
    assert Upload.objects.get(pk=upload.pk).state == Upload.State.LOADED


def test_every_write_by_every_path_is_recorded_with_who_and_why(
    alice: Membership, jo: Person, meadow: Organisation, elsewhere: Partnership, tmp_path: Path, figure: Say
) -> None:
    make_placement(jo, meadow)
    make_person(elsewhere, "GONE")
    paths: dict[str, list[Callable[[], object]]] = {
        "a page": list(through_a_page(alice, jo)),
        "bulk update": [lambda: in_bulk(jo)],
        "raw SQL": [with_raw_sql],
        "import": [lambda: by_import(tmp_path / "import")],
        "worker": [lambda: by_a_worker(alice, tmp_path / "worker")],
    }
    written, kept, unnamed = 0, 0, []
    for path, writes in paths.items():
        for write in writes:
            since, before = last_events(), snapshot()
            write()
            expected, found = changes(before, snapshot()), recorded(since)
            assert expected, path
            written += expected.total()
            kept += (expected & Counter(what for what, _ in found)).total()
            unnamed += [(path, what, said) for what, said in found if not is_named(path, said, alice)]
    assert unnamed == []
    assert kept == written > 40
    figure("writes recorded / writes by five paths", f"{kept} / {written} ({kept / written:.0%})")


def is_named(path: str, said: dict[str, object], alice: Membership) -> bool:
    """Who, and where or why: as each path must say it."""
    if path == "a page":
        url = str(said.get("url"))
        return (
            said.get("name") == "Alice Commissioner"
            and said.get("user") == alice.user_id
            and url.startswith("/people/")
        )
    who = {"raw SQL": "Database role ", "worker": "Alice Commissioner"}.get(path, "")
    return str(said.get("name", "")).startswith(who) and bool(said.get("name")) and bool(said.get("reason"))


def names() -> list[tuple[str, str]]:
    events = Person.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    return [
        (said.get("name", ""), said.get("reason", ""))
        for said in events.values_list("pgh_context__metadata", flat=True)
    ]


def test_a_reason_ends_with_its_block(estuary: Partnership) -> None:
    with history.said(by="Alice", reason="Outside"):
        with history.said(by="Bob", reason="Inside"):
            make_person(estuary, "A")
        make_person(estuary, "B")
    make_person(estuary, "C")
    role = f"Database role {connection.settings_dict['USER'] or 'root'}"
    assert names() == [("Bob", "Inside"), ("Alice", "Outside"), (role, "Written outside the application")]


def test_a_context_is_never_amended(estuary: Partnership) -> None:
    with history.said(by="Alice", reason="First"):
        make_person(estuary, "A")
    kept = names()
    with history.said(by="Alice", reason="Second"):
        make_person(estuary, "B")
    assert names() == [*kept, ("Alice", "Second")]


def test_a_task_says_what_it_is(estuary: Partnership) -> None:
    @app.task(name=f"audit.test_{uuid.uuid4().hex}")
    def add() -> None:
        make_person(estuary, "A", date_of_birth=dt.date(2000, 1, 1))

    add()
    assert names() == [("As One", f"Background work: {add.name}")]


def test_what_is_rolled_back_leaves_no_history(estuary: Partnership) -> None:
    with transaction.atomic(), history.said(by="Alice", reason="No"):
        make_person(estuary, "A")
        transaction.set_rollback(True)
    assert names() == []
