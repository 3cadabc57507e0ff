"""Charts as geometry: give frozen data, get drawings and a table, the same on screen and in print.

    panel = MoneyPanel("Weekly cost", points, baseline=MoneyLevel("Baseline", 14_820_000))
    chart = steps_over_time(StepsOverTime("cost", (panel,), today=today))

On a page: `{% load charts %}{% chart chart %}{% chart_table chart.table "Every figure as a table" %}`.
In a document: the same with `style=PRINT` and one width in points, then `{% chart_print chart %}`.

Money is ink, square and stepped; life is teal and round; clay is what needs someone. Nothing is told by colour alone,
what is not known is dotted and never zero, and a chart's key must be unique on its page. Amounts are whole pence.
"""

from commissioning.core.charts.before_and_now import Bar, BarRow, Bars, bars
from commissioning.core.charts.chart import Chart, Column, Table
from commissioning.core.charts.cost_and_life import CostAndLife, PersonPoint, scatter
from commissioning.core.charts.cost_and_life_counts import Axis, Quadrants, quadrants
from commissioning.core.charts.distribution import BetterSameWorse, DomainRow, better_same_worse
from commissioning.core.charts.life_data import Count, LifePoint, LifeSeries
from commissioning.core.charts.lines import LinesOverTime, lines_over_time
from commissioning.core.charts.marks import Drawing
from commissioning.core.charts.money_data import MoneyLevel, MoneyPanel, MoneyPoint, MoneyRange
from commissioning.core.charts.palette import PRINT, SCREEN, Style
from commissioning.core.charts.payback import Payback, PaybackPoint, payback
from commissioning.core.charts.person import (
    CostStep,
    IncidentMonth,
    MoneyAndLife,
    Move,
    OneOff,
    OutcomeRow,
    Stay,
    View,
    money_and_life,
)
from commissioning.core.charts.stacked import Share, ShareRow, Shares, shares
from commissioning.core.charts.steps import StepsOverTime, steps_over_time
from commissioning.core.charts.svg import render, render_svg, render_table
from commissioning.core.charts.thumbnails import sparkline
from commissioning.core.charts.timeline import BandRow, Bands, bands

__all__ = [
    "PRINT", "SCREEN", "Axis", "BandRow", "Bands", "Bar", "BarRow", "Bars", "BetterSameWorse", "Chart", "Column",
    "CostAndLife", "CostStep", "Count", "DomainRow", "Drawing", "IncidentMonth", "LifePoint", "LifeSeries",
    "LinesOverTime", "MoneyAndLife", "MoneyLevel", "MoneyPanel", "MoneyPoint", "MoneyRange", "Move", "OneOff",
    "OutcomeRow", "Payback", "PaybackPoint", "PersonPoint", "Quadrants",
    "Share", "ShareRow", "Shares", "Stay", "StepsOverTime", "Style", "Table",
    "View", "bands", "bars", "better_same_worse", "lines_over_time", "money_and_life", "payback", "quadrants", "render",
    "render_svg", "render_table", "scatter", "shares", "sparkline", "steps_over_time",
]  # fmt: skip
