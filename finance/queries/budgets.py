"""The pooled budget of a financial year: what each partner puts in, what it costs so far, and what it is coming to.

Screen, CSV, spreadsheet and home page all render these figures.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import PartnershipOrganisation
from commissioning.core.money import round_half_away, to_pence
from commissioning.core.periods import FinancialYear, Month
from finance import ledger
from finance.models import Budget, BudgetChange, BudgetYear, PlannedChange
from finance.queries.book import UNALLOCATED_NAME, Book, open_book
from finance.queries.budget_records import assumptions_of, budgets_of, changes_of, planned_changes
from finance.queries.costs import costs_by_period
from finance.queries.forecast import Assumed, Expected, Forecast, Uplift, forecast
from people.models import Placement

NOBODY = "Nobody yet"


@dataclass(frozen=True)
class Against:
    """An amount against a budget: whole pence, and tenths of a percent of the budget (None of a budget of nothing)."""

    pence: int
    tenths_of_percent: int | None

    @classmethod
    def of(cls, pence: int, budget_pence: int | None) -> "Against | None":
        if budget_pence is None:
            return None
        difference = pence - budget_pence
        return cls(difference, round_half_away(difference * 1000, budget_pence) if budget_pence else None)


@dataclass(frozen=True)
class PartnerRow:
    """One partner's year in whole pence. `budget_pence` is None for those who pay and have no budget.

    `budget_pence` is the contribution with every change of the year; variances are against it, more spent is positive.
    """

    code: str
    name: str
    pools: tuple[str, ...]
    contribution_pence: int | None
    changes_pence: int
    actual_pence: int
    committed_pence: int
    low_pence: int
    expected_pence: int
    high_pence: int

    @property
    def budget_pence(self) -> int | None:
        return None if self.contribution_pence is None else self.contribution_pence + self.changes_pence

    @property
    def variance(self) -> Against | None:
        return Against.of(self.expected_pence, self.budget_pence)

    @property
    def variance_low(self) -> Against | None:
        return Against.of(self.low_pence, self.budget_pence)

    @property
    def variance_high(self) -> Against | None:
        return Against.of(self.high_pence, self.budget_pence)

    @property
    def uncommitted_pence(self) -> int | None:
        """What of the budget no recorded price takes up; negative where more is committed than there is."""
        return None if self.budget_pence is None else self.budget_pence - self.committed_pence

    @property
    def is_passed(self) -> bool:
        """Whether more is expected than there is."""
        return self.variance is not None and self.variance.pence > 0


@dataclass(frozen=True)
class MonthRow:
    """A month's end, from the first of April: whole pence. `actual_pence` is None in months that are not over."""

    month: Month
    budget_pence: int
    actual_pence: int | None
    low_pence: int
    expected_pence: int
    high_pence: int


@dataclass(frozen=True)
class Doubled:
    """A placement that runs beside another while somebody moves: what it costs in the year, whole pence."""

    placement: Placement
    actual_pence: int
    year_pence: int


@dataclass(frozen=True)
class YearOfMoney:
    """A year's budget against what it costs and what it is coming to. `upto` is the last day of the last whole month,
    None before the first."""

    year: FinancialYear
    upto: dt.date | None
    budgets: tuple[Budget, ...]
    changes: tuple[BudgetChange, ...]
    assumptions: BudgetYear
    planned: tuple[PlannedChange, ...]
    assumed: Assumed
    forecast: Forecast
    rows: tuple[PartnerRow, ...]
    total: PartnerRow

    @property
    def has_budget(self) -> bool:
        return bool(self.budgets)

    @property
    def counted_changes(self) -> tuple[PlannedChange, ...]:
        """Planned changes that add something to this year."""
        return tuple(each for each in self.planned if each.on <= self.year.last and self.adds(each) != (0, 0, 0))

    def adds(self, change: PlannedChange) -> tuple[int, int, int]:
        return self.forecast.by_change.get(change.reference, (0, 0, 0))

    @property
    def months(self) -> tuple[MonthRow, ...]:
        """Cumulative figures of all partners, month by month."""
        budget = cumulative_budget(self.year, self.budgets, self.changes)
        running = self.forecast.cumulative
        found = []
        for place, month in enumerate(self.year.months):
            is_over = self.upto is not None and month.last <= self.upto
            actual = sum(self.forecast.step("actual").in_month(each)[1] for each in range(place + 1))
            found.append(MonthRow(month, budget[place], actual if is_over else None, *running[place]))
        return tuple(found)


def last_whole_month(year: FinancialYear, today: dt.date) -> dt.date | None:
    """The last day of the last month of the year that is over; None where none is."""
    over = [month.last for month in year.months if month.last < today]
    return over[-1] if over else None


def budget_of(budgets: Iterable[Budget], changes: Iterable[BudgetChange], on: dt.date | None = None) -> tuple[int, int]:
    """The contribution as agreed, and what was added to it by a day (by the end of the year without one): pence."""
    budgets = list(budgets)
    keys = {budget.pk for budget in budgets}
    counted = [change for change in changes if change.budget_id in keys and (on is None or change.on <= on)]
    return sum(to_pence(each.amount) for each in budgets), sum(to_pence(each.amount) for each in counted)


def cumulative_budget(
    year: FinancialYear, budgets: Iterable[Budget], changes: Iterable[BudgetChange]
) -> tuple[int, ...]:
    """The budget to the end of each month in pence: the contribution in equal parts for the days of the year, a change
    in equal parts for the days from its first to the year's last. The last month has all of it."""
    budgets, changes = list(budgets), list(changes)
    return tuple(budget_to(year, budgets, changes, month.last) for month in year.months)


def budget_to(year: FinancialYear, budgets: Iterable[Budget], changes: Iterable[BudgetChange], day: dt.date) -> int:
    """The part of a year's budget up to a day, in pence: nothing before the year, all of it after."""
    contribution, _ = budget_of(budgets, [])
    parts = [(contribution, year.first), *((to_pence(change.amount), change.on) for change in changes)]
    return sum(_spread(pence, start, min(day, year.last), year) for pence, start in parts)


def _spread(pence: int, start: dt.date, day: dt.date, year: FinancialYear) -> int:
    gone = (day - start).days + 1
    return 0 if gone <= 0 else round_half_away(pence * gone, (year.last - start).days + 1)


def year_of_money(actor: Actor, year: FinancialYear, today: dt.date, *, book: Book | None = None) -> YearOfMoney:
    """A year's figures. Six queries, and those of the book where it is not given."""
    book = book or open_book(actor)
    links = PartnershipOrganisation.objects.filter(partnership=actor.partnership).select_related("organisation")
    codes = {link.organisation_id: (link.code, str(link.organisation)) for link in links}
    budgets, changes = budgets_of(actor, year), changes_of(actor, year)
    planned = tuple(planned_changes(actor).filter(state=PlannedChange.State.EXPECTED))
    assumptions = assumptions_of(actor, year)
    upto = last_whole_month(year, today)
    assumed = Assumed(
        upto=upto,
        ends=_placement_ends(actor),
        changes=tuple(_expected(change, codes) for change in planned),
        uplift=_uplift(assumptions),
    )
    found = forecast(book, year, assumed)
    rows = _rows(found, budgets, changes, codes)
    return YearOfMoney(
        year, upto, tuple(budgets), tuple(changes), assumptions, planned, assumed, found, rows, _total(rows)
    )


def _placement_ends(actor: Actor) -> dict[int, dt.date]:
    placements = Placement.objects.visible_to(actor).filter(end__isnull=False)
    return {pk: end for pk, end in placements.values_list("pk", "end") if end is not None}


def _expected(change: PlannedChange, codes: dict[int, tuple[str, str]]) -> Expected:
    weekly = (to_pence(change.weekly_low), to_pence(change.weekly_expected), to_pence(change.weekly_high))
    funder = codes[change.funder_id][0] if change.funder_id else ""
    return Expected(change.reference, weekly, change.on, change.until, change.placement_id, funder)


def _uplift(assumptions: BudgetYear) -> Uplift | None:
    if assumptions.uplift_from is None:
        return None
    percents = (assumptions.uplift_low, assumptions.uplift_expected, assumptions.uplift_high)
    low, expected, high = (0 if each is None else to_pence(each) for each in percents)
    return Uplift(assumptions.uplift_from, (low, expected, high))


def _rows(
    found: Forecast,
    budgets: Sequence[Budget],
    changes: Sequence[BudgetChange],
    codes: dict[int, tuple[str, str]],
) -> tuple[PartnerRow, ...]:
    """Partners with a budget by name, then others who pay, then what nobody pays yet."""
    names = dict(codes.values())
    with_budget = {codes[budget.partner_id][0] for budget in budgets}
    rows = []
    for code in {*with_budget, *found.funders}:
        own = [budget for budget in budgets if codes[budget.partner_id][0] == code]
        contribution, changed = budget_of(own, changes)
        rows.append(
            PartnerRow(
                code,
                NOBODY if code == UNALLOCATED_NAME else names.get(code, code),
                tuple(budget.pool for budget in own if budget.pool),
                contribution if own else None,
                changed,
                found.actual(code),
                found.committed(code),
                *found.of(code),
            )
        )
    return tuple(
        sorted(rows, key=lambda row: (row.budget_pence is None, row.code == UNALLOCATED_NAME, row.name.casefold()))
    )


def _total(rows: Sequence[PartnerRow]) -> PartnerRow:
    has_budget = any(row.contribution_pence is not None for row in rows)
    amounts = [
        sum(getattr(row, name) for row in rows)
        for name in ("changes_pence", "actual_pence", "committed_pence", "low_pence", "expected_pence", "high_pence")
    ]
    contribution = sum(row.contribution_pence or 0 for row in rows)
    return PartnerRow("", "All", (), contribution if has_budget else None, *amounts)


def double_running(actor: Actor, year: FinancialYear, upto: dt.date | None, book: Book) -> tuple[Doubled, ...]:
    """What placements that are marked double running cost in the year, by reference. One query."""
    marked = Placement.objects.visible_to(actor).filter(double_running=True).select_related("person", "provider")
    placements = {placement.reference: placement for placement in marked.order_by("reference")}
    periods = [ledger.Period(year.first, year.last)]
    if upto is not None:
        periods.append(ledger.Period(year.first, upto))
    costs: dict[str, list[int]] = {}
    for cost in costs_by_period(book.only("placement", list(placements)), periods, ("placement",)):
        costs.setdefault(cost.keys[0], [0, 0])[cost.period] = cost.pence
    return tuple(Doubled(placements[key], costs[key][1], costs[key][0]) for key in placements if key in costs)
