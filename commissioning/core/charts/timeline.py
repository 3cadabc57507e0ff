"""Placements on a timeline: one row of bands for each person, place or kind, over a shared axis of months."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from commissioning.core.charts import frame
from commissioning.core.charts.canvas import Canvas
from commissioning.core.charts.chart import Chart, Column, Table
from commissioning.core.charts.marks import Box, Drawing
from commissioning.core.charts.palette import SCREEN, Style
from commissioning.core.charts.person.data import Stay
from commissioning.core.charts.person.lanes import lanes_of
from commissioning.core.charts.scales import TimeScale, day_words, first_of, months_between

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class BandRow:
    label: str
    stays: tuple[Stay, ...]


@dataclass(frozen=True)
class Bands:
    """Rows of stays from `first` to `last`, which default to the first stay and today."""

    key: str
    heading: str
    rows: tuple[BandRow, ...]
    today: dt.date
    unit: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    title: str = ""
    desc: str = ""


def bands(data: Bands, *, widths: Sequence[float] = (720, 346), style: Style = SCREEN) -> Chart:
    """The chart of `data`, drawn once for each width, widest first."""
    title, desc = data.title or _finding(data), data.desc or _story(data)
    drawings = tuple(
        _Bands(data, width, style).draw(f"{data.key}-{place}", title, desc) for place, width in enumerate(widths)
    )
    return Chart(data.key, title, desc, drawings, _table(data, title))


class _Bands:
    def __init__(self, data: Bands, width: float, style: Style) -> None:
        self.data = data
        self.canvas = canvas = Canvas(width, style)
        self.narrow = width < canvas.u(480)
        named = max((canvas.measure("label-bold", row.label) for row in data.rows), default=0) + canvas.u(16)
        self.left = 0.0 if self.narrow else min(named, width * 0.3)
        starts = [stay.start for row in data.rows for stay in row.stays]
        first = first_of(data.first or min(starts, default=data.today))
        last = max([data.last or data.today, data.today])
        self.time = TimeScale(first, months_between(first, last) + 1, self.left, width - canvas.u(1))

    def draw(self, key: str, title: str, desc: str) -> Drawing:
        canvas, time = self.canvas, self.time
        top = y = frame.heading(canvas, (0, 0), self.data.heading, self.data.unit, canvas.width)
        for row in self.data.rows:
            y = self._row(row, y) + canvas.u(10)
        canvas.line("axis", (time.left, y), (time.right, y))
        bottom = frame.time_axis(canvas, time, y, self.data.today)
        canvas.upright("today", time.x(self.data.today), top - canvas.u(4), y)
        return canvas.finish(key, title, desc, bottom + canvas.u(4))

    def _row(self, row: BandRow, top: float) -> float:
        canvas = self.canvas
        y = top
        ends = top
        if self.narrow:
            y = canvas.paragraph("label-bold", (0, y + canvas.u(11)), row.label, canvas.width) - canvas.u(9)
        else:
            words = canvas.paragraph("label-bold", (0, y + canvas.u(17)), row.label, self.left - canvas.u(16))
            ends = words - canvas.u(12)
        shown = [
            stay for stay in row.stays if (stay.end or self.time.end) >= self.time.first and stay.start < self.time.end
        ]
        if not shown:
            canvas.text("note", (self.left, y + canvas.u(17)), "not recorded")
            y += canvas.u(26)
        for lane in lanes_of(shown):
            below = [not self._stay(stay, y) and self._under(stay, y + canvas.u(39)) for stay in lane]
            y += canvas.u(46 if any(below) else 29)
        return max(y, ends)

    def _span(self, stay: Stay) -> tuple[float, float]:
        left = self.time.x(stay.start)
        right = self.time.x(stay.end + _DAY) - self.canvas.u(2) if stay.end else self.time.right
        return left, max(right, left + self.canvas.u(3))

    def _stay(self, stay: Stay, top: float) -> bool:
        """One band; False where no name fits in it."""
        canvas, (left, right) = self.canvas, self._span(stay)
        high = canvas.u(25)
        canvas.rect(
            f"stay-{stay.kind}", Box(left, top, right, top + high), canvas.u(0 if stay.kind == "hospital" else 8)
        )
        room = right - left - canvas.u(14)
        full = f"{stay.name}, {stay.note}" if stay.note else stay.name
        for words in (full, stay.name, stay.short):
            if words and canvas.measure("band-note", words) <= room:
                canvas.text("band-note", (left + canvas.u(8), top + high / 2 + canvas.size("band-note") * 0.36), words)
                return True
        return False

    def _under(self, stay: Stay, y: float) -> bool:
        left, right = self._span(stay)
        words = stay.short or stay.name
        places = (((left + right) / 2, "middle"), (left, "start"), (right, "end"))
        return any(self.canvas.if_free("note", (x, y), words, anchor) for x, anchor in places)


def _told(stay: Stay) -> str:
    note = f" ({stay.note})" if stay.note else ""
    ends = f"to {day_words(stay.end)}" if stay.end else "and still there"
    return f"{stay.name}{note} from {day_words(stay.start)} {ends}"


def _finding(data: Bands) -> str:
    now = [
        f"{row.label}: {stay.name}"
        for row in data.rows
        for stay in row.stays
        if stay.start <= data.today and (stay.end is None or stay.end >= data.today)
    ]
    return f"{data.heading}. Now: {'; '.join(now[:8]) or 'nothing'}{' and others' if len(now) > 8 else ''}."


def _story(data: Bands) -> str:
    return " ".join(f"{row.label}: {'; '.join(_told(stay) for stay in row.stays) or 'nothing'}." for row in data.rows)


def _table(data: Bands, title: str) -> Table:
    columns = tuple(Column(label, numeric=False) for label in (data.heading, "Where", "From", "To"))
    rows = []
    for row in data.rows:
        for stay in row.stays:
            where = f"{stay.name}, {stay.note}" if stay.note else stay.name
            rows.append((row.label, where, day_words(stay.start), day_words(stay.end) if stay.end else "still there"))
    return Table(title, columns, tuple(rows))
