"""Risk share from agreement to closed statement: figures from the cost lines, two approvals, nothing edited after."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership, Role
from commissioning.core.editing import version_of
from commissioning.core.errors import Refused, Stale
from commissioning.core.periods import FinancialYear
from commissioning.tests.fixtures import make_member, make_person, make_placement
from finance import actions
from finance.actions import NewAgreement, NewLine, NewRiskLine, NewShare, NewTransfer
from finance.models import Budget, RiskShareAgreement, RiskShareApproval, RiskShareStatement
from finance.queries import risk_share
from finance.queries.records import kept_with_agreement
from people.models import Person

pytestmark = pytest.mark.django_db

YEAR = FinancialYear(2025)
APRIL = YEAR.first
TODAY = dt.date(2026, 7, 10)


def pounds(amount: float) -> int:
    return round(amount * 100)


@pytest.fixture
def partners(estuary: Partnership) -> dict[str, Organisation]:
    return {link.code: link.organisation for link in estuary.links.filter(code__in=["COUNCIL", "ICB"])}


def agree(
    by: Actor, partners: dict[str, Organisation], rule: str = "proportional", **values: object
) -> RiskShareAgreement:
    shares = values.pop("shares", ("51", "49"))
    percents = [Decimal(each) if each else None for each in shares]  # type: ignore[attr-defined]
    new = NewAgreement(
        "POOL", "Learning disability pool", APRIL, rule, list(zip(partners.values(), percents, strict=True)),
        closes=str(values.pop("closes", "year")), **values,  # type: ignore[arg-type]
    )  # fmt: skip
    return actions.create_agreement(new=new, by=by)


def put_in(agreement: RiskShareAgreement, by: Actor, partners: dict[str, Organisation], *amounts: str) -> None:
    rows = [(None, partner, Decimal(amount)) for partner, amount in zip(partners.values(), amounts, strict=True)]
    actions.set_contributions(agreement=agreement, year=YEAR, amounts=rows, by=by)


def cost(
    person: Person, provider: Organisation, by: Actor, amount: str, *shares: tuple[Organisation, str],
    kind: str = "core_support", setting: str = "own_tenancy", reference: str = "", basis: str = "one_off",
    start: dt.date = APRIL,
) -> None:  # fmt: skip
    placement = make_placement(
        person, provider, reference or f"{person.reference}-{kind}", start=start, setting=setting
    )
    actions.add_line(placement=placement, new=NewLine(kind, basis, Decimal(amount), start), by=by)
    for funder, percent in shares:
        actions.add_share(placement=placement, new=NewShare(funder, "s117", Decimal(percent), start), by=by)


def shown(by: Actor, agreement: RiskShareAgreement, key: str = "2025-26") -> risk_share.Shown:
    return risk_share.shown(by, agreement, risk_share.period_for(agreement, key, TODAY))


def parts(found: risk_share.Shown) -> dict[str, int]:
    assert found.found, found.problem
    return {row.code or row.name: row.part_pence for row in found.found.rows}


def prepare(agreement: RiskShareAgreement, by: Actor, key: str = "2025-26", **values: object) -> RiskShareStatement:
    period = risk_share.period_for(agreement, key, TODAY)
    return actions.prepare_statement(agreement=agreement, period=period, by=by, today=TODAY, **values)  # type: ignore[arg-type]


def close(statement: RiskShareStatement, *approvers: Actor) -> RiskShareStatement:
    for each in approvers:
        actions.approve_statement(statement=statement, by=each)
    return actions.close_statement(statement=statement, by=approvers[0])


@pytest.fixture
def by_finn(finn: Membership) -> Actor:
    return Actor.of(finn)


# ---------------------------------------------------------------- figures


@pytest.fixture
def oxford(
    estuary: Partnership, meadow: Organisation, partners: dict[str, Organisation], by_alice: Actor
) -> RiskShareAgreement:
    """£195 million put in 51/49; people whose support cost £197 million."""
    agreement = agree(by_alice, partners)
    put_in(agreement, by_alice, partners, "99450000", "95550000")
    shares = ((partners["COUNCIL"], "51"), (partners["ICB"], "49"))
    for number in range(20):
        cost(make_person(estuary, f"OX-{number}"), meadow, by_alice, "9850000", *shares)
    return agreement


def test_oxfords_overspend_is_shared_51_to_49(oxford: RiskShareAgreement, by_alice: Actor) -> None:
    found = shown(by_alice, oxford)
    assert parts(found) == {"COUNCIL": pounds(1_020_000), "ICB": pounds(980_000)}
    assert found.found and [step.words for step in found.found.steps] == [
        "Put in: Estuary Council £99,450,000.00 + NHS Estuary £95,550,000.00 = £195,000,000.00",
        "Spent: Estuary Council £100,470,000.00 + NHS Estuary £96,530,000.00 = £197,000,000.00",
        "£197,000,000.00 − £195,000,000.00 = £2,000,000.00 over",
        "Estuary Council bears £2,000,000.00 × 51% = £1,020,000.00",
        "NHS Estuary bears £2,000,000.00 × 49% = £980,000.00",
    ]
    assert [row.to_pay_pence for row in found.found.rows] == [0, 0]


def test_a_quarter_takes_a_quarter_of_the_years_contributions(
    partners: dict[str, Organisation], by_alice: Actor, jo: Person, meadow: Organisation
) -> None:
    agreement = agree(by_alice, partners, closes="quarter")
    put_in(agreement, by_alice, partners, "1000.01", "500")
    found = [shown(by_alice, agreement, f"2025-26-q{n}") for n in range(1, 5)]
    put = [[each.contribution_pence for each in one.inputs.partners] for one in found if one.inputs]
    # By hand: 100001 pence × 3, 6, 9, 12 ÷ 12 are 25,000.25, 50,000.5, 75,000.75, 100,001: rounded, then differences.
    assert put == [[25_000, 12_500], [25_001, 12_500], [25_000, 12_500], [25_000, 12_500]]
    assert found[0].found and found[0].found.steps[0].words == (
        "Estuary Council: £1,000.01 for 2025/26 × 3 ÷ 12 months = £250.00, to the penny"
    )


def test_an_agreement_that_begins_in_july_pays_over_nine_months(
    partners: dict[str, Organisation], by_alice: Actor
) -> None:
    agreement = agree(by_alice, partners, closes="quarter")
    RiskShareAgreement.objects.update(start=dt.date(2025, 7, 1))
    agreement.refresh_from_db()
    put_in(agreement, by_alice, partners, "900", "0")
    assert [period.key for period in risk_share.periods_of(agreement, dt.date(2025, 12, 31))] == [
        "2025-26-q3",
        "2025-26-q2",
    ]
    found = shown(by_alice, agreement, "2025-26-q2")
    assert found.inputs and found.inputs.partners[0].contribution_pence == pounds(300)


def test_budgets_are_what_partners_put_in_where_nothing_is_entered(
    estuary: Partnership, partners: dict[str, Organisation], by_alice: Actor
) -> None:
    """£1,200 a year; £120 more from 1 August: quarter 2 takes half of £1,320 less the £300 of quarter 1."""
    agreement = agree(by_alice, partners, closes="quarter")
    council = Budget.objects.create(
        partnership=estuary, reference="B-1", year=2025, partner=partners["COUNCIL"], amount=Decimal(1200)
    )
    other = {"year": 2025, "partner": partners["COUNCIL"], "pool": "Another pool", "amount": Decimal(9)}
    Budget.objects.create(partnership=estuary, reference="B-2", **other)
    council.changes.create(
        partnership=estuary, reference="C-1", on=dt.date(2025, 8, 1), amount=Decimal(120), reason="More people"
    )
    found = [shown(by_alice, agreement, f"2025-26-q{n}") for n in range(1, 5)]
    put = [one.inputs.partners[0].contribution_pence for one in found if one.inputs]
    assert put == [30_000, 36_000, 33_000, 33_000]
    assert found[1].inputs and found[1].inputs.given[0].words == (
        "Estuary Council, by its budget: £1,320.00 for 2025/26 × 6 ÷ 12 months − £300.00 before = £360.00"
    )
    put_in(agreement, by_alice, partners, "400", "0")
    entered = shown(by_alice, agreement, "2025-26-q1")
    assert entered.inputs and entered.inputs.partners[0].contribution_pence == 10_000


def test_it_says_what_nobody_and_what_others_pay_for(
    partners: dict[str, Organisation], by_alice: Actor, jo: Person, meadow: Organisation, larkrise: Organisation
) -> None:
    agreement = agree(by_alice, partners)
    cost(jo, meadow, by_alice, "1000", (partners["ICB"], "50"), (larkrise, "20"))
    found = shown(by_alice, agreement)
    assert (found.unallocated_pence, found.others_pence) == (pounds(300), pounds(200))
    assert found.inputs and found.inputs.spent_pence == pounds(500)


def test_lines_are_shared_by_their_own_percentages(
    estuary: Partnership, partners: dict[str, Organisation], by_alice: Actor, jo: Person, meadow: Organisation
) -> None:
    """Nights are fixed for the council; people in transition are shared 30/70; the rest 51/49."""
    agreement = agree(by_alice, partners, "by_line")
    council, board = partners["COUNCIL"], partners["ICB"]
    lines = [
        NewRiskLine("Nights", "kind", "waking_night", [(council, Decimal(0)), (board, Decimal(100))]),
        NewRiskLine("Transition", "cohort", "transition", [(council, Decimal(30)), (board, Decimal(70))]),
    ]
    actions.set_lines(agreement=agreement, lines=lines, by=by_alice)
    nights, young = agreement.lines.order_by("reference")
    amounts = [(nights, board, Decimal(100)), (young, council, Decimal(50)), (None, council, Decimal(500))]
    actions.set_contributions(agreement=agreement, year=YEAR, amounts=amounts, by=by_alice)
    cost(jo, meadow, by_alice, "160", (board, "100"), kind="waking_night", reference="N")
    amy = make_person(estuary, "AMY", cohorts=["transition"])
    cost(amy, meadow, by_alice, "150", (council, "50"), (board, "50"), reference="T")
    bob = make_person(estuary, "BOB")
    cost(bob, meadow, by_alice, "700", (council, "100"), reference="E")
    # £60 over on nights: board. £100 over in transition: 30 and 70. £200 over elsewhere: 102 and 98.
    assert parts(shown(by_alice, agreement)) == {"COUNCIL": pounds(132), "ICB": pounds(228)}


def test_in_patient_money_comes_in_from_the_move_and_support_counts_from_it(
    partners: dict[str, Organisation], by_alice: Actor, jo: Person, meadow: Organisation
) -> None:
    agreement = agree(by_alice, partners, "transfer", shares=("50", "50"))
    moved = dt.date(2025, 6, 1)
    transfer = NewTransfer(jo, partners["ICB"], moved, Decimal("3500"))
    actions.set_transfers(agreement=agreement, transfers=[transfer], by=by_alice)
    cost(jo, meadow, by_alice, "4200", (partners["COUNCIL"], "100"), basis="weekly", start=moved)
    found = shown(by_alice, agreement)
    # 304 days from 1 June 2025: £152,000 came with Jo, support cost £182,400; each bears half of £30,400.
    assert parts(found) == {"COUNCIL": pounds(15_200), "ICB": pounds(15_200), "Kept in the pool": 0}
    assert found.found and [row.to_pay_pence for row in found.found.rows][:2] == [-pounds(167_200), pounds(167_200)]


def test_the_reserve_that_was_used_is_gone_in_the_next_year(
    estuary: Partnership, partners: dict[str, Organisation], by_alice: Actor, by_finn: Actor, jo: Person,
    meadow: Organisation,
) -> None:  # fmt: skip
    agreement = agree(by_alice, partners, "waterfall", reserve=Decimal(150), closes="quarter")
    cost(jo, meadow, by_alice, "100", (partners["COUNCIL"], "100"))
    cost(make_person(estuary, "AMY"), meadow, by_alice, "100", (partners["ICB"], "100"), start=dt.date(2025, 7, 1))
    first = prepare(agreement, by_alice, "2025-26-q1", other_underspend=Decimal(20))
    close(first, by_alice, by_finn)
    assert parts(shown(by_alice, agreement, "2025-26-q1"))["Risk reserve"] == pounds(80)
    second = shown(by_alice, agreement, "2025-26-q2")
    assert parts(second) == {"COUNCIL": 1530, "ICB": 1470, "Other underspends": 0, "Risk reserve": pounds(70)}
    assert second.found and second.found.steps[0].words == (
        "Risk reserve: £150.00 at the start + £0.00 kept − £80.00 used in earlier statements = £70.00"
    )


# ---------------------------------------------------------------- two people


def test_it_is_closed_by_a_commissioner_and_a_finance_officer(
    oxford: RiskShareAgreement, by_alice: Actor, by_finn: Actor
) -> None:
    statement = prepare(oxford, by_alice)
    with pytest.raises(Refused, match="must both approve"):
        actions.close_statement(statement=statement, by=by_alice)
    actions.approve_statement(statement=statement, by=by_alice)
    with pytest.raises(Refused, match="must both approve"):
        actions.close_statement(statement=statement, by=by_alice)
    actions.approve_statement(statement=statement, by=by_finn)
    closed = actions.close_statement(statement=statement, by=by_finn)
    assert closed.is_closed and closed.closed_by_name == "Finn Finance"
    found = shown(by_alice, oxford)
    assert found.is_closed and parts(found) == {"COUNCIL": pounds(1_020_000), "ICB": pounds(980_000)}
    assert [each.by_name for each in found.approvals] == ["Alice Commissioner", "Finn Finance"]


def test_one_person_never_gives_both_approvals(
    oxford: RiskShareAgreement, by_alice: Actor, alice: Membership, estuary: Partnership
) -> None:
    """Alice is a finance officer too; and a second commissioner is not the other approval."""
    both = Membership.objects.create(
        user=alice.user, partnership=estuary, role=Role.FINANCE_OFFICER, starts_on=dt.date(2020, 1, 1)
    )
    statement = prepare(oxford, by_alice)
    actions.approve_statement(statement=statement, by=by_alice)
    with pytest.raises(Refused, match="Somebody else must give the other approval"):
        actions.approve_statement(statement=statement, by=Actor.of(both))
    other = Actor.of(make_member(estuary, Role.COMMISSIONER, "Owen Second"))
    with pytest.raises(Refused, match="A commissioner has approved this already"):
        actions.approve_statement(statement=statement, by=other)
    with pytest.raises(Refused, match="must approve a statement"):
        actions.approve_statement(statement=statement, by=Actor.system(estuary))
    assert RiskShareApproval.objects.count() == 1


def test_a_closed_statement_stays_whoever_writes(
    oxford: RiskShareAgreement, by_alice: Actor, by_finn: Actor, jo: Person, meadow: Organisation
) -> None:
    statement = close(prepare(oxford, by_alice), by_alice, by_finn)
    cost(jo, meadow, by_alice, "5000", (oxford.percents.all()[0].partner, "100"))
    assert parts(shown(by_alice, oxford)) == {"COUNCIL": pounds(1_020_000), "ICB": pounds(980_000)}
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        RiskShareStatement.objects.filter(pk=statement.pk).update(closed_by_name="Somebody")
    for act in (actions.approve_statement, actions.close_statement, actions.withdraw_statement):
        with pytest.raises(Refused, match="does not wait"):
            act(statement=statement, by=by_finn)


def test_opening_a_period_again_is_a_new_revision_that_says_why(
    oxford: RiskShareAgreement, by_alice: Actor, by_finn: Actor, jo: Person, meadow: Organisation
) -> None:
    close(prepare(oxford, by_alice), by_alice, by_finn)
    with pytest.raises(Refused, match="Say why"):
        prepare(oxford, by_alice, reason=" ")
    cost(jo, meadow, by_alice, "100", (oxford.percents.all()[0].partner, "100"))
    again = prepare(oxford, by_finn, reason="An invoice came late")
    with pytest.raises(Refused, match="waits for approval already"):
        prepare(oxford, by_finn, reason="Twice")
    period = risk_share.period_for(oxford, "2025-26", TODAY)
    assert shown(by_alice, oxford).is_waiting
    assert risk_share.shown(by_alice, oxford, period, 1).is_closed
    close(again, by_alice, by_finn)
    found = shown(by_alice, oxford)
    assert found.kept and (found.kept.revision, found.kept.reason) == (2, "An invoice came late")
    assert sum(parts(found).values()) == pounds(2_000_100)
    assert [each.revision for each in found.revisions] == [2, 1]
    assert [each.revision for each in oxford.statements.closed()] == [2]


def test_it_says_when_the_records_have_moved_since(
    oxford: RiskShareAgreement, by_alice: Actor, jo: Person, meadow: Organisation
) -> None:
    statement = prepare(oxford, by_alice, other_underspend=Decimal(5))
    assert not shown(by_alice, oxford).has_moved
    cost(jo, meadow, by_alice, "100", (oxford.percents.all()[0].partner, "100"))
    found = shown(by_alice, oxford)
    assert found.has_moved and found.inputs and found.inputs.variance_pence == pounds(2_000_000)
    actions.withdraw_statement(statement=statement, by=by_alice)
    assert shown(by_alice, oxford).kept is None
    assert prepare(oxford, by_alice).revision == 2


def test_a_period_is_closed_when_it_is_over(oxford: RiskShareAgreement, by_alice: Actor) -> None:
    with pytest.raises(Refused, match="not over: it can be closed after 31 March 2027"):
        prepare(oxford, by_alice, "2026-27")


def test_nothing_is_prepared_that_cannot_be_shared(
    partners: dict[str, Organisation], by_alice: Actor, jo: Person, meadow: Organisation
) -> None:
    agreement = agree(by_alice, partners, shares=("", ""))
    cost(jo, meadow, by_alice, "100", (partners["ICB"], "100"))
    assert "No contributions are entered" in shown(by_alice, agreement).problem
    with pytest.raises(Refused, match="No contributions are entered"):
        prepare(agreement, by_alice)
    assert not RiskShareStatement.objects.exists()


# ---------------------------------------------------------------- agreements


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"shares": ("51", "48")}, r"must come to 100%; they come to 99%"),
        ({"shares": ("51", "")}, "for every partner, or for none"),
        ({"rule": "threshold"}, "Enter the percentage past which"),
        ({"rule": "threshold", "threshold_percent": Decimal(2)}, "Choose one of the partners"),
        ({"end": dt.date(2025, 3, 31)}, "must be 1 April 2025 or later"),
        ({"reserve": Decimal(-1)}, "£0 or more"),
    ],
)
def test_an_agreement_must_hold_together(
    values: dict[str, object], why: str, partners: dict[str, Organisation], by_alice: Actor
) -> None:
    with pytest.raises(Refused, match=why):
        agree(by_alice, partners, **values)  # type: ignore[arg-type]
    assert not RiskShareAgreement.objects.exists()


def test_its_periods_stay_once_there_are_statements(
    oxford: RiskShareAgreement, by_alice: Actor, partners: dict[str, Organisation]
) -> None:
    prepare(oxford, by_alice)
    shares = list(zip(partners.values(), [Decimal(50), Decimal(50)], strict=True))
    new = NewAgreement("POOL", "The pool", APRIL, "proportional", shares, closes="quarter")
    with pytest.raises(Refused, match="Statements were made by this already") as refused:
        actions.change_agreement(agreement=oxford, new=new, by=by_alice)
    assert refused.value.field == "closes"


def test_a_line_with_contributions_is_not_taken_out(partners: dict[str, Organisation], by_alice: Actor) -> None:
    agreement = agree(by_alice, partners, "by_line")
    percents = [(partner, Decimal(50)) for partner in partners.values()]
    actions.set_lines(agreement=agreement, lines=[NewRiskLine("N", "kind", "void", percents)], by=by_alice)
    amounts = [(agreement.lines.get(), partners["ICB"], Decimal(5))]
    actions.set_contributions(agreement=agreement, year=YEAR, amounts=amounts, by=by_alice)
    with pytest.raises(Refused, match="before you take the line out"):
        actions.set_lines(agreement=agreement, lines=[], by=by_alice)
    with pytest.raises(Refused, match="one line only"):
        actions.set_lines(agreement=agreement, lines=[NewRiskLine("N", "kind", "void", percents)] * 2, by=by_alice)


def test_somebody_elses_contribution_is_not_overwritten(
    oxford: RiskShareAgreement, by_alice: Actor, by_finn: Actor, partners: dict[str, Organisation]
) -> None:
    opened = version_of(*kept_with_agreement(oxford))
    put_in(oxford, by_finn, partners, "1", "2")
    with pytest.raises(Stale):
        actions.set_contributions(agreement=oxford, year=YEAR, amounts=[], version=opened, by=by_alice)
    assert [row.amount for row in oxford.contributions.order_by("amount")] == [Decimal(1), Decimal(2)]


def test_only_those_who_look_after_money_write(
    oxford: RiskShareAgreement, by_alice: Actor, audrey: Membership, mabel: Membership, clara: Membership
) -> None:
    statement = prepare(oxford, by_alice)
    for who in (audrey, mabel, clara):
        with pytest.raises(PermissionDenied):
            actions.approve_statement(statement=statement, by=Actor.of(who))
        with pytest.raises(PermissionDenied):
            actions.set_lines(agreement=oxford, lines=[], by=Actor.of(who))
    assert not RiskShareAgreement.objects.visible_to(Actor.of(mabel)).exists()
