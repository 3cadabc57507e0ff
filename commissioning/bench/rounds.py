"""Timing in turns, and memory."""

import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping

Work = Callable[[], object]
ROUNDS = 5


def seconds(work: Work) -> float:
    """How long one run takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def side_by_side(works: Mapping[str, Work], rounds: int = ROUNDS) -> dict[str, float]:
    """The median seconds of each work, run in turns, after one round that does not count."""
    taken = [{name: seconds(work) for name, work in works.items()} for _ in range(rounds + 1)][1:]
    return {name: statistics.median(each[name] for each in taken) for name in works}


def peak_megabytes(work: Work) -> float:
    """The most memory that one run holds at once beyond what is there before, arrays included."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def say(words: str) -> None:
    print(words, flush=True)


def show(name: str, taken: float, yardstick: float, more: str = "") -> None:
    """One line of the answer: seconds, and how many times the yardstick."""
    say(f"  {name:46}{taken:9.3f} s  {taken / yardstick:6.2f} ×{more}")
