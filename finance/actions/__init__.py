"""The only writers of prices and funding."""

from finance.actions.baselines import set_baseline
from finance.actions.endings import end_placement
from finance.actions.lines import NewLine, add_line, change_price, correct_line
from finance.actions.shares import NewShare, add_share, check_shares_within_100, replace_shares
from finance.actions.suspensions import resume_placement, suspend_placement

__all__ = [
    "NewLine",
    "NewShare",
    "add_line",
    "add_share",
    "change_price",
    "check_shares_within_100",
    "correct_line",
    "end_placement",
    "replace_shares",
    "resume_placement",
    "set_baseline",
    "suspend_placement",
]
