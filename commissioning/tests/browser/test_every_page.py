"""Every page as every role, on the example partnership: reachable, accessible, never empty, never wider than a phone.

Each role starts at its home page and follows links. What it has visited must equal what the routes' roles allow; the
few pages that no link leads to (they follow a form) are opened by address.
"""

import sys
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from subprocess import Popen
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.urls import Resolver404, resolve, reverse
from playwright.sync_api import Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from commissioning.accounts.checks import every_pattern
from commissioning.accounts.models import Role
from commissioning.accounts.routes import Access, Route
from commissioning.demo.sign_ins import PASSWORD, SIGN_INS, SignIn
from commissioning.reports.models import BoardReport
from commissioning.tests.browser.addresses import address_of, somebody_known_to
from commissioning.tests.browser.error_links import check_form
from commissioning.tests.browser.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE_TAGS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PHONE: ViewportSize = {"width": 320, "height": 700}
DESK: ViewportSize = {"width": 1280, "height": 900}


def declared_routes() -> dict[str, Route]:
    found = {}
    for _, pattern in every_pattern():
        route = getattr(pattern.callback, "route", None)
        if route is not None and "GET" in route.methods:
            found[route.name] = route
    return found


def allows(route: Route, role: str) -> bool:
    return route.access in (Access.ANYBODY, Access.SIGNED_IN) or role in route.roles


@dataclass
class Walk:
    """One role's walk: which routes it has seen, and what was wrong on the way."""

    page: Page
    address: str
    who: SignIn
    seen: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def run(self, expected: set[str]) -> None:
        queue = deque([reverse("home"), reverse("person", args=[somebody_known_to(self.who)])])
        while queue:
            path = queue.popleft()
            name = route_name(path)
            if name is None or name in self.seen or name not in expected:
                continue
            self.visit(name, path)
            queue.extend(self.links())
        for name in sorted(expected - set(self.seen)):
            if path := address_of(name, self.who):
                self.visit(name, path)

    def visit(self, name: str, path: str) -> None:
        self.seen[name] = path
        self.page.set_viewport_size(DESK)
        if is_file(path):
            answer = self.page.request.get(f"{self.address}{path}")
            self.check(answer.ok, name, path, f"answered {answer.status}")
            return
        response = self.page.goto(f"{self.address}{path}")
        self.check(response is not None and response.ok, name, path, f"answered {response and response.status}")
        self.seen.setdefault(route_name(self.page.url.removeprefix(self.address)) or name, self.page.url)
        self.check_page(name, path)

    def check_page(self, name: str, path: str) -> None:
        results = Axe().run(self.page, options=AXE_TAGS)
        for violation in results.response["violations"]:
            nodes = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
            self.faults.append(f"{self.who.role} {name} {path}: {violation['id']}: {nodes}")
        empty = self.page.locator(".empty").count() and name != "components"  # the gallery shows one on purpose
        self.check(not empty, name, path, "shows an empty state")
        self.check(self.page.locator("h1").count() == 1, name, path, "has not one main heading")
        self.page.set_viewport_size(PHONE)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        self.check(wide <= PHONE["width"], name, path, f"is {wide} px wide on a phone of 320")

    def check(self, holds: bool, name: str, path: str, words: str) -> None:
        if not holds:
            self.faults.append(f"{self.who.role} {name} {path}: {words}")

    def links(self) -> Iterator[str]:
        if not self.page.url.startswith(self.address):
            return
        for link in self.page.locator("a[href]").all():
            parts = urlsplit(link.get_attribute("href") or "")
            if not parts.scheme and parts.path.startswith("/"):
                yield f"{parts.path}{'?' + parts.query if parts.query else ''}"
            elif not parts.scheme and parts.query and not parts.path:
                yield f"{urlsplit(self.page.url).path}?{parts.query}"


def route_name(path: str) -> str | None:
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return None


def is_file(path: str) -> bool:
    """Downloads are fetched, not shown."""
    return urlsplit(path).path.endswith((".csv", ".xlsx", ".zip", "/csv/", "/pdf/", "/zip/", "/xlsx/"))


@pytest.fixture
def example(live_server: LiveServer, worker: Popen[bytes]) -> None:
    call_command("load_example")
    call_command("request_latest_report")
    unfinished = BoardReport.objects.filter(state__in=[BoardReport.State.DUE, BoardReport.State.RENDERING])
    wait_until(lambda: not unfinished.exists(), seconds=300)
    assert not [report.error for report in BoardReport.objects.exclude(state=BoardReport.State.PUBLISHED)]


def nothing_waiting(who: SignIn) -> set[str]:
    """The page of one sort of need exists for those for whom something waits."""
    return set() if address_of("need", who) else {"need"}


def say(capsys: pytest.CaptureFixture[str], words: str) -> None:
    """What was counted, printed whether or not the test passes."""
    with capsys.disabled():
        sys.stdout.write(f"\n{words}")


def test_every_page_as_every_role(
    page: Page,
    live_server: LiveServer,
    example: None,
    sign_in: Callable[[str, str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    routes = declared_routes()
    faults: list[str] = []
    cells = 0
    forms: dict[str, tuple[str, str]] = {}
    for who in SIGN_INS:
        expected = {name for name, route in routes.items() if allows(route, who.role)}
        sign_in(who.email, PASSWORD)
        walk = Walk(page, live_server.url, who)
        walk.run(expected)
        cells += len(walk.seen)
        forms |= {name: (who.email, path) for name, path in walk.seen.items() if "POST" in routes[name].methods}
        missed = sorted(expected - set(walk.seen) - nothing_waiting(who))
        faults += walk.faults + [f"{who.role} never reached {name}" for name in missed]
        say(capsys, f"{Role(who.role).label}: {len(walk.seen)} of {len(expected)} pages")
    links = 0
    for email, path in forms.values():
        found, dead = check_form(email, path)
        links += found
        faults += [f"An error leads nowhere: {each}" for each in dead]
    say(capsys, f"{cells} cells of page and role visited, axe on each; {links} error links on {len(forms)} forms")
    assert links > len(forms)
    assert not faults, "\n".join(faults)
