"""Forms as a browser has them: opened first, filled in, then sent with what they carried."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from django.test import Client

Sent = dict[str, list[str]]


class _Forms(HTMLParser):
    """Every form of a page that is sent by POST: its address and what it would send as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, Sent]] = []
        self._select, self._textarea, self._text = "", "", ""
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = given.get("method") == "post"
            if self._open:
                self.forms.append((given.get("action", ""), {}))
        elif self._open and tag == "input":
            self._input(given, ticked="checked" in given)
        elif self._open and tag == "select":
            self._select = given.get("name", "")
        elif self._select and tag == "option" and "selected" in given:
            self._keep(self._select, given.get("value", ""))
        elif self._open and tag == "textarea":
            self._textarea, self._text = given.get("name", ""), ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea:
            self._keep(self._textarea, self._text.removeprefix("\n"))
            self._textarea = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._open = False

    def _input(self, given: dict[str, str], *, ticked: bool) -> None:
        if given.get("type") not in {"radio", "checkbox"} or ticked:
            self._keep(given.get("name", ""), given.get("value", ""))

    def _keep(self, name: str, value: str) -> None:
        if name:
            self.forms[-1][1].setdefault(name, []).append(value)


def form_in(response: Any, action: str = "") -> Sent:
    """What a page's form with a version would send as it stands; of several, the one that goes to `action`.

    Fails where there is none: a second person's save would overwrite the first's unseen.
    """
    reader = _Forms()
    reader.feed(response.content.decode())
    found = [sent for address, sent in reader.forms if "version" in sent and action in ("", address)]
    assert found, "There is no version in this form: a second person’s save would overwrite the first’s unseen."
    return found[0]


def confirmed(client: Client, address: str, response: Any) -> Any:
    """The answer to a form; where it shows first what it changes of past months, that to saving it as shown."""
    if response.status_code == 200 and b'name="effect"' in response.content:
        return client.post(address, form_in(response))
    return response


def version_in(response: Any) -> str:
    """The version in a page's form."""
    return form_in(response)["version"][0]


def opened(client: Client, address: str) -> str:
    """The version that the form at an address carries now."""
    return version_in(client.get(address))


def send(client: Client, address: str, sent: Mapping[str, object], **options: Any) -> Any:
    """Open the form at an address and send these answers with its version, as a person would."""
    return client.post(address, {"version": opened(client, address), **sent}, **options)
