"""The same form sent twice is one record, and the second click ends on the same page as the first."""

import re
import threading

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from commissioning.accounts.models import Membership
from people.forms.plans import DOMAINS
from people.models import Goal, Person


@pytest.fixture
def client(alice: Membership) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def answers_on(client: Client, address: str, **typed: str) -> dict[str, str]:
    """What the page would send: its token, and what was typed."""
    page = client.get(address).content.decode()
    found = re.search(r'<form method="post" novalidate.*?name="csrfmiddlewaretoken" value="([^"]+)"', page, re.DOTALL)
    assert found
    return {"csrfmiddlewaretoken": found[1], **typed}


AGREED = {"domain": DOMAINS[0], "agreed_on_day": "1", "agreed_on_month": "7", "agreed_on_year": "2026"}


def goal(client: Client, jo: Person, words: str = "To swim on Fridays") -> tuple[str, dict[str, str]]:
    address = reverse("goal_add", args=[jo.reference])
    return address, answers_on(client, address, words=words, **AGREED)


def test_it_makes_one_record_of_two_clicks(client: Client, jo: Person) -> None:
    address, answers = goal(client, jo)
    first = client.post(address, answers)
    assert first.status_code == 302, first.content.decode()[-3000:]
    second = client.post(address, answers)
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert Goal.objects.count() == 1


def test_it_makes_two_records_of_two_forms(client: Client, jo: Person) -> None:
    for _ in range(2):
        assert client.post(*goal(client, jo)).status_code == 302
    assert Goal.objects.count() == 2


def test_it_takes_what_was_changed_before_it_was_sent_again(client: Client, jo: Person) -> None:
    address, answers = goal(client, jo)
    client.post(address, answers)
    client.post(address, {**answers, "words": "To swim on Sundays"})
    assert Goal.objects.count() == 2


def test_it_asks_again_where_the_first_was_refused(client: Client, jo: Person) -> None:
    address, answers = goal(client, jo, words="")
    for _ in range(2):
        assert "Error:" in client.post(address, answers).content.decode()
    assert not Goal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_the_first_click(client: Client, jo: Person) -> None:
    address, answers = goal(client, jo)
    led_to = []

    def click() -> None:
        again = Client(enforce_csrf_checks=True)
        again.cookies = client.cookies
        try:
            led_to.append(again.post(address, answers)["Location"])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(led_to) == 4 and len(set(led_to)) == 1
    assert Goal.objects.count() == 1
