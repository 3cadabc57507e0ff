"""A person's record: adding, changing, refusing."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Partnership
from commissioning.audit.models import RecordRead
from commissioning.core.editing import version_of
from commissioning.core.errors import Refused, RefusedMany, Stale
from commissioning.tests.fixtures import make_person, signed_in
from commissioning.tests.forms import version_in
from people.actions import PersonDetails, add_person, change_person
from people.models import Person

Details = Callable[..., PersonDetails]
NUMBER = "9990049998"


def posted(person: Person, **changes: object) -> dict[str, object]:
    """What the browser sends for a person's record."""
    born = person.date_of_birth
    return {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "date_of_birth_day": born.day,
        "date_of_birth_month": born.month,
        "date_of_birth_year": born.year,
        "diagnosis": person.diagnosis,
        "council": person.council_id,
        "icb": person.icb_id,
        "version": version_of(person),
        **changes,
    }


def fields(refused: Refused) -> set[str | None]:
    return {one.field for one in (refused if isinstance(refused, RefusedMany) else [refused])}


def test_it_adds_a_person_with_everything_tidied(by_alice: Actor, details: Details) -> None:
    given = details(given_name=" Ama  Efua ", nhs_number="999 004 9998", communication=" Speak slowly \n\n Wait ")
    person = add_person(reference="EP-1", details=given, by=by_alice)
    assert (person.given_name, person.nhs_number) == ("Ama Efua", NUMBER)
    assert person.communication == "Speak slowly\nWait"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nhs_number": "9990049997"}, "nhs_number"),
        ({"date_of_birth": dt.date(2100, 1, 1)}, "date_of_birth"),
        ({"date_of_birth": dt.date(1900, 1, 1)}, "date_of_birth"),
        ({"died_on": dt.date(1980, 1, 1)}, "died_on"),
        ({"died_on": dt.date(2100, 1, 1)}, "died_on"),
        ({"programme_start": dt.date(1980, 1, 1)}, "programme_start"),
        ({"given_name": " "}, "given_name"),
        ({"diagnosis": "other"}, "diagnosis"),
        ({"cohorts": ("tall",)}, "cohorts"),
    ],
)
def test_it_refuses_at_the_field_and_keeps_nothing(
    by_alice: Actor, details: Details, changes: dict[str, object], field: str
) -> None:
    before = Person.objects.count()
    with pytest.raises(Refused) as refused:
        add_person(reference="EP-1", details=details(**changes), by=by_alice)
    assert fields(refused.value) == {field}
    assert Person.objects.count() == before


def test_it_refuses_a_council_of_another_partnership(by_alice: Actor, details: Details, elsewhere: Partnership) -> None:
    outsider = elsewhere.links.get(code="COUNCIL").organisation
    with pytest.raises(Refused) as refused:
        add_person(reference="EP-1", details=details(council=outsider), by=by_alice)
    assert fields(refused.value) == {"council"}


def test_it_says_whose_an_nhs_number_already_is(by_alice: Actor, details: Details, jo: Person) -> None:
    Person.objects.filter(pk=jo.pk).update(nhs_number=NUMBER)
    with pytest.raises(Refused, match=r"Jo Example \(JO\)"):
        add_person(reference="EP-1", details=details(nhs_number=NUMBER), by=by_alice)


def test_another_partnership_may_hold_the_same_nhs_number(
    by_alice: Actor, details: Details, elsewhere: Partnership
) -> None:
    make_person(elsewhere, "X", nhs_number=NUMBER)
    assert add_person(reference="EP-1", details=details(nhs_number=NUMBER), by=by_alice).nhs_number == NUMBER


@pytest.mark.parametrize("number", ["9990049997", "12345", "abcdefghij"])
def test_the_database_refuses_a_wrong_nhs_number_too(jo: Person, number: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=jo.pk).update(nhs_number=number)


def test_the_database_takes_numbers_whose_check_digit_is_right(jo: Person) -> None:
    for number in ("9990049998", "9434765919", "4010232137", "9990000050"):
        Person.objects.filter(pk=jo.pk).update(nhs_number=number)
        assert Person.objects.get(pk=jo.pk).nhs_number == number


def test_it_warns_of_the_same_name_and_birthday_until_told_it_is_somebody_else(
    by_alice: Actor, details: Details, jo: Person
) -> None:
    twin = details(given_name="jo", family_name="EXAMPLE", date_of_birth=jo.date_of_birth)
    with pytest.raises(Refused) as refused:
        add_person(reference="EP-1", details=twin, by=by_alice)
    assert fields(refused.value) == {"another_person"}
    assert add_person(reference="EP-1", details=twin, another_person=True, by=by_alice).pk


def test_it_refuses_a_reference_that_is_used(by_alice: Actor, details: Details) -> None:
    with pytest.raises(Refused, match="already used"):
        add_person(reference="jo", details=details(), by=by_alice)


@pytest.mark.parametrize("reference", ["", "P/1", "..", "P?1"])
def test_it_refuses_a_reference_that_cannot_be_an_address(by_alice: Actor, details: Details, reference: str) -> None:
    with pytest.raises(Refused) as refused:
        add_person(reference=reference, details=details(), by=by_alice)
    assert fields(refused.value) == {"reference"}


def test_only_commissioners_write(audrey: Membership, clara: Membership, details: Details) -> None:
    for member in (audrey, clara):
        with pytest.raises(PermissionDenied):
            add_person(reference="EP-1", details=details(), by=Actor.of(member))


def test_the_second_saver_overwrites_nothing(by_alice: Actor, details: Details, jo: Person) -> None:
    opened = version_of(jo)
    change_person(person=jo, version=opened, details=details(given_name="Joanna"), by=by_alice)
    with pytest.raises(Stale):
        change_person(person=jo, version=opened, details=details(given_name="Josephine"), by=by_alice)
    jo.refresh_from_db()
    assert (jo.given_name, jo.version) == ("Joanna", 2)


def test_it_adds_a_person_in_the_browser_and_says_so(alice: Membership, jo: Person) -> None:
    client = signed_in(alice)
    sent = posted(jo, reference="EP-9", given_name="Ama", communication="Wait for me", cohorts=["transition"])
    shown = client.post("/people/new/person/", sent, follow=True)
    assert "Jo Example" not in shown.content.decode()
    assert "Ama Example is added" in shown.content.decode()
    assert Person.objects.get(reference="EP-9").cohorts == ["transition"]


def test_it_asks_before_it_adds_somebody_twice(alice: Membership, jo: Person) -> None:
    client = signed_in(alice)
    first = client.post("/people/new/person/", posted(jo, reference="EP-9"))
    assert "already here as JO" in first.content.decode()
    assert 'type="checkbox" name="another_person"' in first.content.decode()
    assert not Person.objects.filter(reference="EP-9").exists()
    client.post("/people/new/person/", posted(jo, reference="EP-9", another_person="on"))
    assert Person.objects.filter(reference="EP-9").exists()


def test_it_refuses_a_wrong_nhs_number_in_the_browser(alice: Membership, jo: Person) -> None:
    shown = signed_in(alice).post("/people/JO/change/", posted(jo, nhs_number="999 004 9997"))
    assert "do not add up" in shown.content.decode()
    assert "Nothing is saved yet" in shown.content.decode()


def test_test_numbers_are_for_fictional_partnerships(alice: Membership, jo: Person, estuary: Partnership) -> None:
    client = signed_in(alice)
    assert "for tests" in client.post("/people/JO/change/", posted(jo, nhs_number=NUMBER)).content.decode()
    Partnership.objects.filter(pk=estuary.pk).update(is_fictional=True)
    assert client.post("/people/JO/change/", posted(jo, nhs_number=NUMBER)).status_code == 302


def test_it_shows_both_values_to_the_second_saver_and_keeps_what_they_choose(alice: Membership, jo: Person) -> None:
    client = signed_in(alice)
    sent = posted(jo, given_name="Joanna", preferred_name="Jo-Jo")
    Person.objects.filter(pk=jo.pk).update(given_name="Josephine", preferred_name="Jo", version=2)
    shown = client.post("/people/JO/change/", sent)
    assert shown.status_code == 409
    page = shown.content.decode()
    assert all(name in page for name in ("Joanna", "Josephine", "Jo-Jo"))
    resolved = {**sent, "version": version_in(shown), "keep-given_name": "theirs", "keep-preferred_name": "yours"}
    assert client.post("/people/JO/change/", resolved).status_code == 302
    jo.refresh_from_db()
    assert (jo.given_name, jo.preferred_name, jo.version) == ("Josephine", "Jo-Jo", 3)


def test_it_refuses_death_in_the_future(alice: Membership, jo: Person) -> None:
    later = timezone.localdate() + dt.timedelta(days=1)
    sent = posted(jo, died_on_day=later.day, died_on_month=later.month, died_on_year=later.year)
    assert "must not be in the future" in signed_in(alice).post("/people/JO/change/", sent).content.decode()
    jo.refresh_from_db()
    assert jo.died_on is None


def test_details_say_how_to_communicate_first_and_the_reading_is_kept(alice: Membership, jo: Person) -> None:
    Person.objects.filter(pk=jo.pk).update(communication="Wait. Count to ten.")
    page = signed_in(alice).get("/people/JO/details/").content.decode()
    assert page.index("Count to ten") < page.index("Who is responsible, by date")
    read = RecordRead.objects.get()
    assert (read.person_id, read.user_name, read.route) == (jo.pk, "Alice Commissioner", "person_details")


def test_history_keeps_who_changed_what(alice: Membership, jo: Person) -> None:
    signed_in(alice).post("/people/JO/change/", posted(jo, given_name="Joanna"))
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.metadata->>'name' from people_personevent e join pghistory_context c on c.id = e.pgh_context_id"
            " where e.given_name = 'Joanna'"
        )
        assert cursor.fetchall() == [("Alice Commissioner",)]
