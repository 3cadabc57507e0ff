"""Template tags and filters that every page uses: money, dates, words."""

import datetime as dt
from decimal import Decimal

from django import template
from django.utils import timezone

from commissioning.core import money, periods

register = template.Library()


@register.filter
def pounds(amount: Decimal | None) -> str:
    """`£3,100.00`; nothing known is an en dash."""
    return "–" if amount is None else money.format_pence(money.to_pence(amount))


@register.filter
def pence(amount: int | None) -> str:
    """`£3,100.00` from whole pence."""
    return "–" if amount is None else money.format_pence(amount)


@register.filter
def whole_pounds(amount: int | None) -> str:
    """`£3,100` from whole pence."""
    return "–" if amount is None else money.format_pence(amount, pennies=False)


@register.filter
def signed_pence(amount: int | None) -> str:
    """`+£10.00` or `−£10.00` from whole pence."""
    return "–" if amount is None else money.format_pence(amount, sign=True)


@register.filter
def less_or_more(amount: int | None) -> str:
    """A change in whole pence in words: `£2,400 less`, `£120 more`, `the same`."""
    if amount is None:
        return "not known"
    if amount == 0:
        return "the same"
    return f"{money.format_pence(abs(amount), pennies=bool(amount % 100))} {'less' if amount < 0 else 'more'}"


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """`31 October 2026`."""
    if value is None:
        return "–"
    return periods.words(value.date() if isinstance(value, dt.datetime) else value)


@register.filter
def moment(value: dt.datetime | None) -> str:
    """`today at 10:42`, `yesterday at 17:05`, `on 3 November 2026 at 09:15`."""
    if value is None:
        return "–"
    local = timezone.localtime(value)
    days = (timezone.localdate() - local.date()).days
    when = {0: "today", 1: "yesterday"}.get(days, f"on {periods.words(local.date())}")
    return f"{when} at {local:%H:%M}"


@register.filter
def month_words(value: dt.date | None) -> str:
    """`October 2026`."""
    return "–" if value is None else periods.Month.of(value).words


@register.filter
def nhs_number(value: str) -> str:
    """3-3-4, as the NHS shows it."""
    return f"{value[:3]} {value[3:6]} {value[6:]}" if len(value) == 10 else value


@register.filter
def lines(value: str) -> list[str]:
    """The lines of a text that are not blank, for lists."""
    return [line.strip() for line in value.splitlines() if line.strip()]
