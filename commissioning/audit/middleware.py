"""Puts who and where into the history that triggers keep."""

from typing import Any

from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware


class History(HistoryMiddleware):
    """Every change in a request is kept with the user, the role and the address."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        actor = getattr(request, "actor", None)
        return {
            "user": request.user.pk if request.user.is_authenticated else None,
            "name": getattr(actor, "name", ""),
            "role": getattr(actor, "role", ""),
            "url": request.path,
        }
