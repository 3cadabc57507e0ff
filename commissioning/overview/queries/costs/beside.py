"""What costs are set beside: partners' budgets, or what the same people's support cost before."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import PartnershipOrganisation
from commissioning.core.money import to_pence
from commissioning.core.periods import FinancialYear, day_before
from commissioning.overview.queries.costs.asked import Asked
from commissioning.overview.queries.costs.grid import Cell, Grid, Row, narrowed
from finance import ledger
from finance.models import Baseline
from finance.queries import Book
from finance.queries.budget_records import budgets_of, changes_of
from finance.queries.budgets import budget_to
from people.models import Person

# A budget is of a partner's whole pool, and a baseline of all of a person's support.
WITHIN_BUDGET = frozenset({"funder"})
WITHIN_BASELINE = frozenset({"person", "cohort"})


@dataclass(frozen=True)
class Compared:
    """The grid with rows of what it is set beside; or why nothing can be, in words."""

    grid: Grid
    note: str = ""


def set_beside(actor: Actor, book: Book, asked: Asked, grid: Grid) -> Compared:
    """Two queries for each financial year of a budget; one for baselines; none where nothing is asked."""
    narrowed_by = {name for name, _ in asked.only}
    if asked.beside == "budget":
        if narrowed_by - WITHIN_BUDGET:
            return Compared(grid, "A budget is for a partner’s whole pool. Choose All under the filters but who pays.")
        return _with_budget(actor, asked, grid)
    if asked.beside == "baseline":
        if narrowed_by - WITHIN_BASELINE:
            return Compared(grid, "A baseline is for all of a person’s support. Choose All under the other filters.")
        if asked.money == "gross":
            return Compared(grid, "Baselines are net of income. Choose net to compare with them.")
        return _with_baselines(actor, book, asked, grid)
    return Compared(grid)


def _with_budget(actor: Actor, asked: Asked, grid: Grid) -> Compared:
    years = [FinancialYear(year) for year in range(FinancialYear.of(asked.first.first).start, _last(asked).start + 1)]
    partner = asked.narrowed_to("funder")
    links = PartnershipOrganisation.objects.filter(partnership=actor.partnership, code=partner)
    wanted = set(links.values_list("organisation_id", flat=True)) if partner else None
    kept = {}
    for year in years:
        budgets = [each for each in budgets_of(actor, year) if wanted is None or each.partner_id in wanted]
        if budgets:
            kept[year] = (budgets, [each for each in changes_of(actor, year) if each.budget in budgets])
    if not kept:
        return Compared(grid, "No budget is entered for these years. Finance officers enter budgets under Budget.")

    def to(day: dt.date) -> int:
        """Every budget up to a day, since the first of these years."""
        return sum(budget_to(year, *rows, day) for year, rows in kept.items())

    amounts = [to(period.last) - to(day_before(period.first)) for period in asked.periods]
    missing = [year.label for year in years if year not in kept]
    note = f"No budget is entered for {' and '.join(missing)}." if missing else ""
    return Compared(_beside(grid, "Budget", amounts), note)


def _last(asked: Asked) -> FinancialYear:
    return FinancialYear.of(asked.last.last)


def _with_baselines(actor: Actor, book: Book, asked: Asked, grid: Grid) -> Compared:
    """What the people who have a baseline cost against it, from their programme's start (cost rule 8)."""
    cohorts = asked.narrowed_to("cohort")
    people = Person.objects.visible_to(actor)
    if asked.narrowed_to("person"):
        people = people.filter(reference=asked.narrowed_to("person"))
    if cohorts:
        people = people.filter(cohorts__contains=[cohorts])
    rows = Baseline.objects.filter(person__in=people, person__programme_start__isnull=False)
    found = list(rows.exclude(scope=Baseline.Scope.ALL_IN).select_related("person"))
    if not found:
        return Compared(grid, "Nobody here has a baseline to compare with, and a day on which the programme began.")
    numbers = {row.person.reference: place for place, row in enumerate(found)}
    lines = narrowed(book, asked).only("person", list(numbers)).lines
    names = [numbers.get(name, -1) for name in book.names["person"]]
    group = np.array(names, dtype=np.int64)[lines.codes["person"]]
    starts = np.array([row.person.programme_start.toordinal() for row in found if row.person.programme_start])
    weekly = np.array([to_pence(row.weekly_cost) for row in found], dtype=np.int64)

    def change(day: dt.date) -> int:
        return int(ledger.cumulative_change(lines, group, starts, weekly, day).pence.sum())

    amounts = [change(period.last) - change(day_before(period.first)) for period in asked.periods]
    who = f"{len(found)} {'person costs' if len(found) == 1 else 'people cost'}"
    note = (
        f"Against baselines: what {who} more or less than before their programme began, from that day. People without "
        "a baseline, and baselines of another scope, are left out."
    )
    return Compared(_as_rows(grid, [("Against baselines", amounts)]), note)


def _beside(grid: Grid, label: str, amounts: Sequence[int]) -> Grid:
    """What costs are set beside, and how far they are over it or under."""
    over = [cell.pence - amount for cell, amount in zip(grid.total.cells, amounts, strict=True)]
    return _as_rows(grid, [(label, amounts), ("Over or under", over)])


def _as_rows(grid: Grid, rows: Sequence[tuple[str, Sequence[int]]]) -> Grid:
    return replace(
        grid,
        beside=tuple(
            Row(label, None, tuple(Cell(pence, "") for pence in amounts), Cell(sum(amounts), ""))
            for label, amounts in rows
        ),
    )
