"""What is wrong in the files (nothing is saved), and what is merely worth knowing (it is)."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

LONGEST_SHOWN = 80
# Of faults and of findings: nobody reads more, and a hostile file may have millions.
MOST_KEPT = 10_000


def shown(value: str) -> str:
    """A cell as a fault quotes it: short, with control characters visible."""
    visible = "".join(char if char.isprintable() else repr(char)[1:-1] for char in value[: LONGEST_SHOWN + 1])
    return visible if len(visible) <= LONGEST_SHOWN else f"{visible[:LONGEST_SHOWN]}…"


@dataclass(frozen=True)
class Fault:
    """One thing to put right in a file. `row` is as a spreadsheet numbers it: the header is row 1."""

    file: str
    row: int | None
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        place = self.file + (f", row {self.row}" if self.row else "")
        if self.column:
            place += f", column {self.column}"
        if self.value:
            place += f", “{self.value}”"
        return f"{place}: {self.message}"

    def as_json(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True)
class Finding:
    """Something allowed that somebody should look at."""

    file: str
    row: int | None
    message: str

    def __str__(self) -> str:
        return f"{self.file}{f', row {self.row}' if self.row else ''}: {self.message}"

    def as_json(self) -> dict[str, object]:
        return asdict(self)


class Report:
    """The faults and findings of one load, gathered file by file."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.findings: list[Finding] = []
        # Files so broken that references into them cannot be judged.
        self.unreadable: set[str] = set()
        self._cells: set[tuple[str, int | None, str]] = set()

    def fault(self, file: str, row: int | None, column: str, value: str, message: str) -> None:
        if len(self.faults) < MOST_KEPT:
            self.faults.append(Fault(file, row, column, shown(value), message))
            self._cells.add((file, row, column))
        elif len(self.faults) == MOST_KEPT:
            message = f"Only the first {MOST_KEPT:,} faults are listed. Put these right, then load the files again."
            self.faults.append(Fault("the dataset", None, "", "", message))

    def has_fault(self, file: str, row: int, column: str) -> bool:
        return (file, row, column) in self._cells

    def finding(self, file: str, row: int | None, message: str) -> None:
        if len(self.findings) < MOST_KEPT:
            self.findings.append(Finding(file, row, message))

    def in_order(self, files: list[str]) -> Iterator[Fault]:
        """Faults by file in the order of the dataset, then by row."""
        place = {file: number for number, file in enumerate(files)}
        yield from sorted(self.faults, key=lambda fault: (place.get(fault.file, -1), fault.file, fault.row or 0))
