"""How the reader says what it found: frames of JSON, each with its length in four bytes before it."""

import json
import os
from collections.abc import Sequence
from typing import Any

ROWS_IN_A_FRAME = 1000
BYTES_IN_A_FRAME = 1024 * 1024
LENGTH = 4


class Unreadable(Exception):
    """The whole file is refused; the message says why and what to do."""


class Speaker:
    """Writes frames to a descriptor. Rows are gathered, so that there are few frames."""

    def __init__(self, descriptor: int, *, most_cells: int) -> None:
        self._descriptor = descriptor
        self._rows: list[tuple[int, list[str]]] = []
        self._size = 0
        self._cells_left = most_cells
        self._most_cells = most_cells

    def table(self, name: str) -> None:
        """What follows is of this file or sheet."""
        self._send("table", name)

    def row(self, number: int, cells: list[str]) -> None:
        """A row as a spreadsheet numbers it. Raises Unreadable where there is more than may be."""
        self._cells_left -= len(cells) + 1
        if self._cells_left < 0:
            raise Unreadable(f"This holds more than {self._most_cells:,} cells. Split it into several files.")
        self._rows.append((number, cells))
        self._size += sum(map(len, cells))
        if len(self._rows) >= ROWS_IN_A_FRAME or self._size >= BYTES_IN_A_FRAME:
            self.flush()

    def flush(self) -> None:
        if self._rows:
            self._send("rows", self._rows)
            self._rows, self._size = [], 0

    def cell(self, row: int, place: int, value: str, message: str) -> None:
        """A cell that cannot be taken."""
        self._send("cell", row, place, value[:200], message)

    def fault(self, row: int | None, value: str, message: str) -> None:
        """The table cannot be read from here on."""
        self.flush()
        self._send("fault", row, value[:200], message)

    def ignored(self, name: str) -> None:
        """A file or sheet that was not asked for."""
        self._send("ignored", name[:200])

    def refused(self, message: str) -> None:
        self._rows = []
        self._send("refused", message)

    def done(self, peak: int) -> None:
        """The end; `peak` is the memory in use at its highest, in bytes."""
        self.flush()
        self._send("done", peak)

    def _send(self, *frame: Any) -> None:
        # A lone surrogate is no character and cannot be written: shown as what it is.
        body = json.dumps(frame, ensure_ascii=False).encode("utf-8", "backslashreplace")
        _write_all(self._descriptor, len(body).to_bytes(LENGTH, "big") + body)


def _write_all(descriptor: int, data: bytes) -> None:
    rest: Sequence[int] | memoryview = memoryview(data)
    while len(rest):
        rest = rest[os.write(descriptor, rest) :]  # type: ignore[arg-type]  # a slice of a view is a view
