"""Figures of cost over time. Screen, CSV and PDF all render these, so they cannot disagree."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from commissioning.accounts.actors import Actor
from commissioning.core.money import round_half_away, to_pence
from finance import ledger
from finance.models import Baseline
from finance.queries.book import Book
from people.models import Person


@dataclass(frozen=True, order=True)
class Cost:
    """What a slice cost in a period: whole pence. `period` is its place in the list asked for."""

    period: int
    keys: tuple[str, ...]
    pence: int


@dataclass(frozen=True)
class PersonCost:
    """One person's weekly cost on a day against their baseline: whole pence, None where not known.

    Negative changes mean that less is spent (cost rules 6 to 8).
    """

    person: str
    weekly_pence: int
    baseline_weekly_pence: int | None
    weekly_change_pence: int | None
    annual_change_pence: int | None
    cumulative_change_pence: int | None
    baseline_is_comparable: bool


def costs_by_period(book: Book, periods: Sequence[ledger.Period], by: Sequence[str]) -> list[Cost]:
    """Accrued cost of each period by any of the dimensions and `funder`, in that order (cost rules 2 to 4).

    Rows that are not zero, sorted by period and keys in code-point order. Raises ValueError for another dimension.
    """
    unknown = [each for each in by if each != "funder" and each not in book.names]
    if unknown or len(set(by)) != len(by):
        raise ValueError(f"Figures can be shown by funder, {', '.join(book.names)}, each once; not by {by}.")
    columns = [each for each in by if each != "funder"]
    zeros = np.zeros(len(book.lines), dtype=np.int64)
    groups = ledger.groups_by(*([book.lines.codes[each] for each in columns] or [zeros]))
    if "funder" in by:
        found = ledger.totals(book.lines, book.shares, list(periods), groups.number)
    else:
        found = ledger.totals_without_funders(book.lines, list(periods), groups.number)
    rows = zip(found.group.tolist(), found.funder.tolist(), found.period.tolist(), found.pence.tolist(), strict=True)
    costs = []
    for group, funder, period, pence in rows:
        texts = {each: book.names[each][groups.columns[place][group]] for place, each in enumerate(columns)}
        texts["funder"] = book.funder_name(funder)
        costs.append(Cost(period, tuple(texts[each] for each in by), pence))
    return sorted(costs)


def monthly_totals(book: Book, first: dt.date, last: dt.date) -> list[tuple[dt.date, int]]:
    """Each month's first day and what it cost in pence, months without cost included."""
    periods = ledger.months(first, last)
    by_period = {cost.period: cost.pence for cost in costs_by_period(book, periods, ())}
    return [(period.first, by_period.get(place, 0)) for place, period in enumerate(periods)]


def weekly_steps(book: Book, days: Sequence[dt.date]) -> list[int]:
    """Weekly cost in pence of the whole book on each day (cost rule 6)."""
    if not days:
        return []
    group = np.zeros(len(book.lines), dtype=np.int64)
    table = ledger.weekly_on_days(book.lines, days, group, 1)
    return [int(value) for value in table[:, 0]]


def steps_of(book: Book, first: dt.date, last: dt.date) -> list[tuple[dt.date, int]]:
    """The days on which the weekly cost may change, each with the weekly cost in pence from then on."""
    days = ledger.step_days(book.lines, first, last)
    return list(zip(days, weekly_steps(book, days), strict=True))


def weekly_by(book: Book, on: dt.date, dimension: str) -> dict[str, int]:
    """Weekly cost in pence on a day by `funder`, or by a dimension; it adds up to the whole where by funder."""
    if dimension == "funder":
        group = np.zeros(len(book.lines), dtype=np.int64)
        split = ledger.weekly_by_funder(book.lines, book.shares, on, group)
        pairs = zip(split.funder.tolist(), split.pence.tolist(), strict=True)
        return {book.funder_name(funder): pence for funder, pence in pairs}
    names = book.names[dimension]
    weekly = ledger.weekly_by_group(book.lines, on, book.lines.codes[dimension], len(names))
    return {name: int(pence) for name, pence in zip(names, weekly, strict=True) if pence}


def annual(weekly_pence: int, weeks_per_year: Fraction) -> int:
    """A year at a weekly cost, in pence (cost rule 7)."""
    product = weekly_pence * weeks_per_year
    return round_half_away(product.numerator, product.denominator)


def person_costs(actor: Actor, book: Book, on: dt.date) -> list[PersonCost]:
    """A row for every person of the book's scope with a baseline, or with a line other than a one-off in force."""
    starts = dict(Person.objects.visible_to(actor).values_list("reference", "programme_start"))
    baselines = {
        baseline.person.reference: baseline
        for baseline in Baseline.objects.filter(person__in=Person.objects.visible_to(actor)).select_related("person")
    }
    names = book.names["person"]
    weekly = dict(zip(names, _weekly_by_person(book, on), strict=True))
    in_force = set(book.lines.codes["person"][book.lines.in_force(on)].tolist())
    wanted = {names[code] for code in in_force} | set(baselines)
    cumulative = _cumulative(book, on, starts, baselines)
    return [
        _person_cost(person, weekly.get(person, 0), baselines.get(person), cumulative.get(person), actor)
        for person in sorted(wanted)
        if person in starts
    ]


def _weekly_by_person(book: Book, on: dt.date) -> list[int]:
    names = book.names["person"]
    return [int(pence) for pence in ledger.weekly_by_group(book.lines, on, book.lines.codes["person"], len(names))]


def _cumulative(
    book: Book, on: dt.date, starts: dict[str, dt.date | None], baselines: dict[str, Baseline]
) -> dict[str, int]:
    """Cumulative change per person where the programme has started (cost rule 8)."""
    people = [*book.names["person"], *sorted(set(baselines) - set(book.names["person"]))]
    start = [_day_number(starts.get(person)) if person in baselines else ledger.NO_DAY for person in people]
    weekly = [to_pence(baselines[person].weekly_cost) if person in baselines else 0 for person in people]
    change = ledger.cumulative_change(
        book.lines, book.lines.codes["person"], np.array(start, dtype=np.int64), np.array(weekly, dtype=np.int64), on
    )
    rows = zip(people, change.pence.tolist(), change.is_known.tolist(), strict=True)
    return {person: pence for person, pence, is_known in rows if is_known}


def _day_number(day: dt.date | None) -> int:
    return ledger.NO_DAY if day is None else day.toordinal()


def _person_cost(
    person: str, weekly: int, baseline: Baseline | None, cumulative: int | None, actor: Actor
) -> PersonCost:
    if baseline is None:
        return PersonCost(person, weekly, None, None, None, None, False)
    before = to_pence(baseline.weekly_cost)
    change = weekly - before
    return PersonCost(
        person=person,
        weekly_pence=weekly,
        baseline_weekly_pence=before,
        weekly_change_pence=change,
        annual_change_pence=annual(change, actor.partnership.weeks_in_a_year),
        cumulative_change_pence=cumulative,
        baseline_is_comparable=baseline.scope != Baseline.Scope.ALL_IN,
    )
