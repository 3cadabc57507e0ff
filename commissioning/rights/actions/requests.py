"""What people asked about their data: logging it, who they are, more time, the answer."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.permissions import require_commissioner
from commissioning.core import periods
from commissioning.core.editing import lock
from commissioning.core.errors import Refused
from commissioning.rights.due import due_on, extended_due_on
from commissioning.rights.models import RightsRequest
from people.models import Person


@transaction.atomic
def log_request(
    *,
    person: Person,
    kind: str,
    received_on: dt.date,
    asked_by: str,
    by: Actor,
    words: str = "",
    asked_by_name: str = "",
    authority: str = "",
    identity_checked: str = "",
) -> RightsRequest:
    """A request of a person, or of somebody with authority to act for them; due in one calendar month.

    Raises Refused for a day to come, and for a representative without a name or without authority.
    """
    require_commissioner(by)
    if received_on > timezone.localdate():
        raise Refused("The day it was received cannot be in the future", field="received_on")
    if asked_by == RightsRequest.AskedBy.REPRESENTATIVE:
        _check_representative(asked_by_name, authority)
    return RightsRequest.objects.create(
        partnership=by.partnership,
        person=person,
        kind=kind,
        words=words.strip(),
        received_on=received_on,
        asked_by=asked_by,
        asked_by_name=asked_by_name.strip(),
        authority=authority.strip(),
        identity_checked=identity_checked.strip(),
        due_on=due_on(received_on),
        logged_by=by.user,
        logged_by_name=by.name,
    )


def _check_representative(name: str, authority: str) -> None:
    if not name.strip():
        raise Refused("Enter who asked on the person’s behalf", field="asked_by_name")
    if not authority.strip():
        raise Refused(
            "Enter what lets them act for the person, such as a lasting power of attorney or the person’s own letter",
            field="authority",
        )


@transaction.atomic
def record_identity(
    *, request: RightsRequest, version: str | None, identity_checked: str, authority: str, by: Actor
) -> RightsRequest:
    """How it was made sure who asks, and for a representative by what right. Raises Stale and Refused."""
    require_commissioner(by)
    current = _open(request, version)
    if current.asked_by == RightsRequest.AskedBy.REPRESENTATIVE:
        _check_representative(current.asked_by_name, authority)
    current.identity_checked, current.authority = identity_checked.strip(), authority.strip()
    current.save()
    return current


@transaction.atomic
def extend_request(*, request: RightsRequest, version: str | None, reason: str, by: Actor) -> RightsRequest:
    """Two further months for what is complex or many, said to the person within the first (UK GDPR art. 12(3)).

    Raises Stale; Refused when it was extended before, or the first month is over.
    """
    require_commissioner(by)
    current = _open(request, version)
    if current.is_extended:
        raise Refused("The time was extended already; it cannot be extended again")
    if timezone.localdate() > current.due_on:
        raise Refused(
            f"It was due on {periods.words(current.due_on)}: the person must be told of an extension within that time"
        )
    if not reason.strip():
        raise Refused("Enter why more time is needed; the person must be told", field="reason")
    current.extension_reason, current.due_on = reason.strip(), extended_due_on(current.received_on)
    current.save()
    return current


@transaction.atomic
def finish_request(
    *, request: RightsRequest, version: str | None, outcome: str, outcome_words: str, by: Actor
) -> RightsRequest:
    """What came of it. Raises Stale; Refused without words, or where the asker’s identity was never checked."""
    require_commissioner(by)
    current = _open(request, version)
    if not outcome_words.strip():
        raise Refused("Enter what was done, or why not, as it was told to the person", field="outcome_words")
    done = outcome in {RightsRequest.Outcome.DONE, RightsRequest.Outcome.PARTLY}
    if done and not current.identity_checked:
        raise Refused("Record first how it was checked who asked", field="outcome")
    current.outcome, current.outcome_words = outcome, outcome_words.strip()
    current.done_on = timezone.localdate()
    current.save()
    return current


def _open(request: RightsRequest, version: str | None) -> RightsRequest:
    current = lock(request, version)
    if not current.is_waiting:
        raise Refused("This request is finished")
    return current
