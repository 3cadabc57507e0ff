"""Sessions end: idle, at twelve hours, everywhere at once, and the moment that somebody may no longer be here."""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts import actions, middleware
from commissioning.accounts.actors import Actor
from commissioning.accounts.letters import password_link
from commissioning.accounts.models import Membership, Partnership, Role, User
from commissioning.tests.figures import Say
from commissioning.tests.fixtures import make_member, signed_in

PASSWORD = "correct horse battery"
NEW = "goat kettle tuesday"
LONDON = ZoneInfo("Europe/London")


@pytest.fixture(autouse=True)
def forget_attempts() -> None:
    cache.clear()


def sign_in(membership: Membership, password: str = PASSWORD) -> Client:
    browser = Client()
    browser.post(reverse("account_login"), {"login": membership.user.email, "password": password})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get(reverse("account")).status_code == 200


def kept_cookie(browser: Client) -> Client:
    """Another browser with a copy of this one's cookie, as somebody who stole it keeps it."""
    other = Client()
    other.cookies[django_settings.SESSION_COOKIE_NAME] = browser.cookies[django_settings.SESSION_COOKIE_NAME].value
    return other


def test_it_ends_after_thirty_idle_minutes_on_the_server(alice: Membership) -> None:
    browser = sign_in(alice)
    left = Session.objects.get().expire_date - timezone.now()
    assert dt.timedelta(minutes=29) < left <= dt.timedelta(minutes=30)
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(seconds=1))
    assert not is_in(kept_cookie(browser))


def test_it_ends_after_twelve_hours_however_busy(alice: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = sign_in(alice)
    began, now = time.time(), time.time

    def look_at(hours: float) -> bool:
        monkeypatch.setattr(time, "time", lambda: began + hours * 3600)
        try:
            return is_in(browser)
        finally:
            monkeypatch.setattr(time, "time", now)

    assert look_at(6)
    browser.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    browser.post(reverse("account_reauthenticate"), {"password": NEW})
    browser.post(reverse("choose_role"), {"membership": str(alice.pk)})
    assert look_at(11.9)
    assert not look_at(12.1), "nothing done in a session makes it longer"


def test_its_key_is_new_at_sign_in_and_when_the_role_changes(alice: Membership) -> None:
    browser = Client()
    browser.get(reverse("account_login"))
    browser.post(reverse("account_login"), {"login": "nobody@example.org", "password": "wrong"})
    before = browser.session.session_key
    browser.post(reverse("account_login"), {"login": alice.user.email, "password": PASSWORD})
    signed = browser.session.session_key
    old = kept_cookie(browser)
    browser.post(reverse("choose_role"), {"membership": str(alice.pk)})
    changed = browser.session.session_key
    assert len({before, signed, changed}) == 3
    assert not is_in(old) and is_in(browser)
    assert UserSession.objects.get(user=alice.user).session_key == changed


def _close(membership: Membership, by: Actor) -> None:
    actions.close_account(user=membership.user, by=by)


def _end_role(membership: Membership, by: Actor) -> None:
    actions.end_membership(membership=membership, ends_on=timezone.localdate() - dt.timedelta(days=1), by=by)


def _reset(membership: Membership, by: Actor) -> None:
    actions.reset_second_step(user=membership.user, reason="Lost", by=by)


WAYS: dict[str, Callable[[Membership, Actor], None]] = {
    "account closed": _close,
    "last role ended": _end_role,
    "second step taken off": _reset,
}


@pytest.mark.parametrize("way", WAYS)
def test_every_session_ends_with_the_change_and_not_without_it(
    way: str, adam: Membership, alice: Membership, figure: Say
) -> None:
    browsers = [sign_in(alice) for _ in range(2)] + [signed_in(alice)]
    copies = [kept_cookie(browser) for browser in browsers]
    UserSession.objects.all().delete()  # no list knows of them
    with transaction.atomic():
        WAYS[way](alice, Actor.of(adam))
        transaction.set_rollback(True)
    assert all(is_in(each) for each in browsers)
    alice.refresh_from_db()
    WAYS[way](Membership.objects.get(pk=alice.pk), Actor.of(adam))
    left = [each for each in (*browsers, *copies) if is_in(each)]
    assert left == []
    figure(f"sessions left of {len(browsers) + len(copies)} after: {way}", str(len(left)))


def test_changing_the_password_ends_the_others_and_keeps_this_one(alice: Membership) -> None:
    here, there = sign_in(alice), sign_in(alice)
    copy = kept_cookie(here)
    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert is_in(here)
    assert not is_in(there) and not is_in(copy)


def test_a_password_set_by_a_link_ends_every_session(alice: Membership) -> None:
    open_session = sign_in(alice)
    alice.user.refresh_from_db()
    browser = Client()
    page = browser.get(password_link(alice.user).removeprefix("http://127.0.0.1:8000"), follow=True)
    browser.post(page.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert not is_in(open_session)
    assert is_in(sign_in(alice, NEW))


def test_signing_out_everywhere_means_everywhere(alice: Membership) -> None:
    here, there = sign_in(alice), sign_in(alice)
    page = here.get(reverse("usersessions_list")).content.decode()
    assert "Sign out everywhere, here too" in page
    answer = here.post(reverse("sign_out_everywhere"), follow=True)
    assert "You are signed out everywhere" in answer.content.decode()
    assert not is_in(here) and not is_in(there)
    assert is_in(sign_in(alice))


@pytest.mark.parametrize("way", ["account_logout", "sign_out_everywhere"])
def test_the_browser_forgets_what_it_kept_when_the_session_ends(alice: Membership, way: str) -> None:
    browser = signed_in(alice)
    assert "Clear-Site-Data" not in browser.get(reverse("account")).headers
    assert browser.post(reverse(way)).headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in browser.get(reverse("account_login")).headers


def test_the_browser_forgets_when_the_session_is_too_old(
    alice: Membership, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    browser = signed_in(alice)
    settings.SESSION_ABSOLUTE_AGE_SECONDS = -1
    assert browser.get(reverse("account")).headers["Clear-Site-Data"] == '"cache", "storage"'


def test_signing_out_everywhere_else_keeps_this_one(alice: Membership) -> None:
    here, there, unlisted = sign_in(alice), sign_in(alice), sign_in(alice)
    UserSession.objects.filter(session_key=unlisted.session.session_key).delete()
    here.post(reverse("usersessions_list"))
    assert is_in(here) and not is_in(there) and not is_in(unlisted)


def test_it_signs_out_nobody_else(alice: Membership, finn: Membership) -> None:
    finns = sign_in(finn)
    sign_in(alice).post(reverse("sign_out_everywhere"))
    assert is_in(finns)


class TestLastDay:
    """A role that ends on a day ends as that day ends in London, in a session that is open."""

    @pytest.fixture
    def at(self, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Callable[[dt.datetime], None]:
        def act(moment: dt.datetime) -> None:
            monkeypatch.setattr(timezone, "now", lambda: moment.astimezone(dt.UTC))
            monkeypatch.setattr(time, "time", moment.timestamp)

        return act

    # In summer the day begins at 23:00 by the world's clock; in winter with it.
    @pytest.mark.parametrize("day", [dt.date(2026, 7, 15), dt.date(2026, 11, 20), dt.date(2026, 10, 25)])
    def test_it_ends_at_midnight_in_london(
        self, alice: Membership, at: Callable[[dt.datetime], None], day: dt.date
    ) -> None:
        last = dt.datetime.combine(day, dt.time(23, 59, 50), LONDON)
        at(last)
        Membership.objects.filter(pk=alice.pk).update(ends_on=day)
        browser = sign_in(alice)
        assert browser.get(reverse("people")).status_code == 200
        at(last + dt.timedelta(seconds=9))
        assert browser.get(reverse("people")).status_code == 200
        at(last + dt.timedelta(seconds=11))
        assert browser.get(reverse("people")).status_code == 302
        assert not is_in(browser), "the session ends with the last role"

    def test_another_role_goes_on(self, alice: Membership, at: Callable[[dt.datetime], None]) -> None:
        day = dt.date(2026, 11, 20)
        Membership.objects.create(
            user=alice.user, partnership=alice.partnership, role=Role.BOARD_MEMBER, starts_on=alice.starts_on
        )
        last = dt.datetime.combine(day, dt.time(23, 59, 50), LONDON)
        at(last)
        Membership.objects.filter(pk=alice.pk).update(ends_on=day)
        browser = sign_in(alice)
        browser.post(reverse("choose_role"), {"membership": str(alice.pk)})
        assert browser.get(reverse("people")).status_code == 200
        at(last + dt.timedelta(seconds=11))
        assert browser.get(reverse("people")).status_code == 403
        assert is_in(browser)

    def test_a_role_begins_with_its_day(self, alice: Membership, at: Callable[[dt.datetime], None]) -> None:
        day = dt.date(2026, 7, 15)
        Membership.objects.filter(pk=alice.pk).update(starts_on=day)
        at(dt.datetime.combine(day, dt.time(0), LONDON) - dt.timedelta(seconds=5))
        browser = sign_in(alice)
        assert browser.get(reverse("people")).status_code == 403
        at(dt.datetime.combine(day, dt.time(0), LONDON))
        assert browser.get(reverse("people")).status_code == 200


def test_a_closed_account_has_no_role_even_with_an_open_session(alice: Membership, estuary: Partnership) -> None:
    make_member(estuary, Role.ADMINISTRATOR, "Anna Second")
    Membership.objects.filter(pk=alice.pk).update(closed_at=timezone.now())
    assert middleware.current_memberships(User.objects.get(pk=alice.user.pk)) == []
    assert not is_in(Client())
