"""Tables as files: CSV that spreadsheet programs cannot execute."""

import csv
import re
from collections.abc import Iterable, Sequence

# A spreadsheet program takes text that begins so for a formula, with space before it or in the wide forms of East Asian
# keyboards too. An apostrophe is guarded as well, so that taking guards away gives back what was there.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n']")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def is_risky(text: str) -> bool:
    """Whether a spreadsheet program might run a cell with this text."""
    return _FORMULA.match(text) is not None


def guard(text: str) -> str:
    """Text that a spreadsheet would take for a formula gets a leading apostrophe; numbers stay numbers."""
    if is_risky(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def unguard(text: str) -> str:
    """What `guard` wrote, as it was."""
    return text[1:] if text.startswith("'") and is_risky(text[1:]) else text


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Comma separated, lines ending in a line feed, every cell guarded."""
    return as_csv([header, *([guard(cell) for cell in row] for row in rows)])


class _Lines:
    """Collects what the csv writer writes. The writer is told to end lines with return and line feed, so that it quotes
    cells that hold a lone return, which would begin a row of its own; the file gets line feeds."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines.append(line[:-2] + "\n")


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as they are, comma separated, lines ending in a line feed. Their cells are guarded already."""
    target = _Lines()
    csv.writer(target, lineterminator="\r\n").writerows(rows)
    return "".join(target.lines)
