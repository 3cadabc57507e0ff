"""The list of people, the search, the list as a file."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership
from commissioning.audit.models import RecordRead
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from people import figures
from people.models import Person
from people.queries import Filters, people_list

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def priced(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An app that answers with £1,000 a week for the first person, £2,000 for the second, and so on."""

    def money(_actor: Actor, people: Sequence[int], _on: dt.date) -> Mapping[int, figures.Money]:
        return {pk: figures.Money(place * 100_000, -5_000) for place, pk in enumerate(sorted(people), start=1)}

    monkeypatch.setattr(figures._sources, "money", money)
    monkeypatch.setattr(figures._sources, "life", None)
    return iter(())


@pytest.fixture
def many(estuary: Partnership, meadow: Organisation, larkrise: Organisation) -> list[Person]:
    """A hundred and forty people, most of them supported."""
    people = [
        make_person(estuary, f"P-{n:03d}", given_name=f"Name{n:03d}", date_of_birth=dt.date(1970 + n % 30, 1, 1))
        for n in range(140)
    ]
    for n, person in enumerate(people):
        setting = ("own_tenancy", "residential_care", "assessment_treatment_unit")[n % 3]
        make_placement(person, meadow if n % 2 else larkrise, f"PL-{n}", setting=setting)
    return people


def test_the_number_of_queries_does_not_grow_with_people(
    by_alice: Actor, many: list[Person], priced: None, alice: Membership
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        people_list(by_alice, Filters(), TODAY, size=5)
    with CaptureQueriesContext(connection) as all_of_them:
        people = people_list(by_alice, Filters(), TODAY, size=500)
    assert (len(people.rows), people.found) == (140, 140)
    assert len(few) == len(all_of_them) <= 6
    client = signed_in(alice)
    client.get("/people/")
    with CaptureQueriesContext(connection) as page:
        client.get("/people/")
    assert len(page) <= 25


def test_a_page_has_25_and_every_person_shown_is_recorded(alice: Membership, many: list[Person], priced: None) -> None:
    shown = signed_in(alice).get("/people/?page=2").content.decode()
    assert "Name025" in shown
    assert "Name024" not in shown
    assert RecordRead.objects.filter(route="people").count() == 25


def test_filters_narrow(by_alice: Actor, many: list[Person], meadow: Organisation) -> None:
    def found(**filters: object) -> int:
        return people_list(by_alice, Filters(**filters), TODAY).found  # type: ignore[arg-type]

    assert found(settings=("own_tenancy",)) == 47
    assert found(settings=("hospital", "residential_care")) == 93
    assert found(provider=meadow.pk) == 70
    assert found(q="name00") == 10
    assert found(q="P-139") == 1
    assert found(cohort="transition") == 0
    assert found(attention=("no_plan",)) == 140
    assert found(attention=("plan_late",)) == 0
    assert found(diagnosis="both", body=many[0].council_id) == 140


def test_the_page_takes_filters_from_the_address_and_ignores_nonsense(alice: Membership, many: list[Person]) -> None:
    client = signed_in(alice)
    page = client.get("/people/?setting=hospital&q=Name00").content.decode()
    assert "<strong>3 people</strong>" in page
    assert client.get("/people/?setting=palace&provider=x&page=zz&sort=shoe").status_code == 200
    assert "Nobody is found by these filters" in client.get("/people/?q=Nobody").content.decode()


def test_the_dead_are_left_out_unless_asked_for(by_alice: Actor, jo: Person) -> None:
    Person.objects.filter(pk=jo.pk).update(died_on=dt.date(2026, 1, 1))
    assert people_list(by_alice, Filters(), TODAY).found == 0
    (row,) = people_list(by_alice, Filters(with_died=True), TODAY).rows
    assert (row.age, row.flags) == (23, (("", "Died"),))


def test_money_is_for_those_who_see_prices(
    alice: Membership, jo: Person, meadow: Organisation, mabel: Membership, advised: Membership, priced: None
) -> None:
    make_placement(jo, meadow)
    assert "£1,000.00" in signed_in(alice).get("/people/").content.decode()
    for member in (mabel, advised):
        page = signed_in(member).get("/people/").content.decode()
        assert "Jo Example" in page
        assert "£" not in page


def test_it_sorts_by_cost_and_adds_up(by_alice: Actor, many: list[Person], priced: None) -> None:
    people = people_list(by_alice, Filters(), TODAY, sort="-cost", size=2)
    assert [row.reference for row in people.rows] == ["P-139", "P-138"]
    assert people.weekly_pence == 100_000 * sum(range(1, 141))
    assert people.change_weekly_pence == -5_000 * 140


def test_a_finance_officer_sees_references_only(finn: Membership, jo: Person, priced: None) -> None:
    client = signed_in(finn)
    page = client.get("/people/").content.decode()
    assert "JO" in page
    assert "£1,000.00" in page
    assert "Example" not in page
    assert "<strong>0 people</strong>" in client.get("/people/?q=Example").content.decode()
    file = client.get("/people/list/people.csv").content.decode()
    assert file.splitlines()[0] == "reference,age,lives,with,weekly_cost,weekly_change"
    assert "Example" not in file


def test_a_provider_sees_its_own_people_and_its_own_support(
    mabel: Membership, jo: Person, meadow: Organisation, larkrise: Organisation, estuary: Partnership
) -> None:
    make_placement(jo, meadow, "A", setting="day_support")
    make_placement(jo, larkrise, "B")
    make_placement(make_person(estuary, "OTHER", given_name="Somebody"), larkrise, "C")
    page = signed_in(mabel).get("/people/").content.decode()
    assert "Day support" in page
    assert "Larkrise" not in page
    assert "Somebody" not in page
    assert "Own tenancy" not in page


def test_outsiders_and_other_roles(charlie: Membership, bea: Membership, adam: Membership, jo: Person) -> None:
    assert "Jo Example" not in signed_in(charlie).get("/people/").content.decode()
    for member in (bea, adam):
        assert signed_in(member).get("/people/").status_code == 403
        assert signed_in(member).post("/people/find/person/", {"q": "JO"}).status_code == 403


@pytest.mark.parametrize("text", ["jo example", "JO", "999 004 9998", "9990049998"])
def test_the_search_goes_straight_to_the_one_person(text: str, alice: Membership, jo: Person) -> None:
    Person.objects.filter(pk=jo.pk).update(nhs_number="9990049998")
    assert signed_in(alice).post("/people/find/person/", {"q": text}).headers["Location"] == "/people/JO/"


def test_the_search_shows_several_or_none_in_the_list(alice: Membership, jo: Person, estuary: Partnership) -> None:
    make_person(estuary, "JO-2", family_name="Other")
    client = signed_in(alice)
    assert "<strong>2 people</strong>" in client.post("/people/find/person/", {"q": "jo"}, follow=True).content.decode()
    assert "Nobody is found" in client.post("/people/find/person/", {"q": "zzz"}, follow=True).content.decode()
    assert client.get("/people/find/person/").headers["Location"].startswith("/people/")


def test_the_search_finds_nobody_of_another_partnership(charlie: Membership, jo: Person) -> None:
    client = signed_in(charlie)
    assert "JO" not in client.post("/people/find/person/", {"q": "JO"}).headers["Location"]
    assert "<strong>0 people</strong>" in client.post("/people/find/person/", {"q": "JO"}, follow=True).content.decode()


def test_what_was_searched_for_stands_in_no_address(alice: Membership, jo: Person, estuary: Partnership) -> None:
    """An address stays in the browser's history, and may reach logs; a name or an NHS number must not."""
    make_person(estuary, "JO-2", family_name="Exampleson")
    client = signed_in(alice)
    for address, sent in (
        ("/people/find/person/", {"q": "Exampl"}),
        ("/people/", {"q": "Exampl", "diagnosis": "both", "cohort": ""}),
    ):
        response = client.post(address, sent, follow=True)
        ((target, _status),) = response.redirect_chain
        assert "exampl" not in target.lower() and "cohort" not in target and "csrf" not in target
        page = response.content.decode()
        assert "<strong>2 people</strong>" in page and 'value="Exampl"' in page
        assert not re.findall(r"""(?:href|action)=["'][^"']*exampl""", page, re.IGNORECASE)
        (file,) = re.findall(r'href="(/people/list/people.csv[^"]*)"', page)
        assert len(client.get(file.replace("&amp;", "&")).content.decode().splitlines()) == 3
    assert 'method="get"' not in page


def test_a_search_is_known_in_its_own_session_only(alice: Membership, jo: Person, charlie: Membership) -> None:
    found = signed_in(alice).post("/people/", {"q": "Nobody at all"}).headers["Location"]
    assert "Nobody at all" not in signed_in(charlie).get(found).content.decode()


def test_it_keeps_the_latest_searches_and_no_more(alice: Membership, jo: Person) -> None:
    client = signed_in(alice)
    addresses = [client.post("/people/", {"q": f"Zed {number}"}).headers["Location"] for number in range(25)]
    assert 'value="Zed 24"' in client.get(addresses[-1]).content.decode()
    assert 'value="Zed 5"' in client.get(addresses[5]).content.decode()
    assert "Zed" not in client.get(addresses[4]).content.decode()


def test_the_file_holds_everybody_found_and_cannot_be_executed(
    alice: Membership, many: list[Person], estuary: Partnership
) -> None:
    make_person(estuary, "X", given_name="=cmd|' /C calc'!A0", family_name="")
    response = signed_in(alice).get("/people/list/people.csv")
    lines = response.content.decode().splitlines()
    assert len(lines) == 142
    assert any(line.startswith("X,'=cmd") for line in lines)
    assert RecordRead.objects.filter(route="people_csv").count() == 141
