"""From sheets of text to typed rows: unknown and missing columns, cells that cannot be kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from commissioning.core.characters import foreign_letters, unseen_in
from commissioning.interchange.cells import NotAcceptable
from commissioning.interchange.faults import Report, shown
from commissioning.interchange.sources import Sheet
from commissioning.interchange.tables import Column, Key, Table


@dataclass
class Row:
    """One row of a file: the values of the columns that the file has."""

    number: int
    values: dict[str, Any]
    sound: bool = True


@dataclass
class Parsed:
    """A file's rows. `mentioned` are keys of rows that exist even where another cell of the row is at fault."""

    table: Table
    rows: list[Row] = field(default_factory=list)
    mentioned: set[Key] = field(default_factory=set)


def parse(table: Table, sheet: Sheet, report: Report) -> Parsed | None:
    """The sheet's rows; None, with faults, where its columns will not do."""
    places = _columns(table, sheet, report)
    if places is None:
        report.unreadable.add(table.file)
        return None
    readers = [(_Reader(table.file, column, report), place) for column, place in places]
    present = {column.name for column, _place in places}
    # A key column that the file does not have is empty.
    absent = {name: table.column(name).kind.empty for name in table.key if name not in present}
    parsed = Parsed(table)
    for number, cells in sheet.rows:
        row = Row(number, dict(absent))
        for reader, place in readers:
            reader.read(row, cells[place])
        parsed.rows.append(row)
        if all(name in row.values for name in table.key):
            parsed.mentioned.add(table.key_of(row.values))
    return parsed


def _columns(table: Table, sheet: Sheet, report: Report) -> list[tuple[Column, int]] | None:
    """The columns of the table that the sheet has, with their places."""
    places: dict[str, int] = {}
    sound = True
    for place, name in enumerate(sheet.header):
        if name not in table.names:
            if name:
                report.finding(table.file, 1, f"The column “{shown(name)}” is not known and was ignored.")
        elif name in places:
            report.fault(table.file, 1, name, name, "This column is here twice. Remove one of them.")
            sound = False
        else:
            places[name] = place
    for column in table.columns:
        if column.required and column.name not in places:
            report.fault(table.file, 1, column.name, *_missing(column.name, sheet.header))
            sound = False
    if not sound:
        return None
    return [(column, places[column.name]) for column in table.columns if column.name in places]


def _missing(name: str, header: Sequence[str]) -> tuple[str, str]:
    """What stands where a column should be, if it only looks like it, and what to do."""
    for given in header:
        foreign = foreign_letters(given)
        if foreign and len(given) == len(name) and all(a == b for a, b in zip(given, name, strict=True) if a.isascii()):
            return given, f"This looks like {name}, but “{foreign}” is not of our alphabet. Type the name again."
    return "", f"The column {name} is missing. Add it."


class _Reader:
    """Reads one column; the same text is parsed once."""

    def __init__(self, file: str, column: Column, report: Report) -> None:
        self.file, self.column, self.report = file, column, report
        self.known: dict[str, Any] = {}

    def read(self, row: Row, text: str) -> None:
        """Puts the cell's value into the row, or a fault into the report."""
        try:
            value = self.known[text]
        except KeyError:
            value = self.known[text] = self._parsed(text)
        if isinstance(value, NotAcceptable):
            row.sound = False
            if not self.report.has_fault(self.file, row.number, self.column.name):
                self.report.fault(self.file, row.number, self.column.name, text, str(value))
        else:
            row.values[self.column.name] = value

    def _parsed(self, text: str) -> Any:
        try:
            return parse_cell(self.column, text)
        except NotAcceptable as error:
            return error


def parse_cell(column: Column, text: str) -> Any:
    """A cell's value. Raises NotAcceptable with what to do."""
    if not text.strip():
        if column.required and not column.may_be_empty:
            raise NotAcceptable("This must not be empty. Fill it in.")
        return column.blank
    if hidden := unseen_in(text):
        raise NotAcceptable(f"This holds a control character ({hidden}), which cannot be seen. Type the text again.")
    value = column.kind.parse(text)
    if column.required and value == column.kind.empty:
        raise NotAcceptable("This must not be empty. Fill it in.")
    return value
