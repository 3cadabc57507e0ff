"""What is kept of a file so that it can be read again: the columns that are used, without names of private persons.

Invoice numbers, for one, are not kept: providers write the names of those they support into them.
"""

from collections.abc import Iterable

from commissioning.core.tables import as_csv
from finance.payments import suppliers
from finance.payments.reading import NAMES, match_header
from finance.payments.rows import Row, is_blank

WITHHELD = "REDACTED"


def without_people(rows: Iterable[Row]) -> bytes:
    """A file that was read, with the same rows under the same numbers, as far as reading it again needs."""
    kept: list[list[str]] = []
    columns: dict[str, int] = {}
    width = 0
    for _number, row in rows:
        if is_blank(row):
            kept.append([""] * len(columns))
        elif columns:
            kept.append(_kept(row, columns, width))
        else:
            columns, width = match_header(row)[0], len(row)
            kept.append([NAMES[name] for name in columns])
    return as_csv(kept).encode()


def _kept(row: list[str], columns: dict[str, int], width: int) -> list[str]:
    cells = {name: row[place] if place < len(row) else "" for name, place in columns.items()}
    name, creditor_type = cells["supplier"].strip(), cells.get("creditor_type", "").strip()
    if suppliers.is_individual(creditor_type) or suppliers.looks_personal(name):
        cells["supplier"] = WITHHELD
    # A row that was refused for its stray cells is refused again.
    has_strays = any(cell.strip() for cell in row[width:])
    return [*cells.values(), *(["stray"] if has_strays else [])]
