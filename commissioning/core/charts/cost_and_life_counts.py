"""Change in cost against change in life as counts: the published form, where nobody is a point.

The words of each cell arrive as they may be shown ("about 45", "fewer than 8"); nothing here adds, rounds or hides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from commissioning.core.charts import frame
from commissioning.core.charts.canvas import Canvas
from commissioning.core.charts.chart import Chart, Column, Table
from commissioning.core.charts.life_data import Count
from commissioning.core.charts.marks import Box, Drawing
from commissioning.core.charts.palette import SCREEN, Style


@dataclass(frozen=True)
class Axis:
    """The name of a row or column, and what it covers in a second line."""

    label: str
    note: str = ""


@dataclass(frozen=True)
class Quadrants:
    """Cells by row and column. `unit_people` is how many people one mark stands for; the first row's first
    `aim_columns` cells are the aim and tinted."""

    key: str
    heading: str
    rows: tuple[Axis, ...]
    columns: tuple[Axis, ...]
    cells: tuple[tuple[Count, ...], ...]
    unit: str = ""
    unit_people: int = 5
    aim_columns: int = 1
    aim_rows: int = 1
    title: str = ""
    desc: str = ""


def quadrants(data: Quadrants, *, widths: Sequence[float] = (720, 346), style: Style = SCREEN) -> Chart:
    """The chart of `data`, drawn once for each width, widest first."""
    title = data.title or _finding(data)
    desc = data.desc or "A grid of counts: change in cost across, change in life down."
    drawings = tuple(
        _Quadrants(data, width, style).draw(f"{data.key}-{place}", title, desc) for place, width in enumerate(widths)
    )
    return Chart(data.key, title, desc, drawings, _table(data, title))


class _Quadrants:
    """Wide: rows named at the left. Narrow: above their cells."""

    def __init__(self, data: Quadrants, width: float, style: Style) -> None:
        self.data = data
        self.canvas = canvas = Canvas(width, style)
        self.narrow = width < canvas.u(480)
        named = max((canvas.measure("label-life", row.label) for row in data.rows), default=0) + canvas.u(18)
        self.left = 0.0 if self.narrow else min(named, width * 0.28)
        self.wide = (width - self.left) / len(data.columns)
        self.radius = canvas.u(6)

    def draw(self, key: str, title: str, desc: str) -> Drawing:
        canvas, data = self.canvas, self.data
        y = frame.heading(canvas, (0, 0), data.heading, data.unit, canvas.width)
        y = self._columns(y) + canvas.u(6)
        for place, (row, cells) in enumerate(zip(data.rows, data.cells, strict=True)):
            canvas.line("axis" if place == 0 else "grid", (0, y), (canvas.width, y))
            y = self._row(place, row, cells, y)
        canvas.line("grid", (0, y), (canvas.width, y))
        y = frame.key(canvas, (0, y + canvas.u(20)), self._key(), canvas.width)
        return canvas.finish(key, title, desc, y + canvas.u(4))

    def _key(self) -> Sequence[tuple[frame.Swatch, str]]:
        each = "1 person" if self.data.unit_people == 1 else f"{self.data.unit_people} people"
        entries = [(self._swatch("better"), each)]
        if any(cell.people is None for cells in self.data.cells for cell in cells):
            entries.append((self._swatch("hidden"), "number hidden"))
        return entries

    def _swatch(self, role: str) -> frame.Swatch:
        return lambda at: self.canvas.circle(role, at, self.radius - self.canvas.u(0.5))

    def _columns(self, top: float) -> float:
        canvas = self.canvas
        ends = [top]
        for place, column in enumerate(self.data.columns):
            x = self.left + place * self.wide + canvas.u(8)
            room = self.wide - canvas.u(12)
            y = canvas.paragraph("label-bold", (x, top + canvas.u(8)), column.label, room)
            if column.note:
                y = canvas.paragraph("sub", (x, y), column.note, room)
            ends.append(y - canvas.u(10))
        return max(ends)

    def _row(self, place: int, row: Axis, cells: Sequence[Count], top: float) -> float:
        canvas = self.canvas
        y = top
        named = top
        start = len(canvas.marks)
        if self.narrow:
            words = f"{row.label}, {row.note}" if row.note else row.label
            y = canvas.paragraph("label-life", (0, y + canvas.u(19)), words, canvas.width) - canvas.u(14)
        else:
            room = self.left - canvas.u(14)
            named = canvas.paragraph("label-life", (0, y + canvas.u(22)), row.label, room)
            named = canvas.paragraph("sub", (0, named), row.note, room) if row.note else named
        ends = [self._cell(count, self.left + column * self.wide, y) for column, count in enumerate(cells)]
        bottom = max([*ends, named - canvas.u(6)]) + canvas.u(10)
        if place < self.data.aim_rows and self.data.aim_columns:
            right = self.left + self.data.aim_columns * self.wide
            canvas.rect("aim", Box(self.left, y + canvas.u(1), right - canvas.u(4), bottom - canvas.u(1)), canvas.u(6))
            canvas.marks.insert(start, canvas.marks.pop())
        return bottom

    def _cell(self, count: Count, left: float, top: float) -> float:
        """Marks for the people, and the words under them."""
        canvas = self.canvas
        x0, y = left + canvas.u(9) + self.radius, top + canvas.u(18)
        pitch = 2 * self.radius + canvas.u(3)
        room = self.wide - canvas.u(18)
        across = max(1, int((room + canvas.u(3)) // pitch))
        if count.people is None:
            canvas.circle("hidden", (x0, y), self.radius - canvas.u(0.5))
        marks = 0 if count.people is None else -(-count.people // self.data.unit_people)
        for mark in range(marks):
            spot = (x0 + mark % across * pitch, y + mark // across * pitch)
            canvas.circle("better", spot, self.radius - canvas.u(0.5))
        y += max(0, (marks - 1) // across) * pitch + canvas.u(24)
        y = canvas.paragraph("value", (left + canvas.u(9), y), count.words, room)
        return y - canvas.u(8)


def _finding(data: Quadrants) -> str:
    parts = []
    for row, cells in zip(data.rows, data.cells, strict=True):
        told = [f"{column.label.lower()} {cell.words}" for column, cell in zip(data.columns, cells, strict=True)]
        parts.append(f"{row.label}: {', '.join(told)}")
    return f"{data.heading}. {'. '.join(parts)}."


def _table(data: Quadrants, title: str) -> Table:
    columns = (Column(data.heading, numeric=False), *(Column(_named(column)) for column in data.columns))
    rows = tuple(
        (_named(row), *(cell.words for cell in cells)) for row, cells in zip(data.rows, data.cells, strict=True)
    )
    return Table(title, columns, rows)


def _named(axis: Axis) -> str:
    return f"{axis.label}, {axis.note}" if axis.note else axis.label
