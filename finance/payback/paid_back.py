"""When an investment is paid back, what it saves year on year, and what it is worth in today’s money."""

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from commissioning.core.money import round_half_away
from finance.payback.flows import Series

APRIL = 4


def payback_day(money_in: Series, savings: Series) -> dt.date | None:
    """The first day on which cumulative savings reach cumulative money in, undiscounted, and stay there to the last
    day of the series. None where they do not, or where no money was put in.
    """
    if not money_in.pence.any():
        return None
    short = np.flatnonzero(savings.pence < money_in.pence)
    begun = int(np.flatnonzero(money_in.pence)[0])
    place = max(int(short[-1]) + 1 if len(short) else 0, begun)
    return money_in.first + dt.timedelta(days=place) if place < len(money_in.pence) else None


def year_before(day: dt.date) -> dt.date:
    """The first of the twelve months that end on a day."""
    after = day + dt.timedelta(days=1)
    last = calendar.monthrange(after.year - 1, after.month)[1]
    return dt.date(after.year - 1, after.month, min(after.day, last))


def recurrent_pence(savings: Series, last: dt.date) -> int:
    """The yearly saving that is left at the end: what the twelve months to the last day saved."""
    return savings.between(year_before(last), last)


@dataclass(frozen=True)
class Band:
    """Years, both included, that are discounted at a percentage a year."""

    first_year: int
    last_year: int
    percent: Decimal


@dataclass(frozen=True)
class Schedule:
    """Discount rates by year. Year 0 is the first financial year of a case and is not discounted; what falls in year
    *n* is divided by (1 + rate) for each year from 1 to *n*, at that year's rate.
    """

    name: str
    bands: tuple[Band, ...]

    def percent_in(self, year: int) -> Decimal:
        """A year's rate; past the last band, the last band's."""
        found = self.bands[-1].percent
        for band in self.bands:
            if band.first_year <= year <= band.last_year:
                return band.percent
        return found

    def factors(self, years: int) -> list[Fraction]:
        """The exact discount factor of years 0 to `years - 1`."""
        factors = [Fraction(1)]
        for year in range(1, years):
            factors.append(factors[-1] / (1 + Fraction(self.percent_in(year)) / 100))
        return factors[:years]

    @property
    def in_words(self) -> str:
        rates = ", ".join(
            f"{band.percent.normalize():f}% a year in years {band.first_year} to {band.last_year}"
            for band in self.bands
        )
        return (
            f"{self.name}: {rates}. Year 0 is the first financial year and is not discounted. Amounts are in real "
            "terms: no inflation is in them."
        )


GREEN_BOOK = Schedule("Green Book", (Band(0, 30, Decimal("3.5")), Band(31, 75, Decimal("3.0"))))
"""HM Treasury, The Green Book (2022), annex 6: the standard real discount rate, falling after 30 years."""


@dataclass(frozen=True)
class YearRow:
    """A financial year of a case in whole pence. `value_pence` is its net saving discounted; the values of all years
    add up to the net present value, since what is rounded is their sum so far.
    """

    number: int
    first: dt.date
    last: dt.date
    in_pence: int
    saved_pence: int
    factor: Decimal
    value_pence: int

    @property
    def net_pence(self) -> int:
        return self.saved_pence - self.in_pence

    @property
    def label(self) -> str:
        """`2026/27`."""
        year = self.first.year - (self.first.month < APRIL)
        return f"{year}/{(year + 1) % 100:02d}"


def years_of(money_in: Series, savings: Series, schedule: Schedule) -> list[YearRow]:
    """Each financial year (1 April to 31 March) that the series touch, with its discounted value."""
    spans = _financial_years(money_in.first, money_in.last)
    rows: list[YearRow] = []
    exact, so_far = Fraction(0), 0
    for number, ((first, last), factor) in enumerate(zip(spans, schedule.factors(len(spans)), strict=True)):
        put_in, saved = money_in.between(first, last), savings.between(first, last)
        exact += (saved - put_in) * factor
        rounded = round_half_away(exact.numerator, exact.denominator)
        rows.append(YearRow(number, first, last, put_in, saved, _shown(factor), rounded - so_far))
        so_far = rounded
    return rows


def net_present_value(rows: Sequence[YearRow]) -> int:
    """Whole pence, rounded once."""
    return sum(row.value_pence for row in rows)


def _financial_years(first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Cut to the first and the last day."""
    spans, start = [], first
    while start <= last:
        end = dt.date(start.year + (start.month >= APRIL), 3, 31)
        spans.append((start, min(end, last)))
        start = end + dt.timedelta(days=1)
    return spans


def _shown(factor: Fraction) -> Decimal:
    """Four decimals, for people; the arithmetic uses the exact fraction."""
    return Decimal(round_half_away(factor.numerator * 10_000, factor.denominator)).scaleb(-4)
