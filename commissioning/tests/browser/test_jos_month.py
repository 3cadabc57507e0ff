"""The main job, end to end: a commissioner logs Jo's move, the provider sends the month, the board reads its report.

Three people at three screens, a worker in a process of its own, and one figure that must be the same everywhere.
"""

import datetime as dt
import os
import re
import subprocess
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.core.periods import Month
from commissioning.reports.models import Board, BoardReport
from commissioning.tests.browser.pictures import Pictures
from commissioning.tests.fixtures import make_organisation, make_placement
from finance.models import Baseline, CostLine, FundingShare
from outcomes.actions import ensure_default_framework
from people.models import Person, Placement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Membership], None]


@pytest.fixture
def far_house(jo: Person, meadow: Organisation, alice: Membership) -> Placement:
    """Where Jo lives: £5,500 a week, far from home. A framework is agreed and a landlord is known."""
    partnership = jo.partnership
    provider = make_organisation(partnership, "FAR", "Far House", "support_provider")
    make_organisation(partnership, "ROOFTOP", "Rooftop Homes", "housing_provider")
    start = dt.date(2020, 9, 1)
    placement = make_placement(jo, provider, "JO-1", setting="residential_care", start=start, out_of_area=True)
    CostLine.objects.create(
        partnership=partnership, placement=placement, reference="JO-1-A", kind="core_support", basis="weekly",
        amount=Decimal("5500.00"), start=start,
    )  # fmt: skip
    FundingShare.objects.create(placement=placement, funder=jo.icb, route="chc", percent=Decimal(100), start=start)
    Baseline.objects.create(
        person=jo, weekly_cost=Decimal("5500"), as_at=dt.date(2026, 6, 30), source="Price before the move",
        scope="support_only",
    )  # fmt: skip
    jo.communication = "Short sentences. One thing at a time.\nWait. Count to ten before you ask again."
    jo.save()
    ensure_default_framework(partnership=partnership, by=Actor.of(alice))
    return placement


@pytest.fixture
def board(bea: Membership) -> Board:
    board = Board.objects.create(partnership=bea.partnership, code="EST", name="Estuary partnership board")
    board.members.add(bea)
    return board


def test_jos_month_from_the_move_to_the_board(
    page: Page,
    live_server: LiveServer,
    sign_in: SignIn,
    worker: subprocess.Popen[bytes],
    pictures: Pictures,
    tmp_path: Path,
    far_house: Placement,
    board: Board,
    alice: Membership,
    mabel: Membership,
    bea: Membership,
) -> None:
    sign_in(alice)
    log_jos_move(page, live_server, pictures)
    sign_in(mabel)
    send_the_month(page, live_server, pictures)
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(alice)
    working = make_report(page, live_server, board, "Working pack", tmp_path, pictures)
    assert "124,800" in working and "Jo Example" in working
    board_edition = make_report(page, live_server, board, "Board edition", tmp_path, pictures)
    nobody_can_be_read_out(board_edition)
    sign_in(bea)
    read_as_a_board_member(page, live_server, pictures, tmp_path)
    made_by = set(BoardReport.objects.values_list("made_by_process", flat=True))
    assert made_by and not any(name.endswith(f":{os.getpid()}") for name in made_by)


def log_jos_move(page: Page, live_server: LiveServer, pictures: Pictures) -> None:
    page.goto(f"{live_server.url}/people/JO/placements/")
    page.get_by_role("link", name="Log a placement").first.click()
    page.get_by_label("Who gives the support?").select_option(label="Meadow Farm Support")
    page.get_by_label("Landlord").select_option(label="Rooftop Homes")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Own tenancy").check()
    fill_day(page, "First day", dt.date(2026, 7, 1))
    page.get_by_label("It ends on the day before the first day").check()
    page.get_by_label("Why does it end?").select_option(label="Planned move")
    page.get_by_role("button", name="Continue").click()
    fill_costs(page)
    expect(page.locator("[data-totals] .big")).to_have_text("£3,100.00")
    expect(page.locator("[data-totals]")).to_contain_text("−£124,800.00")
    expect(page.locator("[data-totals]")).to_contain_text("£2,162.39")  # the NHS board's part, counted last
    pictures.take(page, "log-a-placement-costs")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    pictures.take(page, "log-a-placement-check")
    page.get_by_role("button", name="Log the placement").click()
    expect(page.get_by_role("alert")).to_contain_text("Placement logged")
    expect(page.locator("main")).to_contain_text("£3,100.00")
    page.goto(f"{live_server.url}/people/JO/")
    expect(page.locator("main")).to_contain_text("£124,800")
    pictures.take(page, "person")


def fill_costs(page: Page) -> None:
    page.get_by_role("button", name="Add a cost line").click()
    lines = page.locator("fieldset.cost").filter(has=page.get_by_label("Price"))
    first, second = lines.nth(0), lines.nth(1)
    first.get_by_label("Price").fill("1,875.21")
    second.get_by_label("For", exact=True).select_option(label="Waking night")
    second.get_by_label("Price").fill("£174.97")
    second.get_by_label("Per").select_option(label="a night")
    second.get_by_label("Times a week").fill("7")
    page.get_by_role("button", name="Add a funder").click()
    shares = page.locator("fieldset.cost").filter(has=page.get_by_label("Funder"))
    wanted = (("Estuary Council", "50", ""), ("NHS Estuary", "50", ""), ("NHS Estuary", "100", "Only 2. Waking night"))
    for place, (funder, percent, covers) in enumerate(wanted):
        share = shares.nth(place)
        share.get_by_label("Funder").select_option(label=funder)
        share.get_by_label("Route").select_option(label="Section 117 aftercare")
        share.get_by_label("Share").fill(percent)
        if covers:
            share.get_by_label("Of", exact=True).select_option(label=covers)


def fill_day(page: Page, group: str, day: dt.date) -> None:
    boxes = page.get_by_role("group", name=group)
    boxes.get_by_label("Day").fill(str(day.day))
    boxes.get_by_label("Month").fill(str(day.month))
    boxes.get_by_label("Year").fill(str(day.year))


def send_the_month(page: Page, live_server: LiveServer, pictures: Pictures) -> None:
    """On a phone: every question answered, sent, and no sideways scrolling on the way."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/outcomes/month/")
    pictures.take(page, "providers-month-list")
    page.get_by_role("link", name=re.compile("Jo")).first.click()
    page.get_by_role("link", name=re.compile("as staff")).click()
    pictures.take(page, "providers-month-checklist")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for fieldset in page.locator("#checklist fieldset.q").all():
        fieldset.get_by_role("radio").last.check(force=True)
    for box in page.locator("#checklist .count input").all():
        box.fill("3")
    page.get_by_role("button", name=re.compile("^Send Jo")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("sent", ignore_case=True)
    pictures.take(page, "providers-month-sent")


def make_report(
    page: Page, live_server: LiveServer, board: Board, edition: str, folder: Path, pictures: Pictures
) -> str:
    """Ask for the report, follow its progress on the page, download it, and read its words."""
    page.goto(f"{live_server.url}/reports/new/")
    page.get_by_label("Board", exact=True).select_option(label=board.name)
    page.get_by_label("Month", exact=True).select_option(label=Month.of(timezone.localdate()).plus(-1).words)
    page.get_by_label(edition).check()
    page.get_by_role("main").get_by_role("button").first.click()
    download_link = page.get_by_role("link", name=re.compile("Download the PDF"))
    taken = False
    deadline = time.monotonic() + 180
    while not download_link.is_visible() and time.monotonic() < deadline:
        if not taken:
            pictures.take(page, "report-being-made")
            taken = True
        time.sleep(1)
        page.reload()
    with page.expect_download() as download:
        download_link.click()
    name = "working-pack" if edition == "Working pack" else "board-edition"
    path = folder / f"{name}.pdf"
    download.value.save_as(path)
    pictures.take_pages(path, name)
    return words_of(path)


def words_of(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def nobody_can_be_read_out(words: str) -> None:
    for secret in ("Jo Example", "JO", "124,800", "3,100", "5,500", "Meadow", "Far House"):
        assert not re.search(rf"\b{re.escape(secret)}\b", words), secret


def read_as_a_board_member(page: Page, live_server: LiveServer, pictures: Pictures, folder: Path) -> None:
    page.goto(f"{live_server.url}/reports/")
    pictures.take(page, "reports-of-a-board-member")
    expect(page.locator("main")).not_to_contain_text("Working pack")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Download the PDF|PDF", re.IGNORECASE)).first.click()
    path = folder / "read.pdf"
    download.value.save_as(path)
    nobody_can_be_read_out(words_of(path))
