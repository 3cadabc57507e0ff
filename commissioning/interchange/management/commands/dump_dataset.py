"""`manage.py dump_dataset FOLDER --partnership CODE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commissioning.accounts.models import Partnership
from commissioning.core.errors import Refused
from commissioning.interchange.actions import dump_folder


class Command(BaseCommand):
    help = "Write a partnership's data into a folder of CSV files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="made where there is none; files of the same names are replaced")
        parser.add_argument("--partnership", required=True, metavar="CODE")

    def handle(self, *_args: Any, folder: Path, partnership: str, **_options: Any) -> None:
        found = Partnership.objects.filter(code=partnership).first()
        if found is None:
            raise CommandError(f"There is no partnership with the code {partnership}.")
        try:
            written = dump_folder(folder=folder, partnership=found)
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Wrote {written} files to {folder}.")
