"""Puts who and where into the history that triggers keep."""

from typing import Any

from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware


class History(HistoryMiddleware):
    """Every change in a request is kept with the user, the role and the address; nobody is nobody."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        actor = getattr(request, "actor", None)
        return {
            "user": request.user.pk if request.user.is_authenticated else None,
            "name": _name(request),
            "role": getattr(actor, "role", ""),
            "url": request.path,
        }


def _name(request: HttpRequest) -> str:
    return str(request.user) if request.user.is_authenticated else "Somebody not signed in"
