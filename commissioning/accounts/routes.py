"""The one way to declare an address: who may come, by which methods, and what is recorded of their reading.

A route that declares nothing does not start up (`checks.py`) and is refused (`middleware.DeclaredRoutesOnly`).
"""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.cache import add_never_cache_headers

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import PROVIDER_ROLES, Role, User
from commissioning.accounts.once import once
from commissioning.accounts.scope import Scope
from commissioning.audit.models import RecordRead

View = Callable[..., HttpResponseBase]


class Access(Enum):
    """Who may come apart from roles."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed in, with or without a role"


class Reads(Enum):
    """What of a person's record the page shows."""

    NOTHING = "nothing personal"
    PEOPLE = "people; the view names each with `record_read`"


class Sees(Enum):
    """Which rows of personal data and prices the page's statements find (`scope.py`)."""

    NOTHING = "none: a statement on such a table raises"
    ROLE = "what the role may see in its partnership"


EVERY_ROLE = frozenset(Role)
COMMISSIONING = frozenset({Role.COMMISSIONER})
COMMISSIONING_READERS = frozenset({Role.COMMISSIONER, Role.AUDITOR})
MONEY_READERS = frozenset({Role.COMMISSIONER, Role.FINANCE_OFFICER, Role.AUDITOR})
PERSON_READERS = frozenset({Role.COMMISSIONER, Role.AUDITOR, Role.CLINICIAN, Role.FINANCE_OFFICER, *PROVIDER_ROLES})
PROVIDERS = PROVIDER_ROLES


class ActorRequest(HttpRequest):
    """A request that a route let in: its user has the role the route asked for."""

    user: User
    actor: Actor
    people_read: set[int]


@dataclass(frozen=True)
class Route:
    """What an address declared."""

    name: str
    roles: frozenset[str]
    access: Access | None
    methods: frozenset[str]
    reads: Reads
    sees: Sees
    takes: int = 0
    labels: dict[str, str] = field(default_factory=dict)


def route(
    pattern: str,
    view: View,
    *,
    name: str,
    roles: Iterable[str] | Access,
    methods: Iterable[str] = ("GET",),
    reads: Reads = Reads.NOTHING,
    sees: Sees | None = None,
    takes: int = 0,
) -> URLPattern:
    """An address for `urlpatterns`. `roles` is a set of roles, or `Access` where roles do not matter.

    In scope without the right is 403; what is out of scope is 404, from the view's scoped read. A page with roles sees
    what the role may see, a page without sees nothing personal; `sees=Sees.NOTHING` says so of a page with roles.
    `takes` is how many bytes of files may be sent to it (see `accounts.uploads`).
    """
    declared = Route(
        name=name,
        roles=frozenset() if isinstance(roles, Access) else frozenset(str(role) for role in roles),
        access=roles if isinstance(roles, Access) else None,
        methods=frozenset(methods) | ({"HEAD"} if "GET" in methods else frozenset()),
        reads=reads,
        sees=sees or (Sees.NOTHING if isinstance(roles, Access) else Sees.ROLE),
        takes=takes,
    )
    return path(pattern, _guard(view, declared), name=name)


def record_read(request: ActorRequest, *person_ids: int) -> None:
    """Say whose record this page shows; kept in the request's transaction, one row a person."""
    request.people_read.update(person_ids)


def _guard(view: View, declared: Route) -> View:
    @functools.wraps(view)
    def guarded(request: ActorRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method not in declared.methods:
            return HttpResponseNotAllowed(sorted(declared.methods))
        if declared.access is Access.ANYBODY:
            with scope.entered(None):
                return view(request, *args, **kwargs)
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if declared.access is None:
            _check_role(request, declared)
        request.people_read = set()
        with scope.entered(_scope(request, declared)):
            response = once(request, lambda: view(request, *args, **kwargs))
            _keep_reads(request, declared)
        add_never_cache_headers(response)
        return response

    guarded.route = declared  # type: ignore[attr-defined]  # read by the check, the middleware and the walk
    return guarded


def _scope(request: ActorRequest, declared: Route) -> Scope | None:
    """What the page's statements find; nothing for somebody who has no role here."""
    return scope.scope_of(request.actor) if declared.sees is Sees.ROLE and request.actor else None


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    from django.contrib.auth.views import redirect_to_login

    if request.method == "GET":
        return redirect_to_login(request.get_full_path())
    return redirect("account_login")


def _check_role(request: ActorRequest, declared: Route) -> None:
    actor = getattr(request, "actor", None)
    if actor is None or actor.role not in declared.roles:
        raise PermissionDenied("Your role does not include this page.")


def _keep_reads(request: ActorRequest, declared: Route) -> None:
    if not request.people_read:
        return
    if declared.reads is Reads.NOTHING:
        raise RuntimeError(f"The route {declared.name} shows a person's record but declares that it reads nothing.")
    actor = request.actor
    RecordRead.objects.bulk_create(
        RecordRead(
            user_id=request.user.pk,
            user_name=str(request.user),
            role=actor.role,
            organisation=str(actor.organisation or ""),
            partnership_code=actor.partnership.code,
            person_id=person_id,
            route=declared.name,
        )
        for person_id in sorted(request.people_read)
    )
