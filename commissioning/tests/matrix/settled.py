"""Conditions of templates that ask about the actor, each behind a switch: any can be settled to true or to false.

Every template that is read while the block lasts is compiled with each of its conditions asking the switches first, so
that settling one compiles nothing again; no file is touched.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from weakref import WeakKeyDictionary

from django.template import defaulttags, engines
from django.template.base import Parser, VariableDoesNotExist
from django.template.defaulttags import TemplateIfParser

from commissioning.tests.matrix.guards import ROOT

ASKS = re.compile(
    r"\bactor\.(sees_\w+|can_commission|is_provider)\b|\b(can|may|knows)_\w+|\bsight\.\w+|\bshown\.(names|money|life|providers)\b"
)
IF = re.compile(r"\{%\s*(?:if|elif)\s+([^%]*?)\s*%\}")


@dataclass(frozen=True)
class Condition:
    """An `{% if %}` or `{% elif %}`: the how manyth of its template, and what it asks."""

    template: str
    number: int
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.template}:{self.line} {self.says}"


@cache
def conditions() -> tuple[Condition, ...]:
    """Every condition that asks about the actor, or asks `can_…`, `may_…`, `knows_…` or what is in sight."""
    return tuple(each for path in sorted((ROOT / "templates").rglob("*.html")) for each in _conditions_of(path))


def _conditions_of(path: Path) -> Iterator[Condition]:
    text = path.read_text()
    for number, found in enumerate(IF.finditer(text)):
        if ASKS.search(found[1]):
            line = text[: found.start()].count("\n") + 1
            yield Condition(str(path.relative_to(ROOT)), number, line, " ".join(found[1].split()))


@dataclass
class Settled:
    """Which condition is settled now and how, and how each that a page asked came out; which have a switch so far."""

    condition: Condition | None = None
    value: bool = False
    asked: dict[Condition, set[bool]] = field(default_factory=dict)
    switched: set[Condition] = field(default_factory=set)

    def settle(self, condition: Condition | None, value: bool = False) -> None:
        self.condition, self.value = condition, value


@dataclass
class Switched:
    """A compiled condition with its switch before it."""

    of: Condition
    real: Any
    settled: Settled

    def eval(self, context: Any) -> bool:
        if self.settled.condition == self.of:
            return self.settled.value
        try:
            came = bool(self.real.eval(context))
        except VariableDoesNotExist:
            came = False
        self.settled.asked.setdefault(self.of, set()).add(came)
        return came


@contextmanager
def settling() -> Iterator[Settled]:
    """Every condition with its switch, none of them settled."""
    settled = Settled()
    known = {(each.template, each.number): each for each in conditions()}
    met: WeakKeyDictionary[Parser, int] = WeakKeyDictionary()

    class Switching(TemplateIfParser):
        """Meets the conditions of a template in the order in which they are written."""

        def __init__(self, parser: Parser, words: list[str]) -> None:
            self.says = " ".join(words)
            super().__init__(parser, words)

        def parse(self) -> Any:
            parser, real = self.template_parser, super().parse()
            number = met[parser] = met.get(parser, -1) + 1
            condition = known.get((_path_of(parser), number))
            if condition is None:
                return real
            if condition.says != self.says:
                raise LookupError(f"{condition} is not where it was: {self.says}")
            settled.switched.add(condition)
            return Switched(condition, real, settled)

    with patch.object(defaulttags, "TemplateIfParser", Switching):
        forget_templates()
        try:
            yield settled
        finally:
            forget_templates()


def _path_of(parser: Parser) -> str:
    path = Path(parser.origin.name) if parser.origin else Path()
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else ""


def forget_templates() -> None:
    for loader in engines["django"].engine.template_loaders:  # type: ignore[attr-defined]
        loader.reset()
