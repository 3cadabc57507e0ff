"""A copy of one person's data: prepared by one, approved by another, made by a worker, handed over, then emptied."""

import datetime as dt
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.permissions import require_commissioner
from commissioning.core.errors import Refused
from commissioning.core.jobs import enqueue
from commissioning.rights.exporting import Gathered, fingerprint_of, gather_all, make_zip, sift
from commissioning.rights.models import AccessExport, ColumnDecision, RightsRequest, TextDecision

logger = logging.getLogger(__name__)

KEPT_DAYS = 30
State = AccessExport.State
CHANGED = "The record or a decision changed since the copy was prepared. Look at the preview again, then ask again"


@dataclass(frozen=True)
class TextChoice:
    """What somebody decided about one text; `words` are those to black out."""

    key: str
    choice: str
    words: tuple[str, ...] = ()
    reason: str = ""


@transaction.atomic
def begin_export(*, request: RightsRequest, by: Actor) -> AccessExport:
    """Start to prepare the copy that a request asks for; the one that was begun, if it was. Raises Refused."""
    require_commissioner(by)
    locked = RightsRequest.objects.select_for_update().get(pk=request.pk)
    if locked.kind != RightsRequest.Kind.ACCESS or not locked.is_waiting:
        raise Refused("A copy is made for a request for a copy that is not finished")
    export, _made = AccessExport.objects.get_or_create(
        request=locked, defaults={"partnership": by.partnership, "person": locked.person}
    )
    return export


@transaction.atomic
def decide_columns(*, export: AccessExport, decisions: Mapping[str, tuple[bool, str]], by: Actor) -> None:
    """Whether each column goes out, and if not, why: (given, reason) by the column's key. Raises Refused."""
    current = _preparing(export, by)
    for column, (give, reason) in decisions.items():
        if not give and not reason.strip():
            raise Refused("Enter why it is left out; the person is told", field=column)
        ColumnDecision.objects.update_or_create(
            export=current,
            column=column,
            defaults={"give": give, "reason": "" if give else reason.strip(), "by_name": by.name},
        )


@transaction.atomic
def decide_texts(*, export: AccessExport, choices: Sequence[TextChoice], by: Actor) -> None:
    """Keeps that somebody has read these texts, and what each of them becomes. Raises Refused naming the text's key."""
    current = _preparing(export, by)
    for each in choices:
        _check(each)
        words = list(each.words) if each.choice == TextDecision.Choice.BLACK_OUT else []
        reason = "" if each.choice == TextDecision.Choice.GIVE else each.reason.strip()
        TextDecision.objects.update_or_create(
            export=current,
            key=each.key,
            defaults={"choice": each.choice, "words": words, "reason": reason, "by_name": by.name},
        )


def _check(each: TextChoice) -> None:
    if each.choice == TextDecision.Choice.BLACK_OUT and not each.words:
        raise Refused("Enter the words to black out", field=f"words_{each.key}")
    if each.choice != TextDecision.Choice.GIVE and not each.reason.strip():
        raise Refused("Enter why; the person is told", field=f"reason_{each.key}")


@transaction.atomic
def ask_for_approval(*, export: AccessExport, by: Actor) -> None:
    """Hand the copy to a second person. Raises Refused while something is not decided, or nobody checked who asks."""
    current = _preparing(export, by)
    if not current.request.identity_checked:
        raise Refused("Record first how it was checked who asks for the copy")
    gathered = gather_all(current.person)
    sift(current, gathered)
    current.fingerprint = fingerprint_of(current, gathered)
    current.state, current.note = State.WAITING, ""
    current.asked_by, current.asked_by_name, current.asked_at = by.user, by.name, timezone.now()
    current.approved_by, current.approved_by_name, current.approved_at = None, "", None
    current.save()


@transaction.atomic
def send_back(*, export: AccessExport, reason: str, by: Actor) -> None:
    """From waiting, or from a failed attempt, back to being prepared. Raises Refused without a reason."""
    require_commissioner(by)
    current = _locked(export)
    if current.state not in {State.WAITING, State.FAILED}:
        raise Refused("This copy is not waiting for approval")
    if not reason.strip():
        raise Refused("Enter what has to be looked at again", field="reason")
    _back(current, f"{by.name}: {reason.strip()}"[:500])


@transaction.atomic
def approve_export(*, export: AccessExport, by: Actor) -> None:
    """The second person's approval; a worker then makes the copy.

    Raises PermissionDenied, and Refused for the one who asked, for a second approval, and where anything of the record
    or the decisions is no longer as it was asked.
    """
    require_commissioner(by)
    current = _locked(export)
    if current.state != State.WAITING:
        raise Refused("This copy is not waiting for approval")
    check_is_another(asked_by_id=current.asked_by_id, by=by)
    if fingerprint_of(current, gather_all(current.person)) != current.fingerprint:
        raise Refused(CHANGED)
    current.state, current.note = State.MAKING, ""
    current.approved_by, current.approved_by_name, current.approved_at = by.user, by.name, timezone.now()
    current.save()
    enqueue("rights.make_export", export_id=current.pk)


def check_is_another(*, asked_by_id: int | None, by: Actor) -> None:
    """Raises Refused unless somebody other than the asker approves."""
    if by.user is None or by.user.pk == asked_by_id:
        raise Refused("Somebody else must approve this: you asked for it yourself")


def make_export(*, export_id: int) -> None:
    """The worker's part. What changed between approval and now goes back to be looked at again."""
    with transaction.atomic():
        current = AccessExport.objects.select_for_update(of=("self",)).get(pk=export_id)
        if current.state != State.MAKING:
            return
        gathered = gather_all(current.person)
        if fingerprint_of(current, gathered) != current.fingerprint:
            _back(current, CHANGED)
            return
        try:
            with transaction.atomic():
                _make(current, gathered)
        except Exception:  # the page says that it failed; the log says why
            logger.exception("Copy %s could not be made", current.pk)
            current.state, current.note = State.FAILED, "Something stopped the copy from being made. Nothing went out."
            current.save(update_fields=["state", "note"])


def _make(export: AccessExport, gathered: Gathered) -> None:
    contents = make_zip(export, sift(export, gathered))
    now = timezone.now()
    export.contents, export.size = contents, len(contents)
    export.sha256 = hashlib.sha256(contents).hexdigest()
    export.made_at, export.expires_at = now, now + dt.timedelta(days=KEPT_DAYS)
    export.state = State.READY
    export.save()


@transaction.atomic
def take_copy(*, export: AccessExport, by: Actor) -> bytes:
    """The zip, to hand it to the person; each time is counted. Raises Refused where there is none (any more)."""
    require_commissioner(by)
    current = _locked(export)
    if current.state != State.READY or current.contents is None or is_over(current):
        raise Refused("There is no copy to download. Copies are removed after 30 days")
    current.downloads += 1
    current.save(update_fields=["downloads"])
    return bytes(current.contents)


def is_over(export: AccessExport) -> bool:
    return export.expires_at is not None and export.expires_at <= timezone.now()


@transaction.atomic
def expire_exports() -> int:
    """Empty the copies whose days are over; how many. The row stays, with the sum of what was given."""
    due = AccessExport.objects.select_for_update(skip_locked=True).filter(
        state=State.READY, expires_at__lte=timezone.now()
    )
    return due.update(state=State.EXPIRED, contents=None)


def _back(export: AccessExport, note: str) -> None:
    export.state, export.note = State.PREPARING, note
    export.approved_by, export.approved_by_name, export.approved_at = None, "", None
    export.save()


def _preparing(export: AccessExport, by: Actor) -> AccessExport:
    require_commissioner(by)
    current = _locked(export)
    if current.state != State.PREPARING:
        raise Refused("This copy is no longer being prepared")
    return current


def _locked(export: AccessExport) -> AccessExport:
    found = AccessExport.objects.select_for_update(of=("self",)).select_related("person__partnership", "request")
    return found.get(pk=export.pk)
