"""A page left open: it says when the session is about to end, lets one stay, and clears itself when it has ended."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from commissioning.accounts.models import Membership

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Membership | str], None]
IDLE = settings.SESSION_COOKIE_AGE


@pytest.fixture
def left_open(page: Page, live_server: LiveServer, sign_in: SignIn, alice: Membership) -> Page:
    page.clock.install()
    sign_in(alice)
    page.goto(live_server.url + reverse("account"))
    return page


def test_it_warns_and_lets_one_stay(left_open: Page) -> None:
    notice = left_open.get_by_role("alert")
    left_open.clock.fast_forward((IDLE - 125) * 1000)
    expect(notice).to_be_hidden()
    left_open.clock.fast_forward(10_000)
    expect(notice).to_contain_text("you are signed out and this page is cleared")
    assert not Axe().run(left_open).response["violations"]
    left_open.set_viewport_size({"width": 320, "height": 700})
    assert left_open.evaluate("document.documentElement.scrollWidth") <= 320
    notice.get_by_role("button", name="Stay signed in").click()
    expect(notice).to_be_hidden()
    left_open.clock.fast_forward((IDLE - 125) * 1000)
    expect(left_open.get_by_role("heading", level=1)).to_have_text("Your account")


def test_it_clears_itself_when_the_session_has_ended(left_open: Page, alice: Membership) -> None:
    Session.objects.all().delete()
    left_open.clock.fast_forward((IDLE + 1) * 1000)
    expect(left_open.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert reverse("account") in left_open.url


def test_it_clears_itself_without_the_server_too(left_open: Page, alice: Membership) -> None:
    left_open.context.set_offline(True)
    assert alice.user.name in left_open.content()
    left_open.clock.fast_forward((IDLE + 1) * 1000)
    left_open.wait_for_timeout(500)
    assert alice.user.name not in left_open.content()


def test_signing_out_in_one_tab_clears_the_others(left_open: Page, live_server: LiveServer, alice: Membership) -> None:
    other = left_open.context.new_page()
    other.goto(live_server.url + reverse("account"))
    other.locator("details.me summary").click()
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(left_open.get_by_text(alice.user.name)).to_have_count(0)
