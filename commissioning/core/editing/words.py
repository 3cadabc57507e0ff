"""Values in words, and where two of them differ."""

import datetime as dt
import difflib
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.forms.boundfield import BoundField

from commissioning.core import periods
from commissioning.core.money import format_pence, to_pence

NOTHING = "Nothing"
# Shorter texts are taken in whole; in longer ones the eye needs to be led to what differs.
LONG = 40


@dataclass(frozen=True)
class Piece:
    """A part of a text, and whether it is only in this one of the two."""

    text: str
    differs: bool = False


def label_of(bound: BoundField) -> str:
    return str(bound.label or bound.name.replace("_", " ").capitalize())


def said(field: forms.Field, value: Any) -> str:
    """A value as the form's own field would say it."""
    if isinstance(value, bool) or value is None or isinstance(value, dt.date):
        return in_words(value)
    if isinstance(field, forms.ModelChoiceField) and value:
        several = value if isinstance(value, list | tuple | set | models.QuerySet) else [value]
        return ", ".join(sorted(field.label_from_instance(each) for each in several)) or NOTHING
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        names = {str(key): str(name) for key, name in _flat(field.choices)}
        values = value if isinstance(value, list | tuple) else [value]
        return ", ".join(names.get(str(each), str(each)) for each in values if str(each)) or NOTHING
    return _amount(field, value) if isinstance(value, Decimal | int) else in_words(value)


def in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.date):
        return periods.words(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, list | tuple | models.QuerySet):
        return ", ".join(sorted(str(each) for each in value)) or NOTHING
    return str(value).replace("\r\n", "\n").strip() if value not in (None, "") else NOTHING


def column_in_words(record: models.Model, field: "models.Field[Any, Any]") -> str:
    """A column of a row, or of an event that keeps one."""
    if isinstance(field, models.ForeignKey):
        related = field.related_model._default_manager.filter(pk=getattr(record, field.attname)).first()
        return in_words(str(related) if related else None)
    value = getattr(record, field.attname)
    if field.choices and value not in (None, ""):
        return str(dict(_flat(field.choices)).get(value, value))
    if isinstance(field, models.DecimalField) and field.decimal_places == 2 and (field.max_digits or 0) >= 12:
        return format_pence(to_pence(value)) if value is not None else NOTHING
    return in_words(value)


def compared(mine: str, theirs: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts, with the words that are only in one marked where the texts are long and have much in common."""
    if max(len(mine), len(theirs)) <= LONG or NOTHING in (mine, theirs):
        return [Piece(mine)], [Piece(theirs)]
    left, right = re.findall(r"\s+|[^\s]+", mine), re.findall(r"\s+|[^\s]+", theirs)
    matcher = difflib.SequenceMatcher(a=left, b=right, autojunk=False)
    if matcher.ratio() < 0.2:
        return [Piece(mine)], [Piece(theirs)]
    steps = matcher.get_opcodes()
    return (
        [Piece("".join(left[begin:end]), kind != "equal") for kind, begin, end, _, _ in steps if end > begin],
        [Piece("".join(right[begin:end]), kind != "equal") for kind, _, _, begin, end in steps if end > begin],
    )


def _amount(field: forms.Field, value: Decimal | int) -> str:
    prefix, suffix = getattr(field, "prefix", ""), getattr(field, "suffix", "")
    if prefix == "£":
        return format_pence(to_pence(Decimal(value)))
    gap = "" if suffix == "%" else " "
    return f"{prefix}{in_words(Decimal(value))}{gap if suffix else ''}{suffix}"


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    return [(key, name) for key, name in choices if not isinstance(name, list | tuple)]
