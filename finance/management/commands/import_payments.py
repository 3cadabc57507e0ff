"""`manage.py import_payments FILE… --partnership CODE [--expense-type TEXT]…`"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.partnerships import check_code, open_partnership
from commissioning.core.errors import Refused
from finance.actions import import_spending
from finance.queries.spending import FileResult, ImportResult


class Command(BaseCommand):
    help = "Bring in a council's published spending. Safe to repeat: a payment that is known is not stored again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--partnership", required=True, metavar="CODE", help="made where there is none")
        parser.add_argument(
            "--expense-type",
            action="append",
            metavar="TEXT",
            help="take expense types that begin with this, whatever its case; an empty text takes all; can be "
            "repeated; without it, those the partnership has chosen",
        )

    def handle(self, *_args: Any, files: list[Path], partnership: str, **options: Any) -> None:
        try:
            check_code(partnership)
            contents = [(path.name, path.read_bytes()) for path in files]
            opened, was_made = open_partnership(partnership)
            if was_made:
                self.stdout.write(f"The partnership {partnership} did not exist; it was made.")
            by = Actor.system(opened)
            with scope.acting(by):
                result = import_spending(
                    partnership=opened, files=contents, expense_types=options["expense_type"], by=by
                )
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from error
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        for line in _said(result):
            self.stdout.write(line)
        if result.refused_files:
            count = len(result.refused_files)
            raise CommandError(
                f"{count} {'file was' if count == 1 else 'files were'} refused; nothing of them is saved."
            )


def _said(result: ImportResult) -> list[str]:
    """What happened, in lines: each file, each row that was refused, and the whole."""
    lines = [line for file in result.files for line in _said_of(file)]
    suppliers = result.suppliers
    return [
        *lines,
        f"Rows: {result.rows_read:,} read, {result.rows_taken:,} taken, {result.rows_known:,} already known, "
        f"{result.rows_refused:,} refused.",
        f"Suppliers: {suppliers.matched:,} matched to a provider, {suppliers.not_matched:,} not matched, "
        f"{suppliers.not_providers:,} not providers, {suppliers.individuals:,} individuals.",
    ]


def _said_of(file: FileResult) -> list[str]:
    if file.is_refused:
        return [f"{file.name}: refused. {file.refusal}"]
    unused = [f"{file.name}: the column {name} is not used." for name in file.unused_columns]
    return [
        f"{file.name}: {file.rows_read:,} rows read, {file.rows_taken:,} taken, {file.rows_known:,} already known, "
        f"{len(file.faults):,} refused.",
        *unused,
        *(f"{file.name}, row {row}: {why}." for row, why in file.faults),
    ]
