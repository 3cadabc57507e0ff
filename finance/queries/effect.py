"""What an act would change of months that are over: by month and who pays, on closed months and on issued reports."""

import datetime as dt
import hashlib
from collections import defaultdict
from dataclasses import dataclass

from commissioning.accounts.actors import Actor
from commissioning.core.periods import Month
from finance import ledger
from finance.models import ClosedMonth
from finance.queries.book import Book
from finance.queries.costs import weekly_steps
from finance.queries.differences import LineCosts, differences
from finance.queries.funders import payers_of
from finance.queries.issued import Issued, issued_reports


@dataclass(frozen=True)
class MonthEffect:
    """The difference to one month that is over: whole pence, by name of who pays."""

    month: Month
    by_payer: tuple[tuple[str, int], ...]
    is_closed: bool

    @property
    def pence(self) -> int:
        return sum(pence for _, pence in self.by_payer)


@dataclass(frozen=True)
class Effect:
    """Every month that would change, with its sums; the first open month, where adjustments of closed ones go."""

    months: tuple[MonthEffect, ...]
    payers: tuple[tuple[str, int], ...]
    weekly_pence: int
    first_open: Month | None
    reports: tuple[Issued, ...]

    @property
    def pence(self) -> int:
        return sum(each.pence for each in self.months)

    @property
    def closed_pence(self) -> int:
        return sum(each.pence for each in self.months if each.is_closed)

    @property
    def has_closed(self) -> bool:
        return any(each.is_closed for each in self.months)

    @property
    def is_nothing(self) -> bool:
        return not self.months

    @property
    def fingerprint(self) -> str:
        """The same only while nothing of it would be otherwise."""
        months = [(str(each.month), each.by_payer, each.is_closed) for each in self.months]
        said = repr((months, self.weekly_pence, str(self.first_open), [each.url for each in self.reports]))
        return hashlib.sha256(said.encode()).hexdigest()[:20]


def effect_of(actor: Actor, before: Book, after: Book, today: dt.date) -> Effect:
    """What lies between two books, of every month before this one. Four queries."""
    months = _months(before, after, today)
    periods = [ledger.Period(month.first, month.last) for month in months]
    found: dict[Month, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for each in differences(LineCosts.of_book(before, periods), LineCosts.of_book(after, periods)):
        found[months[each.period]][each.funder] += each.pence
    moved = {month: by_code for month, by_code in found.items() if any(by_code.values())}
    names = payers_of(actor)
    codes = sorted({code for by_code in moved.values() for code, pence in by_code.items() if pence}, key=names.name_of)
    closed = {Month.of(each.month) for each in ClosedMonth.objects.visible_to(actor)}
    effects = tuple(
        MonthEffect(month, tuple((names.name_of(code), moved[month][code]) for code in codes), month in closed)
        for month in sorted(moved)
    )
    sums = tuple((names.name_of(code), sum(by_code[code] for by_code in moved.values())) for code in codes)
    weekly = [weekly_steps(book, [today])[0] for book in (after, before)]
    reports = issued_reports(actor, effects[0].month, effects[-1].month) if effects else ()
    return Effect(effects, sums, weekly[0] - weekly[1], max(closed).plus(1) if closed else None, reports)


def _months(before: Book, after: Book, today: dt.date) -> list[Month]:
    """From the first price of either to the last month that is over."""
    starts = [int(book.lines.start.min()) for book in (before, after) if len(book.lines)]
    last = Month.of(today).plus(-1)
    return list(Month.of(dt.date.fromordinal(min(starts))).until(last)) if starts else []
