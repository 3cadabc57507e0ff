"""A case's money by day: what was put in, what was stated, what people's support and closed beds save."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from commissioning.accounts.actors import Actor
from commissioning.core.money import to_pence
from finance import ledger
from finance.models import Baseline, CaseBeds, CasePerson, InvestmentCase
from finance.payback import Flow, Series, cumulative
from finance.queries.book import Book, open_book
from finance.queries.costs import costs_by_period
from people.models import Person, Placement

DAYS_IN_WEEK = 7


@dataclass(frozen=True)
class PersonSaved:
    """One person of a case. `saved` is the baseline less the cost of support by day, double running left out; None
    where it cannot be measured, and `why_not` says why. `double_running_pence` is that of the whole time.
    """

    row: CasePerson
    baseline_weekly_pence: int | None
    saved: Series | None
    why_not: str
    double_running_pence: int


@dataclass(frozen=True)
class BedsSaved:
    """Beds of a case: what is released from the day they close, and what is not since they are open."""

    row: CaseBeds
    released: Series
    not_released_pence: int


@dataclass(frozen=True)
class CaseMoney:
    """A case from `first` to `last`, both included. Savings are counted to `case.savings_end`."""

    case: InvestmentCase
    first: dt.date
    last: dt.date
    flows_in: tuple[Flow, ...]
    put_in: Series
    stated: tuple[Flow, ...]
    people: tuple[PersonSaved, ...]
    beds: tuple[BedsSaved, ...]
    book: Book

    @property
    def double_running_pence(self) -> int:
        return sum(person.double_running_pence for person in self.people)


def money_of(actor: Actor, case: InvestmentCase) -> CaseMoney:
    """Everything of a case that needs no judgement of outcomes. About ten queries, however many people it is for."""
    funding = list(case.funding.select_related("source").order_by("start", "source__name"))
    flows_in = tuple(Flow(row.source.name, to_pence(row.amount), row.start, row.end) for row in funding)
    stated = tuple(
        Flow(row.note or f"Stated saving {place}", to_pence(row.amount), row.start, row.end)
        for place, row in enumerate(case.savings.order_by("start", "end"), start=1)
    )
    rows = list(case.people.select_related("person", "placement").order_by("person__reference"))
    first = min([case.start, *(flow.start for flow in flows_in), *(row.counts_from for row in rows)])
    last = max([case.savings_end, *(flow.end for flow in flows_in)])
    people = Person.objects.visible_to(actor).filter(pk__in=[row.person_id for row in rows])
    book = open_book(actor, people=people)
    return CaseMoney(
        case=case,
        first=first,
        last=last,
        flows_in=flows_in,
        put_in=cumulative(flows_in, first, last),
        stated=tuple(flow for flow in stated if flow.start <= case.savings_end),
        people=tuple(_people(case, rows, book, first, last)),
        beds=tuple(_beds(row, case.savings_end, first, last) for row in case.beds.order_by("start", "ward")),
        book=book,
    )


def _beds(row: CaseBeds, end: dt.date, first: dt.date, last: dt.date) -> BedsSaved:
    weekly = to_pence(row.weekly_cost)
    not_until = min(end, row.closed_on - dt.timedelta(days=1)) if row.closed_on else end
    return BedsSaved(
        row,
        weekly_from(weekly, row.closed_on, end, first, last),
        weekly_from(weekly, row.start, not_until, first, last).to(last),
    )


def weekly_from(weekly_pence: int, start: dt.date | None, end: dt.date, first: dt.date, last: dt.date) -> Series:
    """A weekly amount by day, from a day to a day: `weekly × days ÷ 7`, rounded once (cost rule 8)."""
    days = np.arange(first.toordinal(), last.toordinal() + 1, dtype=np.int64)
    if start is None or end < start:
        return Series(first, np.zeros(len(days), dtype=np.int64))
    so_far = np.clip(days - (start.toordinal() - 1), 0, (end - start).days + 1)
    return Series(first, (2 * weekly_pence * so_far + DAYS_IN_WEEK) // (2 * DAYS_IN_WEEK))


# ---------------------------------------------------------------- people


def _people(
    case: InvestmentCase, rows: Sequence[CasePerson], book: Book, first: dt.date, last: dt.date
) -> Iterable[PersonSaved]:
    ids = [row.person_id for row in rows]
    baselines = {row.person_id: row for row in Baseline.objects.filter(person__in=ids)}
    placements: dict[int, list[Placement]] = {pk: [] for pk in ids}
    for placement in Placement.objects.filter(person__in=ids).order_by("start", "reference"):
        placements[placement.person_id].append(placement)
    costs = _daily(book, first, min(last, case.savings_end)) if rows else {}
    for row in rows:
        doubled = double_days(placements[row.person_id], row.counts_from, case.savings_end)
        yield _person(row, case.savings_end, baselines.get(row.person_id), costs, doubled, first, last)


def _daily(book: Book, first: dt.date, last: dt.date) -> dict[tuple[str, str], dict[int, int]]:
    """Cost of each day in pence by person and placement: the day's number from the first, only what is not zero."""
    days = [first + dt.timedelta(days=place) for place in range((last - first).days + 1)]
    found: dict[tuple[str, str], dict[int, int]] = {}
    for cost in costs_by_period(book, [ledger.Period(day, day) for day in days], ("person", "placement")):
        person, placement = cost.keys
        found.setdefault((person, placement), {})[cost.period] = cost.pence
    return found


def double_days(placements: Sequence[Placement], first: dt.date, last: dt.date) -> dict[str, set[dt.date]]:
    """The days on which a home marked as double running was paid for beside another, by its reference."""
    homes = [placement for placement in placements if placement.is_home]
    found: dict[str, set[dt.date]] = {}
    for marked in homes:
        if marked.double_running:
            own = _days(marked, first, last)
            others = {day for other in homes if other.pk != marked.pk for day in _days(other, first, last)}
            found[marked.reference] = own & others
    return found


def _days(placement: Placement, first: dt.date, last: dt.date) -> set[dt.date]:
    start, end = max(placement.start, first), min(placement.end or last, last)
    return {start + dt.timedelta(days=place) for place in range((end - start).days + 1)}


def _person(
    row: CasePerson,
    end: dt.date,
    baseline: Baseline | None,
    costs: dict[tuple[str, str], dict[int, int]],
    doubled: dict[str, set[dt.date]],
    first: dt.date,
    last: dt.date,
) -> PersonSaved:
    begins = (row.counts_from - first).days
    cost = np.zeros((last - first).days + 1, dtype=np.int64)
    double = 0
    for (person, placement), by_day in costs.items():
        if person != row.person.reference:
            continue
        apart = {(day - first).days for day in doubled.get(placement, ())}
        for place, pence in by_day.items():
            if place in apart:
                double += pence
            elif place >= begins:
                cost[place] += pence
    why_not = _why_not(baseline)
    if baseline is None or why_not:
        weekly = to_pence(baseline.weekly_cost) if baseline else None
        return PersonSaved(row, weekly, None, why_not, double)
    weekly = to_pence(baseline.weekly_cost)
    before = weekly_from(weekly, row.counts_from, end, first, last)
    return PersonSaved(row, weekly, Series(first, before.pence - np.cumsum(cost)), "", double)


def _why_not(baseline: Baseline | None) -> str:
    if baseline is None:
        return "no baseline is recorded"
    if baseline.scope == Baseline.Scope.ALL_IN:
        return "the baseline is an all-in price, which is not like the cost of support alone"
    return ""
