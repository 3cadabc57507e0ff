"""The history of a person's records, as sentences: when, what, from what to what, by whom."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from commissioning.core import scope
from commissioning.rights.gathering import Cell, in_plain, in_words
from commissioning.rights.history import Events
from commissioning.rights.registry import OWN, Column, OwnTable
from people.models import Person

KINDS = {"insert": "Added", "update": "Changed", "delete": "Removed"}


@dataclass(frozen=True)
class Change:
    """One change of one record. `number` counts the records of a table from 1; `before` is empty for a new one.

    `cells` are the values that changed: as they were, and as they became.
    """

    at: dt.datetime
    table: OwnTable
    number: int
    what: str
    by: str
    cells: tuple[tuple[Cell, Cell], ...]


@scope.everywhere()
def changes_of(person: Person) -> tuple[Change, ...]:
    """Every kept change of the person's records, oldest first. Two queries for each table that keeps a history."""
    seen = Events(person)
    found = [change for table in OWN if table.is_history_shown for change in _of_table(table, seen)]
    return tuple(sorted(found, key=lambda change: change.at))


def _of_table(table: OwnTable, seen: Events) -> Iterator[Change]:
    before: dict[int, Any] = {}
    numbers: dict[int, int] = {}
    events = seen.events(table)
    named = _Named(table, events)
    for event in events:
        number = numbers.setdefault(event.pgh_obj_id, len(numbers) + 1)
        earlier = None if event.pgh_label == "insert" else before.get(event.pgh_obj_id)
        cells = tuple(_differences(table, earlier, event, named))
        before[event.pgh_obj_id] = event
        if cells or event.pgh_label != "update":
            yield Change(event.pgh_created_at, table, number, KINDS.get(event.pgh_label, "Changed"), _who(event), cells)


class _Named:
    """What the events of a table point at, by its number: read at once, since much of it may be gone."""

    def __init__(self, table: OwnTable, events: list[Any]) -> None:
        self.table = table
        self.fields: dict[str, Any] = {name: table.model._meta.get_field(name) for name in table.names}
        self._found: dict[str, Mapping[Any, Any]] = {}
        for name, field in self.fields.items():
            if field.is_relation:
                numbers = {getattr(event, f"{name}_id") for event in events}
                self._found[name] = field.related_model._base_manager.in_bulk(numbers - {None})

    def cell(self, column: Column, event: Any) -> Cell:
        field = self.fields[column.name]
        value = getattr(event, field.attname)
        if field.is_relation and value is not None:
            value = self._found[column.name].get(value, "no longer kept")
            return Cell(column, value if isinstance(value, str) else in_words(self.table, field, value), str(value))
        return Cell(column, in_words(self.table, field, value), in_plain(value))


def _who(event: Any) -> str:
    return str((event.pgh_context.metadata or {}).get("name") or "") if event.pgh_context else ""


def _differences(table: OwnTable, earlier: Any, event: Any, named: _Named) -> Iterator[tuple[Cell, Cell]]:
    """What changed; all that is filled in for a new record, nothing for a removed one, whose values stand before it."""
    if event.pgh_label == "delete":
        return
    for column in table.columns:
        raw = named.fields[column.name].attname
        if earlier is not None and getattr(earlier, raw) == getattr(event, raw):
            continue
        if earlier is None and getattr(event, raw) in (None, "", [], {}):
            continue
        old = Cell(column, "", "") if earlier is None else named.cell(column, earlier)
        yield old, named.cell(column, event)
