"""Error messages in plain words that name the field and say what to do."""

import re
from typing import Any

from django import forms
from django.forms.utils import pretty_name

# A label that begins with one of these is a phrase already; others read better after “the”.
_PHRASES = re.compile(
    "a|an|any|anything|at|each|every|has|her|his|how|if|in|is|it|its|my|no|our|the|their|this|to|we|what|when|where"
    "|whether|which|who|whose|why|your|yes",
    re.IGNORECASE,
)

_ASIDE = re.compile(r"(?:,? if (?:known|any)| \(optional\))$", re.IGNORECASE)


def named(label: str) -> str:
    """A label as the name of its field: without what it says of when the field may be left empty."""
    return _ASIDE.sub("", label.strip().rstrip(":"))


def in_sentence(label: str) -> str:
    """A label inside a sentence: `First day` is “the first day”, `What matters to me` is “what matters to me”."""
    label = named(label)
    first = label.split(" ", 1)[0]
    is_name = any(mark in first for mark in "’'“") or first[1:] != first[1:].lower()
    words = label if is_name else label[:1].lower() + label[1:]
    return words if _PHRASES.fullmatch(first) or "’" in first else f"the {words}"


def missing(label: str, *, choose: bool = False) -> str:
    """What to say of an empty field: “Enter the first day”, “Choose the setting”, “Answer: Is there a plan?”."""
    if label.rstrip().endswith("?"):
        return f"Answer: {label.strip()}"
    return f"{'Choose' if choose else 'Enter'} {in_sentence(label)}"


def about(label: str, message: str) -> str:
    """A message that says what to do, with the field's name before it."""
    return f"{label.strip().rstrip('?:')}: {message[:1].lower()}{message[1:]}"


class PlainWords(forms.BaseForm):
    """For any form: its fields' standard messages are made to name the field, before they are needed."""

    def full_clean(self) -> None:
        for name, field in self.fields.items():
            if field.label is None:
                field.label = pretty_name(name)
            _say_plainly(field, str(field.label))
        super().full_clean()


def _say_plainly(field: forms.Field, label: str) -> None:
    standard = _standard_messages(field)
    for code, message in _plain_messages(field, label).items():
        if code in field.error_messages and field.error_messages[code] == standard.get(code):
            field.error_messages[code] = message


def _standard_messages(field: forms.Field) -> dict[str, Any]:
    """The messages a field of this kind has when nobody gave it others."""
    messages: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        messages.update(getattr(kind, "default_error_messages", {}))
    return messages


def _plain_messages(field: forms.Field, label: str) -> dict[str, str]:
    choose = isinstance(field, forms.ChoiceField | forms.FileField)
    ticked = isinstance(field, forms.BooleanField)
    return {
        "required": f"Tick “{label}”" if ticked else missing(label, choose=choose),
        "invalid_choice": f"Choose {in_sentence(label)} from the list",
        "invalid_pk_value": f"Choose {in_sentence(label)} from the list",
    }
