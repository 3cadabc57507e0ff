"""The first page of each role: what needs them, where it is done, and nothing that is not theirs to see."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Invitation, Membership, Organisation, Partnership, User
from commissioning.audit.models import RecordRead
from commissioning.overview.models import PlacementDraft
from commissioning.overview.queries.home import Item, Need, grouped, how_it_is_going
from commissioning.overview.tests.jos_story import SECRET_PROVIDER, add_line, add_share, tell_jos_story
from commissioning.reports.models import Board, BoardReport
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from finance.models import CostLine, FundingShare
from finance.queries import open_book
from people.models import ClinicalInvolvement, Person, Plan, Suspension
from providers.models import Contract

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 21)


@pytest.fixture(autouse=True)
def on_21_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)


@pytest.fixture
def told(jo: Person, meadow: Organisation) -> Person:
    return tell_jos_story(jo, meadow)


def home(membership: Membership) -> str:
    response = signed_in(membership).get("/")
    assert response.status_code == 200
    return response.content.decode()


def need(due: dt.date | None, key: str = "x") -> Need:
    return Need(key, "money", "thing", "things", (Item("Somebody", "why", "/there/", due),), TODAY)


# ---------------------------------------------------------------- the list of needs


def test_it_groups_what_waits_by_date_with_what_is_late_first() -> None:
    late, now = need(TODAY - dt.timedelta(days=6)), need(None)
    soon, later = need(dt.date(2026, 12, 1)), need(dt.date(2027, 1, 18))
    empty = Need("y", "life", "thing", "things", (), TODAY)
    found = grouped([later, empty, now, soon, late], TODAY)
    assert [group.title for group in found] == ["Today", "By Tuesday 1 December", "Later"]
    assert found[0].needs == (late, now)
    assert (late.flag, late.by) == ("6 days late", "")
    assert (soon.flag, soon.by) == ("", "by 1 December")
    assert later.by == "by 18 January 2027"


def test_it_leads_to_where_one_thing_is_done_and_to_the_list_of_many() -> None:
    one = need(None, "drafts")
    many = Need("drafts", "money", "thing", "things", one.items * 5, TODAY)
    assert (one.url, one.what) == ("/there/", "thing")
    assert (many.url, many.what) == (reverse("need", args=["drafts"]), "things")
    assert many.who.endswith("; and 2 more.")


# ---------------------------------------------------------------- commissioner


def test_it_tells_a_commissioner_what_waits(told: Person, alice: Membership, meadow: Organisation) -> None:
    kim = make_person(told.partnership, "KIM", given_name="Kim", family_name="Second")
    placement = make_placement(kim, meadow, "KIM-1", start=dt.date(2026, 1, 1))
    add_line(placement, "KIM-A", "1000", dt.date(2026, 1, 1))
    add_share(placement, told.council, "75")
    Suspension.objects.create(
        placement=placement, start=dt.date(2026, 11, 2), reason="hospital", percent_paid=Decimal(50)
    )
    PlacementDraft.objects.create(person=told, by=alice.user)
    Contract.objects.create(
        partnership=told.partnership, reference="C-1", provider=meadow, title="Larch Road", kind="spot",
        start=dt.date(2024, 1, 1), end=dt.date(2027, 1, 31), notice_weeks=9,
    )  # fmt: skip
    shown = home(alice)
    for words in (
        "placement without all its funding", "Kim Second: no funder for £250.00 a week with Meadow Farm Support",
        "person has no baseline", "people have no agreed plan", "October checklist not in", "11 days late",
        "placement to finish logging", "placement is suspended", "hospital stay since 2 November",
        "notice to give, or a contract runs on", "by 29 November",
    ):  # fmt: skip
        assert words in shown, words
    assert reverse("shares_change", args=["KIM-1"]) in shown
    assert reverse("placement_resume", args=["KIM-1"]) in shown


def test_it_tells_of_reviews_late_and_due(told: Person, alice: Membership) -> None:
    Plan.objects.create(
        person=told, number=1, status="agreed", person_involvement="took_part", person_involvement_how="Yes",
        family_involvement="took_part", family_involvement_how="Yes", agreed_on=dt.date(2026, 1, 1),
        review_by=dt.date(2026, 11, 15),
    )  # fmt: skip
    assert "plan review is late" in home(alice)
    Plan.objects.update(review_by=dt.date(2026, 12, 15))
    assert "plan review is due" in home(alice)


def test_it_says_how_it_is_going_of_the_same_people_throughout(
    told: Person, by_alice: Actor, alice: Membership
) -> None:
    going = how_it_is_going(by_alice, open_book(by_alice), TODAY, with_life=True)
    assert (going.people_count, going.weekly_pence, going.baseline_pence) == (1, 310_000, 550_000)
    assert going.cost_chart is not None and going.life_chart is not None
    shown = home(alice)
    assert "£2,400 a week less" in shown
    assert "100% score 4 or 5 of 5 for “My home feels like mine”, 0% in May 2026" in shown


def test_it_counts_the_baseline_before_a_first_price(jo: Person, meadow: Organisation, by_alice: Actor) -> None:
    tell_jos_story(jo, meadow)
    CostLine.objects.filter(reference="JO-1-A").delete()
    going = how_it_is_going(by_alice, open_book(by_alice), TODAY, with_life=False)
    assert going.cost_chart is not None
    assert ("June 2026", "£5,500.00", "£5,500.00") in going.cost_chart.table.rows
    assert ("July 2026", "£3,100.00", "£5,500.00") in going.cost_chart.table.rows


def test_it_leaves_those_who_died_out_of_how_it_is_going(told: Person, by_alice: Actor) -> None:
    Person.objects.update(died_on=dt.date(2026, 11, 1))
    assert how_it_is_going(by_alice, open_book(by_alice), TODAY, with_life=False).people_count == 0


def test_it_lists_everything_of_one_sort(
    told: Person, alice: Membership, bea: Membership, meadow: Organisation
) -> None:
    make_placement(make_person(told.partnership, "KIM", given_name="Kim"), meadow, "K")
    client = signed_in(alice)
    shown = client.get(reverse("need", args=["no-plan"])).content.decode()
    assert reverse("plan", args=["JO"]) in shown and reverse("plan", args=["KIM"]) in shown
    assert client.get(reverse("need", args=["nothing-such"])).status_code == 404
    assert client.get(reverse("need", args=["drafts"])).status_code == 200
    assert signed_in(bea).get(reverse("need", args=["no-plan"])).status_code == 403


def looked(route: str) -> set[tuple[str, str]]:
    """Who looked at whom on pages of an address."""
    names = dict(Person.objects.values_list("pk", "reference"))
    rows = RecordRead.objects.filter(route=route)
    return {(row.user_name, names[row.person_id]) for row in rows}


def test_it_keeps_whom_it_named_as_looks_at_their_records(
    told: Person, alice: Membership, finn: Membership, meadow: Organisation
) -> None:
    for number in range(5):
        person = make_person(told.partnership, f"Q-{number}", given_name="Q", family_name=str(number))
        make_placement(person, meadow, f"Q-{number}", start=dt.date(2026, 1, 1))
    shown = home(alice)
    named = {f"Q-{number}" for number in range(5) if f"Q {number}" in shown}
    assert 0 < len(named) < 5
    # Jo is named among what changed lately, and needs an agreed plan.
    assert looked("home") == {("Alice Commissioner", each) for each in {*named, "JO"}}
    signed_in(alice).get(reverse("need", args=["no-plan"]))
    assert {reference for _, reference in looked("need")} == {"JO", *(f"Q-{number}" for number in range(5))}
    home(finn)
    assert {reference for name, reference in looked("home") if name == "Finn Finance"} == {"JO"}


def test_it_keeps_no_look_where_it_names_nobody(told: Person, adam: Membership, bea: Membership) -> None:
    home(adam), home(bea)
    signed_in(adam).get(reverse("need", args=["managers"]))
    assert not RecordRead.objects.exists()


def test_it_tells_a_new_partnership_where_to_begin(alice: Membership) -> None:
    shown = home(alice)
    assert "Begin here" in shown
    assert reverse("person_create") in shown


def test_it_tells_what_changed_lately(told: Person, alice: Membership, charlie: Membership) -> None:
    shown = home(alice)
    assert "Since Saturday 14 November" in shown
    assert "core support, £1,875.21 a week from 1 July 2026" in shown
    assert "1,875.21" not in home(charlie)


def test_it_asks_no_more_of_the_database_for_more_people(
    told: Person, alice: Membership, meadow: Organisation, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(alice)
    client.get("/")
    for number in range(12):
        person = make_person(told.partnership, f"Q-{number}", given_name="Q", family_name=str(number))
        placement = make_placement(person, meadow, f"Q-{number}", start=dt.date(2026, 1, 1))
        add_share(placement, told.council, "100")
        add_line(placement, f"Q-{number}", "100", dt.date(2026, 1, 1))
    with django_assert_max_num_queries(40):
        client.get("/")


# ---------------------------------------------------------------- the others


def test_it_tells_a_finance_officer_by_reference(told: Person, finn: Membership) -> None:
    FundingShare.objects.filter(funder=told.council).delete()
    shown = home(finn)
    assert "JO: no funder for" in shown
    assert "Jo Example" not in shown and "My home feels" not in shown and "checklist" not in shown


def test_it_tells_a_provider_of_its_own_people_and_no_other(
    told: Person, mabel: Membership, sam: Membership, larkrise: Organisation
) -> None:
    kim = make_person(told.partnership, "KIM", given_name="Kim", family_name="Second")
    make_placement(kim, larkrise, "KIM-1", start=dt.date(2026, 1, 1))
    for membership in (mabel, sam):
        shown = home(membership)
        assert reverse("person", args=["JO"]) in shown
        assert "1 of 1" in shown
        for hidden in ("Kim", "Larkrise", SECRET_PROVIDER, "£"):
            assert hidden not in shown, hidden
    assert RecordRead.objects.filter(person_id=told.pk, route="home").count() == 2


def test_people_who_are_called_alike_are_told_apart(
    estuary: Partnership, jo: Person, meadow: Organisation, mabel: Membership
) -> None:
    make_placement(jo, meadow, start=dt.date(2026, 1, 1))
    other = make_person(estuary, "JO2", family_name="Other")
    make_placement(other, meadow, "PL-2", start=dt.date(2026, 1, 1))
    page = signed_in(mabel).get("/").content.decode()
    assert "Jo Example" in page and "Jo Other" in page


def test_it_tells_a_provider_what_to_send(jo: Person, meadow: Organisation, mabel: Membership) -> None:
    make_placement(jo, meadow, "JO-2", start=dt.date(2026, 7, 1))
    shown = home(mabel)
    assert "October checklist to send" in shown and "11 days late" in shown
    assert reverse("checklist", args=["JO", "2026-10"]) in shown


def test_it_shows_a_clinician_no_price(told: Person, clara: Membership) -> None:
    assert "You do not advise on anybody" in home(clara)
    ClinicalInvolvement.objects.create(person=told, user=clara.user, start=dt.date(2026, 1, 1))
    shown = home(clara)
    assert reverse("person", args=["JO"]) in shown
    assert "£" not in shown


def test_it_shows_a_board_member_the_latest_report_and_no_person(told: Person, bea: Membership) -> None:
    assert "No report is published yet" in home(bea)
    board = Board.objects.create(partnership=told.partnership, code="EST", name="Estuary board")
    board.members.add(bea)
    for month in (9, 10):
        BoardReport.objects.create(
            board=board, month=dt.date(2026, month, 1), edition="board", state="published", published_at=None
        )
    BoardReport.objects.create(board=board, month=dt.date(2026, 10, 1), edition="working", state="published")
    shown = home(bea)
    assert "October 2026’s report is ready" in shown
    assert "Working pack" not in shown
    for hidden in ("Jo", "£", "Meadow"):
        assert hidden not in shown, hidden


def test_it_shows_an_auditor_who_looked(told: Person, alice: Membership, audrey: Membership) -> None:
    signed_in(alice).get(reverse("person", args=["JO"]))
    shown = home(audrey)
    assert "Alice Commissioner" in shown
    assert reverse("who_looked", args=["JO"]) in shown
    assert looked("home") == {("Audrey Auditor", "JO")}
    again = home(audrey)
    assert "Audrey Auditor" not in again.split("The latest")[1]


def test_it_shows_an_administrator_accounts_and_no_person(told: Person, adam: Membership, alice: Membership) -> None:
    Invitation.objects.create(membership=alice, name="Alice Commissioner")
    shown = home(adam)
    assert "Alice Commissioner: commissioner, has not signed in yet" in shown
    assert "provider has no manager here" in shown
    for hidden in ("Jo Example", "£"):
        assert hidden not in shown


def test_it_tells_somebody_without_a_role_what_to_do(estuary: Partnership, client: Any) -> None:
    user = User.objects.create_user("new@example.org", "correct horse battery", name="Nora New")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    shown = client.get("/").content.decode()
    assert "You have no role yet" in shown and "new@example.org" in shown


def test_it_asks_a_stranger_to_sign_in(client: Any) -> None:
    assert client.get("/").status_code == 302


def test_it_says_when_a_report_could_not_be_made(told: Person, alice: Membership) -> None:
    board = Board.objects.create(partnership=told.partnership, code="EST", name="Estuary board")
    report = BoardReport.objects.create(board=board, month=dt.date(2026, 10, 1), edition="board", state="failed")
    shown = home(alice)
    assert "report could not be made" in shown
    assert reverse("report", args=[report.pk]) in shown
