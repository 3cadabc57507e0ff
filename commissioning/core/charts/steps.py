"""Money over time: solid ink steps beside a dashed baseline, a dotted budget and a pale forecast band."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from commissioning.core.charts import frame
from commissioning.core.charts.canvas import Canvas, Place
from commissioning.core.charts.chart import Chart, Column, Table
from commissioning.core.charts.marks import Box, Drawing, Point
from commissioning.core.charts.money_data import MoneyLevel, MoneyPanel, MoneyPoint, MoneyRange
from commissioning.core.charts.palette import SCREEN, Style
from commissioning.core.charts.scales import (
    TimeScale,
    ValueScale,
    add_months,
    against,
    first_of,
    less_or_more,
    month_words,
    months_between,
    nice_steps,
    pounds,
    tick_money,
)
from commissioning.core.money import format_pence


@dataclass(frozen=True)
class StepsOverTime:
    """Weekly cost by month in one or more panels that share their scales.

    With `against_baseline`, each panel shows its difference from its baseline, which is the line at £0.
    Without `from_zero`, the scale starts near the lowest amount and says so. Without `pennies`, the table is in whole
    pounds, for amounts that an edition has rounded.
    """

    key: str
    panels: tuple[MoneyPanel, ...]
    title: str = ""
    desc: str = ""
    today: dt.date | None = None
    against_baseline: bool = False
    from_zero: bool = True
    per: str = "a week"
    pennies: bool = True


def steps_over_time(data: StepsOverTime, *, widths: Sequence[float] = (720, 346), style: Style = SCREEN) -> Chart:
    """The chart of `data`, drawn once for each width, widest first."""
    title, desc = data.title or _finding(data), data.desc or _story(data)
    drawings = tuple(
        _Steps(data, width, style).draw(f"{data.key}-{place}", title, desc) for place, width in enumerate(widths)
    )
    return Chart(data.key, title, desc, drawings, _table(data, title))


@dataclass(frozen=True)
class _Plot:
    """One panel's place on the page and its scales."""

    panel: MoneyPanel
    original: MoneyPanel
    time: TimeScale
    money: ValueScale

    @property
    def box(self) -> Box:
        return Box(self.time.left, self.money.top, self.time.right, self.money.bottom)


class _Steps:
    def __init__(self, data: StepsOverTime, width: float, style: Style) -> None:
        self.data = data
        self.canvas = Canvas(width, style)
        self.panels = [panel.less_baseline() if data.against_baseline else panel for panel in data.panels]
        self.low, self.high, self.ticks = self._scale()
        step = self.ticks[-1] - self.ticks[-2] if len(self.ticks) > 1 else 0
        short = max(abs(tick) for tick in self.ticks) >= 1_000_000 or width < 460
        self.labels = [tick_money(tick, step, short=short) for tick in self.ticks]
        self.first, self.months = self._months()

    def _scale(self) -> tuple[int, int, Sequence[int]]:
        """The lowest and highest amount to show, with a little air, and the round amounts between them."""
        amounts = [pence for panel in self.panels for _, pence in panel.known]
        for panel in self.panels:
            amounts += [pence for expected in panel.forecast for pence in (expected.low_pence, expected.high_pence)]
            amounts += [level for _, level in _level_points(panel)]
        if self.data.from_zero or self.data.against_baseline:
            amounts.append(0)
        low, high = min(amounts, default=0), max(amounts, default=0)
        ticks = nice_steps(low, high, 4, least=1000)
        air = max(high - low, ticks[1] - ticks[0]) // 12
        low = low - 2 * air if low < 0 else low if low == 0 else ticks[0]
        return low, high + air, [tick for tick in ticks if low <= tick <= high + air]

    def _months(self) -> tuple[dt.date, int]:
        months = [point.month for panel in self.panels for point in panel.points]
        months += [expected.month for panel in self.panels for expected in panel.forecast]
        if self.data.today:
            months.append(first_of(self.data.today))
        first = min(months)
        return first, months_between(first, max(months)) + 1

    def draw(self, key: str, title: str, desc: str) -> Drawing:
        canvas, count = self.canvas, len(self.panels)
        gap = canvas.u(28)
        across = count if (canvas.width - gap * (count - 1)) / count >= canvas.u(230) else 1
        wide = (canvas.width - gap * (across - 1)) / across
        top = bottom = 0.0
        for place, panel in enumerate(self.panels):
            column = place % across
            if column == 0:
                top = bottom + (canvas.u(24) if place else 0)
            left = column * (wide + gap)
            bottom = max(bottom, self._panel(panel, self.data.panels[place], Box(left, top, left + wide, top)))
        return canvas.finish(key, title, desc, bottom + canvas.u(4))

    def _panel(self, panel: MoneyPanel, original: MoneyPanel, room: Box) -> float:
        """Draws one panel from the top of `room`; returns where it ends."""
        canvas = self.canvas
        top = frame.heading(canvas, (room.left, room.top), panel.heading, self._unit(), room.right)
        margin = max(canvas.measure("tick", label) for label in self.labels) + canvas.u(8)
        height = min(canvas.u(240), max(canvas.u(160), (room.right - room.left) * 0.38))
        time = TimeScale(self.first, self.months, room.left + margin, room.right)
        money = ValueScale(self.low, self.high, top + height, top)
        plot = _Plot(panel, original, time, money)
        frame.value_axis(
            canvas, plot.box, [(money.y(tick), label) for tick, label in self._named_ticks()], self._zero(money)
        )
        self._shapes(plot)
        bottom = frame.time_axis(canvas, time, money.bottom, self.data.today)
        self._words(plot)
        if self.data.today and time.first <= self.data.today < time.end:
            canvas.upright("today", time.x(self.data.today), top - canvas.u(4), money.bottom)
        return bottom

    def _unit(self) -> str:
        unit = f"£ {self.data.per}"
        if self.data.against_baseline:
            return f"{unit}, against the baseline"
        return unit if self.low <= 0 else f"{unit}. The scale starts at {self.labels[0]}."

    def _zero(self, money: ValueScale) -> float | None:
        """Where the solid line goes; against a baseline the dashes take its place."""
        return None if self.data.against_baseline else money.y(0)

    def _named_ticks(self) -> Sequence[tuple[int, str]]:
        return list(zip(self.ticks, self.labels, strict=True))

    # -- shapes
    def _shapes(self, plot: _Plot) -> None:
        canvas, panel = self.canvas, plot.panel
        runs = [self._steps(plot, run) for run in panel.runs()]
        if self.data.against_baseline:
            zero = plot.money.y(0)
            for run in runs:
                canvas.path("money-gap", [(run[0][0], zero), *run, (run[-1][0], zero)], closed=True)
        if panel.forecast:
            canvas.path("forecast", self._band(plot), closed=True)
        for role, level in (("baseline", panel.baseline), ("budget", panel.budget)):
            if level is not None:
                line = self._level(plot, level)
                if line:
                    canvas.path(role, line)
                    canvas.avoid_path(line)
        for run in runs:
            canvas.path("money", run)
            canvas.avoid_path(run, 3)
        if runs:
            x, y = runs[-1][-1]
            half = canvas.u(4)
            canvas.rect("money-end", Box(x - half, y - half, x + half, y + half))

    def _until(self, plot: _Plot, month: dt.date) -> float:
        """Where a month's step ends: at today in the month that is not over."""
        today = self.data.today
        return plot.time.x(today if today and first_of(today) == month and today > month else add_months(month, 1))

    def _steps(self, plot: _Plot, run: Sequence[MoneyPoint]) -> list[Point]:
        points: list[Point] = []
        for point in run:
            y = plot.money.y(point.pence or 0)
            if points and abs(points[-1][1] - y) < 0.05:
                points.pop()
            else:
                points.append((plot.time.x(point.month), y))
            points.append((self._until(plot, point.month), y))
        return points

    def _band(self, plot: _Plot) -> list[Point]:
        up: list[Point] = []
        down: list[Point] = []
        today = self.data.today
        for expected in plot.panel.forecast:
            soon = today is not None and not up and months_between(today, expected.month) in (0, 1)
            start = today if today and soon else expected.month
            a, b = plot.time.x(start), plot.time.x(add_months(expected.month, 1))
            up += [(a, plot.money.y(expected.high_pence)), (b, plot.money.y(expected.high_pence))]
            down += [(a, plot.money.y(expected.low_pence)), (b, plot.money.y(expected.low_pence))]
        return up + down[::-1]

    def _level(self, plot: _Plot, level: MoneyLevel) -> list[Point]:
        points: list[Point] = []
        for place in range(plot.time.months):
            month = add_months(plot.time.first, place)
            pence = level.at(month)
            if pence is None:
                continue
            y = plot.money.y(pence)
            if points and abs(points[-1][1] - y) < 0.05:
                points.pop()
            else:
                points.append((plot.time.x(month), y))
            points.append((plot.time.x(add_months(month, 1)), y))
        return points

    # -- words
    def _words(self, plot: _Plot) -> None:
        canvas, panel = self.canvas, plot.panel
        room = Box(plot.time.left, plot.money.top - canvas.u(12), canvas.width, plot.money.bottom - canvas.u(2))
        room = Box(room.left, room.top, plot.time.right, room.bottom)
        if panel.known:
            canvas.label(self._now(plot), self._beside_end(plot), room)
        for original, level in zip(plot.original.levels, panel.levels, strict=False):
            line = self._level(plot, level)
            if line:
                month = panel.points[-1].month if panel.points else plot.time.first
                amount = original.at(month)
                words = level.label if amount is None else f"{level.label} {pounds(amount)}"
                canvas.label([("label-reference", words)], self._along(line), room)
        if panel.forecast:
            band = self._band(plot)
            canvas.label([("note", "forecast")], self._round_band(band), room)

    def _now(self, plot: _Plot) -> Sequence[tuple[str, str]]:
        month, pence = plot.panel.known[-1]
        when = month_words(month, short=self.canvas.width < 460)
        if not self.data.against_baseline:
            return [("label-money", pounds(pence)), ("note", when)]
        whole = plot.original.known[-1][1]
        return [("label-money", less_or_more(pence, self.data.per)), ("note", f"{pounds(whole)} in {when}")]

    def _beside_end(self, plot: _Plot) -> Sequence[Place]:
        canvas = self.canvas
        month, pence = plot.panel.known[-1]
        x, y = self._until(plot, month), plot.money.y(pence)
        under, over, back = y + canvas.u(22), y - canvas.u(30), x - canvas.u(9)
        places: list[Place] = [(back, under, "end"), (back, over, "end")]
        if not plot.panel.forecast:
            places += [(x + canvas.u(9), y + canvas.u(5), "start")]
        step = plot.time.column * max(1, plot.time.months // 12)
        places += [(back - step * n, at, "end") for n in (1, 2, 3) for at in (under, over)]
        right = plot.time.right - canvas.u(2)
        return [*places, (right, under, "end"), (right, over, "end")]

    def _along(self, line: Sequence[Point]) -> Sequence[Place]:
        canvas = self.canvas
        above, below = canvas.u(7), canvas.u(17)
        (x1, y1), (x2, y2) = line[0], line[-1]
        inset = canvas.u(4)
        if len(line) > 2:  # its amount is the last one, so it stands there
            return [(x2 - inset, y2 + shift, "end") for shift in (below, -above, 3 * below)]
        return [
            (x2 - inset, y2 - above, "end"),
            (x1 + inset, y1 - above, "start"),
            (x2 - inset, y2 + below, "end"),
            (x1 + inset, y1 + below, "start"),
            ((x1 + x2) / 2, y1 - above, "middle"),
            ((x1 + x2) / 2, y1 + below, "middle"),
        ]

    def _round_band(self, band: Sequence[Point]) -> Sequence[Place]:
        canvas = self.canvas
        left, right = min(x for x, _ in band), max(x for x, _ in band)
        top, bottom = min(y for _, y in band), max(y for _, y in band)
        below, above = bottom + canvas.u(16), top - canvas.u(7)
        return [
            (left + canvas.u(7), below, "start"),
            (right, below, "end"),
            (left + canvas.u(7), above, "start"),
            (right, above, "end"),
            ((left + right) / 2, (top + bottom) / 2 + canvas.u(4), "middle"),
        ]


def _level_points(panel: MoneyPanel) -> Sequence[tuple[dt.date, int]]:
    months = [point.month for point in panel.points] + [expected.month for expected in panel.forecast]
    found = [(month, level.at(month)) for level in panel.levels for month in months]
    return [(month, pence) for month, pence in found if pence is not None]


# ---------------------------------------------------------------- the same in words and figures


def _finding(data: StepsOverTime) -> str:
    return " ".join(_panel_finding(panel, data.per) for panel in data.panels)


def _panel_finding(panel: MoneyPanel, per: str) -> str:
    if not panel.known:
        return f"{panel.heading}: no amounts are known."
    (start, then), (end, now) = panel.known[0], panel.known[-1]
    words = f"{panel.heading}: {pounds(then)} {per} in {month_words(start)}, {pounds(now)} in {month_words(end)}"
    if panel.baseline is not None and panel.baseline.at(end) is not None:
        words += f": {against(now, panel.baseline_at(end), per)}"
    return f"{words}."


def _story(data: StepsOverTime) -> str:
    return " ".join(_panel_story(panel) for panel in data.panels)


def _panel_story(panel: MoneyPanel) -> str:
    if not panel.known:
        return f"{panel.heading}: no amounts are known."
    highest = max(panel.known, key=lambda known: known[1])
    lowest = min(panel.known, key=lambda known: known[1])
    words = (
        f"{panel.heading}: highest {pounds(highest[1])} in {month_words(highest[0])}, "
        f"lowest {pounds(lowest[1])} in {month_words(lowest[0])}."
    )
    if panel.forecast:
        last = panel.forecast[-1]
        words += f" Forecast for {month_words(last.month)}: {pounds(last.low_pence)} to {pounds(last.high_pence)}."
    return words


def _table(data: StepsOverTime, title: str) -> Table:
    columns, cells = [Column("Month", numeric=False)], []
    months = sorted(
        {point.month for panel in data.panels for point in panel.points}
        | {expected.month for panel in data.panels for expected in panel.forecast}
    )
    for panel in data.panels:
        columns.append(Column(panel.heading))
        cells.append(_amounts(panel, months, pennies=data.pennies))
        for level in panel.levels:
            columns.append(Column(level.label if len(data.panels) == 1 else f"{panel.heading}, {level.label.lower()}"))
            cells.append([_told(level.at(month), pennies=data.pennies, unknown="–") for month in months])
    rows = [(month_words(month), *(column[place] for column in cells)) for place, month in enumerate(months)]
    return Table(title, tuple(columns), tuple(rows))


def _amounts(panel: MoneyPanel, months: Sequence[dt.date], *, pennies: bool) -> Sequence[str]:
    known = {point.month: point.pence for point in panel.points}
    forecast: dict[dt.date, MoneyRange] = {expected.month: expected for expected in panel.forecast}
    found = []
    for month in months:
        if month in known:
            found.append(_told(known[month], pennies=pennies))
        elif month in forecast:
            expected = forecast[month]
            low, high = (_told(pence, pennies=pennies) for pence in (expected.low_pence, expected.high_pence))
            found.append(f"{low} to {high} (forecast)")
        else:
            found.append("–")
    return found


def _told(pence: int | None, *, pennies: bool, unknown: str = "not known") -> str:
    return unknown if pence is None else format_pence(pence, pennies=pennies)
