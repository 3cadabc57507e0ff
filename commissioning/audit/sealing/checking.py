"""Verifying the chain: every seal, every sealed row, and what nobody sealed yet; each fault in words.

One pass over each table gives the digest of every stretch that a seal covers; only where one differs are the single
rows compared with the seal's list, so that the row can be named.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import connection, transaction
from django.utils import timezone

from commissioning.audit.models import ErasedRows, Erasure, Seal, SealedTable
from commissioning.audit.sealing.chain import FIRST, LOWEST, Head, hash_of_seal, is_only_sealer, sealed_upto, stretch
from commissioning.audit.sealing.tables import AuditTable, audit_tables
from commissioning.core import scope

MOST_NAMED = 20  # rows of one seal and table; the rest are counted
SHORTEST_HASH = 16  # of a printed head, so that somebody may type its beginning


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was sealed. `seal` and `table` say where; `words` say it to a person."""

    words: str
    seal: int | None = None
    table: str = ""
    row: int | None = None

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Verification:
    """What was checked, and what was found. It is intact if there is no fault."""

    head: Head | None
    seals: int
    rows_sealed: int
    rows_erased: int
    rows_waiting: int
    waiting_since: dt.datetime | None
    erasures: tuple[Erasure, ...]
    faults: tuple[Fault, ...]

    @property
    def is_intact(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class _Part:
    """A SealedTable without its long lists."""

    pk: int
    seal: int
    table: str
    columns: tuple[str, ...]
    after: int
    upto: int
    digest: str
    rows: int


@dataclass
class _Found:
    faults: list[Fault]
    erased: int = 0


@scope.everywhere()
def verify(heads: Iterable[Head] = ()) -> Verification:
    """Check everything there is against the seals, and the seals against heads that were printed (none need be given).

    A head may give the beginning of its hash, 16 characters at least. Nothing is sealed while this runs.
    """
    with transaction.atomic():
        is_only_sealer(wait=True)
        return _verify(heads)


def _verify(heads: Iterable[Head]) -> Verification:
    parts, found = _parts(), _Found([])
    seals = list(Seal.objects.order_by("number"))
    by_seal: dict[int, list[_Part]] = defaultdict(list)
    for part in parts:
        by_seal[part.seal].append(part)
    found.faults += _chain_faults(seals, by_seal)
    found.faults += _list_faults()
    for table, of_table in groupby(
        sorted(parts, key=lambda part: (part.table, part.after)), key=lambda part: part.table
    ):
        _check_table(table, list(of_table), found)
    found.faults += _head_faults(seals, heads)
    waiting, since = _waiting()
    return Verification(
        head=Head(seals[-1].number, seals[-1].hash) if seals else None,
        seals=len(seals),
        rows_sealed=sum(part.rows for part in parts),
        rows_erased=found.erased,
        rows_waiting=waiting,
        waiting_since=since,
        erasures=tuple(Erasure.objects.order_by("pk")),
        faults=tuple(found.faults),
    )


def _parts() -> list[_Part]:
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT id, seal_id, "table", columns, after_id, upto_id, digest, cardinality(row_ids)'
            " FROM audit_sealedtable ORDER BY seal_id, id"
        )
        return [
            _Part(pk, seal, table, tuple(columns), after, upto, digest, rows)
            for pk, seal, table, columns, after, upto, digest, rows in cursor.fetchall()
        ]


# --- The chain --------------------------------------------------------------------------------------------------------


def _chain_faults(seals: Sequence[Seal], parts: Mapping[int, list[_Part]]) -> list[Fault]:
    faults, before = [], Head(0, FIRST)
    for seal in seals:
        faults += _missing(before.number + 1, seal.number)
        tables = [
            stretch(each.table, list(each.columns), each.after, each.upto, each.digest) for each in parts[seal.number]
        ]
        if seal.hash != hash_of_seal(seal.number, seal.sealed_at, seal.previous, tables):
            faults.append(
                Fault(f"{_named(seal)} was changed after it was made: it no longer gives its hash.", seal.number)
            )
        if seal.number == before.number + 1 and seal.previous != before.hash:
            follows = f"seal {before.number}" if before.number else "the beginning"
            faults.append(Fault(f"{_named(seal)} does not follow on from {follows}.", seal.number))
        before = Head(seal.number, seal.hash)
    known = {seal.number for seal in seals}
    faults += [
        Fault(f"Seal {number} is missing, but lists of the rows it sealed are there.", number)
        for number in sorted(set(parts) - known)
        if number > before.number
    ]
    return faults


def _missing(first: int, end: int) -> list[Fault]:
    return [Fault(f"Seal {number} is missing from the chain.", number) for number in range(first, end)]


def _named(seal: Seal) -> str:
    at = timezone.localtime(seal.sealed_at)
    return f"Seal {seal.number} ({at.day} {at:%B %Y, %H:%M})"


def _list_faults() -> list[Fault]:
    """Seals whose own list of rows was changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT seal_id, "table" FROM audit_sealedtable WHERE digest <>'
            " encode(sha256(convert_to(array_to_string(row_ids, ','), 'UTF8') || row_digests), 'hex') ORDER BY id"
        )
        return [
            Fault(f"The list that seal {seal} keeps of rows in {table} was changed after it was made.", seal, table)
            for seal, table in cursor.fetchall()
        ]


def _head_faults(seals: Sequence[Seal], heads: Iterable[Head]) -> list[Fault]:
    faults, by_number = [], {seal.number: seal.hash for seal in seals}
    for head in heads:
        kept = by_number.get(head.number)
        if kept is None:
            last = f"the chain ends at seal {max(by_number)}" if by_number else "there are no seals at all"
            words = f"Seal {head.number} was printed, but {last}: the end was cut off."
            faults.append(Fault(words, head.number))
        elif len(head.hash) < SHORTEST_HASH or not kept.startswith(head.hash.lower()):
            words = f"Seal {head.number} was printed with another hash: the chain was made again, up to there at least."
            faults.append(Fault(words, head.number))
    return faults


# --- The rows ---------------------------------------------------------------------------------------------------------


def _check_table(name: str, parts: list[_Part], found: _Found) -> None:
    """The rows of one table against all the seals that cover it. `parts` are in the order of ids."""
    table = audit_tables().get(name)
    words = f"{table.words} ({name})" if table else name
    end = LOWEST
    for part in parts:
        if part.after != end:
            found.faults.append(Fault(f"Between seals, some rows of {words} are covered by none.", part.seal, name))
        end = part.upto
    lost = _lost_columns(name, {column for part in parts for column in part.columns})
    if lost:
        found.faults.append(Fault(f"Sealed rows of {words} cannot be checked: {lost}.", None, name))
        return
    for columns, run in groupby(parts, key=lambda part: part.columns):
        stretches = list(run)
        digests = _digests(name, columns, stretches)
        for number, part in enumerate(stretches, 1):
            if digests.get(number, _NOTHING) != part.digest:
                _compare_rows(part, words, found)


# Of a stretch without any row left: what `_digests` would give of nothing.
_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def _lost_columns(name: str, columns: set[str]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped",
            [connection.ops.quote_name(name)],
        )
        there = {row[0] for row in cursor.fetchall()}
    if not there:
        return "the table is gone"
    lost = sorted(columns - there)
    return f"the column {', '.join(lost)} is gone" if lost else ""


def _digests(name: str, columns: Sequence[str], parts: Sequence[_Part]) -> dict[int, str]:
    """The digest that each stretch has now, by its place from 1; stretches without a row are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT width_bucket(row_id, %s::bigint[]), encode(sha256(
                convert_to(string_agg(row_id::text, ',' ORDER BY row_id), 'UTF8')
                || string_agg(digest, ''::bytea ORDER BY row_id)
            ), 'hex')
            FROM audit_digests(%s, %s, %s, %s) GROUP BY 1
            """,
            [[part.after + 1 for part in parts], name, list(columns), parts[0].after, parts[-1].upto],
        )
        return dict(cursor.fetchall())


def _compare_rows(part: _Part, words: str, found: _Found) -> None:
    """Row by row: which were changed, put in, or are missing without an erasure."""
    kept = SealedTable.objects.get(pk=part.pk)
    listed = {
        row_id: bytes(kept.row_digests)[place * 32 : place * 32 + 32] for place, row_id in enumerate(kept.row_ids)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_id, digest FROM audit_digests(%s, %s, %s, %s)",
            [part.table, list(part.columns), part.after, part.upto],
        )
        there = {row_id: bytes(digest) for row_id, digest in cursor.fetchall()}
    erased = _erased(part.table)
    found.erased += len(erased & listed.keys() - there.keys())
    changed = [row for row in there if row in listed and listed[row] != there[row]]
    missing = [row for row in listed if row not in there and row not in erased]
    since = f"since seal {part.seal} was made"
    found.faults += _named_rows(part, changed, f"of {words}, or who made it and why, was changed {since}")
    found.faults += _named_rows(part, missing, f"of {words} is missing {since}, and no erasure was recorded")
    found.faults += _named_rows(part, [row for row in there if row not in listed], f"of {words} was put in {since}")


def _erased(table: str) -> set[int]:
    lists = ErasedRows.objects.filter(table=table).values_list("row_ids", flat=True)
    return {row_id for row_ids in lists for row_id in row_ids}


def _named_rows(part: _Part, rows: list[int], words: str) -> list[Fault]:
    faults = [Fault(f"Row {row} {words}.", part.seal, part.table, row) for row in sorted(rows)[:MOST_NAMED]]
    if len(rows) > MOST_NAMED:
        faults.append(Fault(f"{len(rows) - MOST_NAMED:,} more: each a row {words}.", part.seal, part.table))
    return faults


# --- What waits -------------------------------------------------------------------------------------------------------


def _waiting() -> tuple[int, dt.datetime | None]:
    """How many rows no seal covers yet, and when the oldest of them was written."""
    sealed = sealed_upto()
    selects = [_waiting_select(table) for table in audit_tables().values()]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(selects), [sealed.get(table.name, LOWEST) for table in audit_tables().values()]
        )
        rows = cursor.fetchall()
    times = [since for _, since in rows if since is not None]
    return sum(count for count, _ in rows), min(times, default=None)


def _waiting_select(table: AuditTable) -> str:
    quote = connection.ops.quote_name
    since = f"min({quote(table.at)})" if table.at else "NULL::timestamptz"
    return f"SELECT count(*), {since} FROM {quote(table.name)} WHERE {quote(table.key)} > %s"  # noqa: S608  our names
