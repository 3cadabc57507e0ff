"""Where a dataset comes from: a folder, a zip of CSV files, or one spreadsheet. All become sheets of text."""

from commissioning.interchange.sources.archive import read_upload, zipped
from commissioning.interchange.sources.folder import read_folder
from commissioning.interchange.sources.sheet import Sheet

__all__ = ["Sheet", "read_folder", "read_upload", "zipped"]
