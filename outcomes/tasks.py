"""Background work of outcomes: reminders by e-mail, which carry counts and a link, never a person's name."""

from celery import shared_task
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Role
from commissioning.core import letters
from commissioning.core.periods import Month
from outcomes.actions.reminders import request_reminders as ask_for_reminders
from outcomes.models import Reminder
from outcomes.queries.due import checklists_due


@shared_task(name="outcomes.request_reminders")
def request_reminders() -> None:
    """Run by the clock; safe to run at any time and as often as wished."""
    ask_for_reminders()


@shared_task(name="outcomes.send_reminder")
def send_reminder(reminder_id: int, membership_id: int) -> None:
    """One e-mail to one manager; none if by now everything is in or they are no longer the manager."""
    reminder = Reminder.objects.select_related("partnership", "provider").get(pk=reminder_id)
    membership = (
        Membership.objects.filter(
            pk=membership_id,
            partnership=reminder.partnership,
            organisation=reminder.provider,
            role=Role.PROVIDER_MANAGER,
            user__is_active=True,
        )
        .select_related("user", "partnership", "organisation")
        .first()
    )
    if membership is None:
        return
    month = Month.of(reminder.month)
    with scope.acting(Actor.of(membership)):
        due = checklists_due(Actor.of(membership), month)
    if not due.to_do_count:
        return
    context = {
        "due": due,
        "is_late": reminder.kind == Reminder.Kind.LATE,
        "provider": reminder.provider,
        "partnership": reminder.partnership,
        "name": membership.user.name,
        "address": f"{settings.SITE_ADDRESS}{reverse('outcomes_month')}?month={month}",
    }
    subject = render_to_string("outcomes/email/reminder_subject.txt", context).strip()
    letters.send(subject, render_to_string("outcomes/email/reminder.txt", context), membership.user.email)
