"""The provider's month: whose checklists are due, who may see them, and how they are saved and sent."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.audit.models import RecordRead
from commissioning.core.periods import Month
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from outcomes.models import Answer, Checklist, ChecklistStep, Measure
from outcomes.queries import checklists_due, due_on
from outcomes.queries.due import people_months
from outcomes.tests.conftest import ALL_ANSWERS
from people.models import Person, Placement

Make = Callable[..., Checklist]
Post = Callable[..., dict[str, str]]


def address(month: Month, view: str = "staff", name: str = "checklist_view") -> str:
    return reverse(name, args=["JO", str(month), view])


def value_of(code: str) -> str | None:
    return Answer.objects.filter(measure__code=code).values_list("value", flat=True).first()


def test_it_lists_last_months_people_with_how_far_each_is(as_mabel: Client, jos_home: Placement, month: Month) -> None:
    page = as_mabel.get(reverse("outcomes_month")).content.decode()
    assert "Not started" in page
    assert reverse("checklist", args=["JO", str(month)]) in page
    assert "0 of 1" in page


def test_it_keeps_whose_names_the_lists_showed(as_mabel: Client, jos_home: Placement) -> None:
    as_mabel.get(reverse("outcomes_month"))
    as_mabel.get(reverse("incident_create"))
    routes = RecordRead.objects.filter(person_id=jos_home.person_id).values_list("route", flat=True)
    assert sorted(routes) == ["incident_create", "outcomes_month"]


def test_it_offers_other_months_and_refuses_one_that_has_not_begun(as_mabel: Client, jos_home: Placement) -> None:
    now = Month.of(timezone.localdate())
    assert as_mabel.get(reverse("outcomes_month"), {"month": str(now.plus(-2))}).status_code == 200
    assert as_mabel.get(reverse("outcomes_month"), {"month": str(now.plus(1))}).status_code == 404
    assert as_mabel.get(reverse("outcomes_month"), {"month": "soon"}).status_code == 404


def test_it_asks_whose_view_before_any_question(
    as_mabel: Client, jo: Person, jos_home: Placement, month: Month
) -> None:
    Person.objects.filter(pk=jo.pk).update(communication="Use short sentences\nShow the picture first")
    page = as_mabel.get(reverse("checklist", args=["JO", str(month)])).content.decode()
    assert "Whose view is this?" in page
    assert "Show the picture first" in page
    assert 'type="radio"' not in page


def test_it_shows_last_months_answer_and_fills_in_nothing(
    as_mabel: Client, send: Make, month: Month, measures: dict[str, Measure]
) -> None:
    send(ALL_ANSWERS, month.plus(-1))
    page = as_mabel.get(address(month)).content.decode()
    assert "28 hours a week" in page
    assert "checked" not in page
    assert f'id="a-{measures["community_hours"].pk}" name="a-{measures["community_hours"].pk}"' in page
    assert 'autocomplete="off" value=""' in page


def test_it_keeps_same_only_when_ticked(
    as_mabel: Client, send: Make, posted: Post, month: Month, measures: dict[str, Measure]
) -> None:
    send(ALL_ANSWERS, month.plus(-1))
    same = {f"same-{measures['medication'].pk}": "on"}
    as_mabel.post(address(month), posted({"home": "4"}, act="save", **same))
    kept = Checklist.objects.get(month=month.first)
    assert {each.measure.code: each.value for each in kept.answers.all()} == {"home": "4", "medication": "2"}


def test_it_saves_a_draft_and_the_manager_sends_it(
    as_sam: Client, as_mabel: Client, posted: Post, jos_home: Placement, month: Month
) -> None:
    as_sam.post(address(month), posted(ALL_ANSWERS, act="ready"))
    checklist = Checklist.objects.get()
    assert checklist.status == Checklist.Status.READY
    response = as_mabel.post(address(month), posted(ALL_ANSWERS, was=ALL_ANSWERS, act="send"), follow=True)
    checklist.refresh_from_db()
    assert checklist.status == Checklist.Status.SUBMITTED
    assert checklist.submitted_on == timezone.localdate()
    assert "is sent" in response.content.decode()


def test_it_does_not_let_staff_send(as_sam: Client, posted: Post, jos_home: Placement, month: Month) -> None:
    assert "Ready for the manager" in as_sam.get(address(month)).content.decode()
    assert as_sam.post(address(month), posted(ALL_ANSWERS, act="send")).status_code == 403
    assert not Checklist.objects.filter(status=Checklist.Status.SUBMITTED).exists()


def test_it_sends_once_however_often_send_is_pressed(
    as_mabel: Client, posted: Post, jos_home: Placement, month: Month
) -> None:
    for _ in range(3):
        response = as_mabel.post(address(month), posted(ALL_ANSWERS, act="send"))
        assert response.status_code == 302
    assert Checklist.objects.count() == 1
    assert ChecklistStep.objects.filter(kind=ChecklistStep.Kind.SENT).count() == 1


def test_it_asks_for_what_is_missing_at_each_question_and_keeps_the_rest(
    as_mabel: Client, posted: Post, jos_home: Placement, month: Month, measures: dict[str, Measure]
) -> None:
    answers = {code: value for code, value in ALL_ANSWERS.items() if code != "medication"}
    page = as_mabel.post(address(month), posted(answers, act="send")).content.decode()
    assert f'href="#a-{measures["medication"].pk}"' in page
    assert "is not known" in page
    assert value_of("home") == "5"
    assert Checklist.objects.get().status == Checklist.Status.DRAFT
    as_mabel.post(address(month), posted(answers, was=answers, act="send", leave_unknown="on"))
    assert Checklist.objects.get().status == Checklist.Status.SUBMITTED
    assert value_of("medication") is None


def test_it_refuses_a_checklist_with_nothing_in_it(
    as_mabel: Client, posted: Post, jos_home: Placement, month: Month
) -> None:
    page = as_mabel.post(address(month), posted({}, act="send", leave_unknown="on")).content.decode()
    assert "Answer at least one question" in page


def test_it_keeps_a_month_that_is_not_over_as_a_draft(
    as_mabel: Client, posted: Post, jos_home: Placement, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = Month.of(timezone.localdate()).last - dt.timedelta(days=3)
    monkeypatch.setattr(timezone, "localdate", lambda *_: today)
    this_month = Month.of(today)
    page = as_mabel.post(address(this_month), posted(ALL_ANSWERS, act="send")).content.decode()
    assert f"{this_month.words} is not over" in page
    assert "Not sent yet" in page and "; send it from" in page
    assert Checklist.objects.get().status == Checklist.Status.DRAFT
    assert value_of("home") == "5"


def test_it_tells_staff_of_handing_over_since_they_never_send(
    as_sam: Client, as_mabel: Client, posted: Post, jos_home: Placement, monkeypatch: pytest.MonkeyPatch
) -> None:
    this_month = Month.of(timezone.localdate())
    monkeypatch.setattr(timezone, "localdate", lambda *_: this_month.last - dt.timedelta(days=3))
    page = as_sam.post(address(this_month), posted(ALL_ANSWERS, act="ready")).content.decode()
    assert "Not handed over yet" in page and "; hand it over from" in page
    assert "Not sent yet" not in page and "send it from" not in page
    address_of_list = f"{reverse('outcomes_month')}?month={this_month}"
    assert "Please make it ready for your manager, who sends it by" in as_sam.get(address_of_list).content.decode()
    assert "Please send it by" in as_mabel.get(address_of_list).content.decode()


@pytest.mark.parametrize(
    ("code", "value", "message"),
    [
        ("home", "6", "Enter 5 or less"),
        ("home", "0", "Enter 1 or more"),
        ("community_hours", "169", "Enter 168 or less"),
        ("community_hours", "a lot", "Enter a whole number"),
        ("medication", "-1", "Enter 0 or more"),
        ("medication", "2.5", "Enter a whole number"),
        ("learning", "perhaps", "Answer yes or no"),
        ("doing", "x" * 2001, "Shorten this to 2,000 characters"),
    ],
)
def test_it_says_at_the_question_what_is_wrong_and_keeps_what_was_typed(
    as_mabel: Client, posted: Post, jos_home: Placement, month: Month, code: str, value: str, message: str
) -> None:
    page = as_mabel.post(address(month), posted({"people": "3", code: value}, act="send")).content.decode()
    assert message in page
    assert value_of(code) is None
    assert value_of("people") == "3"


def test_it_accepts_a_comma_and_spaces_in_a_number(
    as_mabel: Client, posted: Post, jos_home: Placement, month: Month
) -> None:
    as_mabel.post(address(month), posted({"medication": " 2 "}, act="save"))
    assert value_of("medication") == "2"


def test_it_asks_the_person_about_life_only(
    as_mabel: Client, jos_home: Placement, measures: dict[str, Measure], month: Month
) -> None:
    page = as_mabel.get(address(month, "person")).content.decode()
    assert f"a-{measures['home'].pk}-" in page
    assert f"a-{measures['agency_shifts'].pk}" not in page


def test_it_keeps_views_apart(as_mabel: Client, posted: Post, jos_home: Placement, month: Month) -> None:
    as_mabel.post(address(month), posted({"home": "5"}, act="save"))
    as_mabel.post(address(month, "person"), posted({"home": "2"}, act="save"))
    assert dict(Answer.objects.values_list("checklist__view", "value")) == {"staff": "5", "person": "2"}


def test_it_has_no_such_view(as_mabel: Client, jos_home: Placement, month: Month) -> None:
    assert as_mabel.get(address(month, "clinician")).status_code == 404
    assert as_mabel.get(address(month, "neighbour")).status_code == 404


def test_it_hides_people_of_another_provider(
    as_mabel: Client, estuary: object, jo: Person, larkrise: Organisation, meadow: Organisation, month: Month
) -> None:
    make_placement(jo, larkrise, start=dt.date(2024, 1, 1))
    assert as_mabel.get(reverse("checklist", args=["JO", str(month)])).status_code == 404
    assert as_mabel.get(address(month)).status_code == 404
    assert as_mabel.post(address(month), {"act": "save"}).status_code == 404
    assert as_mabel.post(address(month, name="checklist_autosave")).status_code == 404
    assert "Jo" not in as_mabel.get(reverse("outcomes_month")).content.decode().split("<main")[1]


def test_it_keeps_to_its_own_answers_when_another_provider_came_before(
    as_mabel: Client, send: Make, posted: Post, jo: Person, larkrise: Organisation, month: Month
) -> None:
    sent = send({"home": "1"}, month.plus(-1))
    Checklist.objects.filter(pk=sent.pk).update(provider=larkrise)
    page = as_mabel.get(address(month)).content.decode()
    assert "Larkrise" not in page
    assert 'class="last"' not in page


@pytest.mark.parametrize("who", ["bea", "finn", "adam"])
def test_it_is_not_for_other_roles(request: pytest.FixtureRequest, who: str, jos_home: Placement, month: Month) -> None:
    client = signed_in(request.getfixturevalue(who))
    for name, args in [
        ("outcomes_month", []),
        ("checklist", ["JO", str(month)]),
        ("checklist_view", ["JO", str(month), "staff"]),
        ("incidents", []),
        ("outcomes_overview", []),
    ]:
        assert client.get(reverse(name, args=args)).status_code == 403


def test_it_is_another_partnerships_404(charlie: Membership, jos_home: Placement, month: Month) -> None:
    client = signed_in(charlie)
    assert client.get(reverse("checklist", args=["JO", str(month)])).status_code == 404


def test_it_keeps_past_entries_readable_after_the_person_moved_on(
    as_mabel: Client, send: Make, jos_home: Placement, posted: Post, month: Month
) -> None:
    send(ALL_ANSWERS, month)
    Placement.objects.filter(pk=jos_home.pk).update(end=timezone.localdate() - dt.timedelta(days=1))
    assert as_mabel.get(address(month)).status_code == 200
    assert as_mabel.get(address(month.plus(-1))).status_code == 404
    as_mabel.post(address(month), posted({"home": "1"}, act="save"))
    assert value_of("home") == "5"


def test_it_does_not_ask_of_short_breaks_or_hospital(
    by_mabel: Actor, jo: Person, meadow: Organisation, month: Month
) -> None:
    make_placement(jo, meadow, start=dt.date(2024, 1, 1), setting="short_break")
    make_placement(jo, meadow, "PL-2", start=dt.date(2024, 1, 1), setting="secure_hospital")
    assert people_months(by_mabel, month) == ()


def test_it_counts_what_is_due(
    by_mabel: Actor, by_alice: Actor, jo: Person, meadow: Organisation, send: Make, answer: Make, month: Month
) -> None:
    for number in range(3):
        person = make_person(jo.partnership, f"P-{number}", given_name=f"Pat{number}")
        make_placement(person, meadow, f"PL-X{number}", start=dt.date(2024, 1, 1))
    send(ALL_ANSWERS, month)
    due = checklists_due(by_mabel, month)
    assert (due.people_count, due.in_count, due.not_started_count, due.to_accept_count) == (4, 1, 3, 1)
    assert due.late_count == (3 if timezone.localdate() > due_on(month) else 0)
    assert checklists_due(by_alice, month).people_count == 4


def test_it_lists_sixty_people_in_few_queries(
    by_mabel: Actor, jo: Person, meadow: Organisation, send: Make, month: Month
) -> None:
    send(ALL_ANSWERS, month)
    for number in range(60):
        person = make_person(jo.partnership, f"P-{number}", given_name=f"Pat{number}")
        make_placement(person, meadow, f"PL-X{number}", start=dt.date(2024, 1, 1))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(people_months(by_mabel, month)) == 61
    assert len(queries) <= 6


def test_it_says_when_a_loaded_checklist_was_sent(as_mabel: Client, send: Make, month: Month) -> None:
    sent = send(ALL_ANSWERS, month)
    ChecklistStep.objects.all().delete()
    Checklist.objects.filter(pk=sent.pk).update(saved_at=None, saved_by=None, submitted_on=dt.date(2026, 1, 5))
    assert "Sent on 5 January 2026" in as_mabel.get(reverse("outcomes_month")).content.decode()


def test_it_shows_no_money(as_mabel: Client, send: Make, month: Month) -> None:
    send(ALL_ANSWERS, month)
    pages = [
        reverse("outcomes_month"),
        reverse("checklist", args=["JO", str(month)]),
        address(month),
        address(month, name="checklist_done"),
        address(month, name="checklist_correct"),
        reverse("framework"),
    ]
    for page in pages:
        response = as_mabel.get(page)
        assert response.status_code == 200
        assert "£" not in response.content.decode()
