"""How lives changed, part by part: how many people are better, the same, worse and not known. Never one score.

Each mark is one person, or as many as the key says. Words arrive as they may be shown; nothing here rounds or hides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from commissioning.core.charts import frame
from commissioning.core.charts.canvas import Canvas
from commissioning.core.charts.chart import Chart, Column, Table
from commissioning.core.charts.life_data import Count
from commissioning.core.charts.marks import Drawing, Point
from commissioning.core.charts.palette import SCREEN, Style

_UNITS = tuple(nice * ten for ten in (1, 10, 100, 1000, 10_000, 100_000) for nice in (1, 2, 5))
_WORDS = ("Better", "Same", "Worse", "Not known")
_ROLES = ("better", "same", "fell", "unknown")


@dataclass(frozen=True)
class DomainRow:
    """One part of life and the people whose answers are better, the same or worse than before, or not known."""

    label: str
    better: Count
    same: Count
    worse: Count
    not_known: Count

    @property
    def counts(self) -> tuple[Count, Count, Count, Count]:
        return (self.better, self.same, self.worse, self.not_known)


@dataclass(frozen=True)
class BetterSameWorse:
    """`least_unit` is the fewest people a mark may stand for: 5 where counts are rounded to the nearest 5."""

    key: str
    heading: str
    rows: tuple[DomainRow, ...]
    unit: str = ""
    least_unit: int = 1
    title: str = ""
    desc: str = ""


def better_same_worse(data: BetterSameWorse, *, widths: Sequence[float] = (720, 346), style: Style = SCREEN) -> Chart:
    """The chart of `data`, drawn once for each width, widest first."""
    title = data.title or _finding(data)
    desc = data.desc or "Full circles are better, open circles the same, triangles worse, dotted circles not known."
    drawings = tuple(
        _Distribution(data, width, style).draw(f"{data.key}-{place}", title, desc) for place, width in enumerate(widths)
    )
    return Chart(data.key, title, desc, drawings, _table(data, title))


class _Distribution:
    """Wide: a column for each group, numbers before marks. Narrow: one strip of marks with the words under it."""

    def __init__(self, data: BetterSameWorse, width: float, style: Style) -> None:
        self.data = data
        self.canvas = canvas = Canvas(width, style)
        self.narrow = width < canvas.u(620)
        self.radius = canvas.u(4.5)
        self.pitch = canvas.u(11)
        named = max((canvas.measure("label-bold", row.label) for row in data.rows), default=0) + canvas.u(20)
        self.left = 0.0 if self.narrow else min(named, width * 0.28)
        self.each = self._unit()

    # -- how many people a mark is
    def _unit(self) -> int:
        units = [unit for unit in _UNITS if unit >= self.data.least_unit] or [self.data.least_unit]
        return next((unit for unit in units if self._fits(unit)), units[-1])

    def _fits(self, unit: int) -> bool:
        if self.narrow:
            longest = max((sum(_marks(count, unit) for count in row.counts) for row in self.data.rows), default=0)
            return longest * self.pitch + self.canvas.u(36) <= self.canvas.width
        return sum(self._widths(unit)) <= self.canvas.width - self.left

    def _widths(self, unit: int) -> Sequence[float]:
        """What each group needs: its widest words, its most marks, and room before the next."""
        canvas, found = self.canvas, []
        for place, name in enumerate(_WORDS):
            counts = [row.counts[place] for row in self.data.rows]
            marks = max((_marks(count, unit) for count in counts), default=0) * self.pitch
            hidden = [canvas.measure("note", count.words) for count in counts if count.people is None]
            words = max(self._words_room(place) + marks, max(hidden, default=0) + canvas.u(14))
            found.append(max(words, canvas.measure("strong", name) + canvas.u(14)) + canvas.u(22))
        return found

    def _words_room(self, place: int) -> float:
        """The widest number of a group; words such as "fewer than 8" stand in place of marks."""
        numbers = [row.counts[place].words for row in self.data.rows if row.counts[place].people is not None]
        return max((self.canvas.measure("value", word) for word in numbers), default=0) + self.canvas.u(8)

    # -- the drawing
    def draw(self, key: str, title: str, desc: str) -> Drawing:
        canvas, data = self.canvas, self.data
        y = frame.heading(canvas, (0, 0), data.heading, data.unit, canvas.width)
        if self.narrow:
            y = frame.key(canvas, (0, y), self._key(), canvas.width) + canvas.u(14)
            for row in data.rows:
                y = self._strip(row, y)
        else:
            starts, y = self._starts(), y + canvas.u(6)
            for x, name, role in zip(starts, _WORDS, _ROLES, strict=True):
                self._mark(role, (x + self.radius, y - canvas.size("strong") * 0.34))
                canvas.text("strong", (x + canvas.u(14), y), name)
            y += canvas.u(8)
            for row in data.rows:
                y = self._row(row, starts, y)
            y += canvas.u(20)
            if self.each > 1:
                canvas.text("note", (0, y), f"Each mark is {self.each:,} people.")
                y += canvas.u(4)
        return canvas.finish(key, title, desc, y + canvas.u(4))

    def _key(self) -> Sequence[tuple[frame.Swatch, str]]:
        entries = [(self._swatch(role), name) for role, name in zip(_ROLES, _WORDS, strict=True)]
        return entries if self.each == 1 else [*entries, (_no_mark, f"each mark is {self.each:,} people")]

    def _swatch(self, role: str) -> frame.Swatch:
        return lambda at: self._mark(role, at)

    def _starts(self) -> Sequence[float]:
        widths = self._widths(self.each)
        spare = max(0, self.canvas.width - self.left - sum(widths)) / len(widths)
        found, x = [], self.left
        for width in widths:
            found.append(x)
            x += width + spare
        return found

    def _mark(self, role: str, at: Point) -> None:
        if role == "fell":
            self.canvas.triangle(role, at, self.radius)
        else:
            self.canvas.circle(role, at, self.radius)

    def _row(self, row: DomainRow, starts: Sequence[float], top: float) -> float:
        canvas = self.canvas
        canvas.line("grid", (0, top), (canvas.width, top))
        middle = top + canvas.u(15)
        base = middle + canvas.size("value") * 0.35
        for place, (count, role, x) in enumerate(zip(row.counts, _ROLES, starts, strict=True)):
            if count.people is None:
                self._mark("hidden", (x + self.radius, middle))
                canvas.text("note", (x + canvas.u(14), base), count.words)
                continue
            canvas.text("worse" if role == "fell" and count.people else "value", (x, base), count.words)
            first = x + self._words_room(place) + self.radius
            for mark in range(_marks(count, self.each)):
                self._mark(role, (first + mark * self.pitch, middle))
        named = canvas.paragraph("label-bold", (0, base), row.label, self.left - canvas.u(16))
        return max(top + canvas.u(30), named - canvas.u(8))

    def _strip(self, row: DomainRow, top: float) -> float:
        canvas = self.canvas
        y = canvas.paragraph("label-bold", (0, top + canvas.u(12)), row.label, canvas.width) - canvas.u(6)
        x = self.radius + canvas.u(1)
        for count, role in zip(row.counts, _ROLES, strict=True):
            if count.people is None:
                self._mark("hidden", (x, y))
                x += self.pitch
            for _ in range(_marks(count, self.each)):
                self._mark(role, (x, y))
                x += self.pitch
            x += canvas.u(6)
        return canvas.paragraph("note", (0, y + canvas.u(20)), _told(row), canvas.width) + canvas.u(6)


def _no_mark(_: Point) -> None:
    """A line of a key that has words alone."""


def _marks(count: Count, each: int) -> int:
    """Marks for a count: to the nearest, but one at least for anybody at all."""
    if not count.people:
        return 0
    return max(1, (2 * count.people + each) // (2 * each))


def _finding(data: BetterSameWorse) -> str:
    return f"{data.heading}. {'. '.join(f'{row.label}: {_told(row)}' for row in data.rows)}."


def _told(row: DomainRow) -> str:
    return ", ".join(f"{count.words} {name.lower()}" for count, name in zip(row.counts, _WORDS, strict=True))


def _table(data: BetterSameWorse, title: str) -> Table:
    columns = (Column(data.heading, numeric=False), *(Column(name) for name in _WORDS))
    return Table(title, columns, tuple((row.label, *(count.words for count in row.counts)) for row in data.rows))
