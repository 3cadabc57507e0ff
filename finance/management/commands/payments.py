"""`manage.py payments --partnership CODE --by month,supplier_id`"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.queries import partnership_named
from commissioning.core.errors import Refused
from commissioning.core.money import csv_pence
from commissioning.core.tables import write_csv
from finance.queries import PAYMENT_COLUMNS, payment_sums


class Command(BaseCommand):
    help = "Print what was paid, to the penny, as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partnership", required=True, metavar="CODE")
        parser.add_argument("--by", required=True, help=f"{','.join(PAYMENT_COLUMNS)}: any, in any order")

    def handle(self, *_args: Any, **options: Any) -> None:
        by = options["by"].split(",")
        try:
            actor = Actor.system(partnership_named(options["partnership"]))
            with scope.acting(actor):
                sums = payment_sums(actor, by)
        except (Refused, ValueError) as error:
            raise CommandError(str(error)) from error
        rows = [[*each.keys, csv_pence(each.pence)] for each in sums]
        self.stdout.write(write_csv([*by, "amount"], rows), ending="")
