"""Money: pounds in `Decimal` at rest, whole pence in computation, text on screen. Never a float."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

MINUS = "\u2212"
LARGEST = Decimal("9999999.99")
# A pooled fund: one partnership's runs to £195 million.
LARGEST_POOL = Decimal("99999999999.99")

_SPOKEN = re.compile(r"[£,\s\u00a0]")


class NotMoney(ValueError):
    """The text is not an amount of money; the message says what to enter."""


def parse_pounds(text: str, *, largest: Decimal = LARGEST) -> Decimal:
    """An amount as people type it (`£3,100`, ` 1,496.00 `, `−42.35`), in pounds with two decimals.

    Raises NotMoney for words, more than two decimals or more than the largest (a price's, unless given) either way.
    """
    cleaned = _SPOKEN.sub("", text).replace(MINUS, "-")
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]*)?|-?\.[0-9]+", cleaned):
        raise NotMoney("Enter an amount in pounds, like 3,100 or 1224.79")
    try:
        amount = Decimal(cleaned)
    except InvalidOperation as error:
        raise NotMoney("Enter an amount in pounds, like 3,100 or 1224.79") from error
    if amount != amount.quantize(Decimal("0.01")):
        raise NotMoney("Enter pounds and pence, with no more than two decimal places")
    if abs(amount) > largest:
        raise NotMoney(f"Enter an amount of at most £{largest:,}")
    return amount.quantize(Decimal("0.01")) + 0  # no negative zero


def to_pence(pounds: Decimal) -> int:
    """Whole pence of an amount that has at most two decimals."""
    pence = pounds * 100
    if pence != pence.to_integral_value():
        raise ValueError(f"{pounds} has a fraction of a penny")
    return int(pence)


def from_pence(pence: int) -> Decimal:
    return Decimal(pence).scaleb(-2)


def round_half_away(numerator: int, denominator: int) -> int:
    """The whole number nearest to a fraction, halves away from zero: the rounding of every cost rule."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return magnitude if numerator >= 0 else -magnitude


def round_pounds(amount: Decimal) -> Decimal:
    """To the penny, halves away from zero (published files carry floating-point noise)."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def format_pence(pence: int, *, pennies: bool = True, sign: bool = False) -> str:
    """`£3,100.00`, or `£3,100` without pennies; a minus is `−`, and with `sign` a plus is shown too."""
    prefix = MINUS if pence < 0 else ("+" if sign and pence > 0 else "")
    if not pennies:
        return f"{prefix}£{round_half_away(abs(pence), 100):,}"
    return f"{prefix}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def csv_pence(pence: int) -> str:
    """Two decimals and a hyphen-minus, as spreadsheets read it."""
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02d}"
