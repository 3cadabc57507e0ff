"""Making seals: which rows are settled, their digests, and the chain.

Ids come from sequences, and a transaction that took a low id may commit after one that took a higher id. A seal may
only cover ids below which nothing can appear any more, or a late row would look like one put in afterwards. Whoever
inserts into a table holds a lock on it (RowExclusive) from before it takes an id until it has ended. So: read the
highest id there is; note who holds that lock; wait until these have ended. Every id up to the highest is then either
there to be read, or will never be. Those who begin meanwhile take higher ids. Nobody waits for the sealer.
"""

import datetime as dt
import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from commissioning.audit.models import Seal, SealedTable
from commissioning.audit.sealing.tables import AuditTable, audit_tables
from commissioning.core import scope

FIRST = "0" * 64
LOWEST = -(2**63)  # below every id, also one that somebody makes up
MOST_ROWS = 50_000  # of one table in one seal; more follow in the next
PATIENCE_SECONDS = 5.0
_POLL_SECONDS = 0.05

# Advisory locks are numbers; this one is the sealer's alone.
_LOCK = 0x5EA1


@dataclass(frozen=True)
class Head:
    """The last seal: what a working pack prints."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"

    @property
    def in_print(self) -> str:
        """`12:9f86d081 884c7d65 …`, which eyes and line breaks can follow; `verify_audit --head` reads it so."""
        return f"{self.number}:{' '.join(self.hash[place : place + 8] for place in range(0, 64, 8))}"


def head() -> Head | None:
    """The last seal of the chain; None before the first."""
    last = Seal.objects.order_by("-number").first()
    return Head(last.number, last.hash) if last else None


@scope.everywhere()
def seal_what_waits(*, wait: bool = True) -> Head | None:
    """Seal every settled row that no seal covers yet, and give the head of the chain (None if nothing ever was).

    One sealer works at a time; with `wait=False` nothing is done while another is at it. Tables in which somebody has
    been writing for longer than five seconds are left for the next time. Seals nothing where nothing is new.
    """
    more = True
    while more:
        with transaction.atomic():
            if not is_only_sealer(wait):
                break
            more = _seal_once()
    return head()


def is_only_sealer(wait: bool) -> bool:
    """The sealer's lock, held until the transaction ends."""
    function = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_LOCK])
        row = cursor.fetchone()
    return wait or bool(row and row[0])


def _seal_once() -> bool:
    """One seal over at most `MOST_ROWS` of each table. Whether more are waiting that could be sealed at once."""
    tables, sealed = audit_tables(), sealed_upto()
    waiting = _highest(tables.values(), sealed)
    for name in _unsettled(list(waiting)):
        waiting.pop(name)
    parts, more = [], False
    for name, highest in sorted(waiting.items()):
        part = _part(tables[name], sealed.get(name, LOWEST), highest)
        parts.append(part)
        more = more or part.upto_id < highest
    if parts:
        _add_seal(parts)
    return more


def sealed_upto() -> dict[str, int]:
    """By table, the highest id that a seal covers."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT "table", max(upto_id) FROM audit_sealedtable GROUP BY "table"')
        return dict(cursor.fetchall())


def _highest(tables: Iterable[AuditTable], sealed: Mapping[str, int]) -> dict[str, int]:
    """By table, the highest id there is, where that is above what is sealed."""
    quote = connection.ops.quote_name
    selects = [
        f"SELECT %s AS name, max({quote(table.key)}) AS highest FROM {quote(table.name)}"  # noqa: S608  our own names
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), [table.name for table in tables])
        found = cursor.fetchall()
    return {name: highest for name, highest in found if highest is not None and highest > sealed.get(name, LOWEST)}


def _unsettled(names: list[str]) -> set[str]:
    """The tables in which somebody who was writing just now still is, after a little patience."""
    before = _writing(names)
    until = time.monotonic() + PATIENCE_SECONDS
    still = before
    while still and time.monotonic() < until:
        time.sleep(_POLL_SECONDS)
        still = before & _writing(names)
    return {name for name, _ in still}


def _writing(names: list[str]) -> set[tuple[str, str]]:
    """Who holds the lock under which rows are inserted: pairs of table and transaction, apart from this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, l.virtualtransaction FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
            WHERE l.locktype = 'relation' AND l.mode = 'RowExclusiveLock' AND l.granted
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND c.oid = ANY (%s::regclass[]) AND l.pid IS DISTINCT FROM pg_backend_pid()
            """,
            [[connection.ops.quote_name(name) for name in names]],
        )
        return set(cursor.fetchall())


def _part(table: AuditTable, after: int, highest: int) -> SealedTable:
    """The rows of a table above `after`, as they will be kept with the seal; not saved yet."""
    upto = min(highest, _id_after_many(table, after) or highest)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_id, digest FROM audit_digests(%s, %s, %s, %s)", [table.name, list(table.columns), after, upto]
        )
        rows = cursor.fetchall()
    row_ids, digests = [row_id for row_id, _ in rows], b"".join(bytes(digest) for _, digest in rows)
    return SealedTable(
        table=table.name,
        columns=list(table.columns),
        after_id=after,
        upto_id=upto,
        row_ids=row_ids,
        row_digests=digests,
        digest=digest_of_rows(row_ids, digests),
    )


def _id_after_many(table: AuditTable, after: int) -> int | None:
    """The id of the last row that fits into this seal; None where all of them fit."""
    key, name = connection.ops.quote_name(table.key), connection.ops.quote_name(table.name)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key} FROM {name} WHERE {key} > %s ORDER BY {key} OFFSET %s LIMIT 1",  # noqa: S608  our own names
            [after, MOST_ROWS - 1],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def digest_of_rows(row_ids: Iterable[int], digests: bytes) -> str:
    """SHA-256 over the ids, with commas between, and the digests one after another."""
    return hashlib.sha256(",".join(map(str, row_ids)).encode() + digests).hexdigest()


def _add_seal(parts: list[SealedTable]) -> None:
    last = head()
    number, previous, at = (last.number if last else 0) + 1, last.hash if last else FIRST, timezone.now()
    tables = [stretch(part.table, part.columns, part.after_id, part.upto_id, part.digest) for part in parts]
    seal = Seal.objects.create(
        number=number, sealed_at=at, previous=previous, hash=hash_of_seal(number, at, previous, tables)
    )
    for part in parts:
        part.seal = seal
    SealedTable.objects.bulk_create(parts)


def stretch(table: str, columns: list[str], after_id: int, upto_id: int, digest: str) -> dict[str, object]:
    """What of a SealedTable a seal's hash covers."""
    return {"table": table, "columns": columns, "after": after_id, "upto": upto_id, "digest": digest}


def hash_of_seal(number: int, at: dt.datetime, previous: str, tables: list[dict[str, object]]) -> str:
    """SHA-256 over the seal as JSON with sorted keys, its tables in the order of their names."""
    content = {
        "number": number,
        "sealed_at": at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "previous": previous,
        "tables": sorted(tables, key=lambda table: str(table["table"])),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
