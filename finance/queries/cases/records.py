"""Cases within an actor's scope, and the discount schedule of each."""

from decimal import Decimal

from django.conf import settings
from django.http import Http404

from commissioning.accounts.actors import Actor
from finance.models import InvestmentCase
from finance.payback import GREEN_BOOK, Band, Schedule

LAST_YEAR = 200


def cases_of(actor: Actor) -> list[InvestmentCase]:
    """The partnership's cases by reference."""
    return list(InvestmentCase.objects.visible_to(actor))


def case_for(actor: Actor, reference: str) -> InvestmentCase:
    """Raises Http404 out of scope."""
    case = InvestmentCase.objects.visible_to(actor).filter(reference=reference).select_related("partnership").first()
    if case is None:
        raise Http404
    return case


def schedule_of(case: InvestmentCase) -> Schedule:
    """The case's own rate, or the Green Book's, which the setting DISCOUNT_SCHEDULE may replace."""
    if case.discount == InvestmentCase.Discount.OWN:
        percent = case.discount_percent or Decimal(0)
        return Schedule("A rate of our own", (Band(0, LAST_YEAR, percent),))
    schedule: Schedule = getattr(settings, "DISCOUNT_SCHEDULE", GREEN_BOOK)
    return schedule
