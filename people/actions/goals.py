"""A person's goals, in their words, with progress by goal-attainment scaling."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role
from commissioning.accounts.permissions import require_role
from commissioning.core.editing import lock
from commissioning.core.errors import Refused
from people.models import Goal, Person


@transaction.atomic
def add_goal(*, person: Person, words: str, domain: str, agreed_on: dt.date, reference: str = "", by: Actor) -> Goal:
    """A goal the person agreed to. Without a reference it gets the next one of the person's. Raises Refused."""
    require_role(by, Role.COMMISSIONER, Role.CLINICIAN)
    Person.objects.select_for_update().get(pk=person.pk)
    _check_days(person, agreed_on, None)
    return Goal.objects.create(
        person=person,
        partnership=person.partnership,
        reference=reference or _next_reference(person),
        words=_words(words),
        domain=domain.strip(),
        agreed_on=agreed_on,
    )


@transaction.atomic
def change_goal(
    *,
    goal: Goal,
    version: str | None,
    words: str,
    domain: str,
    status: str,
    progress: int | None,
    reviewed_on: dt.date | None,
    by: Actor,
) -> Goal:
    """Keeps a review of a goal: progress from −2 (much less than hoped) to +2 (much better), and its status.

    Raises Stale if somebody saved it since; Refused for progress without the day of its review, or other faults.
    """
    require_role(by, Role.COMMISSIONER, Role.CLINICIAN)
    current = lock(goal, version)
    if progress is not None and progress not in Goal.PROGRESS:
        raise Refused("Choose progress from −2 to +2", field="progress")
    if progress is not None and reviewed_on is None:
        raise Refused("Enter the day of the review", field="reviewed_on")
    _check_days(current.person, current.agreed_on, reviewed_on)
    current.words, current.domain = _words(words), domain.strip()
    current.status, current.progress, current.reviewed_on = status, progress, reviewed_on
    current.save()
    return current


def _words(text: str) -> str:
    words = " ".join(text.split()).strip('“”"')
    if not words:
        raise Refused("Write the goal in the person’s words", field="words")
    return words


def _check_days(person: Person, agreed_on: dt.date, reviewed_on: dt.date | None) -> None:
    today = timezone.localdate()
    if agreed_on > today:
        raise Refused("The day it was agreed must not be in the future", field="agreed_on")
    if agreed_on < person.date_of_birth:
        raise Refused("The day it was agreed must be after the person’s date of birth", field="agreed_on")
    if reviewed_on is not None and reviewed_on > today:
        raise Refused("The day of the review must not be in the future", field="reviewed_on")
    if reviewed_on is not None and reviewed_on < agreed_on:
        raise Refused("The review must be on or after the day the goal was agreed", field="reviewed_on")


def _next_reference(person: Person) -> str:
    """`JO-G5`; the person's reference is shortened where the whole would be over 40 characters."""
    number = Goal.objects.filter(person=person).count() + 1
    while True:
        reference = f"{person.reference[:33]}-G{number}"
        if not Goal.objects.filter(partnership=person.partnership, reference=reference).exists():
            return reference
        number += 1
