"""`manage.py backup FILE`."""

import os
import time
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commissioning.backup.catalogue import sign_in_as_owner
from commissioning.backup.encryption import read_key
from commissioning.backup.manifest import BackupError
from commissioning.backup.saving import save_backup


class Command(BaseCommand):
    help = "Write the whole database to one file while people work. Encrypted with --key. See docs/backup.md."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="must not be there yet")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--key", type=Path, metavar="FILE", help="encrypt with this key (see backup_key)")
        how.add_argument("--unencrypted", action="store_true", help="in production this must be said")

    def handle(self, *_args: Any, file: Path, key: Path | None, unencrypted: bool, **_options: Any) -> None:
        key = key or (None if unencrypted else key_from_environment())
        if key is None and settings.PRODUCTION and not unencrypted:
            raise CommandError(
                "A backup holds everyone’s personal and health records. Encrypt it with --key FILE (make one with "
                "manage.py backup_key FILE), or say --unencrypted where something else encrypts it."
            )
        began = time.monotonic()
        try:
            secret = read_key(key) if key else None
            with closing(sign_in_as_owner()) as connection:
                manifest = save_backup(connection, file, key=secret, say=self.stderr.write)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Backed up {len(manifest.tables)} tables, {manifest.rows:,} rows, to {file} "
            f"({file.stat().st_size / 1e6:,.1f} MB, {'encrypted' if secret else 'NOT encrypted'}) "
            f"in {time.monotonic() - began:.1f} seconds."
        )


def key_from_environment() -> Path | None:
    """The key's file where BACKUP_KEY names one, for backups by timer."""
    named = os.environ.get("BACKUP_KEY", "")
    return Path(named) if named else None
