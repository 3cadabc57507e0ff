"""A dataset as somebody uploads it: a zip of CSV files, or one spreadsheet. Bombs are refused before they open."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

from commissioning.core.errors import Refused
from commissioning.interchange.faults import Report
from commissioning.interchange.sources.comma import read_csv
from commissioning.interchange.sources.limits import check_archive
from commissioning.interchange.sources.sheet import Sheet
from commissioning.interchange.sources.spreadsheet import read_spreadsheet
from commissioning.interchange.tables import BY_FILE, FILES


def read_upload(name: str, contents: bytes, report: Report) -> dict[str, Sheet]:
    """The sheets of an uploaded zip or spreadsheet, by file name. Raises Refused where nothing can be read."""
    check_archive(contents)
    if name.casefold().endswith(".xlsx"):
        return read_spreadsheet(name, contents, report)
    parts = _members(contents)
    if not parts:
        raise Refused("There is no CSV file in this. Upload the dataset’s files, such as people.csv.")
    return read_parts(parts, report)


def _members(contents: bytes) -> dict[str, bytes]:
    """CSV files in the folder nearest the top that holds a file of a dataset."""
    try:
        with zipfile.ZipFile(io.BytesIO(contents)) as archive:
            names = [name for name in archive.namelist() if name.casefold().endswith(".csv") and "__MACOSX" not in name]
            known = [name for name in names if PurePosixPath(name).name.casefold() in BY_FILE]
            folder = min((PurePosixPath(name).parent for name in known or names), key=_depth, default=PurePosixPath())
            return {
                PurePosixPath(name).name: archive.read(name) for name in names if PurePosixPath(name).parent == folder
            }
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise Refused("This file is damaged. Make the zip again and upload it.") from error


def _depth(folder: PurePosixPath) -> tuple[int, str]:
    return len(folder.parts), str(folder)


def read_parts(parts: Mapping[str, bytes], report: Report) -> dict[str, Sheet]:
    """CSV files by name; files that are not part of a dataset are reported and ignored."""
    sheets: dict[str, Sheet] = {}
    for name, contents in sorted(parts.items()):
        file = name.casefold()
        if file not in BY_FILE:
            report.finding(
                name, None, f"This is not a file of a dataset and was ignored. The files are: {', '.join(FILES)}."
            )
        elif file in sheets:
            report.fault(name, None, "", "", "This file is here twice. Keep one of them.")
        elif (sheet := read_csv(file, contents, report)) is not None:
            sheets[file] = sheet
    return sheets


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip whose bytes depend on its contents alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in parts.items():
            archive.writestr(zipfile.ZipInfo(name), contents, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
