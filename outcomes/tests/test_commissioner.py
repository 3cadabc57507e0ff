"""The commissioner's side: what is in, accepting, asking, and every view side by side."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.audit.models import RecordRead
from commissioning.core.periods import Month
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from commissioning.tests.forms import send as send_form
from outcomes.models import Answer, Checklist, Measure
from outcomes.queries.overview import month_overview
from outcomes.tests.conftest import ALL_ANSWERS
from people.models import Person, Placement

Make = Callable[..., Checklist]
Post = Callable[..., dict[str, str]]


def accept(client: Client, *checklists: Checklist, version: int | None = None) -> str:
    chosen = [f"{each.pk}:{version or each.version}" for each in checklists]
    response = client.post(reverse("checklists_accept"), {"chosen": chosen, "back": "/outcomes/"}, follow=True)
    return response.content.decode()


def test_it_shows_what_is_in_and_what_is_not(
    as_alice: Client, send: Make, jo: Person, meadow: Organisation, month: Month
) -> None:
    send(ALL_ANSWERS, month)
    make_placement(make_person(jo.partnership, "P-2", given_name="Pat"), meadow, "PL-2", start=month.first)
    page = as_alice.get(reverse("outcomes_overview")).content.decode()
    assert "1 of 2" in page
    assert "Pat" in page
    assert "nothing to compare with yet" in page


def test_it_shows_drafts_to_nobody_else(as_alice: Client, answer: Make, month: Month) -> None:
    answer({"home": "1"}, month)
    page = as_alice.get(reverse("checklist", args=["JO", str(month)])).content.decode()
    assert "Nothing was sent about this month" in page


def test_it_shows_each_view_beside_the_other(as_alice: Client, send: Make, month: Month, jo: Person) -> None:
    send({"home": "5"}, month.plus(-1))
    send({"home": "4", "medication": "2"}, month)
    send({"home": "2"}, month, "person")
    page = as_alice.get(reverse("checklist", args=["JO", str(month)])).content.decode()
    assert "<strong>4</strong>" in page
    assert "<strong>2</strong>" in page
    assert "<strong>3" not in page
    assert "5 in " in page
    assert RecordRead.objects.filter(person_id=jo.pk, route="checklist").exists()


def test_it_accepts_many_at_once(as_alice: Client, send: Make, month: Month) -> None:
    first, second = send(ALL_ANSWERS, month), send({"home": "3"}, month, "person")
    assert "2 checklists accepted" in accept(as_alice, first, second)
    assert not Checklist.objects.exclude(status=Checklist.Status.ACCEPTED).exists()
    assert "0 checklists accepted" in accept(as_alice, first)


def test_it_accepts_nothing_that_changed_since_it_was_read(as_alice: Client, send: Make, month: Month) -> None:
    first, second = send(ALL_ANSWERS, month), send({"home": "3"}, month, "person")
    page = as_alice.post(
        reverse("checklists_accept"),
        {"chosen": [f"{first.pk}:{first.version}", f"{second.pk}:{second.version - 1}"]},
        follow=True,
    ).content.decode()
    assert "Nothing was accepted" in page
    assert not Checklist.objects.filter(status=Checklist.Status.ACCEPTED).exists()


def test_it_answers_a_forged_choice_plainly(as_alice: Client, send: Make, month: Month) -> None:
    for chosen in ("", "x", "1:2:3", "999999:1"):
        page = as_alice.post(reverse("checklists_accept"), {"chosen": chosen}, follow=True)
        assert "Choose" in page.content.decode()
    response = as_alice.post(reverse("checklists_accept"), {"chosen": "1:1", "back": "https://example.org/"})
    assert response["Location"] == reverse("outcomes_overview")


def test_it_sends_back_with_a_question_that_the_provider_answers(
    as_alice: Client, as_mabel: Client, send: Make, posted: Post, month: Month
) -> None:
    checklist = send(ALL_ANSWERS, month)
    page = as_alice.get(reverse("checklist_send_back", args=[checklist.pk])).content.decode()
    assert "What would you like to know?" in page
    assert (
        "Say what you would like to know"
        in as_alice.post(reverse("checklist_send_back", args=[checklist.pk]), {"words": " "}).content.decode()
    )
    response = send_form(
        as_alice, reverse("checklist_send_back", args=[checklist.pk]), {"words": "Which visits?"}, follow=True
    )
    assert response.redirect_chain[-1][0] == f"{reverse('outcomes_overview')}?month={month}"
    assert "is sent back to Meadow Farm Support" in response.content.decode()
    assert "Sent back: Which visits?" in as_mabel.get(reverse("outcomes_month")).content.decode()
    address = reverse("checklist_view", args=["JO", str(month), "staff"])
    assert "Which visits?" in as_mabel.get(address).content.decode()
    as_mabel.post(address, posted(ALL_ANSWERS | {"people": "7"}, was=ALL_ANSWERS, act="send"))
    checklist.refresh_from_db()
    assert checklist.status == Checklist.Status.SUBMITTED


def test_it_does_not_count_what_was_sent_back(by_alice: Actor, send: Make, month: Month) -> None:
    checklist = send(ALL_ANSWERS, month)
    Checklist.objects.filter(pk=checklist.pk).update(status=Checklist.Status.SENT_BACK)
    assert month_overview(by_alice, month).in_count == 0
    assert Answer.objects.filter(checklist__in=Checklist.objects.submitted()).count() == 0


def test_it_lets_others_read_and_not_decide(audrey: Membership, as_mabel: Client, send: Make, month: Month) -> None:
    checklist = send(ALL_ANSWERS, month)
    auditor = signed_in(audrey)
    page = auditor.get(reverse("outcomes_overview")).content.decode()
    assert "Accept" not in page.split("<main")[1].replace("Accepted", "")
    for client in (auditor, as_mabel):
        assert client.post(reverse("checklists_accept"), {"chosen": "1:1"}).status_code == 403
        assert client.get(reverse("checklist_send_back", args=[checklist.pk])).status_code == 403


def test_it_is_another_partnerships_404(charlie: Membership, send: Make, month: Month) -> None:
    checklist = send(ALL_ANSWERS, month)
    outsider = signed_in(charlie)
    assert outsider.get(reverse("checklist_send_back", args=[checklist.pk])).status_code == 404
    assert "Choose from the checklists" in accept(outsider, checklist)
    checklist.refresh_from_db()
    assert checklist.status == Checklist.Status.SUBMITTED


def test_it_tells_change_by_view_and_direction(by_alice: Actor, send: Make, month: Month) -> None:
    send({"home": "3", "medication": "3", "people": "4"}, month.plus(-1))
    send({"home": "4", "medication": "4", "people": "4"}, month)
    (waiting,) = month_overview(by_alice, month).waiting
    assert waiting.changes.words == "1 better, 1 same, 1 worse"


def test_it_reads_a_partnership_in_few_queries(
    by_alice: Actor, jo: Person, meadow: Organisation, measures: dict[str, Measure], month: Month
) -> None:
    for number in range(140):
        person = make_person(jo.partnership, f"P-{number}", given_name=f"Pat{number}")
        Placement.objects.create(
            partnership=jo.partnership,
            person=person,
            provider=meadow,
            reference=f"PL-X{number}",
            setting="supported_living",
            start=month.plus(-12).first,
        )
        Checklist.objects.create(
            person=person,
            provider=meadow,
            framework=measures["home"].framework,
            month=month.first,
            view="staff",
            status=Checklist.Status.SUBMITTED,
        )
    with CaptureQueriesContext(connection) as queries:
        overview = month_overview(by_alice, month)
    assert overview.waiting_count == 140
    assert len(queries) <= 7
