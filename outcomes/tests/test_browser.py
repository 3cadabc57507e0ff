"""A month on a phone, in a real browser: kept while typing, nothing lost when the connection is, two at once."""

import os
import re
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from commissioning.accounts.models import Membership
from commissioning.core.periods import Month
from commissioning.tests.fixtures import signed_in
from outcomes.models import Answer, Checklist, Measure
from outcomes.tests.conftest import ALL_ANSWERS
from people.models import Placement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE: ViewportSize = {"width": 390, "height": 844}
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

Make = Callable[..., Checklist]
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer) -> Open:
    """A phone on which somebody has signed in, at an address."""

    def open_page(who: Membership, address: str, *, scripts: bool = True) -> Page:
        context = browser.new_context(viewport=PHONE, has_touch=True, java_script_enabled=scripts)
        session = signed_in(who).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + address)
        return page

    return open_page


def address(month: Month) -> str:
    return reverse("checklist_view", args=["JO", str(month), "staff"])


def values() -> dict[str, str]:
    return dict(Answer.objects.filter(checklist__status="draft").values_list("measure__code", "value"))


def pick(page: Page, measure: Measure, value: str) -> None:
    page.locator(f"#a-{measure.pk}-{value}").check()


def test_it_takes_a_new_worker_through_a_month(
    phone: Open, mabel: Membership, jos_home: Placement, send: Make, measures: dict[str, Measure], month: Month
) -> None:
    send(ALL_ANSWERS, month.plus(-1))
    page = phone(mabel, reverse("outcomes_month"))
    page.get_by_role("link", name="Jo", exact=True).click()
    page.get_by_role("link", name="Ours, as staff").click()
    for code, value in ALL_ANSWERS.items():
        if measures[code].kind == Measure.Kind.COUNT:
            page.locator(f"#same-{measures[code].pk}").check()
        else:
            pick(page, measures[code], value)
    expect(page.locator("[data-saved]")).to_contain_text("14 of 14 answered")
    page.get_by_role("button", name="Send Jo’s").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("is sent")
    sent = Checklist.objects.get(month=month.first)
    assert sent.status == Checklist.Status.SUBMITTED
    assert {each.measure.code: each.value for each in sent.answers.all()} == ALL_ANSWERS
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_it_keeps_every_pause_and_loses_nothing_without_a_connection(
    phone: Open, sam: Membership, jos_home: Placement, measures: dict[str, Measure], month: Month
) -> None:
    page = phone(sam, address(month))
    pick(page, measures["home"], "4")
    expect(page.locator("[data-saved]")).to_contain_text("Draft saved")
    assert values() == {"home": "4"}
    page.context.set_offline(True)
    page.fill(f"#a-{measures['people'].pk}", "6")
    expect(page.locator("[data-saved]")).to_contain_text("no connection")
    page.get_by_role("button", name="Ready for the manager").click()
    expect(page.locator("[data-saved]")).to_contain_text("no connection")
    page.context.set_offline(False)
    expect(page.locator("[data-saved]")).to_contain_text("2 of 14 answered", timeout=15000)
    assert values() == {"home": "4", "people": "6"}


def test_it_says_at_the_question_what_is_not_kept(
    phone: Open, sam: Membership, jos_home: Placement, measures: dict[str, Measure], month: Month
) -> None:
    page = phone(sam, address(month))
    box = page.locator(f"#a-{measures['people'].pk}")
    box.fill("lots")
    expect(page.locator(f"#error-{measures['people'].pk}")).to_contain_text("Enter a whole number")
    assert f"error-{measures['people'].pk}" in (box.get_attribute("aria-describedby") or "")
    box.fill("6")
    expect(page.locator(f"#error-{measures['people'].pk}")).to_be_hidden()
    assert values() == {"people": "6"}


def test_it_lets_the_second_of_two_choose(
    phone: Open, sam: Membership, mabel: Membership, jos_home: Placement, measures: dict[str, Measure], month: Month
) -> None:
    first, second = phone(sam, address(month)), phone(mabel, address(month))
    pick(first, measures["home"], "4")
    expect(first.locator("[data-saved]")).to_contain_text("Draft saved")
    pick(second, measures["home"], "2")
    expect(second.locator(f"#error-{measures['home'].pk}")).to_contain_text("Sam Worker saved “4” while you had “2”")
    assert values() == {"home": "4"}
    second.get_by_role("button", name="Keep “2”").click()
    expect(second.locator("[data-saved]")).to_have_text(re.compile(r"^Draft saved \d\d:\d\d\. 1 of 14 answered$"))
    expect(second.locator(f"#error-{measures['home'].pk}")).to_be_hidden()
    assert values() == {"home": "2"}


def test_it_works_by_keyboard_alone(
    phone: Open, mabel: Membership, jos_home: Placement, measures: dict[str, Measure], month: Month
) -> None:
    page = phone(mabel, address(month))
    page.locator(f"#a-{measures['home'].pk}-1").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator(f"#a-{measures['home'].pk}-4")).to_be_checked()
    page.get_by_role("button", name="Save and finish later").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("is kept as a draft")).to_be_visible()
    assert values() == {"home": "4"}


def test_it_works_without_scripts_and_errors_lead_to_their_question(
    phone: Open, mabel: Membership, jos_home: Placement, send: Make, measures: dict[str, Measure], month: Month
) -> None:
    send(ALL_ANSWERS, month.plus(-1))
    page = phone(mabel, address(month), scripts=False)
    page.locator(f"#same-{measures['medication'].pk}").check()
    page.fill(f"#a-{measures['people'].pk}", "lots")
    page.get_by_role("button", name="Send Jo’s").click()
    link = page.locator(".govuk-error-summary a").first
    expect(link).to_contain_text("Enter a whole number")
    link.click()
    expect(page.locator(f"#a-{measures['people'].pk}")).to_be_focused()
    assert page.input_value(f"#a-{measures['people'].pk}") == "lots"
    assert values() == {"medication": "2"}
