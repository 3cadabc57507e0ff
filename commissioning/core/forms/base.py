"""The form every page uses, and the renderer that gives any form (a package's too) the same look."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from crispy_forms_gds.helper import FormHelper
from django import forms
from django.db.models import QuerySet
from django.forms.renderers import TemplatesSetting

from commissioning.core.errors import Refused, RefusedMany
from commissioning.core.forms.bound import GovBoundField
from commissioning.core.forms.choices import SelectField
from commissioning.core.forms.plain import PlainWords


class Renderer(TemplatesSetting):
    """Makes every form's fields GOV.UK components; named by the FORM_RENDERER setting."""

    bound_field_class = GovBoundField
    field_template_name = "components/field.html"


class Form(PlainWords, forms.Form):
    """A form whose errors name their field, whose values survive errors, and which takes an action's refusal.

    `submit_text` is what the button says; `summary_prefix` goes before this form's messages in a summary of several.
    """

    submit_text: str = "Save"
    summary_prefix: str = ""
    marks_optional: ClassVar[bool] = True
    use_required_attribute = False

    @property
    def helper(self) -> FormHelper:
        """For `{% crispy form %}`: the fields alone, since the layout has the form element and the token."""
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        helper.use_custom_control = False
        return helper

    def offer(self, name: str, choices: Any, *, hints: Mapping[str, str] | None = None) -> None:
        """Set what a field offers once the form knows who asks: choices, or for a record field a scoped query."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField) and isinstance(choices, QuerySet):
            field.queryset = choices
        elif isinstance(field, SelectField):
            field.offer(choices)
        elif isinstance(field, forms.ChoiceField):
            field.choices = choices
        else:
            raise TypeError(f"{name} offers nothing to choose from.")
        if hints is not None and hasattr(field, "hints"):
            field.hints = dict(hints)

    def refuse(self, refused: Refused) -> None:
        """Put an action's refusal on the field it names, or on the form as a whole when it names none of them."""
        for one in refused if isinstance(refused, RefusedMany) else [refused]:
            self.add_error(one.field if one.field in self.fields else None, one.message)

    def attempt(self, act: Callable[[], object]) -> bool:
        """Run an action; False when it refused, with its reasons now on the form."""
        try:
            act()
        except Refused as refused:
            self.refuse(refused)
            return False
        return True
