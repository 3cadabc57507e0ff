"""The pooled fund: what partners put in by year, what was changed since, what is assumed, and what is expected."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from commissioning.core.money import LARGEST_POOL
from commissioning.interchange.cells import Choice, Day, Number, Pounds, Reference, Text, Year
from commissioning.interchange.tables.people import OWNER, VERSION
from commissioning.interchange.tables.spec import (
    Column,
    Table,
    Values,
    ends_after,
    link,
    organisation,
    person,
    placement,
)
from finance.models import Budget, BudgetChange, BudgetYear, PlannedChange

UPLIFT = ("uplift_low", "uplift_expected", "uplift_high")
WEEKLY = ("weekly_low", "weekly_expected", "weekly_high")


def not_negative(values: Values) -> Iterator[tuple[str, str]]:
    if values.get("amount") is not None and values["amount"] < 0:
        yield "amount", "Write £0 or more: what was taken away in the year goes in budget_changes.csv."


def not_nothing(values: Values) -> Iterator[tuple[str, str]]:
    if values.get("amount") == 0:
        yield "amount", "A change of nothing is no change. Correct the amount, or leave the row out."


def band_is_whole(values: Values) -> Iterator[tuple[str, str]]:
    """The uplift's day and its three percentages are there together or not at all."""
    given = [values.get(name) is not None for name in ("uplift_from", *UPLIFT)]
    if any(given) and not all(given):
        yield "uplift_from", "Fill in the day and all three percentages of the uplift, or none of them."


def uplift_in_order(values: Values) -> Iterator[tuple[str, str]]:
    yield from _in_order(values, UPLIFT)


def weekly_in_order(values: Values) -> Iterator[tuple[str, str]]:
    yield from _in_order(values, WEEKLY)


def _in_order(values: Values, names: tuple[str, str, str]) -> Iterator[tuple[str, str]]:
    for lower, higher in pairwise(names):
        low, high = values.get(lower), values.get(higher)
        if low is not None and high is not None and low > high:
            yield higher, f"This is less than {lower} ({low}). Put them in order: low, expected, high."


BUDGETS = Table(
    file="budgets.csv",
    about="What each partner puts into the pooled fund in a financial year, as first agreed.",
    key=("budget_ref",),
    models=(Budget,),
    columns=(
        Column("budget_ref", Reference(), required=True, stored="reference"),
        Column("year", Year(), required=True),
        Column("partner", organisation(), required=True),
        Column("pool", Text(100)),
        Column("amount", Pounds(LARGEST_POOL), required=True),
        Column("agreed_by", Text(200)),
        Column("agreed_on", Day()),
    ),
    checks=(not_negative,),
    left_out={"partnership": OWNER},
)

BUDGET_CHANGES = Table(
    file="budget_changes.csv",
    about="What was added to a budget in its year, or taken away, from a day on.",
    key=("change_ref",),
    models=(BudgetChange,),
    columns=(
        Column("change_ref", Reference(), required=True, stored="reference"),
        Column("budget_ref", link("budgets.csv", "budget"), required=True, stored="budget"),
        Column("on", Day(), required=True),
        Column("amount", Pounds(LARGEST_POOL), required=True),
        Column("reason", Text(300), required=True),
        Column("agreed_by", Text(200)),
    ),
    checks=(not_nothing,),
    left_out={"partnership": OWNER},
)

BUDGET_YEARS = Table(
    file="budget_years.csv",
    about="What is assumed of a financial year: the uplift of prices as a band, and the day its budget was built on.",
    key=("year",),
    models=(BudgetYear,),
    columns=(
        Column("year", Year(), required=True),
        Column("uplift_from", Day()),
        *(Column(name, Number(Decimal(-50), Decimal(50), 2)) for name in UPLIFT),
        Column("built_on", Day()),
    ),
    checks=(band_is_whole, uplift_in_order),
    left_out={"partnership": OWNER},
)

PLANNED_CHANGES = Table(
    file="planned_changes.csv",
    about="What is expected to change and is no price yet: moves, step-downs, more need, somebody new.",
    key=("change_ref",),
    models=(PlannedChange,),
    columns=(
        Column("change_ref", Reference(), required=True, stored="reference"),
        Column("kind", Choice(PlannedChange.Kind.values), required=True),
        Column("person_ref", person(), stored="person"),
        Column("placement_ref", placement(), stored="placement"),
        Column("funder", organisation()),
        Column("on", Day(), required=True),
        Column("until", Day()),
        *(Column(name, Pounds(), required=True) for name in WEEKLY),
        Column("note", Text(300), required=True),
        Column("state", Choice(PlannedChange.State.values), default=PlannedChange.State.EXPECTED.value),
    ),
    checks=(ends_after("on", "until"), weekly_in_order),
    left_out={"version": VERSION, "partnership": OWNER},
)
