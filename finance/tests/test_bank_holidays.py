"""England's bank holidays follow their rules, and where they were moved or added the proclamations."""

import datetime as dt
from collections import Counter

import pytest

from finance.bank_holidays import ADDED, FIRST_YEAR, LAST_YEAR, bank_holidays

MONDAY, SATURDAY = 0, 5
DAY = dt.timedelta(days=1)


def easter(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar, reckoned by the moon's cycle of nineteen years."""
    golden, century = year % 19, year // 100
    skipped, corrected = century - century // 4, (8 * century + 13) // 25
    epact = (19 * golden + skipped - corrected + 15) % 30
    epact -= epact // 28 * (1 - epact // 28 * (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    full_moon = epact - weekday
    month = 3 + (full_moon + 40) // 44
    return dt.date(year, month, full_moon + 28 - 31 * (month // 4))


def first_monday(year: int, month: int) -> dt.date:
    day = dt.date(year, month, 1)
    return day + DAY * ((MONDAY - day.weekday()) % 7)


def last_monday(year: int, month: int) -> dt.date:
    day = dt.date(year, month, 31)
    return day - DAY * ((day.weekday() - MONDAY) % 7)


def by_rule(year: int) -> set[dt.date]:
    sunday = easter(year)
    days = {sunday - 2 * DAY, sunday + DAY, first_monday(year, 5), last_monday(year, 5), last_monday(year, 8)}
    for fixed in (dt.date(year, 1, 1), dt.date(year, 12, 25), dt.date(year, 12, 26)):
        day = fixed
        while day.weekday() >= SATURDAY or day in days:
            day += DAY  # Christmas before Boxing Day, so that each has a weekday of its own
        days.add(day)
    if year in {2016, 2022}:  # Christmas on a Sunday: Boxing Day is the Monday itself, Christmas the Tuesday
        assert {dt.date(year, 12, 26), dt.date(year, 12, 27)} <= days
    moved = {2020: (dt.date(2020, 5, 4), dt.date(2020, 5, 8)), 2022: (dt.date(2022, 5, 30), dt.date(2022, 6, 2))}
    if year in moved:
        usual, instead = moved[year]
        days = days - {usual} | {instead}
    return days | {day for day in ADDED if day.year == year}


@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR + 1))
def test_each_year_is_as_the_rules_have_it(year: int) -> None:
    assert {day for day in bank_holidays() if day.year == year} == by_rule(year)


@pytest.mark.parametrize(
    ("year", "day"), [(2016, "03-27"), (2019, "04-21"), (2024, "03-31"), (2025, "04-20"), (2027, "03-28")]
)
def test_the_rule_of_easter_is_right(year: int, day: str) -> None:
    assert easter(year) == dt.date.fromisoformat(f"{year}-{day}")


def test_they_are_weekdays_eight_a_year_and_more_by_proclamation() -> None:
    days = bank_holidays()
    assert list(days) == sorted(days)
    assert all(day.weekday() < SATURDAY for day in days)
    counts = Counter(day.year for day in days)
    assert (FIRST_YEAR, LAST_YEAR) == (2016, 2028)
    assert {year: count for year, count in counts.items() if count != 8} == {2022: 10, 2023: 9}


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2020-05-08", "Early May bank holiday"),
        ("2022-06-02", "Spring bank holiday"),
        ("2022-06-03", "Platinum Jubilee"),
        ("2022-09-19", "State funeral of Queen Elizabeth II"),
        ("2023-05-08", "Coronation of King Charles III"),
        ("2021-12-27", "Christmas Day"),
        ("2026-12-28", "Boxing Day"),
        ("2028-01-03", "New Year’s Day"),
    ],
)
def test_what_was_moved_added_or_stands_for_a_weekend_has_its_name(day: str, name: str) -> None:
    assert bank_holidays()[dt.date.fromisoformat(day)] == name


def test_the_days_that_were_moved_are_not_among_them() -> None:
    assert not {dt.date(2020, 5, 4), dt.date(2022, 5, 30), dt.date(2021, 12, 25)} & set(bank_holidays())
