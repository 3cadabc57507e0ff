"""What every template knows of who is here."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def actor(request: HttpRequest) -> dict[str, Any]:
    return {
        "actor": getattr(request, "actor", None),
        "memberships": getattr(request, "memberships", []),
        # Before the second step is set up, links to pages with data would only lead back.
        "setting_up": getattr(request, "setting_up", False),
        "second_step_required": settings.SECOND_STEP_REQUIRED,
        "demonstration": settings.DEMONSTRATION,
        "session_seconds": settings.SESSION_COOKIE_AGE,
    }
