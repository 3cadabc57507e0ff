"""Fields for words, e-mail addresses, NHS numbers, postcodes and files."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator
from nhs_number.validate import is_valid as is_valid_nhs_number

from commissioning.core.characters import unseen_in
from commissioning.core.forms.plain import about, in_sentence

_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")


class TextField(forms.CharField):
    """One line of text, or with `rows` several. `width` is GOV.UK's (2, 3, 4, 5, 10, 20, 30 characters)."""

    def __init__(
        self,
        *,
        rows: int | None = None,
        width: int | None = None,
        autocomplete: str = "off",
        inputmode: str = "",
        missing: str = "",
        spellcheck: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(**with_message(options, missing))
        attrs = self.widget.attrs
        if rows:
            self.widget = forms.Textarea(attrs={"rows": rows})
            attrs = self.widget.attrs
        if width:
            attrs["class"] = f"govuk-input--width-{width}"
        if inputmode:
            attrs["inputmode"] = inputmode
        if not spellcheck:
            attrs["spellcheck"] = "false"
        attrs["autocomplete"] = autocomplete
        # The limit is checked and said; a box that silently stops taking letters is not clear.
        attrs.pop("maxlength", None)

    def run_validators(self, value: Any) -> None:
        if isinstance(value, str) and (hidden := unseen_in(value)):
            message = f"It holds a character that cannot be seen ({hidden}). Delete the text and type it again"
            raise ValidationError(about(str(self.label), message), code="hidden")
        if self.max_length is not None and isinstance(value, str) and len(value) > self.max_length:
            raise ValidationError(
                f"{self.label} must be {self.max_length:,} characters or fewer; it has {len(value):,}",
                code="max_length",
            )
        super().run_validators(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class WordsField(TextField):
    """Several lines of text, kept with plain line ends."""

    def __init__(self, *, rows: int = 5, **options: Any) -> None:
        super().__init__(rows=rows, **options)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class EmailField(forms.EmailField):
    """An e-mail address."""

    def __init__(self, *, autocomplete: str = "off", missing: str = "", **options: Any) -> None:
        super().__init__(**with_message(options, missing))
        self.widget.attrs.update({"autocomplete": autocomplete, "spellcheck": "false"})
        self.error_messages["invalid"] = "Enter an email address in the right form, like name@example.org"
        self.validators = [each for each in self.validators if isinstance(each, MaxLengthValidator)]

    def run_validators(self, value: Any) -> None:
        super().run_validators(value)
        if value and not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")


class NHSNumberField(TextField):
    """An NHS number as ten digits, its check digit verified; spaces and hyphens may be typed.

    Numbers of the test range (999 …) belong to nobody: only a fictional partnership should take them, by
    `fictional=True` or by setting `form.fields["nhs_number"].fictional`.
    """

    def __init__(self, *, fictional: bool = True, **options: Any) -> None:
        options.setdefault("label", "NHS number")
        options.setdefault("help_text", "10 digits, like 999 123 4578")
        super().__init__(width=10, inputmode="numeric", spellcheck=False, **options)
        self.fictional = fictional

    def to_python(self, value: Any) -> str:
        return re.sub(r"[\s\-\u00a0]", "", str(super().to_python(value) or ""))

    def prepare_value(self, value: Any) -> Any:
        text = str(value or "")
        return f"{text[:3]} {text[3:6]} {text[6:]}" if re.fullmatch(r"[0-9]{10}", text) else value

    def validate(self, value: str) -> None:
        super().validate(value)
        if not value:
            return
        if not re.fullmatch(r"[0-9]{10}", value):
            raise ValidationError(f"{self.label} must be 10 digits, like 999 123 4578", code="invalid")
        if not is_valid_nhs_number(value):
            raise ValidationError(
                f"Check {in_sentence(str(self.label))}: its digits do not add up, so one of them is wrong",
                code="invalid",
            )
        if value.startswith("999") and not self.fictional:
            raise ValidationError(
                f"{self.label} must be a real one; numbers from 999 are for tests and belong to nobody", code="invalid"
            )


class PostcodeField(TextField):
    """A United Kingdom postcode in the usual form: `dn312ab` becomes `DN31 2AB`."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "Postcode")
        super().__init__(width=10, spellcheck=False, **options)

    def to_python(self, value: Any) -> str:
        text = re.sub(r"[^A-Z0-9]", "", str(super().to_python(value) or "").upper())
        match = _POSTCODE.fullmatch(text)
        return f"{match[1]} {match[2]}" if match else str(value or "").strip()

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not re.fullmatch(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}", value):
            raise ValidationError(about(str(self.label), "Enter a full postcode, like DN31 2AB"), code="invalid")


class FileField(forms.FileField):
    """A file to upload; `accept` names the kinds offered by the browser, `largest` the size in bytes."""

    def __init__(self, *, accept: str = "", largest: int | None = None, missing: str = "", **options: Any) -> None:
        super().__init__(**with_message(options, missing))
        self.largest = largest
        self.widget = forms.FileInput(attrs={"accept": accept} if accept else {})
        self.error_messages["empty"] = "The file is empty; choose another"
        self.error_messages["missing"] = "The file did not arrive; choose it again"

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile) and self.largest and (file.size or 0) > self.largest:
            raise ValidationError(
                about(str(self.label), f"Choose a file of at most {self.largest // 1_000_000} MB"), code="too_large"
            )
        return file


def with_message(options: dict[str, Any], message: str) -> dict[str, Any]:
    """A field's options with its own words for when it is left empty."""
    if not message:
        return options
    return {**options, "error_messages": {"required": message, **options.get("error_messages", {})}}
