"""The worker's side of background jobs."""

from celery import shared_task

from commissioning.core import jobs


@shared_task(name="core.run_job")
def run_job(job_id: int) -> None:
    jobs.run(job_id)


@shared_task(name="core.sweep_jobs")
def sweep_jobs() -> None:
    """Do whatever a lost message or a killed worker left behind."""
    for job_id in jobs.due_job_ids():
        jobs.run(job_id)
