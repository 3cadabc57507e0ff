"""Pages that the walk of every role does not come by: signing in, the second step, and what is answered when an act
cannot be done. Each by axe, at 320 px and at a desk.
"""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from commissioning.accounts.models import Membership
from commissioning.accounts.uploads import too_large
from commissioning.tests.browser.test_every_page import AXE_TAGS, DESK, PHONE
from commissioning.tests.fixtures import signed_in
from commissioning.tests.forms import form_in
from people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Membership | str], None]


def check(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        found = Axe().run(page, options=AXE_TAGS).response["violations"]
        assert not [(each["id"], [node["target"] for node in each["nodes"]]) for each in found], heading
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], heading


def shown(page: Page, live_server: LiveServer, answer: Any) -> None:
    """An answer as a browser shows it, with the styles and scripts of the server."""

    def fulfil(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body=answer.content)

    page.route("**/made-up/", fulfil)
    page.goto(f"{live_server.url}/made-up/")


def test_signing_in(page: Page, live_server: LiveServer, alice: Membership) -> None:
    page.goto(live_server.url + reverse("account_login"))
    check(page, "Sign in")
    page.get_by_label("Email address").fill(alice.user.email)
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("is not right").first).to_be_visible()
    check(page, "Sign in")
    page.get_by_role("link", name="Forgotten your password?").click()
    check(page, "Forgotten your password?")


def test_the_second_step(
    page: Page, live_server: LiveServer, sign_in: SignIn, alice: Membership, settings: Any
) -> None:
    settings.SECOND_STEP_REQUIRED, settings.MFA_TOTP_TOLERANCE = True, 2
    sign_in(alice)
    check(page, "Set up a second step")
    page.get_by_role("link", name="Use an authenticator app").click()
    check(page, "Turn on an authenticator app")
    secret = "".join(page.locator("main").inner_text().split("Key:")[1].split()[0])
    page.get_by_label("Code from the app").fill("000000")
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("That code is not right").first).to_be_visible()
    check(page, "Turn on an authenticator app")
    now = list(yield_hotp_counters_from_time())[2]
    page.get_by_label("Code from the app").fill(format_hotp_value(hotp_value(secret, now)))
    page.get_by_role("button", name="Turn on").click()
    check(page, "Keep these recovery codes")
    page.get_by_role("button", name="I have kept them").click()
    page.goto(live_server.url + reverse("mfa_add_webauthn"))
    check(page, "Add a passkey")
    page.goto(live_server.url + reverse("mfa_index"))
    check(page, "Second step and passkeys")
    sign_in(alice)
    check(page, "Enter your code")


def test_two_who_change_one_record(page: Page, live_server: LiveServer, alice: Membership, jo: Person) -> None:
    client = signed_in(alice)
    address = reverse("person_edit", args=[jo.reference])
    sent = {**form_in(client.get(address)), "given_name": "Joanna", "preferred_name": "Jojo"}
    Person.objects.filter(pk=jo.pk).update(given_name="Josephine", home_postcode="DN31 1AA")
    answer = client.post(address, sent)
    assert answer.status_code == 409
    shown(page, live_server, answer)
    check(page, "Somebody else has changed this too")


def test_more_than_a_page_takes(page: Page, live_server: LiveServer, alice: Membership, rf: Any) -> None:
    largest = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert largest
    answer = signed_in(alice).post(reverse("rights"), {"words": "x" * (largest + 1)})
    assert answer.status_code == 413
    shown(page, live_server, answer)
    check(page, "That is more than this page takes")
    asked = rf.post(reverse("data"))
    asked.actor = alice
    shown(page, live_server, too_large(asked))
    check(page, "Your files are too large")
