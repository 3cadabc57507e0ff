"""What all rows of a person's drawing share: the canvas, the columns, and how far down the page they have come."""

import datetime as dt

from commissioning.core.charts.canvas import Canvas
from commissioning.core.charts.person.data import Columns, MoneyAndLife
from commissioning.core.charts.scales import TimeScale


class Page:
    def __init__(self, canvas: Canvas, data: MoneyAndLife, columns: Columns, time: TimeScale, narrow: bool) -> None:
        self.canvas = canvas
        self.data = data
        self.columns = columns
        self.time = time
        self.narrow = narrow
        self.y = 0.0

    def u(self, pixels: float) -> float:
        return self.canvas.u(pixels)

    @property
    def left(self) -> float:
        return self.time.left

    @property
    def right(self) -> float:
        return self.time.right

    @property
    def column(self) -> float:
        """The width of one column."""
        return self.time.column * self.columns.per

    @property
    def now(self) -> float:
        return self.time.x(self.data.today)

    @property
    def after(self) -> float:
        """Where the columns up to today's end."""
        return self.left + self.column * self.columns.past

    def middle(self, start: dt.date) -> float:
        return self.time.x(start) + self.column / 2

    def heading(self, label: str, sub: str = "", room: float | None = None) -> float:
        """The name of a row; returns where its words end. Narrow drawings put it above the row and move down."""
        canvas = self.canvas
        if self.narrow:
            words = f"{label}, {sub}" if sub else label
            self.y = canvas.paragraph("head", (0, self.y + self.u(14)), words, canvas.width, 3) - self.u(7)
            return self.y
        width = (room if room is not None else self.left) - self.u(18)
        y = canvas.paragraph("head", (0, self.y + self.u(18)), label, width, 6)
        if sub:
            y = canvas.paragraph("tick", (0, y - self.u(2)), sub, width, 2)
        return y - self.u(10)
