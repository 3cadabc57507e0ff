"""What lines cost a week on a day, by group and by funder, and what that is a year (rules 6 and 7).

A line's weekly cost is `amount × rate / 1,300` with a whole rate (weekly 1,300, fortnightly 650, four-weekly 325,
monthly 300 for 12/52, units bases 13 × hundredths of units): at most 999,999,999 × 99,999 × 13 < 1.3 × 10^15. Sums are
kept as whole pence beside 1,300ths, exact for nine million of the largest lines. Calendars make the denominator seven
times as large, and parts of blocks multiply it by the least common multiple of the places; should sums of so many rows
not fit 64 bits, Python's own whole numbers take over, exact and slower.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any, Self

import numpy as np

from finance.ledger.rounding import WHOLE_PPM, IntArray, multiply_rounded, round_mixed
from finance.ledger.rows import BY_UNITS, NO_CALENDAR, Basis, LineTable, ShareTable, column
from finance.ledger.stretches import expand, segments_of

_PARTS = 1_300
_RATE_PER_PENNY = {Basis.WEEKLY: 1_300, Basis.FORTNIGHTLY: 650, Basis.FOUR_WEEKLY: 325, Basis.MONTHLY: 300}
_RATE_PER_HUNDREDTH = 13
_DAYS_IN_WEEK = 7
_ROOM = 2**62


@dataclass(frozen=True)
class WeeklyByFunder:
    """Weekly pence per group and funder, sorted by both; only what is not zero."""

    group: IntArray
    funder: IntArray
    pence: IntArray


def weekly_pence(lines: LineTable, on: date) -> int:
    """Weekly cost on a day of all the lines together, income included (rule 6)."""
    return int(weekly_by_group(lines, on, np.zeros(len(lines), dtype=np.int64), 1)[0])


def weekly_by_group(lines: LineTable, on: date, group: IntArray, groups: int) -> IntArray:
    """Weekly pence on a day of `groups` groups, numbered per line from 0: summed exactly, then rounded (rule 6)."""
    on_day: IntArray = weekly_on_days(lines, [on], group, groups)[0]
    return on_day


def weekly_on_days(lines: LineTable, days: Sequence[date], group: IntArray, groups: int) -> IntArray:
    """Weekly pence as a table of one row a day, one column a group (rule 6). Days may be in any order."""
    ordered, place = np.unique(column([day.toordinal() for day in days]), return_inverse=True)
    first = np.searchsorted(ordered, lines.start)
    after = np.searchsorted(ordered, lines.last_day, side="right")
    steady = np.ones(len(lines), dtype=np.bool_) if lines.calendar is None else lines.calendar == NO_CALENDAR
    worth = _Worth.of(lines, len(lines))
    summed = []
    for pence in (worth.whole, worth.parts):
        steps = np.zeros((len(ordered) + 1) * groups, dtype=pence.dtype)
        np.add.at(steps, (first * groups + group)[steady], pence[steady])
        np.subtract.at(steps, (after * groups + group)[steady], pence[steady])
        summed.append(np.cumsum(steps.reshape(len(ordered) + 1, groups)[:-1], axis=0))
    changing = np.flatnonzero(~steady)
    row, day = expand(first[changing], (after - first)[changing])
    if len(row):
        counted = worth.on(lines, changing[row], ordered[day])
        for table, pence in zip(summed, (counted.whole, counted.parts), strict=True):
            np.add.at(table, (day, group[changing[row]]), pence)
    return round_mixed(summed[0], summed[1], worth.denominator).astype(np.int64)[place]


def step_days(lines: LineTable, first: date, last: date) -> list[date]:
    """The first day, and those up to the last on which the weekly cost may change: the corners of a step chart."""
    lasting = lines.take(lines.basis != Basis.ONE_OFF)
    calendars = set() if lasting.calendar is None else set(lasting.calendar.tolist()) - {NO_CALENDAR}
    mondays = [lines.calendars.changing_mondays(each, first.toordinal(), last.toordinal()) for each in calendars]
    days = np.unique(np.concatenate([lasting.start, lasting.end + 1, *mondays]))
    within = days[(days > first.toordinal()) & (days <= last.toordinal())]
    return [first, *(date.fromordinal(day) for day in within.tolist())]


def weekly_by_funder(lines: LineTable, shares: ShareTable, on: date, group: IntArray) -> WeeklyByFunder:
    """The weekly cost on a day split by funder, by the shares of that day (rules 4 and 6).

    Each funder's exact part of the group is summed over its lines; funders in code-point order, the unallocated last,
    take the difference between rounded cumulative sums, so the parts of a group add up to `weekly_by_group`.
    """
    day = on.toordinal()
    lines_on = np.flatnonzero(lines.in_force(on))
    segments = segments_of(lines, shares)
    segment = segments.at(lines_on, np.full(len(lines_on), day))
    first_cut = segments.first_cut[segment]
    row, cut = expand(first_cut, segments.first_cut[segment + 1] - first_cut)
    earlier = np.where(cut == first_cut[row], 0, segments.cut_cumulative_ppm[cut - 1])
    ppm = segments.cut_cumulative_ppm[cut] - earlier
    worth = _Worth.of(lines, len(row) * WHOLE_PPM).on(lines, lines_on[row], np.full(len(row), day))
    # whole × ppm is at most 10^12 × 10^6; what does not make a penny is kept in parts of the denominator × 1,000,000
    denominator = worth.denominator * WHOLE_PPM
    pence = worth.whole * ppm // WHOLE_PPM
    rest = (worth.whole * ppm - pence * WHOLE_PPM) * worth.denominator + worth.parts * ppm
    carried = rest // denominator
    rest -= carried * denominator
    return _round_in_turn(group[lines_on][row], segments.cut_funder[cut], pence + carried, rest, denominator)


def annual_pence(weekly: IntArray, weeks_per_year: Fraction) -> IntArray:
    """A year's cost at these weekly costs (rule 7): 52, 52.14 or 365/7 weeks, rounded."""
    return multiply_rounded(weekly, weeks_per_year)


@dataclass(frozen=True)
class _Worth:
    """Each row's weekly cost while in force, as whole pence and parts of the denominator, from 0 to below it (rule 6).

    A row with a calendar costs this for each of the calendar's days in a week.
    """

    whole: IntArray
    parts: IntArray
    denominator: int

    @classmethod
    def of(cls, lines: LineTable, sums: int) -> Self:
        """In columns with room to add up `sums` rows."""
        per_penny = np.zeros(len(Basis), dtype=np.int64)
        for basis, rate in _RATE_PER_PENNY.items():
            per_penny[basis] = rate
        by_units = np.isin(lines.basis, BY_UNITS)
        rates = np.where(by_units, lines.units_hundredths * _RATE_PER_HUNDREDTH, per_penny[lines.basis])
        worth = lines.amount_pence * rates
        if lines.calendar is None and lines.parts is None:
            whole = worth // _PARTS
            return cls(whole, worth - whole * _PARTS, _PARTS)
        return cls._of_parts(lines, worth, sums)

    @classmethod
    def _of_parts(cls, lines: LineTable, worth: IntArray, sums: int) -> Self:
        """Some of each row's places, or for each of its calendar's days a seventh: `worth × taken / (1,300 × of)`."""
        taken, of = np.ones((2, len(lines)), dtype=np.int64)
        if lines.parts is not None:
            taken, of = lines.parts.up_to - lines.parts.below, lines.parts.of
        if lines.calendar is not None:
            of = np.where(lines.calendar == NO_CALENDAR, of, of * _DAYS_IN_WEEK)
        denominator = _PARTS * lcm(*np.unique(of).tolist())
        kind: Any = np.int64 if denominator * max(sums, 1) * _DAYS_IN_WEEK < _ROOM else np.object_
        divisor = _PARTS * of
        whole = worth // divisor
        rest = (worth - whole * divisor) * taken
        more = rest // divisor
        parts = (rest - more * divisor).astype(kind) * (denominator // divisor.astype(kind))
        return cls((whole * taken + more).astype(kind), parts, denominator)

    def on(self, lines: LineTable, rows: IntArray, days: IntArray) -> Self:
        """What these rows cost a week, each on a day on which it is in force."""
        whole, parts = self.whole[rows], self.parts[rows]
        if lines.calendar is None:
            return replace(self, whole=whole, parts=parts)
        calendar = lines.calendar[rows]
        times = np.ones(len(rows), dtype=np.int64)
        counted = calendar != NO_CALENDAR
        times[counted] = lines.calendars.days_in_week(calendar[counted], days[counted])
        carried = parts * times // self.denominator
        return replace(self, whole=whole * times + carried, parts=parts * times - carried * self.denominator)


def _round_in_turn(
    group: IntArray, funder: IntArray, pence: IntArray, rest: IntArray, denominator: int
) -> WeeklyByFunder:
    """Sum `pence + rest / denominator` per group and funder, then round cumulatively through each group's funders."""
    order = np.lexsort((funder, group))
    group, funder = group[order], funder[order]
    is_first_of_group = np.diff(group, prepend=-1) != 0
    is_last_of_slot = np.append((np.diff(group) != 0) | (np.diff(funder) != 0), True)[: len(group)]
    group_start = np.flatnonzero(is_first_of_group)[np.cumsum(is_first_of_group) - 1]
    up_to = []
    for worth in (pence[order], rest[order]):
        running = np.append(0, np.cumsum(worth))
        up_to.append((running[1:] - running[group_start])[is_last_of_slot])
    group, funder = group[is_last_of_slot], funder[is_last_of_slot]
    taken = round_mixed(up_to[0], up_to[1], denominator).astype(np.int64)
    pence = taken - np.where(np.diff(group, prepend=-1) != 0, 0, np.append(0, taken[:-1])[: len(taken)])
    kept = pence != 0
    return WeeklyByFunder(group[kept], funder[kept], pence[kept])
