"""Everything that is kept of one person, table by table, as the registry says: rows as text for people and machines."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone

from commissioning.core import periods, scope
from commissioning.core.money import format_pence, to_pence
from commissioning.overview.queries.person.page_titles import title_of
from commissioning.rights.registry import OWN, TABLES, Column, Kind, OwnTable
from finance.models import CostLine
from people.models import Person

# What changes by looking at it, or by preparing the copy, is no change of the record.
NOT_FINGERPRINTED = frozenset({"looked", "rights"})


@dataclass(frozen=True)
class Cell:
    """One value. `text` is for people, `plain` for machines: dates as 2026-10-31, choices by their code."""

    column: Column
    text: str
    plain: str


@dataclass(frozen=True)
class Row:
    """One record of a table: its number in the database and its cells, in the table's order of columns."""

    pk: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Filled:
    """A table with the person's rows."""

    table: OwnTable
    rows: tuple[Row, ...]

    def heading(self, column: Column) -> str:
        return heading(self.table, column)


@scope.everywhere()
def gather(person: Person) -> tuple[Filled, ...]:
    """Every table of the registry with this person's rows, in the copy's order. About 30 queries.

    Whoever asks gets the same rows, drafts of colleagues included: the person was found through their own scope.
    """
    keys = Keys(person)
    return tuple(_filled(table, keys) for table in OWN)


def fingerprint(tables: Iterable[Filled]) -> str:
    """The SHA-256 of what is kept of the person: it changes with every value and every row, not with looks at it."""
    rows = [
        [filled.table.label, row.pk, [cell.plain for cell in row.cells]]
        for filled in tables
        if filled.table.section not in NOT_FINGERPRINTED
        for row in filled.rows
    ]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


class Keys:
    """The numbers of a person's records by table, read once each."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self._live: dict[str, list[int]] = {"people.Person": [person.pk]}

    def live(self, label: str) -> list[int]:
        if label not in self._live:
            self._live[label] = list(self.rows(TABLES[label]).values_list("pk", flat=True))
        return self._live[label]

    def rows(self, table: OwnTable) -> "models.QuerySet[models.Model]":
        """The person's rows of a table."""
        found = table.model._default_manager.order_by("pk")
        if not table.parent:
            return found.filter(pk=self.person.pk)
        if table.label == "rights.LegalHold":
            everybody = models.Q(person__isnull=True, partnership=self.person.partnership_id)
            return found.filter(everybody | models.Q(person=self.person))
        own = models.Q(**{f"{table.link}__in": self.live(table.parent)})
        if table.label == "finance.CostLine":
            return found.filter(own | models.Q(pk__in=self._of_their_places()))
        return found.filter(own)

    def _of_their_places(self) -> "models.QuerySet[Any, Any]":
        """Prices of contracts of which the person had a part: in force on a day of a placement under the contract."""
        return CostLine.objects.filter(
            models.Q(contract__placements__end__isnull=True)
            | models.Q(start__lte=models.F("contract__placements__end")),
            models.Q(end__isnull=True) | models.Q(end__gte=models.F("contract__placements__start")),
            contract__placements__in=self.live("people.Placement"),
        ).values("pk")


def _filled(table: OwnTable, keys: Keys) -> Filled:
    named = [field.name for field in table.model._meta.concrete_fields if field.is_relation]
    rows = keys.rows(table).select_related(*[name for name in named if name in table.names])
    return Filled(table, tuple(Row(row.pk, cells_of(table, row)) for row in rows))


def cells_of(table: OwnTable, row: models.Model) -> tuple[Cell, ...]:
    return tuple(_cell(table, column, row) for column in table.columns)


def _cell(table: OwnTable, column: Column, row: models.Model) -> Cell:
    field = table.model._meta.get_field(column.name)
    value = getattr(row, column.name)
    return Cell(column, in_words(table, field, value), in_plain(value))


def heading(table: OwnTable, column: Column) -> str:
    """What a column is called in a copy."""
    name = column.label or str(getattr(table.model._meta.get_field(column.name), "verbose_name", column.name))
    return name[:1].upper() + name[1:]


def in_words(table: OwnTable, field: Any, value: Any) -> str:
    """A value as people read it; nothing is empty."""
    if value in (None, "", [], {}):
        return ""
    if field.name == "month":
        return periods.Month.of(value).words
    if field.name == "route" and table.label == "audit.RecordRead":
        return title_of(value)
    if field.name == "checklist":
        return f"{periods.Month.of(value.month).words}: {value.get_view_display().lower()}"
    base = getattr(field, "base_field", field)
    names = {key: str(name) for key, name in base.flatchoices} if getattr(base, "flatchoices", None) else {}
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(names.get(each, str(each)) for each in value)
    return names.get(value, str(value)) if names else _said(value)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.datetime):
        local = timezone.localtime(value)
        return f"{periods.words(local.date())}, {local:%H:%M}"
    if isinstance(value, dt.date):
        return periods.words(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value.as_tuple().exponent != -2 else format_pence(to_pence(value))[1:]
    if isinstance(value, dict | list):
        return "\n".join(_flat(value))
    return str(value)


def _flat(value: Any, name: str = "") -> Iterable[str]:
    """The words inside what was kept as a structure, a line each, with their names before them."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _flat(each, f"{name} {key}".strip())
    elif isinstance(value, list):
        for each in value:
            yield from _flat(each, name)
    elif value not in (None, ""):
        yield f"{name.replace('_', ' ')}: {value}" if name else str(value)


def in_plain(value: Any) -> str:
    """A value as machines read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def is_number_only(cell: Cell) -> bool:
    """An answer that is a number, yes or no names nobody."""
    text = cell.plain.strip().casefold()
    return text in {"", "yes", "no", "true", "false"} or text.replace(".", "", 1).lstrip("-").isdecimal()


def texts_in(cells: Iterable[Cell]) -> Iterable[Cell]:
    """Free text that a human must read."""
    return (cell for cell in cells if cell.column.kind is Kind.WORDS and not is_number_only(cell))
