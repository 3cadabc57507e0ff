"""The ledger: cost lines and funding shares turned into money over time, exactly, by the cost rules.

Nothing else in the application does this arithmetic. The ledger knows no database and no Django: it reads tables of
whole numbers (`rows`) and answers with arrays of pence. What a line has cost up to a day is in `clock`, who pays in
`stretches`, any period by group and funder in `accrual`, weekly and annual cost in `weekly`, adding up by columns in
`grouping`. Lines of a contract are split into parts in `blocks`; `calendars` count days.
"""

from finance.ledger.accrual import (
    CumulativeChange,
    Totals,
    accruals,
    accruals_without_funders,
    cumulative_change,
    totals,
    totals_without_funders,
)
from finance.ledger.blocks import NOBODY, Occupant, OccupantTable, SplitLines, split_blocks
from finance.ledger.calendars import NO_CALENDARS, Calendars
from finance.ledger.clock import accrued_to
from finance.ledger.grouping import Grouped, Groups, distinct, groups_by, total_by
from finance.ledger.rounding import WHOLE_PPM, BoolArray, IntArray
from finance.ledger.rows import (
    BASIS_BY_NAME,
    MOST_PLACES,
    NO_CALENDAR,
    NO_CONTRACT,
    NO_DAY,
    NO_LINE,
    NO_PLACEMENT,
    OPEN_DAY,
    UNALLOCATED,
    Basis,
    CostLine,
    FundingShare,
    LineTable,
    Parts,
    Period,
    ShareTable,
    day_numbers,
    funder_numbers,
    months,
)
from finance.ledger.weekly import (
    WeeklyByFunder,
    annual_pence,
    step_days,
    weekly_by_funder,
    weekly_by_group,
    weekly_on_days,
    weekly_pence,
)

__all__ = [
    "BASIS_BY_NAME",
    "MOST_PLACES",
    "NOBODY",
    "NO_CALENDAR",
    "NO_CALENDARS",
    "NO_CONTRACT",
    "NO_DAY",
    "NO_LINE",
    "NO_PLACEMENT",
    "OPEN_DAY",
    "UNALLOCATED",
    "WHOLE_PPM",
    "Basis",
    "BoolArray",
    "Calendars",
    "CostLine",
    "CumulativeChange",
    "FundingShare",
    "Grouped",
    "Groups",
    "IntArray",
    "LineTable",
    "Occupant",
    "OccupantTable",
    "Parts",
    "Period",
    "ShareTable",
    "SplitLines",
    "Totals",
    "WeeklyByFunder",
    "accruals",
    "accruals_without_funders",
    "accrued_to",
    "annual_pence",
    "cumulative_change",
    "day_numbers",
    "distinct",
    "funder_numbers",
    "groups_by",
    "months",
    "split_blocks",
    "step_days",
    "total_by",
    "totals",
    "totals_without_funders",
    "weekly_by_funder",
    "weekly_by_group",
    "weekly_on_days",
    "weekly_pence",
]
