"""The example's invest-to-save cases: an outreach team as Birmingham's, stated; and homes near home, measured."""

import datetime as dt
from decimal import Decimal

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Partnership, Role
from commissioning.core.periods import FinancialYear, day_before
from commissioning.demo import organisations as orgs
from finance.actions.cases import (
    NewBeds,
    NewCase,
    NewCasePerson,
    NewFunding,
    NewSaving,
    create_case,
    set_case_beds,
    set_case_funding,
    set_case_people,
    set_case_savings,
)
from finance.models import Baseline
from people.models import Placement

OUTREACH, HOMES = "OUTREACH", "HOMES"
STEP = Decimal(112_500)
YEARS = 8


def invest_to_save(partnership: Partnership, today: dt.date) -> None:
    by = Actor.of(Membership.objects.filter(partnership=partnership, role=Role.FINANCE_OFFICER).earliest("pk"))
    moves = _moves(partnership, today)
    _outreach(partnership, by, today, moves[:6])
    _homes(partnership, by, today, moves)


def _moves(partnership: Partnership, today: dt.date) -> list[Placement]:
    """People with a baseline like their cost who moved to a home of their own some time ago."""
    people = Baseline.objects.filter(person__partnership=partnership).exclude(scope=Baseline.Scope.ALL_IN)
    homes = Placement.objects.filter(person__in=people.values("person"), end=None, setting="own_tenancy")
    recent = homes.filter(start__gte=FinancialYear.of(today).plus(-2).first, start__lte=today)
    return list(recent.select_related("person").order_by("person__reference"))[:12]


def _outreach(partnership: Partnership, by: Actor, today: dt.date, moves: list[Placement]) -> None:
    """£500,000 evenly over three years; in year n a saving of n × £112,500 evenly by day."""
    years = [FinancialYear.of(today).plus(place - 2) for place in range(YEARS)]
    board = partnership.links.get(code=orgs.ICB).organisation
    case = create_case(
        new=NewCase(
            reference=OUTREACH,
            title="Supported living and outreach team",
            owner="Priya Nair, joint commissioning",
            description="A team that plans moves home with people, trains their staff, and stays when things are hard.",
            start=years[0].first,
            savings_end=years[-1].last,
            basis="stated",
        ),
        by=by,
    )
    set_case_funding(case=case, funding=[NewFunding(board, Decimal(500_000), years[0].first, years[2].last)], by=by)
    savings = [
        NewSaving(year.first, year.last, STEP * place, f"Year {place}") for place, year in enumerate(years, start=1)
    ]
    set_case_savings(case=case, savings=savings, by=by)
    set_case_people(case=case, people=[NewCasePerson(move.person, move.start) for move in moves], by=by)


def _homes(partnership: Partnership, by: Actor, today: dt.date, moves: list[Placement]) -> None:
    first = FinancialYear.of(today).plus(-2)
    council, board = (partnership.links.get(code=code).organisation for code in (orgs.COUNCIL, orgs.ICB))
    case = create_case(
        new=NewCase(
            reference=HOMES,
            title="Homes near home",
            owner="Martin Okell, finance",
            description="Set-up of homes, and staff who begin before the move.",
            start=first.first,
            savings_end=first.plus(5).last,
            basis="measured",
        ),
        by=by,
    )
    funding = [
        NewFunding(council, Decimal(60_000), first.first),
        NewFunding(board, Decimal(90_000), first.first, first.plus(1).last),
    ]
    set_case_funding(case=case, funding=funding, by=by)
    set_case_people(case=case, people=[NewCasePerson(move.person, move.start) for move in moves], by=by)
    begun, closed = first.plus(1).first, day_before(FinancialYear.of(today).first)
    beds = [
        NewBeds("Ward 3, assessment and treatment unit", 2, Decimal("7000.00"), begun),
        NewBeds("Willow House", 1, Decimal("3500.00"), first.first, closed),
    ]
    set_case_beds(case=case, beds=beds, by=by)
