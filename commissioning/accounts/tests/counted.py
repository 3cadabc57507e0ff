"""A web process that counts how often it works out a password's hash: one byte in a file for each."""

import os
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher, low_level
from django.conf import settings

COUNT_FILE = "AS_ONE_COUNT_HASHES"


def _count() -> None:
    # Appending is one write, so no two processes lose each other's.
    with Path(os.environ[COUNT_FILE]).open("ab", buffering=0) as kept:
        kept.write(b".")


_hash_secret, _verify = low_level.hash_secret, PasswordHasher.verify


def _counted_hash(*args: Any, **options: Any) -> bytes:
    _count()
    return _hash_secret(*args, **options)


def _counted_verify(self: PasswordHasher, *args: Any) -> bool:
    _count()
    return bool(_verify(self, *args))


low_level.hash_secret = _counted_hash
PasswordHasher.verify = _counted_verify  # type: ignore[assignment, method-assign]  # counts, then does the same

# Files that were never collected have no name of their own.
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

from commissioning.wsgi import application  # noqa: E402, F401  after the counting is in place
