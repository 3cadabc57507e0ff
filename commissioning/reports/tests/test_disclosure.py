"""Disclosure control: what may be published of a number."""

from fractions import Fraction

import pytest

from commissioning.reports import disclosure
from commissioning.reports.disclosure import Guard, Published, Release, unit_for
from commissioning.reports.telling import Exact, ExactTeller, NotPublished, PublicTeller, freeze

UNIT = 1_000_00


def guard(**released: Release) -> Guard:
    return Guard(released)


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "fewer than 8"), (1, "fewer than 8"), (7, "fewer than 8"), (8, "10"), (12, "10"), (13, "15"), (1234, "1,235")],
)
def test_it_hides_0_to_7_and_rounds_the_rest_to_the_nearest_5(number: int, words: str) -> None:
    assert guard().count("people", number).words == words


def test_it_tells_a_true_nought_only_of_listed_absences_among_ten_or_more() -> None:
    assert guard().count("transition.residential|2026", 0, among=10).words == "none"
    assert guard().count("transition.residential|2026", 0, among=9).words == "fewer than 8"
    assert guard().count("restraint.people|2026", 0, among=500).words == "fewer than 8"


def test_it_publishes_no_money_for_fewer_than_ten_people() -> None:
    hidden = guard().money("cost", 5_500_00, people=9, largest=UNIT)
    assert (hidden.words, hidden.number) == ("not shown", None)
    assert guard().money("cost", 104_499_99, people=10, largest=UNIT).words == "£104,000"


def test_it_rounds_money_halves_away_from_nought() -> None:
    assert guard().money("cost", 500_00, people=10, largest=UNIT).number == 1_000_00
    assert guard().money("cost", -500_00, people=10, largest=UNIT, sign=True).words == "−£1,000"


@pytest.mark.parametrize(
    ("largest", "unit"), [(0, 100_00), (100_00, 100_00), (100_01, 200_00), (3_100_00, 5_000_00), (5_500_00, 10_000_00)]
)
def test_it_takes_a_unit_that_no_single_contribution_exceeds(largest: int, unit: int) -> None:
    assert unit_for(largest, 100_00) == unit


def test_it_never_lets_one_person_move_a_total_by_more_than_one_unit() -> None:
    """Whatever the others cost, with or without one person the published total is the same or one unit apart."""
    for others in range(0, 5_000_00, 7_777):
        for price in range(0, UNIT + 1, 9_999):
            without = Guard({}).money("cost", others, people=10, largest=UNIT).number or 0
            with_them = Guard({}).money("cost", others + price, people=11, largest=UNIT).number or 0
            assert with_them - without in (0, UNIT)


def test_it_keeps_what_was_released_against_one_late_record() -> None:
    """One person's correction, of at most a unit, can never change a figure that was published."""
    for exact in range(0, 20_000_00, 12_345):
        first = Guard({})
        told = first.money("cost|2026-05", exact, people=20, largest=UNIT)
        for correction in (-UNIT, UNIT):
            again = Guard(first.newly)
            assert again.money("cost|2026-05", exact + correction, people=20, largest=UNIT) == told
            assert not again.changed


def test_it_keeps_counts_against_one_late_record_and_lists_what_many_changed() -> None:
    for exact in range(60):
        first = Guard({})
        told = first.count("people|2026-05", exact)
        for step in (-1, 1):
            assert Guard(first.newly).count("people|2026-05", max(0, exact + step)) == told
    first = Guard({})
    first.count("people|2026-05", 20)
    later = Guard(first.newly)
    assert later.count("people|2026-05", 40).words == "40"
    assert [(each.before, each.now) for each in later.changed] == [(20, 40)]


def test_it_keeps_money_hidden_that_was_hidden_for_nearly_as_few() -> None:
    first = Guard({})
    first.money("cost|2026-05", 9_000_00, people=9, largest=UNIT)
    assert not Guard(first.newly).money("cost|2026-05", 10_000_00, people=10, largest=UNIT).is_shown
    assert Guard(first.newly).money("cost|2026-05", 30_000_00, people=30, largest=UNIT).is_shown


def test_it_goes_on_showing_what_was_shown_even_if_few_remain() -> None:
    first = Guard({})
    told = first.money("cost|2026-05", 10_000_00, people=10, largest=UNIT)
    assert Guard(first.newly).money("cost|2026-05", 9_100_00, people=9, largest=UNIT).number == told.number


def test_it_makes_totals_and_years_from_published_amounts_alone() -> None:
    before, change = Published("£10,000", 10_000_00, UNIT), Published("−£2,000", -2_000_00, UNIT)
    assert disclosure.total(before, change).words == "£8,000"
    assert disclosure.a_year(change, 52, 1).words == "−£104,000"
    assert not disclosure.total(before, Published("not shown", None)).is_shown


def test_it_never_gives_a_kind_of_sum_a_finer_unit_than_before() -> None:
    first = Guard({})
    first.money("cost|2026-05", 40_000_00, people=20, largest=5_500_00)
    again = Guard(first.newly).money("cost|2026-06", 40_400_00, people=20, largest=900_00)
    assert (again.number, again.unit) == (40_000_00, 10_000_00)
    assert Guard(first.newly).money("other|2026-06", 40_400_00, people=20, largest=900_00).unit == 1_000_00


def test_it_rounds_other_sums_by_the_largest_contribution() -> None:
    assert guard().amount("days", 903, people=12, largest=180).words == "1,000"
    assert guard().amount("days", 903, people=9, largest=180).words == "not shown"


def test_it_refuses_a_bare_or_exact_number_in_a_published_edition() -> None:
    assert freeze({"cost": Published("£1", 100)}, public=True) == {"cost": {"words": "£1", "number": 100}}
    with pytest.raises(NotPublished):
        freeze({"cost": 5_500_00}, public=True)
    with pytest.raises(NotPublished):
        freeze([Exact("£5,500.00", 5_500_00)], public=True)
    with pytest.raises(NotPublished):
        PublicTeller(guard()).total(Exact("£1.00", 100), Published("£1", 100))


def test_it_tells_the_working_pack_to_the_penny() -> None:
    teller = ExactTeller()
    assert teller.count("people", 3).words == "3"
    assert teller.money("cost", -2_400_00, people=1, largest=UNIT, sign=True).words == "−£2,400.00"
    assert teller.a_year(teller.money("cost", -2_400_00, people=1, largest=UNIT), Fraction(52)).words == "−£124,800.00"
