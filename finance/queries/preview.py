"""What prices and shares that are not saved yet would cost a week: the live total of a form."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from commissioning.core.money import to_pence
from finance import ledger


@dataclass(frozen=True)
class ProposedLine:
    """A price in a form: pounds, and units a week where the basis needs them."""

    basis: str
    amount: Decimal
    units_per_week: Decimal | None
    start: dt.date
    end: dt.date | None


@dataclass(frozen=True)
class ProposedShare:
    """A share in a form; `line` is the place of the line it is for, None for all lines without shares of their own."""

    line: int | None
    funder: str
    percent: Decimal
    start: dt.date


@dataclass(frozen=True)
class Preview:
    """Whole pence: the weekly total on a day, each line's weekly cost, each funder's part, what is paid once."""

    weekly_pence: int
    line_weekly_pence: tuple[int, ...]
    funder_weekly_pence: tuple[tuple[str, int], ...]
    uncovered_weekly_pence: int
    once_pence: int


def preview_costs(lines: Sequence[ProposedLine], shares: Sequence[ProposedShare], on: dt.date) -> Preview:
    """The weekly cost on a day by the cost rules (4 and 6), as it will be once saved."""
    table = ledger.LineTable.from_lines(_row(place, line) for place, line in enumerate(lines))
    numbers = ledger.funder_numbers(share.funder for share in shares)
    names = list(numbers)
    share_table = ledger.ShareTable.from_shares(
        ledger.FundingShare(
            placement_key=1,
            funder=numbers[share.funder],
            share_ppm=int(share.percent * 10_000),
            start=min(share.start, on),
            line_key=share.line,
        )
        for share in shares
    )
    whole = ledger.weekly_by_funder(table, share_table, on, np.zeros(len(lines), dtype=np.int64))
    parts = dict(zip(whole.funder.tolist(), whole.pence.tolist(), strict=True))
    each = [ledger.weekly_pence(ledger.LineTable.from_lines([_row(0, line)]), line.start) for line in lines]
    return Preview(
        weekly_pence=ledger.weekly_pence(table, on),
        line_weekly_pence=tuple(each),
        funder_weekly_pence=tuple((names[number], parts[number]) for number in sorted(parts) if number < len(names)),
        uncovered_weekly_pence=parts.get(ledger.UNALLOCATED, 0),
        once_pence=sum(to_pence(line.amount) for line in lines if line.basis == "one_off"),
    )


def _row(place: int, line: ProposedLine) -> ledger.CostLine:
    return ledger.CostLine(
        line_key=place,
        placement_key=1,
        basis=ledger.BASIS_BY_NAME[line.basis],
        amount_pence=to_pence(line.amount),
        units_hundredths=0 if line.units_per_week is None else to_pence(line.units_per_week),
        start=line.start,
        end=line.end,
    )
