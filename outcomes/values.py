"""What may be answered to a measure: one rule for checklists and for files."""

import re
from dataclasses import dataclass
from decimal import Decimal

from commissioning.core.errors import Refused
from outcomes.models import Measure

MOST_WORDS = 2000
YES, NO = "yes", "no"
# The largest number the column holds with two decimals; a measure's own maximum is usually far less.
LARGEST = Decimal(9_999_999)


@dataclass(frozen=True)
class Given:
    """An answer that may be kept: the text, and the same as a number where the measure is one (yes is 1, no 0)."""

    value: str
    number: Decimal | None = None


def check_value(measure: Measure, text: str) -> Given:
    """The answer as it is kept. Raises Refused, naming the measure's code as the field, with what to enter instead."""
    text = text.strip()
    if measure.kind == Measure.Kind.WORDS:
        return _words(measure, text)
    if measure.kind == Measure.Kind.YES_NO:
        return _yes_or_no(measure, text)
    return _number(measure, text)


def _words(measure: Measure, text: str) -> Given:
    if len(text) > MOST_WORDS:
        raise Refused(f"Shorten this to {MOST_WORDS:,} characters; it has {len(text):,}", field=measure.code)
    return Given(_without_controls(text))


def _without_controls(text: str) -> str:
    """Line ends are kept, other control characters are not: files refuse them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text)


def check_evidence(measure: Measure, text: str) -> str:
    if len(text.strip()) > MOST_WORDS:
        raise Refused(f"Shorten what shows this to {MOST_WORDS:,} characters", field=measure.code)
    return _without_controls(text.strip())


def _yes_or_no(measure: Measure, text: str) -> Given:
    answer = text.casefold()
    if answer not in {YES, NO}:
        raise Refused("Answer yes or no", field=measure.code)
    return Given(answer, Decimal(1 if answer == YES else 0))


def _number(measure: Measure, text: str) -> Given:
    digits = text.replace(",", "").replace("\u2212", "-")
    if not re.fullmatch(r"-?[0-9]{1,12}", digits):
        raise Refused(f"Enter a whole number{_such_as(measure)}", field=measure.code)
    number = Decimal(int(digits))
    lowest = measure.minimum if measure.minimum is not None else Decimal(0)
    highest = measure.maximum if measure.maximum is not None else LARGEST
    if number < lowest:
        raise Refused(f"Enter {_plain(lowest)} or more", field=measure.code)
    if number > highest:
        raise Refused(f"Enter {_plain(highest)} or less", field=measure.code)
    return Given(str(int(number)), number)


def _such_as(measure: Measure) -> str:
    if measure.minimum is not None and measure.maximum is not None and measure.kind == Measure.Kind.SCALE:
        return f" from {_plain(measure.minimum)} to {_plain(measure.maximum)}"
    return ", such as 3; if there were none, enter 0"


def _plain(number: Decimal) -> str:
    """`5`, not `5.00`; thousands with a comma."""
    return f"{number:,f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:,f}"
