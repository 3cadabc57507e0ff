"""The worker's side of copies and erasures."""

from celery import shared_task

from commissioning.accounts import scope
from commissioning.rights import actions


@shared_task(name="rights.make_export")
def make_export(export_id: int) -> None:
    with scope.everywhere():  # the rows say whose they are
        actions.make_export(export_id=export_id)


@shared_task(name="rights.expire_exports")
def expire_exports() -> None:
    with scope.everywhere():
        actions.expire_exports()


@shared_task(name="rights.erase")
def erase(erasure_id: int) -> None:
    with scope.everywhere():  # the person's rows stand in every table, drafts of others included
        actions.erase(erasure_id=erasure_id)
