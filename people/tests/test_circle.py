"""The circle of support, clinicians who advise, and who is responsible."""

import datetime as dt

import pytest
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Partnership
from commissioning.core.errors import Refused
from commissioning.tests.fixtures import signed_in
from commissioning.tests.forms import send
from people.actions import (
    add_clinician,
    add_responsibility,
    add_to_circle,
    change_circle_member,
    change_responsibility,
    end_circle_member,
    end_clinician,
)
from people.models import Person
from people.queries import circle, responsibilities

TODAY = dt.date(2026, 11, 1)


def test_the_circle_has_family_first_and_says_whether_there_is_an_advocate(jo: Person, by_alice: Actor) -> None:
    rosa = add_to_circle(person=jo, name="Rosa  Keane", part="advocate", by=by_alice)
    add_to_circle(person=jo, name="Anne", part="family", relationship="mother", by=by_alice)
    around = circle(jo, TODAY)
    assert [member.name for member in around.now] == ["Anne", "Rosa Keane"]
    assert around.has_advocate
    end_circle_member(member=rosa, ended_on=TODAY, by=by_alice)
    around = circle(jo, TODAY)
    assert (around.has_advocate, [member.name for member in around.before]) == (False, ["Rosa Keane"])


def test_nobody_is_in_the_circle_twice_in_one_part(jo: Person, by_alice: Actor) -> None:
    anne = add_to_circle(person=jo, name="Anne", part="family", by=by_alice)
    with pytest.raises(Refused, match="already in the circle"):
        add_to_circle(person=jo, name="anne", part="family", by=by_alice)
    other = add_to_circle(person=jo, name="Mikey", part="family", by=by_alice)
    with pytest.raises(Refused):
        change_circle_member(member=other, name="Anne", part="family", by=by_alice)
    assert (
        change_circle_member(member=anne, name="Anne", part="family", contact="01632", by=by_alice).contact == "01632"
    )


def test_a_last_day_is_not_in_the_future(jo: Person, by_alice: Actor) -> None:
    anne = add_to_circle(person=jo, name="Anne", part="family", by=by_alice)
    with pytest.raises(Refused) as refused:
        end_circle_member(member=anne, ended_on=timezone.localdate() + dt.timedelta(days=1), by=by_alice)
    assert refused.value.field == "ended_on"


def test_a_clinician_sees_the_record_only_while_they_advise(jo: Person, by_alice: Actor, clara: Membership) -> None:
    client = signed_in(clara)
    assert client.get("/people/JO/plan/").status_code == 404
    advice = add_clinician(person=jo, user=clara.user, start=dt.date(2026, 1, 1), by=by_alice)
    assert client.get("/people/JO/plan/").status_code == 200
    with pytest.raises(Refused, match="already advises"):
        add_clinician(person=jo, user=clara.user, start=dt.date(2026, 2, 1), by=by_alice)
    with pytest.raises(Refused):
        end_clinician(involvement=advice, end=dt.date(2025, 12, 31), by=by_alice)
    end_clinician(involvement=advice, end=dt.date(2026, 2, 1), by=by_alice)
    assert client.get("/people/JO/plan/").status_code == 404


def test_only_a_clinician_of_the_partnership_can_advise(
    jo: Person, by_alice: Actor, mabel: Membership, charlie: Membership
) -> None:
    for member in (mabel, charlie):
        with pytest.raises(Refused) as refused:
            add_clinician(person=jo, user=member.user, start=TODAY, by=by_alice)
        assert refused.value.field == "user"


def test_responsibility_has_its_days_and_disagreements_are_said(
    jo: Person, by_alice: Actor, estuary: Partnership
) -> None:
    add_responsibility(
        person=jo, organisation=jo.council, basis="ordinary_residence", start=dt.date(2020, 1, 1), by=by_alice
    )
    row = add_responsibility(person=jo, organisation=jo.icb, basis="s117", start=dt.date(2020, 1, 1), by=by_alice)
    assert (row.role, responsibilities(jo, TODAY).disagreements) == ("icb", ())
    with pytest.raises(Refused, match="already recorded"):
        add_responsibility(person=jo, organisation=jo.icb, basis="s117", start=dt.date(2020, 1, 1), by=by_alice)
    with pytest.raises(Refused) as refused:
        change_responsibility(
            responsibility=row, basis="s117", start=dt.date(2020, 1, 1), end=dt.date(2019, 1, 1), by=by_alice
        )
    assert refused.value.field == "end"


def test_a_body_of_another_partnership_is_refused(jo: Person, by_alice: Actor, elsewhere: Partnership) -> None:
    outsider = elsewhere.links.get(code="ICB").organisation
    with pytest.raises(Refused) as refused:
        add_responsibility(person=jo, organisation=outsider, basis="s117", start=TODAY, by=by_alice)
    assert refused.value.field == "organisation"


def test_the_browser_adds_changes_and_ends(alice: Membership, jo: Person, clara: Membership) -> None:
    client = signed_in(alice)
    client.post("/people/JO/circle/add/", {"name": "Rosa Keane", "part": "advocate"})
    member = jo.circle.get()
    send(client, f"/people/JO/circle/{member.pk}/", {"name": "Rosa Keane", "part": "advocate", "contact": "01632"})
    assert "01632" in client.get("/people/JO/circle/").content.decode()
    send(
        client, f"/people/JO/circle/{member.pk}/end/", {"ended_on_day": 1, "ended_on_month": 10, "ended_on_year": 2026}
    )
    assert "until 1 October 2026" in client.get("/people/JO/circle/").content.decode()
    day = {"start_day": 1, "start_month": 10, "start_year": 2026}
    client.post("/people/JO/clinicians/add/", {"user": clara.user_id, **day})
    assert "Clara Clinician" in client.get("/people/JO/circle/").content.decode()
    advice = jo.clinicians.get()
    shown = send(
        client,
        f"/people/JO/clinicians/{advice.pk}/end/",
        {"end_day": 1, "end_month": 11, "end_year": 2026},
        follow=True,
    )
    assert "no longer advises after 1 November 2026" in shown.content.decode()
    sent = {"organisation": jo.council_id, "basis": "ordinary_residence", **day}
    assert client.post("/people/JO/responsible/add/", sent).status_code == 302
    row = jo.responsibilities.get()
    wrong = {"basis": "disputed", **day, "end_day": 1, "end_month": 1, "end_year": "0206"}
    page = send(client, f"/people/JO/responsible/{row.pk}/", wrong).content.decode()
    assert "Nothing is saved yet" in page
