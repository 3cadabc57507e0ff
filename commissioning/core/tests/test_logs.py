"""Logs and notices of errors: where and how, never whom."""

import json
import logging
import sys

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings

from commissioning.accounts.models import Partnership
from commissioning.accounts.routes import Access, route
from commissioning.core.logs import JsonLines
from commissioning.tests.fixtures import make_person


def line_of(message: str, *arguments: object, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    return JsonLines().format(logging.LogRecord("as_one", logging.ERROR, __file__, 1, message, arguments, info))


def test_it_writes_one_line_whatever_is_in_it() -> None:
    line = line_of("Refused %s", "a\nb\r\u2028c\x1b[31m")
    assert line.isascii() and line.isprintable()
    assert json.loads(line)["says"] == "Refused a\nb\r\u2028c\x1b[31m"


def test_it_says_when_in_utc_and_who_says_it() -> None:
    told = json.loads(line_of("Gone"))
    assert told["at"].endswith("+00:00")
    assert (told["level"], told["logger"]) == ("ERROR", "as_one")


def test_it_says_what_failed_and_where_and_no_value() -> None:
    try:
        try:
            raise ValueError("Jo Canary was born in March")
        except ValueError as error:
            raise RuntimeError("Jo Canary") from error
    except RuntimeError as error:
        line = line_of("Job %s failed", "a.job", error=error)
    assert "Canary" not in line
    told = json.loads(line)
    assert told["error"] == ["RuntimeError", "ValueError"]
    assert "test_logs.py" in told["places"][-1]


def test_it_names_the_constraint_and_not_the_row(estuary: Partnership) -> None:
    with pytest.raises(IntegrityError) as caught:
        Partnership.objects.create(code=estuary.code, name="A second")
    assert "(EST)" in str(caught.value)
    line = line_of("Failed", error=caught.value)
    assert "(EST)" not in line
    assert json.loads(line)["error"][0].startswith("IntegrityError 23505 accounts_partnership_code")


def test_the_database_names_no_row_of_people_at_all(estuary: Partnership) -> None:
    make_person(estuary, "ONE", nhs_number="9990000018")
    with pytest.raises(IntegrityError) as caught:
        make_person(estuary, "TWO", nhs_number="9990000018")
    assert "one_person_per_nhs_number" in str(caught.value)
    assert "9990000018" not in str(caught.value)


def fail(_request: HttpRequest) -> HttpResponse:
    with connection.cursor():
        raise ValueError("Jo Canary")


urlpatterns = [route("fail/", fail, name="fail", roles=Access.ANYBODY, methods=("GET", "POST"))]
handler500 = "commissioning.overview.errors.server_error"


@override_settings(ROOT_URLCONF="commissioning.urls", ADMINS=[("Ops", "ops@example.org")])
def test_its_notice_carries_nothing_that_was_sent(db: None, settings: object) -> None:
    browser = Client(raise_request_exception=False)
    with override_settings(ROOT_URLCONF=sys.modules[__name__]):
        response = browser.post("/fail/?q=Canary", {"name": "Jo Canary"}, HTTP_COOKIE="a=Canary")
    assert response.status_code == 500 and b"Canary" not in response.content
    (notice,) = mail.outbox
    assert notice.subject.endswith("an error in fail")
    assert "ValueError" in notice.body and "test_logs.py" in notice.body
    assert "Canary" not in f"{notice.subject} {notice.body}" and not notice.attachments
    assert notice.message().get_content_type() == "text/plain"
