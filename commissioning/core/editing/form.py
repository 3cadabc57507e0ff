"""A form over records that somebody else may have open too."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models

from commissioning.core.editing import words
from commissioning.core.editing.versions import Opened, plain
from commissioning.core.errors import Refused, Stale
from commissioning.core.forms import Form

VERSION = "version"
KEEP = "keep-"
ASKED = "asked"
THEIRS = "theirs"
YOURS = "yours"

Records = Sequence[models.Model] | Callable[[], Sequence[models.Model]]
Saved = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True)
class Difference:
    """One field that the two savers gave different values. `kept` is what is chosen beforehand: nothing, where both
    changed it.
    """

    field: str
    label: str
    yours: list[words.Piece]
    theirs: list[words.Piece]
    you_changed: bool
    they_changed: bool
    is_unchosen: bool = False

    @property
    def kept(self) -> str:
        if self.you_changed and self.they_changed:
            return ""
        return YOURS if self.you_changed else THEIRS


class EditForm(Form):
    """A form that changes or ends `records`; without any it makes a new one, and has no version.

    `saved` gives the values of the fields as they are saved now; what it leaves out (the day something ends, why) is
    only this person's. Both are asked for again when somebody else was first.
    """

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100_000)

    def __init__(self, *args: Any, records: Records = (), saved: Saved | None = None, **kwargs: Any) -> None:
        self._records, self._saved = records, saved or dict
        super().__init__(*args, **kwargs)
        self.is_stale = False
        self.unchosen: list[str] = []
        if not callable(records) and not records:
            del self.fields[VERSION]
            return
        self._look()

    @property
    def records(self) -> list[models.Model]:
        """What the form changes, as it was last read."""
        return list(self._rows)

    @property
    def opened(self) -> Opened:
        """What stood there when the person opened the form."""
        return Opened.read(str(self.data.get(self.add_prefix(VERSION), "")))

    @property
    def now(self) -> Opened:
        """What stands there now."""
        return Opened.at(self._saved_now, self._rows)

    def look_again(self) -> None:
        """Somebody was first: read what they saved."""
        self.is_stale = True
        if not callable(self._records):
            for each in self._records:
                each.refresh_from_db()
        self._look()

    def _look(self) -> None:
        self._rows = list(self._records() if callable(self._records) else self._records)
        self._saved_now = dict(self._saved())
        self.initial.update(self._saved_now)
        self.initial[VERSION] = str(self.now)

    def clean(self) -> dict[str, Any]:
        """Takes what is saved now for the fields where the person chose to keep it."""
        cleaned = dict(super().clean() or self.cleaned_data)
        chosen = {name: self.data.get(KEEP + name) for name in self.fields}
        if self.data.get(KEEP + "all") == YOURS:
            return cleaned
        asked = self.data.getlist(ASKED) if hasattr(self.data, "getlist") else []
        self.unchosen = [name for name in asked if name in self.fields and chosen[name] not in (YOURS, THEIRS)]
        return cleaned | {name: self.initial.get(name) for name, choice in chosen.items() if choice == THEIRS}

    def attempt(self, act: Callable[[], object]) -> bool:
        """Run an action; False when it refused, with its reasons on the form, or somebody was first (`is_stale`)."""
        try:
            if self.unchosen:
                raise Stale("Choose which to keep")
            act()
        except Stale:
            self.look_again()
            return False
        except Refused as refused:
            self.refuse(refused)
            return False
        return True

    @property
    def is_act(self) -> bool:
        """An act on the records, like ending or closing, rather than new values for them."""
        return not self._saved_now

    @property
    def values(self) -> dict[str, Any]:
        """What was entered, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != VERSION}

    @property
    def stood_at(self) -> str | None:
        """For the action: what the person saw when they opened the form; None for a new record."""
        return str(self.cleaned_data[VERSION]) if VERSION in self.fields else None

    def differences(self) -> list[Difference]:
        """Where what was sent differs from what is saved now, in the form's order."""
        opened = self.opened
        return [
            _difference(field, name, mine, theirs, opened, name in self.unchosen)
            for name, field in self.fields.items()
            if name in self._saved_now
            and plain(mine := self.cleaned_data.get(name)) != plain(theirs := self._saved_now[name])
        ]

    def only_yours(self) -> list[tuple[str, str]]:
        """What the person entered that nobody else can have saved, like the day on which something ends."""
        return [
            (words.label_of(self[name]), words.said(field, self.cleaned_data.get(name)))
            for name, field in self.fields.items()
            if name != VERSION
            and name not in self._saved_now
            and plain(self.cleaned_data.get(name)) not in ("", "False")
        ]


def _difference(field: forms.Field, name: str, mine: Any, theirs: Any, opened: Opened, is_unchosen: bool) -> Difference:
    yours, now = words.compared(words.said(field, mine), words.said(field, theirs))
    return Difference(
        field=name,
        label=str(field.label or name.replace("_", " ").capitalize()),
        yours=yours,
        theirs=now,
        you_changed=not opened.had(name, mine),
        they_changed=not opened.had(name, theirs),
        is_unchosen=is_unchosen,
    )
