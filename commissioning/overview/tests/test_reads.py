"""Who looked at a record: by day, filtered, as a file, and as a list for the person; reading it is a look too."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.models import Membership, Partnership
from commissioning.audit.models import RecordRead
from commissioning.tests.fixtures import make_person, signed_in
from people.models import Person

pytestmark = pytest.mark.django_db

PAGES = ("who_looked", "who_looked_csv", "who_looked_letter")


def look(jo: Person, who: Membership, day: int, hour: int = 9, route: str = "person", reason: str = "") -> None:
    RecordRead.objects.create(
        at=dt.datetime(2026, 5, day, hour, tzinfo=timezone.get_current_timezone()), user_id=who.user_id,
        user_name=who.user.name,
        role=who.role, organisation=str(who.organisation or ""), partnership_code=jo.partnership.code,
        person_id=jo.pk, route=route, reason=reason,
    )  # fmt: skip


@pytest.fixture
def looked(jo: Person, alice: Membership, mabel: Membership, finn: Membership) -> Person:
    for hour in (9, 10, 16):
        look(jo, alice, 3, hour)
    look(jo, alice, 3, 11, "plan")
    look(jo, mabel, 4, route="checklist")
    look(jo, finn, 31, 23, "cost_lines", "Question of the board")
    look(make_person(jo.partnership, "OTHER"), alice, 5)
    return jo


def text(who: Membership, name: str = "who_looked", query: str = "") -> str:
    response = signed_in(who).get(reverse(name, args=["JO"]) + query)
    assert response.status_code == 200
    body: str = response.content.decode()
    return body


def test_it_tells_by_day_who_saw_which_page_how_often(looked: Person, audrey: Membership) -> None:
    shown = text(audrey)
    assert "6 looks by 3 people</strong> since 3 May 2026" in shown
    assert 'Money and life <span class="soft">3 times</span>' in shown
    assert "09:00 to 16:00" in shown
    assert "Provider manager, Meadow Farm Support" in shown
    assert "Commissioner, Estuary" in shown
    assert "Question of the board" in shown
    assert shown.index(">31 May 2026") < shown.index(">4 May 2026") < shown.index(">3 May 2026<")


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("?since=2026-05-04&until=2026-05-04", {"Mabel Manager"}),
        ("?until=2026-05-04", {"Mabel Manager", "Alice Commissioner"}),
        ("?since=2026-05-31&until=2026-05-31", {"Finn Finance"}),
        ("?organisation=Meadow+Farm+Support", {"Mabel Manager"}),
        ("?organisation=-&since=2026-05-01&until=2026-06-01", {"Alice Commissioner", "Finn Finance"}),
        ("?since=2027-01-01", set()),
    ],
)
def test_it_shows_the_days_and_the_organisation_that_were_chosen(
    looked: Person, audrey: Membership, query: str, who: set[str]
) -> None:
    names = {"Alice Commissioner", "Mabel Manager", "Finn Finance"}
    shown, rows = text(audrey, query=query), rows_of(text(audrey, "who_looked_csv", query))
    letter = text(audrey, "who_looked_letter", query)
    assert {name for name in names if name in shown} == who
    assert {row["who"] for row in rows} - {"Audrey Auditor"} == who
    assert {name for name in names if name in letter} == who


def rows_of(body: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body)))


def test_a_day_that_is_no_day_is_told_and_narrows_nothing(looked: Person, audrey: Membership) -> None:
    shown = text(audrey, query="?since=yesterday")
    assert "“yesterday” is not a date" in shown
    assert "6 looks" in shown


def test_the_file_has_each_look(looked: Person, audrey: Membership) -> None:
    rows = rows_of(text(audrey, "who_looked_csv"))
    assert len(rows) == 6
    assert rows[0] == {
        "day": "2026-05-31", "time": "23:00:00", "who": "Finn Finance", "role": "Finance officer", "organisation": "",
        "page": "Lines behind a figure of cost", "reason": "Question of the board",
    }  # fmt: skip


def test_the_list_for_the_person_is_plain_and_can_leave_names_out(looked: Person, alice: Membership) -> None:
    letter = text(alice, "who_looked_letter")
    assert "Dear Jo," in letter
    assert "<strong>3 people looked between 3 May 2026 and 31 May 2026.</strong>" in letter
    assert "Plans and pays for support" in letter
    assert "on 1 day" in letter
    without = text(alice, "who_looked_letter", "?names=no")
    assert "Gives support" not in without
    assert "Manages support" in without
    assert not [name for name in ("Mabel Manager", "Finn Finance") if name in without]


def test_reading_it_is_a_look_and_is_shown_to_the_next(looked: Person, audrey: Membership) -> None:
    before = RecordRead.objects.count()
    for name in PAGES:
        text(audrey, name)
    added = RecordRead.objects.order_by("pk")[before:].values_list("user_name", "person_id", "route")
    assert list(added) == [("Audrey Auditor", looked.pk, name) for name in PAGES]
    assert "Who looked, as a list for the person" in text(audrey)


@pytest.mark.parametrize("name", PAGES)
def test_only_commissioners_and_auditors_of_the_partnership_may(
    looked: Person, elsewhere: Partnership, charlie: Membership, mabel: Membership, finn: Membership, clara: Membership,
    name: str,
) -> None:  # fmt: skip
    address = reverse(name, args=["JO"])
    assert signed_in(charlie).get(address).status_code == 404
    assert {signed_in(who).get(address).status_code for who in (mabel, finn, clara)} == {403}


@pytest.mark.parametrize("name", PAGES)
def test_looks_from_another_partnership_are_its_own(
    looked: Person, elsewhere: Partnership, charlie: Membership, audrey: Membership, name: str
) -> None:
    RecordRead.objects.create(
        user_id=charlie.user_id, user_name="Charlie Outsider", role=charlie.role, partnership_code=elsewhere.code,
        person_id=looked.pk, route="person",
    )  # fmt: skip
    assert "Charlie" not in text(audrey, name)
