"""The only writers of prices, funding and payments."""

from finance.actions.baselines import set_baseline
from finance.actions.endings import end_placement
from finance.actions.lines import NewLine, add_line, change_price, correct_line
from finance.actions.shares import NewShare, add_share, check_shares_within_100, replace_shares
from finance.actions.spending import choose_expense_types, import_spending, read_file, start_import
from finance.actions.suppliers import match_suppliers
from finance.actions.suspensions import resume_placement, suspend_placement
from finance.queries.suppliers import NOT_A_PROVIDER

__all__ = [
    "NOT_A_PROVIDER",
    "NewLine",
    "NewShare",
    "add_line",
    "add_share",
    "change_price",
    "check_shares_within_100",
    "choose_expense_types",
    "correct_line",
    "end_placement",
    "import_spending",
    "match_suppliers",
    "read_file",
    "replace_shares",
    "resume_placement",
    "set_baseline",
    "start_import",
    "suspend_placement",
]
