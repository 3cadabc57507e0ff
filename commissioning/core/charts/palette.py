"""The looks that marks may have, for screens and for print. Nothing else names a colour or a type size.

A role says what a mark means ("money", "baseline", "score-4"); a palette says how that looks. Looks become SVG
presentation attributes, which a strict content security policy allows and which WeasyPrint honours (style sheets
of the page do not reach SVG in print). On screens `charts.css` adds what attributes cannot do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Look:
    """How one role is drawn: paint for shapes, size and weight for words."""

    fill: str = ""
    stroke: str = ""
    width: float = 0
    dash: str = ""
    join: str = ""
    size: float = 0
    bold: bool = False

    @property
    def attrs(self) -> tuple[tuple[str, str], ...]:
        found = (
            ("fill", self.fill),
            ("stroke", self.stroke),
            ("stroke-width", f"{self.width:g}" if self.width else ""),
            ("stroke-dasharray", self.dash),
            ("stroke-linejoin", self.join),
            ("stroke-linecap", self.join if self.join == "round" else ""),
            ("font-size", f"{self.size:g}" if self.size else ""),
            ("font-weight", "700" if self.bold else ""),
        )
        return tuple((name, value) for name, value in found if value)


@dataclass(frozen=True)
class Style:
    """A palette with its typeface and scale: `unit` turns screen pixels into the units that `length` names."""

    name: str
    font: str
    unit: float
    length: str
    looks: Mapping[str, Look]

    def look(self, role: str) -> Look:
        return self.looks[role]


_INK, _SOFT, _WHITE = "#17252b", "#4a575d", "#ffffff"
_TEAL, _MID, _PALE, _WASH = "#0b5457", "#357a78", "#9ccbc8", "#d5e9e7"
_CLAY, _CLAY_TEXT, _EDGE = "#a8431d", "#8a3312", "#6d7479"

_SCREEN: dict[str, Look] = {
    # words
    "head": Look(_INK, size=15, bold=True),
    "sub": Look(_SOFT, size=13),
    "tick": Look(_SOFT, size=13),
    "strong": Look(_INK, size=13, bold=True),
    "label": Look(_INK, size=14),
    "label-bold": Look(_INK, size=14, bold=True),
    "label-money": Look(_INK, size=17, bold=True),
    "label-gap": Look(_INK, size=15, bold=True),
    "label-life": Look(_TEAL, size=14, bold=True),
    "label-reference": Look("#5b6368", size=13),
    "note": Look(_SOFT, size=13),
    "note-gap": Look(_SOFT, size=13),
    "value": Look(_INK, size=13, bold=True),
    "value-life": Look(_TEAL, size=13, bold=True),
    "worse": Look(_CLAY_TEXT, size=13, bold=True),
    "band": Look(_INK, size=15, bold=True),
    "band-note": Look(_INK, size=13),
    "on-dark": Look(_WHITE, size=13, bold=True),
    "on-light": Look(_INK, size=13, bold=True),
    "score-dark": Look(_WHITE, size=14, bold=True),
    "score-light": Look(_INK, size=14, bold=True),
    # scales and time
    "axis": Look(stroke=_INK, width=1),
    "grid": Look(stroke="#e7e2d9", width=1),
    "event": Look(stroke=_TEAL, width=1.5),
    "today": Look(stroke=_INK, width=1, dash="2 3"),
    "missing": Look(stroke="#857f73", width=2, dash="2 3"),
    # money: ink, square
    "money": Look("none", _INK, 3, join="miter"),
    "money-thin": Look("none", _INK, 1.75, join="miter"),
    "money-end": Look(_INK),
    "money-gap": Look("#eef0f0"),
    "money-bar": Look(_INK),
    "money-before": Look("none", _EDGE, 1.5, "4 3"),
    "baseline": Look("none", _EDGE, 2, "7 5"),
    "baseline-thin": Look("none", _EDGE, 1, "3 2"),
    "budget": Look("none", _INK, 1.25, "1.5 2.5"),
    "forecast": Look("#e6ded0", "#948a76", 1),
    # life: teal, round
    "life-1": Look("none", _TEAL, 3, join="round"),
    "life-2": Look("none", _MID, 3, "1 6", "round"),
    "life-3": Look("none", _TEAL, 1.75, "8 5", "round"),
    "dot-1": Look(_TEAL, _WHITE, 1.5),
    "dot-2": Look(_WHITE, _MID, 2.5),
    "dot-3": Look(_PALE, _TEAL, 1.75),
    "life-bar": Look(_TEAL),
    "life-before": Look("none", _TEAL, 1.5, "4 3"),
    "better": Look(_TEAL, _TEAL, 1.5),
    "same": Look(_WHITE, _TEAL, 1.5),
    "fell": Look(_CLAY, _CLAY, 1.5, join="round"),
    "unknown": Look("none", "#6d6860", 1.5, "1.5 2"),
    "hidden": Look(_WHITE, _TEAL, 1.5, "2 2"),
    "zero": Look(_WHITE, _TEAL, 1.5),
    "score-1": Look(_WHITE, _TEAL, 1.5),
    "score-2": Look(_WASH, _TEAL, 1.5),
    "score-3": Look(_PALE, _TEAL, 1.5),
    "score-4": Look(_MID, _TEAL, 1.5),
    "score-5": Look(_TEAL, _TEAL, 1.5),
    "aim": Look("#e9f3f1"),
    # where people live
    "stay-home": Look(_WASH, _MID, 1),
    "stay-care": Look("#f6f2ea", "#8f8674", 1),
    "stay-hospital": Look("#ece8e0", "#8f8674", 1),
    "stay-away": Look(_WHITE, _EDGE, 1, "4 3"),
    # shares of a whole
    "share-1": Look(_INK, _INK, 1),
    "share-2": Look("#8b949a", _INK, 1),
    "share-3": Look("#dfe3e5", _INK, 1),
    "share-4": Look(_WHITE, _INK, 1),
    "share-5": Look(_WHITE, _INK, 1, "3 2"),
    "part-1": Look(_TEAL, _TEAL, 1),
    "part-2": Look(_PALE, _TEAL, 1),
    "part-3": Look("#e9f3f1", _TEAL, 1),
    "part-4": Look(_WHITE, _TEAL, 1),
    "part-5": Look(_WHITE, _TEAL, 1, "3 2"),
    # what needs someone
    "incident": Look(_WHITE, _CLAY, 1.8),
    "incident-held": Look(_CLAY, _CLAY, 1.8),
    "incident-more": Look(_CLAY),
}

_PRINT_SIZES = {
    "head": 11, "sub": 9.5, "tick": 9, "strong": 9, "label": 9.5, "label-bold": 9.5, "label-money": 12,
    "label-gap": 10, "label-life": 10, "label-reference": 9.5, "note": 9, "note-gap": 9, "value": 9, "value-life": 9,
    "worse": 9, "band": 10, "band-note": 9, "on-dark": 9, "on-light": 9, "score-dark": 9, "score-light": 9,
}  # fmt: skip
_PRINT_FILLS = {"forecast": "#e3e6eb", "money-gap": "#f1f2f4"}


def _in_print(role: str, look: Look) -> Look:
    """Thinner strokes, type in points, and grey for the forecast so that a grey printer keeps it."""
    dash = " ".join(f"{float(part) * 0.7:g}" for part in look.dash.split())
    return replace(
        look,
        size=_PRINT_SIZES.get(role, 0),
        width=round(look.width * 0.75, 2),
        dash=dash,
        fill=_PRINT_FILLS.get(role, look.fill),
    )


SCREEN = Style("screen", "Arial, sans-serif", 1.0, "", _SCREEN)
PRINT = Style(
    "print",
    "Source Sans 3,Liberation Sans,Arial,sans-serif",
    0.72,
    "pt",
    {role: _in_print(role, look) for role, look in _SCREEN.items()},
)
