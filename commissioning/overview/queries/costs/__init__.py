"""The cost explorer: what support costs over time by any slice, and the lines that make each figure."""

from commissioning.overview.queries.costs.asked import BESIDE, BY, MONEY, PER, Asked, asked_from, choices_of
from commissioning.overview.queries.costs.beside import set_beside
from commissioning.overview.queries.costs.changed import Changed, book_of, changed_csv, changed_since
from commissioning.overview.queries.costs.cohorts import asked_of
from commissioning.overview.queries.costs.drawn import chart_of
from commissioning.overview.queries.costs.grid import Cell, Grid, Row, as_csv, as_workbook, grid_of
from commissioning.overview.queries.costs.lines import LinePart, Parts, parts_of
from commissioning.overview.queries.costs.names import Names, names_of

__all__ = [
    "BESIDE",
    "BY",
    "MONEY",
    "PER",
    "Asked",
    "Cell",
    "Changed",
    "Grid",
    "LinePart",
    "Names",
    "Parts",
    "Row",
    "as_csv",
    "as_workbook",
    "asked_from",
    "asked_of",
    "book_of",
    "changed_csv",
    "changed_since",
    "chart_of",
    "choices_of",
    "grid_of",
    "names_of",
    "parts_of",
    "set_beside",
]
