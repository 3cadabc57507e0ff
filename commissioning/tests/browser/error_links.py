"""Whether every line of an error summary leads to a control, on every form that a role can open."""

from html.parser import HTMLParser

from django.db import transaction
from django.test import Client

from commissioning.accounts.models import User

CONTROLS = frozenset({"input", "select", "textarea", "button", "a"})
WRONG = "¿wrong?"


class FormPage(HTMLParser):
    """The named controls of a page, the identifiers that can take the focus, and where its error summary leads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: dict[str, str] = {}
        self.focusable: set[str] = set()
        self.leads_to: list[str] = []
        self._in_summary = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if self._in_summary or "govuk-error-summary" in (found.get("class") or "").split():
            self._in_summary += tag == "div"
            href = found.get("href") or ""
            if tag == "a" and href.startswith("#"):
                self.leads_to.append(href[1:])
        if tag in CONTROLS and found.get("id") and found.get("type") != "hidden":
            self.focusable.add(found["id"] or "")
        if tag in {"input", "textarea", "select"} and found.get("name"):
            self.names[found["name"] or ""] = found.get("value") or "" if found.get("type") == "hidden" else WRONG

    def handle_endtag(self, tag: str) -> None:
        if self._in_summary and tag == "div":
            self._in_summary -= 1

    @property
    def dead_links(self) -> list[str]:
        return [target for target in self.leads_to if target not in self.focusable]


def check_form(email: str, path: str) -> tuple[int, list[str]]:
    """Send the form at an address empty, then full of nonsense; how many links it gave, and those that lead nowhere.

    Whatever it does is rolled back.
    """
    client = Client()
    client.force_login(User.objects.get(email=email), backend="allauth.account.auth_backends.AuthenticationBackend")
    links, dead = 0, []
    shown = FormPage(client.get(path).content.decode())
    kept = {name: value for name, value in shown.names.items() if value != WRONG}
    for answers in (kept, shown.names):
        with transaction.atomic():
            page = FormPage(client.post(path, answers).content.decode(errors="replace"))
            transaction.set_rollback(True)
        links += len(page.leads_to)
        dead += [f"{path}: #{target}" for target in page.dead_links]
    return links, dead
