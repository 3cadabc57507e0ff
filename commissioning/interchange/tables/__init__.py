"""Every file of a dataset, in the order in which they are loaded: each row names only rows of files before its own."""

from commissioning.interchange.tables.accounts import ORGANISATIONS, PARTNERSHIP
from commissioning.interchange.tables.budgets import BUDGET_CHANGES, BUDGET_YEARS, BUDGETS, PLANNED_CHANGES
from commissioning.interchange.tables.cases import CASE_BEDS, CASE_FUNDING, CASE_PEOPLE, CASE_SAVINGS, CASES
from commissioning.interchange.tables.finance import (
    BASELINES,
    CALENDARS,
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
from commissioning.interchange.tables.risk_share import (
    RISK_SHARE_CONTRIBUTIONS,
    RISK_SHARE_LINES,
    RISK_SHARE_PERCENTS,
    RISK_SHARE_TRANSFERS,
    RISK_SHARES,
)
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
    CALENDARS,
    COST_LINES,
    FUNDING,
    BASELINES,
    MEASURES,
    CHECKLISTS,
    INCIDENTS,
    EXPENSE_TYPES,
    SUPPLIERS,
    BUDGETS,
    BUDGET_CHANGES,
    BUDGET_YEARS,
    PLANNED_CHANGES,
    RISK_SHARES,
    RISK_SHARE_LINES,
    RISK_SHARE_PERCENTS,
    RISK_SHARE_CONTRIBUTIONS,
    RISK_SHARE_TRANSFERS,
    CASES,
    CASE_FUNDING,
    CASE_SAVINGS,
    CASE_PEOPLE,
    CASE_BEDS,
)
FILES: list[str] = [table.file for table in TABLES]
BY_FILE: dict[str, Table] = {table.file: table for table in TABLES}

__all__ = ["BY_FILE", "FILES", "TABLES", "Column", "Key", "Table", "Values"]
