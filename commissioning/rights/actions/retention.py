"""How long records are kept, and decisions to keep one longer."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role
from commissioning.accounts.permissions import require_commissioner, require_role
from commissioning.core.editing import check
from commissioning.core.errors import Refused
from commissioning.rights.actions.holds import lock_partnership
from commissioning.rights.due import YEARS
from commissioning.rights.models import RetentionReview, RetentionRule
from people.models import Person


@transaction.atomic
def set_years(*, years: Mapping[str, int], version: str | None, by: Actor) -> None:
    """How many years records are kept, by what they are counted from.

    Raises Stale; Refused for fewer than 1 year or over 100.
    """
    require_role(by, Role.ADMINISTRATOR, Role.COMMISSIONER)
    lock_partnership(by.partnership)
    check(version, *RetentionRule.objects.filter(partnership=by.partnership))
    for after, number in years.items():
        if after not in YEARS:
            raise Refused("There is no such rule")
        if not 1 <= number <= 100:
            raise Refused("Enter a number from 1 to 100", field=after)
        RetentionRule.objects.update_or_create(partnership=by.partnership, after=after, defaults={"years": number})


@transaction.atomic
def keep_longer(*, person: Person, keep_until: dt.date, reason: str, by: Actor) -> RetentionReview:
    """A record that is due was looked at and is kept until a later day. Raises Refused."""
    require_commissioner(by)
    if keep_until <= timezone.localdate():
        raise Refused("The day until which it is kept must be in the future", field="keep_until")
    if not reason.strip():
        raise Refused("Enter why it is still needed", field="reason")
    return RetentionReview.objects.create(
        partnership=by.partnership, person=person, keep_until=keep_until, reason=reason.strip(), by_name=by.name
    )
