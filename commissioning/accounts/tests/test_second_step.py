"""Where a second step is required, nobody sees data by a password alone; a lost one is taken off by a colleague."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from commissioning.accounts import actions, second_step
from commissioning.accounts.actors import Actor
from commissioning.accounts.checks import every_pattern
from commissioning.accounts.middleware import BEFORE_SECOND_STEP
from commissioning.accounts.models import AccountAct, Membership, Role
from commissioning.accounts.routes import Access
from commissioning.accounts.tasks import send_notice
from commissioning.core.errors import Refused
from commissioning.core.models import Job
from commissioning.tests.figures import Say
from commissioning.tests.fixtures import make_member, signed_in
from commissioning.tests.test_routes import addresses

PASSWORD = "correct horse battery"
SET_UP = "/account/second-step/"


@pytest.fixture(autouse=True)
def forget_attempts() -> None:
    cache.clear()


@pytest.fixture
def required(settings: Any) -> None:
    settings.SECOND_STEP_REQUIRED = True


def by_password(membership: Membership) -> Client:
    browser = Client()
    browser.post(reverse("account_login"), {"login": membership.user.email, "password": PASSWORD})
    return browser


def code_of(secret: str, later: int = 0) -> str:
    (now,) = yield_hotp_counters_from_time()
    counter = now + later
    return str(format_hotp_value(hotp_value(secret, counter)))


def set_up_app(browser: Client) -> str:
    """Turn on an authenticator app as the page tells; the secret."""
    browser.get(reverse("mfa_activate_totp"))
    secret = str(browser.session["mfa.totp.secret"])
    browser.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    return secret


@pytest.mark.usefixtures("required")
class TestRequired:
    def test_it_leads_to_setting_it_up_from_every_page_with_data(self, alice: Membership, figure: Say) -> None:
        browser = by_password(alice)
        tried, open_pages, wrong = 0, 0, []
        for address, route in addresses():
            if route.access is Access.ANYBODY or route.name in BEFORE_SECOND_STEP:
                open_pages += 1
                continue
            for method in sorted(route.methods - {"HEAD"}):
                tried += 1
                answer = getattr(browser, method.lower())(address)
                if (answer.status_code, answer.headers.get("Location")) != (302, SET_UP):
                    wrong.append(f"{method} {address}: {answer.status_code}")
        assert not wrong, "\n".join(wrong)
        assert tried > 150
        figure("addresses closed until a second step is set up / tried", f"{tried - len(wrong)} / {tried}")
        assert open_pages == 9

    def test_what_is_open_before_shows_no_record(self) -> None:
        declared = {pattern.name: getattr(pattern.callback, "route", None) for _, pattern in every_pattern()}
        assert set(declared) >= BEFORE_SECOND_STEP
        for name in BEFORE_SECOND_STEP:
            route = declared[name]
            assert route is None or route.access is not None, name

    def test_it_goes_from_password_to_app_to_codes_to_home(self, alice: Membership) -> None:
        browser = by_password(alice)
        page = browser.get("/", follow=True).content.decode()
        assert "Set up a second step" in page and 'aria-label="Main"' not in page
        set_up_app(browser)
        codes = browser.get("/", follow=True)
        assert codes.redirect_chain[-1][0] == reverse("mfa_view_recovery_codes")
        assert codes.content.decode().count('<code class="secret">') == 10
        again = browser.get(reverse("mfa_view_recovery_codes")).content.decode()
        assert "****" not in again and '<code class="secret">' not in again, "shown once"
        assert browser.get(reverse("people")).status_code == 302
        home = browser.post(reverse("recovery_codes_kept"), follow=True)
        assert home.redirect_chain[-1][0] == "/" and home.status_code == 200
        assert browser.get(reverse("people")).status_code == 200

    def test_a_session_from_before_the_second_step_gets_nowhere(self, alice: Membership) -> None:
        """Somebody else who had only the password, and was signed in already."""
        thief, owner = by_password(alice), by_password(alice)
        set_up_app(owner)
        owner.post(reverse("recovery_codes_kept"))
        assert owner.get(reverse("people")).status_code == 200
        assert thief.get(reverse("people"))["Location"] == reverse("account_login")
        assert thief.get(reverse("account")).status_code == 302

    def test_it_cannot_be_turned_off_again(self, alice: Membership) -> None:
        browser = by_password(alice)
        set_up_app(browser)
        browser.post(reverse("recovery_codes_kept"))
        answer = browser.post(reverse("mfa_deactivate_totp"))
        assert "This is your only second step" in answer.content.decode()
        assert second_step.has_factor(alice.user)

    def test_it_is_asked_at_the_next_sign_in_and_a_recovery_code_will_do_once(self, alice: Membership) -> None:
        browser = by_password(alice)
        set_up_app(browser)
        browser.post(reverse("recovery_codes_kept"))
        code = Authenticator.objects.get(user=alice.user, type="recovery_codes").wrap().get_unused_codes()[0]
        for expected in (200, 302):
            other = by_password(alice)
            assert other.get(reverse("people")).status_code == 302
            other.post(reverse("mfa_authenticate"), {"code": code})
            assert other.get(reverse("people")).status_code == expected

    def test_new_codes_must_be_kept_too(self, alice: Membership) -> None:
        browser = by_password(alice)
        set_up_app(browser)
        browser.post(reverse("recovery_codes_kept"))
        browser.post(reverse("mfa_generate_recovery_codes"))
        assert browser.get(reverse("people"))["Location"] == SET_UP

    def test_codes_that_do_not_exist_cannot_be_kept(self, alice: Membership) -> None:
        browser = by_password(alice)
        assert browser.post(reverse("recovery_codes_kept"))["Location"] == reverse("mfa_generate_recovery_codes")
        assert browser.get(reverse("people"))["Location"] == SET_UP


def test_it_is_not_asked_in_the_example(alice: Membership) -> None:
    assert by_password(alice).get(reverse("people")).status_code == 200


class TestCodes:
    def sign_in(self, alice: Membership, code: str) -> int:
        browser = by_password(alice)
        browser.post(reverse("mfa_authenticate"), {"code": code})
        return browser.get(reverse("people")).status_code

    def test_a_code_works_once_and_for_its_own_half_minute(self, alice: Membership) -> None:
        secret = generate_totp_secret()
        TOTP.activate(alice.user, secret)
        assert [self.sign_in(alice, code_of(secret, later=steps)) for steps in (-1, 1)] == [302, 302]
        code = code_of(secret)
        assert [self.sign_in(alice, code), self.sign_in(alice, code)] == [200, 302]
        assert self.sign_in(alice, f"{code[:3]} {code[3:]}") == 302

    def test_five_wrong_codes_are_all(self, alice: Membership) -> None:
        secret = generate_totp_secret()
        TOTP.activate(alice.user, secret)
        browser = by_password(alice)
        for _ in range(5):
            browser.post(reverse("mfa_authenticate"), {"code": "000000"})
        html = browser.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).content.decode()
        assert "Too many wrong attempts" in html
        assert browser.get(reverse("people")).status_code == 302

    def test_its_secret_cannot_be_read_in_the_database(self, alice: Membership) -> None:
        secret = generate_totp_secret()
        TOTP.activate(alice.user, secret)
        kept = Authenticator.objects.get(user=alice.user).data
        assert secret not in json.dumps(kept)
        assert second_step.decrypt(kept["secret"]) == secret


class TestLost:
    def test_an_administrator_takes_it_off_with_a_reason(self, adam: Membership, alice: Membership) -> None:
        TOTP.activate(alice.user, generate_totp_secret())
        alices = signed_in(alice)
        browser = signed_in(adam)
        page = reverse("user_second_step", args=[alice.pk])
        assert "Enter how you know" in browser.post(page, {"reason": " "}).content.decode()
        assert second_step.has_factor(alice.user)
        browser.post(page, {"reason": "She came to my desk"})
        assert not second_step.has_factor(alice.user)
        assert alices.get(reverse("people")).status_code == 302
        act = AccountAct.objects.get()
        assert (act.kind, act.user_id, act.by_name, act.reason) == (
            "factor_reset", alice.user.pk, "Adam Administrator", "She came to my desk"
        )  # fmt: skip
        shown = browser.get(reverse("user", args=[alice.pk])).content.decode()
        assert "Second step taken off by Adam Administrator" in shown
        send_notice(**Job.objects.get(name="accounts.send_notice").arguments)
        assert mail.outbox[0].to == [alice.user.email]
        assert "took off your second step" in mail.outbox[0].body

    def test_not_ones_own(self, adam: Membership) -> None:
        TOTP.activate(adam.user, generate_totp_secret())
        answer = signed_in(adam).post(reverse("user_second_step", args=[adam.pk]), {"reason": "I lost it"})
        assert "You cannot take off your own second step" in answer.content.decode()
        assert second_step.has_factor(adam.user)
        assert not AccountAct.objects.exists()

    def test_nobody_elses_business(self, adam: Membership, alice: Membership, charlie: Membership) -> None:
        TOTP.activate(charlie.user, generate_totp_secret())
        answer = signed_in(adam).post(reverse("user_second_step", args=[charlie.pk]), {"reason": "Asked"})
        assert answer.status_code == 404
        with pytest.raises(PermissionDenied):
            actions.reset_second_step(user=charlie.user, reason="Asked", by=Actor.of(alice))
        assert second_step.has_factor(charlie.user)

    def test_what_was_done_stays_when_nothing_else_does(self, adam: Membership, alice: Membership) -> None:
        """A refusal leaves no trace of an act that did not happen."""
        with pytest.raises(Refused):
            actions.reset_second_step(user=alice.user, reason="", by=Actor.of(adam))
        assert not (AccountAct.objects.exists() or Job.objects.exists())


def test_an_administrators_account_needs_it_as_well(required: None, adam: Membership) -> None:
    make_member(adam.partnership, Role.ADMINISTRATOR, "Anna Second")
    assert by_password(adam).get(reverse("users"))["Location"] == SET_UP
