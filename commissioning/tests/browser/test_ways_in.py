"""In a real browser: a passkey instead of a password, error links that land, and everything by keyboard."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from commissioning.accounts.models import Membership

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Membership | str], None]
FINGERPRINT = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def fingerprint_reader(page: Page) -> None:
    """A computer that can make passkeys and always knows its owner's finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": FINGERPRINT})


@pytest.mark.usefixtures("fingerprint_reader")
def test_it_signs_in_with_a_passkey_in_place_of_a_password(
    page: Page, live_server: LiveServer, sign_in: SignIn, alice: Membership
) -> None:
    sign_in(alice)
    page.goto(live_server.url + reverse("mfa_add_webauthn"))
    page.get_by_label("Name", exact=True).fill("Work laptop")
    page.get_by_label("Let me sign in with this passkey alone").check()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep these recovery codes")
    page.locator("details.me summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(live_server.url + reverse("account_login"))
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page.locator("details.me summary")).to_have_text("Alice Commissioner")


@pytest.mark.usefixtures("fingerprint_reader")
def test_it_says_when_a_passkey_could_not_be_used(page: Page, live_server: LiveServer, estuary: object) -> None:
    page.goto(live_server.url + reverse("account_login"))
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page.locator("#passkey-error")).to_contain_text("The passkey was not used")


def test_it_leads_from_every_error_to_its_field(
    page: Page, live_server: LiveServer, sign_in: SignIn, alice: Membership
) -> None:
    sign_in(alice)
    page.goto(live_server.url + reverse("components"))
    links = page.locator(".govuk-error-summary__list a")
    assert links.count() >= 14
    for number in range(links.count()):
        links.nth(number).click()
        target = links.nth(number).get_attribute("href")
        assert page.evaluate("'#' + document.activeElement.id") == target


def test_it_can_be_used_by_keyboard_alone(
    page: Page, live_server: LiveServer, sign_in: SignIn, alice: Membership
) -> None:
    sign_in(alice)
    page.goto(live_server.url + reverse("account"))
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to main content")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator("details.me summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Your account")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Your account")).to_be_hidden()
    expect(page.locator("details.me summary")).to_be_focused()
