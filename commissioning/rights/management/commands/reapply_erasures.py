"""`manage.py reapply_erasures`: after a backup was restored, erase again what had been erased since it was made."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commissioning.accounts import scope
from commissioning.core.errors import Refused
from commissioning.rights.actions import erase_again
from commissioning.rights.erased import list_file, read_list


class Command(BaseCommand):
    help = "Erase again every record of the list that a restored backup still holds. Do it before anybody signs in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("list", nargs="?", help="the list of erased records; the application's own if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["list"]) if options["list"] else list_file()
        if not path.is_file():
            raise CommandError(f"There is no list of erased records at {path}.")
        try:
            gone = read_list(path.read_text(encoding="utf-8").splitlines())
            with scope.everywhere():
                again = sum(erase_again(gone=each) for each in gone)
        except Refused as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(f"{len(gone)} in the list, {again} erased again.")
