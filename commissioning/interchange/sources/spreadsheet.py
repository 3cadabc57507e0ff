"""The same sheets in one .xlsx: read only, without running anything."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable
from typing import Any

import defusedxml
import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from commissioning.core.errors import Refused
from commissioning.interchange.faults import Report
from commissioning.interchange.sources.limits import check_archive
from commissioning.interchange.sources.sheet import Sheet, make_sheet
from commissioning.interchange.tables import BY_FILE

MOST_COLUMNS = 60
# What openpyxl raises for a spreadsheet that is broken or hostile.
UNREADABLE = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    SyntaxError,
    zipfile.BadZipFile,
    defusedxml.DefusedXmlException,
    InvalidFileException,
)


def read_spreadsheet(name: str, contents: bytes, report: Report) -> dict[str, Sheet]:
    """The sheets of a spreadsheet by the file each stands for. Raises Refused where it cannot be opened."""
    check_archive(contents)
    try:
        book = openpyxl.load_workbook(io.BytesIO(contents), read_only=True, data_only=False, keep_links=False)
        sheets = _sheets(name, book, report)
    except UNREADABLE as error:
        raise Refused("This spreadsheet cannot be opened. Save it again as an Excel workbook (.xlsx).") from error
    return sheets


def _sheets(name: str, book: Any, report: Report) -> dict[str, Sheet]:
    sheets: dict[str, Sheet] = {}
    for sheet in book.worksheets:
        file = sheet.title.strip().casefold().removesuffix(".csv") + ".csv"
        if file not in BY_FILE:
            report.finding(f"{name}, sheet {sheet.title}", None, "This is not a sheet of a dataset and was ignored.")
            continue
        sheet.reset_dimensions()
        rows = _rows(file, sheet.iter_rows(max_col=MOST_COLUMNS), report)
        if rows and (made := make_sheet(file, rows, report)) is not None:
            sheets[file] = made
    return sheets


def _rows(file: str, rows: Iterable[tuple[Any, ...]], report: Report) -> list[tuple[int, list[str]]]:
    numbered: list[tuple[int, list[str]]] = []
    header: list[str] = []
    for number, cells in enumerate(rows, start=1):
        if all(cell.value is None for cell in cells):
            continue
        texts = [_text(file, number, place, header, cell, report) for place, cell in enumerate(cells)]
        header = header or texts
        numbered.append((number, texts))
    return numbered


def _text(file: str, number: int, place: int, header: list[str], cell: Any, report: Report) -> str:
    column = header[place] if place < len(header) else ""
    value = cell.value
    if cell.data_type == "f":
        formula = str(getattr(value, "text", value))
        report.fault(file, number, column, formula, "Replace the formula by its value (copy, then paste values only).")
        return ""
    if cell.data_type == "e":
        report.fault(file, number, column, str(value), "Replace this spreadsheet error by a value.")
        return ""
    return cell_text(value)


def cell_text(value: Any) -> str:
    """A spreadsheet's value as the CSV file would have it: numbers as shown (15 digits), dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return _number(value)
    return str(value)


def _number(value: float) -> str:
    """Fifteen significant digits, which is all a spreadsheet shows, so binary noise disappears."""
    text = f"{value:.15g}"
    if "e" in text:
        text = f"{value:.10f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
