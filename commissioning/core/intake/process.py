"""The reader as a process: started, fed, listened to, and ended when it takes too long or says too much."""

import contextlib
import logging
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from commissioning.core.errors import Refused
from commissioning.core.intake.tables import Found, Nonsense
from commissioning.core.reader.asked import MEGABYTE, Asked
from commissioning.core.reader.speaking import LENGTH

logger = logging.getLogger(__name__)

READER = Path(__file__).resolve().parents[1] / "reader"
PIPE = 256 * 1024
LARGEST_FRAME = 64 * 1024 * 1024
TOO_LONG = "Reading this took longer than {seconds} seconds and was stopped. Split it into smaller files."
TOO_MUCH = "This holds more than can be read at once. Split it into smaller files."
FAILED = (
    "Reading this failed, so it may be damaged. Save it again from the program it comes from, then choose it again."
)
NOT_NOW = "The file could not be read just now. Try again in a few minutes."


def read_tables(contents: bytes, asked: Asked) -> Found:
    """The tables of a file. Raises Refused with what to do where it cannot be read whole or may not be.

    A table that cannot be read has a fault; what else to make of it is the caller's. What reading took is logged.
    """
    started = time.monotonic()
    found = Found()
    with _running(contents, asked) as reader:
        try:
            for frame in reader.frames():
                found.take(frame)
        except (Nonsense, ValueError, TypeError):
            logger.exception("The reader said what it never says")
            raise Refused(FAILED) from None
        finally:
            peak = (found.peak or reader.peak()) // MEGABYTE
            logger.info("Read a file (%s) in %.2f s with %d MB", asked.kind, time.monotonic() - started, peak)
    if not found.is_done:
        raise Refused(reader.why_it_ended())
    if found.refusal:
        raise Refused(found.refusal)
    return found


@contextlib.contextmanager
def _running(contents: bytes, asked: Asked) -> Iterator["_Reader"]:
    """A reader with the file as its standard input. However this ends, the process does too."""
    with _unnamed_file(contents) as source:
        try:
            # Nothing is inherited: no environment (which holds secrets), no open file, no terminal, no folder.
            process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-X", "utf8", str(READER), asked.as_json()],
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                close_fds=True,
                cwd="/",
                env={},
                start_new_session=True,
            )
        except OSError as error:
            logger.exception("The reader could not be started")
            raise Refused(NOT_NOW) from error
    reader = _Reader(process, asked)
    try:
        yield reader
    finally:
        reader.end()


def _unnamed_file(contents: bytes) -> IO[bytes]:
    """The contents in memory as a file without a name, which no crash leaves behind; on disk where there is no such."""
    if hasattr(os, "memfd_create"):
        file: IO[bytes] = os.fdopen(os.memfd_create("intake"), "w+b")
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115 the caller closes it
    file.write(contents)
    file.seek(0)
    return file


class _Reader:
    """The running process. Its own time counts against it, not the time its words wait to be taken."""

    def __init__(self, process: "subprocess.Popen[bytes]", asked: Asked) -> None:
        assert process.stdout is not None  # noqa: S101 for the types: it was asked for
        self._process = process
        self._out = process.stdout.fileno()
        self._limits = asked.limits
        self._left = float(asked.limits.seconds)
        self._said = 0
        self._ended: int | None = None
        self._poll = select.poll()
        self._poll.register(self._out, select.POLLIN | select.POLLHUP)

    def frames(self) -> Iterator[bytes]:
        """Whole frames until the reader closes its end. Raises Refused when it takes too long or says too much."""
        buffer = bytearray()
        while data := self._more():
            self._said += len(data)
            if self._said > self._limits.result:
                raise Refused(TOO_MUCH)
            buffer += data
            start = 0
            while len(buffer) - start >= LENGTH:
                size = int.from_bytes(buffer[start : start + LENGTH], "big")
                if size > LARGEST_FRAME:
                    raise Nonsense("a frame beyond measure")
                if len(buffer) - start - LENGTH < size:
                    break
                yield bytes(buffer[start + LENGTH : start + LENGTH + size])
                start += LENGTH + size
            del buffer[:start]

    def _more(self) -> bytes:
        began = time.monotonic()
        ready = self._poll.poll(max(self._left, 0) * 1000)
        self._left -= time.monotonic() - began
        if not ready:
            raise Refused(TOO_LONG.format(seconds=self._limits.seconds))
        return os.read(self._out, PIPE)

    def peak(self) -> int:
        """The memory of the running process at its highest, in bytes; 0 where it is gone or the system does not say."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
        return 0

    def end(self) -> None:
        """Kills the process where it still runs, and waits until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            if self._process.poll() is None and self._ended is None:
                try:
                    self._process.wait(timeout=1 if self._left > 0 and self._said else 0)
                except subprocess.TimeoutExpired:
                    self._process.kill()
        self._ended = self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def why_it_ended(self) -> str:
        """In words, for a reader that stopped before it had said everything."""
        self.end()
        logger.warning("The reader ended with %s", self._ended)
        if self._ended == -signal.SIGXCPU:
            return TOO_LONG.format(seconds=self._limits.seconds)
        return FAILED
