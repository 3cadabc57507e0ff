"""Lines of a contract with a capacity, split into the parts of those who are placed and the void (rule 10).

A line of a contract buys so many places. On each day every placement in force under the contract takes one of them, or,
where there are more placements than places, an equal part; what nobody fills is the *void*. An *occupancy stretch* is a
run of the line's days in which nobody comes or goes. Each part of each stretch becomes a row of its own, and everything
else reckons with rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

import numpy as np
import numpy.typing as npt

from finance.ledger.grouping import distinct, place_among
from finance.ledger.rounding import BoolArray, IntArray
from finance.ledger.rows import (
    MOST_PLACES,
    NO_CONTRACT,
    NO_PLACEMENT,
    LineTable,
    Parts,
    column,
    day_numbers,
)
from finance.ledger.stretches import DAY_MASK, cut_days, expand, join

NOBODY = -1
"""Stands for an occupant in a part that is void."""


@dataclass(frozen=True)
class Occupant:
    """A placement under a contract, from its first to its last day."""

    contract_key: int
    placement_key: int
    start: date
    end: date | None = None


@dataclass(frozen=True)
class OccupantTable:
    """Placements under contracts as columns; under each contract in code-point order of their references."""

    contract: IntArray
    placement: IntArray
    start: IntArray
    end: IntArray

    @classmethod
    def from_occupants(cls, occupants: Iterable[Occupant]) -> Self:
        """The table of these placements, in their order."""
        rows = list(occupants)
        return cls.from_columns(
            contract=[row.contract_key for row in rows],
            placement=[row.placement_key for row in rows],
            start=day_numbers([row.start for row in rows]),
            end=day_numbers([row.end for row in rows]),
        )

    @classmethod
    def from_columns(
        cls, *, contract: npt.ArrayLike, placement: npt.ArrayLike, start: npt.ArrayLike, end: npt.ArrayLike
    ) -> Self:
        """The table of these columns of whole numbers."""
        return cls(column(contract), column(placement), column(start), column(end))

    def __len__(self) -> int:
        return len(self.contract)


@dataclass(frozen=True)
class SplitLines:
    """Rows for every line, or part of one: the table, each row's line (its row before), and who takes the part.

    `occupant` is a row of the occupants, `NOBODY` for the void and for lines that were not split.
    """

    lines: LineTable
    row: IntArray
    occupant: IntArray

    @property
    def is_void(self) -> BoolArray:
        """What nobody fills of a contract's places."""
        nobody: BoolArray = (self.occupant == NOBODY) & (self.lines.placement == NO_PLACEMENT)
        return nobody


@dataclass(frozen=True)
class _Occupancy:
    """Every contract's occupancy stretches in order, as `key` of contract and first day, and who is there in each.

    Those of stretch *i* are `occupant[first[i]]` to before `occupant[first[i + 1]]`, in order of reference.
    """

    contracts: IntArray
    key: IntArray
    first: IntArray
    occupant: IntArray


def split_blocks(lines: LineTable, contract: IntArray, capacity: IntArray, occupants: OccupantTable) -> SplitLines:
    """Split each line that has a contract (`NO_CONTRACT`: none) by its capacity and who is placed there (rule 10).

    Lines that have none come first, as they are; codes follow their lines. Raises ValueError for a capacity or a number
    of placements beyond `MOST_PLACES`.
    """
    of_contract = contract != NO_CONTRACT
    whole, blocks = np.flatnonzero(~of_contract), np.flatnonzero(of_contract)
    nobody = np.full(len(whole), NOBODY)
    if not len(blocks):
        return SplitLines(lines, whole, nobody)
    if np.any((capacity[blocks] < 1) | (capacity[blocks] > MOST_PLACES)):
        raise ValueError(f"capacity must be from 1 to {MOST_PLACES}.")
    row, occupant, starts, ends, parts = _parts(lines, blocks, contract, capacity, occupants)
    rows = np.concatenate([whole, row])
    split = lines.take(rows)
    placed = occupant != NOBODY
    placement = np.full(len(row), NO_PLACEMENT)
    placement[placed] = occupants.placement[occupant[placed]]
    none = np.zeros(len(whole), dtype=np.int64)
    split = replace(
        split,
        placement=np.concatenate([lines.placement[whole], placement]),
        start=np.concatenate([lines.start[whole], starts]),
        end=np.concatenate([lines.end[whole], ends]),
        parts=Parts(
            accrues_from=lines.start[rows],
            below=np.concatenate([none, parts["below"]]),
            up_to=np.concatenate([none + 1, parts["up_to"]]),
            of=np.concatenate([none + 1, parts["of"]]),
        ),
    )
    return SplitLines(split, rows, np.concatenate([nobody, occupant]))


def _parts(
    lines: LineTable, blocks: IntArray, contract: IntArray, capacity: IntArray, occupants: OccupantTable
) -> tuple[IntArray, IntArray, IntArray, IntArray, Mapping[str, IntArray]]:
    """Of each part in turn: line, occupant, first and last day, and its places."""
    found = _occupancy(contract[blocks], occupants)
    scope = place_among(found.contracts, contract[blocks])
    start, last_day = lines.start[blocks], lines.last_day[blocks]
    first = np.searchsorted(found.key, join(scope, start), side="right") - 1
    last = np.searchsorted(found.key, join(scope, last_day), side="right") - 1
    block, stretch = expand(first, last - first + 1)
    stretch_start = found.key & DAY_MASK
    starts = np.maximum(start[block], stretch_start[stretch])
    ends = np.where(stretch == last[block], last_day[block], np.append(stretch_start, 0)[stretch + 1] - 1)
    placed = (found.first[1:] - found.first[:-1])[stretch]
    places = np.maximum(placed, capacity[blocks][block])
    run, part = expand(np.zeros(len(stretch), dtype=np.int64), placed + (placed < places))
    is_void = part == placed[run]
    occupant = np.full(len(run), NOBODY)
    occupant[~is_void] = found.occupant[(found.first[stretch[run]] + part)[~is_void]]
    of = places[run]
    return (
        blocks[block[run]],
        occupant,
        starts[run],
        ends[run],
        {"below": part, "up_to": np.where(is_void, of, part + 1), "of": of},
    )


def _occupancy(contract: IntArray, occupants: OccupantTable) -> _Occupancy:
    """Cut every contract's days where a placement starts, and on the day after one ends."""
    contracts = distinct(contract)[0]
    scope = place_among(contracts, occupants.contract)
    among = np.flatnonzero(scope >= 0)
    key, row, stretch = cut_days(len(contracts), scope[among], occupants.start[among], occupants.end[among])
    order = np.lexsort((among[row], stretch))
    counts = np.bincount(stretch, minlength=len(key))
    return _Occupancy(contracts, key, np.append(0, np.cumsum(counts)), among[row][order])
