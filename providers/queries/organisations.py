"""Providers and other organisations a partnership works with."""

import datetime as dt
from dataclasses import dataclass

from django.http import Http404

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import OrganisationKind, PartnershipOrganisation
from providers.models import PROVIDER_KINDS, Contract, Location
from providers.queries.contracts import ContractRow, row_of
from providers.supported import people_by_contract, people_by_provider


@dataclass(frozen=True)
class ProviderRow:
    """An organisation of the partnership with what it does there now."""

    code: str
    name: str
    kind: str
    people: int
    contracts: int
    locations: int
    ends_next: dt.date | None


@dataclass(frozen=True)
class ProviderPage:
    """One organisation: its people (a number), contracts and registered locations, and where its record is shared."""

    link: PartnershipOrganisation
    people: int
    contracts: tuple[ContractRow, ...]
    locations: tuple[Location, ...]
    other_partnerships: int

    @property
    def has_ratings(self) -> bool:
        return any(location.rating for location in self.locations)


def link_for(actor: Actor, code: str) -> PartnershipOrganisation:
    """The partnership's link to an organisation; a provider reaches its own only. Raises Http404."""
    links = PartnershipOrganisation.objects.filter(partnership=actor.partnership).select_related("organisation")
    if actor.is_provider:
        links = links.filter(organisation=actor.organisation)
    link = links.filter(code=code).first()
    if link is None:
        raise Http404("No such organisation")
    return link


def providers_list(actor: Actor, today: dt.date, *, q: str = "", kind: str = "") -> list[ProviderRow]:
    """Providers and landlords by name, or the organisations of one kind. Four queries, however many there are."""
    links = PartnershipOrganisation.objects.filter(partnership=actor.partnership).select_related("organisation")
    links = links.filter(organisation__kind__in=[kind] if kind in OrganisationKind.values else PROVIDER_KINDS)
    if q:
        links = links.filter(organisation__name__icontains=q) | links.filter(code__icontains=q)
    people = people_by_provider(actor, today)
    ends: dict[int, list[dt.date | None]] = {}
    for provider, end in Contract.objects.visible_to(actor).in_force(today).values_list("provider_id", "end"):
        ends.setdefault(provider, []).append(end)
    locations: dict[int, int] = {}
    for pk in Location.objects.filter(organisation__links__partnership=actor.partnership).values_list(
        "organisation_id", flat=True
    ):
        locations[pk or 0] = locations.get(pk or 0, 0) + 1
    return [
        ProviderRow(
            code=link.code,
            name=link.organisation.name,
            kind=link.organisation.get_kind_display(),
            people=people.get(link.organisation_id, 0),
            contracts=len(ends.get(link.organisation_id, [])),
            locations=locations.get(link.organisation_id, 0),
            ends_next=min((end for end in ends.get(link.organisation_id, []) if end), default=None),
        )
        for link in links.order_by("organisation__name", "code")
    ]


def provider_page(actor: Actor, code: str, today: dt.date) -> ProviderPage:
    """One organisation. Raises Http404 where it is out of the actor's reach."""
    link = link_for(actor, code)
    under = people_by_contract(actor, today)
    contracts = Contract.objects.visible_to(actor).filter(provider=link.organisation).select_related("provider")
    return ProviderPage(
        link=link,
        people=people_by_provider(actor, today).get(link.organisation_id, 0),
        contracts=tuple(row_of(each, under.get(each.pk, 0), today) for each in contracts.order_by("-start")),
        locations=tuple(Location.objects.visible_to(actor).filter(organisation=link.organisation)),
        other_partnerships=link.organisation.links.exclude(partnership=actor.partnership).count(),
    )
