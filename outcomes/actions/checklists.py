"""From draft to accepted: staff say it is ready, the manager sends, the commissioner accepts or asks."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role
from commissioning.accounts.permissions import require_commissioner, require_role
from commissioning.core.editing import check
from commissioning.core.errors import Refused, RefusedMany, Stale
from commissioning.core.periods import Month, words
from outcomes.models import Checklist, ChecklistStep, Measure
from outcomes.queries.checklists import asked_of

LEAVE_UNKNOWN = "Answer this, or tick at the end that it is not known"
MOST_WORDS = 1000


@transaction.atomic
def mark_ready(*, checklist: Checklist, leave_unknown: bool = False, by: Actor) -> Checklist:
    """Staff have finished: the manager reads it and sends it. Doing it twice does it once. Raises Refused."""
    require_role(by, Role.PROVIDER_MANAGER, Role.PROVIDER_STAFF)
    locked = _locked(checklist, by)
    if locked.is_sent or locked.status == Checklist.Status.READY:
        return locked
    _check_answered(locked, leave_unknown, "hand it over")
    return _move(locked, Checklist.Status.READY, ChecklistStep.Kind.READY, by)


@transaction.atomic
def send_checklist(*, checklist: Checklist, leave_unknown: bool = False, by: Actor) -> Checklist:
    """Send a checklist to the commissioner. Sending twice sends once.

    Raises PermissionDenied unless by the provider's manager, RefusedMany with a message at each question that is
    neither answered nor said to be not known, Refused where nothing is answered.
    """
    require_role(by, Role.PROVIDER_MANAGER)
    locked = _locked(checklist, by)
    if locked.is_sent:
        return locked
    _check_answered(locked, leave_unknown, "send it")
    locked.submitted_on = timezone.localdate()
    locked.submitted_by = by.user
    return _move(locked, Checklist.Status.SUBMITTED, ChecklistStep.Kind.SENT, by)


@transaction.atomic
def send_back(*, checklist: Checklist, question: str, version: str | None = None, by: Actor) -> Checklist:
    """Ask the provider about a sent checklist; it is theirs to change until they send it again.

    Raises Stale where it was corrected since it was opened at `version`; Refused without a question.
    """
    require_commissioner(by)
    locked = _locked(checklist, by)
    check(version, locked, *locked.answers.all())
    if not question.strip():
        raise Refused("Say what you would like to know", field="words")
    if len(question.strip()) > MOST_WORDS:
        raise Refused(f"Shorten this to {MOST_WORDS:,} characters", field="words")
    if locked.status != Checklist.Status.SUBMITTED:
        raise Refused("Only a checklist that was sent and not yet accepted can be sent back")
    return _move(locked, Checklist.Status.SENT_BACK, ChecklistStep.Kind.SENT_BACK, by, question.strip())


@transaction.atomic
def accept_checklists(*, versions: Mapping[int, int], by: Actor) -> int:
    """Accept checklists, each in the version that was read; how many were accepted.

    One accepted already is passed over. Raises Stale, and accepts none, where one was changed or sent back meanwhile.
    """
    require_commissioner(by)
    found = list(_lock_all(versions.keys(), by))
    if len(found) != len(versions):
        raise Refused("Choose from the checklists on this page")
    changed = [each for each in found if not _is_as_read(each, versions[each.pk])]
    if changed:
        names = ", ".join(sorted({each.person.called for each in changed}))
        raise Stale(f"Changed since you opened this page: {names}. Nothing was accepted; read them again")
    waiting = [each for each in found if each.status == Checklist.Status.SUBMITTED]
    for each in waiting:
        _move(each, Checklist.Status.ACCEPTED, ChecklistStep.Kind.ACCEPTED, by)
    return len(waiting)


def _is_as_read(checklist: Checklist, version: int) -> bool:
    if checklist.status == Checklist.Status.ACCEPTED:
        return True
    return checklist.status == Checklist.Status.SUBMITTED and checklist.version == version


def _lock_all(ids: Iterable[int], by: Actor) -> Iterable[Checklist]:
    return (
        Checklist.objects.visible_to(by)
        .filter(pk__in=list(ids))
        .select_for_update(of=("self",))
        .select_related("framework", "person")
        .order_by("pk")
    )


def _locked(checklist: Checklist, by: Actor) -> Checklist:
    return next(iter(_lock_all([checklist.pk], by)))


def _check_answered(checklist: Checklist, leave_unknown: bool, act: str) -> None:
    """`act` is what the reader is about to do, as a message says it: staff hand over, a manager sends."""
    month = Month.of(checklist.month)
    if timezone.localdate() < month.last:
        raise Refused(f"{month.words} is not over. What you answered is kept; {act} from {words(month.last)}")
    answered = set(checklist.answers.values_list("measure_id", flat=True))
    if not answered:
        raise Refused(f"Answer at least one question before you {act}")
    needed = [each for each in asked_of(checklist.framework, checklist.view) if each.kind != Measure.Kind.WORDS]
    missing = [each for each in needed if each.pk not in answered]
    if missing and not leave_unknown:
        raise RefusedMany([Refused(LEAVE_UNKNOWN, field=str(each.pk)) for each in missing])


def _move(checklist: Checklist, status: str, kind: str, by: Actor, said: str = "") -> Checklist:
    checklist.status = status
    checklist.version += 1
    checklist.save(update_fields=["status", "version", "submitted_on", "submitted_by"])
    ChecklistStep.objects.create(checklist=checklist, kind=kind, by=by.user, by_name=by.name, words=said)
    return checklist
