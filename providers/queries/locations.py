"""Registered locations that nobody has matched to an organisation yet, with a likely one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import PartnershipOrganisation
from providers.models import PROVIDER_KINDS, Location
from providers.queries.organisations import link_for

# Words that say what a provider is, not which one it is.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "limited ltd plc llp cic cio company co group holdings the and of uk"
        " services service care support living homes home",
    )
)
LIKELY = 0.5


@dataclass(frozen=True)
class Unmatched:
    """A provider named in the register, its locations, and the organisation it is likely to be."""

    provider_name: str
    locations: tuple[Location, ...]
    suggestion: PartnershipOrganisation | None


def unmatched_locations(actor: Actor, *, q: str = "") -> list[Unmatched]:
    """Providers of the register without an organisation, the ones with a likely match first. Two queries."""
    locations = Location.objects.visible_to(actor).filter(organisation__isnull=True)
    if q:
        locations = locations.filter(Q(name__icontains=q) | Q(provider_name__icontains=q))
    groups: dict[str, list[Location]] = {}
    for location in locations.order_by("provider_name", "name"):
        groups.setdefault(location.provider_name, []).append(location)
    links = list(organisations_to_match(actor))
    found = [Unmatched(name, tuple(group), likely(name, links)) for name, group in groups.items()]
    return sorted(found, key=lambda each: (each.suggestion is None, each.provider_name.lower()))


def organisations_to_match(actor: Actor) -> "Iterable[PartnershipOrganisation]":
    """The partnership's providers, by name."""
    links = PartnershipOrganisation.objects.filter(partnership=actor.partnership).select_related("organisation")
    return links.filter(organisation__kind__in=[*PROVIDER_KINDS, "council"]).order_by("organisation__name")


def likely(provider_name: str, links: list[PartnershipOrganisation]) -> PartnershipOrganisation | None:
    """The organisation whose name shares most of its telling words with this one; None where none shares half."""
    wanted = telling_words(provider_name)
    scored = [(_likeness(wanted, telling_words(link.organisation.name)), link) for link in links]
    best = max(scored, key=lambda each: each[0], default=(0.0, None))
    return best[1] if best[0] >= LIKELY else None


def telling_words(name: str) -> frozenset[str]:
    words = re.findall(r"[a-z0-9]+", name.lower().replace("'", "").replace("’", "").replace(".", ""))
    telling = frozenset(word for word in words if word not in _COMMON)
    return telling or frozenset(words)


def _likeness(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / len(first | second) if first | second else 0.0


def location_for(actor: Actor, code: str, pk: int) -> Location:
    """A location matched to an organisation of the partnership. Raises Http404 for any other."""
    organisation = link_for(actor, code).organisation
    location = Location.objects.visible_to(actor).filter(pk=pk, organisation=organisation).first()
    if location is None:
        raise Http404("No such location of theirs")
    return location


def listed(actor: Actor) -> int:
    """How many locations of the register are known."""
    return Location.objects.visible_to(actor).count()
