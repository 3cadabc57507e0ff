"""Who was refused where; of those not signed in only so many an hour, so that a scanner cannot fill the disk."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from commissioning.accounts import middleware
from commissioning.accounts.models import Membership
from commissioning.audit.models import RecordRead, Refusal
from commissioning.tests.fixtures import signed_in
from people.models import Person

pytestmark = pytest.mark.django_db


def test_a_refusal_is_kept_apart_from_looks(jo: Person, charlie: Membership, adam: Membership) -> None:
    signed_in(charlie).get("/people/JO/")
    signed_in(adam).get("/people/JO/")
    kept = Refusal.objects.order_by("pk").values_list("user_id", "role", "route", "status")
    assert list(kept) == [
        (charlie.user_id, "commissioner", "person", 404),
        (adam.user_id, "administrator", "person", 403),
    ]
    assert not RecordRead.objects.exists()


def test_of_strangers_only_so_many_an_hour_are_kept(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "MOST_STRANGERS_AN_HOUR", 3)
    client = Client()
    for number in range(6):
        assert client.get(f"/wp-login-{number}.php").status_code == 404
    assert list(Refusal.objects.values_list("user_id", "route", "status")) == [(None, "", 404)] * 3
    assert not middleware.has_room_for_strangers()


def test_an_hour_later_there_is_room_again(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "MOST_STRANGERS_AN_HOUR", 1)
    Refusal.objects.create(at=timezone.now() - dt.timedelta(hours=2), status=404)
    Client().get("/nothing-here/")
    assert Refusal.objects.count() == 2
