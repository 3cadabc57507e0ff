"""The Celery application: workers make reports and send e-mail, beat starts the sweeps."""

import os
from pathlib import Path
from typing import Any

from celery import Celery, Task
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commissioning.settings")


class SaidTask(Task):  # type: ignore[type-arg]  # not generic when it runs
    """A task whose changes are kept with what made them; an action inside may say on whose behalf."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from commissioning.audit import history  # needs the applications, which load after this module

        with history.said(by="As One", reason=f"Background work: {self.name}"):
            return super().__call__(*args, **kwargs)


app = Celery("commissioning", task_cls=SaidTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def make_queue_folders(**_kwargs: object) -> None:
    """The filesystem broker expects its folders to exist."""
    from django.conf import settings

    options = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    for name in ("data_folder_in", "control_folder"):
        if name in options:
            Path(options[name]).mkdir(parents=True, exist_ok=True)
