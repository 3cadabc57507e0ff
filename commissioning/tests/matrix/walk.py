"""Somebody sends something to an address: what came back, what was in it, what it changed, what was wrong with that."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote_plus

from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, resolve

from commissioning.accounts.models import User
from commissioning.audit.models import RecordRead
from commissioning.tests.fixtures import signed_in
from commissioning.tests.matrix import policy
from commissioning.tests.matrix.addresses import FOREIGN, FOREIGN_INSIDE, MISSING, TO_READ, Target
from commissioning.tests.matrix.canaries import Canary, text_of
from commissioning.tests.matrix.policy import Who
from commissioning.tests.matrix.world import World, make_outsiders

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# What is kept of any request, allowed or not.
LINK = re.compile(r'(?:href|action|data-[a-z-]+)="(/[^"#?]*)')
ALWAYS_KEPT = re.compile(r"^(audit_|django_session|usersessions_|pghistory_|core_)")
# Somebody's own answers, kept as they were typed until they are checked.
KEPT_AS_TYPED = frozenset({"overview_placementdraft"})
TIME = re.compile(r"\d{1,2}:\d\d")
TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|words=[0-9a-f]{8}')
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Answer:
    """What came back, as one text with its headers; and the tables that were written to on the way."""

    status: int
    headers: str
    text: str
    body: bytes
    location: str
    wrote: frozenset[str] = frozenset()
    # Whose records it was kept that they looked at.
    looked_at: frozenset[int] = frozenset()

    def says_nothing_of(self, target: Target) -> tuple[int, str]:
        """Status and body without what the asker gave themselves, without tokens and the time."""
        plain = TIME.sub("", TOKENS.sub("", self.text)).replace(target.path, "")
        if target.searched:
            plain = plain.replace(quote_plus(target.told), "")
        return self.status, plain.replace(target.told, "") if target.told else plain


@dataclass(frozen=True)
class Cell:
    """Who sends what where."""

    who: Who
    target: Target
    method: str = "GET"
    data: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        sent = f" with {len(self.data)} fields" if self.data else ""
        return f"{self.who.key}: {self.method} {self.target.path} ({self.target.whose} {self.target.name}){sent}"


@dataclass
class Visitors:
    """A browser for everybody, with the session each has: the disabled user's from before they were disabled."""

    world: World
    clients: dict[str, Client] = field(default_factory=dict)

    def __post_init__(self) -> None:
        outsiders = make_outsiders(self.world)
        self.clients = {key: signed_in(member) for key, member in self.world.members.items()}
        for key, user in outsiders.items():
            self.clients[key] = Client()
            self.clients[key].force_login(user, backend=BACKEND)
            self.clients[key].get("/account/")
        User.objects.filter(pk=outsiders["disabled"].pk).update(is_active=False)
        self.clients["anonymous"] = Client()
        for client in self.clients.values():
            client.raise_request_exception = False

    def send(self, cell: Cell, *, keep: bool = False) -> Answer:
        """Send it, read all that comes back, and undo whatever it did, unless it is to be kept."""
        client = self.clients[cell.who.key]
        cookies = SimpleCookie(client.cookies)
        with transaction.atomic():
            before = _written() if cell.method in UNSAFE else {}
            looks = RecordRead.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            response = client.generic(cell.method, cell.target.path, **_sent(cell))
            if cell.target.searched and response.status_code == 302:
                response = client.get(response["Location"])
            answer = _answer(response)
            after = _written() if cell.method in UNSAFE else {}
            looked_at = frozenset(RecordRead.objects.filter(pk__gt=looks).values_list("person_id", flat=True))
            transaction.set_rollback(not keep)
        client.cookies = cookies
        wrote = frozenset(table for table, count in after.items() if count != before.get(table, 0))
        return replace(answer, wrote=wrote, looked_at=looked_at)


def _sent(cell: Cell) -> dict[str, Any]:
    if cell.method not in UNSAFE:
        return {}
    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

    data: dict[str, Any] = {}
    for name, value in cell.data:
        data.setdefault(name, []).append(value)
    return {"data": encode_multipart(BOUNDARY, data), "content_type": MULTIPART_CONTENT}


def _answer(response: HttpResponseBase) -> Answer:
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    cookies = "\n".join(morsel.OutputString() for morsel in response.cookies.values())
    text = text_of(body, response.get("Content-Type", ""))
    return Answer(response.status_code, f"{headers}\n{cookies}", text, body, response.get("Location", ""))


def _written() -> dict[str, int]:
    """Rows written in this transaction so far, by table; nothing of what is kept of any request."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return {table: count for table, count in cursor.fetchall() if not ALWAYS_KEPT.match(table)}


# --- What is wrong with it -------------------------------------------------------------------------------------------


@dataclass
class Judge:
    """Holds every answer against the policy, and keeps what was wrong."""

    world: World
    faults: list[str] = field(default_factory=list)
    leaks: int = 0
    cells: int = 0
    nothing_there: dict[tuple[str, str, str, str], tuple[int, str]] = field(default_factory=dict)
    opened: set[tuple[str, str]] = field(default_factory=set)

    def look_at(self, cell: Cell, answer: Answer) -> None:
        self.cells += 1
        for fault in self.faults_of(cell, answer):
            self.faults.append(f"{cell}: {fault}")

    def faults_of(self, cell: Cell, answer: Answer) -> Iterator[str]:
        for canary, form in self.leaks_of(cell, answer).items():
            self.leaks += 1
            yield f"shows {canary} as {form}"
        if answer.status >= 500:
            yield f"broke with {answer.status}"
        for key in self.others_looked_at(cell, answer):
            yield f"keeps that they looked at {key}"
        if words := policy.never_says(cell.who, cell.target.name, answer.text):
            yield f"says “{words}”"
        if cell.target.name in policy.MAY_OPEN:
            yield from self._wrong_status(cell, answer)
        for path in dict.fromkeys(LINK.findall(answer.text)) if cell.who.role else ():
            if (name := name_of(path)) in policy.MAY_OPEN and not policy.lets_in(name, cell.who):
                yield f"leads to {path}, which is closed to them"

    def leaks_of(self, cell: Cell, answer: Answer) -> dict[Canary, str]:
        """The canaries that came back and should not have; what the asker typed is not a finding."""
        typed = set(self.world.birds.seen_in(f"{cell.target.path} {cell.target.told} {cell.data}"))
        seen = self.world.birds.seen_in(f"{answer.headers}\n{answer.text}")
        return {it: form for it, form in seen.items() if it not in typed and not policy.may_see(cell.who, it)}

    def others_looked_at(self, cell: Cell, answer: Answer) -> Iterator[str]:
        """People of another partnership whose records are said to have been looked at."""
        own = self.world.partnerships.get(cell.who.partnership)
        for key, person in self.world.people.items() if own else ():
            if person.pk in answer.looked_at and person.partnership != own:
                yield key

    def _wrong_status(self, cell: Cell, answer: Answer) -> Iterator[str]:
        name = cell.target.name
        expected = expected_status(cell)
        if expected and answer.status != expected:
            yield f"answered {answer.status}, not {expected}"
        if expected == 302 and "/account/login/" not in answer.location:
            yield f"leads to {answer.location}, not to the sign-in page"
        inside = cell.target.whose == FOREIGN_INSIDE
        if (expected and answer.wrote) or (inside and answer.wrote - KEPT_AS_TYPED):
            yield f"wrote to {', '.join(sorted(answer.wrote))}"
        if expected == 404 or cell.target.searched in {"q", "person"}:
            yield from self._tells_apart(cell, answer)
        if not expected and answer.status in {403, 405}:
            yield f"answered {answer.status} to somebody who may"
        if not expected and (answer.status < 400 or answer.status == 409):
            self.opened.add((cell.who.key, name))

    def _tells_apart(self, cell: Cell, answer: Answer) -> Iterator[str]:
        """What is out of reach and what does not exist get the same answer."""
        key = (cell.who.key, cell.target.name, cell.method, cell.target.searched or ("data" if cell.data else ""))
        said = answer.says_nothing_of(cell.target)
        if cell.target.whose == MISSING:
            self.nothing_there[key] = said
        elif cell.target.whose == FOREIGN and (other := self.nothing_there.get(key, said)) != said:
            yield f"answers otherwise than for what does not exist: {_difference(said[1], other[1])}"


@cache
def name_of(path: str) -> str:
    """The name of the address that a path leads to; empty where it leads nowhere of ours."""
    try:
        return resolve(path).url_name or ""
    except Resolver404:
        return ""


def _difference(mine: str, other: str) -> str:
    """Where two texts part, with a little of each."""
    place = next((at for at, pair in enumerate(zip(mine, other, strict=False)) if pair[0] != pair[1]), len(other))
    return f"{mine[place - 20 : place + 40]!r}, not {other[place - 20 : place + 40]!r}"


def expected_status(cell: Cell) -> int:
    """The status that the policy asks for; 0 where the page itself decides (found, redirected, or a form at fault)."""
    name, who = cell.target.name, cell.who
    if cell.method not in policy.methods_of(name):
        return 405
    if not policy.lets_in(name, who):
        return 403 if who.signed_in else 302
    if cell.target.whose == TO_READ:
        return 403
    by_address = cell.target.whose in {FOREIGN, MISSING} and not cell.target.searched
    return 404 if by_address and name not in policy.DECIDE_THEMSELVES else 0


class FormReader(HTMLParser):
    """The fields of each form that is posted, with what stands in them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str]]] = []
        self.select = self.area = ""
        self.is_open = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_open = given.get("method", "").lower() == "post"
            if self.is_open:
                self.forms.append([])
        elif tag == "select":
            self.select = given.get("name", "")
        elif tag == "textarea":
            self._keep(given.get("name", ""), "")
            self.area = given.get("name", "")
        elif tag == "option" and "selected" in given and self.select:
            self._keep(self.select, given.get("value", ""))
        elif tag == "input" and (given.get("type") not in {"checkbox", "radio", "file"} or "checked" in given):
            self._keep(given.get("name", ""), given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.area and self.forms:
            self.forms[-1][-1] = (self.area, data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_open = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""

    def _keep(self, name: str, value: str) -> None:
        if self.is_open and name and name != "csrfmiddlewaretoken":
            self.forms[-1].append((name, value))


def form_values(html: str) -> tuple[tuple[str, str], ...]:
    """The longest form of a page as it stands: what somebody would send who changed nothing."""
    forms = sorted(FormReader(html).forms, key=len)
    return tuple(forms[-1]) if forms else ()
