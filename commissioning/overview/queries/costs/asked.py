"""What the cost explorer is asked, from its address; anything that makes no sense there becomes the usual."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.utils import timezone

from commissioning.core.periods import Month, NotADate, check_day, day_after, parse_iso_day, words
from finance import ledger
from finance.queries import Book, Known

BY = {
    "funder": "Who pays",
    "setting": "Setting",
    "provider": "Provider",
    "cohort": "Cohort",
    "kind": "Kind of cost",
    "person": "Person",
}
PER = {"week": "Week", "month": "Month", "year": "Financial year"}
MONEY = {"net": "Net of income", "gross": "Gross"}
BESIDE = {"": "Nothing", "budget": "Budget", "baseline": "Baselines"}
FILTERS = ("funder", "setting", "provider", "cohort", "kind", "person")
USUAL_MONTHS = 12
APRIL = 4


@dataclass(frozen=True)
class Asked:
    """One question: by what, per week, month or year, gross or net, from when to when, narrowed to what, beside what.

    `cohorts` are the cohorts of people by reference, where the question is about them; the address does not hold them.
    """

    by: str
    per: str
    money: str
    first: Month
    last: Month
    only: tuple[tuple[str, str], ...] = ()
    beside: str = ""
    cohorts: Mapping[str, str] | None = None
    known: Known | None = None

    @property
    def known_words(self) -> str:
        """The day, or the moment, as whose records knew it the figures are drawn."""
        if isinstance(self.known, dt.datetime):
            local = timezone.localtime(self.known)
            return f"{words(local.date())} at {local:%H:%M}"
        return "" if self.known is None else words(self.known)

    @property
    def known_day(self) -> str:
        """The same for the field that asks for a day; empty for a moment."""
        return "" if self.known is None or isinstance(self.known, dt.datetime) else self.known.isoformat()

    @property
    def is_of_a_moment(self) -> bool:
        return isinstance(self.known, dt.datetime)

    def known_on(self, known: Known) -> "Asked":
        """The same question to the records as they were known then."""
        return replace(self, known=known)

    @property
    def as_now(self) -> "Asked":
        """The same question to the records of now."""
        return replace(self, known=None)

    @property
    def periods(self) -> list[ledger.Period]:
        """Whole months, or weeks and financial years cut to the months asked for, so that all add up to the same."""
        if self.per == "week":
            return weeks(self.first.first, self.last.last)
        months = list(self.first.until(self.last))
        if self.per == "month":
            return [ledger.Period(month.first, month.last) for month in months]
        starts = [month for month in months if month.number == APRIL or month == self.first]
        ends = [*(month.plus(-1) for month in starts[1:]), self.last]
        return [ledger.Period(start.first, end.last) for start, end in zip(starts, ends, strict=True)]

    def narrowed_to(self, dimension: str) -> str:
        return dict(self.only).get(dimension, "")

    @property
    def is_about_cohorts(self) -> bool:
        return self.by == "cohort" or bool(self.narrowed_to("cohort"))

    @property
    def is_about_people(self) -> bool:
        return self.by == "person" or bool(self.narrowed_to("person"))

    @property
    def query(self) -> str:
        """The address that asks this."""
        fixed = {"by": self.by, "per": self.per, "money": self.money, "from": str(self.first), "to": str(self.last)}
        more = {"beside": self.beside} if self.beside else {}
        if self.known is not None:
            more["as_known"] = self.known.isoformat()
        return urlencode([*fixed.items(), *((f"only_{name}", value) for name, value in self.only), *more.items()])

    def line_query(self, period: ledger.Period | None, value: str | None) -> str:
        """The address of the lines behind a figure; without a period or a value, of a total."""
        extra = [("slice", value)] if value is not None else []
        if period is not None:
            extra += [("start", period.first.isoformat()), ("end", period.last.isoformat())]
        return f"{self.query}&{urlencode(extra)}" if extra else self.query


def asked_from(given: Mapping[str, str], today: dt.date) -> Asked:
    """The question in an address: by who pays, month by month for a year, net, unless it says otherwise."""
    now = Month.of(today)
    last = _month(given.get("to", ""), now)
    first = _month(given.get("from", ""), last.plus(1 - USUAL_MONTHS))
    first, last = min(first, last), max(first, last)
    only = tuple((name, given[f"only_{name}"]) for name in FILTERS if given.get(f"only_{name}"))
    return Asked(
        by=_one_of(BY, given.get("by", ""), "funder"),
        per=_one_of(PER, given.get("per", ""), "month"),
        money=_one_of(MONEY, given.get("money", ""), "net"),
        first=first,
        last=last,
        only=only,
        beside=_one_of(BESIDE, given.get("beside", ""), ""),
        known=known_from(given.get("as_known", ""), today),
    )


def known_from(text: str, today: dt.date) -> Known | None:
    """A day before today, or a moment; None for anything else, since the records of today are those of now."""
    try:
        if "T" in text:
            moment = dt.datetime.fromisoformat(text)
            check_day(moment.date())
            return moment if moment.tzinfo is not None else None
        day = parse_iso_day(text)
    except (ValueError, OverflowError):
        return None
    return day if day < today else None


def weeks(first: dt.date, last: dt.date) -> list[ledger.Period]:
    """Weeks from Monday to Sunday, the first and the last cut to these days."""
    found = []
    while first <= last:
        end = min(first + dt.timedelta(days=6 - first.weekday()), last)
        found.append(ledger.Period(first, end))
        first = day_after(end)
    return found


def _one_of(choices: Mapping[str, str], given: str, usual: str) -> str:
    return given if given in choices else usual


def _month(text: str, usual: Month) -> Month:
    try:
        return Month.parse(text)
    except NotADate:
        return usual


def choices_of(book: Book, asked: Asked, today: dt.date) -> list[Month]:
    """The months to choose from: from the first price to a year ahead, and those asked for."""
    now = Month.of(today)
    first = Month.of(dt.date.fromordinal(int(book.lines.start.min()))) if len(book.lines) else now
    return list(min(first, asked.first).until(max(now.plus(12), asked.last)))
