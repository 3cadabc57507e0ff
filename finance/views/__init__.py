"""Pages of money: what support costs, and what was really paid for it."""

from finance.views.placements import (
    baseline_set,
    block_line_add,
    line_add,
    line_change,
    line_correct,
    line_end,
    line_shares,
    placement_end,
    placement_resume,
    placement_suspend,
    shares_change,
)

__all__ = [
    "baseline_set",
    "block_line_add",
    "line_add",
    "line_change",
    "line_correct",
    "line_end",
    "line_shares",
    "placement_end",
    "placement_resume",
    "placement_suspend",
    "shares_change",
]
