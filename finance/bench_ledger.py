"""How fast the ledger is: a made-up partnership's lines against copying the same rows out of PostgreSQL.

`python -m finance.bench_ledger` prints seconds, the ratio and memory. It reads `DATABASE_URL` and makes only temporary
tables.
"""

import io
import os
import statistics
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np
import psycopg2
from psycopg2.extensions import connection

from finance.ledger import (
    NO_LINE,
    OPEN_DAY,
    Basis,
    IntArray,
    LineTable,
    Period,
    ShareTable,
    Totals,
    months,
    totals,
)

PEOPLE = 5_000
LINES = 60_000
ROUNDS = 5
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


def by_month_and_funder(partnership: Partnership, periods: list[Period] = PERIODS) -> Totals:
    """The whole partnership's cost by month and funder."""
    return totals(partnership.lines, partnership.shares, periods, np.zeros(len(partnership.lines), dtype=np.int64))


def by_person_month_and_funder(partnership: Partnership, periods: list[Period] = PERIODS) -> Totals:
    """Every person's cost by month and funder."""
    return totals(partnership.lines, partnership.shares, periods, partnership.lines.codes["person"])


def with_every_line_throughout(partnership: Partnership) -> Partnership:
    """The hardest case: every line in force on every day of every month."""
    lines = partnership.lines
    starts, ends = np.full(len(lines), _FIRST_DAY - 1), np.full(len(lines), OPEN_DAY)
    return replace(partnership, lines=replace(lines, start=starts, end=ends))


def columns_of(table: LineTable | ShareTable) -> dict[str, IntArray]:
    """A table's own columns by name, without further codes."""
    return {each.name: getattr(table, each.name) for each in fields(table) if each.name != "codes"}


def fill_temporary_tables(database: connection, partnership: Partnership) -> None:
    """The same rows as temporary tables, in the types the application keeps them in."""
    kinds = {"start": "date", "end": "date", "amount_pence": "numeric(12,2)", "units_hundredths": "numeric(5,2)"}
    with database.cursor() as cursor:
        for name, table in (("bench_lines", partnership.lines), ("bench_shares", partnership.shares)):
            columns = columns_of(table)
            described = ", ".join(f'"{column}" {kinds.get(column, "bigint")}' for column in columns)
            cursor.execute(f"CREATE TEMPORARY TABLE {name} ({described})")
            cursor.copy_expert(f"COPY {name} FROM STDIN", _as_copy_text(columns))
            cursor.execute(f"ANALYZE {name}")


def _as_copy_text(columns: dict[str, IntArray]) -> io.StringIO:
    def text(column: str, value: int) -> str:
        if column in ("start", "end"):
            return "\\N" if value == OPEN_DAY else date.fromordinal(value).isoformat()
        if column in ("amount_pence", "units_hundredths"):
            return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02}"
        return str(value)

    lists = [[text(name, value) for value in values.tolist()] for name, values in columns.items()]
    return io.StringIO("".join("\t".join(row) + "\n" for row in zip(*lists, strict=True)))


def copy_out(database: connection) -> None:
    """The yardstick: every row of lines and shares out of PostgreSQL, in its binary form, kept in memory."""
    with database.cursor() as cursor:
        for name in ("bench_lines", "bench_shares"):
            cursor.copy_expert(f"COPY {name} TO STDOUT (FORMAT binary)", io.BytesIO())


def seconds(work: Callable[[], object]) -> float:
    """How long one run takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def peak_megabytes(work: Callable[[], object]) -> float:
    """The most memory that one run holds at once beyond what is there before, arrays included."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def main() -> None:
    """Run yardstick and ledger in turns, after one round that does not count, and print medians."""
    partnership = make_partnership()
    hardest = with_every_line_throughout(partnership)
    columns = [*columns_of(partnership.lines).values(), *columns_of(partnership.shares).values()]
    print(
        f"{PEOPLE:,} people, {LINES:,} lines, {len(partnership.shares):,} shares, {len(PERIODS)} months; the tables"
        f" take {sum(values.nbytes for values in columns) / 1e6:.1f} MB"
    )
    works: dict[str, Callable[[], object]] = {
        "by month and funder": lambda: by_month_and_funder(partnership),
        "by person, month and funder": lambda: by_person_month_and_funder(partnership),
        "the first, every line throughout": lambda: by_month_and_funder(hardest),
    }
    database = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        fill_temporary_tables(database, partnership)
        rounds = [
            (seconds(lambda: copy_out(database)), *(seconds(work) for work in works.values()))
            for _ in range(ROUNDS + 1)
        ]
    finally:
        database.close()
    yardstick, *medians = (statistics.median(column) for column in zip(*rounds[1:], strict=True))
    print(f"{'copying the rows out of PostgreSQL':38}{yardstick:8.3f} s (median of {ROUNDS})")
    for (name, work), median in zip(works.items(), medians, strict=True):
        print(f"{name:38}{median:8.3f} s  {median / yardstick:5.2f} × copying  peak {peak_megabytes(work):6.1f} MB")


if __name__ == "__main__":
    main()
