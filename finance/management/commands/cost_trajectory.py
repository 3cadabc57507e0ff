"""`manage.py cost_trajectory --partnership CODE --from YYYY-MM --to YYYY-MM --by funder`"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.queries import partnership_named
from commissioning.core.errors import Refused
from commissioning.core.money import csv_pence
from commissioning.core.periods import Month, NotADate
from commissioning.core.tables import write_csv
from finance import ledger
from finance.queries import costs_by_period, open_book


class Command(BaseCommand):
    help = "Print what support cost in each month, exactly, as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partnership", required=True, metavar="CODE")
        parser.add_argument("--from", required=True, dest="first", metavar="YYYY-MM")
        parser.add_argument("--to", required=True, dest="last", metavar="YYYY-MM")
        parser.add_argument(
            "--by", required=True, help="funder,person,provider,setting,placement,kind: any, in any order"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            actor = Actor.system(partnership_named(options["partnership"]))
            first, last = Month.parse(options["first"]), Month.parse(options["last"])
            by = options["by"].split(",")
            periods = ledger.months(first.first, last.first)
            with scope.acting(actor):
                costs = costs_by_period(open_book(actor), periods, by)
        except (Refused, NotADate, ValueError) as error:
            raise CommandError(str(error)) from error
        rows = [[str(Month.of(periods[cost.period].first)), *cost.keys, csv_pence(cost.pence)] for cost in costs]
        self.stdout.write(write_csv(["month", *by, "amount"], rows), ending="")
