"""Whoever takes lists of people away takes few in an hour."""

import pytest
from django.core.cache import cache
from django.test import override_settings

from commissioning.accounts.models import Membership
from commissioning.audit.models import RecordRead
from commissioning.tests.fixtures import signed_in
from people.models import Person

DOWNLOADS = ("/data/everything.zip", "/data/everything.xlsx", "/people/list/people.csv", "/costs/costs.csv")


@pytest.fixture(autouse=True)
def forget() -> None:
    cache.clear()


@override_settings(DOWNLOADS_EACH_HOUR=4)
def test_it_gives_few_an_hour_whichever_they_are(alice: Membership, jo: Person) -> None:
    browser = signed_in(alice)
    assert [browser.get(address).status_code for address in DOWNLOADS] == [200] * 4
    kept = RecordRead.objects.count()
    for address in DOWNLOADS:
        response = browser.get(address)
        assert response.status_code == 429 and b"Too many requests" in response.content, address
        assert b"JO" not in response.content
    assert RecordRead.objects.count() == kept
    assert browser.get("/people/").status_code == 200


@override_settings(DOWNLOADS_EACH_HOUR=1)
def test_one_persons_downloads_are_not_anothers(alice: Membership, audrey: Membership, jo: Person) -> None:
    assert signed_in(alice).get("/people/list/people.csv").status_code == 200
    assert signed_in(alice).get("/people/list/people.csv").status_code == 429
    assert signed_in(audrey).get("/people/list/people.csv").status_code == 200
