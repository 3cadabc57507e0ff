"""`manage.py request_latest_report`: used when the application starts."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from commissioning.accounts import scope
from commissioning.reports import actions


class Command(BaseCommand):
    help = "Queues last month's editions for every board that lacks them; a worker makes them."

    def handle(self, *_args: Any, **_options: Any) -> None:
        with scope.everywhere():
            reports = actions.request_monthly(today=timezone.localdate())
        self.stderr.write(f"Asked for {len(reports)} report{'' if len(reports) == 1 else 's'}.")
