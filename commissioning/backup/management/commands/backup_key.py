"""`manage.py backup_key FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commissioning.backup.encryption import make_key
from commissioning.backup.manifest import BackupError


class Command(BaseCommand):
    help = "Make a key to encrypt backups with. Keep a copy of it away from this machine and from the backups."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        try:
            make_key(file)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Wrote a new key to {file}. Backups made with it can never be read without it: keep a copy in a safe, "
            "away from the backups."
        )
