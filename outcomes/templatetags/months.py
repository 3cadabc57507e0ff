"""Months and moments as people say them: “October”, “today 11:05”, “Tuesday 10 November”."""

import datetime as dt

from django import template
from django.utils import timezone

from commissioning.core.periods import Month, words

register = template.Library()


@register.filter
def month_name(month: Month) -> str:
    """`October`; with its year when it is not one of the last eleven months, so that no two can be mixed up."""
    now = Month.of(timezone.localdate())
    return month.words.split()[0] if now.plus(-11) <= month <= now else month.words


@register.filter
def weekday(day: dt.date) -> str:
    """`Tuesday 10 November`; the year where it is not this year's."""
    return words(day, today=timezone.localdate(), weekday=True)


@register.filter
def when(moment: dt.datetime | None) -> str:
    """`today 11:05`, `yesterday 16:20`, `10 November 11:05`; the year where it is not this year's."""
    if moment is None:
        return ""
    local, today = timezone.localtime(moment), timezone.localdate()
    near = {0: "today", 1: "yesterday"}.get((today - local.date()).days)
    return f"{near or words(local.date(), today=today)} {local:%H:%M}"
