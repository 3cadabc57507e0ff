"""What lines cost over any days, by funder, to the penny (rules 2, 3, 4, 8 and 10).

What a stretch has cost a funder up to a day is a closed form, so nothing is walked day by day. Every period is the
difference of two *running totals*: up to its last day, and up to the day before its first. Running totals are added up
per group and funder at those *boundary days* alone. Each is a sum of values already rounded, so every figure foots.

The order of adding and subtracting does not matter, even where a running total passes 2^63: whole numbers that wrap
around still give the right difference, whenever the period's own total fits.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import pairwise
from typing import Any, Self

import numpy as np

from finance.ledger.calendars import Calendars
from finance.ledger.clock import (
    BY_CALENDAR,
    BY_TICKS,
    DAYS_DIVISOR,
    TICKS_IN_MONTH,
    Clock,
    accrued_to,
    days_of,
    ticks_of,
    time_of,
)
from finance.ledger.grouping import groups_by
from finance.ledger.rounding import BoolArray, IntArray, divide_rounded, part_of, places_of
from finance.ledger.rows import FIRST_DAY, LAST_DAY, NO_DAY, LineTable, Period, ShareTable, column
from finance.ledger.stretches import Segments, Stretches, expand, segments_of, segments_without_funders, stretches_of

_BLOCK_CELLS = 1 << 15  # cells worked on at once: their columns stay in the processor's cache
_MOST_RUNNING = 1 << 22  # running totals held at once (32 MB); beyond, groups are done in turns


@dataclass(frozen=True)
class Totals:
    """Pence per group, funder and period (its place in the list asked for), sorted by these; only what is not zero."""

    group: IntArray
    funder: IntArray
    period: IntArray
    pence: IntArray


@dataclass(frozen=True)
class CumulativeChange:
    """Pence against baseline per group since its programme's start; 0 where there is none (`is_known` is false)."""

    pence: IntArray
    is_known: BoolArray


def totals(lines: LineTable, shares: ShareTable, periods: list[Period], group: IntArray) -> Totals:
    """What the lines of each group cost each funder in each period (rules 2 to 4).

    `group` holds each line's group, any whole number. The funder is `UNALLOCATED` where no share covers a day.
    """
    return _totals(lines, segments_of(lines, shares), periods, group)


def totals_without_funders(lines: LineTable, periods: list[Period], group: IntArray) -> Totals:
    """What the lines of each group cost in each period (rules 2 and 3); the funder is `UNALLOCATED` throughout."""
    return _totals(lines, segments_without_funders(lines), periods, group)


def accruals(lines: LineTable, shares: ShareTable, periods: list[Period]) -> Totals:
    """What each line costs each funder in each period (rules 2 to 4); the group is the line's row number."""
    return totals(lines, shares, periods, np.arange(len(lines)))


def accruals_without_funders(lines: LineTable, periods: list[Period]) -> Totals:
    """What each line costs in each period (rules 2 and 3); the group is the line's row number."""
    return totals_without_funders(lines, periods, np.arange(len(lines)))


def cumulative_change(
    lines: LineTable, group: IntArray, programme_start: IntArray, baseline_weekly_pence: IntArray, on: date
) -> CumulativeChange:
    """Accrued cost less the baseline over the same days, per group (rule 8).

    `programme_start` (day numbers, `NO_DAY` where there is none) and the baselines have one entry a group, which
    `group` numbers per line from 0. Not known without a start, or where that is after the day.
    """
    day = on.toordinal()
    is_known = (programme_start != NO_DAY) & (programme_start <= day)
    since = np.where(is_known, programme_start, day + 1)
    cost = np.zeros(len(since), dtype=np.int64)
    to_day = np.full(len(lines), day)
    np.add.at(cost, group, accrued_to(lines, to_day) - accrued_to(lines, since[group] - 1))
    baseline = np.abs(baseline_weekly_pence) * (day + 1 - since) * (DAYS_DIVISOR // 7)
    expected = np.sign(baseline_weekly_pence) * divide_rounded(baseline, DAYS_DIVISOR)
    return CumulativeChange(np.where(is_known, cost - expected, 0), is_known)


def _totals(lines: LineTable, segments: Segments, periods: list[Period], group: IntArray) -> Totals:
    none = column([])
    if not periods:
        return Totals(none, none, none, none)
    days, opening, closing = _boundaries(periods)
    cuts, slots = _cuts_and_slots(lines, segments, days, group)
    parts = [(none, none, none)]
    for first_slot, running in _running_totals(cuts, slots, days, lines.calendars):
        pence = (np.take(running, closing, axis=1) - np.take(running, opening, axis=1)).reshape(-1)
        cell = np.flatnonzero(pence)
        slot = cell // len(periods)
        parts.append((slot + first_slot, cell - slot * len(periods), pence[cell]))
    slot, period, pence = (np.concatenate([part[place] for part in parts]) for place in range(3))
    return Totals(slots.group[slot], slots.funder[slot], period, pence)


def _boundaries(periods: list[Period]) -> tuple[IntArray, IntArray, IntArray]:
    """The boundary days in order, and for each period where its opening and its closing one stand."""
    first = column([period.first.toordinal() for period in periods])
    last = column([period.last.toordinal() for period in periods])
    if np.any(first > last) or np.any(first < FIRST_DAY) or np.any(last > LAST_DAY):
        raise ValueError("A period must run forwards, within 1900 to 2100.")
    days = np.unique(np.concatenate([first - 1, last]))
    return days, np.searchsorted(days, first - 1), np.searchsorted(days, last)


@dataclass(frozen=True)
class _Slots:
    """The pairs of group and funder among which money is spread, in this order."""

    group: IntArray
    funder: IntArray

    def __len__(self) -> int:
        return len(self.group)


@dataclass(frozen=True)
class _Cuts:
    """One row per stretch and funder: all that is needed to say what funders up to this one have paid by a day.

    The stretch's last cut takes what is left; for the others, the next funder's cut counts the same pence again, so
    they are taken from `next_slot`. What the stretch has cost by a time is `(rate × time - offset) / divisor`.
    `first` and `count` say at which boundary days the stretch is in progress; the boundary after those finds it ended.
    Where rows are parts of lines, `places` holds four columns: `below`, `up_to` and `of` of the part, and what the part
    had cost before the stretch; the line's cost then goes from the part's start.
    """

    slot: IntArray
    next_slot: IntArray
    is_last: BoolArray
    hand: IntArray
    sign: IntArray
    rate: IntArray
    offset: IntArray
    ppm: IntArray
    first: IntArray
    count: IntArray
    end: IntArray
    places: IntArray | None = None

    def take(self, rows: slice | IntArray) -> Self:
        def some(values: Any) -> Any:
            return None if values is None else values[rows]

        return type(self)(**{each.name: some(getattr(self, each.name)) for each in fields(self)})

    def alike(self) -> Iterator[Self]:
        """The cuts in turn by what their time goes, whether they are the last of their stretch, and parts of lines."""
        is_part = None if self.places is None else self.places[:, 2] > 1
        hand = np.minimum(self.hand, BY_CALENDAR)
        for wanted in range(int(hand.max(initial=0)) + 1):
            for last in (False, True):
                chosen = (hand == wanted) & (self.is_last == last)
                yield replace(self, places=None).take(np.flatnonzero(chosen if is_part is None else chosen & ~is_part))
                if is_part is not None:
                    yield self.take(np.flatnonzero(chosen & is_part))

    def pence(self, counts: IntArray, time: IntArray) -> IntArray:
        """What alike cuts have paid (rule 4), with their signs, at each one's `counts` times."""
        divisor = TICKS_IN_MONTH if self.hand[0] == BY_TICKS else DAYS_DIVISOR
        # the part before the stretch is whole pence, so taking it away before the rounding changes nothing
        paid = divide_rounded(np.repeat(self.rate, counts) * time - np.repeat(self.offset, counts), divisor)
        if self.places is not None:
            below, up_to, of, before = (np.repeat(values, counts) for values in self.places.T)
            paid = places_of(paid, up_to, of) - places_of(paid, below, of) - before
        if not self.is_last[0]:
            ppm = np.repeat(self.ppm, counts)
            # a part may have cost a penny less than the day before: its two roundings fall apart
            paid = part_of(paid, ppm) if self.places is None else np.sign(paid) * part_of(np.abs(paid), ppm)
        paid *= np.repeat(self.sign, counts)
        return paid


def _cuts_and_slots(lines: LineTable, segments: Segments, days: IntArray, group: IntArray) -> tuple[_Cuts, _Slots]:
    """The cuts that matter between the first and last of these days, in order of group, and the slots they fill."""
    clock = Clock.of(lines)
    counts = (clock.rate != 0) & (lines.start <= days[-1]) & (lines.last_day > days[0])
    stretches = stretches_of(lines, segments, np.flatnonzero(counts))
    stretches = stretches.take((stretches.start <= days[-1]) & (stretches.end > days[0]))
    if np.any(np.diff(group[stretches.line]) < 0):
        stretches = stretches.take(np.argsort(group[stretches.line], kind="stable"))
    before, places = _before(lines, clock, stretches)
    divisor = np.where(clock.hand == BY_TICKS, TICKS_IN_MONTH, DAYS_DIVISOR)[stretches.line]
    offset = (clock.rate * clock.begins)[stretches.line] + before * divisor
    first = np.searchsorted(days, stretches.start)
    count = np.searchsorted(days, stretches.end) - first
    first_cut = segments.first_cut[stretches.segment]
    next_cut = segments.first_cut[stretches.segment + 1]
    row, cut = expand(first_cut, next_cut - first_cut)
    line = stretches.line[row]
    groups = groups_by(group[line], segments.cut_funder[cut])
    cuts = _Cuts(
        slot=groups.number,
        next_slot=np.append(groups.number[1:], 0),
        is_last=cut == next_cut[row] - 1,
        hand=clock.hand[line],
        sign=clock.sign[line],
        rate=clock.rate[line],
        offset=offset[row],
        ppm=segments.cut_cumulative_ppm[cut],
        first=first[row],
        count=count[row],
        end=stretches.end[row],
        places=None if places is None else places[row],
    )
    return cuts, _Slots(*groups.columns)


def _before(lines: LineTable, clock: Clock, stretches: Stretches) -> tuple[IntArray, IntArray | None]:
    """What each stretch's line had cost before it, and the places of its part with what that had cost."""
    before = clock.accrued(stretches.line, stretches.start - 1)
    if lines.parts is None:
        return before, None
    parts = lines.parts.take(stretches.line)
    before_part = clock.accrued(stretches.line, lines.start[stretches.line] - 1)
    since = before - before_part
    paid = places_of(since, parts.up_to, parts.of) - places_of(since, parts.below, parts.of)
    places = np.stack([parts.below, parts.up_to, parts.of, paid], axis=1)
    return np.where(parts.of > 1, before_part, before), places


def _running_totals(cuts: _Cuts, slots: _Slots, days: IntArray, calendars: Calendars) -> Iterator[tuple[int, IntArray]]:
    """Number of a first slot, and the pence paid up to each boundary day by the slots from there on, in turns."""
    for slot_range, rows in _turns(cuts, slots, len(days)):
        some = cuts.take(rows)
        some = replace(some, slot=some.slot - slot_range.start, next_slot=some.next_slot - slot_range.start)
        kinds = [alike for alike in some.alike() if len(alike.slot)]
        running = np.zeros((slot_range.stop - slot_range.start, len(days)), dtype=np.int64)
        for alike in kinds:
            _add_ended(running, alike, calendars)
        np.cumsum(running, axis=1, out=running)
        for alike in kinds:
            _add_in_progress(running, alike, days, calendars)
        yield slot_range.start, running


def _turns(cuts: _Cuts, slots: _Slots, boundaries: int) -> Iterator[tuple[slice, slice]]:
    """Ranges of slots small enough to hold at once, never splitting a group, each with the range of its cuts."""
    cut_group = slots.group[cuts.slot]
    start = 0
    while start < len(slots):
        stop = min(start + max(1, _MOST_RUNNING // boundaries), len(slots))
        if stop < len(slots):
            before = int(np.searchsorted(slots.group, slots.group[stop]))
            stop = before if before > start else int(np.searchsorted(slots.group, slots.group[stop], side="right"))
        first = int(np.searchsorted(cut_group, slots.group[start]))
        end = int(np.searchsorted(cut_group, slots.group[stop - 1], side="right"))
        yield slice(start, stop), slice(first, end)
        start = stop


def _add_ended(running: IntArray, alike: _Cuts, calendars: Calendars) -> None:
    """What ended stretches have paid in all, at the first boundary day that finds them ended."""
    boundary = alike.first + alike.count
    rows = np.flatnonzero(boundary < running.shape[1])
    ended = alike.take(rows)
    once = np.ones(len(rows), dtype=np.int64)
    _add(running, ended, once, boundary[rows], time_of(ended.end, ended.hand, calendars))


def _add_in_progress(running: IntArray, alike: _Cuts, days: IntArray, calendars: Calendars) -> None:
    """What stretches have paid so far, at every boundary day on which they are in progress."""
    by_calendar = alike.hand[0] >= BY_CALENDAR
    times = ticks_of(days) if alike.hand[0] == BY_TICKS else days_of(days)
    cells = np.cumsum(alike.count)
    edges = np.unique(np.searchsorted(cells, np.arange(0, cells[-1], _BLOCK_CELLS)))
    for start, stop in pairwise([*edges.tolist(), len(cells)]):
        block = alike.take(slice(start, stop))
        before = cells[start:stop] - block.count
        boundary = np.arange(before[0], cells[stop - 1]) + np.repeat(block.first - before, block.count)
        if by_calendar:
            time = calendars.days_to(np.repeat(block.hand - BY_CALENDAR, block.count), days[boundary])
        else:
            time = times[boundary]
        _add(running, block, block.count, boundary, time)


def _add(running: IntArray, alike: _Cuts, counts: IntArray, boundary: IntArray, time: IntArray) -> None:
    """Add what each of these cuts has paid at its `counts` boundary days, given one after the other."""
    if not len(boundary):
        return
    paid = alike.pence(counts, time)
    by_place = running.reshape(-1)
    boundaries = running.shape[1]
    np.add.at(by_place, np.repeat(alike.slot * boundaries, counts) + boundary, paid)
    if not alike.is_last[0]:
        np.subtract.at(by_place, np.repeat(alike.next_slot * boundaries, counts) + boundary, paid)
