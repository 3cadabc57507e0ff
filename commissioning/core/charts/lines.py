"""Lives over time: teal lines with round marks, dotted across months when nothing is known."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from commissioning.core.charts import frame
from commissioning.core.charts.canvas import Canvas, Place, spread
from commissioning.core.charts.chart import Chart, Column, Table
from commissioning.core.charts.life_data import LifeSeries
from commissioning.core.charts.marks import Box, Drawing, Point
from commissioning.core.charts.palette import SCREEN, Style
from commissioning.core.charts.scales import (
    TimeScale,
    Value,
    ValueScale,
    first_of,
    month_words,
    months_between,
    value_words,
)

_MOST = 3


@dataclass(frozen=True)
class LinesOverTime:
    """One to three series on one scale, whose ends are named and written out: `0` to `100` with `%`, or `1` to `5`."""

    key: str
    heading: str
    series: tuple[LifeSeries, ...]
    unit: str = ""
    low: int = 0
    high: int = 100
    suffix: str = "%"
    title: str = ""
    desc: str = ""
    today: dt.date | None = None
    first: dt.date | None = None
    last: dt.date | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= _MOST:
            raise ValueError(f"A chart of lives shows 1 to {_MOST} series, not {len(self.series)}")


def lines_over_time(data: LinesOverTime, *, widths: Sequence[float] = (720, 346), style: Style = SCREEN) -> Chart:
    """The chart of `data`, drawn once for each width, widest first."""
    title, desc = data.title or _finding(data), data.desc or _story(data)
    drawings = tuple(
        _Lines(data, width, style).draw(f"{data.key}-{place}", title, desc) for place, width in enumerate(widths)
    )
    return Chart(data.key, title, desc, drawings, _table(data, title))


class _Lines:
    def __init__(self, data: LinesOverTime, width: float, style: Style) -> None:
        self.data = data
        self.canvas = Canvas(width, style)
        self.named_at_end = width >= self.canvas.u(480)

    def draw(self, key: str, title: str, desc: str) -> Drawing:
        canvas, data = self.canvas, self.data
        top = frame.heading(canvas, (0, 0), data.heading, data.unit, canvas.width)
        if not self.named_at_end:
            top = self._key(top)
        height = min(canvas.u(190), max(canvas.u(150), canvas.width * 0.3))
        height = max(height, self._names_height() + canvas.u(12)) if self.named_at_end else height
        ticks = self._ticks()
        margin = max(canvas.measure("tick", words) for _, words in ticks) + canvas.u(10)
        right = canvas.width - (self._end_room() if self.named_at_end else canvas.u(6))
        time = self._time(margin, right)
        scale = ValueScale(data.low, data.high, top + height, top)
        box = Box(margin, top, right, top + height)
        frame.value_axis(canvas, box, [(scale.y(value), words) for value, words in ticks], scale.bottom)
        bottom = frame.time_axis(canvas, time, scale.bottom, data.today)
        ends = [self._series(place, series, time, scale) for place, series in enumerate(data.series)]
        if self.named_at_end:
            self._names(ends, box)
        elif len(ends) == 1:
            self._value(ends[0], Box(margin, top - canvas.u(14), canvas.width, scale.bottom))
        if data.today and time.first <= data.today < time.end:
            canvas.upright("today", time.x(data.today), top - canvas.u(4), scale.bottom)
        return canvas.finish(key, title, desc, bottom + canvas.u(4))

    def _ticks(self) -> Sequence[tuple[int, str]]:
        low, high = self.data.low, self.data.high
        values = range(low, high + 1) if high - low <= 6 else (low, (low + high) // 2, high)
        return [(value, value_words(value, self.data.suffix)) for value in values]

    def _time(self, left: float, right: float) -> TimeScale:
        months = [point.month for series in self.data.series for point in series.points]
        months += [first_of(day) for day in (self.data.first, self.data.last, self.data.today) if day]
        return TimeScale(min(months), months_between(min(months), max(months)) + 1, left, right)

    def _end_room(self) -> float:
        """Room at the right for the longest name in two or three lines."""
        canvas = self.canvas
        widest = max(canvas.measure("label-life", self._named(series)) for series in self.data.series)
        return min(widest + canvas.u(18), canvas.width * 0.3)

    def _wrapped(self, series: LifeSeries) -> Sequence[str]:
        return self.canvas.wrap("label-life", self._named(series), self._end_room() - self.canvas.u(14), 3)

    def _name_height(self) -> float:
        """The room of one name, as high as the tallest of them."""
        tallest = max(len(self._wrapped(series)) for series in self.data.series)
        return tallest * self.canvas.leading("label-life") + self.canvas.u(4)

    def _names_height(self) -> float:
        return len(self.data.series) * self._name_height()

    def _named(self, series: LifeSeries) -> str:
        last = series.known[-1][1] if series.known else None
        return f"{series.label}, {value_words(last, self.data.suffix)}"

    # -- marks
    def _series(self, place: int, series: LifeSeries, time: TimeScale, scale: ValueScale) -> Point | None:
        """Draws one line with its marks; returns where it ends."""
        canvas = self.canvas
        spots = [
            None if point.value is None else (time.middle(point.month), scale.y(point.value)) for point in series.points
        ]
        known = [spot for spot in spots if spot is not None]
        for run in _runs(spots):
            if len(run) > 1:
                canvas.path(f"life-{place + 1}", run)
                canvas.avoid_path(run, 4)
        for before, after in _gaps(spots):
            canvas.line("missing", before, after)
        room = min((b[0] - a[0] for a, b in pairwise(known)), default=canvas.u(40))
        for spot in _marked(spots, crowded=room < canvas.u(11)):
            self._dot(place, spot)
        return known[-1] if known else None

    def _dot(self, place: int, spot: Point) -> None:
        self.canvas.circle(f"dot-{place + 1}", spot, self.canvas.u(4.5))

    # -- names
    def _names(self, ends: Sequence[Point | None], box: Box) -> None:
        """At the end of each line, moved apart where lines end close together."""
        canvas = self.canvas
        named = [self._wrapped(series) for series in self.data.series]
        line = canvas.leading("label-life")
        wanted = [end[1] if end else box.bottom for end in ends]
        room = self._name_height()
        heights = spread(wanted, room, box.top + room / 2, box.bottom - room / 2)
        for lines, middle, end in zip(named, heights, ends, strict=True):
            y = middle - (len(lines) - 1) * line / 2 + canvas.size("label-life") * 0.34
            if end and abs(middle - end[1]) > canvas.u(7):
                canvas.line("grid", (end[0] + canvas.u(6), end[1]), (box.right + canvas.u(9), middle))
            for words in lines:
                canvas.text("label-life", (box.right + canvas.u(12), y), words)
                y += line

    def _key(self, top: float) -> float:
        entries = [(self._swatch(place), self._named(series)) for place, series in enumerate(self.data.series)]
        return frame.key(self.canvas, (0, top), entries, self.canvas.width) + self.canvas.u(16)

    def _swatch(self, place: int) -> frame.Swatch:
        return lambda spot: self._dot(place, spot)

    def _value(self, end: Point | None, room: Box) -> None:
        """The last value of the only line, where there is no room for its name."""
        if end is None:
            return
        canvas, (x, y) = self.canvas, end
        words = value_words(self.data.series[0].known[-1][1], self.data.suffix)
        over, under = y - canvas.u(10), y + canvas.u(20)
        places: list[Place] = [(x, over, "middle"), (x, under, "middle"), (x, over, "end"), (x, under, "end")]
        canvas.label([("value-life", words)], places, room)


def _runs(spots: Sequence[Point | None]) -> Sequence[list[Point]]:
    found: list[list[Point]] = [[]]
    for spot in spots:
        if spot is None:
            found.append([])
        else:
            found[-1].append(spot)
    return [run for run in found if run]


def _gaps(spots: Sequence[Point | None]) -> Sequence[tuple[Point, Point]]:
    """The ends of each stretch, between known answers, when nothing is known."""
    runs = _runs(spots)
    return [(before[-1], after[0]) for before, after in pairwise(runs)]


def _marked(spots: Sequence[Point | None], *, crowded: bool) -> Sequence[Point]:
    """Every answer has its mark; where they would touch, only the first and last of each stretch."""
    found: list[Point] = []
    for run in _runs(spots):
        found += run if not crowded else run[:1] + run[1:][-1:]
    return found


# ---------------------------------------------------------------- the same in words and figures


def _change(series: LifeSeries, suffix: str) -> str:
    if not series.known:
        return f"{series.label}: not known."
    (start, then), (end, now) = series.known[0], series.known[-1]
    if start == end:
        return f"{series.label}: {value_words(now, suffix)} in {month_words(end)}."
    return (
        f"{series.label}: {value_words(then, suffix)} in {month_words(start)}, "
        f"{value_words(now, suffix)} in {month_words(end)}."
    )


def _finding(data: LinesOverTime) -> str:
    return f"{data.heading}. " + " ".join(_change(series, data.suffix) for series in data.series)


def _story(data: LinesOverTime) -> str:
    parts = []
    for series in data.series:
        values: list[Value] = [value for _, value in series.known]
        if values:
            lowest, highest = value_words(min(values), data.suffix), value_words(max(values), data.suffix)
            parts.append(f"{series.label}: from {lowest} to {highest}, known in {len(values)} months.")
    return " ".join(parts) or "Nothing is known yet."


def _table(data: LinesOverTime, title: str) -> Table:
    months = sorted({point.month for series in data.series for point in series.points})
    known = [{point.month: point.value for point in series.points} for series in data.series]
    rows = tuple(
        (month_words(month), *(value_words(values.get(month), data.suffix) for values in known)) for month in months
    )
    columns = (Column("Month", numeric=False), *(Column(series.label) for series in data.series))
    return Table(title, columns, rows)
