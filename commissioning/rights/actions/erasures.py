"""Erasure in two people's hands: one asks with a preview, another approves just that, a worker does it at once."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Partnership
from commissioning.accounts.permissions import require_commissioner
from commissioning.audit import history
from commissioning.core.errors import Refused
from commissioning.core.jobs import enqueue
from commissioning.rights import erased, erasing
from commissioning.rights.actions.exports import check_is_another
from commissioning.rights.actions.holds import lock_partnership
from commissioning.rights.history import erase_history
from commissioning.rights.models import Erasure, RightsRequest
from commissioning.rights.previewing import against, preview_of, years_of
from people.models import Person

State = Erasure.State
CHANGED = "The record changed since the preview. Nothing was erased. Ask again with a new preview"


class MoneyMoved(RuntimeError):
    """An erasure would change a figure of past money, so that nothing of it is kept."""


@transaction.atomic
def ask_for_erasure(*, person: Person, why: str, fingerprint: str, by: Actor) -> Erasure:
    """Ask a second person to approve what the preview with this fingerprint showed.

    Raises Refused for a hold, support that goes on, an unanswered request, time that is not over, a changed record.
    """
    require_commissioner(by)
    locked = _lock_person(person)
    request = _erasure_request(locked)
    if why == Erasure.Why.REQUEST and request is None:
        raise Refused("Log the person’s request for erasure first", field="why")
    _check_nothing_against(locked, why)
    preview = preview_of(locked)
    if preview.fingerprint != fingerprint:
        raise Refused("The record changed while you were looking at it. Look at the preview again")
    try:
        with transaction.atomic():
            return Erasure.objects.create(
                partnership=by.partnership,
                person=locked,
                request=request if why == Erasure.Why.REQUEST else None,
                why=why,
                preview=preview.as_json(),
                fingerprint=preview.fingerprint,
                asked_by=by.user,
                asked_by_name=by.name,
                asked_at=timezone.now(),
            )
    except IntegrityError as error:
        raise Refused("Somebody has asked for this erasure already") from error


def _erasure_request(person: Person) -> RightsRequest | None:
    return RightsRequest.objects.filter(person=person, kind=RightsRequest.Kind.ERASURE).waiting().first()


def _check_nothing_against(person: Person, why: str) -> None:
    reasons = against(person, why=why, today=timezone.localdate())
    if Erasure.objects.filter(person=person, state=State.DONE).exists():
        reasons.append("This record is erased already.")
    if reasons:
        raise Refused(" ".join(reasons))


@transaction.atomic
def withdraw_erasure(*, erasure: Erasure, by: Actor) -> None:
    """Take back what was asked for; either of the two may, until it is approved. Raises Refused."""
    require_commissioner(by)
    current = _lock(erasure.pk)
    if current.state != State.WAITING:
        raise Refused("This erasure is not waiting for approval")
    current.state = State.WITHDRAWN
    current.save(update_fields=["state"])


@transaction.atomic
def approve_erasure(*, erasure: Erasure, by: Actor) -> None:
    """The second person's approval; a worker then erases.

    Raises PermissionDenied, and Refused for the one who asked, for a second approval, for a hold placed meanwhile, and
    where the record is no longer as the preview showed it.
    """
    require_commissioner(by)
    current = _lock(erasure.pk)
    if current.state != State.WAITING:
        raise Refused("This erasure is not waiting for approval")
    check_is_another(asked_by_id=current.asked_by_id, by=by)
    person = _lock_person(current.person)
    _check_nothing_against(person, current.why)
    if preview_of(person).fingerprint != current.fingerprint:
        raise Refused(CHANGED)
    current.state = State.APPROVED
    current.approved_by, current.approved_by_name = by.user, another_name(by, current.asked_by_name)
    current.approved_at = timezone.now()
    current.save()
    enqueue("rights.erase", erasure_id=current.pk)


def another_name(by: Actor, asked_by_name: str) -> str:
    """The approver's name; with the e-mail address where both are called alike, so that the record shows two people."""
    return f"{by.name} ({by.user.email})" if by.user and by.name == asked_by_name else by.name


def erase(*, erasure_id: int) -> None:
    """The worker's part: all in one transaction. A hold or a change since the approval stops it, and says so."""
    with transaction.atomic(), history.said(by="As One", reason=f"Erasure {erasure_id}"):
        current = _lock(erasure_id)
        if current.state != State.APPROVED:
            return
        person = _lock_person(current.person)
        reasons = against(person, why=current.why, today=timezone.localdate())
        if preview_of(person).fingerprint != current.fingerprint:
            reasons.append(f"{CHANGED}.")
        if reasons:
            current.state, current.stopped_because = State.STOPPED, " ".join(reasons)[:500]
            current.save(update_fields=["state", "stopped_because"])
            return
        _erase(current, person, stub=erasing.new_stub_reference(person))


@transaction.atomic
def erase_again(*, gone: erased.Erased) -> bool:
    """Do an erasure again that a restored backup does not know of; False where the record is erased or is not there.

    Raises Refused for a partnership that is not here.
    """
    partnership = Partnership.objects.filter(code=gone.partnership).first()
    if partnership is None:
        raise Refused(f"There is no partnership {gone.partnership} here")
    person = Person.objects.filter(partnership=partnership, pk=gone.person).first()
    if person is None or Erasure.objects.filter(person=person, state=State.DONE).exists():
        return False
    Erasure.objects.filter(person=person, state__in=[State.WAITING, State.APPROVED]).update(
        state=State.STOPPED, stopped_because="Erased before the backup was restored."
    )
    erasure = Erasure.objects.create(
        partnership=partnership,
        person=person,
        why=gone.why,
        state=State.APPROVED,
        asked_by_name=gone.asked_by,
        approved_by_name=gone.approved_by,
        preview={"again": True},
    )
    with history.said(by="As One", reason="Erased again after a backup was restored"):
        _erase(erasure, _lock_person(person), stub=gone.stub)
    return True


def _erase(erasure: Erasure, person: Person, *, stub: str) -> None:
    money, shared, years = erasing.money_of(person), erasing.shared_money_of(person), years_of(person)
    rows = erasing.Scrub(person, stub).run()
    gone = erase_history(erasure)
    if erasing.money_of(person) != money or erasing.shared_money_of(person) != shared:
        raise MoneyMoved(f"Erasure {erasure.pk} would change past money.")
    erasure.rows = {"records": rows, "history": gone}
    erasure.stub_reference, erasure.state, erasure.done_at = stub, State.DONE, timezone.now()
    for name, year in years.items():
        setattr(erasure, name, year)
    erasure.save()
    said = erased.Erased.of(erasure)
    transaction.on_commit(lambda: erased.note(said))


def _lock(erasure_id: int) -> Erasure:
    found = Erasure.objects.select_for_update(of=("self",)).select_related("person__partnership", "partnership")
    return found.get(pk=erasure_id)


def _lock_person(person: Person) -> Person:
    """The partnership first, as holds do, then the person."""
    lock_partnership(person.partnership)
    return Person.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=person.pk)
