"""Every address, as everybody: who is not named is refused, and nothing is reachable that declared nothing."""

import re
from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, path

from commissioning.accounts.checks import every_pattern, every_route_is_declared, work_is_done_by_a_worker
from commissioning.accounts.middleware import DeclaredRoutesOnly
from commissioning.accounts.models import Membership
from commissioning.accounts.routes import Access, Route
from commissioning.tests.fixtures import signed_in

pytestmark = pytest.mark.django_db

# Something for each part of an address that varies; a refusal comes before anything is looked up.
PARTS = {"int": "1", "ref": "NOBODY", "str": "2026-01", "slug": "nothing"}


def addresses() -> Iterator[tuple[str, Route]]:
    for address, pattern in every_pattern():
        route = getattr(pattern.callback, "route", None)
        if route is not None:
            yield "/" + re.sub(r"<(\w+):\w+>", lambda part: PARTS[part[1]], address), route


@pytest.fixture
def everybody(
    alice: Membership, finn: Membership, clara: Membership, mabel: Membership, sam: Membership, bea: Membership,
    audrey: Membership, adam: Membership,
) -> list[Membership]:  # fmt: skip
    return [alice, finn, clara, mabel, sam, bea, audrey, adam]


def test_who_is_not_named_is_refused(everybody: list[Membership], capsys: pytest.CaptureFixture[str]) -> None:
    tried, wrong = 0, []
    for membership in everybody:
        client = signed_in(membership)
        for address, route in addresses():
            if route.access is not None or membership.role in route.roles:
                continue
            for method in sorted(route.methods - {"HEAD"}):
                tried += 1
                status = getattr(client, method.lower())(address).status_code
                if status != 403:
                    wrong.append(f"{membership.role} {method} {address}: {status}")
    with capsys.disabled():
        print(f"\n{tried} refusals by role", end=" ")  # noqa: T201  the figure is what the test shows
    assert tried > 300 and not wrong, "\n".join(wrong)


def test_nobody_gets_in_without_signing_in() -> None:
    client = Client()
    open_to_all = {route.name for _, route in addresses() if route.access is Access.ANYBODY}
    assert open_to_all <= {"help", "accessibility", "privacy", "whats_new", "invitation"}
    for address, route in addresses():
        if route.name in open_to_all:
            continue
        for method in sorted(route.methods - {"HEAD"}):
            response = getattr(client, method.lower())(address)
            assert response.status_code == 302 and "/account/login/" in response["Location"], (method, address)


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a secret")


urlpatterns: list[URLPattern] = [path("undeclared/", undeclared)]


def test_an_address_that_declares_nothing_does_not_start_and_is_refused(alice: Membership) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        assert [error.id for error in every_route_is_declared()] == ["accounts.E001"]
        assert signed_in(alice).get("/undeclared/").status_code == 403
    assert every_route_is_declared() == []


def test_the_middleware_refuses_by_itself() -> None:
    middleware = DeclaredRoutesOnly(lambda _request: HttpResponse())
    with pytest.raises(PermissionDenied, match="not declared"):
        middleware.process_view(RequestFactory().get("/undeclared/"), undeclared, (), {})


def test_work_inside_a_web_request_does_not_start() -> None:
    with override_settings(CELERY_TASK_ALWAYS_EAGER=True):
        assert [error.id for error in work_is_done_by_a_worker()] == ["core.E001"]
    assert work_is_done_by_a_worker() == []
