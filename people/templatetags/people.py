"""Tags of the pages about people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template

from people.figures import Life

register = template.Library()

_STEP = 17
_FIRST = 8


@dataclass(frozen=True)
class Dots:
    """The marks of a row of outcomes and the width they take."""

    marks: tuple[tuple[str, int], ...]
    width: int


@register.simple_tag
def outcome_dots(life: Life) -> Dots:
    """A mark for each measure: better first, then the same, then worse."""
    kinds = ["better"] * life.better + ["same"] * life.same + ["worse"] * life.worse
    return Dots(tuple((kind, _FIRST + place * _STEP) for place, kind in enumerate(kinds)), _STEP * len(kinds) + 1)


@register.filter
def of_key(mapping: Mapping[Any, Any], key: Any) -> Any:
    return mapping.get(key, "")


@register.filter
def initials(name: str) -> str:
    """`Dr Hanna Lind` is HL: the first letters of the first name and the last, titles left out."""
    words = [word for word in name.split() if word.rstrip(".").lower() not in {"dr", "mr", "mrs", "ms", "miss", "prof"}]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
