"""A file's rows laid over what is stored: the state that a load would leave, and which row of the file each part is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from commissioning.interchange.cells import Link
from commissioning.interchange.faults import Report
from commissioning.interchange.parsing import Parsed, Row
from commissioning.interchange.stored import Stored
from commissioning.interchange.tables import Key, Table


@dataclass
class Entry:
    """One record after the load. `number` is its row in the file, None where the file does not hold it."""

    key: Key
    values: dict[str, Any]
    number: int | None = None
    given: dict[str, Any] = field(default_factory=dict)
    stored: Stored | None = None
    # An organisation that exists already but has no code in this partnership yet.
    existing: int | None = None

    @property
    def differences(self) -> dict[str, tuple[Any, Any]]:
        """Columns that the file changes: what is stored, what the file says."""
        if self.stored is None:
            return {}
        before = self.stored.values
        return {name: (before[name], value) for name, value in self.given.items() if before[name] != value}

    @property
    def is_new(self) -> bool:
        return self.number is not None and (self.stored is None or self.existing is not None)

    @property
    def is_changed(self) -> bool:
        return self.number is not None and not self.is_new and bool(self.differences)


@dataclass
class Merged:
    """All records of one file after the load, by key."""

    table: Table
    entries: dict[Key, Entry]
    mentioned: set[Key] = field(default_factory=set)

    @property
    def in_file(self) -> Iterator[Entry]:
        return (entry for entry in self.entries.values() if entry.number is not None)

    def knows(self, key: Key) -> bool:
        return key in self.entries or key in self.mentioned

    def refers_to(self, reference: str) -> bool:
        """Whether some row has the reference, which is the first part of its key."""
        return reference in self._references

    @cached_property
    def _references(self) -> set[str]:
        return {key[0] for key in (*self.entries, *self.mentioned) if key}


def merge(table: Table, parsed: Parsed | None, stored: dict[Key, Stored], report: Report) -> Merged:
    """Lays the file over what is stored. A key that stands twice is a fault even if the rows are identical."""
    merged = Merged(table, {key: Entry(key, row.values, stored=row) for key, row in stored.items()})
    if parsed is None:
        return merged
    merged.mentioned = parsed.mentioned
    first_rows: dict[Key, int] = {}
    for row in parsed.rows:
        if not all(name in row.values for name in table.key):
            continue
        key = table.key_of(row.values)
        if key in first_rows:
            _twice(table, key, first_rows[key], row, report)
        else:
            first_rows[key] = row.number
            if row.sound:
                merged.entries[key] = _entry(table, key, row, stored.get(key))
    return merged


def _twice(table: Table, key: Key, first: int, row: Row, report: Report) -> None:
    column = table.key[-1] if len(table.key) == 1 else ""
    named = table.name_of(key) or table.file
    message = f"This is also on row {first}. Remove row {first} or row {row.number}, or give one another key."
    report.fault(table.file, row.number, column, named, message)


def _entry(table: Table, key: Key, row: Row, stored: Stored | None) -> Entry:
    before = stored.values if stored else {column.name: column.blank for column in table.columns}
    return Entry(key, {**before, **row.values}, row.number, row.values, stored)


def check_links(merged: dict[str, Merged], report: Report) -> None:
    """Every reference names a record of this partnership, stored or in the files."""
    for table in (each.table for each in merged.values()):
        for column in table.columns:
            if isinstance(column.kind, Link) and column.kind.file not in report.unreadable:
                _check_link(merged[table.file], column.name, column.kind, merged[column.kind.file], report)


def _check_link(merged: Merged, name: str, kind: Link, target: Merged, report: Report) -> None:
    for entry in merged.in_file:
        reference = entry.given.get(name)
        if reference is not None and not target.refers_to(reference):
            message = f"This partnership has no {kind.noun} with this reference. Correct it, or add it to {kind.file}."
            report.fault(merged.table.file, entry.number, name, reference, message)


def check_rows(merged: Merged, report: Report) -> None:
    """Rules within one row, over what the row will be: columns that the file lacks keep what is stored."""
    table = merged.table
    for entry in merged.in_file:
        for check in table.checks:
            for name, message in check(entry.values):
                text = table.column(name).kind.format(entry.values[name])
                report.fault(table.file, entry.number, name, text, message)
