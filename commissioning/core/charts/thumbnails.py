"""A thumbnail of weekly cost for a row of a table: steps, the baseline, and a square at the end."""

import datetime as dt
from collections.abc import Sequence

from commissioning.core.charts.canvas import Canvas
from commissioning.core.charts.marks import Box, Drawing, Point
from commissioning.core.charts.money_data import MoneyPanel
from commissioning.core.charts.palette import SCREEN, Style
from commissioning.core.charts.scales import (
    TimeScale,
    ValueScale,
    add_months,
    less_or_more,
    month_words,
    months_between,
    pounds,
)


def sparkline(key: str, panel: MoneyPanel, *, width: float = 120, height: float = 28, style: Style = SCREEN) -> Drawing:
    """The drawing of one row's cost; the figures are in the row beside it. The scale starts at £0."""
    canvas = Canvas(width, style)
    months = [point.month for point in panel.points]
    inset = canvas.u(3)
    if months:
        first, last = months[0], months[-1]
        time = TimeScale(first, months_between(first, last) + 1, inset, width - canvas.u(5))
        amounts = [pence for _, pence in panel.known] + [panel.baseline_at(month) for month in months]
        money = ValueScale(min(0, *amounts, 0), max(1, *amounts, 1), height - inset, inset)
        _draw(canvas, panel, time, money)
    return canvas.finish(key, _title(panel), "Weekly cost by month; the dashed line is the baseline.", height)


def _draw(canvas: Canvas, panel: MoneyPanel, time: TimeScale, money: ValueScale) -> None:
    if panel.baseline is not None:
        level = _steps([(point.month, panel.baseline_at(point.month)) for point in panel.points], time, money)
        canvas.path("baseline-thin", level)
    for run in panel.runs():
        canvas.path("money-thin", _steps([(point.month, point.pence or 0) for point in run], time, money))
    if panel.known:
        month, pence = panel.known[-1]
        x, y, half = time.x(add_months(month, 1)), money.y(pence), canvas.u(3)
        canvas.rect("money-end", Box(x - half, y - half, x + half, y + half))


def _steps(known: Sequence[tuple[dt.date, int]], time: TimeScale, money: ValueScale) -> list[Point]:
    points: list[Point] = []
    for month, pence in known:
        points += [(time.x(month), money.y(pence)), (time.x(add_months(month, 1)), money.y(pence))]
    return points


def _title(panel: MoneyPanel) -> str:
    if not panel.known:
        return f"{panel.heading}: not known"
    (start, then), (end, now) = panel.known[0], panel.known[-1]
    first, last = month_words(start, short=True), month_words(end, short=True)
    words = f"{panel.heading}: {pounds(then)} in {first}, {pounds(now)} in {last}"
    return f"{words}, {less_or_more(now - panel.baseline_at(end))}" if panel.baseline else words
