"""Financial years as commissioners use them."""

import datetime as dt

import pytest

from commissioning.core.money import LARGEST_POOL, NotMoney, parse_pounds
from commissioning.core.periods import FinancialYear, Month, NotADate


def test_a_financial_year_runs_from_1_april_to_31_march() -> None:
    year = FinancialYear.of(dt.date(2027, 3, 31))
    assert year == FinancialYear.of(dt.date(2026, 4, 1)) == FinancialYear(2026)
    assert (year.first, year.last) == (dt.date(2026, 4, 1), dt.date(2027, 3, 31))
    assert (year.months[0], year.months[-1], len(year.months)) == (Month(2026, 4), Month(2027, 3), 12)
    assert FinancialYear.of(dt.date(2027, 4, 1)) == year.plus(1)


def test_it_is_written_as_people_write_it() -> None:
    assert FinancialYear(2026).label == "2026/27"
    assert FinancialYear(1999).label == "1999/00"
    assert FinancialYear.parse("2026-27") == FinancialYear(2026)
    assert str(FinancialYear(2026)) == "2026-27"


@pytest.mark.parametrize(
    "text", ["2026", "2026/27", "2026-28", "26-27", "1899-00", "2100-01", "２０２６-27", "", "2026-27 "]
)
def test_it_refuses_what_is_no_financial_year(text: str) -> None:
    with pytest.raises(NotADate, match="write it as 2026-27"):
        FinancialYear.parse(text)


def test_a_pool_may_be_larger_than_a_price() -> None:
    with pytest.raises(NotMoney, match="at most £9,999,999"):
        parse_pounds("195,000,000")
    assert parse_pounds("£195,000,000", largest=LARGEST_POOL) == 195_000_000
