"""What a book needs beside its lines: who is placed under the contracts that buy places, and the days of calendars."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from finance import ledger

Row = tuple[Any, ...]
VOID = ""
"""The person, setting and placement of what nobody fills."""

# What is read of each contract with prices of its own and each placement under it (none: empty), and of calendars.
OCCUPANT_COLUMNS = (
    "pk",
    "provider_id",
    "placements__pk",
    "placements__reference",
    "placements__start",
    "placements__end",
)
DAY_COLUMNS = ("calendar_id", "start", "end")


@dataclass(frozen=True)
class Beside:
    """`providers` of contracts, who is placed under them, and each calendar's ranges of days."""

    occupants: ledger.OccupantTable = field(default_factory=lambda: ledger.OccupantTable.from_occupants([]))
    providers: Mapping[int, int] = field(default_factory=dict)
    ranges: Mapping[int, list[tuple[dt.date, dt.date]]] = field(default_factory=dict)

    @classmethod
    def of_rows(cls, occupants: Iterable[Row], days: Iterable[Row]) -> "Beside":
        """From rows of `OCCUPANT_COLUMNS` and `DAY_COLUMNS`."""
        rows = list(occupants)
        # parts are taken in code-point order of references, which no database's collation need follow
        placed = sorted((row for row in rows if row[2] is not None), key=lambda row: str(row[3]))
        ranges: dict[int, list[tuple[dt.date, dt.date]]] = {}
        for calendar, start, end in days:
            ranges.setdefault(calendar, []).append((start, end))
        table = ledger.OccupantTable.from_columns(
            contract=[row[0] for row in placed],
            placement=[row[2] for row in placed],
            start=ledger.day_numbers([row[4] for row in placed]),
            end=ledger.day_numbers([row[5] for row in placed]),
        )
        return cls(table, {row[0]: row[1] for row in rows}, ranges)

    def calendars(self, of_lines: ledger.IntArray) -> tuple[ledger.IntArray, ledger.Calendars]:
        """Each line's calendar as its number among the ledger's calendars."""
        keys, number = ledger.distinct(of_lines[of_lines != ledger.NO_CALENDAR])
        numbered = np.full(len(of_lines), ledger.NO_CALENDAR)
        numbered[of_lines != ledger.NO_CALENDAR] = number
        return numbered, ledger.Calendars.of([self.ranges.get(key, []) for key in keys.tolist()])

    def split(
        self, table: ledger.LineTable, contract: ledger.IntArray, capacity: ledger.IntArray
    ) -> tuple[ledger.LineTable, ledger.IntArray]:
        """The lines, those of contracts split into parts (cost rule 10), and each row’s contract where it is void."""
        if np.all(contract == ledger.NO_CONTRACT):
            return table, contract
        split = ledger.split_blocks(table, contract, capacity, self.occupants)
        return split.lines, np.where(split.is_void, contract[split.row], ledger.NO_CONTRACT)
