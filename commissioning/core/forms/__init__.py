"""Forms in the GOV.UK way: the only module of the application that knows crispy-forms and its template pack.

A form is a `Form` with the fields below. Show it with `layouts/form.html`, or with `{% error_summary form %}` above and
`{% crispy form %}` (every field) or `{% field form.name %}` (one field) inside a `<form>` of your own.
"""

from commissioning.core.forms.base import Form, Renderer
from commissioning.core.forms.bound import GovBoundField
from commissioning.core.forms.choices import (
    CheckboxesField,
    CheckboxField,
    ChoicesField,
    RecordField,
    RecordsField,
    SelectField,
    YesNoField,
)
from commissioning.core.forms.days import DayField, MonthField
from commissioning.core.forms.numbers import NumberField, PercentField, PoundsField
from commissioning.core.forms.plain import PlainWords
from commissioning.core.forms.text import EmailField, FileField, NHSNumberField, PostcodeField, TextField, WordsField

__all__ = [
    "CheckboxField",
    "CheckboxesField",
    "ChoicesField",
    "DayField",
    "EmailField",
    "FileField",
    "Form",
    "GovBoundField",
    "MonthField",
    "NHSNumberField",
    "NumberField",
    "PercentField",
    "PlainWords",
    "PostcodeField",
    "PoundsField",
    "RecordField",
    "RecordsField",
    "Renderer",
    "SelectField",
    "TextField",
    "WordsField",
    "YesNoField",
]
