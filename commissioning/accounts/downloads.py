"""How many lists of people and whole datasets one person may download in an hour: each is a look at everybody in it."""

import functools
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponseBase

from commissioning.accounts.routes import ActorRequest, View

HOUR_SECONDS = 60 * 60


def few_an_hour(view: View) -> View:
    """Answers 429 beyond `DOWNLOADS_EACH_HOUR` of all such downloads together, before anything is read."""

    @functools.wraps(view)
    def limited(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "GET" and _count(request.user.pk) > settings.DOWNLOADS_EACH_HOUR:
            too_many: HttpResponseBase = ratelimit.respond_429(request)
            return too_many
        return view(request, *args, **kwargs)

    return limited


def _count(user_id: int) -> int:
    """This download counted, all web processes together; the hour begins with the first."""
    key = f"downloads:{user_id}"
    if cache.add(key, 1, HOUR_SECONDS):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # the hour ended between the two
        cache.set(key, 1, HOUR_SECONDS)
        return 1
