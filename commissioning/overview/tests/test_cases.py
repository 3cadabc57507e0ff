"""Invest to save: Birmingham's payback on screen; measured savings count only where they lasted."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.core.errors import Refused
from commissioning.core.periods import Month
from commissioning.overview.queries.cases import CasePage, case_page
from commissioning.overview.sustained import Verdict, sustained
from commissioning.overview.sustained_over import verdicts_over
from commissioning.overview.tests.jos_story import tell_jos_story
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from finance.actions import cases as actions
from finance.actions.cases import NewBeds, NewCase, NewCasePerson, NewFunding, NewSaving
from finance.models import Baseline, CasePerson, CostLine, InvestmentCase
from finance.queries import open_book
from outcomes.models import Incident
from people.models import Person, Placement

pytestmark = pytest.mark.django_db

MOVED = dt.date(2026, 7, 1)
TODAY = dt.date(2026, 11, 22)


def make_case(by: Actor, basis: str, **values: Any) -> InvestmentCase:
    new = {"start": MOVED, "savings_end": dt.date(2027, 6, 30), **values}
    return actions.create_case(new=NewCase(reference="CASE", title="A case", owner="Ann", basis=basis, **new), by=by)


@pytest.fixture
def birmingham(jo: Person, by_alice: Actor) -> InvestmentCase:
    """£500,000 evenly over three years without a leap day; in year n a saving of n × £112,500; for eight years."""
    first = [dt.date(2024 + n, 4, 1) for n in range(9)]
    last = [day - dt.timedelta(days=1) for day in first]
    case = make_case(by_alice, "stated", start=first[0], savings_end=last[8])
    actions.set_case_funding(case=case, funding=[NewFunding(jo.icb, Decimal(500_000), first[0], last[3])], by=by_alice)
    savings = [NewSaving(first[n - 1], last[n], Decimal(112_500) * n, f"Year {n}") for n in range(1, 9)]
    actions.set_case_savings(case=case, savings=savings, by=by_alice)
    return case


def test_birminghams_payback_is_worked_out_on_screen(
    birmingham: InvestmentCase, finn: Membership, by_alice: Actor
) -> None:
    page = signed_in(finn).get("/costs/cases/CASE/").content.decode()
    for words in (
        "By its stated schedule it is paid back on",
        "5 March 2026",
        "To 4 March 2026: £321,004.57 put in, £320,856.16 saved: short",
        "£500,000.00 × 704 ÷ 1,095 days = £321,461.19",
        "£225,000.00 × 339 ÷ 365 days = £208,972.60",
        "To 5 March 2026: £321,461.19 put in, £321,472.60 saved: reached",
        "<b>£900,000</b>in the last 12 months",
        "3.5% a year in years 0 to 30",
    ):
        assert words in page, words
    found = case_page(by_alice, birmingham, TODAY)
    assert (found.put_in_pence, found.saved_pence) == (50_000_000, 405_000_000)
    assert found.years[-1].label == "2031/32" and sum(row.value_pence for row in found.years) == found.value_pence


# ---------------------------------------------------------------- measured


@pytest.fixture
def told(jo: Person, meadow: Organisation) -> Person:
    return tell_jos_story(jo, meadow)


def measured(by: Actor, *people: Person, put_in: str = "10000") -> InvestmentCase:
    case = make_case(by, "measured")
    actions.set_case_funding(case=case, funding=[NewFunding(people[0].council, Decimal(put_in), MOVED)], by=by)
    actions.set_case_people(case=case, people=[NewCasePerson(person, MOVED) for person in people], by=by)
    return case


def sums(page: CasePage) -> tuple[int, int, int]:
    return page.saved_pence, page.not_sustained_pence, page.not_known_pence


def test_a_saving_counts_where_outcomes_held(told: Person, by_alice: Actor) -> None:
    """£2,400.00 a week less: 123 days to 31 October. August has no checklist in it or beside it."""
    page = case_page(by_alice, measured(by_alice, told), TODAY)
    verdicts = verdicts_over(open_book(by_alice), [told], [Month(2026, n) for n in range(7, 11)])[told.pk]
    assert page.judged_to == dt.date(2026, 10, 31)
    assert sum(sums(page)) == 4_217_143  # 2,400 × 123 ÷ 7 = 42,171.43
    counted = sum(31 if month.number in (7, 8, 10) else 30 for month, v in verdicts.items() if v is Verdict.SUSTAINED)
    assert abs(page.saved_pence - 240_000 * counted // 7) <= len(verdicts)
    assert verdicts[Month(2026, 10)] is Verdict.SUSTAINED
    assert page.hoped.to(page.hoped.last) - page.saved_pence == page.expected_pence > 0


def test_a_saving_that_did_not_last_is_shown_apart_and_not_counted(told: Person, by_alice: Actor) -> None:
    case = measured(by_alice, told)
    for month in (7, 8, 9, 10):
        Incident.objects.create(
            partnership=told.partnership, reference=f"S-{month}", person=told, occurred_on=dt.date(2026, month, 9),
            kind="police", severity=4,
        )  # fmt: skip
    page = case_page(by_alice, case, TODAY)
    assert sums(page) == (0, 4_217_143, 0) and page.paid_back is None
    assert page.people[0].not_sustained_pence == 4_217_143


def test_the_many_months_are_judged_as_single_ones_are(told: Person, by_alice: Actor) -> None:
    months = [Month(2026, number) for number in range(5, 12)]
    together = verdicts_over(open_book(by_alice), [told], months).get(told.pk, {})
    for month in months:
        alone = sustained(by_alice, told, month)
        assert (month in together) == (alone is not None), month
        if alone is not None and not alone.is_early:
            assert together[month] is alone.verdict


def test_an_early_month_is_as_sustained_as_the_month_its_outcomes_must_hold_to(told: Person, by_alice: Actor) -> None:
    book = open_book(by_alice)
    july = [Month(2026, 7)]
    assert verdicts_over(book, [told], july)[told.pk][july[0]] is Verdict.NOT_KNOWN
    held = verdicts_over(book, [told], [*july, Month(2026, 9)])[told.pk]
    assert held[july[0]] is held[Month(2026, 9)] is Verdict.SUSTAINED


@pytest.mark.parametrize(("scope", "why"), [("all_in", "an all-in price"), (None, "no baseline is recorded")])
def test_a_baseline_that_is_not_like_the_cost_is_kept_out(
    scope: str | None, why: str, told: Person, by_alice: Actor
) -> None:
    if scope:
        Baseline.objects.update(scope=scope)
    else:
        Baseline.objects.all().delete()
    page = case_page(by_alice, measured(by_alice, told), TODAY)
    assert sums(page) == (0, 0, 0) and why in page.people[0].why_not
    assert page.expected_pence == 0


def test_double_running_is_counted_apart(told: Person, meadow: Organisation, by_alice: Actor) -> None:
    """Far House is kept for a week beside the new home, marked double running: £5,500.00 apart, no saving less."""
    case = measured(by_alice, told)
    without = sums(case_page(by_alice, case, TODAY))
    Placement.objects.filter(reference="JO-1").update(end=dt.date(2026, 7, 7), double_running=True)
    CostLine.objects.filter(reference="JO-1-A").update(end=dt.date(2026, 7, 7))
    page = case_page(by_alice, case, TODAY)
    assert page.money.double_running_pence == 550_000
    assert sum(sums(page)) == sum(without)
    assert "Double running, counted apart" in signed_in_page(by_alice)


def signed_in_page(by: Actor) -> str:
    assert by.membership
    return signed_in(by.membership).get("/costs/cases/CASE/").content.decode()


def test_beds_release_money_only_when_they_close(jo: Person, by_alice: Actor) -> None:
    case = measured(by_alice, jo)
    open_bed = NewBeds("Ward 3", 1, Decimal(700), MOVED)
    actions.set_case_beds(case=case, beds=[open_bed], by=by_alice)
    page = case_page(by_alice, case, TODAY)
    assert (page.saved_pence, page.not_released_pence) == (0, 3_650_000)  # 365 days
    closed = NewBeds("Ward 3", 1, Decimal(700), MOVED, dt.date(2026, 10, 1))
    actions.set_case_beds(case=case, beds=[closed], by=by_alice)
    page = case_page(by_alice, case, TODAY)
    assert (page.saved_pence, page.not_released_pence) == (310_000, 920_000)  # 31 days of October; 92 days before
    assert "Not cash-releasing" in signed_in_page(by_alice)


def test_it_asks_no_more_for_many_people(
    told: Person, meadow: Organisation, by_alice: Actor, django_assert_max_num_queries: Any
) -> None:
    people = [told]
    for number in range(8):
        person = make_person(told.partnership, f"P-{number}")
        placement = make_placement(person, meadow, f"PL-{number}", start=MOVED)
        CostLine.objects.create(
            partnership=person.partnership, reference=f"L-{number}", placement=placement, kind="core_support",
            basis="weekly", amount=Decimal(900), start=MOVED,
        )  # fmt: skip
        Baseline.objects.create(person=person, weekly_cost=Decimal(1000), as_at=MOVED, source="Before")
        people.append(person)
    case = measured(by_alice, *people)
    with django_assert_max_num_queries(24):
        page = case_page(by_alice, case, TODAY)
    assert [part.row.person.reference for part in page.people] == sorted(person.reference for person in people)


# ---------------------------------------------------------------- who and what is refused


def test_a_person_is_named_to_a_finance_officer_by_reference(told: Person, finn: Membership, by_alice: Actor) -> None:
    measured(by_alice, told)
    page = signed_in(finn).get("/costs/cases/CASE/").content.decode()
    assert "JO" in page and told.family_name not in page


def test_another_partnership_finds_no_case(birmingham: InvestmentCase, charlie: Membership, mabel: Membership) -> None:
    assert signed_in(charlie).get("/costs/cases/CASE/").status_code == 404
    assert signed_in(charlie).get("/money/cases/CASE/change/").status_code == 404
    assert signed_in(mabel).get("/costs/cases/CASE/").status_code == 403


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"savings_end": dt.date(2026, 6, 30)}, "counted to 1 July 2026 or later"),
        ({"savings_end": dt.date(2100, 1, 1), "start": dt.date(2020, 1, 1)}, "75 years at most"),
        ({"discount": "own"}, "Enter the percentage"),
    ],
)
def test_a_case_must_hold_together(values: dict[str, Any], why: str, by_alice: Actor) -> None:
    with pytest.raises(Refused, match=why):
        make_case(by_alice, "stated", **values)
    assert not InvestmentCase.objects.exists()


def test_only_those_who_look_after_money_write(jo: Person, by_alice: Actor, audrey: Membership) -> None:
    case = measured(by_alice, jo)
    with pytest.raises(PermissionDenied):
        actions.set_case_people(case=case, people=[], by=Actor.of(audrey))
    with pytest.raises(Refused, match="Two rows are alike"):
        actions.set_case_people(case=case, people=[NewCasePerson(jo, MOVED)] * 2, by=by_alice)
    assert CasePerson.objects.count() == 1


def test_an_empty_case_says_what_to_do(by_alice: Actor) -> None:
    make_case(by_alice, "measured")
    page = signed_in_page(by_alice)
    assert "Nothing is put in yet" in page and "Nobody is named yet" in page
    assert "CASE" in signed_in(by_alice.membership).get("/costs/cases/").content.decode()  # type: ignore[arg-type]
