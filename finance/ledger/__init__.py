"""The ledger: cost lines and funding shares turned into money over time, exactly, by the cost rules.

Nothing else in the application does this arithmetic. The ledger knows no database and no Django: it reads tables of
whole numbers (`rows`) and answers with arrays of pence. What a line has cost up to a day is in `clock`, who pays in
`stretches`, any period by group and funder in `accrual`, weekly and annual cost in `weekly`, adding up by columns in
`grouping`.
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
from finance.ledger.clock import accrued_to
from finance.ledger.grouping import Grouped, Groups, groups_by, total_by
from finance.ledger.rounding import WHOLE_PPM, BoolArray, IntArray
from finance.ledger.rows import (
    BASIS_BY_NAME,
    NO_DAY,
    NO_LINE,
    OPEN_DAY,
    UNALLOCATED,
    Basis,
    CostLine,
    FundingShare,
    LineTable,
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
    "NO_DAY",
    "NO_LINE",
    "OPEN_DAY",
    "UNALLOCATED",
    "WHOLE_PPM",
    "Basis",
    "BoolArray",
    "CostLine",
    "CumulativeChange",
    "FundingShare",
    "Grouped",
    "Groups",
    "IntArray",
    "LineTable",
    "Period",
    "ShareTable",
    "Totals",
    "WeeklyByFunder",
    "accruals",
    "accruals_without_funders",
    "accrued_to",
    "annual_pence",
    "cumulative_change",
    "day_numbers",
    "funder_numbers",
    "groups_by",
    "months",
    "step_days",
    "total_by",
    "totals",
    "totals_without_funders",
    "weekly_by_funder",
    "weekly_by_group",
    "weekly_on_days",
    "weekly_pence",
]
