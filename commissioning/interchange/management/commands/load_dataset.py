"""`manage.py load_dataset FOLDER --partnership CODE [--dry-run]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commissioning.core.errors import Refused
from commissioning.interchange.actions import load_folder
from commissioning.interchange.cells import LONGEST_REFERENCE
from commissioning.interchange.loading import Outcome


class Command(BaseCommand):
    help = "Load a folder of CSV files, or a spreadsheet, into a partnership: all of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder that holds the files, or an .xlsx")
        parser.add_argument("--partnership", required=True, metavar="CODE", help="made where there is none")
        parser.add_argument("--dry-run", action="store_true", help="say what would change and save nothing")

    def handle(self, *_args: Any, folder: Path, partnership: str, dry_run: bool, **_options: Any) -> None:
        check_code(partnership)
        try:
            outcome = load_folder(folder=folder, partnership_code=partnership, dry_run=dry_run)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        for finding in outcome.findings:
            self.stdout.write(f"Finding: {finding}")
        if outcome.faults:
            count = f"{len(outcome.faults):,} fault{'s' if len(outcome.faults) > 1 else ''}"
            raise CommandError("\n".join([*map(str, outcome.faults), f"{count}. Nothing was saved."]))
        for line in _said(outcome):
            self.stdout.write(line)


def check_code(code: str) -> None:
    """Raises CommandError for what cannot be a partnership's code."""
    if not code.strip() or len(code) > LONGEST_REFERENCE or not code.isprintable() or code != code.strip():
        raise CommandError(f"A partnership’s code has 1 to {LONGEST_REFERENCE} characters, with no space around it.")


def _said(outcome: Outcome) -> list[str]:
    """What happened, in lines."""
    would = "" if outcome.saved else "would be "
    lines = []
    if outcome.made_partnership:
        lines.append(f"The partnership {outcome.partnership_code} did not exist; it {would or 'was '}made.")
    lines.extend(
        f"{change.file}: {change.created:,} {would}added, {change.updated:,} {would}changed, "
        f"{change.unchanged:,} the same."
        for change in outcome.changes
        if change.created or change.updated
    )
    if outcome.changes_nothing:
        lines.append(
            f"Nothing {'would change' if would else 'changed'}: all {outcome.unchanged:,} rows are stored already."
        )
    elif would:
        lines.append("This was a rehearsal (--dry-run). Nothing was saved.")
    else:
        lines.append(f"Saved: {outcome.created:,} added, {outcome.updated:,} changed, {outcome.unchanged:,} the same.")
    return lines
