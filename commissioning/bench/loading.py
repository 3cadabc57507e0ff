"""A dataset of 100,000 lines through every check, against a plain COPY of the same rows into the same tables."""

import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection, transaction

from commissioning.bench.rounds import peak_megabytes, say, seconds
from commissioning.core import database
from commissioning.core.tables import as_csv
from commissioning.interchange.actions import load_folder
from commissioning.interchange.loading import Outcome

LINES = 100_000
A_PERSON = 12
ROUNDS = 3
TABLES = (
    "accounts_partnership",
    "accounts_organisation",
    "accounts_partnershiporganisation",
    "people_person",
    "people_placement",
    "finance_costline",
    "finance_fundingshare",
)


def files(lines: int = LINES) -> dict[str, str]:
    """The dataset: each person has a home, nine yearly prices, three extras and two funders."""
    people = [f"P{number:05}" for number in range(lines // A_PERSON)]
    return {
        "organisations.csv": as_csv([["code", "name", "kind"], *_bodies()]),
        "people.csv": as_csv([PERSON_COLUMNS, *_people(people)]),
        "placements.csv": as_csv([["placement_ref", "person_ref", "provider", "setting", "start"], *_homes(people)]),
        "cost_lines.csv": as_csv([LINE_COLUMNS, *_lines(people)]),
        "funding.csv": as_csv([["placement_ref", "funder", "route", "percent", "start"], *_funding(people)]),
    }


PERSON_COLUMNS = ["person_ref", "given_name", "family_name", "date_of_birth", "diagnosis", "council", "icb"]
LINE_COLUMNS = [
    "line_ref",
    "placement_ref",
    "kind",
    "label",
    "basis",
    "amount",
    "units_per_week",
    "start",
    "end",
    "reason",
]


def _bodies() -> Iterator[list[str]]:
    yield ["COUNCIL", "Bench Council", "council"]
    yield ["ICB", "Bench Board", "icb"]
    for number in range(50):
        yield [f"PROV{number:02}", f"Provider {number}", "support_provider"]


def _people(people: list[str]) -> Iterator[list[str]]:
    for person in people:
        yield [person, f"Given{person}", f"Family{person}", "1980-01-01", "learning_disability", "COUNCIL", "ICB"]


def _homes(people: list[str]) -> Iterator[list[str]]:
    for number, person in enumerate(people):
        yield [f"{person}-1", person, f"PROV{number % 50:02}", "own_tenancy", "2014-04-01"]


def _lines(people: list[str]) -> Iterator[list[str]]:
    for number, person in enumerate(people):
        home = f"{person}-1"
        for year in range(2016, 2025):
            price = Decimal(100_000 + number % 50_000 + year).scaleb(-2)
            end = "" if year == 2024 else f"{year + 1}-03-31"
            yield [f"{home}-{year}", home, "core_support", "", "weekly", str(price), "", f"{year}-04-01", end, "uplift"]
        for extra in range(3):
            start = dt.date(2018 + 2 * extra, 5, 1 + number % 20)
            end = (start + dt.timedelta(days=400)).isoformat()
            yield [f"{home}-h{extra}", home, "one_to_one", "", "hourly", "18.75", "12", start.isoformat(), end, "new"]


def _funding(people: list[str]) -> Iterator[list[str]]:
    for person in people:
        yield [f"{person}-1", "COUNCIL", "care_act", "60", "2014-04-01"]
        yield [f"{person}-1", "ICB", "chc", "40", "2014-04-01"]


def run() -> None:
    """Print both times and rows a second, in turns; nothing is left in the tables between them."""
    with TemporaryDirectory() as folder:
        for name, text in files().items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        copied = _rows_as_stored(Path(folder))
        rows = sum(len(each.splitlines()) for each in copied.values())
        taken = [(seconds(lambda: _copy_in(copied)), seconds(lambda: _load(Path(folder)))) for _ in range(ROUNDS + 1)][
            1:
        ]
        copy, load = (sorted(each)[ROUNDS // 2] for each in zip(*taken, strict=True))
        peak = peak_megabytes(lambda: _load(Path(folder)))
    say(f"\nA dataset of {LINES:,} cost lines, {rows:,} records in all; medians of {ROUNDS}")
    say(f"  plain COPY into the same tables{copy:18.2f} s  {rows / copy:9,.0f} records a second")
    say(f"  loaded, every check made{load:25.2f} s  {rows / load:9,.0f} records a second: {copy / load:.2f} of COPY")
    say(f"  peak {peak:.0f} MB")


def _load(folder: Path, *, dry_run: bool = True) -> Outcome:
    """A rehearsal: everything is written and checked, and then undone."""
    outcome = load_folder(folder=folder, partnership_code="LOAD", dry_run=dry_run)
    if outcome.faults:
        raise SystemExit(f"The benchmark’s dataset has faults: {outcome.faults[0]}")
    return outcome


def _rows_as_stored(folder: Path) -> dict[str, str]:
    """What the load writes, as text, table by table; and the tables as they were."""
    _load(folder, dry_run=False)
    copied = {}
    with database.owner(), connection.cursor() as cursor:
        for table in TABLES:
            text = io.StringIO()
            cursor.copy_expert(f'COPY (SELECT * FROM "{table}" ORDER BY id) TO STDOUT', text)  # noqa: S608
            copied[table] = text.getvalue()
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
    return copied


def _copy_in(copied: dict[str, str]) -> None:
    """As the owner and with the walls of these tables down, since PostgreSQL copies nothing into a walled table; with
    their indexes, constraints and history. Undone at the end."""
    with database.owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY' for table in TABLES))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED; SELECT set_config('pgtrigger.ignore', '{}', true)")
        for table, text in copied.items():
            cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.StringIO(text))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
