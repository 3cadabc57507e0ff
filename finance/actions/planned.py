"""What is expected to change and is no price yet."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Partnership
from commissioning.accounts.permissions import require_role
from commissioning.core.editing import lock
from commissioning.core.errors import Refused
from finance.actions.spending import PAYING_ROLES
from finance.models import PlannedChange
from people.models import Person, Placement


@dataclass(frozen=True)
class NewPlannedChange:
    """What somebody expects: pounds a week added at the least, as expected and at the most; less with a minus."""

    kind: str
    on: dt.date
    weekly_low: Decimal
    weekly_expected: Decimal
    weekly_high: Decimal
    note: str
    until: dt.date | None = None
    person: Person | None = None
    placement: Placement | None = None
    funder: Organisation | None = None


@transaction.atomic
def plan_change(*, new: NewPlannedChange, by: Actor) -> PlannedChange:
    """Write down what is expected. Raises Refused for what does not hold together."""
    require_role(by, *PAYING_ROLES)
    Partnership.objects.select_for_update(no_key=True).get(pk=by.partnership.pk)
    check_planned_change(new, by)
    return PlannedChange.objects.create(partnership=by.partnership, reference=_next_reference(by), **vars(new))


@transaction.atomic
def edit_planned_change(
    *, change: PlannedChange, new: NewPlannedChange, state: str, version: str | None, by: Actor
) -> PlannedChange:
    """Correct what is expected, or say that it happened or will not. Raises Stale, Refused."""
    require_role(by, *PAYING_ROLES)
    check_planned_change(new, by)
    found = lock(change, version)
    for name, value in vars(new).items():
        setattr(found, name, value)
    found.state = state
    found.save()
    return found


def check_planned_change(new: NewPlannedChange, by: Actor) -> None:
    """Raises Refused, naming the field."""
    if not new.note.strip():
        raise Refused("Say what is expected", field="note")
    if new.until is not None and new.until < new.on:
        raise Refused("The last day must be the same as or after the first", field="until")
    if new.weekly_expected < new.weekly_low:
        raise Refused("The expected amount must be the least or more", field="weekly_expected")
    if new.weekly_high < new.weekly_expected:
        raise Refused("The most must be the expected amount or more", field="weekly_high")
    if new.person is None and new.funder is None:
        raise Refused("Choose who will pay, as no placement says it", field="funder")
    if new.placement is None and new.funder is None:
        raise Refused("Choose who will pay: this person has no placement on that day", field="funder")
    if new.placement is not None and new.placement.person_id != (new.person.pk if new.person else None):
        raise Refused("Choose a placement of this person", field="person")
    if new.person is not None and new.person.partnership_id != by.partnership.pk:
        raise Refused("Choose a person of your partnership", field="person")


def _next_reference(by: Actor) -> str:
    changes = PlannedChange.objects.filter(partnership=by.partnership)
    taken = set(changes.filter(reference__startswith="PC-").values_list("reference", flat=True))
    return next(each for n in range(len(taken) + 1, len(taken) + 100_000) if (each := f"PC-{n:04d}") not in taken)
