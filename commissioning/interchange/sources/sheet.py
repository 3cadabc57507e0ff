"""One file's rows as text, numbered as a spreadsheet shows them."""

from dataclasses import dataclass

from commissioning.interchange.faults import Report


@dataclass(frozen=True)
class Sheet:
    """`rows` are (row number, cells), blank rows left out; every row has as many cells as the header."""

    file: str
    header: tuple[str, ...]
    rows: list[tuple[int, list[str]]]


def make_sheet(file: str, numbered: list[tuple[int, list[str]]], report: Report) -> Sheet | None:
    """A sheet from its rows, the first of which is the header; a fault and None where there is no header."""
    filled = [(number, cells) for number, cells in numbered if any(cell.strip() for cell in cells)]
    if not filled or filled[0][0] != 1:
        report.unreadable.add(file)
        report.fault(file, 1, "", "", "The first row must hold the names of the columns. Add it.")
        return None
    header = tuple(cell.strip().casefold() for cell in _trimmed(filled[0][1]))
    rows = []
    for number, cells in filled[1:]:
        fitted = _fitted(cells, len(header))
        if fitted is None:
            message = (
                f"This row has {len(_trimmed(cells))} cells, the header {len(header)}. Put text with commas in quotes."
            )
            report.fault(file, number, "", "", message)
        else:
            rows.append((number, fitted))
    return Sheet(file, header, rows)


def _trimmed(cells: list[str]) -> list[str]:
    """Cells without empty ones at the end, which spreadsheets add."""
    last = len(cells)
    while last and not cells[last - 1].strip():
        last -= 1
    return cells[:last]


def _fitted(cells: list[str], width: int) -> list[str] | None:
    if len(cells) > width:
        cells = _trimmed(cells)
    if len(cells) > width:
        return None
    return cells + [""] * (width - len(cells))
