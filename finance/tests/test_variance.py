"""The parts of a variance add up to it exactly, whatever became of prices; and each is what a person would say."""

from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from commissioning.core.periods import FinancialYear
from finance import ledger
from finance.ledger import Basis, CostLine, FundingShare
from finance.queries.book import DIMENSIONS, UNALLOCATED_NAME, Book
from finance.queries.forecast import Assumed, Expected, Uplift, forecast
from finance.queries.variance import PARTS, Explained, Fact, Source, explain, stood_on

YEAR = FinancialYear(2026)
EVE = date(2026, 3, 31)
KINDS = ("core_support", "one_to_one", "transport")
FUNDERS = ("COUNCIL", "ICB", "OTHER")
UNITS = (Basis.DAILY, Basis.HOURLY, Basis.NIGHTLY)
WEEK = timedelta(days=7)
REASONS = ("new", "uplift", "need_increase", "step_down", "negotiated", "correction", "suspension", "")
PLANNED = ("move", "step_down", "need_increase", "new_person", "other")
quick = settings(max_examples=200, deadline=None)


def book_of(lines: list[CostLine], kinds: list[str], shares: list[FundingShare]) -> Book:
    codes = {name: np.zeros(len(lines), dtype=np.int64) for name in DIMENSIONS}
    codes["kind"] = np.array([KINDS.index(kind) for kind in kinds], dtype=np.int64)
    names = dict.fromkeys(DIMENSIONS, ("x",)) | {"kind": KINDS}
    return Book(ledger.LineTable.from_lines(lines, codes), ledger.ShareTable.from_shares(shares), FUNDERS, names)


def line(key: int, amount: int, start: date, end: date | None = None, **more: Any) -> CostLine:
    values: dict[str, Any] = {"line_key": key, "placement_key": 1, "basis": Basis.WEEKLY} | more
    return CostLine(amount_pence=amount, start=start, end=end, **values)


def explained(
    lines: list[CostLine], facts: dict[int, Fact] | None = None, kinds: list[str] | None = None, **assumed: Any
) -> Explained:
    book = book_of(lines, kinds or ["core_support"] * len(lines), [FundingShare(1, 0, 1_000_000, date(2020, 1, 1))])
    what = Assumed(None, **assumed)
    return explain(book, YEAR, what, budget={}, facts=facts or {}, kinds={"PC": "move"}, on=EVE)


def parts(found: Explained) -> dict[str, int]:
    return {part: pence for part in PARTS if (pence := found.of(part))}


APRIL_2020, OCTOBER = date(2020, 4, 1), date(2026, 10, 1)
YEAR_OF_700 = 365 * 100_00


def test_nothing_changed() -> None:
    assert parts(explained([line(1, 700_00, APRIL_2020)])) == {"built": YEAR_OF_700}


def test_a_price_that_rises_is_uplift_need_or_price_by_the_reason_that_is_recorded() -> None:
    for reason, part in (("uplift", "uplift"), ("need_increase", "need"), ("negotiated", "price"), ("", "price")):
        lines = [line(1, 700_00, APRIL_2020, date(2026, 9, 30)), line(2, 770_00, OCTOBER)]
        found = explained(lines, {2: Fact(reason=reason)})
        assert parts(found) == {"built": YEAR_OF_700, part: 182 * 10_00}
        assert found.sources(part) == {Source(2): 182 * 10_00}


def test_one_change_after_another_is_told_apart() -> None:
    lines = [
        line(1, 700_00, APRIL_2020, EVE),
        line(2, 770_00, date(2026, 4, 1), date(2026, 9, 30)),
        line(3, 490_00, OCTOBER),
    ]
    found = explained(lines, {2: Fact(reason="uplift"), 3: Fact(reason="step_down")})
    assert parts(found) == {"built": YEAR_OF_700, "uplift": 365 * 10_00, "need": -182 * 40_00}


def test_more_hours_at_another_rate_are_need_and_price() -> None:
    hourly: dict[str, Any] = {"basis": Basis.HOURLY}
    lines = [
        line(1, 20_00, APRIL_2020, date(2026, 9, 30), units_hundredths=3500, **hourly),
        line(2, 21_00, OCTOBER, units_hundredths=4200, **hourly),
    ]
    found = explained(lines, {2: Fact(reason="negotiated")})
    assert parts(found) == {"built": YEAR_OF_700, "price": 182 * 5_00, "need": 182 * 21_00}


def test_a_home_that_ends_and_one_that_starts() -> None:
    lines = [
        line(1, 700_00, APRIL_2020, date(2026, 9, 30)),
        line(2, 1400_00, OCTOBER, placement_key=2),
        line(3, 500_00, OCTOBER, placement_key=2, basis=Basis.ONE_OFF),
    ]
    found = explained(lines)
    assert parts(found) == {"built": YEAR_OF_700, "ended": -182 * 100_00, "started": 182 * 200_00 + 500_00}
    assert found.of("started", UNALLOCATED_NAME) == 182 * 200_00 + 500_00, "nobody pays for the second home yet"


def test_a_placement_that_ends_and_whose_price_has_no_last_day() -> None:
    found = explained([line(1, 700_00, APRIL_2020)], ends={1: date(2026, 9, 30)})
    assert parts(found) == {"built": YEAR_OF_700, "ended": -182 * 100_00}


def test_support_of_another_kind_beside_what_goes_on_is_need() -> None:
    lines = [line(1, 700_00, APRIL_2020), line(2, 70_00, OCTOBER), line(3, 7_00, APRIL_2020, date(2026, 9, 30))]
    found = explained(lines, kinds=["core_support", "one_to_one", "transport"])
    assert parts(found) == {"built": 365 * 101_00, "need": 182 * 10_00 - 182 * 1_00}


def test_a_stay_in_hospital_is_a_gap_in_need() -> None:
    lines = [
        line(1, 700_00, APRIL_2020, date(2026, 9, 30)),
        line(2, 420_00, OCTOBER, date(2026, 10, 14)),
        line(3, 700_00, date(2026, 10, 15)),
    ]
    found = explained(lines, {2: Fact(reason="suspension")}, ["core_support", "one_to_one", "core_support"])
    assert parts(found) == {"built": YEAR_OF_700, "need": -14 * 40_00}


def test_shares_that_change_move_money_between_partners_and_change_nothing_in_all() -> None:
    shares = [FundingShare(1, 0, 1_000_000, APRIL_2020, date(2026, 9, 30)), FundingShare(1, 1, 1_000_000, OCTOBER)]
    book = book_of([line(1, 700_00, APRIL_2020)], ["core_support"], shares)
    found = explain(book, YEAR, Assumed(None), budget={"COUNCIL": YEAR_OF_700, "ICB": 0}, facts={}, kinds={}, on=EVE)
    assert parts(found) == {}
    assert (found.of("who_pays", "COUNCIL"), found.of("who_pays", "ICB")) == (-182 * 100_00, 182 * 100_00)


def test_what_is_expected_counts_by_its_kind_and_an_assumed_uplift_as_uplift() -> None:
    change = Expected("PC", (0, -70_00, 0), OCTOBER, None, 1)
    found = explained([line(1, 700_00, APRIL_2020)], changes=(change,), uplift=Uplift(OCTOBER, (0, 1000, 0)))
    assert parts(found) == {"built": YEAR_OF_700, "ended": -182 * 10_00, "uplift": 182 * 10_00}
    assert found.sources("ended") == {Source(0, "PC"): -182 * 10_00}


def test_a_budget_is_built_at_the_latest_on_the_eve_of_its_year() -> None:
    assert stood_on(YEAR, None) == stood_on(YEAR, date(2026, 6, 1)) == EVE
    assert stood_on(YEAR, date(2026, 3, 12)) == date(2026, 3, 12)


@st.composite
def books(draw: st.DrawFn) -> tuple[Book, dict[int, Fact]]:
    """Prices of three placements that follow one another with and without gaps, and shares that change."""
    lines: list[CostLine] = []
    kinds: list[str] = []
    facts = {}
    for placement in (1, 2, 3):
        for kind in draw(st.lists(st.sampled_from(KINDS), unique=True, max_size=3)):
            start = date(2025, 12, 1) + timedelta(days=draw(st.integers(0, 300)))
            for _ in range(draw(st.integers(1, 4))):
                basis = draw(st.sampled_from(Basis))
                length = draw(st.one_of(st.none(), st.integers(0, 200)))
                end = None if length is None else start + timedelta(days=length)
                key = len(lines) + 10
                units = draw(st.integers(0, 20_000)) if basis in (*UNITS, Basis.SESSION) else 0
                amount = draw(st.integers(-50_000, 500_000))
                lines.append(CostLine(key, placement, basis, amount, start, end, units))
                kinds.append(kind)
                facts[key] = Fact(reason=draw(st.sampled_from(REASONS)))
                if end is None:
                    break
                start = end + timedelta(days=draw(st.sampled_from([1, 1, 1, 20])))
    return book_of(lines, kinds, draw(shares_that_change())), facts


@st.composite
def shares_that_change(draw: st.DrawFn) -> list[FundingShare]:
    shares = []
    for placement in draw(st.sets(st.integers(1, 3))):
        start = date(2025, 6, 1)
        for _ in range(draw(st.integers(1, 3))):
            length = draw(st.one_of(st.none(), st.integers(100, 400)))
            end = None if length is None else start + timedelta(days=length)
            first = draw(st.integers(1, 999_999))
            one, other = draw(st.permutations(range(3)))[:2]
            shares += [FundingShare(placement, one, first, start, end)]
            shares += [FundingShare(placement, other, 1_000_000 - first, start, end)] if draw(st.booleans()) else []
            if end is None:
                break
            start = end + timedelta(days=1)
    return shares


@st.composite
def assumptions(draw: st.DrawFn) -> Assumed:
    passed = draw(st.integers(0, 12))
    ends = draw(st.dictionaries(st.integers(1, 3), st.dates(date(2026, 1, 1), date(2027, 6, 1)), max_size=2))
    changes = tuple(
        Expected(
            f"PC-{place}", (-50_000, draw(st.integers(-50_000, 50_000)), 50_000),
            draw(st.dates(date(2026, 1, 1), date(2027, 3, 1))), None,
            *draw(st.sampled_from([(1, ""), (2, ""), (None, "COUNCIL"), (None, "NEWCOMER")])),
        )
        for place in range(draw(st.integers(0, 3)))
    )  # fmt: skip
    uplift = draw(st.one_of(st.none(), st.just(Uplift(date(2026, 8, 1), (100, 333, 500)))))
    return Assumed(YEAR.months[passed - 1].last if passed else None, ends, changes, uplift)


@quick
@given(books(), assumptions(), st.dates(date(2025, 12, 15), date(2026, 6, 1)), st.data())
def test_the_parts_are_the_variance_to_the_penny_for_each_partner(
    made: tuple[Book, dict[int, Fact]], assumed: Assumed, built: date, data: st.DataObject
) -> None:
    book, facts = made
    kinds = {change.key: data.draw(st.sampled_from(PLANNED)) for change in assumed.changes}
    budget = {"COUNCIL": 5_000_000, "ICB": 0}
    found = explain(book, YEAR, assumed, budget=budget, facts=facts, kinds=kinds, on=stood_on(YEAR, built))
    expected = forecast(book, YEAR, assumed)
    for funder in {*expected.funders, *found.funders}:
        variance = expected.of(funder)[1] - budget.get(funder, 0)
        assert sum(found.of(part, funder) for part in PARTS) == variance
    assert sum(found.of(part) for part in PARTS) == expected.of()[1] - 5_000_000
    for part in PARTS:
        assert sum(found.sources(part).values()) - (5_000_000 if part == "built" else 0) == found.of(part)
