"""Who may be chosen to pay for support, and what they are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import (
    NHS_KINDS,
    Organisation,
    OrganisationKind,
    Partnership,
    PartnershipOrganisation,
)
from finance.models import CostLine
from finance.queries.book import UNALLOCATED_NAME
from people.models import Placement

_COUNCIL, _ICB, _OTHER = OrganisationKind.COUNCIL, OrganisationKind.ICB, OrganisationKind.OTHER
FUNDING_KINDS = frozenset({_COUNCIL, _OTHER, *NHS_KINDS})


def funders(partnership: Partnership, *, paying_for: Placement | CostLine | None = None) -> QuerySet[Organisation]:
    """Councils and NHS boards first, then other NHS bodies and others; never providers of support or of homes.

    Whoever pays for `paying_for` already is among them, whatever its kind, so that a form does not lose it.
    """
    may_pay = Q(kind__in=FUNDING_KINDS)
    if paying_for is not None:
        may_pay |= Q(pk__in=paying_for.shares.values("funder_id"))
    place = Case(
        When(kind=_COUNCIL, then=Value(0)),
        When(kind=_ICB, then=Value(1)),
        When(kind=_OTHER, then=Value(3)),
        When(kind__in=NHS_KINDS, then=Value(2)),
        default=Value(4),
        output_field=IntegerField(),
    )
    return Organisation.objects.of(partnership).filter(may_pay).order_by(place, "name", "pk")


NOBODY = "Nobody yet"


@dataclass(frozen=True)
class Payers:
    """Who pays by code: their names, what no share covers included; and codes by the organisation's number."""

    names: Mapping[str, str]
    codes: Mapping[int, str]

    def name_of(self, code: str) -> str:
        return self.names.get(code, code)

    def number_of(self, code: str) -> int | None:
        """The organisation's number; None for what no share covers."""
        return {code: number for number, code in self.codes.items()}.get(code)


def payers_of(actor: Actor) -> Payers:
    """One query."""
    links = PartnershipOrganisation.objects.filter(partnership=actor.partnership).select_related("organisation")
    found = [(link.code, link.organisation) for link in links]
    names = {code: str(organisation) for code, organisation in found}
    return Payers({**names, UNALLOCATED_NAME: NOBODY}, {organisation.pk: code for code, organisation in found})
