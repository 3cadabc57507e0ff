"""`manage.py weekly_costs --partnership CODE --on YYYY-MM-DD`"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.queries import partnership_named
from commissioning.core.errors import Refused
from commissioning.core.money import csv_pence
from commissioning.core.periods import NotADate, parse_iso_day
from commissioning.core.tables import write_csv
from finance.queries import PersonCost, open_book, person_costs

HEADER = ["person", "baseline_weekly", "weekly", "weekly_change", "annual_change", "cumulative_change"]


class Command(BaseCommand):
    help = "Print each person's weekly cost on a day against their baseline, as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partnership", required=True, metavar="CODE")
        parser.add_argument("--on", required=True, metavar="YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            actor = Actor.system(partnership_named(options["partnership"]))
            on = parse_iso_day(options["on"])
        except (Refused, NotADate) as error:
            raise CommandError(str(error)) from error
        with scope.acting(actor):
            rows = [_row(each) for each in person_costs(actor, open_book(actor), on)]
        self.stdout.write(write_csv(HEADER, rows), ending="")


def _row(cost: PersonCost) -> list[str]:
    amounts = (
        cost.baseline_weekly_pence,
        cost.weekly_pence,
        cost.weekly_change_pence,
        cost.annual_change_pence,
        cost.cumulative_change_pence,
    )
    return [cost.person, *("" if amount is None else csv_pence(amount) for amount in amounts)]
