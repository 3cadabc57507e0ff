"""Invest to save: money in and savings by day, when the one has paid for the other, and what both are worth.

Pure arithmetic over whole pence: it knows no database and no Django.
"""

from finance.payback.flows import Flow, Series, cumulative, nothing
from finance.payback.paid_back import (
    GREEN_BOOK,
    Band,
    Schedule,
    YearRow,
    net_present_value,
    payback_day,
    recurrent_pence,
    year_before,
    years_of,
)

__all__ = [
    "GREEN_BOOK",
    "Band",
    "Flow",
    "Schedule",
    "Series",
    "YearRow",
    "cumulative",
    "net_present_value",
    "nothing",
    "payback_day",
    "recurrent_pence",
    "year_before",
    "years_of",
]
