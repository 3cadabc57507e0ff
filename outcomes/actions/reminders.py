"""Calm reminders: a provider's managers hear of a month once at its start, and once more only when it is late."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Partnership, Role
from commissioning.accounts.permissions import require_commissioner
from commissioning.core.jobs import enqueue
from commissioning.core.periods import Month
from outcomes.models import Reminder
from outcomes.queries.due import due_on, last_month, people_months


@transaction.atomic
def notify(*, partnership: Partnership, month: Month, kind: str, by: Actor, today: dt.date | None = None) -> int:
    """Remind the managers of every provider that has something to do for a month; how many e-mails were asked for.

    Each provider is reminded of each kind once a month, however often this runs. A month that is all in brings none.
    """
    require_commissioner(by)
    today = today or timezone.localdate()
    to_do = {row.provider.pk for row in people_months(by, month) if not row.is_in}
    asked = 0
    for provider_id in sorted(to_do):
        reminder, is_new = Reminder.objects.get_or_create(
            partnership=partnership, provider_id=provider_id, month=month.first, kind=kind
        )
        if is_new:
            asked += _enqueue_each(reminder, today)
    return asked


def _enqueue_each(reminder: Reminder, today: dt.date) -> int:
    """One e-mail, and so one job, for each manager: one that fails does not repeat the others."""
    managers = Membership.objects.current(today).filter(
        partnership_id=reminder.partnership_id, organisation_id=reminder.provider_id, role=Role.PROVIDER_MANAGER
    )
    asked = list(managers.order_by("pk").values_list("pk", flat=True))
    for membership_id in asked:
        enqueue("outcomes.send_reminder", reminder_id=reminder.pk, membership_id=membership_id)
    return len(asked)


def request_reminders(*, today: dt.date | None = None) -> int:
    """What the clock asks for: the start of last month's checklists, and from the day after they were due, lateness."""
    today = today or timezone.localdate()
    month = last_month(today)
    kind = Reminder.Kind.LATE if today > due_on(month) else Reminder.Kind.START
    asked = 0
    for partnership in Partnership.objects.order_by("pk"):
        by = Actor.system(partnership)
        with scope.acting(by):
            asked += notify(partnership=partnership, month=month, kind=kind, by=by, today=today)
    return asked
