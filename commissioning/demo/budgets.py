"""The example's budgets: three years of them, one that changed, what is assumed, and what is expected to change."""

import datetime as dt
from decimal import Decimal

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership, Role
from commissioning.core.periods import FinancialYear, day_before
from commissioning.demo import organisations as orgs
from commissioning.demo.stories import JO, MAN
from finance import ledger
from finance.actions import (
    Assumptions,
    NewBudgetChange,
    NewPlannedChange,
    YearOfBudgets,
    change_budget,
    plan_change,
    set_budgets,
)
from finance.models import Budget
from finance.queries import costs_by_period, open_book
from people.models import Placement

TENTH = 1_000_000  # pence: budgets are agreed in tens of thousands of pounds
YEARS = 3
BAND = (Decimal(0), Decimal("1.5"), Decimal(3))


def agree_budgets(partnership: Partnership, today: dt.date) -> None:
    """Entered by the finance officer: this year's and the two before."""
    by = Actor.of(Membership.objects.filter(partnership=partnership, role=Role.FINANCE_OFFICER).earliest("pk"))
    council, board = (partnership.links.get(code=code).organisation for code in (orgs.COUNCIL, orgs.ICB))
    now = FinancialYear.of(today)
    for year in (now.plus(-back) for back in reversed(range(YEARS))):
        set_budgets(year=year, entered=_agreed(by, year, now, council, board), by=by)
    budget = Budget.objects.get(partnership=partnership, year=now.start, partner=council)
    change = NewBudgetChange(
        Decimal(40_000), dt.date(now.start, 10, 1), "Two young people left school at the end of July", "Joint board"
    )
    change_budget(budget=budget, new=change, by=by)
    _expect(partnership, today, council, by)


def _agreed(
    by: Actor, year: FinancialYear, now: FinancialYear, council: Organisation, board: Organisation
) -> YearOfBudgets:
    """What the first month of the year came to, twelve times, in round sums; this year an uplift is still to come."""
    april = year.months[0]
    costs = costs_by_period(open_book(by), [ledger.Period(april.first, april.last)], ("funder",))
    month = {cost.keys[0]: cost.pence for cost in costs}
    contributions: dict[tuple[Organisation, str], Decimal | None] = {
        (partner, ""): Decimal(month.get(code, 0) * 12 // TENTH * TENTH).scaleb(-2)
        for partner, code in ((council, orgs.COUNCIL), (board, orgs.ICB))
    }
    built = dt.date(year.start, 3, 1)
    band = Assumptions(dt.date(year.start + 1, 1, 1), *BAND, built) if year == now else Assumptions(built_on=built)
    return YearOfBudgets(contributions, "Joint board", day_before(dt.date(year.start, 3, 20)), band)


def _expect(partnership: Partnership, today: dt.date, council: Organisation, by: Actor) -> None:
    """A move that is prepared, two step-downs, more need, and somebody who leaves children's services."""
    soon = today + dt.timedelta(days=45)
    leaving = Placement.objects.filter(partnership=partnership, reference__endswith="-NEXT").first()
    if leaving is not None:
        now = Placement.objects.filter(person=leaving.person).in_force(today).latest("start")
        _plan(by, "move", now, soon, (-1900, -1500, -900), "Out of hospital to a flat of their own")
    homes = Placement.objects.filter(partnership=partnership, end=None, setting="supported_living", start__lt=today)
    settled = homes.exclude(person__reference__in=(JO, MAN)).order_by("start", "reference")[:3]
    for place, placement in enumerate(settled):
        if place < 2:
            _plan(by, "step_down", placement, soon, (-180, -120, 0), "Fewer hours by day, if the review agrees")
        else:
            _plan(by, "need_increase", placement, soon, (0, 90, 240), "A waking night for a while after an operation")
    somebody = NewPlannedChange(
        "new_person", soon, Decimal(1400), Decimal(1750), Decimal(2300), "Leaves children’s services", funder=council
    )
    plan_change(new=somebody, by=by)


def _plan(by: Actor, kind: str, placement: Placement, on: dt.date, weekly: tuple[int, int, int], note: str) -> None:
    low, expected, high = (Decimal(pounds) for pounds in weekly)
    new = NewPlannedChange(kind, on, low, expected, high, note, person=placement.person, placement=placement)
    plan_change(new=new, by=by)
