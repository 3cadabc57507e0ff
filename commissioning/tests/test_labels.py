"""Labels of days are things that a message can name: “Enter the day it was agreed”, not “Enter the agreed on”."""

from collections.abc import Iterator

from django.urls import get_resolver

from commissioning.core.forms import DayField, Form, MonthField
from commissioning.tests.figures import Say

# A label that is, or ends in, one of these is the start of a sentence that the boxes would finish.
UNFINISHED = frozenset({"at", "between", "by", "for", "from", "in", "of", "on", "since", "till", "to", "until", "up"})


def every_form(kind: type[Form] = Form) -> Iterator[type[Form]]:
    for each in kind.__subclasses__():
        yield each
        yield from every_form(each)


def days_of(form: type[Form]) -> Iterator[tuple[str, str]]:
    for name, field in form.base_fields.items():
        if isinstance(field, DayField | MonthField):
            yield f"{form.__module__}.{form.__name__}.{name}", str(field.label or "")


def test_each_label_of_a_day_can_be_named_in_a_message(figure: Say) -> None:
    assert get_resolver().url_patterns, "which brings in every form"
    # The forms that tests make on the spot belong, as far as anybody can tell, to Django.
    labels = dict(pair for form in every_form() if not form.__module__.startswith("django.") for pair in days_of(form))
    assert len(labels) > 25
    wrong = {
        place: label
        for place, label in labels.items()
        if not label or label.endswith("?") or "optional" in label or label.lower().split()[-1] in UNFINISHED
    }
    assert not wrong, wrong
    figure("labels of days", f"{len(labels)}, each of which reads as English in “Enter …” and “… must include a year”")
