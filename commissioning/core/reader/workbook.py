"""Excel workbooks (.xlsx), sheet by sheet. Nothing in them is run, computed or followed."""

import datetime as dt
import sys
import zipfile
from collections.abc import Iterable
from typing import IO, Any

# Arrays and lxml would be used where they are installed; neither is needed here, and each is one more parser.
sys.modules.setdefault("lxml", None)  # type: ignore[arg-type]  # None is how Python notes that a module is not there
sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]

import defusedxml  # noqa: E402 after the two above
import openpyxl  # noqa: E402
from openpyxl.utils.exceptions import InvalidFileException  # noqa: E402

from commissioning.core.reader.archive import WORKBOOK, open_archive, shown  # noqa: E402
from commissioning.core.reader.asked import MEGABYTE, Asked, Limits  # noqa: E402
from commissioning.core.reader.speaking import Speaker, Unreadable  # noqa: E402

LAST_ROW = 1_048_576
# Excel counts a 29 February 1900 that never was, so its days before March of that year are not what they look like.
FIRST_SURE_DAY = dt.date(1900, 3, 1)
CANNOT_BE_OPENED = "This workbook cannot be opened. Save it again as an Excel workbook (.xlsx)."
MACROS = "This workbook holds macros, which are not taken. Save it as an Excel workbook without macros (.xlsx)."
LINKED = (
    "This workbook is linked to other files, to a data source or holds another document in it. "
    "Copy the values into a new workbook (paste values only) and choose that."
)
OTHER_SPREADSHEET = "This is not an Excel workbook (.xlsx), whatever its name says. Save it as one, then choose that."
_MACRO_PARTS = ("xl/vbaproject", "xl/macrosheets/", "xl/dialogsheets/", "xl/vbadata")
_LINKED_PARTS = (
    "xl/externallinks/",
    "xl/connections.xml",
    "xl/querytables/",
    "xl/embeddings/",
    "xl/activex/",
    "xl/model/",
)
_DATA_PARTS = ("xl/worksheets/", "xl/sharedstrings.xml")
# What openpyxl raises for a workbook that is broken or hostile.
_BROKEN = (
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    SyntaxError,
    OverflowError,
    RecursionError,
    EOFError,
    NotImplementedError,
    zipfile.BadZipFile,
    zipfile.zlib.error,  # type: ignore[attr-defined]  # zipfile has no stubs for what it imports
    defusedxml.DefusedXmlException,
    InvalidFileException,
)


def read_workbook(source: IO[bytes], asked: Asked, say: Speaker) -> None:
    """The wanted sheets. Raises Unreadable where the workbook may not or cannot be opened."""
    archive = open_archive(source, asked.limits)
    _check_parts(archive, asked.limits)
    if asked.only_check:
        return
    archive.close()
    source.seek(0)
    try:
        book = openpyxl.load_workbook(source, read_only=True, data_only=False, keep_links=False)
        for sheet in book.worksheets:
            _read_sheet(sheet, asked, say)
    except MemoryError:
        raise
    except _BROKEN as error:
        raise Unreadable(CANNOT_BE_OPENED) from error


def _check_parts(archive: zipfile.ZipFile, limits: Limits) -> None:
    """What a workbook may be made of, by the names of its parts."""
    names = [name.casefold() for name in archive.namelist()]
    if "mimetype" in names or "content.xml" in names or WORKBOOK.casefold() not in names:
        raise Unreadable(OTHER_SPREADSHEET)
    if any(name.startswith(_MACRO_PARTS) or name.endswith("vbaproject.bin") for name in names):
        raise Unreadable(MACROS)
    if "xl/workbook.bin" in names or not any(name.startswith("xl/") for name in names):
        raise Unreadable(OTHER_SPREADSHEET)
    if any(name.startswith(_LINKED_PARTS) for name in names):
        raise Unreadable(LINKED)
    for member in archive.infolist():
        is_data = member.filename.casefold().startswith(_DATA_PARTS)
        if member.file_size > (limits.expanded if is_data else limits.support_part):
            raise Unreadable(
                f"“{shown(member.filename)}” in it has {member.file_size // MEGABYTE:,} MB of formatting. "
                "Copy the values into a new workbook (paste values only) and choose that."
            )
    try:
        kinds = archive.read(archive.namelist()[names.index(WORKBOOK.casefold())])
    except (zipfile.BadZipFile, EOFError, OSError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise Unreadable(CANNOT_BE_OPENED) from error
    if b"macroEnabled" in kinds:
        raise Unreadable(MACROS)


def _read_sheet(sheet: Any, asked: Asked, say: Speaker) -> None:
    if sheet.title.strip().casefold().removesuffix(".csv") + ".csv" not in asked.wanted and asked.wanted:
        say.ignored(f"sheet {shown(sheet.title)}")
        return
    say.table(sheet.title)
    sheet.reset_dimensions()  # what it claims of its size is not believed
    _read_rows(sheet.iter_rows(), asked, say)
    say.flush()


def _read_rows(rows: Iterable[tuple[Any, ...]], asked: Asked, say: Speaker) -> None:
    faults_left = asked.limits.cell_faults
    for number, cells in enumerate(rows, start=1):
        if number > LAST_ROW:
            say.fault(number, "", "A worksheet has at most 1,048,576 rows. Save the workbook again.")
            return
        if not any(cell.value is not None for cell in cells):
            continue
        if len(cells) > asked.limits.columns and any(cell.value is not None for cell in cells[asked.limits.columns :]):
            message = f"This row has more than {asked.limits.columns} columns. Remove the columns that are not needed."
            say.fault(number, "", message)
            return
        texts = []
        for place, cell in enumerate(cells):
            text, fault = _text(cell, asked.limits.cell)
            texts.append(text)
            if fault and faults_left:
                faults_left -= 1
                say.cell(number, place, text or str(cell.value), fault)
        say.row(number, _trimmed(texts))


def _trimmed(texts: list[str]) -> list[str]:
    last = len(texts)
    while last and not texts[last - 1]:
        last -= 1
    return texts[:last]


def _text(cell: Any, longest: int) -> tuple[str, str]:
    """A cell's text, and what is to be done about it where it cannot be taken."""
    value = cell.value
    if value is None:
        return "", ""
    if cell.data_type == "f":
        return str(getattr(value, "text", value))[
            :200
        ], "Replace the formula by its value (copy, then paste values only)."
    if cell.data_type == "e":
        return str(value), "Replace this spreadsheet error by a value."
    if isinstance(value, dt.date) and dt.date(value.year, value.month, value.day) < FIRST_SURE_DAY:
        return "", "Excel’s dates before 1 March 1900 cannot be relied on. Type the date as text, like 1900-01-31."
    text = cell_text(value)
    if len(text) > longest:
        return text[:200], f"This cell has more than {longest:,} characters. Shorten it."
    return text, ""


def cell_text(value: Any) -> str:
    """A spreadsheet's value as the CSV file would have it: numbers as shown (15 digits), dates in ISO form."""
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
