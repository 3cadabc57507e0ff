"""Money and life beside each name in the list of people."""

import datetime as dt
from decimal import Decimal

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.core.periods import Month
from commissioning.overview.beside_people import life_beside, life_heading, money_beside
from commissioning.tests.fixtures import make_placement, signed_in
from finance.models import Baseline, CostLine, FundingShare
from outcomes.models import Answer, Checklist, Framework, Measure
from people.figures import Life, Money
from people.models import Person

TODAY = dt.date(2026, 11, 21)


def price(person: Person, meadow: Organisation, *, funded: bool) -> None:
    """Jo's support at £3,100 a week against a baseline of £5,500."""
    placement = make_placement(person, meadow)
    CostLine.objects.create(
        partnership=person.partnership,
        reference="L-1",
        placement=placement,
        kind="core_support",
        basis="weekly",
        amount=Decimal("3100.00"),
        start=placement.start,
    )
    Baseline.objects.create(
        person=person,
        weekly_cost=Decimal("5500.00"),
        as_at=dt.date(2026, 5, 18),
        source="Invoice",
        scope="support_only",
    )
    if funded:
        FundingShare.objects.create(
            placement=placement, funder=person.council, route="care_act", percent=Decimal(100), start=placement.start
        )


def answer(person: Person, meadow: Organisation, month: Month, value: int, view: str = "staff") -> None:
    """A sent checklist with one answer from 1 to 5."""
    framework, _ = Framework.objects.get_or_create(partnership=person.partnership, code="LIFE", version="1")
    measure, _ = Measure.objects.get_or_create(
        framework=framework,
        code="home",
        defaults={"title": "Home", "domain": "Home", "kind": "scale", "better": "higher", "minimum": 1, "maximum": 5},
    )
    checklist = Checklist.objects.create(
        person=person,
        provider=meadow,
        framework=framework,
        month=month.first,
        view=view,
        status="submitted",
        submitted_on=month.last,
    )
    Answer.objects.create(checklist=checklist, measure=measure, value=str(value), number=value)


def test_money_is_the_weekly_cost_and_its_change(by_alice: Actor, jo: Person, meadow: Organisation) -> None:
    price(jo, meadow, funded=True)
    assert money_beside(by_alice, [jo.pk], TODAY) == {jo.pk: Money(310_000, -240_000)}


def test_days_nobody_pays_for_are_flagged(by_alice: Actor, jo: Person, meadow: Organisation) -> None:
    price(jo, meadow, funded=False)
    assert money_beside(by_alice, [jo.pk], TODAY)[jo.pk].flags == ("Funding gap",)


def test_an_all_in_baseline_is_not_compared(by_alice: Actor, jo: Person, meadow: Organisation) -> None:
    price(jo, meadow, funded=True)
    Baseline.objects.update(scope="all_in")
    assert money_beside(by_alice, [jo.pk], TODAY)[jo.pk] == Money(310_000, None, note="all-in baseline")


def test_life_is_told_from_the_persons_own_view_first(by_alice: Actor, jo: Person, meadow: Organisation) -> None:
    answer(jo, meadow, Month(2026, 7), 3)
    answer(jo, meadow, Month(2026, 10), 2)
    assert life_beside(by_alice, [jo.pk], TODAY) == {jo.pk: Life(worse=1, note="staff’s view")}
    answer(jo, meadow, Month(2026, 7), 3, view="person")
    answer(jo, meadow, Month(2026, 10), 5, view="person")
    assert life_beside(by_alice, [jo.pk], TODAY) == {jo.pk: Life(better=1)}
    assert life_heading(TODAY) == "Outcomes, October against July"


def test_one_answer_has_nothing_to_compare_with(by_alice: Actor, jo: Person, meadow: Organisation) -> None:
    answer(jo, meadow, Month(2026, 10), 2)
    assert life_beside(by_alice, [jo.pk], TODAY)[jo.pk].note == "Nothing to compare with yet"


def test_the_list_shows_both(alice: Membership, jo: Person, meadow: Organisation) -> None:
    price(jo, meadow, funded=False)
    page = signed_in(alice).get("/people/").content.decode()
    assert "£3,100.00" in page
    assert "£2,400 less" in page
    assert "Funding gap" in page
