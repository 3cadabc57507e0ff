"""The cost explorer: figures that add up on every slice, the lines behind each, and who may look."""

import csv
import datetime as dt
import io
import re
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.http import QueryDict
from django.urls import reverse

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.audit.models import RecordRead
from commissioning.overview.queries.costs import asked_from, grid_of, names_of, parts_of
from commissioning.overview.tests.jos_story import add_line, add_share, tell_jos_story
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from finance.queries import costs_by_period, open_book
from people.models import Person

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 21)
# Four of the page; the rest are the session, the user and their role.
QUERIES = 12


@pytest.fixture(autouse=True)
def on_21_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)


@pytest.fixture
def told(jo: Person, meadow: Organisation) -> Person:
    other = make_person(jo.partnership, "KIM", given_name="Kim", family_name="Second")
    placement = make_placement(other, meadow, "KIM-1", start=dt.date(2025, 2, 10))
    add_line(placement, "KIM-A", "777.77", dt.date(2025, 2, 10), basis="monthly")
    add_line(placement, "KIM-C", "-42.35", dt.date(2025, 2, 10), kind="client_contribution")
    add_share(placement, jo.council, "33.3333")
    return tell_jos_story(jo, meadow)


def grid(by_alice: Actor, **given: str) -> Any:
    asked = asked_from({"from": "2024-11", "to": "2026-10", **given}, TODAY)
    return grid_of(open_book(by_alice), asked, names_of(by_alice, asked))


SLICES = ["funder", "setting", "provider", "kind", "person"]


@pytest.mark.parametrize("by", SLICES)
@pytest.mark.parametrize("per", ["month", "year"])
@pytest.mark.parametrize("money", ["net", "gross"])
def test_it_adds_up_in_every_direction(told: Person, by_alice: Actor, by: str, per: str, money: str) -> None:
    found = grid(by_alice, by=by, per=per, money=money)
    for place, cell in enumerate(found.total.cells):
        assert cell.pence == sum(row.cells[place].pence for row in found.rows)
    assert found.total.total.pence == sum(row.total.pence for row in found.rows)
    for row in (*found.rows, found.total):
        assert row.total.pence == sum(cell.pence for cell in row.cells)
    book = open_book(by_alice).gross() if money == "gross" else open_book(by_alice)
    asked = asked_from({"from": "2024-11", "to": "2026-10"}, TODAY)
    assert found.total.total.pence == sum(cost.pence for cost in costs_by_period(book, asked.periods, ()))


def test_it_adds_up_to_the_same_by_month_and_by_year(told: Person, by_alice: Actor) -> None:
    months, years = grid(by_alice, per="month"), grid(by_alice, per="year")
    assert months.total.total.pence == years.total.total.pence
    assert years.periods == ("Nov 2024 to Mar 2025", "2025 to 2026", "Apr 2026 to Oct 2026")


@pytest.mark.parametrize("by", SLICES)
def test_it_leads_from_every_figure_to_lines_that_make_it(told: Person, by_alice: Actor, by: str) -> None:
    book = open_book(by_alice)
    found = grid(by_alice, by=by, per="year", only_provider="MEADOW", only_funder="ICB")
    checked = 0
    for row in (*found.rows, found.total):
        for cell in (*row.cells, row.total):
            if cell.query:
                given = dict(parse_qsl(cell.query))
                assert parts_of(by_alice, book, asked_from(given, TODAY), given).pence == cell.pence
                checked += 1
    assert checked > 3


def test_it_shows_the_lines_with_their_sum(told: Person, alice: Membership) -> None:
    page = signed_in(alice).get(reverse("cost_lines") + "?by=funder&from=2026-07&to=2026-07&slice=ICB")
    shown = page.content.decode()
    assert "JO-2-N" in shown and "£174.97 a night × 7" in shown
    # July's 31 days: all of the night and half of the rest.
    night, half = round(Decimal("1224.79") * 31 / 7, 2), Decimal("8304.50") / 2
    assert f"£{night + half:,.2f}"[:6] in shown
    assert "JO-1-A" not in shown
    assert RecordRead.objects.filter(person_id=told.pk, route="cost_lines").exists()


def test_it_puts_in_the_file_what_is_on_screen(told: Person, alice: Membership, by_alice: Actor) -> None:
    query = "?by=provider&per=year&from=2024-11&to=2026-10&money=gross"
    response = signed_in(alice).get(reverse("cost_explorer_csv") + query)
    rows = list(csv.reader(io.StringIO(response.content.decode())))
    found = grid(by_alice, by="provider", per="year", money="gross")
    assert rows[-1][0] == "All"
    assert rows[-1][-1] == f"{Decimal(found.total.total.pence) / 100:.2f}"
    shown = signed_in(alice).get(reverse("cost_explorer") + query).content.decode()
    for row in rows[1:]:
        assert f"£{Decimal(row[-1]):,.2f}".replace("£-", "−£") in shown


def test_it_shows_people_to_a_finance_officer_by_reference_only(told: Person, finn: Membership) -> None:
    client = signed_in(finn)
    for name, query in (
        ("cost_explorer", "?by=person"),
        ("cost_explorer_csv", "?by=person"),
        ("cost_lines", "?by=person"),
    ):
        shown = client.get(reverse(name) + query).content.decode()
        assert "KIM" in shown
        assert "Kim" not in shown and "Jo Example" not in shown


def test_it_is_for_those_who_work_with_money(
    told: Person, audrey: Membership, mabel: Membership, clara: Membership, bea: Membership, charlie: Membership
) -> None:
    for name in ("cost_explorer", "cost_explorer_csv", "cost_lines"):
        assert signed_in(audrey).get(reverse(name)).status_code == 200
        for outsider in (mabel, clara, bea):
            assert signed_in(outsider).get(reverse(name)).status_code == 403
        assert "Meadow" not in signed_in(charlie).get(reverse(name)).content.decode()


def test_it_takes_nonsense_in_the_address_for_the_usual(told: Person, alice: Membership) -> None:
    query = "?by=shoes&per=week&money=all&from=now&to=0206-13&only_provider=NONE&slice=x&start=a&end=b"
    for name in ("cost_explorer", "cost_explorer_csv", "cost_lines"):
        assert signed_in(alice).get(reverse(name) + query).status_code == 200
    asked = asked_from(QueryDict("from=2027-01&to=2026-01").dict(), TODAY)
    assert (str(asked.first), str(asked.last)) == ("2026-01", "2027-01")


def test_it_says_what_to_do_where_there_are_no_costs(alice: Membership) -> None:
    shown = signed_in(alice).get(reverse("cost_explorer")).content.decode()
    assert "No prices are recorded yet" in shown


def test_it_keeps_the_smallest_of_many_in_one_row(told: Person, by_alice: Actor) -> None:
    asked = asked_from({"by": "kind", "from": "2024-11", "to": "2026-10"}, TODAY)
    full = grid_of(open_book(by_alice), asked, names_of(by_alice, asked), most=None)
    few = grid_of(open_book(by_alice), asked, names_of(by_alice, asked), most=2)
    assert [row.label for row in few.rows] == [full.rows[0].label, f"{len(full.rows) - 1} others"]
    assert few.total.total.pence == full.total.total.pence == sum(row.total.pence for row in few.rows)


def test_it_asks_the_same_of_the_database_for_many_people(
    told: Person, meadow: Organisation, alice: Membership, django_assert_num_queries: Any
) -> None:
    client, url = signed_in(alice), reverse("cost_explorer") + "?by=provider"
    client.get(url)
    with django_assert_num_queries(QUERIES):
        client.get(url)
    for number in range(10):
        person = make_person(told.partnership, f"Q-{number}", given_name="Q", family_name=str(number))
        add_line(
            make_placement(person, meadow, f"Q-{number}", start=dt.date(2026, 1, 1)),
            f"Q-{number}",
            "100",
            dt.date(2026, 1, 1),
        )
    with django_assert_num_queries(QUERIES):
        shown = client.get(url).content.decode()
    assert re.search(r"Meadow Farm Support", shown)


def test_it_narrows_to_one_person_and_keeps_that_they_were_looked_at(told: Person, alice: Membership) -> None:
    shown = signed_in(alice).get(reverse("cost_explorer") + "?only_person=JO&by=kind").content.decode()
    assert "for Jo Example" in shown and 'name="only_person" value="JO"' in shown
    assert "What the person pays" not in shown[shown.index("<table") :]
    assert list(RecordRead.objects.values_list("person_id", flat=True)) == [told.pk]
