"""A drawing while it is being made, and the routine that finds room for labels.

Words never overlap: fixed words claim their room first, and a floating label takes the first of its places that is
free, moves a little if none is, and is left out if there is none at all (the table and the description still say it).
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from commissioning.core.charts import typeset
from commissioning.core.charts.marks import Box, Circle, Drawing, Line, Mark, Path, Point, Rect, Text
from commissioning.core.charts.palette import Style

Words = Sequence[tuple[str, str]]  # (role, words), one for each line of a label
Place = tuple[float, float, str]  # x, y of the first line's baseline, anchor

_ASCENT, _DESCENT, _LEADING = 0.76, 0.22, 1.28
_NUDGES = (0, -8, 8, -16, 16, -24, 24, -36, 36, -48, 48, -64, 64)


class Canvas:
    """Collects marks in drawing order; `behind` holds those that lie at the back."""

    def __init__(self, width: float, style: Style) -> None:
        self.width = width
        self.style = style
        self.unit = style.unit
        self.marks: list[Mark] = []
        self.behind: list[Mark] = []
        self.taken: list[Box] = []
        self.obstacles: list[Box] = []

    # -- lengths
    def u(self, pixels: float) -> float:
        """Screen pixels in the drawing's units."""
        return pixels * self.unit

    def size(self, role: str) -> float:
        return self.style.look(role).size

    def measure(self, role: str, words: str) -> float:
        look = self.style.look(role)
        return typeset.measure(words, look.size, bold=look.bold)

    def wrap(self, role: str, words: str, width: float, most: int = 4) -> Sequence[str]:
        look = self.style.look(role)
        return typeset.wrap(words, look.size, width, bold=look.bold, most=most)

    def leading(self, role: str) -> float:
        return self.size(role) * _LEADING

    # -- marks
    def line(self, role: str, start: Point, end: Point) -> None:
        self.marks.append(Line(role, start, end))

    def path(self, role: str, points: Iterable[Point], *, closed: bool = False) -> None:
        self.marks.append(Path(role, tuple(points), closed))

    def rect(self, role: str, box: Box, round: float = 0) -> None:
        self.marks.append(Rect(role, box, round))

    def circle(self, role: str, centre: Point, radius: float) -> None:
        self.marks.append(Circle(role, centre, radius))

    def triangle(self, role: str, centre: Point, radius: float) -> None:
        """Pointing down: worse."""
        (x, y), r = centre, radius
        self.path(role, [(x - r, y - r * 0.8), (x + r, y - r * 0.8), (x, y + r)], closed=True)

    # -- words
    def text(self, role: str, at: Point, words: str, anchor: str = "start") -> Text:
        """Words at a fixed place, whose room they claim."""
        mark = Text(role, at, words, anchor, self._box(role, at, words, anchor))
        self.marks.append(mark)
        self.taken.append(mark.box)
        return mark

    def paragraph(self, role: str, at: Point, words: str, width: float, most: int = 4) -> float:
        """Wrapped words from a fixed place down; returns the baseline for what follows."""
        x, y = at
        for line in self.wrap(role, words, width, most):
            self.text(role, (x, y), line)
            y += self.leading(role)
        return y

    def if_free(self, role: str, at: Point, words: str, anchor: str = "start", gap: float = 4) -> bool:
        """Words at a fixed place, unless other words are in the way or it would leave the drawing."""
        box = self._box(role, at, words, anchor)
        beside = Box(box.left - self.u(gap), box.top, box.right + self.u(gap), box.bottom)
        if box.left < -0.5 or box.right > self.width + 0.5 or self._words_in(beside, 0):
            return False
        self.text(role, at, words, anchor)
        return True

    def label(self, lines: Words, places: Sequence[Place], within: Box, *, strict: bool = False) -> bool:
        """A floating label at the best of its places: first without words or marks in the way, else without words.

        With `strict` it stands at one of its places with nothing in the way, or is left out.
        """
        found = self._best(lines, places, within, strict)
        if found is None:
            return False
        x, y, anchor = found
        for role, words in lines:
            self.text(role, (x, y), words, anchor)
            y += self.leading(role)
        return True

    def block(self, lines: Words, place: Place) -> Box:
        """The room a label of several lines takes at a place."""
        x, y, anchor = place
        boxes = []
        for role, words in lines:
            boxes.append(self._box(role, (x, y), words, anchor))
            y += self.leading(role)
        return Box(
            min(box.left for box in boxes),
            min(box.top for box in boxes),
            max(box.right for box in boxes),
            max(box.bottom for box in boxes),
        )

    def centred(self, lines: Words, x: float, y: float) -> Place:
        """Where a label of several lines starts so that its middle is at a point."""
        box = self.block(lines, (x, 0, "middle"))
        return (x, y - (box.top + box.bottom) / 2, "middle")

    def _best(self, lines: Words, places: Sequence[Place], within: Box, strict: bool) -> Place | None:
        best: tuple[float, Place] | None = None
        for nudge in _NUDGES[: 1 if strict else None]:
            for order, (x, y, anchor) in enumerate(places):
                place = (x, y + self.u(nudge), anchor)
                box = self.block(lines, place)
                if not box.within(within) or self._words_in(box, self.u(2)):
                    continue
                cost = 100 * self._crossed(box) + abs(nudge) + order
                if best is None or cost < best[0]:
                    best = (cost, place)
            if best is not None and best[0] < 100:
                break
        return best[1] if best and not (strict and best[0] >= 100) else None

    def _words_in(self, box: Box, gap: float) -> bool:
        return any(box.overlaps(other, gap) for other in self.taken)

    def _crossed(self, box: Box) -> int:
        return sum(box.overlaps(other, self.u(1)) for other in self.obstacles)

    def _box(self, role: str, at: Point, words: str, anchor: str) -> Box:
        (x, y), size, width = at, self.size(role), self.measure(role, words)
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        return Box(left, y - size * _ASCENT, left + width, y + size * _DESCENT)

    # -- things in the way of labels
    def avoid_path(self, points: Sequence[Point], margin: float = 2) -> None:
        """Floating labels keep off this line."""
        m = self.u(margin)
        for (x1, y1), (x2, y2) in pairwise(points):
            pieces = max(1, int(min(abs(x2 - x1), abs(y2 - y1)) // self.u(8)))
            for piece in range(pieces):
                a, b = piece / pieces, (piece + 1) / pieces
                xs = sorted((x1 + (x2 - x1) * a, x1 + (x2 - x1) * b))
                ys = sorted((y1 + (y2 - y1) * a, y1 + (y2 - y1) * b))
                self.obstacles.append(Box(xs[0] - m, ys[0] - m, xs[1] + m, ys[1] + m))

    def upright(self, role: str, x: float, top: float, bottom: float) -> None:
        """A line across the drawing, behind everything, that stops short of words instead of crossing them."""
        gap = self.u(3)
        cuts = sorted((box.top - gap, box.bottom + gap) for box in self.taken if box.left - gap < x < box.right + gap)
        at = top
        for start, end in cuts:
            if start > at:
                self.behind.append(Line(role, (x, at), (x, min(start, bottom))))
            at = max(at, end)
            if at >= bottom:
                return
        self.behind.append(Line(role, (x, at), (x, bottom)))

    def finish(self, key: str, title: str, desc: str, height: float) -> Drawing:
        return Drawing(key, title, desc, self.width, height, self.style, (*self.behind, *self.marks))


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> Sequence[float]:
    """Positions as near as can be to those wanted, at least `gap` apart and between `low` and `high`."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    placed = [0.0] * len(wanted)
    floor = low
    for place in order:
        placed[place] = max(wanted[place], floor)
        floor = placed[place] + gap
    ceiling = high
    for place in reversed(order):
        placed[place] = min(placed[place], ceiling)
        ceiling = placed[place] - gap
    return placed
