"""How an edition tells a number: the working pack exactly, the published editions through disclosure control.

Both give the same shape, so one set of sections makes every edition. What a published edition may show is `Published`
alone, and only `disclosure` makes those; `freeze` refuses anything else.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from typing import Any, Protocol

from commissioning.core.money import format_pence, round_half_away
from commissioning.reports import disclosure
from commissioning.reports.disclosure import Guard, Published


@dataclass(frozen=True)
class Exact:
    """A figure of the working pack, to the penny; never in a published edition."""

    words: str
    number: int | None

    @property
    def is_shown(self) -> bool:
        return self.number is not None


Shown = Published | Exact


def unit_words(shown: Shown) -> str:
    """What an amount of money was rounded to; nothing where it is hidden, since a unit tells of the largest price."""
    if not isinstance(shown, Published):
        return "the penny"
    return format_pence(shown.unit, pennies=False) if shown.is_shown else ""


class Teller(Protocol):
    """`name` is what the figure is called in the register, with its own month or period."""

    @property
    def is_public(self) -> bool: ...

    def count(self, name: str, number: int, *, among: int | None = None) -> Shown: ...

    def money(self, name: str, pence: int, *, people: int, largest: int, sign: bool = False) -> Shown: ...

    def amount(self, name: str, number: int, *, people: int, largest: int) -> Shown: ...

    def total(self, *parts: Shown) -> Shown: ...

    def a_year(self, weekly: Shown, weeks: Fraction) -> Shown: ...


class PublicTeller:
    """Tells what may be published."""

    is_public = True

    def __init__(self, guard: Guard) -> None:
        self.guard = guard

    def count(self, name: str, number: int, *, among: int | None = None) -> Shown:
        return self.guard.count(name, number, among=among)

    def money(self, name: str, pence: int, *, people: int, largest: int, sign: bool = False) -> Shown:
        return self.guard.money(name, pence, people=people, largest=largest, sign=sign)

    def amount(self, name: str, number: int, *, people: int, largest: int) -> Shown:
        return self.guard.amount(name, number, people=people, largest=largest)

    def total(self, *parts: Shown) -> Shown:
        return disclosure.total(*(_published(part) for part in parts))

    def a_year(self, weekly: Shown, weeks: Fraction) -> Shown:
        return disclosure.a_year(_published(weekly), weeks.numerator, weeks.denominator)


class ExactTeller:
    """Tells everything, to the penny."""

    is_public = False

    def count(self, name: str, number: int, *, among: int | None = None) -> Shown:
        return Exact(f"{number:,}", number)

    def money(self, name: str, pence: int, *, people: int, largest: int, sign: bool = False) -> Shown:
        return Exact(format_pence(pence, sign=sign), pence)

    def amount(self, name: str, number: int, *, people: int, largest: int) -> Shown:
        return Exact(f"{number:,}", number)

    def total(self, *parts: Shown) -> Shown:
        number = sum(part.number or 0 for part in parts)
        return Exact(format_pence(number), number)

    def a_year(self, weekly: Shown, weeks: Fraction) -> Shown:
        product = (weekly.number or 0) * weeks
        number = round_half_away(product.numerator, product.denominator)
        return Exact(format_pence(number, sign=True), number)


def _published(shown: Shown) -> Published:
    if not isinstance(shown, Published):
        raise NotPublished(f"“{shown.words}” has not been through disclosure control.")
    return shown


def is_worth_a_row(*shown: Shown) -> bool:
    """Whether anything is told at all. It depends on what is told alone, so leaving a row out tells nothing more."""
    return any(each.number for each in shown)


class NotPublished(TypeError):
    """A published edition held a number that had not been through disclosure control."""


def freeze(value: Any, *, public: bool) -> Any:
    """Figures as JSON can hold them. Raises NotPublished for a bare number or an exact one in a published edition."""
    if isinstance(value, Published):
        return {"words": value.words, "number": value.number}
    if isinstance(value, Exact):
        if public:
            raise NotPublished(f"“{value.words}” has not been through disclosure control.")
        return {"words": value.words, "number": value.number}
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, int):
        if public:
            raise NotPublished(f"The number {value} has not been through disclosure control.")
        return value
    return _freeze_many(value, public)


def _freeze_many(value: Any, public: bool) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: freeze(getattr(value, each.name), public=public) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): freeze(each, public=public) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [freeze(each, public=public) for each in value]
    raise TypeError(f"Figures cannot hold {type(value).__name__}.")
