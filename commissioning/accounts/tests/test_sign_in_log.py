"""What the log keeps of signing in: every try and what came of it, and no address or password."""

import logging

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from commissioning.accounts.models import Membership
from commissioning.tests.fixtures import signed_in

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def forget_attempts() -> None:
    cache.clear()


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="as_one.sign_in")
    return caplog


def sign_in(browser: Client, email: str, password: str) -> None:
    browser.post(reverse("account_login"), {"login": email, "password": password})


def test_it_keeps_what_came_of_each_try(client: Client, alice: Membership, lines: pytest.LogCaptureFixture) -> None:
    sign_in(client, alice.user.email, "something else")
    sign_in(client, alice.user.email, PASSWORD)
    client.post(reverse("account_logout"))
    said = [record.getMessage() for record in lines.records]
    assert [each.split(" status=")[0] for each in said] == [
        "account_login refused",
        "account_login accepted",
        "account_logout accepted",
    ]
    assert "user=-" in said[0] and all(f"user={alice.user.pk} " in each for each in said[1:])
    assert all("from=127.0.0.1" in each for each in said)


def test_it_names_nobody_but_tells_tries_at_one_account_together(
    client: Client, alice: Membership, lines: pytest.LogCaptureFixture
) -> None:
    for email in (alice.user.email, alice.user.email.upper(), "nobody@example.org"):
        sign_in(client, email, "Canary-Password-1")
    assert "@" not in lines.text and "Canary" not in lines.text
    accounts = [record.getMessage().split("account=")[1].split()[0] for record in lines.records]
    assert accounts[0] == accounts[1] != accounts[2]


def test_it_keeps_a_try_beyond_the_limit(client: Client, alice: Membership, lines: pytest.LogCaptureFixture) -> None:
    for _ in range(6):
        sign_in(client, alice.user.email, "something else")
    sign_in(client, alice.user.email, PASSWORD)
    said = [record.getMessage() for record in lines.records]
    assert len(said) == 7 and not any("accepted" in each for each in said)


def test_it_keeps_a_wrong_code_and_a_wrong_present_password(alice: Membership, lines: pytest.LogCaptureFixture) -> None:
    browser = signed_in(alice)
    sent = {"oldpassword": "wrong", "password1": "goat kettle tuesday", "password2": "goat kettle tuesday"}
    browser.post(reverse("account_change_password"), sent)
    browser.post(reverse("account_reauthenticate"), {"password": "wrong"})
    said = [record.getMessage() for record in lines.records]
    assert [each.split()[:2] for each in said] == [
        ["account_change_password", "refused"],
        ["account_reauthenticate", "refused"],
    ]


def test_it_says_nothing_of_other_pages(alice: Membership, lines: pytest.LogCaptureFixture) -> None:
    browser = signed_in(alice)
    browser.get(reverse("account"))
    browser.post(reverse("people"), {"q": "Jo"})
    assert not lines.records
