"""Fields take what people type, and say in plain words what to do about the rest."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django import forms as django_forms

from commissioning.core.errors import Refused, RefusedMany, Stale
from commissioning.core.forms import (
    CheckboxesField,
    CheckboxField,
    ChoicesField,
    DayField,
    EmailField,
    Form,
    MonthField,
    NHSNumberField,
    NumberField,
    PercentField,
    PostcodeField,
    PoundsField,
    SelectField,
    TextField,
    WordsField,
    YesNoField,
)
from commissioning.core.forms.plain import in_sentence
from commissioning.core.periods import Month


def form_of(field: django_forms.Field, **data: str | list[str]) -> Form:
    kind = type("OneField", (Form,), {"value": field})
    form: Form = kind({f"value{name}" if name != "value" else name: text for name, text in data.items()})
    return form


def cleaned(field: django_forms.Field, **data: str | list[str]) -> Any:
    form = form_of(field, **data)
    assert form.is_valid(), form.errors.as_text()
    return form.cleaned_data["value"]


def message(field: django_forms.Field, **data: str | list[str]) -> str:
    form = form_of(field, **data)
    assert not form.is_valid()
    assert len(form.errors["value"]) == 1
    return str(form.errors["value"][0])


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("£3,100", "3100.00"), (" 1,496.00 ", "1496.00"), ("174.97", "174.97"), ("0", "0.00"), (".5", "0.50")],
)
def test_it_takes_pounds_as_people_type_them(typed: str, amount: str) -> None:
    assert cleaned(PoundsField(label="Price"), value=typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["about 175", "three thousand", "1.2.3", "174.975", "£"])
def test_it_refuses_words_for_pounds_and_names_the_field(typed: str) -> None:
    assert message(PoundsField(label="Weekly price"), value=typed).startswith("Weekly price: enter ")


def test_it_refuses_a_negative_price_unless_asked() -> None:
    assert message(PoundsField(label="Price"), value="-5") == "Price must be £0.00 or more"
    assert cleaned(PoundsField(label="Price", minimum=None), value="−5.50") == Decimal("-5.50")


def test_it_shows_an_amount_again_with_commas() -> None:
    assert PoundsField(label="Price").prepare_value(Decimal("3100.00")) == "3,100.00"
    assert PoundsField(label="Price").prepare_value("about 175") == "about 175"


@pytest.mark.parametrize(("typed", "share"), [("50", "50"), ("50%", "50"), ("33.33 %", "33.33"), ("0", "0")])
def test_it_takes_percentages(typed: str, share: str) -> None:
    assert cleaned(PercentField(label="Share"), value=typed) == Decimal(share)


def test_it_refuses_shares_above_a_hundred() -> None:
    assert message(PercentField(label="Share"), value="101") == "Share must be 100% or less"
    assert message(PercentField(label="Share"), value="half").startswith("Share must be a percentage")


def test_it_takes_whole_numbers_and_refuses_others() -> None:
    assert cleaned(NumberField(label="Times a week"), value="7") == 7
    assert message(NumberField(label="Times a week"), value="7.5") == "Times a week must be a whole number, like 7"
    assert message(NumberField(label="Times a week", maximum=7), value="8") == "Times a week must be 7 or less"
    assert cleaned(NumberField(label="Hours", places=2), value="7.25") == Decimal("7.25")


@pytest.mark.parametrize("month", ["7", "07", "July", "jul"])
def test_it_takes_a_day_with_the_month_in_figures_or_letters(month: str) -> None:
    assert cleaned(DayField(label="First day"), _day="1", _month=month, _year="2026") == dt.date(2026, 7, 1)


@pytest.mark.parametrize(
    ("day", "month", "year", "said", "box"),
    [
        ("18", "5", "0206", "Check the year of the first day: 0206 is not between 1900 and 2100", 2),
        ("18", "5", "26", "Check the year of the first day: 26 is not between 1900 and 2100", 2),
        ("18", "5", "", "First day must include a year", 2),
        ("", "", "2026", "First day must include a day and a month", 0),
        ("31", "2", "2026", "First day must be a real date; February 2026 has 28 days", 0),
        ("1", "13", "2026", "First day must have a month from 1 to 12", 1),
        ("1", "x", "2026", "First day must have a month from 1 to 12", 1),
        ("1", "1", "next", "First day must have a year in numbers, like 2026", 2),
        ("", "", "", "Enter the first day", 0),
    ],
)
def test_it_says_which_part_of_a_day_is_wrong(day: str, month: str, year: str, said: str, box: int) -> None:
    form = form_of(DayField(label="First day"), _day=day, _month=month, _year=year)
    assert form.errors["value"] == [said]
    assert form["value"].first_id == f"id_value_{box}"  # type: ignore[attr-defined]


def test_it_keeps_a_day_within_its_limits() -> None:
    field = DayField(label="Last day", earliest=dt.date(2026, 5, 18), latest=dt.date(2026, 12, 31))
    assert message(field, _day="17", _month="5", _year="2026") == "Last day must be 18 May 2026 or later"
    assert message(field, _day="1", _month="1", _year="2027") == "Last day must be 31 December 2026 or earlier"


def test_it_takes_a_month_and_may_be_left_empty_when_optional() -> None:
    assert cleaned(MonthField(label="Month"), _month="10", _year="2026") == Month(2026, 10)
    assert cleaned(MonthField(label="Month", required=False), _month="", _year="") is None
    assert cleaned(DayField(label="Last day", required=False)) is None


def test_it_takes_nhs_numbers_of_the_test_range_only_where_people_are_fictional() -> None:
    assert cleaned(NHSNumberField(), value="999 000 0018") == "9990000018"
    assert "numbers from 999" in message(NHSNumberField(fictional=False), value="999 000 0018")


@pytest.mark.parametrize("typed", ["9990000019", "12345", "nine nine nine"])
def test_it_refuses_a_wrong_nhs_number(typed: str) -> None:
    assert "NHS number" in message(NHSNumberField(), value=typed)


def test_it_tidies_a_postcode_or_asks_for_a_full_one() -> None:
    assert cleaned(PostcodeField(), value="dn31 2ab") == "DN31 2AB"
    assert message(PostcodeField(), value="DN31") == "Postcode: enter a full postcode, like DN31 2AB"


def test_it_says_how_long_a_text_may_be() -> None:
    assert (
        message(TextField(label="Name", max_length=5), value="Josephine")
        == "Name must be 5 characters or fewer; it has 9"
    )


def test_it_keeps_lines_with_plain_ends() -> None:
    assert cleaned(WordsField(label="What matters to me"), value="Goats\r\nMum") == "Goats\nMum"


def test_it_asks_for_an_address_that_looks_like_one() -> None:
    assert cleaned(EmailField(label="Email address"), value="priya@example.org") == "priya@example.org"
    assert message(EmailField(label="Email address"), value="priya").startswith(
        "Enter an email address in the right form"
    )


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (TextField(label="NHS board"), "Enter the NHS board"),
        (TextField(label="What matters to me"), "Enter what matters to me"),
        (TextField(label="Jo’s goal"), "Enter Jo’s goal"),
        (TextField(), "Enter the value"),
        (TextField(label="Name", missing="Enter a name for the plan"), "Enter a name for the plan"),
        (ChoicesField(label="Setting", choices=[("a", "A")]), "Choose the setting"),
        (SelectField(label="Provider", choices=[("a", "A")]), "Choose the provider"),
        (CheckboxesField(label="Cohorts", choices=[("a", "A")]), "Choose the cohorts"),
        (YesNoField(label="Is it out of area?"), "Answer: Is it out of area?"),
        (CheckboxField(label="I have checked"), "Tick “I have checked”"),
    ],
)
def test_it_names_the_field_that_was_left_empty(field: django_forms.Field, said: str) -> None:
    assert message(field) == said


def test_it_refuses_a_choice_that_was_not_offered() -> None:
    assert (
        message(SelectField(label="Provider", choices=[("a", "A")]), value="z") == "Choose the provider from the list"
    )


def test_it_reads_yes_and_no() -> None:
    assert cleaned(YesNoField(label="Sure?"), value="no") is False
    assert cleaned(YesNoField(label="Sure?", required=False), value="") is None
    assert YesNoField(label="Sure?").prepare_value(True) == "yes"


def test_it_puts_a_refusal_on_its_field_and_the_rest_on_top() -> None:
    form = form_of(TextField(label="Name"), value="Jo")
    assert form.is_valid()
    form.refuse(RefusedMany([Refused("That name is taken", field="value"), Refused("Too late", field="elsewhere")]))
    assert form.errors["value"] == ["That name is taken"]
    assert form.non_field_errors() == ["Too late"]


def test_it_tells_whether_an_action_was_carried_out() -> None:
    form = form_of(TextField(label="Name"), value="Jo")
    assert form.is_valid()
    assert form.attempt(lambda: None)

    def refuse() -> None:
        raise Stale("Somebody else saved this")

    assert not form.attempt(refuse)
    assert form.non_field_errors() == ["Somebody else saved this"]


def test_it_reads_labels_inside_a_sentence() -> None:
    assert in_sentence("First day") == "the first day"
    assert in_sentence("NHS number") == "the NHS number"
    assert in_sentence("How to communicate") == "how to communicate"


@pytest.mark.parametrize("label", ["Last day, if known", "Last day (optional)"])
def test_a_message_names_the_field_alone(label: str) -> None:
    assert message(DayField(label=label), _day="", _month="1", _year="2026") == "Last day must include a day"
    assert message(DayField(label=label), _day="") == "Enter the last day"
