"""Forms of calendars: their names, and their days."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from commissioning.core.editing import EditForm
from commissioning.core.forms import ChoicesField, DayField, TextField
from finance.actions import DayRange
from finance.models import Calendar, CalendarDays
from finance.queries.calendars import days_now

LAST_HINT = "Leave empty for a single day."


def _range(values: Mapping[str, Any]) -> DayRange:
    return DayRange(values["start"], values["end"] or values["start"])


class CalendarForm(EditForm):
    """What a calendar is called, and of what kind."""

    name = TextField(label="Name", max_length=100, missing="Enter the calendar’s name")
    kind = ChoicesField(label="What days are they?", choices=Calendar.Kind.choices, missing="Choose what days they are")


class ChangeCalendarForm(CalendarForm):
    """Another name or kind."""

    def __init__(self, data: QueryDict | None, *, calendar: Calendar) -> None:
        names = ("name", "kind")
        super().__init__(data, records=[calendar], saved=lambda: {name: getattr(calendar, name) for name in names})


class NewCalendarForm(CalendarForm):
    """A calendar with its first days."""

    submit_text = "Add the calendar"
    field_order = ("reference", "name", "kind", "start", "end")

    reference = TextField(label="Code", max_length=40, missing="Enter a code", help_text="Short, such as TERM-2026.")
    start = DayField(label="First day")
    end = DayField(label="Last day", required=False, help_text=LAST_HINT)

    def days(self) -> DayRange:
        return _range(self.cleaned_data)


class DaysForm(EditForm):
    """A run of days, both ends included. It holds the calendar, whose version moves with any change of its days."""

    start = DayField(label="First day")
    end = DayField(label="Last day", required=False, help_text=LAST_HINT)

    def __init__(self, data: QueryDict | None, *, calendar: Calendar, days: CalendarDays | None = None) -> None:
        super().__init__(data, records=[calendar], saved=None if days is None else lambda: days_now(days))

    def days(self) -> DayRange:
        return _range(self.cleaned_data)


class RemoveDaysForm(EditForm):
    """Days that no price counts any longer."""

    submit_text = "Remove these days"

    def __init__(self, data: QueryDict | None, *, calendar: Calendar) -> None:
        super().__init__(data, records=[calendar])
