"""What most charts share: a heading with its unit, a scale at the left, months along the bottom, a key."""

import datetime as dt
from collections.abc import Callable, Sequence

from commissioning.core.charts.canvas import Canvas
from commissioning.core.charts.marks import Box, Point
from commissioning.core.charts.scales import TimeScale

Swatch = Callable[[Point], None]  # draws the mark of a key with its centre at a point


def heading(canvas: Canvas, at: Point, words: str, unit: str, right: float) -> float:
    """A heading, its unit beside it or under it; returns the top of what follows."""
    x, y = at
    lines = canvas.wrap("head", words, right - x, 3)
    y += canvas.size("head")
    for place, line in enumerate(lines):
        y += canvas.leading("head") if place else 0
        canvas.text("head", (x, y), line)
    after = x + canvas.measure("head", lines[-1]) + canvas.u(8) if lines else x
    if unit and after + canvas.measure("sub", unit) <= right:
        canvas.text("sub", (after, y), unit)
    elif unit:
        for line in canvas.wrap("sub", unit, right - x, 3):
            y += canvas.leading("sub")
            canvas.text("sub", (x, y), line)
    return y + canvas.u(18)


def value_axis(canvas: Canvas, box: Box, ticks: Sequence[tuple[float, str]], zero: float | None) -> None:
    """Quiet lines across with their values at the left; the one at zero is solid."""
    for y, words in ticks:
        solid = zero is not None and abs(y - zero) < 0.05
        canvas.line("axis" if solid else "grid", (box.left, y), (box.right, y))
        canvas.text("tick", (box.left - canvas.u(7), y + canvas.size("tick") * 0.34), words, "end")


def time_axis(canvas: Canvas, time: TimeScale, bottom: float, today: dt.date | None) -> float:
    """Months along the bottom, today first in line for room; returns where it ends."""
    base = bottom + canvas.u(21)
    if today and time.first <= today < time.end:
        x = _kept_within(canvas, "strong", "Today", time.x(today), time)
        canvas.text("strong", (x, base), "Today", "middle")
    for x, words in time.ticks(lambda word: canvas.measure("tick", word), canvas.u(14)):
        at = _kept_within(canvas, "tick", words, x, time)
        if canvas.if_free("tick", (at, base), words, "middle", 6):
            canvas.line("axis", (x, bottom), (x, bottom + canvas.u(6)))
    return base + canvas.size("tick") * 0.3


def _kept_within(canvas: Canvas, role: str, words: str, x: float, time: TimeScale) -> float:
    half = canvas.measure(role, words) / 2
    return min(max(x, time.left + half - canvas.u(6)), canvas.width - half, max(time.right, half))


def key(canvas: Canvas, at: Point, entries: Sequence[tuple[Swatch, str]], right: float) -> float:
    """Marks with their meaning, in a row that wraps; returns where it ends."""
    left, y = at[0], at[1] + canvas.u(3)
    x, line = left, canvas.u(20)
    for draw, words in entries:
        width = canvas.u(18) + canvas.measure("tick", words)
        if x > left and x + width > right:
            x, y = left, y + line
        draw((x + canvas.u(6), y - canvas.size("tick") * 0.34))
        for place, part in enumerate(canvas.wrap("tick", words, right - x - canvas.u(18), 3)):
            y += canvas.leading("tick") if place else 0
            canvas.text("tick", (x + canvas.u(18), y), part)
        x += width + canvas.u(18)
    return y + canvas.size("tick") * 0.4
