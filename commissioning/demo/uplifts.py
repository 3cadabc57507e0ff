"""The example's annual uplift: one provider's prices from next April, one of them left out, pay and the rest apart."""

import datetime as dt
from decimal import Decimal

from django.db.models import Count

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership, Role
from commissioning.core.periods import FinancialYear
from commissioning.demo import organisations as orgs
from commissioning.demo.stories import JO, MAN, T
from finance.actions import NewUplift, apply_uplift
from finance.models import CostLine, Uplift
from finance.queries.uplifts import Preview, proposed_lines

PAY_SHARE, PAY, REST = Decimal(70), Decimal("6.7"), Decimal("3.2")
TALKS = "Still being negotiated"
# Few prices, so that the year to come stays much as it is, and enough for one to be left out.
AT_LEAST = 4


def uplift_next_april(partnership: Partnership, today: dt.date) -> Uplift | None:
    """The provider with the fewest prices, but some, and nobody of the stories; looked at first, as anybody must."""
    by = Actor.of(Membership.objects.filter(partnership=partnership, role=Role.COMMISSIONER).earliest("pk"))
    start, provider = FinancialYear.of(today).plus(1).first, _provider(partnership)
    if provider is None:
        return None
    risen = [each.line for each in proposed_lines(by, start, None, provider, {}) if not each.why]
    new = NewUplift(start, PAY_SHARE, PAY, REST, provider=provider, left_out=((risen[-1].pk, TALKS),))
    shown = apply_uplift(new=new, shown="", by=by)
    made = apply_uplift(new=new, shown=shown.fingerprint, by=by) if isinstance(shown, Preview) else shown
    return made if isinstance(made, Uplift) else None


def _provider(partnership: Partnership) -> Organisation | None:
    lines = CostLine.objects.filter(partnership=partnership, end=None, placement__end=None, kind="core_support")
    stories = lines.filter(placement__person__reference__in=(JO, MAN, T)).values("placement__provider")
    told = Organisation.objects.filter(links__partnership=partnership, links__code__in=(orgs.MEADOW, orgs.HOMEWARD))
    counted = lines.exclude(placement__provider__in=stories).exclude(placement__provider__in=told)
    counts = counted.values("placement__provider").annotate(count=Count("pk")).filter(count__gte=AT_LEAST)
    found = counts.order_by("count", "placement__provider__name").first()
    return Organisation.objects.get(pk=found["placement__provider"]) if found else None
