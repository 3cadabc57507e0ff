"""Two states of the money compared line by line: what each line costs now, what it cost then, and what lies between.

Rows are by line, funder and period, so that differences add up to the whole difference on every slice, to the penny.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from finance import ledger
from finance.queries.book import UNALLOCATED_NAME, Book


@dataclass(frozen=True)
class LineCosts:
    """What lines cost by funder and period: columns of equal length, whole pence, only what is not nothing.

    `funder` is the place of a code in `funders`, whose last is that of what no funder covers.
    """

    line: ledger.IntArray
    funder: ledger.IntArray
    period: ledger.IntArray
    pence: ledger.IntArray
    funders: tuple[str, ...]

    @classmethod
    def of_book(cls, book: Book, periods: Sequence[ledger.Period], funder: str = "") -> "LineCosts":
        """Of every line of a book, or what one funder pays of them (cost rules 2 to 4)."""
        lines = ledger.groups_by(book.lines.line)  # a contract's line has a row for each part
        found = ledger.totals(book.lines, book.shares, list(periods), lines.number)
        place = np.where(found.funder == ledger.UNALLOCATED, len(book.funders), found.funder)
        funders = (*book.funders, UNALLOCATED_NAME)
        costs = cls(lines.columns[0][found.group], place, found.period, found.pence, funders)
        return costs.only(funder) if funder else costs

    def only(self, funder: str) -> "LineCosts":
        kept = np.array([name == funder for name in self.funders], dtype=bool)[self.funder]
        return LineCosts(self.line[kept], self.funder[kept], self.period[kept], self.pence[kept], self.funders)

    def by_period(self, periods: int) -> list[int]:
        total = np.zeros(periods, dtype=np.int64)
        np.add.at(total, self.period, self.pence)
        return [int(pence) for pence in total]


@dataclass(frozen=True)
class Difference:
    """One line, funder and period of which the two states say different things: whole pence."""

    line: int
    funder: str
    period: int
    then_pence: int
    now_pence: int

    @property
    def pence(self) -> int:
        return self.now_pence - self.then_pence


def differences(then: LineCosts, now: LineCosts) -> list[Difference]:
    """Every difference, in order of line, funder and period. Their sum is the whole difference."""
    names = sorted({*then.funders, *now.funders})
    place = {name: number for number, name in enumerate(names)}
    line, period = (np.concatenate([getattr(then, each), getattr(now, each)]) for each in ("line", "period"))
    funder = np.concatenate([_renumbered(each, place) for each in (then, now)])
    if not len(line):
        return []
    groups = ledger.groups_by(line, funder, period)
    pence = np.zeros((2, len(groups)), dtype=np.int64)
    np.add.at(pence[0], groups.number[: len(then.line)], then.pence)
    np.add.at(pence[1], groups.number[len(then.line) :], now.pence)
    differs = np.flatnonzero(pence[0] != pence[1])
    columns = [values[differs].tolist() for values in (*groups.columns, *pence)]
    return [
        Difference(key, names[number], of, before, after)
        for key, number, of, before, after in zip(*columns, strict=True)
    ]


def _renumbered(costs: LineCosts, place: dict[str, int]) -> ledger.IntArray:
    return np.array([place[name] for name in costs.funders], dtype=np.int64)[costs.funder]
