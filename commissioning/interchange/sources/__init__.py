"""Where a dataset comes from: a folder, a zip of CSV files, or one workbook. All become sheets of text."""

from commissioning.interchange.sources.folder import read_folder
from commissioning.interchange.sources.sheet import Sheet
from commissioning.interchange.sources.upload import check_upload, read_upload, zipped

__all__ = ["Sheet", "check_upload", "read_folder", "read_upload", "zipped"]
