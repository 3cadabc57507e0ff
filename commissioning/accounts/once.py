"""A form that is sent twice, by a double click or an impatient second try, does its work once.

The token that guards a form against forgery is another one each time a page is made. The same token with the same
answers is therefore the same form sent again: the second is led where the first led, once the first is through.
"""

import hashlib
import json
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of a field
# Long enough for a slow page; short enough that somebody who goes back and means it again is not ignored.
MINUTES = 2

# Waits for the first sending while it is under way; keeps nothing if that one was undone.
BEGIN = f"""
    INSERT INTO accounts_remembered AS kept (key, value, until)
    VALUES (%s, '""', clock_timestamp() + interval '{MINUTES} minutes')
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, until = EXCLUDED.until
     WHERE kept.until <= clock_timestamp() RETURNING 1
"""  # noqa: S608  the number of minutes


def once(request: HttpRequest, work: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The page's answer; where the same form was sent a moment ago, a redirect to where that one led."""
    if request.method != "POST" or not request.POST.get(TOKEN):
        return work()
    key = _key(request)
    if not _ask(BEGIN, key):
        (led_to,) = _ask("SELECT value FROM accounts_remembered WHERE key = %s", key) or ("",)
        return HttpResponseRedirect(json.loads(led_to)) if led_to else work()
    response = work()
    if response.status_code in (302, 303):
        _ask("UPDATE accounts_remembered SET value = %s WHERE key = %s", json.dumps(response["Location"]), key)
    else:  # nothing was done: the form came back with its faults, or a page of another kind
        _ask("DELETE FROM accounts_remembered WHERE key = %s", key)
    return response


def _key(request: HttpRequest) -> str:
    """Who sent which answers from which page."""
    answers = sorted((name, request.POST.getlist(name)) for name in request.POST)
    files = sorted((name, file.name, file.size) for name, found in request.FILES.lists() for file in found)
    said = json.dumps(["once", request.user.pk, request.get_full_path(), answers, files])
    return hashlib.sha256(said.encode()).hexdigest()


def _ask(statement: str, *values: str) -> tuple[str, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() if cursor.description else None
