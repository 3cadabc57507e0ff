"""A small partnership whose audit has something of every kind, sealed in several seals."""

import datetime as dt

import pytest
from django.db import connection

from commissioning.accounts.models import Membership, Organisation
from commissioning.audit import history, sealing
from commissioning.audit.models import RecordRead, Refusal, Seal
from commissioning.core import database
from commissioning.tests.fixtures import make_person, make_placement
from people.models import CircleMember, Person

Chain = list[Seal]


@pytest.fixture
def chain(alice: Membership, meadow: Organisation, jo: Person) -> Chain:
    """Six seals over changes, looks and refusals."""
    sealing.seal_what_waits()
    for number in range(1, 6):
        _work(alice, jo, meadow, number)
        sealing.seal_what_waits()
    return list(Seal.objects.order_by("number"))


def _work(alice: Membership, jo: Person, meadow: Organisation, number: int) -> None:
    with history.said(by="Alice Commissioner", reason=f"Round {number}"):
        person = make_person(jo.partnership, f"P-{number}", given_name=f"Person{number}")
        make_placement(person, meadow, f"PL-{number}", start=dt.date(2026, 1, number))
        CircleMember.objects.create(person=person, name="Sam Sister", part=CircleMember.Part.FAMILY)
        Person.objects.filter(pk=jo.pk).update(preferred_name=f"Jo {number}")
    for seen in (jo, person):
        RecordRead.objects.create(
            user_id=alice.user_id, user_name="Alice Commissioner", role=alice.role,
            partnership_code=jo.partnership.code, person_id=seen.pk, route="person",
        )  # fmt: skip
    Refusal.objects.create(user_id=alice.user_id, role=alice.role, route="person", status=404)


def run(statement: str, *values: str | int) -> int:
    """Run a statement as the database's owner, and give how many rows it touched."""
    with database.owner(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
