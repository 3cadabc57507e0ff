"""A dataset as a folder: CSV files, or one spreadsheet."""

from pathlib import Path

from commissioning.core.errors import Refused
from commissioning.interchange.faults import Report
from commissioning.interchange.sources.archive import read_parts
from commissioning.interchange.sources.sheet import Sheet
from commissioning.interchange.sources.spreadsheet import read_spreadsheet


def read_folder(folder: Path, report: Report) -> dict[str, Sheet]:
    """The sheets of a folder of CSV files, of a folder that holds one .xlsx, or of an .xlsx itself, by file name.

    Raises Refused where there is nothing to read.
    """
    if folder.is_file() and folder.suffix.casefold() == ".xlsx":
        return read_spreadsheet(folder.name, folder.read_bytes(), report)
    if not folder.is_dir():
        raise Refused(f"There is no folder {folder}. Give the folder that holds the files.")
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "~$")))
    comma = {path.name: path.read_bytes() for path in files if path.suffix.casefold() == ".csv"}
    books = [path for path in files if path.suffix.casefold() == ".xlsx"]
    if books and (comma or len(books) > 1):
        raise Refused(f"{folder} holds {books[0].name} and other files too. Keep the CSV files or one spreadsheet.")
    if books:
        return read_spreadsheet(books[0].name, books[0].read_bytes(), report)
    if not comma:
        raise Refused(f"{folder} holds no CSV file and no spreadsheet. Give the folder that holds the files.")
    return read_parts(comma, report)
