"""`manage.py erased_references`: the list of erased records, to be kept apart from the database and its backups."""

from typing import Any

from django.core.management.base import BaseCommand

from commissioning.accounts import scope
from commissioning.rights.erased import all_erased


class Command(BaseCommand):
    help = "Print one line for each erased record. It says nothing about who anybody was."

    def handle(self, *args: Any, **options: Any) -> None:
        with scope.everywhere():
            for gone in all_erased():
                self.stdout.write(gone.line)
