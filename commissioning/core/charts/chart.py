"""A chart: its drawings for each width, what it says in words, and its figures as a table."""

from dataclasses import dataclass

from commissioning.core.charts.marks import Drawing

_STEP, _LEAST, _MOST = 40, 320, 1040
_SMALLEST_SCALE = 0.86  # below this, 13 px type would read under 11 px


@dataclass(frozen=True)
class Column:
    """A heading of a table; numbers are right aligned."""

    label: str
    numeric: bool = True


@dataclass(frozen=True)
class Table:
    """The figures of a chart as text, the same on screen, in files and in print. The first cell names its row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def lines(self) -> tuple[tuple[tuple[Column, str], ...], ...]:
        return tuple(tuple(zip(self.columns, row, strict=True)) for row in self.rows)


@dataclass(frozen=True)
class Fitted:
    """A drawing with the widths of its frame between which it is the one to show."""

    drawing: Drawing
    css: str


@dataclass(frozen=True)
class Chart:
    """What a page embeds: one drawing, or one for each width, widest first."""

    key: str
    title: str
    desc: str
    drawings: tuple[Drawing, ...]
    table: Table

    @property
    def drawing(self) -> Drawing:
        """The widest: the one for print."""
        return self.drawings[0]

    @property
    def fitted(self) -> tuple[Fitted, ...]:
        """Each drawing with the classes that show it where it fits and hide it elsewhere."""
        thresholds = [_threshold(drawing.width) for drawing in self.drawings[:-1]]
        found = []
        for place, drawing in enumerate(self.drawings):
            names = ["chart", f"chart-{drawing.style.name}"]
            if place < len(thresholds):
                names.append(f"chart-from-{thresholds[place]}")
            if place > 0:
                names.append(f"chart-below-{thresholds[place - 1]}")
            found.append(Fitted(drawing, " ".join(names)))
        return tuple(found)


def _threshold(width: float) -> int:
    """The narrowest frame in which a drawing of this width is still read with ease."""
    return min(_MOST, max(_LEAST, int(width * _SMALLEST_SCALE) // _STEP * _STEP))
