"""A dataset as somebody uploads it: a zip of CSV files, or one Excel workbook."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace

from commissioning.core.intake import IN_A_REQUEST, IN_THE_BACKGROUND, Asked, Limits, Table, read_tables
from commissioning.interchange.faults import Report
from commissioning.interchange.sources.sheet import Sheet, make_sheet
from commissioning.interchange.tables import BY_FILE, FILES

WORKBOOK = ".xlsx"
SEPARATORS = (";", "\t", "|")


def check_upload(name: str, contents: bytes) -> None:
    """Raises Refused for what may not be opened, judged without reading its rows: a web request waits for this."""
    read_tables(contents, _asked(name, IN_A_REQUEST, only_check=True))


def read_upload(name: str, contents: bytes, report: Report, limits: Limits = IN_THE_BACKGROUND) -> dict[str, Sheet]:
    """The sheets of a zip or a workbook, by file name. Raises Refused where nothing can be read.

    What is not part of a dataset is reported and ignored.
    """
    found = read_tables(contents, _asked(name, limits))
    is_workbook = name.casefold().endswith(WORKBOOK)
    for ignored in found.ignored:
        say_ignored(f"{name}, {ignored}" if is_workbook else ignored, report)
    sheets: dict[str, Sheet] = {}
    for table in found.tables:
        file = table.name.strip().casefold().removesuffix(".csv") + ".csv"
        if file in sheets:
            report.fault(file, None, "", "", "This file is here twice. Keep one of them.")
        elif (sheet := _sheet(file, table, report)) is not None:
            sheets[file] = sheet
    return sheets


def say_ignored(name: str, report: Report) -> None:
    report.finding(name, None, f"This is not part of a dataset and was ignored. The files are: {', '.join(FILES)}.")


def _asked(name: str, limits: Limits, *, only_check: bool = False) -> Asked:
    kind = "xlsx" if name.casefold().endswith(WORKBOOK) else "zip"
    if not name.casefold().endswith((WORKBOOK, ".zip")):
        # CSV files that were zipped here: how well they pack says nothing.
        limits = replace(limits, ratio=limits.expanded)
    return Asked(kind, wanted=tuple(BY_FILE), only_check=only_check, limits=limits)


def _sheet(file: str, table: Table, report: Report) -> Sheet | None:
    """A table's rows under its header; faults, or nothing where it is empty, and None."""
    if table.fault is not None:
        report.unreadable.add(file)
        report.fault(file, table.fault.row, "", table.fault.value, table.fault.message)
        return None
    if not any(cell.strip() for _number, cells in table.rows for cell in cells):
        return None
    header = table.rows[0][1]
    if len(header) == 1 and any(sign in header[0] for sign in SEPARATORS):
        report.unreadable.add(file)
        report.fault(file, 1, "", header[0], "Columns must be separated by commas. Save it as comma separated.")
        return None
    for fault in table.cell_faults:
        column = header[fault.place].strip().casefold() if fault.place < len(header) else ""
        report.fault(file, fault.row, column, fault.value, fault.message)
    return make_sheet(file, table.rows, report)


def zipped(parts: Mapping[str, bytes], *, packed: bool = True) -> bytes:
    """A zip whose bytes depend on its contents alone."""
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, contents in parts.items():
            archive.writestr(zipfile.ZipInfo(name), contents, method)
    return buffer.getvalue()
