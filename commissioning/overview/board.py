"""What the first page says of board reports.

Reports stand above this app, which must not import them, so they register their answer here when the application
starts. Until they do, the first page has no panel of reports.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from commissioning.accounts.actors import Actor
from commissioning.core.periods import Month


@dataclass(frozen=True)
class ReportLine:
    """One edition of a board's report of a month, as far as it has come. `pdf_url` is empty until it is published."""

    board: str
    month: Month
    edition: str
    state: str
    is_published: bool
    is_failed: bool
    published_at: dt.datetime | None
    url: str
    pdf_url: str


ReportSource = Callable[[Actor, int], tuple[ReportLine, ...]]


@dataclass
class _Sources:
    reports: ReportSource | None = None


_sources = _Sources()


def answer_reports(source: ReportSource) -> None:
    """Called once at start by the app that makes reports."""
    _sources.reports = source


def latest_reports(actor: Actor, most: int = 6) -> tuple[ReportLine, ...]:
    """The latest reports the actor may read, newest month first."""
    return _sources.reports(actor, most) if _sources.reports else ()
