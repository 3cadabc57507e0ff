"""Restoring a backup for practice: into a database of its own beside the real one, which is removed again."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection
from psycopg2 import errors, sql

from commissioning.backup.catalogue import sign_in_as_owner
from commissioning.backup.manifest import BackupError

URLS = ("DATABASE_URL", "DATABASE_OWNER_URL")


def rehearse(file: Path, *, key: Path | None) -> str:
    """Migrate a database of its own, restore into it, verify the audit chain there, and remove it.

    Returns what the restore said. Raises BackupError with the words of the step that failed.
    """
    how = ["--key", str(key)] if key else ["--unencrypted"]
    with practice_database("_restore_test") as name:
        _manage(name, "migrate", "--no-input", "--verbosity", "0")
        return _manage(name, "restore", str(file), *how)


@contextmanager
def practice_database(suffix: str) -> Iterator[str]:
    """The name of an empty database, which is gone after the block. One that a killed rehearsal left is replaced."""
    name = f"{connection.settings_dict['NAME']}{suffix}"
    identifier = sql.Identifier(name)
    with closing(sign_in_as_owner()) as owner, owner.cursor() as cursor:
        owner.autocommit = True
        try:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(identifier))
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
        except errors.ObjectInUse as error:
            raise BackupError(f"Another rehearsal is using the database {name}. Wait for it.") from error
        except errors.InsufficientPrivilege as error:
            raise BackupError(f"The tables’ owner may not make a database for practice: {error}") from error
        try:
            yield name
        finally:
            cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


def _manage(database: str, *arguments: str) -> str:
    answer = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
        env=environment(database),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise BackupError(f"Restoring for practice failed: {answer.stderr.strip()[-2000:]}")
    return answer.stdout.strip()


def environment(database: str) -> dict[str, str]:
    """Our environment, but with another database of the same server and the same roles."""
    return os.environ | {name: _named(os.environ[name], database) for name in URLS if os.environ.get(name)}


def _named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
