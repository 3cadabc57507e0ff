"""`manage.py wait_for_reports`: used when the application starts, after `request_latest_report`."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commissioning.accounts import scope
from commissioning.reports.models import BoardReport

UNFINISHED = (BoardReport.State.DUE, BoardReport.State.RENDERING)


class Command(BaseCommand):
    help = "Waits until a worker has made every report that was asked for, and says how far it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seconds", type=int, default=300, help="how long to wait at most (300)")

    def handle(self, *_args: Any, **options: Any) -> None:
        with scope.everywhere():
            self._wait(options)

    def _wait(self, options: dict[str, Any]) -> None:
        deadline = time.monotonic() + options["seconds"]
        waited_for = set(BoardReport.objects.filter(state__in=UNFINISHED).values_list("pk", flat=True))
        if not waited_for:
            self.stderr.write("They are there already.")
            return
        said = ""
        while True:
            of_ours = BoardReport.objects.filter(pk__in=waited_for)
            left = of_ours.filter(state__in=UNFINISHED).count()
            progress = f"{len(waited_for) - left} of {len(waited_for)} reports are made."
            if progress != said:
                self.stderr.write(progress)
                said = progress
            if not left:
                break
            if time.monotonic() > deadline:
                raise CommandError(f"{left} reports are not made after {options['seconds']} seconds; work goes on.")
            time.sleep(1)
        failed = of_ours.filter(state=BoardReport.State.FAILED).count()
        if failed:
            raise CommandError(f"{failed} of {len(waited_for)} reports could not be made. See Reports for the reason.")
