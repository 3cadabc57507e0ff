"""Fields for choosing: radios, a list, checkboxes, yes or no."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models

from commissioning.core.forms.text import with_message

if TYPE_CHECKING:
    _OneRecord = forms.ModelChoiceField[Any]
    _ManyRecords = forms.ModelMultipleChoiceField[Any]
else:
    # These classes take a type only for the type checker.
    _OneRecord = forms.ModelChoiceField
    _ManyRecords = forms.ModelMultipleChoiceField


class ChoicesField(forms.ChoiceField):
    """One of a few choices, as radios. `hints` says more about a choice, by its value. Nothing is chosen beforehand."""

    widget = forms.RadioSelect

    def __init__(self, *, hints: Mapping[str, str] | None = None, missing: str = "", **options: Any) -> None:
        super().__init__(**with_message(options, missing))
        self.hints = dict(hints or {})


class SelectField(forms.ChoiceField):
    """One of many choices, as a list that begins with an invitation to choose."""

    def __init__(self, *, empty: str = "Choose…", missing: str = "", choices: Any = (), **options: Any) -> None:
        self.empty = empty
        super().__init__(choices=[("", empty), *choices], **with_message(options, missing))

    def offer(self, choices: Any) -> None:
        """Set the choices once the form knows who asks, keeping the invitation on top."""
        self.choices = [("", self.empty), *choices]


class CheckboxesField(forms.MultipleChoiceField):
    """Any of several choices, as checkboxes; gives a list of values."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, hints: Mapping[str, str] | None = None, missing: str = "", **options: Any) -> None:
        super().__init__(**with_message(options, missing))
        self.hints = dict(hints or {})


class CheckboxField(forms.BooleanField):
    """One checkbox; required means that it must be ticked."""

    def __init__(self, *, missing: str = "", **options: Any) -> None:
        super().__init__(**with_message(options, missing))


class YesNoField(forms.TypedChoiceField):
    """Yes or no, as radios side by side; gives a `bool`, or None when optional and unanswered."""

    inline = True
    widget = forms.RadioSelect

    def __init__(
        self,
        *,
        yes: str = "Yes",
        no: str = "No",
        hints: Mapping[str, str] | None = None,
        missing: str = "",
        **options: Any,
    ) -> None:
        super().__init__(
            choices=[("yes", yes), ("no", no)],
            coerce=lambda value: value == "yes",
            empty_value=None,
            **with_message(options, missing),
        )
        self.hints = dict(hints or {})

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class RecordField(_OneRecord):
    """One record of a scoped query, as a list (`radios=True`: as radios); gives the record.

    Set `form.fields[…].queryset` to what the actor may choose; by default a record is named by its primary key.
    """

    def __init__(
        self,
        queryset: models.QuerySet[Any] | None = None,
        *,
        radios: bool = False,
        empty: str = "Choose…",
        missing: str = "",
        **options: Any,
    ) -> None:
        if radios:
            options["widget"] = forms.RadioSelect
        super().__init__(queryset, empty_label=None if radios else empty, **with_message(options, missing))


class RecordsField(_ManyRecords):
    """Any records of a scoped query, as checkboxes."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, queryset: models.QuerySet[Any] | None = None, *, missing: str = "", **options: Any) -> None:
        super().__init__(queryset, **with_message(options, missing))
