"""What is searched for stays in the session; an address would keep a name or NHS number in the browser’s history."""

import secrets

from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from commissioning.accounts.routes import ActorRequest

KEPT = "people_searches"
MOST_KEPT = 20
MOST_LETTERS = 200


def asked(request: ActorRequest) -> QueryDict:
    """The filters of an address, `q` being the text that its `words` stands for in this session."""
    filters = request.GET.copy()
    if text := request.session.get(KEPT, {}).get(filters.get("words", "")):
        filters["q"] = text
    return filters


def to_the_list(request: ActorRequest, filters: QueryDict) -> HttpResponseRedirect:
    """The list of people with these filters, its text kept under a key that says nothing."""
    query = QueryDict(mutable=True)
    for name, values in filters.lists():
        if name not in {"q", "words", "csrfmiddlewaretoken"}:
            query.setlist(name, [value for value in values if value])
    if text := filters.get("q", "").strip():
        query["words"] = _keep(request, text[:MOST_LETTERS])
    return redirect(f"{reverse('people')}?{query.urlencode()}" if query else reverse("people"))


def _keep(request: ActorRequest, text: str) -> str:
    key = secrets.token_hex(4)
    searches = [*request.session.get(KEPT, {}).items(), (key, text)]
    request.session[KEPT] = dict(searches[-MOST_KEPT:])
    return key
