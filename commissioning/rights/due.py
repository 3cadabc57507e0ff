"""Days by which people's rights must be answered, and the years for which records are kept."""

import calendar
import datetime as dt
from collections.abc import Mapping

from commissioning.core.periods import Month
from commissioning.rights.models import RetentionRule

ANSWER_MONTHS = 1
EXTENSION_MONTHS = 2

After = RetentionRule.After

# Records Management Code of Practice for Health and Social Care (NHS England, 2021, updated 2023), appendix II, and for
# mental health records its lengthened period after death. A partnership may set other years.
YEARS: Mapping[str, int] = {
    After.SUPPORT: 8,
    After.DEATH: 8,
    After.CHILD: 25,
    After.MENTAL_HEALTH: 20,
    After.MENTAL_HEALTH_DEATH: 10,
}
ADULT = 18


def plus_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later month; its last day where it has no such day (ICO, time limits for responding)."""
    month = Month.of(day).plus(months)
    return dt.date(month.year, month.number, min(day.day, calendar.monthrange(month.year, month.number)[1]))


def plus_years(day: dt.date, years: int) -> dt.date:
    return plus_months(day, 12 * years)


def due_on(received_on: dt.date) -> dt.date:
    """One calendar month after it was received (UK GDPR art. 12(3))."""
    return plus_months(received_on, ANSWER_MONTHS)


def extended_due_on(received_on: dt.date) -> dt.date:
    """Two further months, for requests that are complex or many (UK GDPR art. 12(3))."""
    return plus_months(received_on, ANSWER_MONTHS + EXTENSION_MONTHS)


def age_at(born: dt.date, day: dt.date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def keep_until(
    *, born: dt.date, support_ended: dt.date, died_on: dt.date | None, mental_health: bool, years: Mapping[str, int]
) -> tuple[dt.date, str]:
    """The last day on which a record is kept without a review, and the rule that keeps it longest."""
    rules = {After.DEATH if died_on else After.SUPPORT: died_on or support_ended}
    if mental_health:
        rules[After.MENTAL_HEALTH_DEATH if died_on else After.MENTAL_HEALTH] = died_on or support_ended
    ends = {str(rule): plus_years(day, years[rule]) for rule, day in rules.items()}
    age = age_at(born, support_ended)
    if age < ADULT and not died_on:
        # The 25th birthday, or the 26th of somebody who was 17 when support ended.
        birthday = years[After.CHILD] + (1 if age == ADULT - 1 else 0)
        ends[str(After.CHILD)] = plus_years(born, birthday)
    rule = max(ends, key=lambda each: ends[each])
    return ends[rule], rule
