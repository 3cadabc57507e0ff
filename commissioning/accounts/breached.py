"""Passwords that were stolen elsewhere, looked up in a file on this machine: no other site is asked."""

import hashlib
import re
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model

LINE = re.compile(rb"[0-9A-Fa-f]{40}(:\d+)?\r?\n?")
KNOWN = "This password was stolen from another site, so that a guesser has it. Choose another, and change it there too"


class NotBreached:
    """Refuses what the list in `BREACHED_PASSWORDS` holds; every password passes where that names no list."""

    def validate(self, password: str, user: Model | None = None) -> None:
        """Raises OSError where the list cannot be read: no password is taken without having been looked up."""
        if settings.BREACHED_PASSWORDS and is_listed(password, settings.BREACHED_PASSWORDS):
            raise ValidationError(KNOWN, code="password_breached")

    def get_help_text(self) -> str:
        return "Not a password that was stolen from another site."


def is_listed(password: str, path: Path) -> bool:
    """Whether a list of SHA-1s has the password's: a line each, in order, `:` and a count after it or not.

    The list may be far larger than memory; about forty lines of it are read.
    """
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, path.stat().st_size  # the line, if it is there, begins at low or after it, and before high
        while low < high:
            middle = (low + high) // 2
            if middle > low:
                file.seek(middle - 1)
                file.readline()  # to where the next line begins, which may be here
            else:
                file.seek(low)
            if file.tell() >= high:
                high = middle
                continue
            found = file.readline()[:40].upper()
            if found == wanted:
                return True
            if found < wanted:
                low = file.tell()
            else:
                high = middle
    return False


def what_is_wrong_with(path: Path) -> str:
    """Why this file is no such list; empty where it seems to be one."""
    try:
        with path.open("rb") as file:
            first = file.readline(100)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return "" if LINE.fullmatch(first) else "does not begin with a line of 40 hexadecimal digits"
