"""Ends of placements, worked by hand: the last day paid or the day of leaving, and what a death ends and leaves."""

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership
from commissioning.overview.queries.home import day_of
from commissioning.overview.queries.home.needs import Need
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from finance import actions, ledger
from finance.actions import NewLine, NewShare
from finance.models import CostLine
from finance.queries import costs_by_period, open_book
from people.actions import change_person
from people.actions.records import PersonDetails
from people.forms.person import initial_of
from people.models import Person, Placement
from providers.models import Contract

pytestmark = pytest.mark.django_db

JULY, NOVEMBER = dt.date(2026, 7, 1), dt.date(2026, 11, 1)
DIED = dt.date(2026, 11, 10)


@pytest.fixture(autouse=True)
def on_21_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: dt.date(2026, 11, 21))


@pytest.fixture
def contract(estuary: Partnership, meadow: Organisation) -> Contract:
    """Seven days are paid after a death."""
    return Contract.objects.create(
        partnership=estuary, reference="C-7", provider=meadow, title="Homes", kind="spot", start=JULY,
        days_paid_after_death=7,
    )  # fmt: skip


@pytest.fixture
def home(jo: Person, meadow: Organisation, contract: Contract, by_alice: Actor) -> Placement:
    """£700.00 a week, £100.00 a day, all paid by the council; Jo pays £70.00 a week of it herself."""
    home = make_placement(jo, meadow, "JO-1", start=JULY, contract=contract)
    actions.add_line(placement=home, new=NewLine("core_support", "weekly", Decimal(700), JULY), by=by_alice)
    actions.add_line(placement=home, new=NewLine("client_contribution", "weekly", Decimal(-70), JULY), by=by_alice)
    actions.add_share(placement=home, new=NewShare(jo.council, "care_act", Decimal(100), JULY), by=by_alice)
    return home


def record_death(person: Person, day: dt.date | None, by: Actor) -> None:
    person.refresh_from_db()
    details = PersonDetails(**{**initial_of(person), "cohorts": tuple(person.cohorts)})
    change_person(person=person, version=None, details=replace(details, died_on=day), another_person=True, by=by)


def november(by_alice: Actor, *dimensions: str) -> dict[tuple[str, ...], int]:
    book = open_book(by_alice)
    return {cost.keys: cost.pence for cost in costs_by_period(book, ledger.months(NOVEMBER, NOVEMBER), dimensions)}


def need(by: Actor) -> Need:
    return next(each for each in day_of(by, dt.date(2026, 11, 21)).needs if each.key == "after_death")


class TestTheLastDayPaid:
    @pytest.mark.parametrize(("day_is", "pence"), [("last_paid", 900_00), ("leaving", 810_00)])
    def test_it_is_the_day_or_the_day_before(
        self, day_is: str, pence: int, home: Placement, alice: Membership, by_alice: Actor
    ) -> None:
        """To 10 November ten days are £1,000.00 less £100.00 that Jo pays; to the 9th £900.00 less £90.00."""
        client, address = signed_in(alice), reverse("placement_end", args=["JO-1"])
        sent: dict[str, object] = {"end_day": 10, "end_month": 11, "end_year": 2026, "reason": "planned_move"}
        sent["version"] = version_in(client.get(address).content.decode())
        assert "Choose whether that day is paid" in client.post(address, sent).content.decode()
        assert client.post(address, {**sent, "day_is": day_is}).status_code == 302
        assert sum(november(by_alice).values()) == pence
        home.refresh_from_db()
        assert home.end == dt.date(2026, 11, 10 if day_is == "last_paid" else 9)

    def test_the_page_says_what_is_paid_after_a_death(self, home: Placement, alice: Membership) -> None:
        page = signed_in(alice).get(reverse("placement_end", args=["JO-1"])).content.decode()
        assert "After a death they run on for the 7 days that the contract pays." in page


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="([^"]*)"', page)
    assert found
    return unescape(found[1])


class TestADeath:
    def test_placements_end_that_day_and_prices_run_on_as_the_contract_says(
        self, home: Placement, jo: Person, by_alice: Actor
    ) -> None:
        """To 17 November seventeen days at £100.00 are £1,700.00; Jo's own £10.00 a day stops on the 10th: £100.00."""
        record_death(jo, DIED, by_alice)
        home.refresh_from_db()
        assert (home.end, home.end_reason) == (DIED, "died")
        assert november(by_alice, "kind") == {("core_support",): 1_700_00, ("client_contribution",): -100_00}
        assert november(by_alice, "funder") == {("COUNCIL",): 1_600_00}
        assert not need(by_alice).items

    @pytest.mark.parametrize(("days", "pence"), [(None, 900_00), (0, 900_00), (1, 1_000_00), (20, 2_900_00)])
    def test_by_so_many_days(
        self, days: int | None, pence: int, home: Placement, jo: Person, contract: Contract, by_alice: Actor
    ) -> None:
        Contract.objects.filter(pk=contract.pk).update(days_paid_after_death=days)
        record_death(jo, DIED, by_alice)
        assert sum(november(by_alice).values()) == pence

    def test_a_placement_ended_because_of_a_death_is_the_same(self, home: Placement, by_alice: Actor) -> None:
        actions.end_placement(placement=home, end=DIED, reason="died", by=by_alice)
        assert november(by_alice, "kind") == {("core_support",): 1_700_00, ("client_contribution",): -100_00}

    def test_while_suspended_the_retainer_runs_on_and_the_price_does_not_come_back(
        self, home: Placement, jo: Person, by_alice: Actor
    ) -> None:
        """In hospital from 5 November, 60% paid: four days at £100.00, then thirteen at £60.00 to the 17th."""
        actions.suspend_placement(
            placement=home, start=dt.date(2026, 11, 5), end=dt.date(2026, 11, 30), percent_paid=Decimal(60),
            reason="hospital", by=by_alice,
        )  # fmt: skip
        record_death(jo, DIED, by_alice)
        assert november(by_alice, "kind") == {
            ("core_support",): 400_00,
            ("retainer",): 780_00,
            ("client_contribution",): -100_00,
        }
        assert home.suspensions.get().end == DIED
        assert not CostLine.objects.filter(start__gt=dt.date(2026, 11, 17)).exists()

    def test_what_was_planned_does_not_begin(
        self, home: Placement, jo: Person, meadow: Organisation, by_alice: Actor
    ) -> None:
        planned = make_placement(jo, meadow, "JO-2", start=dt.date(2027, 1, 1), double_running=True)
        actions.add_line(
            placement=planned, new=NewLine("core_support", "weekly", Decimal(500), planned.start), by=by_alice
        )
        paid = make_placement(jo, meadow, "JO-3", start=dt.date(2027, 2, 1), double_running=True)
        for new in (
            NewLine("set_up", "one_off", Decimal(800), dt.date(2026, 11, 3)),
            NewLine("core_support", "weekly", Decimal(500), paid.start),
        ):
            actions.add_line(placement=paid, new=new, by=by_alice)
        record_death(jo, DIED, by_alice)
        assert set(jo.placements.values_list("reference", "end")) == {("JO-1", DIED), ("JO-3", paid.start)}
        assert paid.cost_lines.get().kind == "set_up"
        assert november(by_alice, "kind")["set_up",] == 800_00

    def test_of_places_bought_together_theirs_is_void_from_the_next_day(
        self, home: Placement, jo: Person, contract: Contract, meadow: Organisation, by_alice: Actor
    ) -> None:
        """£140.00 a week for two is £20.00 a day: Jo's £10.00 for ten days, then void."""
        make_placement(make_person(jo.partnership, "KIM"), meadow, "KIM-1", start=JULY, contract=contract)
        new = NewLine("shared_hours", "weekly", Decimal(140), JULY, capacity=2)
        actions.add_block_line(contract=contract, new=new, by=by_alice)
        record_death(jo, DIED, by_alice)
        found = november(by_alice, "kind", "person")
        parts = {person: pence for (kind, person), pence in found.items() if kind == "shared_hours"}
        assert parts == {"JO": 100_00, "KIM": 300_00, "": 200_00}

    def test_another_day_of_it_ends_earlier_and_a_record_put_right_brings_nothing_back(
        self, home: Placement, jo: Person, by_alice: Actor
    ) -> None:
        record_death(jo, DIED, by_alice)
        record_death(jo, dt.date(2026, 11, 8), by_alice)
        home.refresh_from_db()
        assert home.end == dt.date(2026, 11, 8)
        assert november(by_alice, "kind")["core_support",] == 1_500_00
        record_death(jo, None, by_alice)
        home.refresh_from_db()
        assert home.end == dt.date(2026, 11, 8)

    def test_another_change_of_the_record_ends_nothing(self, home: Placement, jo: Person, by_alice: Actor) -> None:
        details = PersonDetails(**{**initial_of(jo), "cohorts": ()})
        change_person(person=jo, version=None, details=replace(details, given_name="Joan"), by=by_alice)
        home.refresh_from_db()
        assert home.end is None


class TestFindings:
    def test_a_price_that_runs_on_longer_is_on_the_first_page_until_it_is_ended(
        self, home: Placement, jo: Person, alice: Membership, finn: Membership, by_alice: Actor
    ) -> None:
        Person.objects.filter(pk=jo.pk).update(died_on=DIED)  # as a file brings it
        found = need(by_alice)
        assert [(item.label, item.why) for item in found.items] == [
            ("Jo Example", "core support with no end, paid only to 17 November 2026"),
            ("Jo Example", "what the person pays with no end, paid only to 10 November 2026"),
        ]
        assert "prices run on after a death" in signed_in(alice).get("/").content.decode()
        theirs = need(Actor.of(finn))
        assert {item.label for item in theirs.items} == {"JO"}
        for line in home.cost_lines.all():
            end = dt.date(2026, 11, 17) if line.amount > 0 else DIED
            actions.end_line(line=line, end=end, by=by_alice)
        assert not need(by_alice).items

    def test_something_paid_once_after_it_is_one_too(self, home: Placement, jo: Person, by_alice: Actor) -> None:
        record_death(jo, DIED, by_alice)
        late = NewLine("set_up", "one_off", Decimal(80), dt.date(2026, 11, 20))
        actions.add_line(placement=home, new=late, by=by_alice)
        (item,) = need(by_alice).items
        assert item.why == "set-up on 20 November 2026, paid only to 17 November 2026"


def test_a_retainer_says_so_on_the_persons_page_and_behind_a_figure(
    home: Placement, alice: Membership, by_alice: Actor
) -> None:
    """From 5 November 60% of £700.00 is paid: £420.00 a week, 26 days of it in November: £1,560.00."""
    actions.suspend_placement(
        placement=home, start=dt.date(2026, 11, 5), percent_paid=Decimal(60), reason="hospital", by=by_alice
    )
    client = signed_in(alice)
    page = client.get(reverse("placements", args=["JO"])).content.decode()
    assert "retainer: support is suspended, in place of £700.00 a week" in page and "£420.00 a week" in page
    query = {"by": "kind", "from": "2026-11", "to": "2026-11", "slice": "retainer"}
    lines = client.get(reverse("cost_lines"), query).content.decode()
    assert "<h1>£1,560.00</h1>" in lines and "while suspended, in place of £700.00 a week" in lines


@pytest.mark.parametrize(("days", "says"), [("7", ""), ("400", "from 0 to 365"), ("-1", "0 or more")])
def test_a_contract_says_how_long_it_pays_after_a_death(
    days: str, says: str, contract: Contract, alice: Membership
) -> None:
    client, address = signed_in(alice), "/providers/contracts/on/C-7/change/"
    page = client.get(address).content.decode()
    sent = {"title": "Homes", "kind": "spot", "start_day": 1, "start_month": 7, "start_year": 2026}
    answer = client.post(address, {**sent, "days_paid_after_death": days, "version": version_in(page)})
    if says:
        assert says in answer.content.decode()
    else:
        assert answer.status_code == 302
        assert "7 days" in client.get("/providers/contracts/on/C-7/").content.decode()
