"""How passwords are kept, and which are refused: long rather than odd, and never one that a guesser tries first."""

import re

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db.models import Model

# Words that somebody who guesses at this application would try.
OWN_WORDS = frozenset({"asone", "togetherasone", "commissioning", "commissioner", "council", "welcome", "letmein"})
RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm")
LONGEST_RUN_LEFT = 4
LOOKS_LIKE = str.maketrans("013457@$!", "oleastasi")
GUESSED_FIRST = (
    "This password is one of the first that a guesser would try. Choose three words that do not belong together"
)


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with the second choice of RFC 9106: 64 MiB, three passes, four lanes.

    That is above the least OWASP asks for (19 MiB, two passes, one lane). A password kept with other figures is kept
    anew when its owner next signs in.
    """

    time_cost = 3
    memory_cost = 64 * 1024  # KiB
    parallelism = 4


class NotGuessedFirst(CommonPasswordValidator):
    """Refuses a common password that was only made longer: repeated, numbered, or written with signs for letters."""

    def validate(self, password: str, user: Model | None = None) -> None:
        plain = password.lower()
        if any(self._is_known(each) for each in _cores(plain)) or _is_run(plain):
            raise ValidationError(GUESSED_FIRST, code="password_guessed_first")

    def get_help_text(self) -> str:
        return "Not a common password made longer."

    def _is_known(self, word: str) -> bool:
        return word in self.passwords or word in OWN_WORDS


def _cores(plain: str) -> set[str]:
    """What remains of a password when its padding is taken off, as typed and with signs read as letters."""
    cores = set()
    for padded in (plain, re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)):
        for written in (padded, padded.translate(LOOKS_LIKE)):
            unit = _unit(re.sub(r"[\W_]+", "", written))
            cores |= {unit, _unit(unit.strip("0123456789"))}
    return cores - {""}


def _unit(text: str) -> str:
    """The shortest text that, repeated, makes this one."""
    return text[: (text + text).find(text, 1)] if text else text


def _is_run(plain: str) -> bool:
    """Whether it is one character over and over, or little else than a run of the alphabet, numbers or keys."""
    if len(set(plain)) <= 2:
        return True
    for run in RUNS:
        for direction in (run, run[::-1]):
            if len(_without(plain, direction)) <= LONGEST_RUN_LEFT:
                return True
    return False


def _without(plain: str, run: str) -> str:
    """The text without its stretches of five or more from the run."""
    for size in range(len(run), 4, -1):
        for start in range(len(run) - size + 1):
            plain = plain.replace(run[start : start + size], "")
    return plain
