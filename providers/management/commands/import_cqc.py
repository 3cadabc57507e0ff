"""`manage.py import_cqc FILE`: takes over the Care Quality Commission's list of locations."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commissioning.audit import history
from commissioning.core.errors import Refused, RefusedMany
from commissioning.core.intake import BY_COMMAND
from providers.actions import import_locations
from providers.imports import read_cqc


class Command(BaseCommand):
    """All or nothing; every fault is listed. Safe to repeat."""

    help = "Take over the Care Quality Commission's list of locations from a CSV file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the list, comma separated with a header")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            rows = read_cqc(path.read_bytes(), BY_COMMAND)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}") from error
        except Refused as refused:
            for one in refused if isinstance(refused, RefusedMany) else [refused]:
                self.stderr.write(one.message)
            self.stderr.write("Nothing was saved.")
            sys.exit(1)
        with history.said(by="import_cqc"):
            done = import_locations(rows=rows, by=None)
        self.stdout.write(
            f"{done.read} read, {done.added} added, {done.changed} changed, {done.same} as they were, "
            f"{done.matched} matched to an organisation known before"
        )
