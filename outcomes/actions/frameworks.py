"""The framework that ships, put to use."""

from dataclasses import asdict

from django.db import transaction

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Partnership
from commissioning.core.periods import Month
from outcomes import framework as shipped
from outcomes.models import Framework, Measure
from outcomes.queries.frameworks import framework_in_force


@transaction.atomic
def ensure_default_framework(*, partnership: Partnership, by: Actor) -> Framework:
    """The framework that ships, in a partnership; made once, without a date, so any agreed one comes before it."""
    framework, is_new = Framework.objects.get_or_create(
        partnership=partnership,
        code=shipped.CODE,
        version=shipped.VERSION,
        defaults={"title": shipped.TITLE},
    )
    if is_new:
        Measure.objects.bulk_create(
            Measure(framework=framework, position=place, **asdict(measure))
            for place, measure in enumerate(shipped.MEASURES, start=1)
        )
    return framework


def ensure_framework(*, partnership: Partnership, month: Month, by: Actor) -> Framework:
    """The framework in force in a month; the one that ships where no other is."""
    return framework_in_force(partnership, month) or ensure_default_framework(partnership=partnership, by=by)
