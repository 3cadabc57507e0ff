"""Single records of money within an actor's scope."""

from django.db.models import Model
from django.http import Http404

from commissioning.accounts.actors import Actor
from commissioning.core.errors import Refused
from finance.models import Baseline, CostLine, FundingShare, InvestmentCase, RiskShareAgreement
from people.models import Person, Placement, Suspension


def line_for(actor: Actor, reference: str) -> CostLine:
    """Raises Http404 out of scope."""
    line = (
        CostLine.objects.visible_to(actor)
        .filter(reference=reference)
        .select_related("placement__person", "placement__provider", "contract__provider", "calendar")
        .first()
    )
    if line is None:
        raise Http404
    return line


def placement_for(actor: Actor, reference: str) -> Placement:
    """Raises Http404 out of scope."""
    placement = (
        Placement.objects.visible_to(actor)
        .filter(reference=reference)
        .select_related("person", "provider", "contract", "landlord")
        .first()
    )
    if placement is None:
        raise Http404
    return placement


def open_suspension(placement: Placement) -> Suspension:
    """The suspension that has not resumed, or the latest. Raises Refused where there is none."""
    suspension = placement.suspensions.order_by("-start").first()
    if suspension is None:
        raise Refused("This placement is not suspended.")
    return suspension


def shares_now(of: Placement | CostLine) -> list[FundingShare]:
    """The shares of a placement, or of a line's own, that have no end yet."""
    return [share for share in shares_of(of) if share.end is None]


def kept_with(placement: Placement) -> list[Model]:
    """A placement with what ends when it ends: its prices, who pays and its suspensions."""
    return [placement, *placement.cost_lines.all(), *placement.shares.all(), *placement.suspensions.all()]


def shares_of(of: Placement | CostLine) -> list[FundingShare]:
    """Every share of a placement as a whole, or of a line's own."""
    shares = of.shares.filter(line__isnull=True) if isinstance(of, Placement) else of.shares.all()
    return list(shares.select_related("funder"))


def baselines_of(person: Person) -> list[Baseline]:
    """The person's baseline, or nothing."""
    return list(Baseline.objects.filter(person=person))


def kept_with_agreement(agreement: RiskShareAgreement) -> list[Model]:
    """A risk-share agreement with all that partners edit of it: percentages, lines, contributions and transfers."""
    children = (agreement.percents, agreement.lines, agreement.contributions, agreement.transfers)
    return [agreement, *(row for rows in children for row in rows.all())]


def kept_with_case(case: InvestmentCase) -> list[Model]:
    """An invest-to-save case with all that is edited of it: money, savings, people and beds."""
    children = (case.funding, case.savings, case.people, case.beds)
    return [case, *(row for rows in children for row in rows.all())]
