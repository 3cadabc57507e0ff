"""The example's pooled fund: an agreement with closed statements, one that waits, and moves out of hospital."""

import datetime as dt
from decimal import Decimal

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership, Role
from commissioning.core.periods import FinancialYear
from commissioning.demo import organisations as orgs
from commissioning.demo.stories import MAN
from finance import ledger
from finance.actions import (
    NewAgreement,
    NewTransfer,
    approve_statement,
    close_statement,
    create_agreement,
    prepare_statement,
    set_contributions,
    set_transfers,
)
from finance.models import RiskShareAgreement
from finance.queries import costs_by_period, open_book
from finance.queries.risk_share import periods_of
from people.models import Person

POOL, MOVES = "LD-POOL", "HOSPITAL-MOVES"
TENTH = 1_000_000  # pence: contributions are agreed in tens of thousands of pounds
CONTINGENCY = (
    "If a partner cannot meet its part, support goes on: the council pays providers for three months and the two chief "
    "officers meet within five working days.\nIf the agreement ends, each person’s support goes on unchanged until "
    "both partners have agreed in writing who pays."
)


def share_risk(partnership: Partnership, today: dt.date) -> None:
    """Agreed and entered by those who sign in to the example, from the beginning of the last financial year."""
    commissioner, finance = (_actor(partnership, role) for role in (Role.COMMISSIONER, Role.FINANCE_OFFICER))
    council, board = (partnership.links.get(code=code).organisation for code in (orgs.COUNCIL, orgs.ICB))
    last_year = FinancialYear.of(today).plus(-1)
    new = NewAgreement(
        reference=POOL,
        name="Learning disability and autism pool",
        start=last_year.first,
        rule="proportional",
        partners=[(council, Decimal(60)), (board, Decimal(40))],
        contingency=CONTINGENCY,
    )
    agreement = create_agreement(new=new, by=commissioner)
    for year in (last_year, last_year.plus(1)):
        amounts = [(None, partner, amount) for partner, amount in _agreed(finance, year, council, board)]
        set_contributions(agreement=agreement, year=year, amounts=amounts, by=finance)
    _close_all_but_the_last(agreement, commissioner, finance, today)
    _follow_people_out_of_hospital(partnership, commissioner, finance, last_year, council, board)


def _actor(partnership: Partnership, role: str) -> Actor:
    return Actor.of(Membership.objects.filter(partnership=partnership, role=role).earliest("pk"))


def _agreed(
    by: Actor, year: FinancialYear, council: Organisation, board: Organisation
) -> list[tuple[Organisation, Decimal]]:
    """A little less than the year comes to, in round sums."""
    costs = costs_by_period(open_book(by), [ledger.Period(year.first, year.last)], ("funder",))
    spent = {cost.keys[0]: cost.pence for cost in costs}
    pairs = ((council, spent.get(orgs.COUNCIL, 0)), (board, spent.get(orgs.ICB, 0)))
    return [(partner, Decimal(pence // TENTH * TENTH).scaleb(-2)) for partner, pence in pairs]


def _close_all_but_the_last(agreement: RiskShareAgreement, commissioner: Actor, finance: Actor, today: dt.date) -> None:
    """Every quarter that is over is closed but the last, which the finance officer alone has approved."""
    over = [period for period in periods_of(agreement, today) if period.is_over(today)]
    for place, period in enumerate(reversed(over), start=1):
        statement = prepare_statement(agreement=agreement, period=period, by=finance, today=today)
        approve_statement(statement=statement, by=finance)
        if place < len(over):
            approve_statement(statement=statement, by=commissioner)
            close_statement(statement=statement, by=finance)


def _follow_people_out_of_hospital(
    partnership: Partnership, commissioner: Actor, finance: Actor, year: FinancialYear, council: Organisation,
    board: Organisation,
) -> None:  # fmt: skip
    new = NewAgreement(
        reference=MOVES,
        name="Moves out of hospital",
        start=year.first,
        rule="transfer",
        partners=[(council, Decimal(50)), (board, Decimal(50))],
        closes="year",
        surplus="kept",
    )
    agreement = create_agreement(new=new, by=commissioner)
    person = Person.objects.get(partnership=partnership, reference=MAN)
    transfer = NewTransfer(person, board, year.first, Decimal("3500.00"))
    set_transfers(agreement=agreement, transfers=[transfer], by=finance)
