"""`manage.py load_example`: the example partnership, once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commissioning.accounts import scope
from commissioning.core.errors import Refused
from commissioning.core.periods import NotADate, parse_iso_day
from commissioning.demo.actions import load_example


class Command(BaseCommand):
    help = "Load the example partnership, whose people, providers and figures are all made up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--today", metavar="YYYY-MM-DD", help="the day it stands on; today if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            today = parse_iso_day(options["today"]) if options["today"] else None
            with scope.everywhere():
                made = load_example(today=today, progress=self.stderr.write)
        except (Refused, NotADate) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("The example partnership is loaded." if made else "The example partnership is already there.")
