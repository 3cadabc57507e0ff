"""What the reader found, checked: its words are those of a process that read something hostile."""

import json
from dataclasses import dataclass, field
from typing import Any

Row = tuple[int, list[str]]


class Nonsense(ValueError):
    """The reader said something that it never says."""


@dataclass(frozen=True)
class TableFault:
    """Why a table could not be read whole. `row` is as a spreadsheet numbers it, None where it is about the file."""

    row: int | None
    value: str
    message: str

    def __str__(self) -> str:
        return f"Row {self.row}: {self.message}" if self.row else self.message


@dataclass(frozen=True)
class CellFault:
    """A cell that cannot be taken, such as a formula. `place` counts columns from 0."""

    row: int
    place: int
    value: str
    message: str


@dataclass
class Table:
    """One file or sheet: its rows with their numbers, blank ones included where they are in a CSV file."""

    name: str
    rows: list[Row] = field(default_factory=list)
    cell_faults: list[CellFault] = field(default_factory=list)
    fault: TableFault | None = None


@dataclass
class Found:
    """What the reader has said so far. `ignored` are files or sheets that were not asked for."""

    tables: list[Table] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    refusal: str = ""
    peak: int | None = None

    @property
    def is_done(self) -> bool:
        return self.peak is not None

    def take(self, frame: bytes) -> None:
        """Raises Nonsense, or a ValueError or TypeError, for what the reader never says."""
        try:
            kind, *said = json.loads(frame)
        except (ValueError, TypeError, RecursionError) as error:
            raise Nonsense(str(error)) from error
        if kind == "rows" and self.tables:
            self.tables[-1].rows.extend(_rows(said))
        elif kind == "table" and _are(said, str):
            self.tables.append(Table(said[0]))
        elif kind == "cell" and self.tables and _are(said, int, int, str, str):
            self.tables[-1].cell_faults.append(CellFault(*said))
        elif kind == "fault" and self.tables and _are(said, int | None, str, str):
            self.tables[-1].fault = TableFault(*said)
        elif kind == "ignored" and _are(said, str):
            self.ignored.append(said[0])
        elif kind == "refused" and _are(said, str):
            self.refusal = said[0]
        elif kind == "done" and _are(said, int):
            self.peak = said[0]
        else:
            raise Nonsense(f"a frame of kind {kind!r}"[:80])


def _are(said: list[Any], *kinds: Any) -> bool:
    return len(said) == len(kinds) and all(isinstance(each, kind) for each, kind in zip(said, kinds, strict=True))


def _rows(said: list[Any]) -> list[Row]:
    (rows,) = said
    for number, cells in rows:
        if type(number) is not int or type(cells) is not list or not set(map(type, cells)) <= {str}:
            raise Nonsense("a row that is no row")
    return [(number, cells) for number, cells in rows]
