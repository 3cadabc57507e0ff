"""Background work by task name, so that actions never import tasks.

`enqueue` writes a row in the caller's transaction and rings the broker once it has committed. A worker claims the row
with `FOR UPDATE SKIP LOCKED`; whatever is left behind, the sweep finds.
"""

import datetime as dt
import functools
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from commissioning.core.errors import TryLater
from commissioning.core.models import Job, JobState

logger = logging.getLogger(__name__)

VANISHED_AFTER = dt.timedelta(minutes=10)
MOST_ATTEMPTS = 3
MOST_VANISHED = 10
VANISHED = "The work was begun ten times and never came to an end"


def enqueue(name: str, *, due_at: dt.datetime | None = None, **arguments: object) -> Job:
    """Queue the Celery task called `name` with keyword arguments that JSON can hold."""
    job = Job.objects.create(name=name, arguments=arguments, due_at=due_at or timezone.now())
    if due_at is None:
        transaction.on_commit(lambda: ring("core.run_job", job_id=job.pk))
    return job


def ring(task_name: str, **arguments: object) -> None:
    """Tell a worker there is work. A broker that is down costs a minute, not the work: the sweep finds the row."""
    try:
        _make_queue_folder()
        current_app.send_task(task_name, kwargs=arguments, retry=False)
    except Exception:  # whatever the broker raises, the row remains
        logger.warning("The message broker did not answer; the sweep will find the work.", exc_info=True)


def _make_queue_folder() -> None:
    options = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    for name in ("data_folder_in", "control_folder"):
        if name in options:
            Path(options[name]).mkdir(parents=True, exist_ok=True)


def due_job_ids() -> list[int]:
    """Jobs that are due, and those whose worker vanished."""
    now = timezone.now()
    due = Job.objects.filter(state=JobState.DUE, due_at__lte=now)
    vanished = Job.objects.filter(state=JobState.RUNNING, claimed_at__lt=now - VANISHED_AFTER)
    return list((due | vanished).order_by("due_at").values_list("pk", flat=True))


def run(job_id: int) -> None:
    """Claim one job and do it; a job that raises is tried again, three times in all, then kept as failed."""
    job = _claim(job_id)
    if job is None:
        return
    try:
        with transaction.atomic():
            current_app.tasks[job.name](**job.arguments)
            _finish(job, JobState.DONE, "")
    except Exception as error:  # the job's own failure is recorded, never lost
        state = JobState.FAILED if job.attempts >= MOST_ATTEMPTS else JobState.DUE
        if isinstance(error, TryLater):
            # What it said may name somebody; it is for the page, not the log.
            logger.warning("Job %s did not succeed, try %d of %d", job.name, job.attempts, MOST_ATTEMPTS)
            _finish(job, state, str(error), minutes=error.minutes[min(job.attempts, len(error.minutes)) - 1])
        else:
            logger.exception("Job %s failed", job.name)
            _finish(job, state, f"{type(error).__name__}: {error}", minutes=job.attempts)


def _claim(job_id: int) -> Job | None:
    now = timezone.now()
    with transaction.atomic():
        job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id).first()
        if job is None or not _claimable(job, now):
            return None
        if job.state == JobState.RUNNING and job.attempts >= MOST_VANISHED:
            _finish(job, JobState.FAILED, VANISHED)
            return None
        job.state, job.claimed_at, job.attempts = JobState.RUNNING, now, job.attempts + 1
        job.save(update_fields=["state", "claimed_at", "attempts"])
        return job


def _claimable(job: Job, now: dt.datetime) -> bool:
    if job.state == JobState.DUE:
        return job.due_at <= now
    return job.state == JobState.RUNNING and job.claimed_at is not None and job.claimed_at < now - VANISHED_AFTER


def _finish(job: Job, state: JobState, error: str, *, minutes: int = 0) -> None:
    due_at = timezone.now() + dt.timedelta(minutes=minutes)
    done_at = timezone.now() if state == JobState.DONE else None
    # Only while it runs: a job whose commit went through though its connection ended is done, and is not done again.
    Job.objects.filter(pk=job.pk, attempts=job.attempts, state=JobState.RUNNING).update(
        state=state, error=error, due_at=due_at, done_at=done_at
    )


@dataclass(frozen=True)
class Trouble:
    """Work that did not succeed so far: `tries` of it; `again_at` is when it is tried next, None once it was given up.

    `said` is the last reason.
    """

    job_id: int
    name: str
    arguments: dict[str, Any]
    tries: int
    said: str
    again_at: dt.datetime | None


def troubled(names: Iterable[str]) -> list[Trouble]:
    """Work of these names that failed, or has failed so far, the newest first. Work that was asked for anew since, with
    the same arguments, stands in its place, and is not here where it succeeded or has yet to be tried. Two queries.
    """
    names = list(names)
    failing = Job.objects.filter(state=JobState.FAILED) | Job.objects.filter(state=JobState.DUE, attempts__gt=0)
    found = list(failing.filter(name__in=names).order_by("-pk"))
    if not found:
        return []
    asked = Job.objects.filter(name__in=names, pk__gte=found[-1].pk).values_list("name", "arguments", "pk")
    newest = {_key(name, arguments): pk for name, arguments, pk in asked.order_by("pk")}
    return [_trouble(job) for job in found if newest[_key(job.name, job.arguments)] == job.pk]


def try_again(job_ids: Iterable[int]) -> int:
    """What was given up begins anew, with as many tries as the first time; how many did. One that goes on is left."""
    given_up = list(Job.objects.select_for_update().filter(pk__in=list(job_ids), state=JobState.FAILED))
    for job in given_up:
        job.state, job.attempts, job.due_at = JobState.DUE, 0, timezone.now()
        job.save(update_fields=["state", "attempts", "due_at"])
        transaction.on_commit(functools.partial(ring, "core.run_job", job_id=job.pk))
    return len(given_up)


def _key(name: str, arguments: dict[str, Any]) -> tuple[str, str]:
    return name, json.dumps(arguments, sort_keys=True)


def _trouble(job: Job) -> Trouble:
    again_at = None if job.state == JobState.FAILED else job.due_at
    return Trouble(job.pk, job.name, job.arguments, job.attempts, job.error, again_at)
