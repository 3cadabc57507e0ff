"""Kinds of cell: how each reads its text and writes it back. CSV and spreadsheet share them.

`parse` takes text that is not blank and raises NotAcceptable with what to do; `format` gives back text that reads as
the same value. `empty` is what an empty cell means. `from_record` and `to_record` bridge to the field of a model.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

import nhs_number

from commissioning.core import money, periods
from commissioning.core.characters import hidden_in
from commissioning.core.tables import is_risky

PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
LONGEST_REFERENCE = 40


class NotAcceptable(ValueError):
    """A cell that cannot be kept; the message says what to do."""


def guarded(text: str) -> str:
    """Text that no spreadsheet program will execute."""
    return f"'{text}" if is_risky(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given. An apostrophe that guards nothing is the text's own."""
    return text[1:] if text.startswith("'") and is_risky(text[1:]) else text


def tidy(text: str) -> str:
    """One kind of line break, and no spaces around."""
    return text.replace("\r\n", "\n").strip(" \u00a0")


def plain(number: Decimal) -> str:
    """A number without zeros that say nothing: `72.5`, `100`."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


class Kind:
    """A kind of cell."""

    empty: ClassVar[Any] = None
    is_number: ClassVar[bool] = False

    def parse(self, text: str) -> Any:
        raise NotImplementedError

    def format(self, value: Any) -> str:
        return "" if value == self.empty or value is None else guarded(str(value))

    def from_record(self, value: Any) -> Any:
        return self.empty if value is None else value

    def to_record(self, value: Any) -> Any:
        return value

    def explain(self) -> str:
        """What may stand in the cell, for documentation."""
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Kind):
    longest: int | None = None
    empty: ClassVar[Any] = ""

    def parse(self, text: str) -> str:
        value = tidy(unguarded(text))
        if self.longest and len(value) > self.longest:
            raise NotAcceptable(f"Shorten this to at most {self.longest} characters; it has {len(value)}.")
        return value

    def from_record(self, value: Any) -> str:
        return tidy(value or "")

    def explain(self) -> str:
        return f"text, at most {self.longest} characters" if self.longest else "text"


@dataclass(frozen=True)
class Reference(Kind):
    """The partnership's own reference of a record."""

    longest: int = LONGEST_REFERENCE
    empty: ClassVar[Any] = ""

    def parse(self, text: str) -> str:
        value = unguarded(text).strip()
        if hidden := hidden_in(value):
            raise NotAcceptable(f"Write the reference on one line, without tabs or hidden characters ({hidden}).")
        if len(value) > self.longest:
            raise NotAcceptable(f"Shorten the reference to at most {self.longest} characters; it has {len(value)}.")
        return value

    def explain(self) -> str:
        return f"reference, at most {self.longest} characters"


@dataclass(frozen=True)
class Link(Reference):
    """The reference of a record in another file, or already stored."""

    file: str = ""
    noun: str = "record"
    empty: ClassVar[Any] = None

    def explain(self) -> str:
        return f"a reference in {self.file}"


@dataclass(frozen=True)
class Choice(Kind):
    choices: Sequence[str]
    empty: ClassVar[Any] = ""

    def parse(self, text: str) -> str:
        value = text.strip()
        if value not in self.choices:
            raise NotAcceptable(f"Use one of: {', '.join(self.choices)}.")
        return value

    def explain(self) -> str:
        return ", ".join(self.choices)


@dataclass(frozen=True)
class Choices(Kind):
    """Several choices with `;` between, always in the order of the choices."""

    choices: Sequence[str]
    empty: ClassVar[Any] = ()

    def parse(self, text: str) -> tuple[str, ...]:
        given = {part.strip() for part in text.split(";") if part.strip()}
        for unknown in sorted(given - set(self.choices)):
            raise NotAcceptable(f"“{unknown}” is not known here. Use any of: {', '.join(self.choices)}; put ; between.")
        return tuple(choice for choice in self.choices if choice in given)

    def format(self, value: Any) -> str:
        return ";".join(value)

    def from_record(self, value: Any) -> tuple[str, ...]:
        return tuple(choice for choice in self.choices if choice in (value or ()))

    def to_record(self, value: Any) -> list[str]:
        return list(value)

    def explain(self) -> str:
        return f"any of {', '.join(self.choices)}, with ; between"


@dataclass(frozen=True)
class Lines(Kind):
    """Several texts, a line each, such as the names a supplier was published under."""

    longest: int = 200
    empty: ClassVar[Any] = ()

    def parse(self, text: str) -> tuple[str, ...]:
        lines = tuple(line.strip() for line in unguarded(text).splitlines() if line.strip())
        if any(len(line) > self.longest for line in lines):
            raise NotAcceptable(f"Shorten each line to at most {self.longest} characters.")
        return lines

    def format(self, value: Any) -> str:
        return guarded("\n".join(value))

    def from_record(self, value: Any) -> tuple[str, ...]:
        return tuple(line.strip() for line in (value or ()) if line.strip())

    def to_record(self, value: Any) -> list[str]:
        return list(value)

    def explain(self) -> str:
        return "one or more, a line each in the cell"


@dataclass(frozen=True)
class Day(Kind):
    def parse(self, text: str) -> dt.date:
        try:
            return periods.parse_iso_day(text.strip())
        except periods.NotADate as error:
            raise NotAcceptable(f"{error}.") from error

    def format(self, value: Any) -> str:
        return value.isoformat() if value else ""

    def explain(self) -> str:
        return "date, YYYY-MM-DD, from 1900-01-01 to 2100-12-31"


@dataclass(frozen=True)
class MonthDay(Kind):
    """A month, kept as its first day. A spreadsheet's date cell on the first of a month will do."""

    def parse(self, text: str) -> dt.date:
        written = text.strip()
        try:
            return periods.Month.parse(written[:7] if written.endswith("-01") and len(written) == 10 else written).first
        except periods.NotADate as error:
            raise NotAcceptable(f"{error}.") from error

    def format(self, value: Any) -> str:
        return value.strftime("%Y-%m") if value else ""

    def explain(self) -> str:
        return "month, YYYY-MM"


@dataclass(frozen=True)
class Year(Kind):
    """A financial year, kept as the calendar year in which it begins."""

    def parse(self, text: str) -> int:
        try:
            return periods.FinancialYear.parse(text.strip()).start
        except periods.NotADate as error:
            raise NotAcceptable(f"{error}.") from error

    def format(self, value: Any) -> str:
        return "" if value is None else str(periods.FinancialYear(value))

    def explain(self) -> str:
        return "financial year, YYYY-YY"


@dataclass(frozen=True)
class YesNo(Kind):
    def parse(self, text: str) -> bool:
        try:
            return {"yes": True, "no": False}[text.strip().lower()]
        except KeyError as error:
            raise NotAcceptable("Write yes or no, or leave it empty where it is not known.") from error

    def format(self, value: Any) -> str:
        return {True: "yes", False: "no", None: ""}[value]

    def explain(self) -> str:
        return "yes, no"


@dataclass(frozen=True)
class Pounds(Kind):
    largest: Decimal = money.LARGEST
    is_number: ClassVar[bool] = True

    def parse(self, text: str) -> Decimal:
        try:
            return money.parse_pounds(unguarded(text), largest=self.largest)
        except money.NotMoney as error:
            raise NotAcceptable(f"{error}.") from error

    def format(self, value: Any) -> str:
        return "" if value is None else f"{value:.2f}"

    def explain(self) -> str:
        return "pounds, two decimals"


@dataclass(frozen=True)
class Number(Kind):
    """A number between two bounds with at most so many decimals."""

    lowest: Decimal
    highest: Decimal
    places: int = 0
    above_lowest: bool = False
    is_number: ClassVar[bool] = True

    def parse(self, text: str) -> Decimal:
        written = unguarded(text).strip().replace(money.MINUS, "-").removesuffix("%").rstrip()
        if not re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?", written):
            raise NotAcceptable(f"Write a number {self._bounds()}.")
        value = Decimal(written)
        if value != value.quantize(Decimal(1).scaleb(-self.places)):
            allowed = f"at most {self.places} decimals" if self.places else "no decimals"
            raise NotAcceptable(f"Write a number with {allowed}.")
        if not self.lowest <= value <= self.highest or (self.above_lowest and value == self.lowest):
            raise NotAcceptable(f"Write a number {self._bounds()}.")
        return value

    def format(self, value: Any) -> str:
        return "" if value is None else plain(Decimal(value))

    def to_record(self, value: Any) -> Any:
        return int(value) if value is not None and self.places == 0 else value

    def _bounds(self) -> str:
        first = f"above {plain(self.lowest)} and up to" if self.above_lowest else f"from {plain(self.lowest)} to"
        return f"{first} {plain(self.highest)}"

    def explain(self) -> str:
        return f"number {self._bounds()}" + (f", up to {self.places} decimals" if self.places else "")


@dataclass(frozen=True)
class NHSNumber(Kind):
    empty: ClassVar[Any] = ""

    def parse(self, text: str) -> str:
        digits = re.sub(r"[\s\u00a0-]", "", unguarded(text))
        if not re.fullmatch(r"[0-9]{10}", digits):
            raise NotAcceptable("An NHS number has ten digits. Copy it again, or leave it empty.")
        if not nhs_number.is_valid(digits):
            raise NotAcceptable("The check digit does not fit this NHS number. Copy it again, or leave it empty.")
        return digits

    def explain(self) -> str:
        return "NHS number, ten digits with a right check digit"


POSTCODE = re.compile(r"(GIR|[A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")


@dataclass(frozen=True)
class Postcode(Kind):
    """Kept in upper case with one space."""

    empty: ClassVar[Any] = ""

    def parse(self, text: str) -> str:
        match = POSTCODE.fullmatch(re.sub(r"\s", "", text).upper())
        if match is None:
            raise NotAcceptable("Write a whole postcode, like DN31 1HU.")
        return f"{match[1]} {match[2]}"

    def explain(self) -> str:
        return "postcode"


@dataclass(frozen=True)
class AnswerValue(Text):
    """An answer's text; what it may be depends on its measure (`checks.answers`). Numbers stay numbers."""

    def format(self, value: Any) -> str:
        return value if PLAIN_NUMBER.fullmatch(value) else guarded(value)

    def explain(self) -> str:
        return "by the measure's kind: a whole number (scale), yes or no, a number (count), or words"
