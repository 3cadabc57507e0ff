"""One person's money and life: what an actor may see of it, the figures month by month, the chart, the panels."""

from commissioning.overview.queries.person.drawn import chart_of
from commissioning.overview.queries.person.figures import KeyFigure, key_figures
from commissioning.overview.queries.person.panels import Panels, facts_of, lives_in_words, panels_of
from commissioning.overview.queries.person.reads import Read, reads_of
from commissioning.overview.queries.person.record import MoneyLifeRecord, Sight, record_of, sight_of
from commissioning.overview.queries.person.table import MonthRow, MonthTable, as_csv, as_table, month_table
from commissioning.overview.queries.person.window import WINDOWS, Window, window_of

__all__ = [
    "WINDOWS",
    "KeyFigure",
    "MoneyLifeRecord",
    "MonthRow",
    "MonthTable",
    "Panels",
    "Read",
    "Sight",
    "Window",
    "as_csv",
    "as_table",
    "chart_of",
    "facts_of",
    "key_figures",
    "lives_in_words",
    "month_table",
    "panels_of",
    "reads_of",
    "record_of",
    "sight_of",
    "window_of",
]
