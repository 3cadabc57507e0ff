"""What the pages of the pooled budget show: a year by partner, how it is forecast, and why it varies."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from commissioning.accounts.actors import Actor
from commissioning.core.charts import (
    Chart,
    MoneyLevel,
    MoneyPanel,
    MoneyPoint,
    MoneyRange,
    StepsOverTime,
    steps_over_time,
)
from commissioning.core.money import format_pence
from commissioning.core.periods import FinancialYear, day_after
from finance.models import Budget, BudgetChange, BudgetYear, CostLine, PlannedChange
from finance.queries.book import Book, open_book
from finance.queries.budget_records import years_with_budgets
from finance.queries.budgets import Doubled, PartnerRow, YearOfMoney, double_running, year_of_money
from finance.queries.variance import EXPECTED, PARTS, Explained, Fact, explain, stood_on

STEPS = {
    "actual": "Spent to date",
    "rest": "Prices as they stand, to the year’s end",
    "ends": "Placements that end",
    "planned": "Planned changes",
    "assumed": "Uplift that is assumed",
}
IN_COSTS = ("actual", "rest")
PART_WORDS = {
    "built": "How the budget was set",
    "who_pays": "Who pays changed",
    "started": "Started",
    "ended": "Ended",
    "price": "Changed price",
    "need": "Changed need",
    "uplift": "Uplift",
}
MEANINGS = {
    "built": "What the prices in force when the budget was built come to in a whole year, less the budget. It is below "
    "nothing where the budget allowed for uplifts or for people still to come.",
    "who_pays": "A share of the cost moved from one partner to another, or has run out. It changes nothing in all.",
    "started": "Placements that had no price when the budget was built, somebody new who is expected, and planned "
    "moves that cost more than the home before.",
    "ended": "Days after the last price of a placement, and planned moves that cost less than the home before.",
    "price": "The same support at another price: negotiated, corrected, or for no recorded reason.",
    "need": "More or less support for somebody whose placement goes on: recorded as need or a step-down, other hours, "
    "another kind of support, a one-off, a stay in hospital, or planned.",
    "uplift": "Prices that rose by a recorded uplift, and the uplift that is assumed and not yet recorded.",
}


@dataclass(frozen=True)
class PartCell:
    """Pence, and the query of the lines behind; empty where none are. `in_costs` says that the explorer has them."""

    pence: int
    query: str = ""
    in_costs: bool = False


@dataclass(frozen=True)
class PartRow:
    """A row of figures by partner, all of them last."""

    key: str
    label: str
    cells: tuple[PartCell, ...]
    columns: tuple[str, ...]
    meaning: str = ""

    @property
    def named(self) -> tuple[tuple[str, PartCell], ...]:
        """Each cell with its partner."""
        return tuple(zip(self.columns, self.cells, strict=True))

    @property
    def is_nothing(self) -> bool:
        return not any(cell.pence or cell.query for cell in self.cells)


@dataclass(frozen=True)
class Planned:
    """A planned change and what it adds to the year, in pence: low, expected, high."""

    change: PlannedChange
    person: str
    adds: tuple[int, int, int]
    is_overdue: bool

    @property
    def expected(self) -> int:
        return self.adds[EXPECTED]


@dataclass(frozen=True)
class BudgetPage:
    """A year as the pages show it. Nothing is reckoned twice: what is asked for is kept."""

    actor: Actor
    book: Book
    found: YearOfMoney
    today: dt.date
    years: tuple[FinancialYear, ...]

    @property
    def year(self) -> FinancialYear:
        return self.found.year

    @property
    def rows(self) -> tuple[PartnerRow, ...]:
        return self.found.rows

    @property
    def total(self) -> PartnerRow:
        return self.found.total

    @property
    def columns(self) -> tuple[str, ...]:
        return (*(row.name for row in self.rows), "All")

    @property
    def codes(self) -> tuple[str | None, ...]:
        return (*(row.code for row in self.rows), None)

    @property
    def assumptions(self) -> BudgetYear:
        return self.found.assumptions

    @property
    def is_over(self) -> bool:
        """Whether nothing of the year is still to come."""
        return self.found.upto == self.year.last

    @property
    def has_band(self) -> bool:
        return self.total.low_pence != self.total.high_pence

    @cached_property
    def steps(self) -> tuple[PartRow, ...]:
        """How the forecast is made: its steps by partner, each with the address of its lines."""
        return tuple(
            PartRow(key, label, tuple(self._step(key, code) for code in self.codes), self.columns)
            for key, label in STEPS.items()
        )

    def _step(self, key: str, code: str | None) -> PartCell:
        pence = self.found.forecast.step("uplift" if key == "assumed" else key).of(code)[EXPECTED]
        if key in IN_COSTS:
            return PartCell(pence, self.costs_query(code, key) if pence else "", in_costs=True)
        return PartCell(pence, self.lines_query(key, code) if pence else "")

    def lines_query(self, part: str, code: str | None) -> str:
        partner = [] if code is None else [("partner", code)]
        return urlencode([("year", str(self.year)), ("part", part), *partner])

    def costs_query(self, code: str | None, part: str) -> str:
        """The query of the cost explorer's lines behind what was spent, or is still to come at the recorded prices."""
        first, last = self.year.first, self.year.last
        if part == "actual":
            last = self.found.upto or last
        elif self.found.upto is not None:
            first = day_after(self.found.upto)
        whole = {"by": "funder", "per": "year", "money": "net", "from": f"{self.year.first:%Y-%m}"}
        whole |= {"to": f"{self.year.last:%Y-%m}"} | ({} if code is None else {"slice": code})
        return urlencode({**whole, "start": first.isoformat(), "end": last.isoformat()})

    @property
    def spent(self) -> tuple[tuple[PartnerRow, str], ...]:
        """Each partner's row with the query of the lines behind what is spent."""
        return tuple((row, self.costs_query(row.code, "actual")) for row in self.rows)

    @property
    def total_spent_query(self) -> str:
        return self.costs_query(None, "actual")

    @cached_property
    def planned(self) -> tuple[Planned, ...]:
        return tuple(
            Planned(
                change,
                change.person.label_for(self.actor) if change.person else "",
                self.found.adds(change),
                change.is_overdue(self.today),
            )
            for change in self.found.planned
        )

    @property
    def changes_by_budget(self) -> tuple[tuple[Budget, tuple[BudgetChange, ...]], ...]:
        return tuple(
            (budget, tuple(change for change in self.found.changes if change.budget_id == budget.pk))
            for budget in self.found.budgets
        )

    @cached_property
    def doubled(self) -> tuple[Doubled, ...]:
        return double_running(self.actor, self.year, self.found.upto, self.book)

    @cached_property
    def chart(self) -> Chart:
        """Each month by itself: what was spent, its part of the budget, and the forecast as a band."""
        months = [row.month.first for row in self.found.months]
        rows = self.found.months
        spent = _by_month([row.actual_pence for row in rows])
        budget = _by_month([row.budget_pence for row in rows])
        low, high = (_by_month([getattr(row, name) for row in rows]) for name in ("low_pence", "high_pence"))
        points = tuple(MoneyPoint(month, pence) for month, pence in zip(months, spent, strict=True))
        levels = tuple(MoneyPoint(month, pence) for month, pence in zip(months, budget, strict=True))
        ahead = tuple(
            MoneyRange(month, min(one, other), max(one, other))
            for month, pence, one, other in zip(months, spent, low, high, strict=True)
            if pence is None and one is not None and other is not None
        )
        level = MoneyLevel("Budget", points=levels) if self.found.has_budget else None
        panel = MoneyPanel("Spent, budget and forecast", points, None, level, ahead)
        title = f"What support costs in each month of {self.year.label}, beside the budget and the forecast"
        data = StepsOverTime("budget", (panel,), title, self._said(), from_zero=False, per="a month")
        return steps_over_time(data, widths=(900, 600, 346))

    def _said(self) -> str:
        total = self.total
        words = [f"Spent to date: {format_pence(total.actual_pence, pennies=False)}."]
        words.append(f"Expected by the year’s end: {format_pence(total.expected_pence, pennies=False)}.")
        if total.budget_pence is not None:
            words.append(f"Budget: {format_pence(total.budget_pence, pennies=False)}.")
        return " ".join(words)

    @cached_property
    def explained(self) -> Explained:
        """Why the year varies from its budget. One query."""
        facts = CostLine.objects.visible_to(self.actor).values_list("pk", "label", "reason", "contract_id")
        return explain(
            self.book,
            self.year,
            self.found.assumed,
            budget={row.code: row.budget_pence for row in self.rows if row.budget_pence},
            facts={pk: Fact(label, reason, contract or 0) for pk, label, reason, contract in facts},
            kinds={change.reference: change.kind for change in self.found.planned},
            on=self.stood_on,
        )

    @cached_property
    def parts(self) -> tuple[PartRow, ...]:
        """The parts of the variance by partner. Who pays is left out where it did not change."""
        rows = [
            PartRow(
                part,
                PART_WORDS[part],
                tuple(
                    PartCell(
                        self.explained.of(part, code),
                        self.lines_query(part, code) if self.explained.sources(part, code) else "",
                    )
                    for code in self.codes
                ),
                self.columns,
                MEANINGS[part],
            )
            for part in PARTS
        ]
        return tuple(row for row in rows if row.key != "who_pays" or not row.is_nothing)

    @property
    def budgets(self) -> tuple[int, ...]:
        return (*(row.budget_pence or 0 for row in self.rows), self.total.budget_pence or 0)

    @property
    def forecasts(self) -> tuple[int, ...]:
        return (*(row.expected_pence for row in self.rows), self.total.expected_pence)

    @property
    def variances(self) -> tuple[int, ...]:
        return tuple(now - budget for now, budget in zip(self.forecasts, self.budgets, strict=True))

    @property
    def named_budgets(self) -> tuple[tuple[str, int], ...]:
        return tuple(zip(self.columns, self.budgets, strict=True))

    @property
    def named_forecasts(self) -> tuple[tuple[str, int], ...]:
        return tuple(zip(self.columns, self.forecasts, strict=True))

    @property
    def named_variances(self) -> tuple[tuple[str, int], ...]:
        return tuple(zip(self.columns, self.variances, strict=True))

    @property
    def stood_on(self) -> dt.date:
        return stood_on(self.year, self.assumptions.built_on)

    @property
    def year_key(self) -> str:
        return str(self.year)

    @property
    def people_ids(self) -> tuple[int, ...]:
        return tuple(each.change.person_id for each in self.planned if each.change.person_id is not None)


def _by_month(running: Sequence[int | None]) -> list[int | None]:
    """What each month adds to a running sum; None where it is not known."""
    before = [0, *running[:-1]]
    return [None if now is None else now - (then or 0) for now, then in zip(running, before, strict=True)]


def budget_page(actor: Actor, year: FinancialYear, today: dt.date) -> BudgetPage:
    """A year's page: the queries of the book, of the year's figures, and one of the years there are."""
    book = open_book(actor)
    now = FinancialYear.of(today)
    years = sorted({*years_with_budgets(actor), now, now.plus(1), year}, reverse=True)
    return BudgetPage(actor, book, year_of_money(actor, year, today, book=book), today, tuple(years))
