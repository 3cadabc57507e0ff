"""The pages of people's rights: who may open them, what they say, what is kept of who looked."""

import datetime as dt
import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership
from commissioning.audit.models import RecordRead
from commissioning.core.editing import version_of
from commissioning.rights.actions import approve_export, log_request, make_export, place_hold
from commissioning.rights.models import AccessExport, Erasure, LegalHold, RetentionRule, RightsRequest
from commissioning.rights.previewing import preview_of
from commissioning.rights.registry import SECTIONS
from commissioning.tests.fixtures import signed_in
from people.models import Person

pytestmark = pytest.mark.django_db

OF_PERSON = ("person_rights", "rights_request_add", "hold_add", "retention_keep", "erasure_ask")


@pytest.fixture
def client(alice: Membership) -> Client:
    return signed_in(alice)


def said(client: Client, name: str, *arguments: object) -> str:
    response = client.get(reverse(name, args=arguments))
    assert response.status_code == 200, (name, response.status_code)
    return response.content.decode()


def posted(client: Client, name: str, *arguments: object, **data: object) -> str:
    """The page that a form leads to; its messages are in it."""
    response = client.post(reverse(name, args=arguments), data, follow=True)
    return response.content.decode()


def day(name: str, value: dt.date) -> dict[str, int]:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def opened(record: RightsRequest | LegalHold) -> str:
    """What a form opened now knows of the record."""
    record.refresh_from_db()
    return version_of(record)


def test_a_request_is_logged_and_is_due_in_a_month(client: Client, zuleika: Person) -> None:
    received = timezone.localdate() - dt.timedelta(days=3)
    page = posted(
        client, "rights_request_add", zuleika.reference, kind="access", asked_by="representative",
        **day("received_on", received), asked_by_name="Aunt Marigold",
    )  # fmt: skip
    assert "Enter what lets them act for the person" in page and not RightsRequest.objects.exists()
    posted(
        client, "rights_request_add", zuleika.reference, kind="access", asked_by="representative",
        **day("received_on", received), asked_by_name="Aunt Marigold", authority="Deputy, Court of Protection",
    )  # fmt: skip
    request = RightsRequest.objects.get()
    assert "Aunt Marigold, for Jojo. Deputy" in said(client, "rights_request", request.pk)
    assert "Not checked yet" in said(client, "rights_request", request.pk)


def test_time_is_extended_once_and_within_the_first_month(client: Client, asked: RightsRequest) -> None:
    page = posted(client, "rights_request_more_time", asked.pk, version=opened(asked), reason="Six years of incidents")
    asked.refresh_from_db()
    if asked.received_on + dt.timedelta(days=27) > timezone.localdate():
        assert asked.due_on == dt.date(2027, 2, 2) and "Six years of incidents" in page
        assert "extended already" in posted(
            client, "rights_request_more_time", asked.pk, version=opened(asked), reason="More"
        )


def test_an_answer_needs_words_and_a_known_asker(client: Client, asked: RightsRequest) -> None:
    RightsRequest.objects.filter(pk=asked.pk).update(identity_checked="")
    page = posted(
        client, "rights_request_answer", asked.pk, version=opened(asked), outcome="done", outcome_words="Given"
    )
    assert "Record first how it was checked" in page
    posted(
        client, "rights_request_identity", asked.pk, version=opened(asked), identity_checked="Known to us", authority=""
    )
    posted(
        client, "rights_request_answer", asked.pk, version=opened(asked), outcome="done", outcome_words="Given by hand"
    )
    asked.refresh_from_db()
    assert asked.outcome == "done" and "Given by hand" in said(client, "rights_request", asked.pk)


def test_what_is_late_is_on_the_first_page_and_in_the_list(client: Client, zuleika: Person, by_alice: Actor) -> None:
    log_request(
        person=zuleika, kind="rectification", received_on=timezone.localdate() - dt.timedelta(days=45),
        asked_by="person", by=by_alice,
    )  # fmt: skip
    first = said(client, "home")
    assert "request about somebody’s data to answer" in first and "days late" in first
    late = client.get(reverse("rights"), {"state": "late"}).content.decode()
    assert "Zuleika Quillfeather" in late and ">Late<" in late
    assert "Zuleika" not in client.get(reverse("rights"), {"state": "finished"}).content.decode()
    assert "Zuleika" not in client.get(reverse("rights"), {"kind": "access"}).content.decode()


def test_a_copy_is_prepared_read_and_handed_over_on_screen(
    client: Client, bob: Membership, asked: RightsRequest
) -> None:
    posted(client, "copy_begin", asked.pk)
    export = AccessExport.objects.get()
    assert "Nobody has decided" in said(client, "copy_preview", export.pk)
    page = said(client, "copy_columns", export.pk)
    count = page.count('id="id_reason_')
    columns = dict.fromkeys((f"give_{number}" for number in range(count)), "give")
    assert "Enter why" not in posted(client, "copy_columns", export.pk, **columns)
    for section in SECTIONS:
        url = reverse("copy_read", args=[export.pk, section])
        shown = client.get(url)
        if shown.status_code == 404:
            continue
        form = shown.context["form"]
        if any(text.names for text, _ in form.texts):
            named = [text.names for text, _ in form.texts]
            answers = {f"choice_{number}": "give" for number, names in enumerate(named) if not names}
            assert "Choose what to do with text" in client.post(url, answers).content.decode()
        assert client.post(url, {f"choice_{n}": "give" for n in range(len(form.texts))}).status_code == 302
    assert "Purple blanket" in said(client, "copy_preview", export.pk)
    assert "waits for another commissioner" in posted(client, "copy_ask", export.pk)
    assert "Approve this copy" not in said(client, "copy", export.pk)
    assert "you asked for it yourself" in posted(client, "copy_approve", export.pk)
    second = signed_in(bob)
    assert "decision needs a second person" in said(second, "home")
    assert "Approve this copy" in said(second, "copy", export.pk)
    assert "A worker is making the copy" in posted(second, "copy_approve", export.pk)


def test_downloading_is_kept_as_a_look(waiting: AccessExport, by_bob: Actor, client: Client) -> None:
    approve_export(export=waiting, by=by_bob)
    assert client.get(reverse("copy_zip", args=[waiting.pk])).status_code == 404
    make_export(export_id=waiting.pk)
    assert "Download the copy" in said(client, "copy", waiting.pk)
    response = client.get(reverse("copy_zip", args=[waiting.pk]))
    assert "your-data.html" in zipfile.ZipFile(io.BytesIO(response.content)).namelist()
    assert RecordRead.objects.filter(person_id=waiting.person_id, route="copy_zip", user_name__startswith="Al").exists()
    assert "1 time" in said(client, "copy", waiting.pk)


def test_an_erasure_on_screen_from_preview_to_stub(
    client: Client, bob: Membership, zuleika: Person, settings: object, tmp_path: object
) -> None:
    settings.ERASED_LIST = f"{tmp_path}/erased.jsonl"  # type: ignore[attr-defined]  # the fixture's settings
    page = said(client, "erasure_ask", zuleika.reference)
    assert "Prices of their support" in page and "£" in page
    mark = preview_of(zuleika).fingerprint
    posted(client, "erasure_ask", zuleika.reference, why="retention", fingerprint=mark)
    erasure = Erasure.objects.get()
    assert "another commissioner must approve" in said(client, "erasure", erasure.pk)
    second = signed_in(bob)
    assert "erase this record for good" in said(second, "erasure", erasure.pk)
    posted(second, "erasure_approve", erasure.pk)
    from commissioning.rights.actions import erase

    erase(erasure_id=erasure.pk)
    erasure.refresh_from_db()
    stub = said(client, "person_rights", erasure.stub_reference)
    assert "This record is erased" in stub and "Bob Second" in stub and "Zuleika" not in stub
    assert client.get(reverse("person_rights", args=["JO-SECRET"])).status_code == 404


def test_a_hold_takes_the_approval_away(client: Client, bob: Membership, zuleika: Person, by_alice: Actor) -> None:
    mark = preview_of(zuleika).fingerprint
    posted(client, "erasure_ask", zuleika.reference, why="retention", fingerprint=mark)
    erasure = Erasure.objects.get()
    today = timezone.localdate()
    posted(client, "hold_everybody", kind="inquiry", reason="Inquiry", **day("starts_on", today))
    page = said(signed_in(bob), "erasure", erasure.pk)
    assert "A legal hold keeps this record" in page and "erase this record for good" not in page
    assert "Every record" in said(client, "holds")
    hold = LegalHold.objects.get()
    posted(client, "hold_lift", hold.pk, version=opened(hold), reason="Closed")
    assert "lifted by Alice Commissioner" in said(client, "holds")


def test_records_whose_time_is_over_are_listed_by_the_partnerships_years(
    client: Client, adam: Membership, zuleika: Person, jo: Person
) -> None:
    assert "Zuleika Quillfeather" in said(client, "kept") and "Jo Example" not in said(client, "kept")
    years = {"support": 30, "death": 8, "child": 25, "mental_health": 40, "mental_health_death": 10}
    assert "The years are saved" in posted(signed_in(adam), "retention_years", **years, version=version_of())
    assert RetentionRule.objects.get(after="support").years == 30
    assert "Zuleika" not in said(client, "kept")
    assert "must be 100 or less" in posted(client, "retention_years", **{**years, "support": 101, "version": "x"})
    RetentionRule.objects.all().delete()
    later = timezone.localdate() + dt.timedelta(days=400)
    posted(client, "retention_keep", zuleika.reference, reason="A sister’s claim", **day("keep_until", later))
    assert "Zuleika" not in said(client, "kept") and "A sister’s claim" in said(client, "person_rights", "JO-SECRET")


@pytest.fixture
def numbered(waiting: AccessExport, zuleika: Person, by_alice: Actor) -> dict[str, int]:
    """A record of each kind by the name of its page."""
    hold = place_hold(
        person=zuleika, kind="claim", reason="C", starts_on=dt.date(2020, 1, 1), ends_on=None, by=by_alice
    )
    erasure = Erasure.objects.create(partnership=zuleika.partnership, person=zuleika, why="mistake", asked_by_name="A")
    copy = dict.fromkeys(("copy", "copy_preview", "copy_columns", "copy_send_back", "copy_zip"), waiting.pk)
    request = {f"rights_request{last}": waiting.request_id for last in ("", "_identity", "_more_time", "_answer")}
    return {**copy, **request, "hold_lift": hold.pk, "erasure": erasure.pk}


POSTED = {"copy_ask": "copy", "copy_approve": "copy", "erasure_approve": "erasure", "erasure_withdraw": "erasure",
          "copy_begin": "rights_request"}  # fmt: skip


def test_another_partnership_finds_nothing(charlie: Membership, zuleika: Person, numbered: dict[str, int]) -> None:
    client = signed_in(charlie)
    for name in OF_PERSON:
        assert client.get(reverse(name, args=[zuleika.reference])).status_code == 404, name
    for name, number in numbered.items():
        assert client.get(reverse(name, args=[number])).status_code == 404, name
    for name, of in POSTED.items():
        assert client.post(reverse(name, args=[numbered[of]])).status_code == 404, name
    assert client.get(reverse("copy_read", args=[numbered["copy"], "plan"])).status_code == 404
    for name in ("rights", "kept", "holds"):
        assert "Zuleika" not in said(client, name)


@pytest.mark.parametrize("who", ["finn", "clara", "mabel", "sam", "bea", "adam"])
def test_others_are_refused(
    who: str, zuleika: Person, numbered: dict[str, int], request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(who))
    for name in OF_PERSON:
        assert client.get(reverse(name, args=[zuleika.reference])).status_code == 403, name
    for name, number in numbered.items():
        assert client.get(reverse(name, args=[number])).status_code == 403, name
    for name, of in POSTED.items():
        assert client.post(reverse(name, args=[numbered[of]])).status_code == 403, name


def test_an_auditor_reads_and_does_nothing(audrey: Membership, zuleika: Person, numbered: dict[str, int]) -> None:
    client = signed_in(audrey)
    for name in ("copy", "copy_preview", "rights_request", "erasure"):
        page = said(client, name, numbered[name])
        assert 'method="post" action="/rights' not in page, name
    for name in ("copy_zip", "copy_columns", "rights_request_answer"):
        assert client.get(reverse(name, args=[numbered[name]])).status_code == 403
    for name, of in POSTED.items():
        assert client.post(reverse(name, args=[numbered[of]])).status_code == 403, name
    for name in ("rights", "kept", "holds"):
        said(client, name)


def test_every_page_about_a_person_is_kept_as_a_look(
    client: Client, alice: Membership, zuleika: Person, numbered: dict[str, int]
) -> None:
    before = set(RecordRead.objects.values_list("pk", flat=True))
    for name in OF_PERSON:
        said(client, name, zuleika.reference)
    pages = [name for name in numbered if name != "copy_zip"]
    for name in pages:
        said(client, name, numbered[name])
    for name in ("rights", "holds"):
        said(client, name)
    looks = set(RecordRead.objects.filter(person_id=zuleika.pk).exclude(pk__in=before).values_list("route", flat=True))
    assert looks >= {*OF_PERSON, *pages, "rights", "holds"}


def test_the_second_to_finish_a_request_is_shown_the_first(client: Client, asked: RightsRequest) -> None:
    old = opened(asked)
    posted(client, "rights_request_identity", asked.pk, version=old, identity_checked="Known to us", authority="")
    answered = client.post(
        reverse("rights_request_answer", args=[asked.pk]),
        {"version": old, "outcome": "done", "outcome_words": "Given by hand"},
    )
    asked.refresh_from_db()
    assert answered.status_code == 409 and asked.is_waiting
