"""The few marks a drawing is made of, and the finished drawing. No Django here; templates write the SVG.

Lengths are in the drawing's own units: pixels on a screen, points in print. Coordinates are written with one decimal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from commissioning.core.charts.palette import Style

Attrs = tuple[tuple[str, str], ...]
Point = tuple[float, float]


def written(length: float) -> str:
    """A coordinate with at most one decimal; never `-0`."""
    return f"{round(length, 1) + 0.0:.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Box:
    """An upright rectangle that words or marks take up."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box", gap: float = 0) -> bool:
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )

    def within(self, other: "Box") -> bool:
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True)
class Mark:
    """One shape or line of words; `role` says what it means and so how it looks."""

    role: str

    @property
    def tag(self) -> str:
        raise NotImplementedError

    @property
    def attrs(self) -> Attrs:
        raise NotImplementedError


@dataclass(frozen=True)
class Line(Mark):
    start: Point
    end: Point
    tag = "line"

    @property
    def attrs(self) -> Attrs:
        (x1, y1), (x2, y2) = self.start, self.end
        return (("x1", written(x1)), ("y1", written(y1)), ("x2", written(x2)), ("y2", written(y2)))


@dataclass(frozen=True)
class Path(Mark):
    points: tuple[Point, ...]
    closed: bool = False
    tag = "path"

    @property
    def attrs(self) -> Attrs:
        joined = "L".join(f"{written(x)} {written(y)}" for x, y in self.points)
        return (("d", f"M{joined}{'Z' if self.closed else ''}"),)


@dataclass(frozen=True)
class Rect(Mark):
    box: Box
    round: float = 0
    tag = "rect"

    @property
    def attrs(self) -> Attrs:
        box = self.box
        sides = (
            ("x", written(box.left)),
            ("y", written(box.top)),
            ("width", written(max(0, box.right - box.left))),
            ("height", written(max(0, box.bottom - box.top))),
        )
        return (*sides, ("rx", written(self.round))) if self.round else sides


@dataclass(frozen=True)
class Circle(Mark):
    centre: Point
    radius: float
    tag = "circle"

    @property
    def attrs(self) -> Attrs:
        return (("cx", written(self.centre[0])), ("cy", written(self.centre[1])), ("r", written(self.radius)))


@dataclass(frozen=True)
class Text(Mark):
    """One line of words; `at` is on the baseline of the letters, `box` is what they take up."""

    at: Point
    words: str
    anchor: str
    box: Box
    tag = "text"

    @property
    def attrs(self) -> Attrs:
        place = (("x", written(self.at[0])), ("y", written(self.at[1])))
        return place if self.anchor == "start" else (*place, ("text-anchor", self.anchor))


@dataclass(frozen=True)
class Group:
    """Marks of one role that follow one another, so that their look is written once."""

    role: str
    attrs: Attrs
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Drawing:
    """A finished picture: what to draw, in order, and what to say to those who do not see it."""

    key: str
    title: str
    desc: str
    width: float
    height: float
    style: Style
    marks: tuple[Mark, ...]

    @property
    def size(self) -> tuple[str, str]:
        """Width and height as the page sees them."""
        return written(self.width) + self.style.length, written(self.height) + self.style.length

    @property
    def view_box(self) -> str:
        return f"0 0 {written(self.width)} {written(self.height)}"

    @property
    def groups(self) -> Sequence[Group]:
        return [
            Group(role, self.style.look(role).attrs, tuple(marks))
            for role, marks in groupby(self.marks, key=lambda mark: mark.role)
        ]

    @property
    def texts(self) -> Sequence[Text]:
        return [mark for mark in self.marks if isinstance(mark, Text)]

    def of(self, role: str) -> Sequence[Mark]:
        return [mark for mark in self.marks if mark.role == role]
