"""Invest to save: payback by day, recurrent saving and net present value, by hand and against a plain reference."""

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction

import pytest

from finance.payback import (
    GREEN_BOOK,
    Flow,
    cumulative,
    net_present_value,
    payback_day,
    recurrent_pence,
    year_before,
    years_of,
)


def pounds(amount: int) -> int:
    return amount * 100


def birmingham(first_year: int) -> tuple[list[Flow], list[Flow]]:
    """£500,000 evenly over three years; in year n a saving of n × £112,500, for eight years."""

    def start(year: int) -> dt.date:
        return dt.date(first_year + year - 1, 4, 1)

    money = [Flow("SLOT", pounds(500_000), start(1), start(4) - dt.timedelta(days=1))]
    saved = [Flow(f"Year {n}", pounds(112_500 * n), start(n), start(n + 1) - dt.timedelta(days=1)) for n in range(1, 9)]
    return money, saved


def test_birmingham_is_paid_back_on_day_339_of_its_second_year() -> None:
    """By hand, without a leap day in the first three years (1,095 days). On day k of year 2

        saved = 112,500 + 225,000 × k / 365          put in = 500,000 × (365 + k) / 1,095

    Saved reaches put in where 175,000 k ≥ 59,312,500, that is from k = 338.93: on day 339, which is 5 March 2026.
    """
    money, saved = birmingham(2024)
    first, last = dt.date(2024, 4, 1), dt.date(2032, 3, 31)
    put_in, savings = cumulative(money, first, last), cumulative(saved, first, last)
    assert payback_day(put_in, savings) == dt.date(2026, 3, 5) == dt.date(2025, 4, 1) + dt.timedelta(days=338)
    day, before = dt.date(2026, 3, 5), dt.date(2026, 3, 4)
    # 500,000 × 704 / 1,095 = 321,461.187; 112,500 + 225,000 × 339 / 365 = 321,472.603; the day before is short.
    assert (put_in.to(day), savings.to(day)) == (32_146_119, 32_147_260)
    assert (put_in.to(before), savings.to(before)) == (32_100_457, 32_085_616)
    assert money[0].words_at(day) == "£500,000.00 × 704 ÷ 1,095 days = £321,461.19"
    assert recurrent_pence(savings, last) == pounds(900_000)
    assert savings.to(last) == pounds(112_500 * 36)


def test_a_leap_day_moves_birminghams_payback() -> None:
    """With the leap day in year 3 there are 1,096 days: 500,000 × (365 + k) / 1,096 ≤ 112,500 + 225,000 × k / 365,

    so k ≥ (500,000 × 365 / 1,096 − 112,500) / (225,000 / 365 − 500,000 / 1,096) = 54,014.60 / 160.23 = 337.1: day 338.
    """
    money, saved = birmingham(2021)
    first, last = dt.date(2021, 4, 1), dt.date(2029, 3, 31)
    found = payback_day(cumulative(money, first, last), cumulative(saved, first, last))
    assert found == dt.date(2022, 4, 1) + dt.timedelta(days=337)


def test_savings_must_stay_above_the_money_in() -> None:
    first, last = dt.date(2026, 4, 1), dt.date(2026, 4, 30)
    put_in = cumulative([Flow("a", 100, first, first), Flow("b", 100, dt.date(2026, 4, 20), dt.date(2026, 4, 20))],
                        first, last)  # fmt: skip
    savings = cumulative([Flow("s", 150, dt.date(2026, 4, 10), dt.date(2026, 4, 10)),
                          Flow("s", 50, dt.date(2026, 4, 25), dt.date(2026, 4, 25))], first, last)  # fmt: skip
    # Reached on 10 April, lost on 20 April, reached again on 25 April.
    assert payback_day(put_in, savings) == dt.date(2026, 4, 25)


def test_a_saving_that_is_lost_again_never_pays_back() -> None:
    first, last = dt.date(2026, 4, 1), dt.date(2026, 4, 30)
    put_in = cumulative([Flow("a", 100, first, first)], first, last)
    savings = cumulative([Flow("s", 100, first, first), Flow("s", -1, last, last)], first, last)
    assert payback_day(put_in, savings) is None


@pytest.mark.parametrize(("put_in", "saved", "day"), [(0, 100, None), (100, 0, None), (100, 100, 3), (100, 99, None)])
def test_its_edges(put_in: int, saved: int, day: int | None) -> None:
    first, last = dt.date(2026, 4, 1), dt.date(2026, 4, 5)
    third = dt.date(2026, 4, 3)
    found = payback_day(
        cumulative([Flow("in", put_in, third, third)], first, last),
        cumulative([Flow("s", saved, first, third)], first, last),
    )
    assert found == (dt.date(2026, 4, day) if day else None)


def test_a_year_before_a_leap_day_is_a_year() -> None:
    assert year_before(dt.date(2027, 3, 31)) == dt.date(2026, 4, 1)
    assert year_before(dt.date(2028, 2, 29)) == dt.date(2027, 3, 1)
    assert year_before(dt.date(2028, 2, 28)) == dt.date(2027, 2, 28)


def test_green_book_factors_fall_at_3_5_then_3_per_cent() -> None:
    """HM Treasury prints 0.9662, 0.7089 (year 10), 0.3563 (year 30), 0.3459 (year 31)."""
    factors = GREEN_BOOK.factors(33)
    assert [round(float(factors[year]), 4) for year in (0, 1, 10, 30, 31)] == [1, 0.9662, 0.7089, 0.3563, 0.3459]
    assert factors[32] == Fraction(1) / (Fraction(1035, 1000) ** 30 * Fraction(103, 100) ** 2)


def test_net_present_value_by_hand() -> None:
    """£1,000 in year 0, £600 saved in each of years 1 and 2: −1,000 + 600/1.035 + 600/1.035² = £139.82."""
    first, last = dt.date(2026, 4, 1), dt.date(2029, 3, 31)
    years = [(dt.date(2027 + n, 4, 1), dt.date(2028 + n, 3, 31)) for n in range(2)]
    rows = years_of(
        cumulative([Flow("in", pounds(1000), first, first)], first, last),
        cumulative([Flow("s", pounds(600), *year) for year in years], first, last),
        GREEN_BOOK,
    )
    assert [(row.label, row.net_pence, row.value_pence) for row in rows] == [
        ("2026/27", -pounds(1000), -pounds(1000)),
        ("2027/28", pounds(600), 57_971),
        ("2028/29", pounds(600), 56_011),
    ]
    assert rows[1].factor == Decimal("0.9662")
    assert net_present_value(rows) == 13_982


def plain(flow: Flow, day: dt.date) -> int:
    """The rule of a flow, a day at a time."""
    so_far = sum(1 for n in range(flow.days) if flow.start + dt.timedelta(days=n) <= day)
    exact = Fraction(flow.pence * so_far, flow.days)
    return int(abs(exact) + Fraction(1, 2)) * (1 if exact >= 0 else -1)


@pytest.mark.parametrize("seed", range(20))
def test_it_agrees_with_a_plain_reference(seed: int) -> None:
    dice = random.Random(seed)
    first = dt.date(2019, 4, 1) + dt.timedelta(days=dice.randint(0, 700))
    last = first + dt.timedelta(days=dice.randint(0, 900))

    def flows(least: int) -> list[Flow]:
        found = []
        for _ in range(dice.randint(0, 4)):
            start = first + dt.timedelta(days=dice.randint(-30, 900))
            end = start + dt.timedelta(days=dice.choice([0, 0, 1, dice.randint(1, 500)]))
            found.append(Flow("", dice.randint(least, 10 ** dice.randint(2, 9)), start, end))
        return found

    money, saved = flows(0), flows(-1000)
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    put_in = [sum(plain(flow, day) for flow in money) for day in days]
    savings = [sum(plain(flow, day) for flow in saved) for day in days]
    a, b = cumulative(money, first, last), cumulative(saved, first, last)
    assert (a.pence.tolist(), b.pence.tolist()) == (put_in, savings)
    good = [
        day
        for n, day in enumerate(days)
        if put_in[n] and all(savings[later] >= put_in[later] for later in range(n, len(days)))
    ]
    assert payback_day(a, b) == (good[0] if good else None)
    rows = years_of(a, b, GREEN_BOOK)
    before = first - dt.timedelta(days=1)
    assert sum(row.in_pence for row in rows) == put_in[-1] - a.to(before)
    exact = sum((Fraction(row.net_pence) / Fraction(1035, 1000) ** row.number for row in rows), Fraction(0))
    assert abs(net_present_value(rows) - exact) <= Fraction(1, 2)
