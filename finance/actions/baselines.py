"""What a person's support cost before anything changed."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from commissioning.accounts.actors import Actor
from commissioning.accounts.permissions import require_commissioner
from commissioning.core.editing import check
from commissioning.core.errors import Refused
from finance.models import Baseline
from people.models import Person


@transaction.atomic
def set_baseline(
    *,
    person: Person,
    weekly_cost: Decimal,
    as_at: dt.date,
    source: str,
    scope: str,
    version: str | None = None,
    by: Actor,
) -> Baseline:
    """Record or repair a person's baseline. Raises Stale; Refused without a source, or for a negative cost."""
    require_commissioner(by)
    Person.objects.select_for_update().get(pk=person.pk)
    check(version, *Baseline.objects.filter(person=person))
    if weekly_cost < 0:
        raise Refused("Enter a weekly cost of £0 or more", field="weekly_cost")
    if not source.strip():
        raise Refused("Say where the figure comes from", field="source")
    values = {"weekly_cost": weekly_cost, "as_at": as_at, "source": source.strip(), "scope": scope}
    baseline, _ = Baseline.objects.update_or_create(person=person, defaults=values)
    return baseline
