"""The worker's side of uploads."""

from celery import shared_task

from commissioning.interchange import actions


@shared_task(name="interchange.check_upload")
def check_upload(upload_id: int) -> None:
    actions.check_upload(upload_id=upload_id)


@shared_task(name="interchange.load_upload")
def load_upload(upload_id: int) -> None:
    actions.load_upload(upload_id=upload_id)
