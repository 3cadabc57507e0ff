"""What a file of the dataset is: its columns, its key and the records its rows become. Load, dump, spreadsheet and
documentation all read the same declaration."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q

from commissioning.interchange.cells import Kind, Link

Values = Mapping[str, Any]
Key = tuple[str, ...]
# What is wrong within one row: the column and what to do.
RowCheck = Callable[[Values], Iterator[tuple[str, str]]]


@dataclass(frozen=True)
class Column:
    """One column. `stored` is the model's field it reads and writes (its own name unless given)."""

    name: str
    kind: Kind
    required: bool = False
    stored: str = ""
    # A needed column whose cells may be empty all the same: a check of the table says when.
    may_be_empty: bool = False
    # Written by every dump, but not among the columns that the published format names.
    extra: bool = False
    # What an empty or absent cell means for a new record, where that is not what the kind of cell says.
    default: Any = None

    @property
    def blank(self) -> Any:
        return self.kind.empty if self.default is None else self.default

    @property
    def field(self) -> str:
        base = self.stored or self.name
        return f"{base}_id" if isinstance(self.kind, Link) else base


@dataclass(frozen=True)
class Table:
    """One file. `models` are the models whose records its rows are."""

    file: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    models: tuple[type[Model], ...]
    # The lookup from the model to its partnership; several where one or the other leads there.
    owner: str | tuple[str, ...] = "partnership"
    checks: tuple[RowCheck, ...] = ()
    # Changed rows that must be written before the others, so that no two overlap on the way.
    first: Callable[[Values, Values], bool] | None = None
    # Fields of the models that no column holds, each with why.
    left_out: Mapping[str, str] = field(default_factory=dict)

    def owned_by(self, partnership: int) -> Q:
        """Which of the model's records are a partnership's."""
        lookups = (self.owner,) if isinstance(self.owner, str) else self.owner
        return reduce(or_, (Q(**{lookup: partnership}) for lookup in lookups))

    @property
    def model(self) -> type[Model]:
        return self.models[0]

    def column(self, name: str) -> Column:
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def key_of(self, values: Values) -> Key:
        """The key as text, which is what rows are told apart and sorted by."""
        return tuple(self._text(name, values.get(name)) for name in self.key)

    def _text(self, name: str, value: Any) -> str:
        return value if isinstance(value, str) else self.column(name).kind.format(value)

    def name_of(self, key: Key) -> str:
        """A record in words: `JO-1-A`, or `JO-2, ICB, s117, 2026-05-01`."""
        return ", ".join(part for part in key if part)


def link(file: str, noun: str) -> Link:
    return Link(file=file, noun=noun)


def person() -> Link:
    return link("people.csv", "person")


def placement() -> Link:
    return link("placements.csv", "placement")


def organisation() -> Link:
    return link("organisations.csv", "organisation")


def ends_after(start: str = "start", end: str = "end") -> RowCheck:
    """The last day is not before the first."""

    def check(values: Values) -> Iterator[tuple[str, str]]:
        first, last = values.get(start), values.get(end)
        if first and last and last < first:
            yield end, f"This is before {start} ({first.isoformat()}). Correct one of the two dates."

    return check


def at_least(name: str, lowest: int, *, above: bool = False) -> RowCheck:
    """A number that is not below, or is above, the lowest."""

    def check(values: Values) -> Iterator[tuple[str, str]]:
        value = values.get(name)
        if value is not None and (value < lowest or (above and value == lowest)):
            yield name, f"Write an amount {'above' if above else 'of at least'} {lowest}."

    return check


def shrinks(before: Values, after: Values) -> bool:
    """The days after the change lie within the days before it: writing these first avoids passing overlaps."""
    old_end, new_end = before.get("end"), after.get("end")
    starts_within = after["start"] >= before["start"]
    return bool(starts_within and (old_end is None or (new_end is not None and new_end <= old_end)))
