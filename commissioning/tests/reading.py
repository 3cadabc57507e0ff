"""Whom a response shows, and whose record was kept as read: names nobody could have by chance are looked for."""

import io
import re
import zipfile
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import openpyxl
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils.html import escape

from commissioning.accounts.checks import every_pattern
from commissioning.accounts.models import User
from commissioning.accounts.routes import Route
from commissioning.audit.models import RecordRead
from commissioning.demo.sign_ins import SignIn
from commissioning.reports.documents import compose
from commissioning.reports.models import BoardReport
from commissioning.tests.browser.addresses import address_of
from people.models import Person

MOST_OF_A_ROUTE = 3  # different addresses of one route, for each role
_TOKEN = re.compile(r"Q[gfpr](\d{5})z")


def plant() -> None:
    """Everybody gets a given name, family name, preferred name and reference that say who they are: `Qg00012z`."""
    for person in Person.objects.all():
        number = f"{person.pk:05d}z"
        person.given_name, person.family_name = f"Qg{number}", f"Qf{number}"
        person.preferred_name, person.reference = f"Qp{number}", f"Qr{number}"
        person.save()


def people_in(text: str, by_nhs_number: dict[str, int]) -> set[int]:
    """The people a text shows, by any of their names, their reference or their NHS number (spaces do not matter)."""
    found = {int(number) for number in _TOKEN.findall(text)}
    digits = set(re.findall(r"\b999\d{7}\b", re.sub(r"(?<=\d) (?=\d)", "", text)))
    return found | {by_nhs_number[number] for number in digits if number in by_nhs_number}


def text_of(response: HttpResponseBase) -> str:
    """What somebody reads in it: HTML and CSV as they are, every sheet of a spreadsheet, every file of a zip."""
    contents = b"".join(response) if response.streaming else getattr(response, "content", b"")
    kind = response.get("Content-Type", "")
    if "spreadsheet" in kind:
        book = openpyxl.load_workbook(io.BytesIO(contents), read_only=True)
        return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    if "zip" in kind:
        with zipfile.ZipFile(io.BytesIO(contents)) as archive:
            return "\n".join(archive.read(name).decode() for name in archive.namelist())
    return contents.decode(errors="replace")


@dataclass
class Seen:
    """One response: what was asked by whom, who is in it, and whose reading was recorded."""

    what: str
    shown: set[int]
    recorded: set[int]
    rows: int

    @property
    def is_whole(self) -> bool:
        return self.shown <= self.recorded and self.rows == len(self.recorded)


@dataclass
class Reader:
    """Somebody who follows every link, a few addresses of each route, and sends every form empty."""

    who: SignIn
    by_nhs_number: dict[str, int]
    seen: list[Seen] = field(default_factory=list)
    visited: dict[str, set[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def run(self) -> None:
        client = Client()
        user = User.objects.get(email=self.who.email)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        expected = {name: route for name, route in declared().items() if _allows(route, self.who.role)}
        queue = deque([reverse("home")])
        while queue or (more := self._unlinked(expected)):
            path = queue.popleft() if queue else more.pop()
            if self._is_new(path, expected):
                queue.extend(self._visit(client, path, expected))
                queue.extend([] if queue else self._unlinked(expected))

    def _unlinked(self, expected: dict[str, Route]) -> list[str]:
        """Addresses that no link leads to, each once."""
        missing = [name for name in sorted(expected) if name not in self.visited]
        found = [address_of(name, self.who) for name in missing if "GET" in expected[name].methods]
        return [path for path in found if path]

    def _is_new(self, path: str, expected: dict[str, Route]) -> bool:
        name = route_name(path)
        if name is None or name not in expected:
            return False
        addresses = self.visited.setdefault(name, set())
        if path in addresses or len(addresses) >= MOST_OF_A_ROUTE:
            return False
        addresses.add(path)
        return True

    def _visit(self, client: Client, path: str, expected: dict[str, Route]) -> list[str]:
        route = expected[route_name(path) or ""]
        text = self._ask(client, "get", path) if "GET" in route.methods else ""
        if "POST" in route.methods:
            self._ask(client, "post", path)
        return list(links(text, path))

    def _ask(self, client: Client, method: str, path: str) -> str:
        last = RecordRead.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with transaction.atomic():
            response = getattr(client, method)(path)
            text = self._text(response, path)
            rows = list(RecordRead.objects.filter(pk__gt=last).values_list("person_id", flat=True))
            transaction.set_rollback(True)
        if response.status_code >= 500:
            self.faults.append(f"{self.who.role} {method} {path}: {response.status_code}")
        shown = people_in(text, self.by_nhs_number)
        if response.status_code not in (403, 404):
            self.seen.append(Seen(f"{self.who.role} {method} {path}", shown, set(rows), len(rows)))
        return text

    def _text(self, response: HttpResponseBase, path: str) -> str:
        if response.get("Content-Type") == "application/pdf":
            report = BoardReport.objects.get(pk=resolve(urlsplit(path).path).kwargs["pk"])
            return compose(report.figures or {})
        return text_of(response)


def links(text: str, path: str) -> Iterator[str]:
    for href in re.findall(r'(?:href|action|hx-(?:get|post)|data-[a-z-]*address)="([^"]*)"', text):
        parts = urlsplit(href.replace(escape("&"), "&"))
        query = f"?{parts.query}" if parts.query else ""
        if parts.scheme or parts.path.startswith(("/static", "/account/logout")):
            continue
        if parts.path.startswith("/"):
            yield f"{parts.path}{query}"
        elif query and not parts.path:
            yield f"{urlsplit(path).path}{query}"


def declared() -> dict[str, Route]:
    found = (getattr(pattern.callback, "route", None) for _, pattern in every_pattern())
    return {route.name: route for route in found if route is not None}


def _allows(route: Route, role: str) -> bool:
    return route.access is not None or role in route.roles


def route_name(path: str) -> str | None:
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return None
