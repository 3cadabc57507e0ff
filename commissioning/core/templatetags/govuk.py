"""Tags for forms: the error summary, and one field where a page lays its form out itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.core.paginator import Paginator
from django.forms import BaseForm, BaseFormSet
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString, mark_safe

from commissioning.core.forms import GovBoundField

register = template.Library()


@dataclass(frozen=True)
class Problem:
    """One line of an error summary and the identifier of the control it leads to."""

    message: str
    target: str


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Any, title: str = "") -> dict[str, Any]:
    """`{% error_summary form %}`, or of several forms, lists of forms and formsets in the order of the page."""
    every = [each for form in forms if form is not None for each in (form if isinstance(form, list) else [form])]
    problems = [problem for form in every for problem in _problems(form)]
    number = len(problems)
    things = "1 thing" if number == 1 else f"{number} things"
    return {"problems": problems, "title": title or f"Nothing is saved yet. {things} to put right"}


@register.simple_tag
def field(bound: BoundField, wrapper_class: str = "", **options: Any) -> SafeString:
    """`{% field form.price "s3" %}`: one field with label, hint and error. `inline=True`: radios side by side."""
    context = {"field": bound, "wrapper_class": wrapper_class, **options}
    return mark_safe(bound.form.renderer.render("components/field.html", context))  # noqa: S308  the template escapes


@register.filter
def page_numbers(paginator: "Paginator[Any]", number: int) -> list[int | None]:
    """The numbers to show in a pagination, None where some are left out."""
    shown = paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)
    return [each if isinstance(each, int) else None for each in shown]


def _problems(form: "BaseForm | BaseFormSet[Any]") -> Iterator[Problem]:
    if isinstance(form, BaseFormSet):
        for message in form.non_form_errors() if form.is_bound else []:
            yield Problem(str(message), _first_control(form.forms[0]) if form.forms else "")
        for each in form.forms:
            yield from _problems(each)
    elif form.is_bound:
        yield from _problems_of_one(form)


def _problems_of_one(form: BaseForm) -> Iterator[Problem]:
    prefix = getattr(form, "summary_prefix", "")
    for name, messages in form.errors.items():
        bound = form[name] if name in form.fields else None
        shown = isinstance(bound, GovBoundField) and not bound.is_hidden
        target = bound.first_id if shown and isinstance(bound, GovBoundField) else _first_control(form)
        for message in map(str, messages):
            yield Problem(f"{prefix}: {message[:1].lower()}{message[1:]}" if prefix else message, target)


def _first_control(form: BaseForm) -> str:
    return next((bound.first_id for bound in form.visible_fields() if isinstance(bound, GovBoundField)), "")
