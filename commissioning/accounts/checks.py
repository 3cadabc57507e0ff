"""System checks: an application with an undeclared address, or a worker that is not a worker, does not start."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from commissioning.accounts.breached import what_is_wrong_with
from commissioning.core.deployment import TAG

# Sign-in, second factor and password pages are django-allauth's; they keep to the signed-in user's own account.
OTHERS_MODULES = ("allauth.",)


def every_pattern(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the application with its pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from every_pattern(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


def is_declared(callback: Any) -> bool:
    return hasattr(callback, "route") or getattr(callback, "__module__", "").startswith(OTHERS_MODULES)


@register()
def every_route_is_declared(**_kwargs: Any) -> list[Error]:
    return [
        Error(f"The address {address!r} was not declared with accounts.routes.route.", id="accounts.E001")
        for address, pattern in every_pattern()
        if not is_declared(pattern.callback)
    ]


@register()
def work_is_done_by_a_worker(**_kwargs: Any) -> list[Error]:
    """Reports and e-mail must be made by a worker process, never inside a web request."""
    if getattr(settings, "CELERY_TASK_ALWAYS_EAGER", False):
        return [Error("CELERY_TASK_ALWAYS_EAGER is on: background work would run in the web process.", id="core.E001")]
    return []


@register(TAG)
def stolen_passwords_are_listed(**_kwargs: Any) -> list[Error]:
    """A list that is named must be there: without it nobody could set a password."""
    path = settings.BREACHED_PASSWORDS
    wrong = what_is_wrong_with(path) if path else ""
    return [Error(f"BREACHED_PASSWORDS names {path}, which {wrong}.", id="accounts.E002")] if wrong else []
