"""Days, months and years as commissioners use them. Ranges include both ends."""

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

APRIL = 4
EARLIEST = dt.date(1900, 1, 1)
LATEST = dt.date(2100, 12, 31)
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class NotADate(ValueError):
    """The text is not a date that can be kept; the message says what to enter."""


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, ordered by time."""

    year: int
    number: int

    @classmethod
    def of(cls, day: dt.date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """`2026-10`. Raises NotADate."""
        try:
            year, number = text.split("-")
            if not text.isascii():  # other scripts have digits too
                raise ValueError
            month = cls(int(year), int(number))
            if len(text) != 7 or not EARLIEST <= month.first <= LATEST:
                raise ValueError
        except ValueError as error:
            raise NotADate(f"“{text}” is not a month; write it as 2026-10") from error
        return month

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, self.number, 1)

    @property
    def last(self) -> dt.date:
        return dt.date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    def plus(self, months: int) -> "Month":
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    def until(self, end: "Month") -> Iterator["Month"]:
        """This month to `end`, both included."""
        month = self
        while month <= end:
            yield month
            month = month.plus(1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def words(self) -> str:
        """`October 2026`."""
        return f"{calendar.month_name[self.number]} {self.year}"


@dataclass(frozen=True, order=True)
class FinancialYear:
    """1 April to 31 March, by the calendar year it begins in: 2026 is 2026/27."""

    start: int

    @classmethod
    def of(cls, day: dt.date) -> "FinancialYear":
        return cls(day.year if day.month >= APRIL else day.year - 1)

    @classmethod
    def parse(cls, text: str) -> "FinancialYear":
        """`2026-27`, as in addresses and files. Raises NotADate."""
        year = cls(int(text[:4])) if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text) else None
        if year is None or str(year) != text or not EARLIEST <= year.first <= year.last <= LATEST:
            raise NotADate(f"“{text}” is not a financial year; write it as 2026-27")
        return year

    @property
    def first(self) -> dt.date:
        return dt.date(self.start, APRIL, 1)

    @property
    def last(self) -> dt.date:
        return dt.date(self.start + 1, APRIL - 1, 31)

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(Month.of(self.first).until(Month.of(self.last)))

    def plus(self, years: int) -> "FinancialYear":
        return FinancialYear(self.start + years)

    def __str__(self) -> str:
        return f"{self.start:04d}-{(self.start + 1) % 100:02d}"

    @property
    def label(self) -> str:
        """`2026/27`."""
        return str(self).replace("-", "/")


def check_day(day: dt.date) -> dt.date:
    """Refuses a year such as 0206 or 20206. Raises NotADate."""
    if not EARLIEST <= day <= LATEST:
        raise NotADate(f"Check the year: {day.year:04d} is not between 1900 and 2100")
    return day


def parse_iso_day(text: str) -> dt.date:
    """`2026-10-31`. Raises NotADate."""
    try:
        if not _ISO_DAY.fullmatch(text):  # weeks (2026-W44-6) are ISO too
            raise ValueError
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise NotADate(f"“{text}” is not a date; write it as 2026-10-31") from error
    return check_day(day)


def words(day: dt.date, *, today: dt.date | None = None, weekday: bool = False) -> str:
    """`31 October 2026`; the year is left out where it is this year's and `today` is given."""
    text = f"{day.day} {calendar.month_name[day.month]}"
    if weekday:
        text = f"{calendar.day_name[day.weekday()]} {text}"
    return text if today is not None and today.year == day.year else f"{text} {day.year}"


def day_before(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=1)


def day_after(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=1)
