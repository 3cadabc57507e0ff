"""Invest to save: cumulative money in against cumulative savings, with a mark on the day on which it is paid back.

Savings are the thick solid line, money in the thin one, and savings that are only expected are dashed.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from commissioning.core.charts import frame
from commissioning.core.charts.canvas import Canvas
from commissioning.core.charts.chart import Chart, Column, Table
from commissioning.core.charts.marks import Box, Drawing, Point
from commissioning.core.charts.palette import SCREEN, Style
from commissioning.core.charts.scales import (
    TimeScale,
    ValueScale,
    add_months,
    day_words,
    exact,
    first_of,
    month_words,
    months_between,
    nice_steps,
    pounds,
    tick_money,
)


@dataclass(frozen=True)
class PaybackPoint:
    """Whole pence at the end of a month. `saved_pence` is None where it is not known yet; `expected_pence` is with
    savings that may still come.
    """

    month: dt.date
    in_pence: int
    saved_pence: int | None
    expected_pence: int | None = None


@dataclass(frozen=True)
class Payback:
    """A case by month. `paid_back` is the day and the amount at which savings reached money in."""

    key: str
    heading: str
    points: tuple[PaybackPoint, ...]
    paid_back: tuple[dt.date, int] | None = None
    today: dt.date | None = None


def payback(data: Payback, *, widths: Sequence[float] = (720, 346), style: Style = SCREEN) -> Chart:
    """The chart of `data`, drawn once for each width, widest first."""
    title, desc = _finding(data), _story(data)
    drawings = tuple(
        _Payback(data, width, style).draw(f"{data.key}-{place}", title, desc) for place, width in enumerate(widths)
    )
    return Chart(data.key, title, desc, drawings, _table(data, title))


class _Payback:
    def __init__(self, data: Payback, width: float, style: Style) -> None:
        self.data, self.canvas = data, Canvas(width, style)
        amounts = [0, *(point.in_pence for point in data.points)]
        amounts += [point.saved_pence or 0 for point in data.points]
        amounts += [point.expected_pence or 0 for point in data.points]
        low, high = min(amounts), max(amounts)
        ticks = nice_steps(low, high, 4, least=1000)
        air = max(high - low, ticks[1] - ticks[0]) // 12
        self.low, self.high = low - (air if low < 0 else 0), high + air
        self.ticks = [tick for tick in ticks if self.low <= tick <= self.high]
        step = ticks[1] - ticks[0]
        self.labels = [tick_money(tick, step, short=abs(ticks[-1]) >= 1_000_000) for tick in self.ticks]

    def draw(self, key: str, title: str, desc: str) -> Drawing:
        canvas, data = self.canvas, self.data
        top = frame.heading(canvas, (0, 0), data.heading, "£ added up", canvas.width)
        margin = max(canvas.measure("tick", label) for label in self.labels) + canvas.u(8)
        height = min(canvas.u(260), max(canvas.u(170), canvas.width * 0.4))
        first, last = data.points[0].month, data.points[-1].month
        time = TimeScale(first, months_between(first, last) + 1, margin, canvas.width)
        money = ValueScale(self.low, self.high, top + height, top)
        box = Box(time.left, money.top, time.right, money.bottom)
        named = [(money.y(tick), label) for tick, label in zip(self.ticks, self.labels, strict=True)]
        frame.value_axis(canvas, box, named, money.y(0))
        lines = self._lines(time, money)
        bottom = frame.time_axis(canvas, time, money.bottom, data.today)
        self._mark(time, money, box)
        self._words(lines, box)
        if data.today and time.first <= data.today < time.end:
            canvas.upright("today", time.x(data.today), top - canvas.u(4), money.bottom)
        return canvas.finish(key, title, desc, bottom + canvas.u(4))

    def _lines(self, time: TimeScale, money: ValueScale) -> dict[str, list[Point]]:
        """Each line from nothing at the start to the end of each month."""
        start = (time.left, money.y(0))
        ends = [time.x(add_months(point.month, 1)) for point in self.data.points]
        pairs = list(zip(ends, self.data.points, strict=True))
        known = [(x, money.y(each.saved_pence)) for x, each in pairs if each.saved_pence is not None]
        hoped = [(x, money.y(each.expected_pence)) for x, each in pairs if each.expected_pence is not None]
        lines = {
            "money-before": [(known or [start])[-1], *hoped],
            "money-thin": [start, *((x, money.y(point.in_pence)) for x, point in pairs)],
            "money": [start, *known],
        }  # fmt: skip
        if len(lines["money-before"]) < 2:
            del lines["money-before"]
        for role, points in lines.items():
            self.canvas.path(role, points)
            self.canvas.avoid_path(points, 3)
        return lines

    def _mark(self, time: TimeScale, money: ValueScale, box: Box) -> None:
        if self.data.paid_back is None:
            return
        canvas, (day, pence) = self.canvas, self.data.paid_back
        x, y, half = time.x(day), money.y(pence), canvas.u(6)
        canvas.rect("money-end", Box(x - half, y - half, x + half, y + half))
        right, left = x + canvas.u(12), x - canvas.u(12)
        places = [(right, y + canvas.u(shift), "start") for shift in (24, 60, -30)]
        places += [(left, y + canvas.u(shift), "end") for shift in (-26, -50, 40)]
        canvas.label([("label-money", "Paid back"), ("note", day_words(day))], places, box)

    def _words(self, lines: dict[str, list[Point]], box: Box) -> None:
        """Each line is named at its end, or beside its middle where there is no room."""
        canvas, last = self.canvas, self.data.points[-1]
        named = {"money": [("label-bold", "Saved"), ("note", pounds(_saved(self.data)))]}
        named["money-thin"] = [("label", "Put in"), ("note", pounds(last.in_pence))]
        named["money-before"] = [("note", "if savings last")]
        for role, words in named.items():
            if role in lines:
                canvas.label(words, self._beside(lines[role], len(words)), box)

    def _beside(self, line: Sequence[Point], lines_count: int) -> list[tuple[float, float, str]]:
        canvas, gap = self.canvas, self.canvas.u(8)
        over, under = -canvas.u(10 + 18 * (lines_count - 1)), canvas.u(22)
        places = []
        for part in (1, 3 / 4, 1 / 2, 1 / 4):
            x, y = line[int((len(line) - 1) * part)]
            places += [(x - gap, y + over, "end"), (x - gap, y + under, "end"), (x + gap, y + under, "start")]
        return places


def _saved(data: Payback) -> int:
    """The last that is known."""
    return next((point.saved_pence for point in reversed(data.points) if point.saved_pence is not None), 0)


# ---------------------------------------------------------------- the same in words and figures


def _finding(data: Payback) -> str:
    last = data.points[-1]
    words = f"{data.heading}: {pounds(last.in_pence)} put in, {pounds(_saved(data))} saved"
    return f"{words}, paid back on {day_words(data.paid_back[0])}." if data.paid_back else f"{words}, not paid back."


def _story(data: Payback) -> str:
    first, last = data.points[0], data.points[-1]
    return f"Cumulative amounts at the end of each month from {month_words(first.month)} to {month_words(last.month)}."


def _table(data: Payback, title: str) -> Table:
    expects = any(point.expected_pence is not None for point in data.points)
    columns = [Column("To the end of", numeric=False), Column("Put in"), Column("Saved")]
    if expects:
        columns.append(Column("With what is expected"))
    rows = [
        (month_words(first_of(point.month)), exact(point.in_pence), exact(point.saved_pence))
        + ((("–" if point.expected_pence is None else exact(point.expected_pence)),) if expects else ())
        for point in data.points
    ]
    return Table(title, tuple(columns), tuple(rows))
