"""A made-up partnership's prices and shares, as the ledger's tables: the same every time."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from finance.ledger import (
    NO_LINE,
    OPEN_DAY,
    Basis,
    LineTable,
    ShareTable,
    months,
)

PEOPLE = 5_000
LINES = 60_000
PERIODS = months(date(2016, 4, 1), date(2026, 3, 1))
_FIRST_DAY = PERIODS[0].first.toordinal()
_LAST_DAY = PERIODS[-1].last.toordinal()
_TWO_FUNDERS_PPM = np.array([[500_000, 500_000], [600_000, 400_000], [725_000, 275_000], [666_667, 333_333]])


@dataclass(frozen=True)
class Partnership:
    """Made-up lines and shares; the lines' code `person` numbers the people."""

    lines: LineTable
    shares: ShareTable


def make_partnership(people: int = PEOPLE, lines: int = LINES) -> Partnership:
    """The same rows every time: each person with one placement, a chain of prices and some extras.

    Three lines in four are one of a person's prices, which follow one another, the last of them open; the rest overlap
    them: nights, hours, income, one-offs. Every placement has two funders, whose shares change once, in mid-month;
    every tenth line has a share of its own.
    """
    chance = np.random.default_rng(20_260_401)
    person = np.arange(lines) % people
    turn = np.arange(lines) // people
    turns = -(-lines // people)
    chained = max(1, turns * 3 // 4)
    step = (_LAST_DAY - _FIRST_DAY) // chained
    is_chain = turn < chained
    start = _FIRST_DAY + np.where(is_chain, turn * step, chance.integers(0, step * chained, lines)) + person % 28
    end = np.where(is_chain, start + step - 1, start + chance.integers(27, 1_100, lines))
    end = np.where(turn == chained - 1, OPEN_DAY, end)
    basis = np.where(is_chain, chance.choice([Basis.WEEKLY, Basis.WEEKLY, Basis.FOUR_WEEKLY, Basis.MONTHLY], lines), 0)
    basis = np.where(is_chain, basis, chance.choice([Basis.HOURLY, Basis.NIGHTLY, Basis.WEEKLY, Basis.ONE_OFF], lines))
    is_units = (basis == Basis.HOURLY) | (basis == Basis.NIGHTLY)
    amount = np.where(is_units, chance.integers(1_400, 18_000, lines), chance.integers(30_000, 400_000, lines))
    amount = np.where(~is_chain & (basis == Basis.WEEKLY), -amount // 20, amount)
    table = LineTable.from_columns(
        line=np.arange(lines),
        placement=person,
        basis=basis,
        amount_pence=amount,
        units_hundredths=np.where(is_units, chance.integers(100, 4_000, lines), 0),
        start=start,
        end=end,
        codes={"person": person},
    )
    return Partnership(table, _make_shares(people, lines, chance))


def _make_shares(people: int, lines: int, chance: np.random.Generator) -> ShareTable:
    own = np.arange(0, lines, 10)
    change = _FIRST_DAY + chance.integers(300, 3_000, people)
    before = np.full(people, _FIRST_DAY - 3_000)
    still_open = np.full(people, OPEN_DAY)
    placement = np.arange(people)
    split = _TWO_FUNDERS_PPM[chance.integers(0, len(_TWO_FUNDERS_PPM), people)]
    council = chance.integers(0, 4, people)
    no_line = np.full(people, NO_LINE)
    return ShareTable.from_columns(
        placement=np.concatenate([placement, placement, placement, placement, own % people]),
        line=np.concatenate([no_line, no_line, no_line, no_line, own]),
        funder=np.concatenate([council, council + 4, council, council + 4, own % 8]),
        share_ppm=np.concatenate([split[:, 0], split[:, 1], split[:, 1], split[:, 0], np.full(len(own), 1_000_000)]),
        start=np.concatenate([before, before, change, change, np.full(len(own), _FIRST_DAY - 3_000)]),
        end=np.concatenate([change - 1, change - 1, still_open, still_open, np.full(len(own), OPEN_DAY)]),
    )
