"""Waiting for another process, by looking."""

import time
from collections.abc import Callable


def wait_until(holds: Callable[[], bool], *, seconds: float) -> None:
    """Returns as soon as `holds`; AssertionError when it never does."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"Nothing happened in {seconds} seconds."
        time.sleep(0.5)
