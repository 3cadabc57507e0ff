"""Tables as a spreadsheet file: text is never a formula, amounts are numbers."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

Cell: TypeAlias = str | int | float | Decimal | None
Sheet: TypeAlias = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]
POUNDS = "#,##0.00"


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """An .xlsx of sheets, each a title, a header and rows. The header stays in view."""
    book = openpyxl.Workbook(write_only=True)
    for title, header, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for row in (header, *rows):
            sheet.append([_cell(sheet, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cell(sheet: Any, value: Cell) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, Decimal):
        cell = WriteOnlyCell(sheet)
        cell.value = value
        cell.number_format = POUNDS
        return cell
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    # Only what a spreadsheet would take for a formula or an error needs a cell that says it is text.
    if not text.startswith(("=", "#")):
        return text
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell
