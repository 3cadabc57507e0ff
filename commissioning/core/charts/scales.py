"""Scales and their words: pleasant steps of money, months across a page, values of a life."""

import calendar
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from commissioning.core.money import MINUS, format_pence
from commissioning.core.periods import Month

Value = int | Fraction

_NICE = (1, 2, 5)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 36, 60, 120)


def nice_steps(low: int, high: int, most: int, least: int = 1) -> Sequence[int]:
    """Round numbers from at or below `low` to at or above `high`, evenly spaced, at most `most` gaps between them."""
    high = max(high, low + least)
    power = 1
    while True:
        for nice in _NICE:
            step = max(least, nice * power)
            first, last = low // step, -(-high // step)
            if last - first <= most:
                return [place * step for place in range(first, last + 1)]
        power *= 10


def tick_money(pence: int, step_pence: int, *, short: bool = True) -> str:
    """`£0`, `£500`, `£2,500`, `£10k`, `−£1.5m`: as few figures as tell the steps apart."""
    minus, amount, step = MINUS if pence < 0 else "", abs(pence), abs(step_pence) or 1
    for unit, letter in ((100_000_000, "m"), (100_000, "k")):
        if short and step * 10 >= unit and amount >= unit:
            whole, part = divmod(amount * 100 // unit, 100)
            decimals = f".{part:02d}".rstrip("0") if part else ""
            return f"{minus}£{whole:,}{decimals}{letter}"
    return format_pence(pence, pennies=bool(step % 100))


def pounds(pence: int) -> str:
    """Whole pounds for labels; the table beside the chart has the pence."""
    return format_pence(pence, pennies=False)


def less_or_more(pence: int, per: str = "a week") -> str:
    """A change in words, in whole pounds: `£16,340 a week less`."""
    if not pence:
        return "no change"
    return f"{pounds(abs(pence))} {per} {'less' if pence < 0 else 'more'}"


def against(pence: int, baseline_pence: int, per: str = "a week") -> str:
    """`£2,400 a week less than the baseline of £5,500`."""
    change = pence - baseline_pence
    return f"{less_or_more(change, per)} {'than' if change else 'from'} the baseline of {pounds(baseline_pence)}"


def exact(pence: int | None) -> str:
    return "not known" if pence is None else format_pence(pence)


def value_words(value: Value | None, suffix: str = "") -> str:
    """A value of a life: whole, or with one decimal if it has one."""
    if value is None:
        return "not known"
    tenths = round(Fraction(value) * 10)
    minus, tenths = (MINUS, -tenths) if tenths < 0 else ("", tenths)
    whole, part = divmod(tenths, 10)
    return f"{minus}{whole:,}{f'.{part}' if part else ''}{suffix}"


def month_words(day: dt.date, *, short: bool = False) -> str:
    names = calendar.month_abbr if short else calendar.month_name
    return f"{names[day.month]} {day.year}"


def day_words(day: dt.date, *, year: bool = True) -> str:
    return f"{day.day} {calendar.month_name[day.month]}" + (f" {day.year}" if year else "")


def join_words(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def first_of(day: dt.date) -> dt.date:
    return day.replace(day=1)


def add_months(day: dt.date, months: int) -> dt.date:
    return Month.of(day).plus(months).first


def months_between(start: dt.date, end: dt.date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month


@dataclass(frozen=True)
class TimeScale:
    """Months of equal width from `first` for `months` months; days lie within theirs by their share of it."""

    first: dt.date
    months: int
    left: float
    right: float

    @property
    def column(self) -> float:
        return (self.right - self.left) / self.months

    @property
    def end(self) -> dt.date:
        """The first day after the scale."""
        return add_months(self.first, self.months)

    def x(self, day: dt.date) -> float:
        """Where a day begins, kept within the scale."""
        part = (day.day - 1) / calendar.monthrange(day.year, day.month)[1]
        return self.left + self.column * min(self.months, max(0, months_between(self.first, day) + part))

    def middle(self, month: dt.date) -> float:
        return self.x(first_of(month)) + self.column / 2

    def ticks(self, width_of: Callable[[str], float], gap: float) -> Sequence[tuple[float, str]]:
        """Months to name, as many as fit: `Nov 2024`, or only years where the scale is long."""
        for step in _MONTH_STEPS:
            by_year = step >= 12
            start = add_months(self.first, (12 - self.first.month + 1) % 12) if by_year else self.first
            count = max(1, -(-(self.months - months_between(self.first, start)) // step))
            days = [add_months(start, step * place) for place in range(count)]
            words = [str(day.year) if by_year else month_words(day, short=True) for day in days]
            if self.column * step >= max(width_of(word) for word in words) + gap:
                break
        return [(self.x(day), word) for day, word in zip(days, words, strict=True) if day < self.end]


@dataclass(frozen=True)
class ValueScale:
    """Values up the page: `low` at `bottom`, `high` at `top`."""

    low: Value
    high: Value
    bottom: float
    top: float

    def y(self, value: Value) -> float:
        share = float(Fraction(value - self.low) / Fraction(self.high - self.low))
        return self.bottom + (self.top - self.bottom) * share
