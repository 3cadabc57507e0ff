"""The worker's side of reports. Redis is only a doorbell: the rows are the queue, and the sweep finds what was lost."""

from celery import shared_task
from django.utils import timezone

from commissioning.accounts import scope
from commissioning.reports import actions


@shared_task(name="reports.make")
def make(report_id: int) -> None:
    with scope.everywhere():  # the queue is every board’s; figures are gathered for one partnership
        actions.make_report(report_id)


@shared_task(name="reports.sweep")
def sweep() -> None:
    with scope.everywhere():
        actions.sweep()


@shared_task(name="reports.request_monthly")
def request_monthly() -> None:
    with scope.everywhere():
        actions.request_monthly(today=timezone.localdate())


@shared_task(name="reports.send_notice")
def send_notice(report_id: int, membership_id: int) -> None:
    with scope.everywhere():
        actions.send_notice(report_id=report_id, membership_id=membership_id)
