"""Who pays for which days: shares cut into segments, lines cut into stretches (rule 4).

A *scope* is the set of share rows that a line uses: its own if it has any at any date, else its placement's.
A *segment* is a run of days of a scope without a boundary inside. The part of a line within one segment is a *stretch*.
A *cut* is one funder's place in a segment: the percentage that all funders up to and including it take together.
"""

from dataclasses import dataclass

import numpy as np

from finance.ledger.grouping import distinct, in_order, place_among
from finance.ledger.rounding import WHOLE_PPM, BoolArray, IntArray
from finance.ledger.rows import NO_LINE, OPEN_DAY, UNALLOCATED, LineTable, ShareTable

FULL_PPM = 999_900
"""A total of 99.99% or more counts as 100% (rule 4)."""

_DAY_BITS = 22  # 2^22 days reach past the year 9999, so a scope and a day fit one sortable number
DAY_MASK = (1 << _DAY_BITS) - 1
_NO_SCOPE = 0


@dataclass(frozen=True)
class Segments:
    """Every scope's segments in order, and the cuts of each.

    `key` joins scope and first day; each scope opens with a segment of day 0, before any share.
    The cuts of segment *i* are those from `first_cut[i]` to before `first_cut[i + 1]`; the last always reaches 100%.
    """

    line_scope: IntArray
    key: IntArray
    first_cut: IntArray
    cut_funder: IntArray
    cut_cumulative_ppm: IntArray

    def at(self, lines: IntArray, days: IntArray) -> IntArray:
        """The segment in which each of these lines (row numbers) is on its day."""
        return np.searchsorted(self.key, join(self.line_scope[lines], days), side="right") - 1


@dataclass(frozen=True)
class Stretches:
    """Runs of a line's days within one segment: line (row number), segment, first and last day."""

    line: IntArray
    segment: IntArray
    start: IntArray
    end: IntArray

    def take(self, rows: BoolArray | IntArray) -> "Stretches":
        return Stretches(self.line[rows], self.segment[rows], self.start[rows], self.end[rows])


def join(scope: IntArray, day: IntArray) -> IntArray:
    """One sortable number for a scope and a day."""
    return (scope << _DAY_BITS) | day


def expand(first: IntArray, counts: IntArray) -> tuple[IntArray, IntArray]:
    """Row *i* repeated `counts[i]` times beside the numbers `first[i]`, `first[i] + 1` …"""
    row = np.repeat(np.arange(len(counts)), counts)
    offset = first - (np.cumsum(counts) - counts)
    return row, np.arange(len(row)) + offset[row]


def cut_days(scopes: int, scope: IntArray, start: IntArray, end: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Cut every scope's days where a row starts, and on the day after one ends.

    Returns the pieces' keys in order, each scope opening with day 0, and the pairs of a row and a piece it covers.
    """
    opening = join(np.arange(scopes), np.zeros(scopes, dtype=np.int64))
    begins, ends = join(scope, start), join(scope, end + 1)
    key = in_order(np.concatenate([opening, begins, ends[end != OPEN_DAY]]))
    first = np.searchsorted(key, begins)
    row, piece = expand(first, np.searchsorted(key, ends) - first)
    return key, row, piece


def segments_of(lines: LineTable, shares: ShareTable) -> Segments:
    """Cut every scope's days at the start, and the day after the end, of each of its share rows."""
    line_scope, share_scope, scopes = _scopes(lines, shares)
    key, row, segment = cut_days(scopes, share_scope, shares.start, shares.end)
    first_cut, cut_funder, cut_ppm = _cuts(len(key), segment, shares.funder[row], shares.share_ppm[row])
    return Segments(line_scope, key, first_cut, cut_funder, cut_ppm)


def segments_without_funders(lines: LineTable) -> Segments:
    """One segment for all days, in which nothing is shared out."""
    none = np.zeros(0, dtype=np.int64)
    return segments_of(lines, ShareTable(none, none, none, none, none, none))


def stretches_of(lines: LineTable, segments: Segments, rows: IntArray) -> Stretches:
    """Cut the lines of these rows where their scopes' segments change."""
    start, end = lines.start[rows], lines.last_day[rows]
    first = segments.at(rows, start)
    last = segments.at(rows, end)
    row, segment = expand(first, last - first + 1)
    segment_start = segments.key & DAY_MASK
    following = np.append(segment_start, 0)[segment + 1]
    return Stretches(
        line=rows[row],
        segment=segment,
        start=np.maximum(start[row], segment_start[segment]),
        end=np.where(segment == last[row], end[row], following - 1),
    )


def _scopes(lines: LineTable, shares: ShareTable) -> tuple[IntArray, IntArray, int]:
    """The scope of each line and of each share row, and how many scopes there are."""
    of_line = shares.line != NO_LINE
    own_keys, own_place = distinct(shares.line[of_line])
    placement_keys, placement_place = distinct(shares.placement[~of_line])
    after_own = 1 + len(own_keys)
    share_scope = np.empty(len(shares), dtype=np.int64)
    share_scope[of_line] = 1 + own_place
    share_scope[~of_line] = after_own + placement_place
    own = place_among(own_keys, lines.line)
    placement = place_among(placement_keys, lines.placement)  # nobody's part has none
    line_scope = np.where(own >= 0, 1 + own, np.where(placement >= 0, after_own + placement, _NO_SCOPE))
    return line_scope, share_scope, after_own + len(placement_keys)


def _cuts(
    segment_count: int, segment: IntArray, funder: IntArray, share_ppm: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """First cut of each segment, and funder and cumulative percentage of every cut, of rows (segment, funder, share).

    Several rows of one funder add up. Below 99.99% a last cut for what is unallocated follows.
    """
    segment, funder, share_ppm = _add_up(segment, funder, share_ppm)
    entries = np.bincount(segment, minlength=segment_count)
    entries_before = np.cumsum(entries) - entries
    running = np.append(0, np.cumsum(share_ppm))
    total = running[entries_before + entries] - running[entries_before]
    is_full = total >= FULL_PPM
    first_cut = np.append(0, np.cumsum(entries + ~is_full))
    place = first_cut[segment] + np.arange(len(segment)) - entries_before[segment]
    cut_funder = np.full(first_cut[-1], UNALLOCATED)
    cut_ppm = np.full(first_cut[-1], WHOLE_PPM)
    cut_funder[place] = funder
    cut_ppm[place] = running[1:] - running[entries_before[segment]]
    cut_ppm[first_cut[1:] - 1] = WHOLE_PPM
    return first_cut, cut_funder, cut_ppm


def _add_up(segment: IntArray, funder: IntArray, share_ppm: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """One row per segment and funder, in that order."""
    if not len(segment):
        return segment, funder, share_ppm
    funders = int(funder.max()) + 1
    key, place = distinct(segment * funders + funder)
    total = np.zeros(len(key), dtype=np.int64)
    np.add.at(total, place, share_ppm)
    return key // funders, key % funders, total
