"""The worker's side of uploads."""

from celery import shared_task

from commissioning.accounts import scope
from commissioning.interchange import actions


@shared_task(name="interchange.check_upload")
def check_upload(upload_id: int) -> None:
    with scope.everywhere():  # the upload says whose it is; its load sees that partnership only
        actions.check_upload(upload_id=upload_id)


@shared_task(name="interchange.load_upload")
def load_upload(upload_id: int) -> None:
    with scope.everywhere():
        actions.load_upload(upload_id=upload_id)
