"""20,000 generated cases: the ledger is the plain reference's equal to the penny, on every slice.

A case is a placement with two or three lines and its shares. Every combination of basis, sign, a change of shares in
mid-month, shares of the line's own and a leap day comes up so many times, counted as the lines are made.
"""

import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pytest

from commissioning.tests.figures import Say
from finance.ledger import (
    Basis,
    CostLine,
    FundingShare,
    LineTable,
    Period,
    ShareTable,
    accruals,
    accruals_without_funders,
    groups_by,
    months,
    total_by,
    totals,
)
from finance.tests import reference_ledger as reference

CASES, FEWEST, TOGETHER = 20_000, 200, 250
UNITS = (Basis.DAILY, Basis.SESSION, Basis.HOURLY, Basis.NIGHTLY)
LEAP_DAY = date(2024, 2, 29)
YEARS = {True: months(date(2023, 12, 1), date(2024, 5, 1)), False: months(date(2022, 12, 1), date(2023, 5, 1))}
PERIODS = [*YEARS[False], *YEARS[True]]
SPLITS = (
    (1_000_000,),
    (500_000, 500_000),
    (333_333, 333_333, 333_334),
    (333_333, 333_333, 333_233),
    (725_000, 275_000),
    (999_900,),
    (400_000, 100_001),
)


@dataclass(frozen=True)
class Sort:
    """What one line of a case is."""

    basis: Basis
    is_income: bool
    shares_change_in_mid_month: bool
    has_shares_of_its_own: bool
    holds_leap_day: bool


SORTS = [Sort(basis, *each) for basis in Basis for each in itertools.product((False, True), repeat=4)]


@dataclass(frozen=True)
class Case:
    """Lines and shares of one placement; what sort each line is."""

    lines: list[CostLine]
    shares: list[FundingShare]
    sorts: list[Sort]


def make_case(number: int, chance: random.Random, sorts: Iterator[tuple[Sort, Sort]]) -> Case:
    """A line that goes by the placement's shares and one with its own; at times another of the first sort."""
    by_placement, by_own = next(sorts)
    lines = [make_line(number * 10, number, by_placement, chance), make_line(number * 10 + 1, number, by_own, chance)]
    shares = [
        *make_shares(lines[0], None, by_placement, chance),
        *make_shares(lines[1], lines[1].line_key, by_own, chance),
    ]
    if chance.random() < 0.5:
        lines.append(
            make_line(number * 10 + 2, number, replace(by_placement, basis=chance.choice(list(Basis))), chance)
        )
    return Case(lines, shares, [sort_of(line, shares) for line in lines])


def make_line(key: int, placement: int, sort: Sort, chance: random.Random) -> CostLine:
    """A line of half a week to five months, which holds 29 February 2024 or is in a year that has none."""
    if sort.holds_leap_day:
        start = LEAP_DAY if sort.basis is Basis.ONE_OFF else LEAP_DAY - timedelta(days=chance.randint(0, 80))
    else:
        start = date(2022, 12, chance.randint(2, 31)) + timedelta(days=chance.choice((0, 3, 31)))
    length = chance.randint(3, 70) + ((LEAP_DAY - start).days if sort.holds_leap_day else 0)
    pence = chance.choice((chance.randint(1, 2_000), chance.randint(1, 999_999_999), 10_000))
    return CostLine(
        line_key=key,
        placement_key=placement,
        basis=sort.basis,
        amount_pence=-pence if sort.is_income else pence,
        units_hundredths=chance.randint(0, 99_999) if sort.basis in UNITS else 0,
        start=start,
        end=None if sort.holds_leap_day and chance.random() < 0.5 else start + timedelta(days=length),
    )


def make_shares(line: CostLine, of: int | None, sort: Sort, chance: random.Random) -> Iterator[FundingShare]:
    """From before the line; where they change, on a day within the line that begins no month."""
    before = line.start - timedelta(days=chance.randint(1, 40))
    if not sort.shares_change_in_mid_month:
        yield from split(line, of, before, None, chance)
        return
    within = [line.start + timedelta(days=days) for days in range(1 if line.basis is Basis.ONE_OFF else 3)]
    change = next((day for day in reversed(within) if day.day != 1), line.start)
    if before < change:
        yield from split(line, of, before, change - timedelta(days=1), chance)
    yield from split(line, of, change, chance.choice((None, change + timedelta(days=45))), chance)


def split(
    line: CostLine, of: int | None, start: date, end: date | None, chance: random.Random
) -> Iterator[FundingShare]:
    for place, ppm in enumerate(chance.choice(SPLITS)):
        yield FundingShare(line.placement_key, (chance.randint(0, 1) + place) % 4, ppm, start, end, of)


def sort_of(line: CostLine, shares: list[FundingShare]) -> Sort:
    """By what is there, whatever was meant."""
    own = [share for share in shares if share.line_key == line.line_key]
    applying = own or [share for share in shares if share.line_key is None]
    last = min(reference.last_day_of(line), PERIODS[-1].last)
    edges = {share.start for share in applying} | {s.end + timedelta(days=1) for s in applying if s.end}
    in_mid_month = any(line.start <= day <= last and day.day != 1 for day in edges)
    return Sort(line.basis, line.amount_pence < 0, in_mid_month, bool(own), line.start <= LEAP_DAY <= last)


def make_cases(chance: random.Random, count: int = CASES) -> list[Case]:
    mixed = chance.sample(SORTS, len(SORTS))
    own = [sort for sort in mixed if sort.has_shares_of_its_own]
    sorts = itertools.cycle(zip([sort for sort in mixed if not sort.has_shares_of_its_own], own, strict=True))
    return [make_case(number, chance, sorts) for number in range(count)]


def differences(cases: list[Case], chance: random.Random) -> Iterator[str]:
    """Where the ledger, which takes all these cases at once, and the reference disagree."""
    lines = [line for case in cases for line in case.lines]
    table = LineTable.from_lines(lines)
    funding = ShareTable.from_shares([share for case in cases for share in case.shares])
    expected = expected_of(cases)
    for name, keys in (
        ("line, funder and month", lambda key: key),
        ("line and month", lambda key: (key[0], key[2])),
        ("funder and month", lambda key: key[1:]),
        ("placement, funder and month", lambda key: (lines[key[0]].placement_key, *key[1:])),
        ("month", lambda key: key[2:]),
    ):
        wanted = summed(expected, keys)
        if found_by(name, table, funding) != wanted:
            yield f"by {name}, cases from {cases[0].lines[0].placement_key}"
    yield from unlike_in_parts(table, funding, expected, chance)


def expected_of(cases: list[Case]) -> dict[tuple[int, ...], int]:
    found: dict[tuple[int, ...], int] = {}
    before = 0
    for case in cases:
        for (place, funder, month), pence in reference.accruals(case.lines, case.shares, PERIODS).items():
            found[before + place, funder, month] = pence
        before += len(case.lines)
    return found


def found_by(name: str, table: LineTable, funding: ShareTable) -> dict[tuple[int, ...], int]:
    """What the ledger says by this slice, where not zero."""
    if name == "line and month":
        plain = accruals_without_funders(table, PERIODS)
        return numbered(plain.pence, plain.group, plain.period)
    if name == "line, funder and month":
        found = accruals(table, funding, PERIODS)
        return numbered(found.pence, found.group, found.funder, found.period)
    by_placement = name.startswith("placement")
    groups = groups_by(table.placement if by_placement else np.zeros(len(table), dtype=np.int64))
    found = totals(table, funding, PERIODS, groups.number)
    keys = [groups.columns[0][found.group]] if by_placement else []
    keys += [found.funder] if "funder" in name else []
    summed_up = total_by(found.pence, *keys, found.period)
    return numbered(summed_up.pence, *summed_up.columns)


def unlike_in_parts(
    table: LineTable, funding: ShareTable, expected: dict[tuple[int, ...], int], chance: random.Random
) -> Iterator[str]:
    """The whole time, and any partition of it: each adds up to the same by line and funder."""
    first, last = YEARS[False][0].first, PERIODS[-1].last
    whole = accruals(table, funding, [Period(first, last)])
    cuts = sorted({first, *(first + timedelta(days=chance.randint(1, 500)) for _ in range(4))})
    ends = [*(day - timedelta(days=1) for day in cuts[1:]), last]
    parts = accruals(table, funding, [Period(*each) for each in zip(cuts, ends, strict=True)])
    by_line = total_by(parts.pence, parts.group, parts.funder)
    if numbered(by_line.pence, *by_line.columns) != numbered(whole.pence, whole.group, whole.funder):
        yield "the parts of a partition do not add up"
    in_year = accruals(table, funding, [Period(YEARS[True][0].first, last)])
    wanted = {key: pence for key, pence in expected.items() if key[2] >= len(YEARS[False])}
    if numbered(in_year.pence, in_year.group, in_year.funder) != summed(wanted, lambda key: key[:2]):
        yield "half a year is not its months"


def numbered(pence: np.ndarray, *columns: np.ndarray) -> dict[tuple[int, ...], int]:
    rows = zip(*(column.tolist() for column in columns), pence.tolist(), strict=True)
    return {tuple(keys): each for *keys, each in rows if each}


def summed(expected: dict[tuple[int, ...], int], key_of: object) -> dict[tuple[int, ...], int]:
    found: dict[tuple[int, ...], int] = defaultdict(int)
    for key, pence in expected.items():
        found[key_of(key)] += pence  # type: ignore[operator]
    return {key: pence for key, pence in found.items() if pence}


def test_every_combination_comes_up_in_the_cases() -> None:
    """The quick part: a tenth of them are made and counted, a few compared."""
    chance = random.Random(20_260_401)
    cases = make_cases(chance, CASES // 10)
    counts = Counter(sort for case in cases for sort in case.sorts)
    assert min(counts[sort] for sort in SORTS) >= FEWEST // 20
    assert not list(differences(cases[:TOGETHER], chance))


@pytest.mark.drill
def test_20_000_cases_are_the_references_equal_to_the_penny(figure: Say) -> None:
    chance = random.Random(20_260_402)
    cases = make_cases(chance)
    counts = Counter(sort for case in cases for sort in case.sorts)
    batches = [cases[place : place + TOGETHER] for place in range(0, CASES, TOGETHER)]
    wrong = [each for batch in batches for each in differences(batch, chance)]
    figure(
        "cases in which ledger and reference agree on every slice / made",
        f"{CASES - len(wrong) * TOGETHER:,} / {CASES:,}",
    )
    figure(
        "lines of each basis × sign × share change in mid-month × line share × leap day",
        f"{len(SORTS)} combinations, the fewest {min(counts[sort] for sort in SORTS):,} times",
    )
    assert not wrong, "\n".join(wrong[:20])
    assert min(counts[sort] for sort in SORTS) >= FEWEST
