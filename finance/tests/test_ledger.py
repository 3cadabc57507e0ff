"""The ledger by examples: the three stories to the penny, and each cost rule's corners."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from finance.ledger import (
    NO_DAY,
    UNALLOCATED,
    Basis,
    CostLine,
    FundingShare,
    LineTable,
    Period,
    ShareTable,
    accruals,
    accruals_without_funders,
    annual_pence,
    cumulative_change,
    groups_by,
    months,
    step_days,
    total_by,
    totals,
    weekly_by_funder,
    weekly_by_group,
    weekly_on_days,
    weekly_pence,
)
from finance.tests import reference_ledger as reference
from finance.tests.stories import Stories, pounds

STORIES = Stories(Path(__file__).parent / "data" / "stories")
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def line(amount_pence: int = 70_000, basis: Basis = Basis.WEEKLY, **changed: Any) -> CostLine:
    plain = CostLine(line_key=1, placement_key=1, basis=basis, amount_pence=amount_pence, start=date(2026, 1, 1))
    return replace(plain, **changed)


def share(funder: int, percent: str, start: date = date(2020, 1, 1), end: date | None = None) -> FundingShare:
    return FundingShare(1, funder, int(Fraction(percent) * 10_000), start, end)


def cost(lines: list[CostLine], first: date, last: date) -> int:
    return int(accruals_without_funders(LineTable.from_lines(lines), [Period(first, last)]).pence.sum())


def by_funder(lines: list[CostLine], shares: list[FundingShare], period: Period = YEAR) -> dict[int, int]:
    found = accruals(LineTable.from_lines(lines), ShareTable.from_shares(shares), [period])
    summed = total_by(found.pence, found.funder)
    return dict(zip(summed.columns[0].tolist(), summed.pence.tolist(), strict=True))


class TestStories:
    def test_it_gives_the_expected_months_by_funder(self) -> None:
        periods = months(date(2016, 2, 1), date(2026, 10, 1))
        found = totals(STORIES.lines, STORIES.shares, periods, np.zeros(len(STORIES.lines), dtype=np.int64))
        rows = [
            [f"{periods[period].first:%Y-%m}", STORIES.funders[funder], pounds(pence)]
            for period, funder, pence in zip(found.period, found.funder, found.pence, strict=True)
        ]
        assert sorted(rows) == STORIES.expected("cost_trajectory_by_funder.csv")

    def test_the_reference_gives_the_expected_months_by_funder(self) -> None:
        periods = months(date(2016, 2, 1), date(2026, 10, 1))
        summed: dict[tuple[int, int], int] = {}
        for (_, funder, period), pence in reference.accruals(STORIES.cost_lines, STORIES.funding, periods).items():
            summed[period, funder] = summed.get((period, funder), 0) + pence
        rows = [
            [f"{periods[period].first:%Y-%m}", STORIES.funders[funder], pounds(pence)]
            for (period, funder), pence in summed.items()
            if pence
        ]
        assert sorted(rows) == STORIES.expected("cost_trajectory_by_funder.csv")

    def test_it_gives_the_expected_months_by_person_and_provider(self) -> None:
        periods = months(date(2025, 1, 1), date(2026, 10, 1))
        groups = groups_by(STORIES.lines.codes["person"], STORIES.lines.codes["provider"])
        found = totals(STORIES.lines, STORIES.shares, periods, groups.number)
        summed = total_by(found.pence, found.period, found.group)
        person, provider = groups.columns
        rows = [
            [
                f"{periods[period].first:%Y-%m}",
                STORIES.people[person[group]],
                STORIES.providers[provider[group]],
                pounds(pence),
            ]
            for period, group, pence in zip(*summed.columns, summed.pence, strict=True)
        ]
        assert sorted(rows) == STORIES.expected("cost_trajectory_by_person_provider.csv")

    def test_it_gives_the_expected_weekly_costs(self) -> None:
        on = date(2026, 10, 31)
        person = STORIES.lines.codes["person"]
        weekly = weekly_by_group(STORIES.lines, on, person, len(STORIES.people))
        baseline = np.array([STORIES.baselines.get(name, 0) for name in STORIES.people])
        annual = annual_pence(weekly - baseline, Fraction(52))
        since = cumulative_change(STORIES.lines, person, STORIES.programme_starts, baseline, on)
        rows = [
            [name, *map(pounds, figures)] if name in STORIES.baselines else [name, "", pounds(figures[1]), "", "", ""]
            for name, *figures in zip(
                STORIES.people, baseline, weekly, weekly - baseline, annual, since.pence, strict=True
            )
        ]
        assert rows == STORIES.expected("weekly_costs_2026-10-31.csv")

    def test_the_reference_gives_the_expected_cumulative_change(self) -> None:
        jo = [line for line in STORIES.cost_lines if line.placement_key in STORIES.placements_of("JO")]
        change = reference.cumulative_change(jo, date(2026, 5, 18), STORIES.baselines["JO"], date(2026, 10, 31))
        assert change == -3_372_144


class TestAccrued:
    def test_a_week_costs_seven_sevenths(self) -> None:
        assert cost([line(70_000)], date(2026, 1, 1), date(2026, 1, 7)) == 70_000

    def test_both_ends_of_a_line_count(self) -> None:
        one_day = line(70_000, end=date(2026, 1, 1))
        assert cost([one_day], date(2025, 1, 1), date(2027, 1, 1)) == 10_000

    @pytest.mark.parametrize(("basis", "weeks"), [(Basis.WEEKLY, 1), (Basis.FORTNIGHTLY, 2), (Basis.FOUR_WEEKLY, 4)])
    def test_bases_of_whole_weeks_cost_their_amount_in_them(self, basis: Basis, weeks: int) -> None:
        last = date(2026, 1, 7 * weeks)
        assert cost([line(12_345, basis)], date(2026, 1, 1), last) == 12_345

    @pytest.mark.parametrize("basis", [Basis.DAILY, Basis.SESSION, Basis.HOURLY, Basis.NIGHTLY])
    def test_units_are_charged_by_the_week(self, basis: Basis) -> None:
        hours = line(1_667, basis, units_hundredths=3_050)
        assert cost([hours], date(2026, 1, 1), date(2026, 1, 7)) == 50_844  # 16.67 × 30.5 = 508.435

    def test_a_month_costs_its_amount_whatever_its_length(self) -> None:
        monthly = line(100_001, Basis.MONTHLY, start=date(2024, 1, 31))
        assert cost([monthly], date(2024, 1, 1), date(2024, 1, 31)) == 3_226  # a 31st
        leap_february = accruals_without_funders(
            LineTable.from_lines([monthly]), months(date(2024, 2, 1), date(2024, 2, 1))
        )
        assert leap_february.pence.tolist() == [100_001]

    def test_half_a_penny_goes_away_from_zero(self) -> None:
        day = date(2026, 1, 1)
        assert cost([line(7, Basis.FORTNIGHTLY)], day, day) == 1
        assert cost([line(-7, Basis.FORTNIGHTLY)], day, day) == -1

    def test_a_one_off_falls_on_its_start_whatever_its_end(self) -> None:
        set_up = line(845_000, Basis.ONE_OFF, start=date(2026, 5, 18), end=date(2026, 5, 1))
        assert cost([set_up], date(2026, 5, 18), date(2026, 5, 18)) == 845_000
        assert cost([set_up], date(2026, 5, 19), date(2026, 12, 31)) == 0

    def test_the_largest_line_over_two_centuries_is_exact(self) -> None:
        largest = line(999_999_999, Basis.HOURLY, units_hundredths=99_999, start=date(1900, 1, 1))
        exact = reference.rounded(Fraction(999_999_999 * 99_999 * 73_414, 700))
        assert cost([largest], date(1900, 1, 1), date(2100, 12, 31)) == exact
        assert by_funder(
            [largest], [share(0, "33.3333", date(1900, 1, 1))], Period(date(1900, 1, 1), date(2100, 12, 31))
        ) == {
            0: reference.rounded(Fraction(exact * 333_333, 1_000_000)),
            UNALLOCATED: exact - reference.rounded(Fraction(exact * 333_333, 1_000_000)),
        }

    def test_the_largest_monthly_line_over_two_centuries_is_exact(self) -> None:
        largest = line(-999_999_999, Basis.MONTHLY, start=date(1900, 1, 1))
        assert cost([largest], date(1900, 1, 1), date(2100, 12, 31)) == -999_999_999 * 201 * 12

    def test_gross_leaves_income_out(self) -> None:
        table = LineTable.from_lines([line(70_000), line(-7_000, line_key=2)], codes={"kind": [5, 6]})
        assert table.gross().amount_pence.tolist() == [70_000]
        assert table.gross().codes["kind"].tolist() == [5]

    def test_no_lines_and_no_periods_cost_nothing(self) -> None:
        nothing, no_shares = LineTable.from_lines([]), ShareTable.from_shares([])
        assert len(accruals(nothing, no_shares, [YEAR]).pence) == 0
        assert len(accruals(LineTable.from_lines([line()]), no_shares, []).pence) == 0
        assert weekly_pence(nothing, date(2026, 1, 1)) == 0
        assert len(weekly_by_funder(nothing, no_shares, date(2026, 1, 1), np.zeros(0, dtype=np.int64)).pence) == 0
        assert len(total_by(nothing.line, nothing.line).pence) == 0

    def test_it_refuses_what_the_files_cannot_hold(self) -> None:
        with pytest.raises(ValueError, match="amount_pence"):
            LineTable.from_lines([line(1_000_000_000)])
        with pytest.raises(ValueError, match="before start"):
            LineTable.from_lines([line(end=date(2025, 1, 1))])
        with pytest.raises(ValueError, match="1900"):
            accruals_without_funders(LineTable.from_lines([line()]), [Period(date(1800, 1, 1), date(2026, 1, 1))])


class TestFunders:
    def test_the_funders_together_take_the_rounded_part_in_order(self) -> None:
        penny_a_day = line(7, end=date(2026, 1, 1))
        assert by_funder([penny_a_day], [share(1, "50"), share(0, "50")]) == {0: 1}

    def test_several_rows_of_one_funder_add_up(self) -> None:
        hundred_pounds = line(10_000, Basis.ONE_OFF)
        split = [share(0, "33.3333"), share(1, "33.3333"), share(0, "33.3334")]
        assert by_funder([hundred_pounds], split) == {0: 6_667, 1: 3_333}

    def test_almost_a_hundred_percent_counts_as_all(self) -> None:
        million = line(100_000_000, Basis.ONE_OFF)
        assert by_funder([million], [share(0, "49.99"), share(1, "50")]) == {0: 49_990_000, 1: 50_010_000}

    def test_what_no_share_covers_is_unallocated(self) -> None:
        million = line(100_000_000, Basis.ONE_OFF)
        assert by_funder([million], [share(0, "99.9899")]) == {0: 99_989_900, UNALLOCATED: 10_100}
        assert by_funder([million], []) == {UNALLOCATED: 100_000_000}

    def test_a_line_with_shares_of_its_own_at_any_date_does_not_use_the_placements(self) -> None:
        own_later = replace(share(1, "100", date(2026, 7, 1)), line_key=1)
        found = by_funder([line(70_000, end=date(2026, 7, 1))], [share(0, "100"), own_later])
        assert found == {1: 10_000, UNALLOCATED: 181 * 10_000}

    def test_a_boundary_begins_a_stretch_even_where_percentages_stay(self) -> None:
        """Half a penny up to 1 January and half a penny after: rounded once each, not together."""
        two_days = line(7, end=date(2026, 1, 2))
        assert by_funder([two_days], [share(0, "50"), share(1, "50")]) == {0: 1, 1: 1}
        cut = [share(0, "50", end=date(2026, 1, 1)), share(0, "50", date(2026, 1, 2)), share(1, "50")]
        assert by_funder([two_days], cut) == {0: 2}

    def test_shares_of_another_line_or_placement_make_no_boundary(self) -> None:
        two_days = line(7, end=date(2026, 1, 2))
        elsewhere = replace(share(0, "50", date(2026, 1, 2)), placement_key=2)
        other_line = replace(share(0, "50", date(2026, 1, 2)), line_key=9)
        assert by_funder([two_days], [share(0, "50"), share(1, "50"), elsewhere, other_line]) == {0: 1, 1: 1}

    def test_keys_may_lie_far_apart(self) -> None:
        """Short lists of keys are looked up in a table, sparse ones by searching: both find the same."""
        periods = months(date(2016, 2, 1), date(2026, 10, 1))
        lines = replace(STORIES.lines, line=STORIES.lines.line * 10**12, placement=STORIES.lines.placement * 10**12)
        of_line = STORIES.shares.line >= 0
        shares = replace(
            STORIES.shares,
            line=np.where(of_line, STORIES.shares.line * 10**12, STORIES.shares.line),
            placement=STORIES.shares.placement * 10**12,
        )
        near, far = accruals(STORIES.lines, STORIES.shares, periods), accruals(lines, shares, periods)
        assert near.funder.tolist() == far.funder.tolist()
        assert near.pence.tolist() == far.pence.tolist()

    def test_many_groups_are_done_in_turns(self, monkeypatch: pytest.MonkeyPatch) -> None:
        periods = months(date(2016, 2, 1), date(2026, 10, 1))
        at_once = accruals(STORIES.lines, STORIES.shares, periods)
        monkeypatch.setattr("finance.ledger.accrual._MOST_RUNNING", 1)
        monkeypatch.setattr("finance.ledger.accrual._BLOCK_CELLS", 7)
        in_turns = accruals(STORIES.lines, STORIES.shares, periods)
        assert at_once.pence.tolist() == in_turns.pence.tolist()
        assert at_once.group.tolist() == in_turns.group.tolist()


class TestWeekly:
    @pytest.mark.parametrize(
        ("basis", "units", "pence"),
        [
            (Basis.WEEKLY, 0, 10_001),
            (Basis.FORTNIGHTLY, 0, 5_001),
            (Basis.FOUR_WEEKLY, 0, 2_500),
            (Basis.MONTHLY, 0, 2_308),
            (Basis.HOURLY, 1_050, 105_011),
            (Basis.ONE_OFF, 0, 0),
        ],
    )
    def test_each_basis_has_its_weekly_cost(self, basis: Basis, units: int, pence: int) -> None:
        table = LineTable.from_lines([line(10_001, basis, units_hundredths=units)])
        assert weekly_pence(table, date(2026, 1, 1)) == pence

    def test_it_sums_exactly_before_rounding(self) -> None:
        quarters = [line(1, Basis.FOUR_WEEKLY, line_key=key) for key in range(4)]
        assert weekly_pence(LineTable.from_lines(quarters), date(2026, 1, 1)) == 1

    def test_a_negative_half_goes_away_from_zero(self) -> None:
        assert weekly_pence(LineTable.from_lines([line(-1, Basis.FORTNIGHTLY)]), date(2026, 1, 1)) == -1

    def test_it_counts_only_lines_in_force(self) -> None:
        table = LineTable.from_lines([line(7_000, end=date(2026, 1, 31)), line(8_000, start=date(2026, 2, 1))])
        days = [date(2026, 2, 1), date(2025, 12, 31), date(2026, 1, 31)]
        assert weekly_on_days(table, days, np.array([0, 1]), 2).tolist() == [[0, 8_000], [0, 0], [7_000, 0]]

    def test_the_corners_of_a_step_chart(self) -> None:
        table = LineTable.from_lines([line(end=date(2026, 1, 31)), line(9, Basis.ONE_OFF, start=date(2026, 1, 9))])
        assert step_days(table, date(2025, 12, 1), date(2026, 3, 1)) == [
            date(2025, 12, 1),
            date(2026, 1, 1),
            date(2026, 2, 1),
        ]

    def test_it_splits_a_week_by_funder(self) -> None:
        table = LineTable.from_lines([line(10_001)])
        shares = ShareTable.from_shares([share(0, "50"), share(1, "25")])
        found = weekly_by_funder(table, shares, date(2026, 1, 1), np.zeros(1, dtype=np.int64))
        assert found.funder.tolist() == [0, 1, UNALLOCATED]
        assert found.pence.tolist() == [5_001, 2_500, 2_500]

    @pytest.mark.parametrize(
        ("weeks", "pence"),
        [(Fraction(52), -12_480_000), (Fraction("52.14"), -12_513_600), (Fraction(365, 7), -12_514_286)],
    )
    def test_a_year_is_weekly_times_weeks(self, weeks: Fraction, pence: int) -> None:
        assert annual_pence(np.array([-240_000]), weeks).tolist() == [pence]


class TestCumulativeChange:
    def test_it_is_not_known_without_a_start_or_before_it(self) -> None:
        table = LineTable.from_lines([line(), line(), line()])
        starts = np.array([NO_DAY, date(2026, 1, 9).toordinal(), date(2026, 1, 8).toordinal()])
        found = cumulative_change(table, np.array([0, 1, 2]), starts, np.array([0, 0, 80_000]), date(2026, 1, 8))
        assert found.is_known.tolist() == [False, False, True]
        assert found.pence.tolist() == [0, 0, 10_000 - 11_429]


def test_rows_group_by_any_columns_however_wide() -> None:
    wide = np.array([2**61, -(2**61), 2**61])
    found = total_by(np.array([1, 2, 3]), wide, np.array([UNALLOCATED, 0, UNALLOCATED]))
    assert [column.tolist() for column in found.columns] == [[-(2**61), 2**61], [0, UNALLOCATED]]
    assert found.pence.tolist() == [2, 4]


def test_the_ledger_needs_no_django() -> None:
    ledger = Path(__file__).parents[1] / "ledger"
    assert not [source.name for source in ledger.glob("*.py") if "django" in source.read_text().replace("Django", "")]
