"""Reads of money: the book of lines and shares in an actor's scope, and the figures the ledger makes of it."""

from finance.queries.book import DIMENSIONS, Book, open_book
from finance.queries.costs import (
    Cost,
    PersonCost,
    annual,
    costs_by_period,
    monthly_totals,
    person_costs,
    steps_of,
    weekly_by,
    weekly_steps,
)
from finance.queries.known import Known, lines_as_known, open_book_as_known
from finance.queries.lines import LineOnDay, ShareOnDay, lines_of_placement, uncovered_placements
from finance.queries.payments import (
    PAYMENT_COLUMNS,
    PaymentsAgainstPlacements,
    ProviderPayments,
    payment_sums,
    payments_against_placements,
)

__all__ = [
    "DIMENSIONS",
    "PAYMENT_COLUMNS",
    "Book",
    "Cost",
    "Known",
    "LineOnDay",
    "PaymentsAgainstPlacements",
    "PersonCost",
    "ProviderPayments",
    "ShareOnDay",
    "annual",
    "costs_by_period",
    "lines_as_known",
    "lines_of_placement",
    "monthly_totals",
    "open_book",
    "open_book_as_known",
    "payment_sums",
    "payments_against_placements",
    "person_costs",
    "steps_of",
    "uncovered_placements",
    "weekly_by",
    "weekly_steps",
]
