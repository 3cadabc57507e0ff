"""Every column of every table: given to the person whom it is about, or not, with the reason.

A test fails for a table or a column that is in neither list, event tables included, so that nobody adds one and forgets
the person.
"""

from commissioning.rights.registry.elsewhere import ELSEWHERE
from commissioning.rights.registry.kinds import Column, Kind, OwnTable, is_event, tracked_by
from commissioning.rights.registry.own import OWN, SECTIONS

TABLES: dict[str, OwnTable] = {table.label: table for table in OWN}
BY_HAND = {f"{table.label}.{column.name}": column for table in OWN for column in table.columns}

__all__ = ["BY_HAND", "ELSEWHERE", "OWN", "SECTIONS", "TABLES", "Column", "Kind", "OwnTable", "is_event", "tracked_by"]
