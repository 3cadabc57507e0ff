"""What a form looks like to a browser and a screen reader: links that land, errors beside their field."""

import re

import pytest
from django import forms as django_forms
from django.template import engines

from commissioning.core.errors import Refused
from commissioning.core.forms import (
    CheckboxesField,
    CheckboxField,
    ChoicesField,
    DayField,
    Form,
    PoundsField,
    SelectField,
    TextField,
    WordsField,
)

PAGE = "{% error_summary form %}<form>{% crispy form %}</form>"


class EveryField(Form):
    name = TextField(label="Name", help_text="As on the letter")
    words = WordsField(label="What matters", max_length=500)
    start = DayField(label="First day")
    price = PoundsField(label="Price")
    setting = ChoicesField(label="Setting", choices=[("a", "A"), ("b", "B")], hints={"a": "A home of one’s own"})
    cohorts = CheckboxesField(label="Cohorts", choices=[("a", "A"), ("b", "B")])
    provider = SelectField(label="Provider", choices=[("a", "A")])
    sure = CheckboxField(label="I have checked")


class PackagesForm(django_forms.Form):
    password = django_forms.CharField(widget=django_forms.PasswordInput(), help_text="Twelve or more")


def page(form: django_forms.BaseForm | None, template: str = PAGE, **context: object) -> str:
    return str(engines["django"].from_string(template).render({"form": form, **context}))


def test_it_leads_every_error_to_a_control_on_the_page() -> None:
    html = page(EveryField({"start_day": "1", "start_month": "1", "start_year": "0206"}))
    targets = re.findall(r'<li><a href="#([^"]+)">', html)
    assert len(targets) == len(EveryField.base_fields)
    for target in targets:
        assert re.search(rf'<(input|select|textarea)[^>]* id="{target}"', html), target
    assert "id_start_2" in targets


def test_it_describes_each_control_by_the_hint_and_error_that_are_there() -> None:
    html = page(EveryField({}))
    for described in re.findall(r'aria-describedby="([^"]*)"', html):
        assert described
        for identifier in described.split():
            assert f'id="{identifier}"' in html


def test_it_says_errors_beside_the_field_and_in_the_summary() -> None:
    html = page(EveryField({}))
    assert html.count("Enter the name") == 2
    assert "Nothing is saved yet. 8 things to put right" in html


def test_it_shows_again_what_was_typed() -> None:
    html = page(
        EveryField({"name": "<Jo>", "price": "about 175", "start_day": "31", "start_month": "feb", "setting": "b"})
    )
    assert 'value="&lt;Jo&gt;"' in html
    assert 'value="about 175"' in html
    assert 'value="feb"' in html
    assert re.search(r'value="b"[^>]*checked', html)


def test_it_has_no_summary_without_errors() -> None:
    assert "error-summary" not in page(EveryField())


def test_it_asks_for_the_right_keyboard() -> None:
    html = page(EveryField())
    assert html.count('inputmode="numeric"') == 2
    assert html.count('inputmode="decimal"') == 1


def test_it_gives_a_packages_form_the_same_look() -> None:
    html = page(PackagesForm({}), "{% error_summary form %}{{ form.password.as_field_group }}")
    assert "govuk-password-input" in html
    assert 'href="#id_password"' in html
    assert 'aria-describedby="id_password-hint id_password-error"' in html


def test_it_shows_one_field_where_a_page_lays_its_form_out_itself() -> None:
    html = page(EveryField({}), '{% field form.price "s4" %}')
    assert "govuk-form-group--error s4" in html
    assert "£" in html


def test_it_leads_an_error_of_the_whole_form_to_its_first_control() -> None:
    form = EveryField({})
    form.is_valid()
    form.refuse(Refused("This overlaps another line"))
    assert '<a href="#id_name">This overlaps another line</a>' in page(form)


def test_it_sums_up_several_forms_and_names_their_rows() -> None:
    lines = django_forms.formset_factory(EveryField, extra=0)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "x"}
    )
    lines.forms[0].summary_prefix = "Waking night"
    html = page(None, "{% error_summary form lines %}", lines=lines)
    assert "Waking night: enter the price" in html
    assert 'href="#id_form-0-price"' in html


@pytest.mark.parametrize("required", [True, False])
def test_it_marks_what_may_be_left_empty(required: bool) -> None:
    form = type("OneField", (Form,), {"note": TextField(label="Note", required=required)})()
    assert ("(optional)" in page(form)) is not required
