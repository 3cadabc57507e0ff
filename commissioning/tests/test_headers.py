"""Headers, cookies and forms: every address and error page, signed in and out, with production's own settings."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.core.internal.ratelimit import respond_429
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path, reverse

from commissioning.accounts.checks import every_pattern
from commissioning.accounts.models import Membership
from commissioning.accounts.routes import Route
from commissioning.core.deployment import production_is_set_up
from commissioning.tests.figures import Say
from commissioning.tests.fixtures import signed_in
from commissioning.tests.test_routes import PARTS

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
BY_PATTERN = {"account_reset_password_from_key": "/account/password/reset/key/1-set-password/"}
SECURE = {
    "COMMISSIONING_MODE": "production",
    "SECRET_KEY": "made-up-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "as-one.example.org",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "DATABASE_OWNER_URL": "",
    "SITE_ADDRESS": "https://as-one.example.org",
    "EMAIL_URL": "smtp+tls://nobody:none@127.0.0.1:1",
    "TRUSTED_PROXIES": "1",
    "REDIS_URL": "",
}


def every_address() -> Iterator[tuple[str, str, Any]]:
    """Address, name and view of every route, the sign-in package's too."""
    for address, pattern in every_pattern():
        name = str(pattern.name)
        filled = BY_PATTERN.get(name) or "/" + re.sub(r"<(\w+):\w+>", lambda part: PARTS[part[1]], address)
        yield filled, name, pattern.callback


def missing_headers(response: Any, *, secure: bool = False) -> list[str]:
    """What is absent or too weak among the headers that every answer has."""
    headers = response.headers
    policy = headers.get("Content-Security-Policy", "")
    expected = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    wrong = [name for name, value in expected.items() if headers.get(name) != value]
    wrong += [] if "default-src 'none'" in policy and "frame-ancestors 'none'" in policy else ["policy"]
    wrong += [word for word in ("unsafe-inline", "unsafe-eval", "http:", "*") if word in policy]
    wrong += [] if "camera=()" in headers.get("Permissions-Policy", "") else ["Permissions-Policy"]
    wrong += [] if "no-store" in headers.get("Cache-Control", "") else ["Cache-Control"]
    wrong += [name for name in ("Server", "X-Powered-By") if name in headers]
    if secure and "max-age=63072000" not in headers.get("Strict-Transport-Security", ""):
        wrong.append("Strict-Transport-Security")
    return wrong


@pytest.fixture
def everybody(
    alice: Membership, finn: Membership, clara: Membership, mabel: Membership, sam: Membership, bea: Membership,
    audrey: Membership, adam: Membership,
) -> dict[str, Client]:  # fmt: skip
    return {each.role: signed_in(each) for each in (alice, finn, clara, mabel, sam, bea, audrey, adam)}


def fitting(route: Route | None, everybody: dict[str, Client]) -> Client:
    role = min(route.roles) if route is not None and route.access is None else "commissioner"
    return everybody[role]


def test_every_address_has_every_header(everybody: dict[str, Client], figure: Say) -> None:
    wrong, good, addresses = [], 0, list(every_address())
    for address, name, view in addresses:
        if name == "account_logout":
            continue
        inside = fitting(getattr(view, "route", None), everybody)
        found = [missing_headers(client.get(address)) for client in (inside, Client())]
        good += not any(found)
        wrong += [f"{address}: {each}" for each in found if each]
    # Signing out ends the session, so it comes last.
    found = [missing_headers(client.get(reverse("account_logout"))) for client in (everybody["commissioner"], Client())]
    good += not any(found)
    figure("routes with all headers / total (signed in and signed out)", f"{good} / {len(addresses)}")
    assert not wrong, "\n".join(wrong)
    assert good == len(addresses) > 140


ANYBODYS = next(view.route for _, name, view in every_address() if name == "help")


def raises(error: Exception) -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    view.route = ANYBODYS  # type: ignore[attr-defined]
    return view


def too_many(request: HttpRequest) -> HttpResponse:
    answer: HttpResponse = respond_429(request)
    return answer


def conflict(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Two changes at once", status=409)


too_many.route = conflict.route = ANYBODYS  # type: ignore[attr-defined]

ERRORS = {
    "400": raises(SuspiciousOperation("made up")),
    "403": raises(PermissionDenied()),
    "404": raises(Http404()),
    "409": conflict,
    "413": raises(RequestDataTooBig("made up")),
    "429": too_many,
    "500": raises(ValueError("made up")),
}
urlpatterns: list[Any] = [
    *(path(f"made-up/{status}/", view) for status, view in ERRORS.items()),
    path("", include("commissioning.urls")),
]
handler400 = "commissioning.overview.errors.bad_request"
handler403 = "commissioning.overview.errors.forbidden"
handler404 = "commissioning.overview.errors.not_found"
handler500 = "commissioning.overview.errors.server_error"


@pytest.mark.parametrize("status", ERRORS)
def test_every_error_page_has_every_header(status: str, alice: Membership, figure: Say) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        for client in (signed_in(alice), Client()):
            client.raise_request_exception = False
            answer = client.get(f"/made-up/{status}/")
            assert answer.status_code == int(status)
            assert missing_headers(answer) == []
            assert b"made up" not in answer.content and b"Traceback" not in answer.content


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "testserver.evil.example", "testserver@evil.example"]
)
def test_a_wrong_host_is_refused_with_every_header(host: str, alice: Membership) -> None:
    for client in (signed_in(alice), Client()):
        answer = client.get(reverse("account_login"), headers={"host": host})
        assert answer.status_code == 400
        assert missing_headers(answer) == []
        assert b"evil" not in answer.content


def test_a_forwarded_host_is_not_believed(client: Client, db: None) -> None:
    page = client.get(reverse("account_reset_password"), headers={"x-forwarded-host": "evil.example"})
    assert page.status_code == 200 and b"evil" not in page.content


ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "https:evil.example",
    "javascript:alert(1)", "http://testserver@evil.example/", "\thttps://evil.example", "/%0d%0aLocation:%20https://evil.example",
]  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_it_never_leads_elsewhere_after_signing_in_or_out(target: str, alice: Membership) -> None:
    browser = Client()
    typed = {"login": alice.user.email, "password": "correct horse battery", "next": target}
    answer = browser.post(reverse("account_login") + "?next=" + target, typed)
    places = [answer["Location"], browser.post(reverse("account_logout"), {"next": target})["Location"]]
    for place in places:
        assert place.startswith("/") and not place.startswith(("//", "/\\")), place
        assert "\n" not in place and "\r" not in place


def test_every_form_needs_its_token(everybody: dict[str, Client], figure: Say) -> None:
    tried, wrong = 0, []
    for client in everybody.values():
        client.handler.enforce_csrf_checks = True
    for address, _name, view in every_address():
        route = getattr(view, "route", None)
        methods = sorted(route.methods - {"GET", "HEAD"}) if route else ["POST"]
        client = fitting(route, everybody)
        for method in methods:
            tried += 1
            answer = client.generic(method, address)
            if answer.status_code != 403 or "Please send that again" not in answer.content.decode():
                wrong.append(f"{method} {address}: {answer.status_code}")
    figure("unsafe addresses refused without a token / total", f"{tried - len(wrong)} / {tried}")
    assert not wrong, "\n".join(wrong)
    assert tried > 80


def in_production(script: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | SECURE | {"DJANGO_SETTINGS_MODULE": "commissioning.settings"} | settings
    # The tests' own browser needs it; production must not have it.
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    return subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


LOOK = """
import json, django
from django.conf import settings
# Files that were never collected have no name of their own.
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
# The page reads nothing from the database, and there is none here.
settings.DATABASES["default"]["ATOMIC_REQUESTS"] = False
django.setup()
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.test import Client, RequestFactory

client = Client(raise_request_exception=False)
plain = client.get("/account/login/", headers={"host": "as-one.example.org"})
page = client.get("/account/login/", headers={"host": "as-one.example.org", "x-forwarded-proto": "https"})
wrong = client.get("/account/login/", headers={"host": "evil.example", "x-forwarded-proto": "https"})
request = RequestFactory().get("/", secure=True)
request.session = SessionStore()
request.session["kept"] = True
answer = SessionMiddleware(lambda request: HttpResponse()).process_response(request, HttpResponse())
cookies = {**page.cookies, **answer.cookies}
print(json.dumps({
    "plain": [plain.status_code, plain["Location"]],
    "page": [page.status_code, dict(page.headers)],
    "wrong": [wrong.status_code, dict(wrong.headers)],
    "cookies": {name: {key: each[key] for key in ("path", "domain", "secure", "httponly", "samesite")}
                for name, each in cookies.items()},
    "hasher": settings.PASSWORD_HASHERS,
    "second_step": settings.SECOND_STEP_REQUIRED,
}))
"""


class Answered:
    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers


def test_production_binds_its_cookies_to_the_host_and_to_https() -> None:
    answer = in_production(LOOK, SECOND_STEP_REQUIRED="false")
    assert answer.returncode == 0, answer.stderr
    seen = json.loads(answer.stdout)
    assert seen["plain"] == [301, "https://as-one.example.org/account/login/"]
    assert (seen["page"][0], seen["wrong"][0]) == (200, 400)
    for name in ("page", "wrong"):
        assert missing_headers(Answered(seen[name][1]), secure=True) == []
    assert set(seen["cookies"]) == {"__Host-csrf", "__Host-session"}
    for cookie in seen["cookies"].values():
        assert cookie == {"path": "/", "domain": "", "secure": True, "httponly": True, "samesite": "Lax"}
    assert seen["hasher"] == ["commissioning.accounts.passwords.PasswordHasher"]
    assert seen["second_step"] is True, "no setting turns it off in production"


CHECK = "from django.core.management import execute_from_command_line as run; run(['manage.py', 'check', {}])"
CONSOLE = "django.core.mail.backends.console.EmailBackend"
UNSAFE: dict[str, tuple[dict[str, Any], str]] = {
    "letters to a console": ({"EMAIL_BACKEND": CONSOLE}, "EMAIL_URL is not set"),
    "plain addresses": ({"SITE_ADDRESS": "http://as-one.example.org"}, "SITE_ADDRESS must begin with https://"),
    "another site": ({"SITE_ADDRESS": "https://evil.example"}, "SITE_ADDRESS is not one of ALLOWED_HOSTS"),
    "a short secret": ({"SECRET_KEY": "short"}, "SECRET_KEY can be guessed"),
    "a dull secret": ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY can be guessed"),
    "the example's secret": ({"SECRET_KEY": django_settings.SECRET_KEY}, "SECRET_KEY can be guessed"),
    "any host": ({"ALLOWED_HOSTS": ["*"]}, "ALLOWED_HOSTS lets in every name"),
    "a proxy of unknown number": ({"TRUSTED_PROXIES": 0}, "TRUSTED_PROXIES is not set"),
    "forms from plain pages": ({"CSRF_TRUSTED_ORIGINS": ["http://a.example"]}, "CSRF_TRUSTED_ORIGINS has http://"),
    "a password alone": ({"SECOND_STEP_REQUIRED": False}, "SECOND_STEP_REQUIRED is off"),
    "debugging": ({"DEBUG": True}, "DEBUG is on"),
    "a loose cookie": ({"SESSION_COOKIE_NAME": "sessionid"}, "The cookie sessionid is not bound"),
}
SAFE: dict[str, Any] = {
    "PRODUCTION": True,
    "SECRET_KEY": SECURE["SECRET_KEY"],
    "ALLOWED_HOSTS": [SECURE["ALLOWED_HOSTS"]],
    "SITE_ADDRESS": SECURE["SITE_ADDRESS"],
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "TRUSTED_PROXIES": 1,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "SECOND_STEP_REQUIRED": True,
    "SESSION_COOKIE_NAME": "__Host-session",
    "CSRF_COOKIE_NAME": "__Host-csrf",
}


@pytest.mark.parametrize("name", UNSAFE)
def test_production_refuses_unsafe_settings(name: str) -> None:
    changed, said = UNSAFE[name]
    with override_settings(**SAFE):
        assert production_is_set_up() == []
        with override_settings(**changed):
            assert any(str(error.msg).startswith(said) for error in production_is_set_up())
    assert production_is_set_up() == [], "nothing is asked of the example and the tests"


def test_the_web_process_does_not_start_with_them() -> None:
    answer = in_production("import commissioning.wsgi", EMAIL_URL="", TRUSTED_PROXIES="0")
    assert answer.returncode != 0
    assert "EMAIL_URL is not set" in answer.stderr and "TRUSTED_PROXIES is not set" in answer.stderr


def test_production_has_no_warning_and_serves() -> None:
    checked = in_production(CHECK.format("'--deploy', '--fail-level', 'WARNING'"))
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stderr
    assert "no issues" in checked.stdout
    served = in_production("import commissioning.wsgi")
    assert served.returncode == 0, served.stderr


def test_static_files_may_be_kept_and_carry_the_rest(client: Client) -> None:
    answer = client.get("/static/css/as-one.css")
    assert answer.status_code == 200
    assert missing_headers(answer) == ["Cache-Control"]
    absent = client.get("/static/nothing.css")
    assert absent.status_code == 404 and missing_headers(absent) == []
