"""The only writers of prices, funding and payments."""

from finance.actions.baselines import set_baseline
from finance.actions.budgets import (
    Assumptions,
    NewBudgetChange,
    YearOfBudgets,
    change_budget,
    check_assumptions,
    set_budgets,
)
from finance.actions.calendars import (
    DayRange,
    add_bank_holidays,
    add_days,
    change_calendar,
    change_days,
    create_calendar,
    remove_days,
)
from finance.actions.effects import save_as_shown
from finance.actions.endings import end_placement
from finance.actions.lines import NewLine, add_block_line, add_line, change_price, correct_line, end_line
from finance.actions.month_end import close_month
from finance.actions.planned import NewPlannedChange, edit_planned_change, plan_change
from finance.actions.risk_share import (
    NewAgreement,
    NewRiskLine,
    NewTransfer,
    change_agreement,
    create_agreement,
    require_payer,
    set_contributions,
    set_lines,
    set_transfers,
)
from finance.actions.shares import NewShare, add_share, check_shares_within_100, replace_shares
from finance.actions.spending import choose_expense_types, import_spending, read_file, start_import
from finance.actions.statements import approve_statement, close_statement, prepare_statement, withdraw_statement
from finance.actions.suppliers import match_suppliers
from finance.actions.suspensions import resume_placement, suspend_placement
from finance.actions.uplifts import NewUplift, apply_uplift, undo_uplift
from finance.queries.suppliers import NOT_A_PROVIDER

__all__ = [
    "NOT_A_PROVIDER",
    "Assumptions",
    "DayRange",
    "NewAgreement",
    "NewBudgetChange",
    "NewLine",
    "NewPlannedChange",
    "NewRiskLine",
    "NewShare",
    "NewTransfer",
    "NewUplift",
    "YearOfBudgets",
    "add_bank_holidays",
    "add_block_line",
    "add_days",
    "add_line",
    "add_share",
    "apply_uplift",
    "approve_statement",
    "change_agreement",
    "change_budget",
    "change_calendar",
    "change_days",
    "change_price",
    "check_assumptions",
    "check_shares_within_100",
    "choose_expense_types",
    "close_month",
    "close_statement",
    "correct_line",
    "create_agreement",
    "create_calendar",
    "edit_planned_change",
    "end_line",
    "end_placement",
    "import_spending",
    "match_suppliers",
    "plan_change",
    "prepare_statement",
    "read_file",
    "remove_days",
    "replace_shares",
    "require_payer",
    "resume_placement",
    "save_as_shown",
    "set_baseline",
    "set_budgets",
    "set_contributions",
    "set_lines",
    "set_transfers",
    "start_import",
    "suspend_placement",
    "undo_uplift",
    "withdraw_statement",
]
