"""The figures of the cost explorer as rows and columns that add up to the penny, on screen and in the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from commissioning.core.money import csv_pence, from_pence
from commissioning.core.periods import Month
from commissioning.core.tables import write_csv
from commissioning.core.workbooks import workbook
from commissioning.overview.queries.costs.asked import BY, Asked
from commissioning.overview.queries.costs.cohorts import AND, with_cohorts
from commissioning.overview.queries.costs.names import Names
from finance import ledger
from finance.queries import Book, costs_by_period

MOST_ROWS = 100
FEW = 6
MOST_BY_WEEK = 4  # a year has too many weeks to go across, so slices do
PERIOD_WORDS = {"week": "Week from", "month": "Month", "year": "Year"}


@dataclass(frozen=True)
class Cell:
    """Whole pence, and the query of the lines that make it (empty where there are none, or for many slices at once)."""

    pence: int
    query: str


@dataclass(frozen=True)
class Row:
    """One slice, or all of them, over the periods. `code` is None for sums."""

    label: str
    code: str | None
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True)
class Grid:
    """Slices over periods; `rows` add up to `total` in every column. `left_out` slices stand in one row together."""

    asked: Asked
    periods: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row
    left_out: int = 0
    beside: tuple[Row, ...] = ()

    @property
    def is_time_down(self) -> bool:
        """Few slices read best as columns, with time going down."""
        return len(self.rows) <= FEW

    @property
    def headings(self) -> tuple[str, ...]:
        if self.is_time_down:
            beside = (row.label for row in self.beside)
            return (PERIOD_WORDS[self.asked.per], *(row.label for row in self.rows), "All", *beside)
        return (BY[self.asked.by], *self.periods, "All")

    @property
    def lines(self) -> tuple[tuple[str, tuple[tuple[str, Cell], ...]], ...]:
        """What the body shows, in the direction that reads best, each cell with its heading; sums are `last_line`."""
        if self.is_time_down:
            every = (*self.rows, self.total, *self.beside)
            rows = [(period, [row.cells[place] for row in every]) for place, period in enumerate(self.periods)]
        else:
            rows = [(row.label, [*row.cells, row.total]) for row in self.rows]
        return tuple((label, tuple(zip(self.headings[1:], cells, strict=True))) for label, cells in rows)

    @property
    def last_line(self) -> tuple[tuple[str, Cell], ...]:
        sums = [row.total for row in self.rows] if self.is_time_down else list(self.total.cells)
        beside = [row.total for row in self.beside] if self.is_time_down else []
        return tuple(zip(self.headings[1:], [*sums, self.total.total, *beside], strict=True))

    @property
    def below(self) -> tuple[tuple[str, tuple[tuple[str, Cell], ...]], ...]:
        """What stands below the sums where slices go down: what they are compared with."""
        if self.is_time_down:
            return ()
        headings = self.headings[1:]
        return tuple((row.label, tuple(zip(headings, (*row.cells, row.total), strict=True))) for row in self.beside)


def narrowed(book: Book, asked: Asked) -> Book:
    """The book of the slices asked for; who pays is a matter of shares, so it is narrowed later."""
    if asked.cohorts is not None:
        book = with_cohorts(book, asked.cohorts)
    for dimension, value in asked.only:
        if dimension == "cohort":
            book = book.only(dimension, [code for code in book.names[dimension] if value in code.split(AND)])
        elif dimension != "funder":
            book = book.only(dimension, [value])
    return book.gross() if asked.money == "gross" else book


def grid_of(book: Book, asked: Asked, names: Names, *, most: int | None = MOST_ROWS) -> Grid:
    """The figures asked for, the largest slices first. No queries."""
    periods = asked.periods
    found = slices_of(book, asked, periods)
    codes = sorted(found, key=lambda code: (-sum(found[code].values()), names.of(asked.by, code).casefold()))
    if most is not None and asked.per == "week":
        most = MOST_BY_WEEK
    shown = codes if most is None or len(codes) <= most else codes[: most - 1]
    rows = [_row(asked, periods, names.of(asked.by, code), code, found[code]) for code in shown]
    rest = codes[len(shown) :]
    if rest:
        rows.append(_without_lines(_row(asked, periods, f"{len(rest)} others", None, _added(found, rest))))
    total = _row(asked, periods, "All", None, _added(found, codes))
    return Grid(asked, tuple(period_words(period, asked) for period in periods), tuple(rows), total, len(rest))


def slices_of(book: Book, asked: Asked, periods: Sequence[ledger.Period]) -> dict[str, dict[int, int]]:
    """Whole pence by slice and place of the period (cost rules 2 to 5)."""
    funder = asked.narrowed_to("funder")
    by = (asked.by, "funder") if funder and asked.by != "funder" else (asked.by,)
    found: dict[str, dict[int, int]] = {}
    for cost in costs_by_period(narrowed(book, asked), periods, by):
        if not funder or cost.keys[-1] == funder:
            slice_ = found.setdefault(cost.keys[0], {})
            slice_[cost.period] = slice_.get(cost.period, 0) + cost.pence
    return found


def _added(found: Mapping[str, Mapping[int, int]], codes: Sequence[str]) -> dict[int, int]:
    sums: dict[int, int] = {}
    for code in codes:
        for place, pence in found[code].items():
            sums[place] = sums.get(place, 0) + pence
    return sums


def _row(
    asked: Asked, periods: Sequence[ledger.Period], label: str, code: str | None, amounts: Mapping[int, int]
) -> Row:
    cells = tuple(
        Cell(amounts.get(place, 0), asked.line_query(period, code) if place in amounts else "")
        for place, period in enumerate(periods)
    )
    return Row(label, code, cells, Cell(sum(amounts.values()), asked.line_query(None, code) if amounts else ""))


def _without_lines(row: Row) -> Row:
    """Many slices in one row lead nowhere: their lines are behind their own figures, in the file."""
    return replace(row, cells=tuple(Cell(cell.pence, "") for cell in row.cells), total=Cell(row.total.pence, ""))


def period_words(period: ledger.Period, asked: Asked) -> str:
    first, last = Month.of(period.first), Month.of(period.last)
    if asked.per == "week":
        return f"{period.first.day} {first.words[:3]} {first.year}"
    if asked.per == "month":
        return f"{first.words[:3]} {first.year}"
    if first.number == 4 and last.number == 3:
        return f"{first.year} to {last.year}"
    return f"{first.words[:3]} {first.year} to {last.words[:3]} {last.year}"


def as_csv(grid: Grid) -> str:
    """A row a slice, a column a period, as on screen; pounds."""
    rows = [[row.label, *(csv_pence(cell.pence) for cell in (*row.cells, row.total))] for row in _all_rows(grid)]
    return write_csv([grid.asked.by, *_period_codes(grid), "all"], rows)


def as_workbook(grid: Grid) -> bytes:
    """The same as a spreadsheet; amounts are numbers, in pounds."""
    rows: list[tuple[str | Decimal, ...]] = [
        (row.label, *(from_pence(cell.pence) for cell in (*row.cells, row.total))) for row in _all_rows(grid)
    ]
    return workbook([("Costs", (BY[grid.asked.by], *_period_codes(grid), "All"), rows)])


def _all_rows(grid: Grid) -> tuple[Row, ...]:
    return (*grid.rows, grid.total, *grid.beside)


def _period_codes(grid: Grid) -> list[str]:
    if grid.asked.per == "week":
        return [period.first.isoformat() for period in grid.asked.periods]
    if grid.asked.per == "month":
        return [f"{period.first:%Y-%m}" for period in grid.asked.periods]
    return [f"{each.first:%Y-%m} to {each.last:%Y-%m}" for each in grid.asked.periods]
