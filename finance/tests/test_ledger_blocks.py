"""Blocks and calendars: generated ones against the plain reference, that they foot, and corners by hand."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.ledger import (
    NO_CALENDAR,
    NO_CONTRACT,
    NO_PLACEMENT,
    NOBODY,
    UNALLOCATED,
    Basis,
    Calendars,
    CostLine,
    FundingShare,
    LineTable,
    Occupant,
    OccupantTable,
    Period,
    ShareTable,
    SplitLines,
    accruals_without_funders,
    accrued_to,
    cumulative_change,
    months,
    split_blocks,
    step_days,
    total_by,
    totals,
    totals_without_funders,
    weekly_by_funder,
    weekly_by_group,
    weekly_on_days,
    weekly_pence,
)
from finance.tests import reference_ledger as reference
from finance.tests.test_ledger_properties import FIRST, LAST, UNITS, amounts, days, quick, splits

PLACEMENTS = range(1, 8)
Ranges = list[list[tuple[date, date]]]


def split(lines: list[CostLine], occupants: list[Occupant], calendars: Ranges | None = None) -> SplitLines:
    return split_blocks(
        LineTable.from_lines(lines, {"line": range(len(lines))}, Calendars.of(calendars or [])),
        np.array([line.contract_key for line in lines], dtype=np.int64),
        np.array([line.capacity for line in lines], dtype=np.int64),
        OccupantTable.from_occupants(occupants),
    )


def by_part(found: SplitLines, shares: list[FundingShare], periods: list[Period]) -> dict[tuple[int, ...], int]:
    """Pence by line, placement, funder and period, where not zero."""
    rows = totals(found.lines, ShareTable.from_shares(shares), periods, np.arange(len(found.lines)))
    summed = total_by(rows.pence, found.row[rows.group], found.lines.placement[rows.group], rows.funder, rows.period)
    keys = zip(*(values.tolist() for values in summed.columns), strict=True)
    return dict(zip(keys, summed.pence.tolist(), strict=True))


@st.composite
def calendars_of_days(draw: st.DrawFn) -> Ranges:
    """Two calendars: single days and longer runs, with gaps or none, perhaps empty."""
    calendars = []
    for _ in range(2):
        ranges = []
        start = draw(days)
        for length in draw(st.lists(st.sampled_from([0, 0, 0, 1, 40]), max_size=6)):
            ranges.append((start, start + timedelta(days=length)))
            start += timedelta(days=length + draw(st.sampled_from([1, 2, 30])))
        calendars.append(ranges)
    return calendars


@st.composite
def lines_of_contracts(draw: st.DrawFn) -> list[CostLine]:
    """A few lines of two contracts, and now and then of a placement; some by a calendar."""
    lines = []
    for key in range(draw(st.integers(1, 3))):
        basis = draw(st.sampled_from(Basis))
        start = draw(days)
        length = draw(st.one_of(st.none(), st.integers(0, 400)))
        contract = draw(st.sampled_from([1, 1, 2, NO_CONTRACT]))
        lines.append(
            CostLine(
                line_key=key + 10,
                placement_key=draw(st.sampled_from(PLACEMENTS)) if contract == NO_CONTRACT else NO_PLACEMENT,
                basis=basis,
                amount_pence=draw(amounts),
                units_hundredths=draw(st.integers(0, 99_999)) if basis in UNITS else 0,
                start=start,
                end=None if length is None else start + timedelta(days=length),
                contract_key=contract,
                capacity=0 if contract == NO_CONTRACT else draw(st.integers(1, 7)),
                calendar=draw(st.sampled_from([NO_CALENDAR, 0, 1])) if basis in UNITS else NO_CALENDAR,
            )
        )
    return lines


@st.composite
def occupants_who_come_and_go(draw: st.DrawFn) -> list[Occupant]:
    """Nobody, some, or more than there is room for; one may leave as another comes."""
    occupants = []
    for placement in PLACEMENTS:
        if draw(st.booleans()):
            start = draw(days)
            length = draw(st.one_of(st.none(), st.integers(0, 200)))
            end = None if length is None else start + timedelta(days=length)
            occupants.append(Occupant(draw(st.sampled_from([1, 1, 2])), placement, start, end))
    return draw(st.permutations(occupants))


@st.composite
def shares_of_anything(draw: st.DrawFn) -> list[FundingShare]:
    """Shares of placements, and of lines whether they are a contract's or not."""
    shares = []
    for whose in draw(st.lists(st.sampled_from([1, 2, 3, 4, 10, 11]), max_size=4, unique=True)):
        line = whose if whose >= 10 else None
        start = draw(days) - timedelta(days=draw(st.integers(0, 300)))
        for _ in range(draw(st.integers(1, 2))):
            end = start + timedelta(days=draw(st.integers(0, 200)))
            split_of = draw(splits)
            funders = draw(st.lists(st.integers(0, 3), min_size=len(split_of), max_size=len(split_of)))
            shares += [
                FundingShare(NO_PLACEMENT if line else whose, funder, ppm, start, end, line)
                for funder, ppm in zip(funders, split_of, strict=True)
            ]
            start = end + timedelta(days=draw(st.sampled_from([1, 1, 30])))
    return shares


@quick
@given(lines_of_contracts(), occupants_who_come_and_go(), shares_of_anything(), calendars_of_days())
def test_every_part_agrees_with_the_reference_month_by_month(
    lines: list[CostLine], occupants: list[Occupant], shares: list[FundingShare], calendars: Ranges
) -> None:
    periods = months(FIRST, LAST)
    found = by_part(split(lines, occupants, calendars), shares, periods)
    assert found == reference.accruals_by_part(lines, shares, periods, occupants, calendars)


@quick
@given(
    lines_of_contracts(),
    occupants_who_come_and_go(),
    shares_of_anything(),
    calendars_of_days(),
    st.lists(st.tuples(days, days), min_size=1, max_size=4),
)
def test_every_part_agrees_with_the_reference_on_any_periods(
    lines: list[CostLine],
    occupants: list[Occupant],
    shares: list[FundingShare],
    calendars: Ranges,
    ends: list[tuple[date, date]],
) -> None:
    periods = [Period(min(pair), max(pair)) for pair in ends]
    found = by_part(split(lines, occupants, calendars), shares, periods)
    assert found == reference.accruals_by_part(lines, shares, periods, occupants, calendars)


@quick
@given(lines_of_contracts(), occupants_who_come_and_go(), shares_of_anything(), st.sets(days, max_size=6))
def test_parts_add_up_to_lines_funders_to_parts_and_days_to_the_whole(
    lines: list[CostLine], occupants: list[Occupant], shares: list[FundingShare], cuts: set[date]
) -> None:
    lines = [replace(line, calendar=NO_CALENDAR) for line in lines]
    edges = sorted({FIRST, LAST + timedelta(days=1), *cuts})
    periods = [Period(start, stop - timedelta(days=1)) for start, stop in pairwise(edges)]
    found = split(lines, occupants)
    parts = totals(found.lines, ShareTable.from_shares(shares), periods, np.arange(len(found.lines)))
    whole = accruals_without_funders(LineTable.from_lines(lines), periods)
    summed = total_by(parts.pence, found.row[parts.group], parts.period)
    assert [column.tolist() for column in summed.columns] == [whole.group.tolist(), whole.period.tolist()]
    assert summed.pence.tolist() == whole.pence.tolist()
    unfunded = totals_without_funders(found.lines, periods, np.arange(len(found.lines)))
    by_row = total_by(parts.pence, parts.group, parts.period)
    assert by_row.pence.tolist() == unfunded.pence.tolist()
    together = totals(found.lines, ShareTable.from_shares(shares), [Period(FIRST, LAST)], found.row)
    assert total_by(parts.pence, found.row[parts.group], parts.funder).pence.tolist() == together.pence.tolist()


@quick
@given(
    lines_of_contracts(),
    occupants_who_come_and_go(),
    shares_of_anything(),
    calendars_of_days(),
    st.lists(days, min_size=1),
)
def test_weekly_costs_agree_with_the_reference(
    lines: list[CostLine],
    occupants: list[Occupant],
    shares: list[FundingShare],
    calendars: Ranges,
    on: list[date],
) -> None:
    found = split(lines, occupants, calendars)
    by_placement = found.lines.placement + 1
    table = weekly_on_days(found.lines, on, by_placement, 9)
    for day, row in zip(on, table.tolist(), strict=True):
        exact: dict[int, Fraction] = defaultdict(Fraction)
        for line in lines:
            for placement, worth in reference.weekly_parts(line, occupants, day, calendars):
                exact[placement] += worth
        assert row == [reference.rounded(exact[placement - 1]) for placement in range(9)]
        assert row == weekly_by_group(found.lines, day, by_placement, 9).tolist()
        assert weekly_pence(found.lines, day) == reference.rounded(sum(exact.values(), Fraction(0)))
    together = weekly_by_funder(
        found.lines, ShareTable.from_shares(shares), on[0], np.zeros(len(found.lines), dtype=np.int64)
    )
    assert dict(zip(together.funder.tolist(), together.pence.tolist(), strict=True)) == reference.weekly_by_funder(
        lines, shares, on[0], occupants, calendars
    )


@quick
@given(lines_of_contracts(), occupants_who_come_and_go(), calendars_of_days(), days, days)
def test_what_parts_have_cost_so_far_agrees_with_the_reference(
    lines: list[CostLine], occupants: list[Occupant], calendars: Ranges, one: date, other: date
) -> None:
    since, on = min(one, other), max(one, other)
    found = split(lines, occupants, calendars)
    expected = Counter[int]()
    for (_, placement, _, _), pence in reference.accruals_by_part(
        lines, [], [Period(since, on)], occupants, calendars
    ).items():
        expected[placement + 1] += pence
    change = cumulative_change(
        found.lines, found.lines.placement + 1, np.full(9, since.toordinal()), np.zeros(9, dtype=np.int64), on
    )
    assert change.pence.tolist() == [expected[place] for place in range(9)]


def block(amount_pence: int = 70_000, basis: Basis = Basis.WEEKLY, **changed: Any) -> CostLine:
    plain = CostLine(1, NO_PLACEMENT, basis, amount_pence, date(2026, 1, 1), contract_key=5, capacity=3)
    return replace(plain, **changed)


def cost_of_parts(line: CostLine, occupants: list[Occupant], first: date, last: date) -> dict[int, int]:
    found = by_part(split([line], occupants), [], [Period(first, last)])
    return {placement: pence for (_, placement, _, _), pence in found.items()}


class TestBlocks:
    def test_everyone_takes_a_place_and_the_rest_is_void(self) -> None:
        here = [Occupant(5, 1, date(2020, 1, 1)), Occupant(5, 2, date(2026, 1, 4))]
        week = cost_of_parts(block(21_000), here, date(2026, 1, 1), date(2026, 1, 7))
        assert week == {1: 7_000, 2: 4_000, NO_PLACEMENT: 10_000}

    def test_a_penny_that_cannot_be_divided_goes_by_order_of_reference(self) -> None:
        """10.00 among three: 3.33, then 6.67 − 3.33 = 3.34, then 3.33."""
        here = [Occupant(5, key, date(2020, 1, 1)) for key in (3, 1, 2)]
        day = date(2026, 1, 1)
        assert cost_of_parts(block(1_000, Basis.ONE_OFF), here, day, day) == {3: 333, 1: 334, 2: 333}

    def test_more_people_than_places_share_equally_and_nothing_is_void(self) -> None:
        here = [Occupant(5, key, date(2020, 1, 1)) for key in (1, 2, 3, 4)]
        day = date(2026, 1, 1)
        assert cost_of_parts(block(1_000, Basis.ONE_OFF), here, day, day) == dict.fromkeys((1, 2, 3, 4), 250)

    def test_an_empty_block_is_all_void(self) -> None:
        elsewhere = [Occupant(6, 1, date(2020, 1, 1))]
        assert cost_of_parts(block(7_000), elsewhere, date(2026, 1, 1), date(2026, 1, 7)) == {NO_PLACEMENT: 7_000}

    def test_a_change_of_who_is_there_begins_a_stretch_even_where_the_number_stays(self) -> None:
        """A penny a day: over two days together two pence are one each of two; day by day the first takes each."""
        line = block(7, end=date(2026, 1, 2), capacity=2)
        stays = Occupant(5, 1, date(2020, 1, 1))
        both = [stays, Occupant(5, 2, date(2020, 1, 1))]
        assert cost_of_parts(line, both, date(2026, 1, 1), date(2026, 1, 2)) == {1: 1, 2: 1}
        goes = [stays, Occupant(5, 2, date(2020, 1, 1), date(2026, 1, 1)), Occupant(5, 3, date(2026, 1, 2))]
        assert cost_of_parts(line, goes, date(2026, 1, 1), date(2026, 1, 2)) == {1: 2}

    def test_a_part_is_funded_by_its_placement_and_the_void_by_nobody(self) -> None:
        here = [Occupant(5, 1, date(2020, 1, 1))]
        shares = [FundingShare(1, 0, 750_000, date(2020, 1, 1)), FundingShare(1, 1, 250_000, date(2020, 1, 1))]
        found = by_part(split([block(30_000, Basis.ONE_OFF)], here), shares, [Period(FIRST, date(2026, 12, 31))])
        assert found == {(0, 1, 0, 0): 7_500, (0, 1, 1, 0): 2_500, (0, NO_PLACEMENT, UNALLOCATED, 0): 20_000}

    def test_shares_of_the_lines_own_pay_for_parts_and_void(self) -> None:
        here = [Occupant(5, 1, date(2020, 1, 1))]
        shares = [
            FundingShare(1, 0, 1_000_000, date(2020, 1, 1)),
            FundingShare(NO_PLACEMENT, 1, 1_000_000, date(2020, 1, 1), line_key=1),
        ]
        found = by_part(split([block(30_000, Basis.ONE_OFF)], here), shares, [Period(FIRST, date(2026, 12, 31))])
        assert found == {(0, 1, 1, 0): 10_000, (0, NO_PLACEMENT, 1, 0): 20_000}

    def test_a_part_may_fall_by_a_penny_and_still_be_shared_out(self) -> None:
        """Of three places the second has 1p of 1p but 0p of 2p: half of −1p goes away from zero, to the first."""
        line = block(7, end=date(2026, 1, 2))
        here = [Occupant(5, 1, date(2020, 1, 1)), Occupant(5, 2, date(2020, 1, 1))]
        shares = [FundingShare(2, funder, 500_000, date(2026, 1, 2)) for funder in (0, 1)]
        periods = [Period(day, day) for day in (date(2026, 1, 1), date(2026, 1, 2))]
        found = by_part(split([line], here), shares, periods)
        assert found == reference.accruals_by_part([line], shares, periods, here)
        assert {key: pence for key, pence in found.items() if key[1] == 2} == {
            (0, 2, UNALLOCATED, 0): 1,
            (0, 2, 0, 1): -1,
        }

    def test_a_part_costs_a_week_the_exact_fraction(self) -> None:
        here = [Occupant(5, key, date(2020, 1, 1)) for key in (1, 2)]
        found = split([block(100), block(100, line_key=2)], here)
        each = weekly_by_group(found.lines, date(2026, 1, 1), found.lines.placement + 1, 4)
        assert each.tolist() == [67, 0, 67, 67]  # twice 33⅓ p, rounded once

    def test_places_that_share_no_multiple_still_add_up_exactly(self) -> None:
        """The least common multiple of these places is beyond 64 bits."""
        primes = [89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149]
        lines = [block(prime, line_key=prime, capacity=prime, contract_key=prime) for prime in primes]
        here = [Occupant(prime, 1, date(2020, 1, 1)) for prime in primes]
        found = split(lines, here)
        one_group = np.zeros(len(found.lines), dtype=np.int64)
        assert weekly_by_group(found.lines, date(2026, 1, 1), found.lines.placement + 1, 3).tolist() == [
            sum(primes) - len(primes),
            0,
            len(primes),
        ]
        no_shares = ShareTable.from_shares([])
        assert weekly_by_funder(found.lines, no_shares, date(2026, 1, 1), one_group).pence.tolist() == [sum(primes)]

    def test_the_largest_block_over_two_centuries_is_exact(self) -> None:
        line = block(999_999_999, Basis.HOURLY, units_hundredths=99_999, start=date(1900, 1, 1), capacity=100_000)
        here = [Occupant(5, 1, date(1900, 1, 1))]
        whole = int(
            accruals_without_funders(
                LineTable.from_lines([line]), [Period(date(1900, 1, 1), date(2100, 12, 31))]
            ).pence[0]
        )
        part = reference.rounded(Fraction(whole, 100_000))
        assert cost_of_parts(line, here, date(1900, 1, 1), date(2100, 12, 31)) == {1: part, NO_PLACEMENT: whole - part}

    def test_it_says_which_line_each_part_is_of(self) -> None:
        own = CostLine(9, 4, Basis.WEEKLY, 100, date(2026, 1, 1))
        found = split([block(), own], [Occupant(5, 1, date(2026, 2, 1))])
        assert found.row.tolist() == [1, 0, 0, 0]
        assert found.occupant.tolist() == [NOBODY, NOBODY, 0, NOBODY]
        assert found.is_void.tolist() == [False, True, False, True]
        assert found.lines.codes["line"].tolist() == [1, 0, 0, 0]

    def test_without_blocks_nothing_changes(self) -> None:
        table = LineTable.from_lines([CostLine(9, 4, Basis.WEEKLY, 100, date(2026, 1, 1))])
        nowhere = OccupantTable.from_occupants([])
        assert split_blocks(table, np.array([NO_CONTRACT]), np.array([0]), nowhere).lines is table

    def test_it_refuses_a_block_without_places(self) -> None:
        with pytest.raises(ValueError, match="capacity"):
            split([block(capacity=0)], [])


EASTER = (date(2026, 4, 3), date(2026, 4, 6))  # Good Friday to Easter Monday


class TestCalendars:
    def line(self, **changed: Any) -> CostLine:
        plain = CostLine(1, 1, Basis.DAILY, 5_000, date(2026, 1, 1), units_hundredths=700, calendar=0)
        return replace(plain, **changed)

    def table(self, *lines: CostLine) -> LineTable:
        return LineTable.from_lines(lines, calendars=Calendars.of([[EASTER[:1] * 2, EASTER[1:] * 2]]))

    def test_each_listed_day_costs_the_amount_where_units_are_seven(self) -> None:
        found = accruals_without_funders(self.table(self.line()), months(date(2026, 3, 1), date(2026, 5, 1)))
        assert list(zip(found.period.tolist(), found.pence.tolist(), strict=True)) == [(1, 10_000)]

    def test_days_before_the_line_began_do_not_count(self) -> None:
        late = self.table(self.line(start=date(2026, 4, 4)))
        assert accrued_to(late, np.array([date(2026, 12, 31).toordinal()])).tolist() == [5_000]

    def test_its_weekly_cost_is_that_of_the_days_in_its_week(self) -> None:
        mondays = [date(2026, 3, 30), date(2026, 4, 5), date(2026, 4, 6), date(2026, 4, 13)]
        table = self.table(self.line(), self.line(line_key=2, calendar=NO_CALENDAR, amount_pence=100))
        weekly = weekly_on_days(table, mondays, np.array([0, 1]), 2)
        assert weekly.tolist() == [[5_000, 700], [5_000, 700], [5_000, 700], [0, 700]]

    def test_its_weeks_are_the_corners_of_a_step_chart(self) -> None:
        steps = step_days(self.table(self.line()), date(2026, 3, 1), date(2026, 5, 1))
        assert steps == [date(2026, 3, 1), date(2026, 3, 30), date(2026, 4, 13)]

    def test_a_line_of_a_whole_amount_may_have_no_calendar(self) -> None:
        with pytest.raises(ValueError, match="calendar"):
            self.table(self.line(basis=Basis.WEEKLY, units_hundredths=0))
        with pytest.raises(ValueError, match="calendar"):
            self.table(self.line(calendar=1))

    def test_ranges_that_overlap_are_refused(self) -> None:
        with pytest.raises(ValueError, match="overlap"):
            Calendars.of([[EASTER, EASTER]])
        with pytest.raises(ValueError, match="overlap"):
            Calendars.of([[(EASTER[1], EASTER[0])]])
