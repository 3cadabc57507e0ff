"""The rows of a file of published spending, as text."""

from commissioning.core.errors import Refused
from commissioning.core.intake import IN_THE_BACKGROUND, Asked, read_tables

Row = tuple[int, list[str]]

# Published files are UTF-8 or what Excel saves, with stray quotation marks in the names of suppliers.
ASKED = Asked("csv", encodings=("utf-8-sig", "cp1252"), strict=False, limits=IN_THE_BACKGROUND)


def spending_rows(contents: bytes) -> list[Row]:
    """Every row with its number, blank ones included. Raises Refused for what is no CSV file, or an empty one."""
    if not contents.strip():
        raise Refused("This file is empty.")
    (table,) = read_tables(contents, ASKED).tables
    if table.fault is not None:
        raise Refused(str(table.fault))
    return table.rows


def is_blank(cells: list[str]) -> bool:
    return not any(cell and not cell.isspace() for cell in cells)
