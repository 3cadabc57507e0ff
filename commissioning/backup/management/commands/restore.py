"""`manage.py restore FILE`."""

import time
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from commissioning.backup.catalogue import sign_in_as_owner
from commissioning.backup.container import reading
from commissioning.backup.encryption import read_key
from commissioning.backup.management.commands.backup import key_from_environment
from commissioning.backup.manifest import BackupError
from commissioning.backup.rehearsal import rehearse
from commissioning.backup.restoring import restore_backup


class Command(BaseCommand):
    help = "Load a backup into an empty, migrated database: all of it, or nothing. See docs/backup.md."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--key", type=Path, metavar="FILE", help="the key that it was encrypted with")
        how.add_argument("--unencrypted", action="store_true", help="it was made without one, whatever BACKUP_KEY says")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true", help="only see whether the file is whole")
        what.add_argument("--test", action="store_true", help="into a database of its own, which is removed again")

    def handle(self, *_args: Any, file: Path, key: Path | None, unencrypted: bool, **options: Any) -> None:
        key = key or (None if unencrypted else key_from_environment())
        try:
            if options["test"]:
                self._rehearse(file, key)
            elif options["check"]:
                self._check(file, read_key(key) if key else None)
            else:
                self._restore(file, read_key(key) if key else None)
        except BackupError as error:
            raise CommandError(str(error)) from error

    def _rehearse(self, file: Path, key: Path | None) -> None:
        self.stdout.write(rehearse(file, key=key))
        self.stdout.write("That was for practice, in a database of its own, which is gone again.")

    def _check(self, file: Path, key: bytes | None) -> None:
        with reading(file, key) as backup:
            found = backup.manifest
        self.stdout.write(
            f"Whole: {len(found.tables)} tables, {found.rows:,} rows, made {found.made_at} by version {found.version}."
        )

    def _restore(self, file: Path, key: bytes | None) -> None:
        began = time.monotonic()
        with closing(sign_in_as_owner()) as connection:
            restored = restore_backup(connection, file, key=key, say=self.stderr.write)
        found = restored.manifest
        self.stdout.write(
            f"Restored {len(found.tables)} tables, {found.rows:,} rows, each compared with the backup, "
            f"in {time.monotonic() - began:.1f} seconds. Everybody signs in again."
        )
        if restored.jobs_due_again:
            self.stdout.write(f"{restored.jobs_due_again} pieces of work that were being done are due again.")
        if restored.links_ended:
            self.stdout.write(f"{restored.links_ended} invitations must be sent again: their links have ended.")
        self._verify_audit(found.audit_head)

    def _verify_audit(self, head: str) -> None:
        """If the chain is broken now it was so when the backup was made, since every row is as it was. It is said."""
        call_command("verify_audit", *(["--head", head] if head else []), stdout=self.stdout, stderr=self.stderr)
