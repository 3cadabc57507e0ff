"""The queue of reports: rows of BoardReport, claimed by workers.

due → rendering → published, or failed. A claim is committed before the work begins, together with the number of
the attempt; a session advisory lock of that attempt is held while it works, so that a dead renderer is told from a
slow one. Only the latest attempt may publish. Three attempts that raised, or ten that vanished, fail the report.
"""

import datetime as dt
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from commissioning.reports.models import BoardReport

logger = logging.getLogger(__name__)

MOST_RAISED = 3
MOST_VANISHED = 10
VANISHED_AFTER = dt.timedelta(minutes=10)
STATE = BoardReport.State

# Advisory locks are numbers; this one sets those of reports apart from anybody else's.
_LOCKS = 0x5250 << 47


class Superseded(Exception):
    """A later attempt, or the queue's clock, has taken the report over; this attempt's work is dropped."""


@dataclass(frozen=True)
class Claim:
    """The right to make one report, as one attempt."""

    report_id: int
    attempt: int


def process_name() -> str:
    """This host and process, as kept with each report it makes."""
    return f"{socket.gethostname()}:{os.getpid()}"


def waiting() -> list[int]:
    """Reports that are due or being made, oldest request first; `claim` says which of these are free."""
    rows = BoardReport.objects.filter(state__in=[STATE.DUE, STATE.RENDERING])
    return list(rows.order_by("requested_at", "pk").values_list("pk", flat=True))


@contextmanager
def claimed(report_id: int) -> Iterator[Claim | None]:
    """Claim a report for the length of the block, its lock held throughout; None where it is not free."""
    claim = _claim(report_id)
    try:
        yield claim
    finally:
        if claim is not None:
            _unlock(claim)


def _claim(report_id: int) -> Claim | None:
    """Claim under the row's lock; the attempt's own lock is taken before the claim is seen by others."""
    with transaction.atomic():
        report = BoardReport.objects.without_files().select_for_update(skip_locked=True).filter(pk=report_id).first()
        if report is None or not _is_free(report):
            return None
        if report.attempt - report.attempts_raised >= MOST_VANISHED:
            _fail(report, f"{MOST_VANISHED} attempts to make it stopped without a word.")
            return None
        report.attempt += 1
        report.state, report.started_at, report.stage = STATE.RENDERING, timezone.now(), ""
        report.made_by_process = process_name()
        report.save(update_fields=["attempt", "state", "started_at", "stage", "made_by_process"])
        claim = Claim(report.pk, report.attempt)
        if not _try_lock(claim):
            raise RuntimeError(f"The lock of attempt {claim.attempt} of report {report.pk} was already held.")
        return claim


def _is_free(report: BoardReport) -> bool:
    """Due; or being made by a process that died, or that has taken more than ten minutes."""
    if report.state == STATE.DUE:
        return True
    if report.state != STATE.RENDERING:
        return False
    if report.started_at is None or report.started_at < timezone.now() - VANISHED_AFTER:
        return True
    earlier = Claim(report.pk, report.attempt)
    if not _try_lock(earlier):
        return False
    _unlock(earlier)
    return True


def _fail(report: BoardReport, error: str) -> None:
    report.state, report.error, report.stage = STATE.FAILED, error, ""
    report.save(update_fields=["state", "error", "stage"])


def say_stage(claim: Claim, words: str) -> None:
    """Show on the page how far the attempt has come. Raises Superseded if it is no longer the latest."""
    rows = BoardReport.objects.filter(pk=claim.report_id, attempt=claim.attempt, state=STATE.RENDERING)
    if not rows.update(stage=words):
        raise Superseded(f"Attempt {claim.attempt} of report {claim.report_id} is no longer the latest.")


def lock_latest(claim: Claim) -> BoardReport:
    """The report, locked for publishing by this attempt. Raises Superseded if it is no longer the latest."""
    report = BoardReport.objects.select_for_update().select_related("board__partnership").defer("pdf", "figures")
    found = report.get(pk=claim.report_id)
    if found.state != STATE.RENDERING or found.attempt != claim.attempt:
        raise Superseded(f"Attempt {claim.attempt} of report {claim.report_id} is no longer the latest.")
    return found


def raised(claim: Claim, error: Exception) -> None:
    """Record that the attempt raised: the report is due again, or after the third time it has failed."""
    with transaction.atomic():
        latest = BoardReport.objects.filter(pk=claim.report_id, attempt=claim.attempt, state=STATE.RENDERING)
        if not latest.update(attempts_raised=F("attempts_raised") + 1, state=STATE.DUE, stage="", error=_words(error)):
            return
        BoardReport.objects.filter(pk=claim.report_id, attempt=claim.attempt, attempts_raised__gte=MOST_RAISED).update(
            state=STATE.FAILED
        )


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000]


def _key(claim: Claim) -> int:
    return _LOCKS + claim.report_id * 1024 + claim.attempt % 1024


def _try_lock(claim: Claim) -> bool:
    return bool(_ask("SELECT pg_try_advisory_lock(%s)", claim))


def _unlock(claim: Claim) -> None:
    _ask("SELECT pg_advisory_unlock(%s)", claim)


def _ask(statement: str, claim: Claim) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, [_key(claim)])
        row = cursor.fetchone()
    return row[0] if row else None
