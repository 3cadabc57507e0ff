"""The six risk-share rules, each worked by hand, and what holds of any figures."""

import datetime as dt
import json
import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from finance.risk_share import (
    KEPT,
    OTHER_UNDERSPENDS,
    RESERVE,
    CannotShare,
    Inputs,
    Partner,
    Row,
    Rule,
    SpendLine,
    Statement,
    Surplus,
    Transfer,
    frozen_inputs,
    frozen_statement,
    split,
    statement,
    thawed_inputs,
    thawed_statement,
)

YEAR = (dt.date(2026, 4, 1), dt.date(2027, 3, 31))


def pounds(amount: int) -> int:
    return amount * 100


def inputs(rule: Rule, *partners: Partner, **more: object) -> Inputs:
    return replace(Inputs(rule, *YEAR, partners), **more)  # type: ignore[arg-type]


def partner(code: str, put_in: int, spent: int, percent: str | None = None) -> Partner:
    return Partner(code, code.title(), pounds(put_in), pounds(spent), Decimal(percent) if percent else None)


def parts(found: Statement) -> dict[str, int]:
    return {row.code or row.name: row.part_pence for row in found.rows}


def words(found: Statement) -> list[str]:
    return [step.words for step in found.steps]


# ---------------------------------------------------------------- by hand


def test_oxfords_pool_is_shared_51_to_49() -> None:
    """£195 million put in 51/49, £2 million over: £1.02 million and £0.98 million."""
    council, board = partner("COUNCIL", 99_450_000, 100_470_000), partner("ICB", 95_550_000, 96_530_000)
    by_contribution = statement(inputs(Rule.PROPORTIONAL, council, board))
    agreed = statement(
        inputs(Rule.PROPORTIONAL, replace(council, percent=Decimal("51")), replace(board, percent=Decimal("49.0000")))
    )
    for found in (by_contribution, agreed):
        assert found.variance_pence == pounds(2_000_000)
        assert parts(found) == {"COUNCIL": pounds(1_020_000), "ICB": pounds(980_000)}
    assert words(agreed) == [
        "Put in: Council £99,450,000.00 + Icb £95,550,000.00 = £195,000,000.00",
        "Spent: Council £100,470,000.00 + Icb £96,530,000.00 = £197,000,000.00",
        "£197,000,000.00 − £195,000,000.00 = £2,000,000.00 over",
        "Council bears £2,000,000.00 × 51% = £1,020,000.00",
        "Icb bears £2,000,000.00 × 49% = £980,000.00",
    ]
    assert words(by_contribution)[3] == (
        "Council bears £2,000,000.00 × £99,450,000.00 ÷ £195,000,000.00 = £1,020,000.00"
    )


def test_who_paid_too_little_pays_the_rest() -> None:
    """The council holds the pool and paid for all of the overspend: the board owes its half."""
    found = statement(inputs(Rule.PROPORTIONAL, partner("A", 600, 900, "50"), partner("B", 400, 400, "50")))
    assert [(row.bears_pence, row.spent_pence, row.to_pay_pence) for row in found.rows] == [
        (pounds(750), pounds(900), -pounds(150)),
        (pounds(550), pounds(400), pounds(150)),
    ]
    assert found.total == Row("", "All", pounds(1000), pounds(300), pounds(1300))


def test_an_underspend_is_shared_likewise() -> None:
    found = statement(inputs(Rule.PROPORTIONAL, partner("A", 600, 500), partner("B", 400, 400)))
    assert parts(found) == {"A": -pounds(60), "B": -pounds(40)}
    assert words(found)[-1] == "B gets £100.00 × £400.00 ÷ £1,000.00 = £40.00"


def test_nothing_over_leaves_nothing_to_share() -> None:
    for rule in (Rule.PROPORTIONAL, Rule.WATERFALL, Rule.TRANSFER):
        found = statement(inputs(rule, partner("A", 600, 500), partner("B", 400, 500)))
        assert (found.variance_pence, parts(found)) == (0, {"A": 0, "B": 0})
        assert words(found)[2] == "£1,000.00 − £1,000.00 = £0.00: nothing over or under"


def test_a_penny_that_does_not_divide_goes_to_one_partner() -> None:
    penny = [Partner(code, code, 100, 100) for code in "AB"]
    found = statement(inputs(Rule.PROPORTIONAL, *penny, Partner("C", "C", 100, 101)))
    # By hand: 1/3 rounds to 0, 2/3 to 1, 3/3 is 1: 0, 1 and 0 pence.
    assert parts(found) == {"A": 0, "B": 1, "C": 0}
    assert "to the penny, so that the parts add up to £0.01" in words(found)[-2]


def test_each_bears_its_own() -> None:
    found = statement(inputs(Rule.EACH_ITS_OWN, partner("A", 600, 650), partner("B", 400, 380)))
    assert parts(found) == {"A": pounds(50), "B": -pounds(20)}
    assert all(row.to_pay_pence == 0 for row in found.rows)
    assert words(found)[-1] == "B keeps its own: £380.00 − £400.00 = £20.00 under"


def test_each_line_has_its_own_percentages_and_the_rest_is_shared_as_agreed() -> None:
    """Nights £100 over, fixed for B; transport £30 under, 20/80; £50 over elsewhere, 60/40."""
    lines = (
        SpendLine("Waking nights", pounds(200), pounds(300), (Decimal(100), Decimal(0))),
        SpendLine("Transport", pounds(100), pounds(70), (Decimal(20), Decimal(80))),
    )
    found = statement(inputs(Rule.BY_LINE, partner("A", 600, 700, "60"), partner("B", 400, 420, "40"), lines=lines))
    assert parts(found) == {"A": pounds(100 - 6 + 30), "B": pounds(0 - 24 + 20)}
    assert "Everything else: spent £750.00 − put in £700.00 = £50.00 over" in words(found)
    assert "B gets £30.00 × 80% = £24.00" in words(found)


def test_the_waterfall_takes_other_underspends_then_the_reserve_then_new_money() -> None:
    found = statement(
        inputs(
            Rule.WATERFALL, partner("A", 600, 800, "75"), partner("B", 400, 400, "25"),
            other_underspend_pence=pounds(50), reserve_pence=pounds(110),
        )
    )  # fmt: skip
    assert parts(found) == {"A": pounds(30), "B": pounds(10), OTHER_UNDERSPENDS: pounds(50), RESERVE: pounds(110)}
    assert words(found)[3:5] == [
        "Other underspends: £50.00 there, £50.00 used, £150.00 still to find",
        "Risk reserve: £110.00 there, £110.00 used, £40.00 still to find",
    ]


def test_the_waterfall_stops_where_there_is_enough() -> None:
    found = statement(
        inputs(Rule.WATERFALL, partner("A", 100, 140, "75"), partner("B", 0, 0, "25"), reserve_pence=pounds(90))
    )
    assert parts(found) == {"A": 0, "B": 0, OTHER_UNDERSPENDS: 0, RESERVE: pounds(40)}


@pytest.mark.parametrize(
    ("over", "first", "second"),
    [(0, 0, 0), (19, 19, 0), (20, 20, 0), (21, 20.5, 0.5), (120, 70, 50), (-20, -20, 0), (-30, -25, -5)],
)
def test_the_other_side_moves_only_past_the_threshold(over: int, first: float, second: float) -> None:
    """A bears 2% of the £1,000 pool, which is £20; past that, half each."""
    found = statement(
        inputs(
            Rule.THRESHOLD, partner("A", 600, 600 + over, "50"), partner("B", 400, 400, "50"),
            threshold_percent=Decimal(2), first_bearer="A",
        )
    )  # fmt: skip
    assert parts(found) == {"A": first * 100, "B": second * 100}


def test_in_patient_money_goes_into_the_pool_and_the_excess_is_halved() -> None:
    """£3,500 a week in hospital, moved on 1 June: 30 days of the quarter come to £15,000; support cost £18,000."""
    move = Transfer("P-17", "ICB", dt.date(2026, 6, 1), pounds(3500), 30, pounds(15_000))
    asked = inputs(
        Rule.TRANSFER, partner("COUNCIL", 0, 6_000, "50"), partner("ICB", 15_000, 12_000, "50"), transfers=(move,),
        brought_forward_pence=pounds(1_000),
    )  # fmt: skip
    found = statement(asked)
    assert words(found)[0] == (
        "P-17 moved on 1 June 2026 with £3,500.00 a week: £3,500.00 × 30 days ÷ 7 = £15,000.00 goes into the pool"
    )
    assert parts(found) == {"COUNCIL": pounds(1_000), "ICB": pounds(1_000), KEPT: pounds(1_000)}
    assert [row.to_pay_pence for row in found.rows] == [-pounds(5_000), pounds(4_000), pounds(1_000)]


@pytest.mark.parametrize(
    ("surplus", "expected"),
    [(Surplus.KEPT, {"COUNCIL": 0, "ICB": 0, KEPT: -300_000}), (Surplus.RETURNED, {"COUNCIL": 0, "ICB": -300_000})],
)
def test_a_surplus_is_kept_for_the_next_person_or_returned(surplus: Surplus, expected: dict[str, int]) -> None:
    found = statement(
        inputs(Rule.TRANSFER, partner("COUNCIL", 0, 0, "50"), partner("ICB", 15_000, 12_000, "50"), surplus=surplus)
    )
    assert parts(found) == expected


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (inputs(Rule.PROPORTIONAL), "no partners"),
        (inputs(Rule.PROPORTIONAL, partner("A", 0, 5), partner("B", 0, 5)), "No contributions"),
        (inputs(Rule.PROPORTIONAL, partner("A", 1, 5, "50"), partner("B", 1, 5, "49.9999")), "do not come to 100%"),
        (inputs(Rule.PROPORTIONAL, partner("A", 1, 5, "50"), partner("B", 1, 5)), "some have none"),
        (inputs(Rule.THRESHOLD, partner("A", 1, 5, "100"), threshold_percent=Decimal(2)), "which partner bears it"),
    ],
)
def test_it_says_what_is_missing(asked: Inputs, why: str) -> None:
    with pytest.raises(CannotShare, match=why):
        statement(asked)


# ---------------------------------------------------------------- of any figures


def anything(dice: random.Random) -> Inputs:
    """Any rule over any figures: one to four partners, amounts from nothing to a region's."""
    count, size = dice.randint(1, 4), 10 ** dice.randint(1, 11)
    cuts = sorted(dice.randint(0, 1_000_000) for _ in range(count - 1))
    ppm = [after - before for before, after in zip([0, *cuts], [*cuts, 1_000_000], strict=True)]
    agreed = dice.random() < 0.7
    partners = tuple(
        Partner(code, code, dice.randint(1, size), dice.randint(0, size), Decimal(each) / 10_000 if agreed else None)
        for code, each in zip("ABCD", ppm, strict=False)
    )
    lines = tuple(
        SpendLine(str(n), dice.randint(0, size), dice.randint(0, size), tuple(Decimal(each) / 10_000 for each in ppm))
        for n in range(dice.randint(0, 3))
    )
    return Inputs(
        dice.choice(list(Rule)), *YEAR, partners, lines,
        other_underspend_pence=dice.choice([0, dice.randint(0, size)]), reserve_pence=dice.randint(0, size),
        brought_forward_pence=dice.randint(0, size), threshold_percent=Decimal(dice.randint(0, 1_000_000)) / 10_000,
        first_bearer="A", surplus=dice.choice(list(Surplus)),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_the_parts_are_the_whole_whatever_the_figures(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(500):
        asked = anything(dice)
        found = statement(asked)
        assert thawed_inputs(json.loads(json.dumps(frozen_inputs(asked)))) == asked
        assert thawed_statement(json.loads(json.dumps(frozen_statement(found)))) == found
        assert found.variance_pence == asked.spent_pence - asked.contribution_pence
        assert sum(row.part_pence for row in found.rows) == found.variance_pence, asked
        assert found.total.to_pay_pence == 0 and found.total.bears_pence == asked.spent_pence
        if asked.rule not in {Rule.EACH_ITS_OWN, Rule.BY_LINE}:
            sign = 1 if found.variance_pence > 0 else -1
            assert all(row.part_pence * sign >= 0 for row in found.rows), asked


@pytest.mark.parametrize("seed", range(5))
def test_a_split_is_never_a_penny_from_what_is_exact(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(1000):
        weights = [Fraction(dice.randint(0, 10**6), dice.randint(1, 100)) for _ in range(dice.randint(1, 6))]
        if not sum(weights):
            continue
        pence = dice.randint(-(10**13), 10**13)
        found = split(pence, weights)
        exact = [pence * weight / sum(weights) for weight in weights]
        assert sum(found) == pence
        assert all(abs(part - each) < 1 or abs(part - each) == 1 for part, each in zip(found, exact, strict=True))
        assert all(part * pence >= 0 for part in found)
