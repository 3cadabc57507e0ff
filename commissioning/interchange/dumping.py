"""From what is stored to files: every column, rows in the order of their keys, the same bytes for the same data."""

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

from commissioning.accounts.models import Partnership
from commissioning.core.tables import as_csv
from commissioning.interchange.sources import zipped
from commissioning.interchange.stored import World, is_dumped, stored_rows
from commissioning.interchange.tables import TABLES, Table


def dumped_rows(world: World, table: Table) -> Iterator[list[str]]:
    """A file's rows as text in the order of their keys by code point, the header first."""
    yield list(table.names)
    stored = stored_rows(world, table)
    for key in sorted(stored):
        values = stored[key].values
        if is_dumped(table, values):
            yield [column.kind.format(values[column.name]) for column in table.columns]


def dump_files(partnership: Partnership) -> dict[str, bytes]:
    """Every file of the partnership's dataset, those without rows too. Raises Refused for what cannot be named."""
    world = World.of(partnership)
    return {table.file: as_csv(dumped_rows(world, table)).encode() for table in TABLES}


def dump_zip(partnership: Partnership) -> bytes:
    return zipped(dump_files(partnership))


def dump_spreadsheet(partnership: Partnership) -> bytes:
    """The same rows, a sheet for each file. Text is never a formula; numbers are numbers."""
    world = World.of(partnership)
    book = openpyxl.Workbook(write_only=True)
    for table in TABLES:
        sheet = book.create_sheet(table.file.removesuffix(".csv"))
        sheet.freeze_panes = "A2"
        numeric = [column.kind.is_number for column in table.columns]
        for number, row in enumerate(dumped_rows(world, table)):
            if number == 0:
                sheet.append(row)
                continue
            sheet.append([_cell(sheet, text, is_number) for text, is_number in zip(row, numeric, strict=True)])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cell(sheet: Any, text: str, is_number: bool) -> Any:
    if not text:
        return None
    if is_number:
        return float(text)
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    # Only what a spreadsheet would take for a formula or an error needs a cell that says it is text.
    if not text.startswith(("=", "#")):
        return text
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell
