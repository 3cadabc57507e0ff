"""Fields for days and months, in boxes for day, month and year: quicker and surer than a calendar for known dates."""

import calendar
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from commissioning.core.forms.plain import in_sentence, named
from commissioning.core.forms.text import with_message
from commissioning.core.periods import EARLIEST, LATEST, Month, words

_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}


class Boxes(forms.MultiWidget):
    """Boxes side by side, each with its own label."""

    template_name = "gds/widgets/date.html"
    use_fieldset = True

    def __init__(self, parts: Sequence[str]) -> None:
        self.parts = tuple(parts)
        super().__init__({part: _box(part) for part in parts})

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, Month):
            value = value.first
        if not isinstance(value, dt.date):
            return [None for _ in self.parts]
        return [getattr(value, part) for part in self.parts]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, box in zip(self.parts, context["widget"]["subwidgets"], strict=True):
            box["label"] = part.capitalize()
        return context


def _box(part: str) -> forms.TextInput:
    # A month may be typed in letters, so only the other boxes ask for a keypad of numbers.
    mode = {} if part == "month" else {"inputmode": "numeric"}
    return forms.TextInput(attrs={"data-width": "4" if part == "year" else "2", "autocomplete": "off", **mode})


class _BoxesField(forms.MultiValueField):
    parts: tuple[str, ...]

    def __init__(self, *, missing: str = "", **options: Any) -> None:
        self.wrong_boxes: frozenset[int] = frozenset()
        subfields = [forms.CharField(required=False, max_length=20) for _ in self.parts]
        super().__init__(
            fields=subfields,
            widget=Boxes(self.parts),
            require_all_fields=False,
            **with_message(options, missing),
        )

    def clean(self, value: Any) -> Any:
        self.wrong_boxes = frozenset()
        typed = [str(part or "").strip() for part in value] if isinstance(value, list | tuple) else []
        if not any(typed):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        empty = [part for part, text in zip(self.parts, typed, strict=True) if not text]
        if empty:
            raise self._at(f"{self._name} must include {_listed(empty)}", *empty)
        return self.accept(typed)

    def accept(self, typed: list[str]) -> Any:
        raise NotImplementedError

    def compress(self, data_list: Any) -> Any:
        """Not reached: `clean` does the whole."""
        raise NotImplementedError

    @property
    def _name(self) -> str:
        return named(str(self.label))

    def _at(self, message: str, *parts: str) -> ValidationError:
        self.wrong_boxes = frozenset(self.parts.index(part) for part in parts)
        return ValidationError(message, code="invalid")

    def _year(self, text: str) -> int:
        if not text.isdecimal():
            raise self._at(f"{self._name} must have a year in numbers, like 2026", "year")
        year = int(text)
        if len(text) != 4 or not EARLIEST.year <= year <= LATEST.year:
            raise self._at(f"Check the year of {in_sentence(self._name)}: {text} is not between 1900 and 2100", "year")
        return year

    def _month(self, text: str) -> int:
        number = int(text) if text.isdecimal() else _MONTHS.get(text.lower(), 0)
        if not 1 <= number <= 12:
            raise self._at(f"{self._name} must have a month from 1 to 12", "month")
        return number


class DayField(_BoxesField):
    """A day in three boxes, named `…_day`, `…_month` and `…_year`; gives a `date`. A month may be typed in letters.

    `earliest` and `latest` are the days allowed, both included.
    """

    parts = ("day", "month", "year")

    def __init__(self, *, earliest: dt.date | None = None, latest: dt.date | None = None, **options: Any) -> None:
        options.setdefault("help_text", "For example, 27 3 2026")
        super().__init__(**options)
        self.earliest, self.latest = earliest, latest

    def accept(self, typed: list[str]) -> dt.date:
        year, month = self._year(typed[2]), self._month(typed[1])
        last = calendar.monthrange(year, month)[1]
        if not typed[0].isdecimal() or not 1 <= int(typed[0]) <= last:
            raise self._at(
                f"{self._name} must be a real date; {calendar.month_name[month]} {year} has {last} days", "day"
            )
        day = dt.date(year, month, int(typed[0]))
        if self.earliest and day < self.earliest:
            raise ValidationError(f"{self._name} must be {words(self.earliest)} or later", code="too_early")
        if self.latest and day > self.latest:
            raise ValidationError(f"{self._name} must be {words(self.latest)} or earlier", code="too_late")
        return day


class MonthField(_BoxesField):
    """A month in two boxes, named `…_month` and `…_year`; gives a `periods.Month`."""

    parts = ("month", "year")

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "For example, 10 2026")
        super().__init__(**options)

    def accept(self, typed: list[str]) -> Month:
        year = self._year(typed[1])
        return Month(year, self._month(typed[0]))


def _listed(parts: list[str]) -> str:
    named = [f"a {part}" for part in parts]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
