"""Shares of a whole as stacked bars: who pays, or who is known about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from commissioning.core.charts import frame
from commissioning.core.charts.canvas import Canvas
from commissioning.core.charts.chart import Chart, Column, Table
from commissioning.core.charts.marks import Box, Drawing, Point
from commissioning.core.charts.palette import SCREEN, Style
from commissioning.core.charts.scales import exact, pounds
from commissioning.core.money import round_half_away

_LOOKS = 5
_DARK = (1,)


@dataclass(frozen=True)
class Share:
    """One part: whole pence or a number of people; `words` replace the amount where an edition must round or hide it.

    An amount of None has words but no length: it is not known or hidden.
    """

    label: str
    amount: int | None
    words: str = ""


@dataclass(frozen=True)
class ShareRow:
    label: str
    parts: tuple[Share, ...]


@dataclass(frozen=True)
class Shares:
    """Rows of the same parts in the same order. `to_scale` draws each row's length by its total."""

    key: str
    heading: str
    rows: tuple[ShareRow, ...]
    unit: str = ""
    kind: Literal["money", "life"] = "money"
    to_scale: bool = False
    title: str = ""
    desc: str = ""


def shares(data: Shares, *, widths: Sequence[float] = (720, 346), style: Style = SCREEN) -> Chart:
    """The chart of `data`, drawn once for each width, widest first."""
    title, desc = data.title or _finding(data), data.desc or "Stacked bars; each part is named with its share."
    drawings = tuple(
        _Shares(data, width, style).draw(f"{data.key}-{place}", title, desc) for place, width in enumerate(widths)
    )
    return Chart(data.key, title, desc, drawings, _table(data, title))


class _Shares:
    """Each row: its name, its bar, and under it the parts in words, each with its mark."""

    def __init__(self, data: Shares, width: float, style: Style) -> None:
        self.data = data
        self.canvas = Canvas(width, style)
        self.labels = list(dict.fromkeys(part.label for row in data.rows for part in row.parts))
        self.longest = max([_total(row) for row in data.rows] + [1])

    def draw(self, key: str, title: str, desc: str) -> Drawing:
        canvas = self.canvas
        y = frame.heading(canvas, (0, 0), self.data.heading, self.data.unit, canvas.width)
        for row in self.data.rows:
            y = self._row(row, y) + canvas.u(16)
        return canvas.finish(key, title, desc, y)

    def _role(self, part: Share) -> str:
        place = min(self.labels.index(part.label), _LOOKS - 1) + 1
        return f"{'share' if self.data.kind == 'money' else 'part'}-{place}"

    def _row(self, row: ShareRow, top: float) -> float:
        canvas = self.canvas
        if len(self.data.rows) > 1 or row.label != self.data.heading:
            top = canvas.paragraph("label-bold", (0, top + canvas.u(10)), row.label, canvas.width) - canvas.u(9)
        whole = _total(row) or 1
        length = canvas.width * (whole / self.longest if self.data.to_scale else 1) - canvas.u(1)
        x, high = canvas.u(0.5), canvas.u(20)
        for part in row.parts:
            if not part.amount:
                continue
            wide = length * part.amount / whole
            shape = Box(x, top, max(x + canvas.u(1), x + wide - canvas.u(2)), top + high)
            canvas.rect(self._role(part), shape, canvas.u(6) if self.data.kind == "life" else 0)
            self._inside(part, shape, whole)
            x += wide
        entries = [(self._swatch(part), self._named(part, whole)) for part in row.parts]
        return frame.key(canvas, (0, top + high + canvas.u(19)), entries, canvas.width)

    def _inside(self, part: Share, shape: Box, whole: int) -> None:
        """The percentage in its part, where it fits and nothing says the amounts are rounded."""
        canvas = self.canvas
        words = part.words if self.data.kind == "life" or part.words else _percent(part.amount or 0, whole)
        words = words or f"{part.amount:,}"
        role = "on-dark" if int(self._role(part)[-1]) in _DARK else "on-light"
        if canvas.measure(role, words) + canvas.u(12) > shape.right - shape.left:
            return
        canvas.text(role, (shape.left + canvas.u(7), shape.bottom - canvas.u(5.5)), words)

    def _words(self, part: Share, whole: int) -> str:
        if part.words:
            return part.words
        if part.amount is None:
            return "not known"
        if self.data.kind == "life":
            return f"{part.amount:,}"
        return f"{pounds(part.amount)} ({_percent(part.amount, whole)})"

    def _named(self, part: Share, whole: int) -> str:
        return f"{part.label}{':' if self.data.kind == 'life' else ''} {self._words(part, whole)}"

    def _swatch(self, part: Share) -> frame.Swatch:
        def draw(at: Point) -> None:
            (x, y), half = at, self.canvas.u(5)
            self.canvas.rect(
                self._role(part), Box(x - half, y - half, x + half, y + half), half * (self.data.kind == "life")
            )

        return draw


def _total(row: ShareRow) -> int:
    return sum(part.amount or 0 for part in row.parts)


def _percent(amount: int, whole: int) -> str:
    """A whole percentage; one that would read 0 or 100 without being so says which side it is on."""
    percent = round_half_away(amount * 100, whole)
    if amount and percent == 0:
        return "under 1%"
    if amount < whole and percent == 100:
        return "over 99%"
    return f"{percent}%"


def _told(data: Shares, part: Share) -> str:
    if part.words:
        return part.words
    if data.kind == "money":
        return exact(part.amount)
    return "not known" if part.amount is None else f"{part.amount:,}"


def _finding(data: Shares) -> str:
    rows = [f"{row.label}: {', '.join(f'{part.label} {_told(data, part)}' for part in row.parts)}" for row in data.rows]
    return f"{data.heading}. {'; '.join(rows)}."


def _table(data: Shares, title: str) -> Table:
    labels = list(dict.fromkeys(part.label for row in data.rows for part in row.parts))
    rows = []
    for row in data.rows:
        told = {part.label: _told(data, part) for part in row.parts}
        rows.append((row.label, *(told.get(label, "–") for label in labels)))
    return Table(title, (Column(data.heading, numeric=False), *(Column(label) for label in labels)), tuple(rows))
