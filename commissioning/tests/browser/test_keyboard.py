"""The three journeys by keyboard alone: log a placement, send the month, read the board's report."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.core.periods import Month
from commissioning.reports.models import Board, BoardReport
from commissioning.tests.fixtures import make_placement
from outcomes.actions import ensure_default_framework
from people.models import Person, Placement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Membership], None]
MOST_TABS = 150


class Keyboard:
    """Moves as somebody without a mouse does."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, target: Locator) -> None:
        """Tab until the control has the focus."""
        for _ in range(MOST_TABS):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} cannot be reached by keyboard in {MOST_TABS} steps.")

    def press(self, target: Locator) -> None:
        self.to(target)
        self.page.keyboard.press("Enter")

    def type(self, target: Locator, text: str) -> None:
        self.to(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, target: Locator, words: str) -> None:
        """A list: its entry by the first letters."""
        self.to(target)
        self.page.keyboard.type(words)

    def tick(self, target: Locator) -> None:
        self.to(target)
        self.page.keyboard.press("Space")


@pytest.fixture
def keyboard(page: Page) -> Keyboard:
    return Keyboard(page)


def test_a_placement_is_logged(
    page: Page, live_server: LiveServer, sign_in: SignIn, keyboard: Keyboard, alice: Membership, jo: Person,
    meadow: Organisation,
) -> None:  # fmt: skip
    sign_in(alice)
    page.goto(f"{live_server.url}/people/JO/placements/log/support/")
    keyboard.choose(page.get_by_label("Who gives the support?"), "Meadow")
    keyboard.press(page.get_by_role("button", name="Continue"))
    page.get_by_role("heading", name="Home and dates").wait_for()
    keyboard.tick(page.get_by_label("Own tenancy"))
    first_day = page.get_by_role("group", name="First day")
    for box, text in (("Day", "1"), ("Month", "7"), ("Year", "2026")):
        keyboard.type(first_day.get_by_label(box), text)
    keyboard.press(page.get_by_role("button", name="Continue"))
    page.get_by_role("heading", name="What it costs and who pays").wait_for()
    keyboard.type(page.get_by_label("Price"), "3100")
    keyboard.choose(page.get_by_label("Funder").first, "Estuary Council")
    keyboard.choose(page.get_by_label("Route").first, "Care Act")
    keyboard.type(page.get_by_label("Share").first, "100")
    keyboard.press(page.get_by_role("button", name="Remove funder 2"))
    page.get_by_role("button", name="Remove funder 2").wait_for(state="detached")
    keyboard.press(page.get_by_role("button", name="Continue"))
    page.get_by_role("heading", name="Check your answers").wait_for()
    keyboard.press(page.get_by_role("button", name="Log the placement"))
    expect(page.get_by_role("alert")).to_contain_text("Placement logged")
    assert Placement.objects.get().cost_lines.get().amount == 3100


def test_the_month_is_sent(
    page: Page, live_server: LiveServer, sign_in: SignIn, keyboard: Keyboard, mabel: Membership, jo: Person,
    meadow: Organisation,
) -> None:  # fmt: skip
    make_placement(jo, meadow, start=dt.date(2026, 7, 1))
    ensure_default_framework(partnership=jo.partnership, by=Actor.system(jo.partnership))
    sign_in(mabel)
    page.goto(f"{live_server.url}/outcomes/month/")
    keyboard.press(page.get_by_role("main").get_by_role("link", name=re.compile("Jo")).first)
    keyboard.press(page.get_by_role("link", name=re.compile("as staff")))
    page.locator("#checklist").wait_for()
    for question in page.locator("#checklist .q").all():
        if question.get_by_role("radio").count():
            keyboard.tick(question.get_by_role("radio").first)
        elif question.locator(".count input").count():
            keyboard.type(question.locator(".count input"), "2")
    keyboard.press(page.get_by_role("button", name=re.compile("^Send Jo")))
    expect(page.get_by_role("heading", level=1)).to_contain_text("sent", ignore_case=True)


def test_the_boards_report_is_read(
    page: Page, live_server: LiveServer, sign_in: SignIn, keyboard: Keyboard, bea: Membership
) -> None:
    board = Board.objects.create(partnership=bea.partnership, code="EST", name="Estuary partnership board")
    board.members.add(bea)
    BoardReport.objects.create(
        board=board,
        month=Month.of(timezone.localdate()).plus(-1).first,
        edition="board",
        state=BoardReport.State.PUBLISHED,
        pdf=b"%PDF-1.7 made for this test",
        pages=1,
        frozen_at=timezone.now(),
        published_at=timezone.now(),
        figures={},
    )
    sign_in(bea)
    page.goto(f"{live_server.url}/reports/")
    with page.expect_download() as download:
        keyboard.press(page.get_by_role("link", name=re.compile("PDF")).first)
    assert download.value.suggested_filename.endswith(".pdf")
