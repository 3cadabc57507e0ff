"""Rules of `docs/security/rules.md` that belong to no one page."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.messages.storage import default_storage
from django.test import Client, RequestFactory
from django.urls import reverse

from commissioning.accounts.models import Membership
from commissioning.tests.fixtures import signed_in
from commissioning.tests.test_routes import addresses

ROOT = Path(__file__).resolve().parents[2]
OUR_SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))


def test_it_answers_no_trace(alice: Membership) -> None:
    """TRACE repeats what was sent, cookies included."""
    browser = signed_in(alice)
    for address, _route in addresses():
        response = browser.trace(address, headers={"x-canary": "canary"})
        assert response.status_code == 405 and b"canary" not in response.content, address


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "\\\\evil.example", "javascript:1"])
def test_it_leads_nobody_elsewhere_after_signing_in(client: Client, alice: Membership, elsewhere: str) -> None:
    answers = {"login": alice.user.email, "password": "correct horse battery", "next": elsewhere}
    response = client.post(f"{reverse('account_login')}?next={elsewhere}", answers)
    assert response.status_code in {200, 302}
    assert "evil" not in response.get("Location", "") and "javascript" not in response.get("Location", "")


def test_it_keeps_what_it_tells_people_off_the_cookies(alice: Membership) -> None:
    """A message names a person; cookies are written to disk and are readable there."""
    request = RequestFactory().get("/")
    request.session = signed_in(alice).session
    assert type(default_storage(request)).__name__ == "SessionStorage"


@pytest.mark.parametrize("script", OUR_SCRIPTS, ids=lambda path: path.name)
def test_its_scripts_keep_nothing_in_the_browser_and_run_no_text(script: Path) -> None:
    words = re.sub(r"//[^\n]*", "", script.read_text())
    for never in (
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "document.cookie",
        "eval(",
        "new Function",
        "postMessage",
    ):
        assert never not in words, never
    assert not re.findall(r"document\.write|insertAdjacentHTML|outerHTML", words)
    assert len(re.findall(r"innerHTML", words)) <= (1 if script.name == "placement-totals.js" else 0)


def test_its_scripts_come_with_it() -> None:
    """No page loads anything from another site."""
    for template in (ROOT / "templates").rglob("*.html"):
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//[^"']+\.(?:js|css|woff2?)""", template.read_text())


def test_debugging_is_never_on() -> None:
    assert re.search(r"^DEBUG = False$", (ROOT / "commissioning" / "settings.py").read_text(), re.MULTILINE)
    assert settings.DEBUG is False


def test_a_long_password_counts_to_its_last_letter(alice: Membership) -> None:
    long = "a long sentence that nobody else would think of, with a Ünïcode letter, " * 2
    browser = signed_in(alice)
    sent = {"oldpassword": "correct horse battery", "password1": long, "password2": long}
    browser.post(reverse("account_change_password"), sent)
    alice.user.refresh_from_db()
    assert alice.user.check_password(long)
    assert not alice.user.check_password(long[:-1]) and not alice.user.check_password(long.lower())


def test_no_form_puts_what_is_said_of_a_person_into_the_address() -> None:
    """Forms that look for people are posted. Those that are not ask for months, providers and the like."""
    asks_for_no_person = {
        "overview/costs.html",
        "overview/costs_changed.html",
        "overview/person.html",
        "overview/person_reads.html",
        "providers/providers.html",
        "providers/contracts.html",
        "providers/cqc_unmatched.html",
        "finance/payments_suppliers.html",
        "finance/payments_exceptions.html",
        "finance/payments_period.html",
        "outcomes/month_choice.html",
        "overview/components.html",
        "rights/requests.html",
    }
    found = set()
    for template in (ROOT / "templates").rglob("*.html"):
        for form in re.findall(r"<form\b[^>]*>", re.sub(r"\{[%{].*?[%}]\}", "", template.read_text())):
            if not re.search(r'method="post"', form, re.IGNORECASE):
                found.add(str(template.relative_to(ROOT / "templates")))
    assert found <= asks_for_no_person, found - asks_for_no_person


def test_a_partnerships_code_cannot_break_out_of_a_files_name(alice: Membership) -> None:
    alice.partnership.code = 'E"; filename="x.exe'
    alice.partnership.save()
    named = signed_in(alice).get("/data/everything.zip")["Content-Disposition"]
    assert named.startswith('attachment; filename="E_; filename=_x.exe-') and named.endswith('.zip"')
