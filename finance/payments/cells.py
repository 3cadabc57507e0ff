"""The cells of published spending: dates, amounts and texts as councils write them."""

import datetime as dt
import re
from decimal import Decimal

from commissioning.core.characters import unseen_in
from commissioning.core.money import MINUS, round_pounds, to_pence
from commissioning.core.periods import EARLIEST, LATEST

LARGEST_PENCE = 99_999_999_999  # £999,999,999.99: more is a total or a slip, not one payment
SHOWN = 40

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4}|[0-9]{2})(?: .*)?")
_NAMED_MONTH = re.compile(r"([0-9]{1,2})[ \-]([A-Za-z]{3,9})[ \-]([0-9]{4}|[0-9]{2})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_AMOUNT = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?")
_BREAK = re.compile(r"[\t\n\r]")


class Unreadable(ValueError):
    """A cell that cannot be read; the message says what is in it and what belongs there."""


def shown(text: str) -> str:
    """A cell as a message quotes it."""
    return f"“{text[:SHOWN]}…”" if len(text) > SHOWN else f"“{text}”"


def parse_day(text: str) -> dt.date:
    """A day as published: ISO with or without a time, day first with `/`, `-` or `.`, or `3 Apr 2023`.

    Years of two digits are of this century: councils publish since 2010. Raises Unreadable.
    """
    text = text.strip()
    if not text:
        raise Unreadable("the date is missing")
    try:
        day = _day(text)
    except ValueError as error:
        raise Unreadable(f"{shown(text)} is not a date; write it as 2026-10-31 or 31/10/2026") from error
    if not EARLIEST <= day <= LATEST:
        raise Unreadable(f"{shown(text)} is not between 1900 and 2100; check the year")
    return day


def _day(text: str) -> dt.date:
    if found := _ISO.fullmatch(text):
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(text):
        return dt.date(_year(found[3]), int(found[2]), int(found[1]))
    if found := _NAMED_MONTH.fullmatch(text):
        return dt.date(_year(found[3]), _MONTHS.index(found[2][:3].lower()) + 1, int(found[1]))
    raise ValueError(text)


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def parse_pence(text: str) -> int:
    """An amount as published, rounded to the penny, halves away from zero: ` 1,496.00 `, `(12.50)`, `12.50-`,
    `460.80000000000007`, `6.82E-13`. Raises Unreadable, also for a comma that does not part thousands.
    """
    plain = text.strip().replace("£", "").replace("\u00a0", "").replace(" ", "").replace(MINUS, "-")
    if not plain or plain == "-":
        raise Unreadable("the amount is missing")
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    elif plain.endswith("-") and not plain.startswith("-"):
        plain = f"-{plain[:-1]}"
    if not _AMOUNT.fullmatch(plain) or not any(each.isdigit() for each in plain):
        raise Unreadable(f"{shown(text.strip())} is not an amount; write it as 1496.00")
    amount = Decimal(plain.replace(",", ""))
    if abs(amount) >= Decimal(LARGEST_PENCE).scaleb(-2):
        raise Unreadable(f"{shown(text.strip())} is too large for one payment")
    return to_pence(round_pounds(amount))


def parse_text(text: str, what: str, longest: int) -> str:
    """A text without the space around it. Raises Unreadable where it is too long or has a line break in it."""
    text = text.strip()
    if len(text) > longest:
        raise Unreadable(f"{what} {shown(text)} is longer than {longest} characters")
    if _BREAK.search(text) or unseen_in(text):
        raise Unreadable(f"{what} has a line break or another character that cannot be kept; check the quotation marks")
    return text
