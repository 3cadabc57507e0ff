"""Before and now as horizontal bars, for money (square) or life (round), and shares of a whole as stacked bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from commissioning.core.charts import frame
from commissioning.core.charts.canvas import Canvas
from commissioning.core.charts.chart import Chart, Column, Table
from commissioning.core.charts.marks import Box, Drawing, Point
from commissioning.core.charts.palette import SCREEN, Style
from commissioning.core.charts.scales import exact, pounds

Kind = Literal["money", "life"]


@dataclass(frozen=True)
class Bar:
    """A length and its words. For money, whole pence; for life, a number of people or things. None is not shown.

    The words default to the amount; published editions give their own, such as "fewer than 8".
    """

    amount: int | None
    words: str = ""


@dataclass(frozen=True)
class BarRow:
    """One thing compared with itself before; `count` says of how many people, in words."""

    label: str
    now: Bar
    before: Bar | None = None
    count: str = ""


@dataclass(frozen=True)
class Bars:
    key: str
    heading: str
    rows: tuple[BarRow, ...]
    kind: Kind = "money"
    unit: str = ""
    now_label: str = "Now"
    before_label: str = "Before"
    count_label: str = "People"
    title: str = ""
    desc: str = ""


def bars(data: Bars, *, widths: Sequence[float] = (720, 346), style: Style = SCREEN) -> Chart:
    """The chart of `data`, drawn once for each width, widest first."""
    title, desc = data.title or _finding(data), data.desc or _story(data)
    drawings = tuple(
        _Bars(data, width, style).draw(f"{data.key}-{place}", title, desc) for place, width in enumerate(widths)
    )
    return Chart(data.key, title, desc, drawings, _table(data, title))


class _Bars:
    """Wide: names at the left, counts at the right. Narrow: names above the bars, counts after them."""

    def __init__(self, data: Bars, width: float, style: Style) -> None:
        self.data = data
        self.canvas = Canvas(width, style)
        self.narrow = width < self.canvas.u(480)
        self.has_before = any(row.before for row in data.rows)
        amounts = [bar.amount or 0 for row in data.rows for bar in (row.now, row.before) if bar]
        self.most = max([*amounts, 1])

    def draw(self, key: str, title: str, desc: str) -> Drawing:
        canvas, data = self.canvas, self.data
        y = frame.heading(canvas, (0, 0), data.heading, data.unit, canvas.width)
        if self.has_before:
            y = frame.key(canvas, (0, y), self._key(), canvas.width) + canvas.u(14)
        left, right = self._room()
        for row in data.rows:
            y = self._row(row, y, left, right)
        return canvas.finish(key, title, desc, y)

    def _key(self) -> Sequence[tuple[frame.Swatch, str]]:
        return [(self._swatch("before"), self.data.before_label), (self._swatch("now"), self.data.now_label)]

    def _swatch(self, when: str) -> frame.Swatch:
        def draw(at: Point) -> None:
            (x, y), half = at, self.canvas.u(5)
            self._bar(when, Box(x - half - self.canvas.u(1), y - half, x + half + self.canvas.u(1), y + half))

        return draw

    def _room(self) -> tuple[float, float]:
        """Where bars begin, and the furthest they may reach so that their words still fit."""
        canvas = self.canvas
        words = [self._words(bar) for row in self.data.rows for bar in (row.now, row.before) if bar]
        after = max((canvas.measure("value", word) for word in words), default=0) + canvas.u(10)
        counts = max((canvas.measure("note", row.count) for row in self.data.rows), default=0)
        counts += canvas.u(16) if counts else 0
        if self.narrow:
            return 0, canvas.width - after
        named = max((canvas.measure("label-bold", row.label) for row in self.data.rows), default=0)
        left = min(named + canvas.u(16), canvas.width * 0.34)
        return left, max(left + canvas.u(60), canvas.width - after - counts)

    def _words(self, bar: Bar) -> str:
        if bar.words:
            return bar.words
        if bar.amount is None:
            return "not known"
        return pounds(bar.amount) if self.data.kind == "money" else f"{bar.amount:,}"

    def _row(self, row: BarRow, top: float, left: float, right: float) -> float:
        canvas = self.canvas
        thick, gap = canvas.u(14), canvas.u(4)
        y = top
        bottom = top
        if self.narrow:
            words = f"{row.label} ({row.count})" if row.count else row.label
            y = canvas.paragraph("label-bold", (0, y + canvas.size("label-bold")), words, canvas.width) - canvas.u(10)
        else:
            lines = canvas.paragraph("label-bold", (0, y + canvas.size("label-bold")), row.label, left - canvas.u(14))
            bottom = lines - canvas.size("label-bold")
        if not self.narrow and row.count:
            canvas.text("note", (canvas.width, y + canvas.size("note")), row.count, "end")
        for when, bar in (("before", row.before), ("now", row.now)):
            if bar is not None:
                self._one(when, bar, y, Box(left, y, right, y + thick))
                y += thick + gap
        return max(y, bottom) + canvas.u(14)

    def _one(self, when: str, bar: Bar, y: float, room: Box) -> None:
        canvas = self.canvas
        length = (room.right - room.left) * (bar.amount or 0) / self.most
        shape = Box(room.left, y, room.left + length, room.bottom)
        if bar.amount:
            self._bar(when, shape)
        else:
            canvas.line("missing" if bar.amount is None else "axis", (room.left, room.top), (room.left, room.bottom))
        role = "note" if when == "before" else ("value" if self.data.kind == "money" else "value-life")
        middle = (room.top + room.bottom) / 2 + canvas.size(role) * 0.35
        canvas.text(role, (shape.right + canvas.u(7), middle), self._words(bar))

    def _bar(self, when: str, shape: Box) -> None:
        canvas = self.canvas
        high = shape.bottom - shape.top
        if when == "before":
            inset = canvas.u(2)
            inner = Box(shape.left + inset / 2, shape.top + inset, shape.right, shape.bottom - inset)
            canvas.rect(f"{self.data.kind}-before", inner, self._round(high - 2 * inset))
        else:
            canvas.rect(f"{self.data.kind}-bar", shape, self._round(high))

    def _round(self, high: float) -> float:
        return high / 2 if self.data.kind == "life" else 0


def _told(data: Bars, bar: Bar | None) -> str:
    if bar is None:
        return "–"
    if bar.words:
        return bar.words
    if data.kind == "money":
        return exact(bar.amount)
    return "not known" if bar.amount is None else f"{bar.amount:,}"


def _finding(data: Bars) -> str:
    parts = []
    for row in data.rows:
        now = _told(data, row.now)
        parts.append(
            f"{row.label}: {_told(data, row.before)} before, {now} now" if row.before else f"{row.label}: {now}"
        )
    return f"{data.heading}. {'; '.join(parts)}."


def _story(data: Bars) -> str:
    shape = "round-ended" if data.kind == "life" else "square"
    before = f" A dashed outline is {data.before_label.lower()}, a solid bar is {data.now_label.lower()}."
    return f"Horizontal {shape} bars, one row each.{before if any(row.before for row in data.rows) else ''}"


def _table(data: Bars, title: str) -> Table:
    has_before = any(row.before for row in data.rows)
    has_count = any(row.count for row in data.rows)
    columns = [Column(data.heading, numeric=False)]
    columns += [Column(data.before_label)] * has_before + [Column(data.now_label)]
    columns += [Column(data.count_label)] * has_count
    rows = []
    for row in data.rows:
        cells = [row.label, *([_told(data, row.before)] * has_before), _told(data, row.now), *([row.count] * has_count)]
        rows.append(tuple(cells))
    return Table(title, tuple(columns), tuple(rows))
