"""A field on a form as the templates see it: which component it is, its identifiers, its control."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.safestring import SafeString

_CLASSES = {
    "text": "govuk-input",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
    "select": "govuk-select",
    "textarea": "govuk-textarea",
    "file": "govuk-file-upload",
    "radios": "govuk-radios__input",
    "checkboxes": "govuk-checkboxes__input",
    "checkbox": "govuk-checkboxes__input",
}
_ERROR_CLASSES = {
    "text": "govuk-input--error",
    "password": "govuk-input--error",
    "select": "govuk-select--error",
    "textarea": "govuk-textarea--error",
    "file": "govuk-file-upload--error",
}
_GROUPS = frozenset({"radios", "checkboxes", "boxes"})


def component_of(widget: forms.Widget) -> str:
    """Which GOV.UK component shows a widget."""
    kinds: tuple[tuple[type[forms.Widget], str], ...] = (
        (forms.CheckboxSelectMultiple, "checkboxes"),
        (forms.RadioSelect, "radios"),
        (forms.MultiWidget, "boxes"),
        (forms.Select, "select"),
        (forms.CheckboxInput, "checkbox"),
        (forms.FileInput, "file"),
        (forms.Textarea, "textarea"),
        (forms.PasswordInput, "password"),
    )
    return next((name for kind, name in kinds if isinstance(widget, kind)), "text")


class GovBoundField(BoundField):
    """A bound field with what a GOV.UK component needs. `component` is text, password, select, textarea, file,
    checkbox, or one of the groups: radios, checkboxes, boxes (a date's).
    """

    @property
    def component(self) -> str:
        return component_of(self.field.widget)

    @property
    def is_group(self) -> bool:
        return self.component in _GROUPS

    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}-hint"

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}-error"

    @property
    def described_by(self) -> str:
        """The identifiers of the hint and the error, in the order they are read."""
        parts = [self.hint_id] if self.help_text else []
        return " ".join([*parts, self.error_id] if self.errors else parts)

    @property
    def aria_describedby(self) -> str:
        return "" if self.is_hidden or self.is_group else self.described_by

    @property
    def first_id(self) -> str:
        """Where a link in the error summary lands: the control, or the first one at fault in a group."""
        if not self.is_group:
            return self.id_for_label or self.auto_id
        if self.component == "boxes":
            return f"{self.auto_id}_{min(self._wrong_boxes())}"
        return f"{self.auto_id}_0"

    @property
    def shown_label(self) -> str:
        """The label, with “(optional)” where the form marks what may be left empty."""
        label = str(self.label)
        marks = getattr(self.form, "marks_optional", False)
        if marks and not self.field.required and self.component != "checkbox" and " if " not in label:
            return label if "optional" in label.lower() else f"{label} (optional)"
        return label

    @property
    def prefix(self) -> str:
        return str(getattr(self.field, "prefix", ""))

    @property
    def suffix(self) -> str:
        return str(getattr(self.field, "suffix", ""))

    @property
    def count_up_to(self) -> int | None:
        """A long text's limit, counted down as one types."""
        limit = getattr(self.field, "max_length", None) if self.component == "textarea" else None
        return int(limit) if limit else None

    @property
    def options(self) -> list[tuple[BoundWidget, str]]:
        """Each radio or checkbox with its hint."""
        hints = getattr(self.field, "hints", {})
        return [(option, str(hints.get(str(option.data.get("value")), ""))) for option in self.subwidgets]

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = dict(super().build_widget_attrs(attrs, widget))
        shown = widget or self.field.widget
        if not shown.is_hidden:
            attrs["class"] = self._classes(shown)
        if self.is_group:
            attrs.pop("aria-invalid", None)
            attrs.pop("required", None)
            if self.component == "boxes":
                attrs.pop("class", None)
        if self.count_up_to and not shown.is_hidden:
            info = f"{self.auto_id}-info"
            attrs["aria-describedby"] = " ".join(filter(None, [attrs.get("aria-describedby"), info]))
        return attrs

    def as_widget(
        self, widget: forms.Widget | None = None, attrs: dict[str, Any] | None = None, only_initial: bool = False
    ) -> SafeString:
        if self.component == "boxes" and isinstance(self.field.widget, forms.MultiWidget):
            wrong = self._wrong_boxes() if self.errors else frozenset[int]()
            for position, box in enumerate(self.field.widget.widgets):
                width = box.attrs.get("data-width", "2")
                error = " govuk-input--error" if position in wrong else ""
                box.attrs["class"] = f"govuk-input govuk-date-input__input govuk-input--width-{width}{error}"
        return super().as_widget(widget, attrs, only_initial)

    def _classes(self, widget: forms.Widget) -> str:
        component = component_of(widget)
        own = str(widget.attrs.get("class", ""))
        wrong = _ERROR_CLASSES.get(component, "") if self.errors else ""
        counted = "govuk-js-character-count" if self.count_up_to else ""
        return " ".join(filter(None, [_CLASSES.get(component, ""), own, counted, wrong]))

    def _wrong_boxes(self) -> frozenset[int]:
        """Which boxes of a date are at fault; all of them when the fault is the date's as a whole."""
        every = frozenset(range(len(getattr(self.field.widget, "widgets", ()))))
        return frozenset(getattr(self.field, "wrong_boxes", ())) or every
