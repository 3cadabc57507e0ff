"""Reminders: one at the start of a month, one when it is late, to the right managers, without names."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership
from commissioning.core.models import Job
from commissioning.core.periods import Month
from outcomes.actions import notify, request_reminders
from outcomes.models import Checklist, Reminder
from outcomes.queries import due_on
from outcomes.tasks import send_reminder
from outcomes.tests.conftest import ALL_ANSWERS
from people.models import Placement


def test_it_asks_once_at_the_start_and_once_when_late(
    jos_home: Placement, mabel: Membership, sam: Membership, month: Month
) -> None:
    due = due_on(month)
    assert request_reminders(today=due.replace(day=1)) == 1
    assert request_reminders(today=due) == 0
    assert request_reminders(today=due + dt.timedelta(days=1)) == 1
    assert request_reminders(today=due + dt.timedelta(days=15)) == 0
    jobs = Job.objects.filter(name="outcomes.send_reminder")
    assert {job.arguments["membership_id"] for job in jobs} == {mabel.pk}
    assert jobs.count() == 2


def test_it_asks_nothing_of_those_who_have_sent(send: Callable[..., Checklist], month: Month, by_alice: Actor) -> None:
    send(ALL_ANSWERS, month)
    assert notify(partnership=by_alice.partnership, month=month, kind=Reminder.Kind.LATE, by=by_alice) == 0


def test_it_writes_without_names(
    jos_home: Placement, mabel: Membership, month: Month, by_alice: Actor, mailoutbox: list[EmailMessage]
) -> None:
    notify(partnership=by_alice.partnership, month=month, kind=Reminder.Kind.LATE, by=by_alice)
    send_reminder(**Job.objects.get().arguments)
    (mail,) = mailoutbox
    assert mail.to == [mabel.user.email]
    assert f"{month.words} checklists: 1 still to send" == mail.subject
    assert f"?month={month}" in mail.body
    assert "1 of Meadow Farm Support’s 1 checklist for" in mail.body
    assert "Jo" not in mail.body
    assert "&" not in mail.body


def test_it_does_not_write_when_all_came_in_meanwhile(
    send: Callable[..., Checklist],
    jos_home: Placement,
    month: Month,
    by_alice: Actor,
    mailoutbox: list[EmailMessage],
) -> None:
    notify(partnership=by_alice.partnership, month=month, kind=Reminder.Kind.START, by=by_alice)
    send(ALL_ANSWERS, month)
    send_reminder(**Job.objects.get().arguments)
    assert mailoutbox == []


def test_it_is_the_commissioners_to_ask(by_mabel: Actor, month: Month) -> None:
    with pytest.raises(PermissionDenied):
        notify(partnership=by_mabel.partnership, month=month, kind=Reminder.Kind.START, by=by_mabel)
