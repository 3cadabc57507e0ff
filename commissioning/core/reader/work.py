"""One file, start to end: bring in what is needed, confine this process, then read."""

import encodings.cp437
import encodings.cp1252
import encodings.utf_8_sig
import encodings.utf_16_le  # noqa: F401
import os
import warnings
import zipfile
import zlib
from collections.abc import Callable
from typing import IO

from commissioning.core.reader.archive import DAMAGED, read_archive
from commissioning.core.reader.asked import Asked
from commissioning.core.reader.comma import read_comma
from commissioning.core.reader.confine import confine
from commissioning.core.reader.speaking import Speaker, Unreadable

TOO_MUCH_MEMORY = "Reading this takes more memory than it may. Split it into smaller files."
Read = Callable[[IO[bytes], Asked, Speaker], None]


def work(asked_json: str) -> None:
    """Read standard input as asked and say what it holds on standard output."""
    warnings.simplefilter("ignore")
    asked = Asked.from_json(asked_json)
    read = _reader(asked.kind)
    status = _status()
    confine(memory=asked.limits.memory, seconds=asked.limits.seconds)
    say = Speaker(1, most_cells=asked.limits.cells)
    try:
        with open(0, "rb", closefd=False) as source:
            read(source, asked, say)
    except Unreadable as refusal:
        say.refused(str(refusal))
    except MemoryError:
        say.refused(TOO_MUCH_MEMORY)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        say.refused(DAMAGED)
    say.done(_peak(status))


def _reader(kind: str) -> Read:
    if kind == "xlsx":
        from commissioning.core.reader.workbook import read_workbook  # slow to bring in, so only where it is needed

        return read_workbook
    return read_archive if kind == "zip" else _read_one


def _read_one(source: IO[bytes], asked: Asked, say: Speaker) -> None:
    say.table("")
    read_comma(source, asked, say)


def _status() -> int | None:
    """What the system says of this process, kept open."""
    try:
        return os.open("/proc/self/status", os.O_RDONLY)
    except OSError:
        return None


def _peak(status: int | None) -> int:
    """The memory in use at its highest, in bytes; 0 where the system does not say."""
    if status is None:
        return 0
    for line in os.pread(status, 8192, 0).splitlines():
        if line.startswith(b"VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
