"""`manage.py board_report --board CODE --month YYYY-MM --edition board --out FOLDER`"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commissioning.core.periods import Month, NotADate
from commissioning.reports import actions
from commissioning.reports.models import Board, Edition


class Command(BaseCommand):
    help = "Writes a board's report of a month as a PDF and, beside it, the figures it was made from (figures.json)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--board", required=True, metavar="CODE")
        parser.add_argument("--month", required=True, metavar="YYYY-MM")
        parser.add_argument("--edition", default=Edition.BOARD, choices=Edition.values)
        parser.add_argument("--out", required=True, metavar="FOLDER")

    def handle(self, *_args: Any, **options: Any) -> None:
        board = Board.objects.select_related("partnership").filter(code=options["board"]).first()
        if board is None:
            raise CommandError(f"There is no board with the code {options['board']!r}.")
        try:
            month = Month.parse(options["month"])
        except NotADate as error:
            raise CommandError(str(error)) from error
        path = actions.write_report(board=board, month=month, edition=options["edition"], folder=Path(options["out"]))
        self.stderr.write(f"Wrote {path} and {path.parent / 'figures.json'}.")
