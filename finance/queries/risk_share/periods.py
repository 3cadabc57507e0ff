"""The quarters or years for which an agreement's statements are made."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404

from commissioning.core.periods import FinancialYear, Month
from finance.models import RiskShareAgreement

MONTHS_IN_QUARTER = 3


@dataclass(frozen=True, order=True)
class StatementPeriod:
    """A quarter or a financial year, as far as the agreement is in force in it. `key` is its part of the address."""

    first: dt.date
    last: dt.date
    key: str
    label: str

    @property
    def year(self) -> FinancialYear:
        return FinancialYear.of(self.first)

    def is_over(self, today: dt.date) -> bool:
        return self.last < today


def periods_of(agreement: RiskShareAgreement, today: dt.date) -> list[StatementPeriod]:
    """The periods of an agreement that have begun, the latest first."""
    found: list[StatementPeriod] = []
    year, until = FinancialYear.of(agreement.start), min(today, agreement.end or today)
    while year.first <= until:
        found += [period for period in _periods_in(agreement, year) if period.first <= until]
        year = year.plus(1)
    return found[::-1]


def period_for(agreement: RiskShareAgreement, key: str, today: dt.date) -> StatementPeriod:
    """Raises Http404 for a period that the agreement does not have, or that has not begun."""
    for period in periods_of(agreement, today):
        if period.key == key:
            return period
    raise Http404


def years_of(agreement: RiskShareAgreement, today: dt.date) -> list[FinancialYear]:
    """The financial years for which contributions are entered: from the first to a year ahead, the latest first."""
    last = FinancialYear.of(today).plus(1)
    if agreement.end:
        last = min(last, FinancialYear.of(agreement.end))
    first = FinancialYear.of(agreement.start)
    return [FinancialYear(start) for start in range(max(first, last).start, first.start - 1, -1)]


def months_in_force(agreement: RiskShareAgreement, year: FinancialYear) -> list[Month]:
    """The months of a financial year in which the agreement is in force, over which contributions are paid."""
    return [
        month
        for month in year.months
        if month.last >= agreement.start and (agreement.end is None or month.first <= agreement.end)
    ]


def _periods_in(agreement: RiskShareAgreement, year: FinancialYear) -> Iterator[StatementPeriod]:
    spans = [(year.first, year.last, str(year), year.label)]
    if agreement.closes == RiskShareAgreement.Closes.QUARTER:
        spans = [
            (month.first, month.plus(MONTHS_IN_QUARTER - 1).last, f"{year}-q{n}", f"Quarter {n} of {year.label}")
            for n, month in enumerate(year.months[::MONTHS_IN_QUARTER], start=1)
        ]
    for first, last, key, label in spans:
        first, last = max(first, agreement.start), min(last, agreement.end or last)
        if first <= last:
            yield StatementPeriod(first, last, key, label)
