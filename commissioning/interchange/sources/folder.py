"""A dataset as a folder: CSV files, or one spreadsheet."""

from pathlib import Path

from commissioning.core.errors import Refused
from commissioning.core.intake import BY_COMMAND
from commissioning.interchange.faults import Report
from commissioning.interchange.sources.sheet import Sheet
from commissioning.interchange.sources.upload import read_upload, say_ignored, zipped
from commissioning.interchange.tables import BY_FILE


def read_folder(folder: Path, report: Report) -> dict[str, Sheet]:
    """The sheets of a folder of CSV files, of a folder that holds one .xlsx, or of an .xlsx itself, by file name.

    Raises Refused where there is nothing to read.
    """
    if folder.is_file() and folder.suffix.casefold() == ".xlsx":
        return _read(folder.name, folder.read_bytes(), report)
    if not folder.is_dir():
        raise Refused(f"There is no folder {folder}. Give the folder that holds the files.")
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "~$")))
    comma = [path for path in files if path.suffix.casefold() == ".csv"]
    books = [path for path in files if path.suffix.casefold() == ".xlsx"]
    if books and (comma or len(books) > 1):
        raise Refused(f"{folder} holds {books[0].name} and other files too. Keep the CSV files or one spreadsheet.")
    if books:
        return _read(books[0].name, books[0].read_bytes(), report)
    if not comma:
        raise Refused(f"{folder} holds no CSV file and no spreadsheet. Give the folder that holds the files.")
    return _read_comma(comma, report)


def _read_comma(files: list[Path], report: Report) -> dict[str, Sheet]:
    """The folder's CSV files, read together as one."""
    known = {path.name: path.read_bytes() for path in files if path.name.casefold() in BY_FILE}
    for path in files:
        if path.name not in known:
            say_ignored(path.name, report)
    return _read("the folder", zipped(known, packed=False), report) if known else {}


def _read(name: str, contents: bytes, report: Report) -> dict[str, Sheet]:
    """Raises Refused naming what was refused."""
    try:
        return read_upload(name, contents, report, BY_COMMAND)
    except Refused as refusal:
        raise Refused(f"{name}: {refusal.message}") from refusal
