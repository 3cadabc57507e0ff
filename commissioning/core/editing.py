"""Two people with the same record open: the second to save is shown both values, and nothing is overwritten.

A form carries the version it was opened at. The action locks the record and raises Stale where it has moved on; the
page then asks, field by field, which value to keep, and sends the form again with the new version.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commissioning.core import periods
from commissioning.core.errors import Stale
from commissioning.core.forms import Form
from commissioning.core.models import Versioned

V = TypeVar("V", bound=Versioned)

VERSION = "version"
KEEP = "keep-"
THEIRS = "theirs"


def lock(record: V, version: int) -> V:
    """The record as it stands now, locked and with its next version set. Raises Stale if it has moved on."""
    current = type(record)._default_manager.select_for_update().get(pk=record.pk)
    if current.version != version:
        raise Stale("Somebody else saved this while you were working on it. Nothing of yours was saved yet.")
    current.version += 1
    return current


@dataclass(frozen=True)
class Difference:
    """One field that the two savers gave different values."""

    field: str
    label: str
    yours: str
    theirs: str


class EditForm(Form):
    """A form over a record that has a version; `initial` is the record as it stands now."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Takes what is saved now for the fields where the person chose to keep it."""
        cleaned = dict(super().clean() or self.cleaned_data)
        for name in self.fields:
            if self.data.get(KEEP + name) == THEIRS:
                cleaned[name] = self.initial.get(name)
        return cleaned

    def differences(self) -> list[Difference]:
        """Where what was sent differs from what is saved now, in the form's order."""
        return [
            Difference(name, str(field.label or name), _words(field, yours), _words(field, theirs))
            for name, field in self.fields.items()
            if name != VERSION
            and _plain(yours := self.cleaned_data.get(name)) != _plain(theirs := self.initial.get(name))
        ]


def show_conflict(request: HttpRequest, form: EditForm, *, heading: str, back: str) -> HttpResponse:
    """The page that shows both values and asks which to keep. Status 409."""
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {VERSION, "csrfmiddlewaretoken"} and not name.startswith(KEEP)
        for value in values
    ]
    context: Mapping[str, Any] = {
        "heading": heading,
        "differences": form.differences(),
        "sent": sent,
        "version": form.initial[VERSION],
        "back": back,
    }
    return render(request, "layouts/conflict.html", dict(context), status=409)


def _plain(value: Any) -> Any:
    """Nothing is nothing, however a field says so; the order of ticked boxes does not matter."""
    if isinstance(value, list | tuple):
        return sorted(str(each) for each in value)
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return "" if value is None else value


def _words(field: forms.Field, value: Any) -> str:
    if value in (None, "", []):
        return "Nothing"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.date):
        return periods.words(value)
    names = {str(key): str(name) for key, name in getattr(field, "choices", [])}
    values = value if isinstance(value, list | tuple) else [value]
    return ", ".join(names.get(str(each), str(each)) for each in values)
