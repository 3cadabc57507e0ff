"""The pooled fund: a year's contributions and assumptions, what changes in the year, and what is expected."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Partnership
from commissioning.accounts.permissions import require_role
from commissioning.audit import history
from commissioning.core.editing import check
from commissioning.core.errors import Refused
from commissioning.core.money import format_pence, to_pence
from commissioning.core.periods import FinancialYear, words
from finance.actions.spending import PAYING_ROLES
from finance.models import Budget, BudgetChange, BudgetYear
from finance.queries.budget_records import year_records

Slot = tuple[Organisation, str]
"""Whose budget, and in which pool by name (empty where there is only one)."""


@dataclass(frozen=True)
class Assumptions:
    """What is assumed of a year: percentages of an uplift from a day, all or none, and the day it was built on."""

    uplift_from: dt.date | None = None
    uplift_low: Decimal | None = None
    uplift_expected: Decimal | None = None
    uplift_high: Decimal | None = None
    built_on: dt.date | None = None

    @property
    def band(self) -> tuple[Decimal | None, ...]:
        return (self.uplift_low, self.uplift_expected, self.uplift_high)


@dataclass(frozen=True)
class YearOfBudgets:
    """A whole year as somebody enters it: pounds by partner and pool; None for a partner who puts nothing in."""

    contributions: Mapping[Slot, Decimal | None]
    agreed_by: str = ""
    agreed_on: dt.date | None = None
    assumptions: Assumptions = field(default_factory=Assumptions)


@transaction.atomic
def set_budgets(*, year: FinancialYear, entered: YearOfBudgets, version: str | None = None, by: Actor) -> None:
    """Enter or repair the contributions and assumptions of a whole year; who agreed is kept with those that change.

    Raises Stale when somebody saved the year since it was opened at `version`; Refused for an uplift that is not whole
    or not in order, and for taking a contribution away that has changes.
    """
    require_role(by, *PAYING_ROLES)
    _lock(by.partnership)
    check(version, *year_records(by, year))
    check_assumptions(entered.assumptions)
    for (partner, pool), amount in entered.contributions.items():
        _set_one(year, partner, pool, amount, entered, by)
    values = vars(entered.assumptions)
    found = BudgetYear.objects.filter(partnership=by.partnership, year=year.start).first()
    if found is None and any(value is not None for value in values.values()):
        BudgetYear.objects.create(partnership=by.partnership, year=year.start, **values)
    elif found is not None and any(getattr(found, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(found, name, value)
        found.save()


def check_assumptions(assumptions: Assumptions) -> None:
    """Raises Refused, naming the field, for an uplift that is not whole or not in order."""
    names = ("uplift_low", "uplift_expected", "uplift_high")
    given = [name for name in ("uplift_from", *names) if getattr(assumptions, name) is not None]
    for name in ("uplift_from", *names):
        if given and name not in given:
            raise Refused("Enter the day and all three percentages of the uplift, or none of them", field=name)
    low, expected, high = (value if value is not None else Decimal(0) for value in assumptions.band)
    if expected < low:
        raise Refused("The expected uplift must be the low one or more", field="uplift_expected")
    if high < expected:
        raise Refused("The high uplift must be the expected one or more", field="uplift_high")


def _set_one(
    year: FinancialYear, partner: Organisation, pool: str, amount: Decimal | None, entered: YearOfBudgets, by: Actor
) -> None:
    budget = Budget.objects.filter(partnership=by.partnership, year=year.start, partner=partner, pool=pool).first()
    if amount is None:
        if budget is not None:
            _take_away(budget)
        return
    if amount < 0:
        raise Refused(f"Enter a contribution of £0 or more for {partner}")
    if budget is None:
        reference = _next_reference(year, partner, by)
        budget = Budget(partnership=by.partnership, reference=reference, year=year.start, partner=partner, pool=pool)
    elif budget.amount == amount:
        return
    budget.amount, budget.agreed_by, budget.agreed_on = amount, entered.agreed_by.strip(), entered.agreed_on
    budget.save()


def _take_away(budget: Budget) -> None:
    if budget.changes.exists():
        raise Refused(
            f"{budget} has changes in {budget.financial_year.label}, so its contribution cannot be left empty. "
            "Enter £0 if it puts nothing in."
        )
    budget.delete()


def _next_reference(year: FinancialYear, partner: Organisation, by: Actor) -> str:
    """`2026-27-COUNCIL`, with a number where that is taken."""
    code = by.partnership.links.filter(organisation=partner).values_list("code", flat=True).first()
    if code is None:
        raise Refused(f"{partner} does not belong to your partnership")
    stem = f"{year}-{code}"[:36]
    taken = set(Budget.objects.filter(partnership=by.partnership).values_list("reference", flat=True))
    return next(each for each in (stem, *(f"{stem}-{number}" for number in range(2, 1000))) if each not in taken)


@dataclass(frozen=True)
class NewBudgetChange:
    """What changes in a budget: pounds from a day, less with a minus; `taken_from` is the budget it moves out of."""

    amount: Decimal
    on: dt.date
    reason: str
    agreed_by: str = ""
    taken_from: Budget | None = None


@transaction.atomic
def change_budget(
    *, budget: Budget, new: NewBudgetChange, version: str | None = None, by: Actor
) -> Sequence[BudgetChange]:
    """Add to a budget in its year, or take from it; money from another budget leaves that one on the same day.

    Raises Stale; Refused for a day outside the year, nothing, no reason, or more than the budget holds on some day.
    """
    require_role(by, *PAYING_ROLES)
    _lock(by.partnership)
    year = budget.financial_year
    check(version, *year_records(by, year))
    check_budget_change(budget, new)
    rows = [(budget, new.amount)]
    if new.taken_from is not None:
        rows.append((new.taken_from, -new.amount))
    made = [_add_change(each, amount, new, by) for each, amount in rows]
    for each, _ in rows:
        _check_never_below_nothing(each)
    return made


def check_budget_change(budget: Budget, new: NewBudgetChange) -> None:
    """Raises Refused, naming the field."""
    year = budget.financial_year
    if new.amount == 0:
        raise Refused("Enter an amount that is not £0", field="amount")
    if FinancialYear.of(new.on) != year:
        raise Refused(f"Enter a day from {words(year.first)} to {words(year.last)}, the year of the budget", field="on")
    if not new.reason.strip():
        raise Refused("Say why the budget changes", field="reason")
    if new.taken_from is None:
        return
    if new.taken_from.pk == budget.pk or new.taken_from.year != budget.year:
        raise Refused("Choose another budget of the same year for the money to come from", field="taken_from")
    if new.amount < 0:
        raise Refused("Enter an amount without a minus: it comes from the other budget", field="amount")


def _add_change(budget: Budget, amount: Decimal, new: NewBudgetChange, by: Actor) -> BudgetChange:
    taken = set(BudgetChange.objects.filter(budget=budget).values_list("reference", flat=True))
    reference = next(each for n in range(1, 10_000) if (each := f"{budget.reference[:35]}-C{n}") not in taken)
    with history.said(by=by.name, reason=new.reason.strip()):
        return BudgetChange.objects.create(
            partnership=budget.partnership,
            reference=reference,
            budget=budget,
            on=new.on,
            amount=amount,
            reason=new.reason.strip(),
            agreed_by=new.agreed_by.strip(),
        )


def _check_never_below_nothing(budget: Budget) -> None:
    left = budget.amount
    for change in budget.changes.order_by("on", "reference"):
        left += change.amount
        if left < 0:
            short = format_pence(to_pence(-left))
            raise Refused(
                f"{budget} would be {short} short on {words(change.on)}. Enter a smaller amount", field="amount"
            )


def _lock(partnership: Partnership) -> None:
    """Two people at the same budgets take turns."""
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
