"""Files that people bring: the one place where they are judged and read.

Nothing here parses what somebody else made: `core.reader` does, a process of its own that has no secrets, no database,
no network and little memory, and gives back rows of text. Why: docs/decisions/0019-files-read-by-a-confined-process.md.
"""

from commissioning.core.intake.names import clean_name
from commissioning.core.intake.process import read_tables
from commissioning.core.intake.tables import CellFault, Table, TableFault
from commissioning.core.reader.asked import BY_COMMAND, IN_A_REQUEST, IN_THE_BACKGROUND, Asked, Limits

__all__ = [
    "BY_COMMAND",
    "IN_A_REQUEST",
    "IN_THE_BACKGROUND",
    "Asked",
    "CellFault",
    "Limits",
    "Table",
    "TableFault",
    "clean_name",
    "read_tables",
]
