# ruff: noqa: S608  the names are our own tables'
"""Tamperings as the database's owner makes them: past every trigger and privilege, in random places."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from commissioning.audit import sealing
from commissioning.audit.models import Seal, SealedTable
from commissioning.audit.sealing.chain import Head
from commissioning.audit.tests.conftest import run
from commissioning.core import database

Tamper = Callable[[random.Random], str]


@dataclass(frozen=True)
class Tried:
    """One tampering: what was done, and whether verifying found it and named the place."""

    what: str
    found: bool


def tamper(number: int, head: Head) -> Tried:
    """Do the `number`-th tampering, verify with the head that was printed, and put everything back."""
    chance = random.Random(number)
    with database.owner(), transaction.atomic():
        what = KINDS[number % len(KINDS)](chance)
        found = not sealing.verify([head]).is_intact
        transaction.set_rollback(True)
    return Tried(what, found)


def _rows(chance: random.Random) -> tuple[str, str, list[int], SealedTable]:
    """A random seal of a random table: its name, its key and the sealed rows."""
    tables = sorted(set(SealedTable.objects.values_list("table", flat=True)))
    table = chance.choice(tables)
    part = chance.choice(list(SealedTable.objects.filter(table=table).order_by("pk")))
    return table, sealing.audit_tables()[table].key, list(part.row_ids), part


def edit_row(chance: random.Random) -> str:
    table, key, rows, _ = _rows(chance)
    row, column = chance.choice(rows), chance.choice(_text_columns(table))
    assert run(f'UPDATE {table} SET "{column}" = "{column}" || %s WHERE {key} = %s', "~", row)
    return f"edit {table}.{column} of {row}"


def edit_context(chance: random.Random) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_context_id FROM people_personevent ORDER BY pgh_id")
        context = chance.choice(cursor.fetchall())[0]
    assert run('UPDATE pghistory_context SET metadata = \'{"name": "Mallory"}\' WHERE id = %s', context)
    return f"edit context {context}"


def move_time(chance: random.Random) -> str:
    number = chance.choice(list(Seal.objects.values_list("number", flat=True)))
    assert run("UPDATE audit_seal SET sealed_at = sealed_at - interval '1 microsecond' WHERE number = %s", number)
    return f"move seal {number} in time"


def delete_row(chance: random.Random) -> str:
    table, key, rows, _ = _rows(chance)
    row = chance.choice(rows)
    assert run(f"DELETE FROM {table} WHERE {key} = %s", row)
    return f"delete {table} {row}"


def delete_row_and_its_entry(chance: random.Random) -> str:
    """The row goes, and the seal's own list is made to agree."""
    table, key, rows, part = _rows(chance)
    place = chance.randrange(len(rows))
    assert run(f"DELETE FROM {table} WHERE {key} = %s", rows[place])
    digests = bytes(part.row_digests)
    part.row_digests = digests[: place * 32] + digests[place * 32 + 32 :]
    part.row_ids = rows[:place] + rows[place + 1 :]
    part.digest = sealing.chain.digest_of_rows(part.row_ids, bytes(part.row_digests))
    part.save()
    return f"delete {table} {rows[place]} with its entry in seal {part.seal_id}"


def insert_row(chance: random.Random) -> str:
    """A copy of a row under an id that a seal covers and nobody has."""
    table, key, rows, part = _rows(chance)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM {table}")
        free = set(range(-3, part.upto_id)) - {row[0] for row in cursor.fetchall()}
    new, columns = chance.choice(sorted(free)), [f'"{name}"' for name in sealing.audit_tables()[table].columns]
    chosen = ", ".join(str(new) if name == f'"{key}"' else name for name in columns)
    assert run(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} FROM {table} WHERE {key} = %s", rows[0])
    return f"insert {table} {new}"


def swap_rows(chance: random.Random) -> str:
    """Two rows change places."""
    table, key, rows, _ = _rows(chance)
    everyone = sealed_ids(table)
    first, second = chance.choice(rows), chance.choice(everyone)
    if first == second:
        second = first + 10_000_000
    run(f"UPDATE {table} SET {key} = -77 WHERE {key} = %s", first)
    run(f"UPDATE {table} SET {key} = %s WHERE {key} = %s", first, second)
    run(f"UPDATE {table} SET {key} = %s WHERE {key} = -77", second)
    return f"swap {table} {first} and {second}"


def sealed_ids(table: str) -> list[int]:
    lists = SealedTable.objects.filter(table=table).values_list("row_ids", flat=True)
    return sorted(row for rows in lists for row in rows)


def swap_seals(chance: random.Random) -> str:
    first, second = chance.sample(list(Seal.objects.values_list("number", flat=True)), 2)
    for table, column in (("audit_sealedtable", "seal_id"), ("audit_seal", "number")):
        run(f"UPDATE {table} SET {column} = 7777777 WHERE {column} = %s", first)
        run(f"UPDATE {table} SET {column} = %s WHERE {column} = %s", first, second)
        run(f"UPDATE {table} SET {column} = %s WHERE {column} = 7777777", second)
    return f"swap seals {first} and {second}"


def delete_seal(chance: random.Random) -> str:
    number = chance.choice(list(Seal.objects.values_list("number", flat=True)))
    run("DELETE FROM audit_sealedtable WHERE seal_id = %s", number)
    assert run("DELETE FROM audit_seal WHERE number = %s", number)
    return f"delete seal {number}"


def cut_rows(chance: random.Random) -> str:
    """The end of a table."""
    table, key, rows, _ = _rows(chance)
    assert run(f"DELETE FROM {table} WHERE {key} >= %s", chance.choice(rows))
    return f"cut the end of {table}"


def cut_seals(chance: random.Random) -> str:
    """The last seals, with the rows they cover or without, or made again after an edit."""
    last = Seal.objects.count()
    first = chance.randint(2, last)
    if chance.random() < 0.5:
        for part in SealedTable.objects.filter(seal_id__gte=first):
            run(f"DELETE FROM {part.table} WHERE {sealing.audit_tables()[part.table].key} > %s", part.after_id)
    run("DELETE FROM audit_sealedtable WHERE seal_id >= %s", first)
    assert run("DELETE FROM audit_seal WHERE number >= %s", first)
    if chance.random() < 0.5:
        sealing.seal_what_waits()
    return f"cut the seals from {first}"


def make_again_after_an_edit(chance: random.Random) -> str:
    """Everything from a seal on is made again over rows that were changed: only a printed head can show it."""
    table, key, rows, part = _rows(chance)
    row = chance.choice(rows)
    run(f'UPDATE {table} SET "{_text_columns(table)[0]}" = %s WHERE {key} = %s', "~", row)
    run("DELETE FROM audit_sealedtable WHERE seal_id >= %s", part.seal_id)
    run("DELETE FROM audit_seal WHERE number >= %s", part.seal_id)
    sealing.seal_what_waits()
    return f"edit {table} {row} and make the chain again from seal {part.seal_id}"


def _text_columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND atttypid IN ('text'::regtype, 'varchar'::regtype) AND attname <> 'nhs_number' ORDER BY attname",
            [table],
        )
        return [row[0] for row in cursor.fetchall()]


KINDS: tuple[Tamper, ...] = (
    edit_row,
    delete_row,
    insert_row,
    swap_rows,
    swap_seals,
    cut_rows,
    cut_seals,
    edit_context,
    move_time,
    delete_row_and_its_entry,
    delete_seal,
    make_again_after_an_edit,
)
