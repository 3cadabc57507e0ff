"""Figures that a run proves, printed together at its end: `figure("matrix cells and leaks", "4,160 and 0")`."""

from collections.abc import Callable

import pytest

Say = Callable[[str, str], None]

FIGURES = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = {}


@pytest.fixture
def figure(pytestconfig: pytest.Config) -> Say:
    """Keep one line for the end of the run: what was measured, and what came out."""

    def keep(name: str, value: str) -> None:
        pytestconfig.stash[FIGURES][name] = value

    return keep


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    figures = config.stash[FIGURES]
    if figures:
        terminalreporter.section("figures")
        for name, value in sorted(figures.items()):
            terminalreporter.write_line(f"{name}: {value}")
