"""Invest to save: the cases, and their money in and savings by day."""

from finance.queries.cases.money import BedsSaved, CaseMoney, PersonSaved, money_of
from finance.queries.cases.records import case_for, cases_of, schedule_of

__all__ = ["BedsSaved", "CaseMoney", "PersonSaved", "case_for", "cases_of", "money_of", "schedule_of"]
