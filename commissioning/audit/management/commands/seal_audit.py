"""`manage.py seal_audit`."""

from typing import Any

from django.core.management.base import BaseCommand

from commissioning.audit import sealing


class Command(BaseCommand):
    help = "Seal what was recorded since the last seal: changes, who looked, refusals. The worker does so by itself."

    def handle(self, *_args: Any, **_options: Any) -> None:
        head = sealing.seal_what_waits()
        if head is None:
            self.stdout.write("Nothing has been recorded yet, so there is nothing to seal.")
        else:
            self.stdout.write(f"The last seal is {head}")
