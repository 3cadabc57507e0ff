"""The example partnership as rows of the interchange files, gathered here and written as CSV."""

import csv
import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from commissioning.core.periods import Month

Cell = str | int | dt.date | bool | None


@dataclass
class Dataset:
    """Rows by file, on a made-up today; the same today gives the same rows."""

    today: dt.date
    files: dict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def last_month(self) -> Month:
        """The last whole month before today."""
        return Month.of(self.today).plus(-1)

    def add(self, file: str, **cells: Cell) -> None:
        self.files[file].append({name: _text(value) for name, value in cells.items()})

    def write(self, folder: Path) -> None:
        for name, rows in self.files.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, columns, lineterminator="\n", restval="")
                writer.writeheader()
                writer.writerows(rows)


def chance_for(name: str) -> random.Random:
    """A source of chance of its own for each person or thing, so that one more of them changes no other."""
    return random.Random(f"as-one/{name}")  # noqa: S311  invented data, not secrets


def _text(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def nhs_number(number: int) -> str:
    """A number of the range kept for tests (999 …), with its check digit; numbers that have none are passed over."""
    while True:
        digits = f"999{number:06d}"
        check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return f"{digits}{check % 11}"
        number += 500_000
