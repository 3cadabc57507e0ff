"""How wide words are, so that labels can be placed without a browser.

Widths are those of Arial and its metric twins, in thousandths of the type size. Print uses a narrower face,
so a label that fits here fits there too.
"""

from collections.abc import Sequence

_FIRST = 32
_REGULAR = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 "
    "584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 "
    "278 556 500 722 500 500 500 334 260 334 584"
)
_BOLD = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333 "
    "584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 "
    "333 611 556 778 556 556 500 389 280 389 584"
)
_OTHERS = {"−": 584, "–": 556, "—": 1000, "‘": 278, "’": 278, "“": 500, "”": 500, "…": 1000, "\u00a0": 278, "·": 278}
_WIDEST = 1000  # a letter of another script: assume an em
_LATIN = 620  # an accented letter


def _table(widths: str) -> dict[str, int]:
    return {chr(_FIRST + place): int(width) for place, width in enumerate(widths.split())} | _OTHERS


_TABLES = {False: _table(_REGULAR), True: _table(_BOLD)}


def measure(words: str, size: float, *, bold: bool = False) -> float:
    """The width of one line of words, in the drawing's units."""
    table = _TABLES[bold]
    return sum(table.get(letter, _LATIN if letter < "\u0250" else _WIDEST) for letter in words) * size / 1000


def shorten(words: str, size: float, width: float, *, bold: bool = False) -> str:
    """The words, or as many letters of them as fit, with an ellipsis."""
    if measure(words, size, bold=bold) <= width:
        return words
    kept = words
    while kept and measure(kept.rstrip() + "…", size, bold=bold) > width:
        kept = kept[:-1]
    return kept.rstrip(" ,.;") + "…"


def wrap(words: str, size: float, width: float, *, bold: bool = False, most: int = 4) -> Sequence[str]:
    """The words in lines no wider than `width`, at most `most` of them; what is left over ends in an ellipsis."""
    lines: list[str] = []
    pending = words.split()
    while pending and len(lines) < most:
        line = pending.pop(0)
        while pending and measure(f"{line} {pending[0]}", size, bold=bold) <= width:
            line = f"{line} {pending.pop(0)}"
        if pending and len(lines) == most - 1:
            line = " ".join([line, *pending])
        lines.append(shorten(line, size, width, bold=bold))
    return lines


def balance(words: str, size: float, width: float) -> Sequence[str]:
    """The words in as few lines as they need, of about the same length, so that none is left with one word."""
    lines = wrap(words, size, width, most=9)
    narrower = width
    while narrower > size and len(wrap(words, size, narrower - size / 2, most=9)) == len(lines):
        narrower -= size / 2
        if any(line.endswith("…") for line in wrap(words, size, narrower, most=9)):
            return lines
        lines = wrap(words, size, narrower, most=9)
    return lines
