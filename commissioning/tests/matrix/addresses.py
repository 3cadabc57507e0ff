"""Every address of the application, filled with everything it could be about: one's own, another's, nobody's."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern
from django.utils.http import urlencode

from commissioning.accounts.checks import every_pattern
from commissioning.core.periods import Month
from commissioning.tests.matrix import policy
from commissioning.tests.matrix.canaries import Canary
from commissioning.tests.matrix.policy import Who
from commissioning.tests.matrix.world import World

OWN, FOREIGN, MISSING = "own", "foreign", "missing"
# One's own address, with a thing of another's chosen in the form.
FOREIGN_INSIDE = "another's within"
# One's own, to read and not to change.
TO_READ = "own to read"
NOBODY = "zq-nobody"
PART = re.compile(r"<(?:(\w+):)?(\w+)>")
# What each address is about, by how it begins: the kind of each of its parts.
ABOUT: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"people/<ref:reference>/responsible/<int:pk>/", ("person", "responsibility")),
    (r"people/<ref:reference>/plan/versions/<int:number>/", ("person", "plan")),
    (r"people/<ref:reference>/goals/<ref:goal_reference>/", ("person", "goal")),
    (r"people/<ref:reference>/circle/<int:pk>/", ("person", "circle")),
    (r"people/<ref:reference>/clinicians/<int:pk>/", ("person", "involvement")),
    (r"people/<ref:reference>/", ("person",)),
    (r"money/people/<ref:reference>/", ("person",)),
    (r"money/placements/<ref:reference>/", ("placement",)),
    (r"money/prices/<ref:reference>/", ("line",)),
    (r"money/payments/providers/<ref:code>/", ("link",)),
    (r"money/payments/files/<int:pk>/", ("import",)),
    (r"money/risk-share/<ref:reference>/statements/<slug:period>/", ("risk share", "period")),
    (r"money/risk-share/<ref:reference>/put-in/<slug:year>/", ("risk share", "period")),
    (r"money/risk-share/<ref:reference>/", ("risk share",)),
    (r"money/budgets/planned/<ref:reference>/", ("planned change",)),
    (r"money/cases/<ref:reference>/", ("case",)),
    (r"money/calendars/<ref:reference>/days/<int:pk>/", ("calendar", "calendar days")),
    (r"money/calendars/<ref:reference>/", ("calendar",)),
    (r"money/uplifts/<int:number>/", ("uplift",)),
    (r"money/month-end/<slug:of>/", ("month end",)),
    (r"costs/cases/<ref:reference>/", ("case",)),
    (r"providers/contracts/on/<ref:reference>/", ("contract",)),
    (r"providers/with/<ref:code>/locations/<int:pk>/", ("link", "location")),
    (r"providers/with/<ref:code>/", ("link",)),
    (r"outcomes/checklists/<ref:reference>/<str:month>/<str:view>/", ("checklist", "month", "view")),
    (r"outcomes/checklists/<ref:reference>/<str:month>/", ("checklist", "month")),
    (r"outcomes/sent/<int:pk>/", ("checklist",)),
    (r"outcomes/incidents/of/<ref:reference>/", ("person",)),
    (r"outcomes/incidents/new/<ref:reference>/", ("person",)),
    (r"outcomes/incident/<ref:reference>/", ("incident",)),
    (r"data/uploads/<int:number>/", ("upload",)),
    (r"reports/boards/<ref:code>/", ("board",)),
    (r"reports/<int:pk>/", ("report",)),
    (r"users/<int:number>/", ("membership",)),
    (r"rights/requests/<int:number>/", ("rights request",)),
    (r"rights/copies/<int:number>/read/<slug:section>/", ("copy", "section")),
    (r"rights/copies/<int:number>/", ("copy",)),
    (r"rights/holds/<int:number>/", ("hold",)),
    (r"rights/erasures/<int:number>/", ("erasure",)),
    (r"account/invitation/<slug:secret>/", ("invitation",)),
    (r"users/roles/<int:membership_id>/", ("membership",)),
    (r"settings/organisations/<ref:code>/", ("link",)),
    (r"today/<slug:key>/", ("need",)),
)
NEEDS = ("plans", "checklists", "contracts", "incidents", "funding", "baselines", "suspensions", "drafts", "suppliers")


@dataclass(frozen=True)
class Address:
    """One address of the resolver. `name` is empty for what django-allauth declared without the route wrapper."""

    name: str
    pattern: str
    is_ours: bool
    callback: Any

    @property
    def about(self) -> tuple[str, ...]:
        """The kinds of things its parts name. Raises LookupError for parts that the table above does not know."""
        if not PART.search(self.pattern):
            return ()
        for begins, kinds in ABOUT:
            if self.pattern.startswith(begins):
                return kinds
        raise LookupError(f"Say in commissioning/tests/matrix/addresses.py what the address {self.pattern} is about.")


@dataclass(frozen=True)
class Target:
    """An address filled in: its path, and whether what it is about is one's own, another's, or nobody's."""

    name: str
    path: str
    whose: str
    told: str = ""
    searched: str = ""


def every_address() -> list[Address]:
    return [_address(text, pattern) for text, pattern in every_pattern()]


def _address(text: str, pattern: URLPattern) -> Address:
    return Address(pattern.name or "", text, hasattr(pattern.callback, "route"), pattern.callback)


def targets(address: Address, who: Who, world: World) -> Iterator[Target]:
    """The address filled with every thing of its kind there is, and with one that there is not."""
    if not address.is_ours:
        yield Target(address.name, _filled(_plain(address.pattern), itertools.repeat("1")), OWN)
        return
    kinds = address.about
    if not kinds:
        yield Target(address.name, f"/{address.pattern}", OWN)
        return
    for arguments, sort in _arguments(kinds, who, world, address.name):
        yield Target(address.name, _filled(address.pattern, iter(arguments)), sort)
    yield Target(address.name, _filled(address.pattern, _nobody(address.pattern, world)), MISSING)


def _plain(pattern: str) -> str:
    """A regular expression of django-allauth's as an address."""
    return re.sub(r"\(\?P<\w+>[^)]*\)", "<str:x>", pattern).replace("^", "").replace("$", "")


def _filled(pattern: str, arguments: Iterator[str]) -> str:
    return "/" + PART.sub(lambda _: next(arguments), pattern)


def _nobody(pattern: str, world: World) -> Iterator[str]:
    for kind, name in PART.findall(pattern):
        if name == "month":
            yield str(world.month)
        elif name == "view":
            yield "staff"
        else:
            yield "2000000000" if kind == "int" else NOBODY


Filled = tuple[tuple[str, ...], str]


def _arguments(kinds: tuple[str, ...], who: Who, world: World, name: str) -> Iterator[Filled]:
    if kinds == ("need",):
        yield from (((key,), FOREIGN) for key in NEEDS)
    elif kinds == ("month end",):
        yield (str(world.month),), OWN  # a month is everybody's; what it shows is one partnership's
    elif kinds == ("copy", "section"):
        for whose, thing in world.things["copy"]:
            yield (str(thing.pk), "person"), OWN if policy.may_reach(who, whose) else FOREIGN
    elif kinds[0] == "checklist" and len(kinds) > 1:
        yield from _checklists(kinds, who, world, name)
    elif len(kinds) == 1:
        for whose, thing in world.things.get(kinds[0], ()):
            sort = OWN if policy.may_reach(who, whose) else FOREIGN
            if sort == OWN and name in policy.CHANGES_WHAT_SOME_READ and not policy.may_change(who, whose):
                sort = TO_READ
            yield (_named(kinds[0], thing),), sort
    else:
        yield from _pairs(kinds, who, world)


def _pairs(kinds: tuple[str, ...], who: Who, world: World) -> Iterator[Filled]:
    """A thing under its own owner; and under an owner of one's own, a thing of somebody else's."""
    first, second = kinds
    owners = {(whose.person or whose.provider, whose.partnership): (whose, it) for whose, it in world.things[first]}
    for whose, thing in world.things[second]:
        owner = owners[whose.person or whose.provider, whose.partnership]
        yield (
            (_named(first, owner[1]), _named(second, thing)),
            OWN if policy.may_reach(who, owner[0]) and policy.may_reach(who, whose) else FOREIGN,
        )
    if second == "plan":
        return  # a number counts within one person's plans
    mine = next((owner for owner in owners.values() if policy.may_reach(who, owner[0])), None)
    if mine is None:
        return
    for whose, thing in world.things[second]:
        if (whose.person or whose.provider) != (mine[0].person or mine[0].provider):
            yield (_named(first, mine[1]), _named(second, thing)), FOREIGN


def _checklists(kinds: tuple[str, ...], who: Who, world: World, name: str) -> Iterator[Filled]:
    own = {
        (whose.person, thing.month)
        for whose, thing in world.things["checklist"]
        if policy.may_reach(who, whose) and (not who.is_provider or whose.provider == who.provider)
    }
    for whose, thing in world.things["checklist"]:
        person = Canary("person", whose.partnership, whose.person)
        reachable = (whose.person, thing.month) in own if who.is_provider else policy.may_reach(who, person)
        arguments = (world.people[whose.person].reference, str(Month.of(thing.month)), thing.view)
        yield arguments[: len(kinds)], OWN if reachable else FOREIGN


def _named(kind: str, thing: Any) -> str:
    """How an address names a thing."""
    if kind in {
        "person", "placement", "line", "contract", "incident", "goal", "risk share", "case", "planned change",
        "calendar",
    }:  # fmt: skip
        return str(thing.reference)
    if kind in {"link", "board"}:
        return str(thing.code)
    return str(thing.number if kind == "plan" else thing.pk)


# --- Searches and filters --------------------------------------------------------------------------------------------

# Addresses that search or narrow by what is typed, and the names of those parts of the address.
SEARCHES = {
    "people": ("q", "provider", "body"),
    "people_search": ("q",),
    "people_csv": ("q", "provider", "body"),
    "incident_create": ("q", "person"),
    "contracts": ("q",),
    "contract_create": ("provider",),
    "providers": ("q",),
    "payments_suppliers": ("q",),
    "cost_explorer": ("provider",),
    "cost_lines": ("provider", "q"),
}


def searches(address: Address, who: Who, world: World) -> Iterator[Target]:
    """What somebody could type: the names, references and numbers of everybody and everything, and of nobody."""
    for parameter in SEARCHES.get(address.name, ()):
        for whose, typed in _typed(world, parameter):
            sort = OWN if policy.may_reach(who, whose) else FOREIGN
            yield _search(address, parameter, typed, sort)
        yield _search(address, parameter, "2000000000" if parameter == "provider" else NOBODY, MISSING)


def _search(address: Address, parameter: str, typed: str, sort: str) -> Target:
    posted = parameter == "q" and address.name in SEARCHED_BY_FORM
    path = f"/{address.pattern}" if posted else f"/{address.pattern}?{urlencode({parameter: typed})}"
    return Target(address.name, path, sort, typed, parameter)


# Searches whose text is sent in a form, so that no address keeps it.
SEARCHED_BY_FORM = frozenset({"people_search", "incident_create"})
# Enough to find out what a search tells: somebody of one's own, of the other provider, before, elsewhere.
TYPED_PEOPLE = ("ada", "ben", "dan", "ivy")


def _typed(world: World, parameter: str) -> Iterator[tuple[Canary, str]]:
    if parameter in {"q", "person"}:
        for whose, person in world.things["person"]:
            if whose.person in TYPED_PEOPLE:
                typed = (person.family_name, person.nhs_number) if parameter == "q" else (person.reference,)
                yield from ((whose, text) for text in typed)
    for whose, link in world.things["link"]:
        if whose.provider == "meadow":
            continue  # nobody's alone: both partnerships work with it
        if parameter == "provider":
            yield whose, str(link.organisation_id)
        if parameter in {"provider", "funder", "body"}:
            yield whose, link.code
        if parameter == "q":
            yield whose, link.organisation.name
