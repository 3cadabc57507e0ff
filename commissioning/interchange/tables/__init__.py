"""Every file of a dataset, in the order in which they are loaded: each row names only rows of files before its own."""

from commissioning.interchange.tables.accounts import ORGANISATIONS, PARTNERSHIP
from commissioning.interchange.tables.finance import (
    BASELINES,
    COST_LINES,
    EXPENSE_TYPES,
    FUNDING,
    SUPPLIERS,
)
from commissioning.interchange.tables.outcomes import CHECKLISTS, INCIDENTS, MEASURES
from commissioning.interchange.tables.people import (
    CIRCLE,
    GOALS,
    PEOPLE,
    PLACEMENTS,
    PLANS,
    RESPONSIBILITIES,
    SUSPENSIONS,
)
from commissioning.interchange.tables.providers import CONTRACTS
from commissioning.interchange.tables.spec import Column, Key, Table, Values

TABLES: tuple[Table, ...] = (
    PARTNERSHIP,
    ORGANISATIONS,
    PEOPLE,
    RESPONSIBILITIES,
    CIRCLE,
    PLANS,
    GOALS,
    CONTRACTS,
    PLACEMENTS,
    SUSPENSIONS,
    COST_LINES,
    FUNDING,
    BASELINES,
    MEASURES,
    CHECKLISTS,
    INCIDENTS,
    EXPENSE_TYPES,
    SUPPLIERS,
)
FILES: list[str] = [table.file for table in TABLES]
BY_FILE: dict[str, Table] = {table.file: table for table in TABLES}

__all__ = ["BY_FILE", "FILES", "TABLES", "Column", "Key", "Table", "Values"]
