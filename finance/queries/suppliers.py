"""Suppliers of published spending, to be matched to providers: the likely ones first, then the largest."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Q, QuerySet, Sum

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import PartnershipOrganisation
from commissioning.core.money import to_pence
from finance.models import Supplier
from finance.payments.likeness import Likely
from providers.models import PROVIDER_KINDS

NOT_A_PROVIDER = "not-a-provider"
NOT_A_PROVIDER = "not-a-provider"
OPEN, MATCHED, NOT_PROVIDERS = "open", "matched", "not-providers"
STATES = ((OPEN, "Not matched yet"), (MATCHED, "Matched to a provider"), (NOT_PROVIDERS, "Not a provider"))


@dataclass(frozen=True)
class SupplierRow:
    """One supplier as it may be shown, what it was paid in all (whole pence), and who it is or is likely to be.

    `provider` is the partnership's code of the match a person made; `likely` of the one its name suggests.
    """

    pk: int
    supplier_id: str
    name: str
    other_names: tuple[str, ...]
    payments: int
    pence: int
    last_paid_on: dt.date | None
    provider: str
    is_not_a_provider: bool
    likely: str
    likely_name: str


def providers_to_match(actor: Actor) -> list[tuple[str, str]]:
    """The partnership's providers by name, each as (code, name)."""
    links = PartnershipOrganisation.objects.filter(
        partnership=actor.partnership, organisation__kind__in=PROVIDER_KINDS
    ).order_by("organisation__name")
    return list(links.values_list("code", "organisation__name"))


def suppliers_to_match(actor: Actor, *, state: str = OPEN, q: str = "") -> list[SupplierRow]:
    """The suppliers in one state, private persons left out. Three queries, however many there are."""
    names = dict(providers_to_match(actor))
    found = list(_found(actor, state, q))
    likely = Likely(names, [name for supplier in found for name in supplier.names[-1:]])
    codes = _codes(actor)
    rows = [_row(supplier, names, likely, codes) for supplier in found]
    return sorted(rows, key=lambda row: (not row.likely, -row.pence, row.supplier_id))


def suppliers_named(actor: Actor, supplier_ids: Iterable[str]) -> list[Supplier]:
    """The actor's suppliers with these IDs, in the order of the IDs; private persons left out."""
    found = Supplier.objects.visible_to(actor).exclude(kind=Supplier.Kind.INDIVIDUAL).select_related("provider")
    by_id = {each.supplier_id: each for each in found.filter(supplier_id__in=list(supplier_ids))}
    return [by_id[each] for each in supplier_ids if each in by_id]


def decided(actor: Actor, suppliers: Iterable[Supplier]) -> dict[str, str]:
    """What was decided about each, by supplier ID: a provider's code, `not-a-provider`, or nothing yet."""
    codes = _codes(actor)
    return {
        each.supplier_id: NOT_A_PROVIDER if each.not_a_provider else codes.get(each.provider_id or 0, "")
        for each in suppliers
    }


def _codes(actor: Actor) -> dict[int, str]:
    links = PartnershipOrganisation.objects.filter(partnership=actor.partnership)
    return dict(links.values_list("organisation_id", "code"))


def _found(actor: Actor, state: str, q: str) -> QuerySet[Supplier]:
    suppliers = Supplier.objects.visible_to(actor).exclude(kind=Supplier.Kind.INDIVIDUAL)
    if state == MATCHED:
        suppliers = suppliers.filter(provider__isnull=False)
    elif state == NOT_PROVIDERS:
        suppliers = suppliers.filter(not_a_provider=True)
    else:
        suppliers = suppliers.filter(provider__isnull=True, not_a_provider=False)
    if q:
        # A name that is not shown cannot be searched for either.
        by_name = Q(kind=Supplier.Kind.ORGANISATION, names__icontains=q)
        suppliers = suppliers.filter(Q(supplier_id__icontains=q) | by_name)
    return suppliers.annotate(paid=Sum("payments__amount"), count=Count("payments"), latest=Max("payments__paid_on"))


def _row(supplier: Supplier, names: dict[str, str], likely: Likely, codes: dict[int, str]) -> SupplierRow:
    provider = codes.get(supplier.provider_id or 0, "")
    best = "" if provider or supplier.not_a_provider else likely.best(supplier.names) or ""
    return SupplierRow(
        pk=supplier.pk,
        supplier_id=supplier.supplier_id,
        name=supplier.shown_name,
        other_names=tuple(supplier.other_names),
        payments=getattr(supplier, "count", 0),
        pence=to_pence(getattr(supplier, "paid", None) or Decimal(0)),
        last_paid_on=getattr(supplier, "latest", None),
        provider=provider,
        is_not_a_provider=supplier.not_a_provider,
        likely=best,
        likely_name=names.get(best, ""),
    )
