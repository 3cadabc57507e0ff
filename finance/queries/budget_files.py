"""The pooled budget as files: the same figures as on its pages."""

from collections.abc import Sequence

from commissioning.core.money import csv_pence, from_pence
from commissioning.core.tables import write_csv
from commissioning.core.workbooks import Cell, Sheet, workbook
from finance.queries.budget_pages import BudgetPage, PartRow
from finance.queries.budgets import PartnerRow

STEP_KEYS = ("rest", "ends", "planned", "assumed")
AMOUNTS = (
    "contribution", "changes", "budget", "spent_to_date", "prices_as_they_stand", "placements_that_end",
    "planned_changes", "assumed_uplift", "forecast_low", "forecast", "forecast_high",
    "variance_low", "variance", "variance_high",
)  # fmt: skip
HEADINGS = (
    "Contribution", "Changes", "Budget", "Spent to date", "Prices as they stand", "Placements that end",
    "Planned changes", "Assumed uplift", "Forecast, low", "Forecast", "Forecast, high",
    "Variance, low", "Variance", "Variance, high",
)  # fmt: skip


def amounts_of(page: BudgetPage, place: int, row: PartnerRow) -> tuple[int | None, ...]:
    """A partner's figures in pence, in the order of the headings; `place` is the partner's column."""
    steps = {step.key: step.cells[place].pence for step in page.steps}
    variances = (row.variance_low, row.variance, row.variance_high)
    return (
        row.contribution_pence,
        row.changes_pence,
        row.budget_pence,
        row.actual_pence,
        *(steps[key] for key in STEP_KEYS),
        row.low_pence,
        row.expected_pence,
        row.high_pence,
        *(each.pence if each else None for each in variances),
    )


def _partners(page: BudgetPage) -> list[tuple[str, tuple[int | None, ...]]]:
    rows = (*page.rows, page.total)
    return [(row.name, amounts_of(page, place, row)) for place, row in enumerate(rows)]


def as_csv(page: BudgetPage) -> str:
    """A row a partner, all of them last; pounds with two decimals, empty where nothing is known."""
    rows = [[name, *(_text(pence) for pence in amounts)] for name, amounts in _partners(page)]
    return write_csv(("partner", *AMOUNTS), rows)


def variance_as_csv(page: BudgetPage) -> str:
    """A row a part, a column a partner: the budget, the parts, the forecast and the variance."""
    rows = [[label, *(csv_pence(pence) for pence in amounts)] for label, amounts in _variance(page)]
    return write_csv(("part", *page.columns), rows)


def as_workbook(page: BudgetPage) -> bytes:
    """Sheets of partners, months, the variance, changes of budgets and planned changes. Amounts are numbers."""
    partners: list[tuple[Cell, ...]] = [
        (name, *(_number(pence) for pence in amounts)) for name, amounts in _partners(page)
    ]
    variance = _variance_rows(page)
    sheets: list[Sheet] = [
        ("Partners", ("Partner", *HEADINGS), partners),
        ("Months", ("To the end of", "Budget", "Spent", "Forecast, low", "Forecast", "Forecast, high"), _months(page)),
        ("Variance", ("Part", *page.columns), variance),
        ("Budget changes", ("Partner", "From", "Amount", "Why", "Agreed by"), _changes(page)),
        ("Planned changes", PLANNED_HEADINGS, _planned(page)),
    ]
    return workbook(sheets)


def variance_as_workbook(page: BudgetPage) -> bytes:
    return workbook([("Variance", ("Part", *page.columns), _variance_rows(page))])


def _variance_rows(page: BudgetPage) -> list[tuple[Cell, ...]]:
    return [(label, *(from_pence(pence) for pence in amounts)) for label, amounts in _variance(page)]


PLANNED_HEADINGS = (
    "Reference", "Kind", "Person", "What is expected", "First day", "Last day", "A week, low", "A week", "A week, high",
    "This year, low", "This year", "This year, high",
)  # fmt: skip


def _variance(page: BudgetPage) -> list[tuple[str, Sequence[int]]]:
    parts = [(row.label, _pence(row)) for row in page.parts]
    return [("Budget", page.budgets), *parts, ("Forecast", page.forecasts), ("Variance", page.variances)]


def _pence(row: PartRow) -> tuple[int, ...]:
    return tuple(cell.pence for cell in row.cells)


def _months(page: BudgetPage) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for row in page.found.months:
        amounts = (row.budget_pence, row.actual_pence, row.low_pence, row.expected_pence, row.high_pence)
        rows.append((row.month.words, *(_number(pence) for pence in amounts)))
    return rows


def _changes(page: BudgetPage) -> list[tuple[Cell, ...]]:
    return [
        (str(each.budget), each.on.isoformat(), each.amount, each.reason, each.agreed_by) for each in page.found.changes
    ]


def _planned(page: BudgetPage) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for each in page.planned:
        change = each.change
        weekly = (change.weekly_low, change.weekly_expected, change.weekly_high)
        days = (change.on.isoformat(), change.until.isoformat() if change.until else "")
        said = (change.reference, change.get_kind_display(), each.person, change.note)
        rows.append((*said, *days, *weekly, *(from_pence(pence) for pence in each.adds)))
    return rows


def _text(pence: int | None) -> str:
    return "" if pence is None else csv_pence(pence)


def _number(pence: int | None) -> Cell:
    return None if pence is None else from_pence(pence)
