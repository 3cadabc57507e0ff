"""The ledger against the plain reference on generated lines and shares, and that every figure foots on every slice."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from finance.ledger import (
    Basis,
    CostLine,
    FundingShare,
    LineTable,
    Period,
    ShareTable,
    Totals,
    accruals,
    accruals_without_funders,
    accrued_to,
    cumulative_change,
    months,
    total_by,
    totals,
    totals_without_funders,
    weekly_by_funder,
    weekly_by_group,
    weekly_on_days,
    weekly_pence,
)
from finance.tests import reference_ledger as reference

FIRST, LAST = date(2023, 10, 1), date(2025, 4, 30)  # holds the leap day of 2024
UNITS = (Basis.DAILY, Basis.SESSION, Basis.HOURLY, Basis.NIGHTLY)
AWKWARD_DAYS = [date(2024, 1, 31), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2025, 2, 28)]

days = st.one_of(st.sampled_from(AWKWARD_DAYS), st.dates(FIRST, LAST))
amounts = st.one_of(st.integers(-2_000, 2_000), st.integers(-999_999_999, 999_999_999), st.just(100_00))
# parts per million of up to three shares: all of it, just about all, just not, or less
splits = st.sampled_from(
    [
        [1_000_000],
        [500_000, 500_000],
        [333_333, 333_333, 333_334],
        [333_333, 333_333, 333_234],
        [333_333, 333_333, 333_233],
        [725_000, 275_000],
        [999_900],
        [400_000, 100_001],
        [123_456, 1, 300_000],
    ]
)
quick = settings(max_examples=150, deadline=None)


@st.composite
def lines_of_a_placement(draw: st.DrawFn) -> list[CostLine]:
    """A few lines of two placements, some beginning before a placement's shares, some going on."""
    lines = []
    for key in range(draw(st.integers(1, 3))):
        basis = draw(st.sampled_from(Basis))
        start = draw(days)
        length = draw(st.one_of(st.none(), st.integers(0, 400)))
        lines.append(
            CostLine(
                line_key=key + 10,
                placement_key=draw(st.integers(1, 2)),
                basis=basis,
                amount_pence=draw(amounts),
                units_hundredths=draw(st.integers(0, 99_999)) if basis in UNITS else 0,
                start=start,
                end=None if length is None else start + timedelta(days=length),
            )
        )
    return lines


@st.composite
def shares_of_placements(draw: st.DrawFn) -> list[FundingShare]:
    """Eras of shares that follow each other with gaps or none; one funder may have several rows in one."""
    shares = []
    for placement, line in draw(
        st.lists(st.tuples(st.integers(1, 2), st.sampled_from([None, None, 10, 11])), max_size=3, unique=True)
    ):
        start = draw(days) - timedelta(days=draw(st.integers(0, 300)))
        for _ in range(draw(st.integers(1, 3))):
            length = draw(st.one_of(st.none(), st.integers(0, 200)))
            end = None if length is None else start + timedelta(days=length)
            split = draw(splits)
            funders = draw(st.lists(st.integers(0, 3), min_size=len(split), max_size=len(split)))
            shares += [
                FundingShare(placement, funder, ppm, start, end, line)
                for funder, ppm in zip(funders, split, strict=True)
            ]
            if end is None:
                break
            start = end + timedelta(days=draw(st.sampled_from([1, 1, 30])))
    return shares


def as_numbers(found: Totals) -> dict[tuple[int, int, int], int]:
    keys = zip(found.group.tolist(), found.funder.tolist(), found.period.tolist(), strict=True)
    return dict(zip(keys, found.pence.tolist(), strict=True))


def tables(lines: list[CostLine], shares: list[FundingShare]) -> tuple[LineTable, ShareTable]:
    return LineTable.from_lines(lines), ShareTable.from_shares(shares)


@quick
@given(lines_of_a_placement(), shares_of_placements())
def test_it_agrees_with_the_reference_month_by_month(lines: list[CostLine], shares: list[FundingShare]) -> None:
    periods = months(FIRST, LAST)
    assert as_numbers(accruals(*tables(lines, shares), periods)) == reference.accruals(lines, shares, periods)


@quick
@given(lines_of_a_placement(), shares_of_placements(), st.lists(st.tuples(days, days), min_size=1, max_size=4))
def test_it_agrees_with_the_reference_on_any_periods(
    lines: list[CostLine], shares: list[FundingShare], ends: list[tuple[date, date]]
) -> None:
    periods = [Period(min(pair), max(pair)) for pair in ends]
    assert as_numbers(accruals(*tables(lines, shares), periods)) == reference.accruals(lines, shares, periods)


@quick
@given(lines_of_a_placement(), shares_of_placements(), st.sets(days, max_size=6))
def test_any_partition_of_days_adds_up_by_line_and_funder(
    lines: list[CostLine], shares: list[FundingShare], cuts: set[date]
) -> None:
    edges = sorted({FIRST, LAST + timedelta(days=1), *cuts})
    parts = [Period(start, stop - timedelta(days=1)) for start, stop in pairwise(edges)]
    table, funding = tables(lines, shares)
    in_parts = accruals(table, funding, parts)
    in_whole = accruals(table, funding, [Period(FIRST, LAST)])
    summed = total_by(in_parts.pence, in_parts.group, in_parts.funder)
    assert [column.tolist() for column in summed.columns] == [in_whole.group.tolist(), in_whole.funder.tolist()]
    assert summed.pence.tolist() == in_whole.pence.tolist()


@quick
@given(lines_of_a_placement(), shares_of_placements())
def test_funders_add_up_to_lines_and_lines_to_groups(lines: list[CostLine], shares: list[FundingShare]) -> None:
    periods = months(FIRST, LAST)
    table, funding = tables(lines, shares)
    by_line = accruals(table, funding, periods)
    summed = total_by(by_line.pence, by_line.group, by_line.period)
    unfunded = accruals_without_funders(table, periods)
    assert summed.pence.tolist() == unfunded.pence.tolist()
    by_placement = totals(table, funding, periods, table.placement)
    regrouped = total_by(by_line.pence, table.placement[by_line.group], by_line.funder, by_line.period)
    assert regrouped.pence.tolist() == by_placement.pence.tolist()
    together = totals_without_funders(table, periods, np.zeros(len(lines), dtype=np.int64))
    assert together.pence.sum() == by_line.pence.sum()


@quick
@given(lines_of_a_placement())
def test_months_add_up_to_years_and_to_the_cost_so_far(lines: list[CostLine]) -> None:
    table = LineTable.from_lines(lines)
    year = Period(date(2024, 1, 1), date(2024, 12, 31))
    monthly = accruals_without_funders(table, months(year.first, year.last))
    yearly = accruals_without_funders(table, [year])
    summed = total_by(monthly.pence, monthly.group)
    assert summed.columns[0].tolist() == yearly.group.tolist()
    assert summed.pence.tolist() == yearly.pence.tolist()
    ends = [accrued_to(table, np.full(len(lines), day.toordinal())) for day in (date(2023, 12, 31), year.last)]
    assert (ends[1] - ends[0]).sum() == yearly.pence.sum()


@quick
@given(lines_of_a_placement(), days)
def test_income_mirrors_cost(lines: list[CostLine], day: date) -> None:
    """Rounding half away from zero treats both signs alike."""
    mirrored = [replace(line, amount_pence=-line.amount_pence) for line in lines]
    periods = [Period(FIRST, day), Period(day, LAST)]
    there, back = (accruals_without_funders(LineTable.from_lines(some), periods) for some in (lines, mirrored))
    assert there.pence.tolist() == (-back.pence).tolist()


@quick
@given(lines_of_a_placement(), shares_of_placements(), days)
def test_weekly_costs_agree_with_the_reference(lines: list[CostLine], shares: list[FundingShare], on: date) -> None:
    table, funding = tables(lines, shares)
    assert weekly_pence(table, on) == reference.rounded(
        sum((reference.weekly(line, on) for line in lines), Fraction(0))
    )
    one_group = np.zeros(len(lines), dtype=np.int64)
    found = weekly_by_funder(table, funding, on, one_group)
    assert dict(zip(found.funder.tolist(), found.pence.tolist(), strict=True)) == reference.weekly_by_funder(
        lines, shares, on
    )
    by_placement = weekly_by_funder(table, funding, on, table.placement)
    weekly = weekly_by_group(table, on, table.placement, 3)
    for placement in (1, 2):
        assert by_placement.pence[by_placement.group == placement].sum() == weekly[placement]


@quick
@given(lines_of_a_placement(), st.lists(days, min_size=1, max_size=5))
def test_weekly_costs_on_many_days_are_those_of_each(lines: list[CostLine], on: list[date]) -> None:
    table = LineTable.from_lines(lines)
    together = weekly_on_days(table, on, table.placement, 3)
    assert together.tolist() == [weekly_by_group(table, day, table.placement, 3).tolist() for day in on]


@quick
@given(lines_of_a_placement(), days, days, st.integers(-999_999, 999_999_999))
def test_cumulative_change_agrees_with_the_reference(
    lines: list[CostLine], since: date, on: date, baseline_pence: int
) -> None:
    assume(since <= on)
    found = cumulative_change(
        LineTable.from_lines(lines),
        np.zeros(len(lines), dtype=np.int64),
        np.array([since.toordinal()]),
        np.array([baseline_pence]),
        on,
    )
    assert found.is_known.tolist() == [True]
    assert found.pence.tolist() == [reference.cumulative_change(lines, since, baseline_pence, on)]
