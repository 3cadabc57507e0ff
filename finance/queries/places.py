"""A contract's prices for places: who fills them from day to day, and what that and the void cost month by month."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from commissioning.accounts.actors import Actor
from commissioning.core.money import csv_pence
from commissioning.core.periods import FinancialYear, Month
from commissioning.core.tables import write_csv
from finance import ledger
from finance.models import CostLine
from finance.queries.blocks import VOID
from finance.queries.book import Book, open_block
from finance.queries.costs import costs_by_period
from finance.queries.lines import ShareOnDay, SharesOfLines, YearByCalendar, shares_of_lines, year_of
from people.models import Placement
from providers.models import Contract


@dataclass(frozen=True)
class PriceOfPlaces:
    """A price for so many places; whole pence a week for all of them on a day, None for who sees no such figures."""

    line: CostLine
    is_in_force: bool
    weekly_pence: int | None
    shares: tuple[ShareOnDay, ...]
    year: YearByCalendar | None


@dataclass(frozen=True)
class MonthOfPlaces:
    """Whole pence of a month: the price is what people's parts and the void come to. `month` is None for the sum."""

    month: Month | None
    price_pence: int
    void_pence: int

    @property
    def parts_pence(self) -> int:
        return self.price_pence - self.void_pence


@dataclass(frozen=True)
class PartOfMonth:
    """One placement's part of a month in whole pence, on which days; without a placement, what is void."""

    placement: Placement | None
    label: str
    start: dt.date
    end: dt.date
    pence: int


@dataclass(frozen=True)
class Filled:
    """Days of a month on which nobody comes or goes: who is placed, of how many places, for which prices."""

    start: dt.date
    end: dt.date
    what: tuple[str, ...]
    capacity: int
    who: tuple[str, ...]

    @property
    def void(self) -> int:
        return max(self.capacity - len(self.who), 0)

    @property
    def is_crowded(self) -> bool:
        return len(self.who) > self.capacity


@dataclass(frozen=True)
class Places:
    """A contract's places in a financial year, and one month in full; no figures for who sees not all prices."""

    contract: Contract
    prices: tuple[PriceOfPlaces, ...]
    year: FinancialYear
    years: tuple[FinancialYear, ...]
    months: tuple[MonthOfPlaces, ...]
    month: Month
    parts: tuple[PartOfMonth, ...]
    filled: tuple[Filled, ...]
    placed: tuple[tuple[Placement, str], ...]
    people: frozenset[int]

    @property
    def total(self) -> MonthOfPlaces:
        return MonthOfPlaces(
            None, sum(each.price_pence for each in self.months), sum(each.void_pence for each in self.months)
        )

    @property
    def chosen(self) -> MonthOfPlaces:
        return next(each for each in self.months if each.month == self.month)

    @property
    def now(self) -> PriceOfPlaces | None:
        """The first price in force on the day."""
        return next((each for each in self.prices if each.is_in_force), None)


def places_bought(actor: Actor, on: dt.date) -> Mapping[int, int]:
    """The places of each contract that has ever had a price for some, by its primary key: 0 where none are bought then.

    The largest number where prices differ. One query.
    """
    lines = CostLine.objects.visible_to(actor).blocks().values_list("contract_id", "capacity", "start", "end")
    found: dict[int, int] = {}
    for contract, capacity, start, end in lines:
        if contract is not None:
            counts = start <= on and (end is None or end >= on)
            found[contract] = max(found.get(contract, 0), (capacity or 0) if counts else 0)
    return found


def places_of(actor: Actor, contract: Contract, *, year: str, month: str, today: dt.date) -> Places:
    """The page of a contract's places; a year or month that makes no sense is the present one, as far as it may be."""
    lines = _lines(actor, contract)
    years = _years(lines, contract, today)
    chosen = _chosen_year(years, year, month, today)
    in_month = _chosen_month(chosen, month, today)
    book = open_block(actor, contract)
    placements = _placements(actor, contract)
    labels = {key: each.person.label_for(actor) for key, each in placements.items()}
    placed = tuple((each, labels[key]) for key, each in placements.items() if _is_in_force(each, today))
    shown: tuple[PartOfMonth, ...] = ()
    filled: tuple[Filled, ...] = ()
    months: tuple[MonthOfPlaces, ...] = ()
    if actor.sees_prices:
        months = tuple(_months(book, chosen))
        shown, filled = _parts(book, in_month, placements, labels), _filled(book, in_month, lines, labels)
    return Places(
        contract=contract,
        prices=_prices(actor, book, lines, today),
        year=chosen,
        years=years,
        months=months,
        month=in_month,
        parts=shown,
        filled=filled,
        placed=placed,
        people=frozenset(each.person_id for each, _ in placed)
        | {part.placement.person_id for part in shown if part.placement},
    )


def places_csv(actor: Actor, contract: Contract, *, year: str, today: dt.date) -> tuple[str, FinancialYear, set[int]]:
    """Every part and the void of each month of a financial year, in pounds; the year, and whose parts they are."""
    lines = _lines(actor, contract)
    chosen = _chosen_year(_years(lines, contract, today), year, "", today)
    people = {each.reference: each.person for each in _placements(actor, contract).values()}
    periods = [ledger.Period(month.first, month.last) for month in chosen.months]
    costs = costs_by_period(open_block(actor, contract), periods, ("kind", "placement"))
    rows = []
    for cost in costs:
        kind, placement = cost.keys
        who = "void" if placement == VOID else people[placement].reference
        rows.append([str(chosen.months[cost.period]), kind, who, placement, csv_pence(cost.pence)])
    named = {people[cost.keys[1]].pk for cost in costs if cost.keys[1] != VOID}
    return write_csv(["month", "kind", "person", "placement", "amount"], rows), chosen, named


def _lines(actor: Actor, contract: Contract) -> list[CostLine]:
    lines = CostLine.objects.visible_to(actor).filter(contract=contract).select_related("calendar", "contract")
    return sorted(lines, key=lambda each: (each.kind, each.label, each.start), reverse=True)


def _placements(actor: Actor, contract: Contract) -> dict[int, Placement]:
    """In order of reference, as parts are taken."""
    placements = Placement.objects.visible_to(actor).filter(contract=contract).select_related("person", "provider")
    return {each.pk: each for each in sorted(placements, key=lambda each: each.reference)}


def _is_in_force(row: Placement | CostLine, on: dt.date) -> bool:
    return row.start <= on and (row.end is None or row.end >= on)


def _years(lines: Iterable[CostLine], contract: Contract, today: dt.date) -> tuple[FinancialYear, ...]:
    """From the first price to the year after this one, or to the last that any price reaches."""
    now = FinancialYear.of(today)
    first = min([now, *(FinancialYear.of(line.start) for line in lines)])
    last = FinancialYear.of(contract.end) if contract.end else now.plus(1)
    return tuple(FinancialYear(start) for start in range(first.start, max(min(last, now.plus(1)), now).start + 1))


def _chosen_year(years: tuple[FinancialYear, ...], year: str, month: str, today: dt.date) -> FinancialYear:
    named = next((each for each in years if str(each) == year), None)
    of_month = next((each for each in years if month in map(str, each.months)), None)
    return named or of_month or FinancialYear.of(today)


def _chosen_month(year: FinancialYear, month: str, today: dt.date) -> Month:
    """The one in the address; else this one where it is in the year, else the year's nearest."""
    found = next((each for each in year.months if str(each) == month), None)
    return found or min(max(Month.of(today), year.months[0]), year.months[-1])


def _prices(actor: Actor, book: Book, lines: list[CostLine], on: dt.date) -> tuple[PriceOfPlaces, ...]:
    shares = shares_of_lines(actor, None, lines) if actor.sees_prices else SharesOfLines((), {})
    keys, number = ledger.distinct(book.lines.line)
    weekly = dict(zip(keys.tolist(), ledger.weekly_by_group(book.lines, on, number, len(keys)).tolist(), strict=True))
    rows = {key: row for row, key in enumerate(book.lines.line.tolist())}
    return tuple(
        PriceOfPlaces(
            line=line,
            is_in_force=line.basis != "one_off" and _is_in_force(line, on),
            weekly_pence=weekly.get(line.pk),
            shares=shares.on(line, on),
            year=year_of(book, rows[line.pk], on.year, all_places=True) if line.calendar_id and rows else None,
        )
        for line in lines
    )


def _months(book: Book, year: FinancialYear) -> Iterable[MonthOfPlaces]:
    periods = [ledger.Period(month.first, month.last) for month in year.months]
    price, void = [0] * len(periods), [0] * len(periods)
    for cost in costs_by_period(book, periods, ("placement",)):
        price[cost.period] += cost.pence
        if cost.keys[0] == VOID:
            void[cost.period] += cost.pence
    return (MonthOfPlaces(*each) for each in zip(year.months, price, void, strict=True))


def _parts(
    book: Book, month: Month, placements: Mapping[int, Placement], labels: Mapping[int, str]
) -> tuple[PartOfMonth, ...]:
    by_reference = {each.reference: key for key, each in placements.items()}
    found, void = [], 0
    for cost in costs_by_period(book, [ledger.Period(month.first, month.last)], ("placement",)):
        if cost.keys[0] == VOID:
            void = cost.pence
            continue
        key = by_reference[cost.keys[0]]
        each = placements[key]
        start, end = max(each.start, month.first), min(each.end or month.last, month.last)
        found.append(PartOfMonth(each, labels[key], start, end, cost.pence))
    if void:
        found.append(PartOfMonth(None, "", month.first, month.last, void))
    return tuple(found)


def _filled(book: Book, month: Month, lines: Iterable[CostLine], labels: Mapping[int, str]) -> tuple[Filled, ...]:
    """Each run of the month's days with who is placed; prices of as many places on the same days stand together."""
    table, line_of = book.lines, {line.pk: line for line in lines}
    first, last = month.first.toordinal(), month.last.toordinal()
    rows = np.flatnonzero((table.start <= last) & (table.last_day >= first))
    who: dict[tuple[int, int, int], list[int]] = {}
    for row in rows.tolist():
        key = (int(table.line[row]), max(int(table.start[row]), first), min(int(table.last_day[row]), last))
        there = who.setdefault(key, [])
        if table.placement[row] != ledger.NO_PLACEMENT:
            there.append(int(table.placement[row]))
    what: dict[tuple[int, int, int, tuple[int, ...]], list[str]] = {}
    for (line, start, end), there in who.items():
        said = line_of[line].get_kind_display() + (f", {line_of[line].label}" if line_of[line].label else "")
        what.setdefault((start, end, line_of[line].capacity or 0, tuple(there)), []).append(said)
    return tuple(
        Filled(
            start=dt.date.fromordinal(start),
            end=dt.date.fromordinal(end),
            what=tuple(sorted(set(names))),
            capacity=capacity,
            who=tuple(labels[each] for each in there),
        )
        for (start, end, capacity, there), names in sorted(what.items())
    )
