"""Date ranges: both ends included for people, half open in the database."""

from django.contrib.postgres.fields import DateRangeField
from django.db.models import F, Func, Q, Value


def days_of(start: str = "start", end: str = "end") -> Func:
    """The days of a row as a PostgreSQL `daterange`, for exclusion constraints and overlaps."""
    return Func(F(start), F(end), Value("[]"), function="daterange", output_field=DateRangeField())


def in_force(on: object, *, start: str = "start", end: str = "end") -> Q:
    """Rows whose days include `on`; an open end goes on."""
    return Q(**{f"{start}__lte": on}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": on}))
