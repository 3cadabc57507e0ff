"""From what is stored to files: every column, rows in the order of their keys, the same bytes for the same data."""

from collections.abc import Iterator

from commissioning.accounts.models import Partnership
from commissioning.core.tables import as_csv
from commissioning.core.workbooks import Sheet, workbook
from commissioning.interchange.sources import zipped
from commissioning.interchange.stored import World, is_dumped, stored_rows
from commissioning.interchange.tables import TABLES, Table


def dumped_rows(world: World, table: Table) -> Iterator[list[str]]:
    """A file's rows as text in the order of their keys by code point, the header first."""
    yield list(table.names)
    stored = stored_rows(world, table)
    for key in sorted(stored):
        values = stored[key].values
        if is_dumped(table, values):
            yield [column.kind.format(values[column.name]) for column in table.columns]


def dump_files(partnership: Partnership) -> dict[str, bytes]:
    """Every file of the partnership's dataset, those without rows too. Raises Refused for what cannot be named."""
    world = World.of(partnership)
    return {table.file: as_csv(dumped_rows(world, table)).encode() for table in TABLES}


def dump_zip(partnership: Partnership) -> bytes:
    return zipped(dump_files(partnership))


def dump_spreadsheet(partnership: Partnership) -> bytes:
    """The same rows, a sheet for each file. Text is never a formula; numbers are numbers."""
    world = World.of(partnership)
    return workbook(_sheet(world, table) for table in TABLES)


def _sheet(world: World, table: Table) -> Sheet:
    numeric = [column.kind.is_number for column in table.columns]
    header, *rows = dumped_rows(world, table)
    cells = (
        [float(text) if is_number and text else text for text, is_number in zip(row, numeric, strict=True)]
        for row in rows
    )
    return table.file.removesuffix(".csv"), header, cells
