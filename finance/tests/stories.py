"""The three stories' files as the ledger's tables, and the figures expected of them."""

import csv
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np

from finance.ledger import (
    BASIS_BY_NAME,
    UNALLOCATED,
    CostLine,
    FundingShare,
    IntArray,
    LineTable,
    ShareTable,
    funder_numbers,
)


def pounds(pence: int | np.int64) -> str:
    """Pence as the files write them."""
    sign, magnitude = "-" if pence < 0 else "", abs(int(pence))
    return f"{sign}{magnitude // 100}.{magnitude % 100:02}"


def hundredths(text: str) -> int:
    return int(Fraction(text or "0") * 100)


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


class Stories:
    """Lines carry codes `person` and `provider`: places in the sorted lists `people` and `providers`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        placements = {row["placement_ref"]: row for row in self._rows("placements.csv")}
        numbers = {reference: number for number, reference in enumerate(sorted(placements))}
        cost_rows, share_rows = self._rows("cost_lines.csv"), self._rows("funding.csv")
        line_numbers = {row["line_ref"]: number for number, row in enumerate(cost_rows)}
        funders = funder_numbers(row["funder"] for row in share_rows)
        self.funders = {number: code for code, number in funders.items()} | {UNALLOCATED: "unallocated"}
        self.people = sorted({row["person_ref"] for row in placements.values()})
        self.providers = sorted({row["provider"] for row in placements.values()})
        self._placements = [(row["person_ref"], numbers[reference]) for reference, row in placements.items()]
        self.cost_lines = [
            CostLine(
                line_key=line_numbers[row["line_ref"]],
                placement_key=numbers[row["placement_ref"]],
                basis=BASIS_BY_NAME[row["basis"]],
                amount_pence=hundredths(row["amount"]),
                units_hundredths=hundredths(row["units_per_week"]),
                start=date.fromisoformat(row["start"]),
                end=day(row["end"]),
            )
            for row in cost_rows
        ]
        self.funding = [
            FundingShare(
                placement_key=numbers[row["placement_ref"]],
                line_key=line_numbers[row["line_ref"]] if row["line_ref"] else None,
                funder=funders[row["funder"]],
                share_ppm=int(Fraction(row["percent"]) * 10_000),
                start=date.fromisoformat(row["start"]),
                end=day(row["end"]),
            )
            for row in share_rows
        ]
        of_line = [placements[row["placement_ref"]] for row in cost_rows]
        codes = {
            "person": [self.people.index(row["person_ref"]) for row in of_line],
            "provider": [self.providers.index(row["provider"]) for row in of_line],
        }
        self.lines = LineTable.from_lines(self.cost_lines, codes)
        self.shares = ShareTable.from_shares(self.funding)
        self.baselines = {row["person_ref"]: hundredths(row["weekly_cost"]) for row in self._rows("baselines.csv")}
        starts = {row["person_ref"]: row["programme_start"] for row in self._rows("people.csv")}
        self.programme_starts: IntArray = np.array([date.fromisoformat(starts[ref]).toordinal() for ref in self.people])

    def placements_of(self, person: str) -> Iterable[int]:
        return [number for reference, number in self._placements if reference == person]

    def expected(self, name: str) -> list[list[str]]:
        """The rows of an expected file, without its header."""
        with (self.folder / "expected" / name).open(newline="", encoding="utf-8") as file:
            return list(csv.reader(file))[1:]

    def _rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(newline="", encoding="utf-8-sig") as file:
            return list(csv.DictReader(file))
