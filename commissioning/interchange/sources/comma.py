"""CSV files: UTF-8, comma separated."""

import csv
import io

from commissioning.interchange.faults import Report
from commissioning.interchange.sources.sheet import Sheet, make_sheet

LONGEST_CELL = 100_000
HOW_TO_SAVE = (
    "In Excel choose Save as, then “CSV UTF-8 (comma delimited)”; "
    "in LibreOffice tick “Edit filter settings” and choose UTF-8."
)

csv.field_size_limit(LONGEST_CELL)


def read_csv(file: str, contents: bytes, report: Report) -> Sheet | None:
    """A file's rows; faults and None for what is not UTF-8 or not comma separated."""
    text = _decoded(file, contents, report)
    if text is None:
        return None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        rows.extend(enumerate(reader, start=1))
    except csv.Error as error:
        report.unreadable.add(file)
        message = (
            f"This row cannot be read ({error}). Look for a quotation mark that is not closed, or a very long cell."
        )
        report.fault(file, len(rows) + 1, "", "", message)
        return None
    if not text.strip():
        return None
    if rows and len(rows[0][1]) == 1 and (";" in rows[0][1][0] or "\t" in rows[0][1][0]):
        report.unreadable.add(file)
        report.fault(file, 1, "", rows[0][1][0], "Columns must be separated by commas. Save it as comma separated.")
        return None
    return make_sheet(file, rows, report)


def _decoded(file: str, contents: bytes, report: Report) -> str | None:
    try:
        if contents.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise UnicodeError("UTF-16")
        return contents.decode("utf-8-sig")
    except UnicodeError as error:
        row, value = None, ""
        if isinstance(error, UnicodeDecodeError):
            row = contents.count(b"\n", 0, error.start) + 1
            value = _around(contents, error.start)
            found = "It looks like Windows-1252, which spreadsheets save as plain CSV."
        else:
            found = "It is UTF-16, which spreadsheets call Unicode text."
        report.unreadable.add(file)
        report.fault(file, row, "", value, f"The file is not in UTF-8. {found} Save it as UTF-8: {HOW_TO_SAVE}")
        return None


def _around(contents: bytes, place: int) -> str:
    """The text around the first byte that is not UTF-8, as it was probably meant."""
    return contents[max(0, place - 20) : place + 20].decode("cp1252", errors="replace").replace("\n", " ")
