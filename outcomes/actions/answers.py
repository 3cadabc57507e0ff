"""Answers: kept as they are typed, and corrected with a reason once they were sent.

Two people may have one checklist open. Each answer comes with what it was when the page was opened, so only an answer
that both changed, differently, is a conflict; then nothing is overwritten and both are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role
from commissioning.accounts.permissions import require_role
from commissioning.audit.history import said
from commissioning.core.errors import Refused, RefusedMany
from commissioning.core.periods import Month
from outcomes.actions.frameworks import ensure_framework
from outcomes.models import Answer, Checklist, ChecklistStep, Measure
from outcomes.queries.checklists import PROVIDER_VIEWS, asked_of, checklist_of
from outcomes.queries.due import supports_in
from outcomes.values import Given, check_evidence, check_value
from people.models import Person


@dataclass(frozen=True)
class Entry:
    """One answer as typed, and what it was when the page was opened. `same` confirms last month's answer."""

    value: str = ""
    evidence: str = ""
    was_value: str = ""
    was_evidence: str = ""
    same_as: str = ""


@dataclass(frozen=True)
class Conflict:
    """An answer that somebody else changed while this page was open. Theirs stands until a choice is made."""

    measure: Measure
    mine: str
    theirs: str
    is_evidence: bool
    by_name: str


@dataclass(frozen=True)
class Saved:
    """What became of the answers: kept, or at fault (`field` is the measure's id), or in conflict.

    `was_sent` says that the checklist had been sent meanwhile, so nothing was changed.
    """

    checklist: Checklist
    faults: tuple[Refused, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    changes: tuple[dict[str, str], ...] = ()
    was_sent: bool = False

    @property
    def is_clean(self) -> bool:
        return not self.faults and not self.conflicts


@dataclass
class _Merge:
    """Entries weighed against what is saved; writes nothing itself."""

    by_name: str
    writes: list[Answer] = field(default_factory=list)
    deletes: list[Answer] = field(default_factory=list)
    faults: list[Refused] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    changes: list[dict[str, str]] = field(default_factory=list)

    def weigh(self, measure: Measure, entry: Entry, saved: Answer | None, checklist: Checklist) -> None:
        try:
            given, evidence = _checked(measure, entry)
        except Refused as refusal:
            self.faults.append(Refused(refusal.message, field=str(measure.pk)))
            return
        stored = (saved.value, saved.evidence) if saved else ("", "")
        value = self._merged(measure, given.value, entry.was_value, stored[0], is_evidence=False)
        words = self._merged(measure, evidence, entry.was_evidence, stored[1], is_evidence=True)
        if (value, words) == stored:
            return
        if not value and words:
            self.faults.append(Refused("Answer the question too; what shows it is kept with it", field=str(measure.pk)))
            return
        self._write(measure, saved or Answer(checklist=checklist, measure=measure), value, words)

    def _merged(self, measure: Measure, mine: str, was: str, stored: str, *, is_evidence: bool) -> str:
        """Mine where only I changed it, theirs where only they did; where both did, a conflict, and theirs stands."""
        was = was.replace("\r\n", "\n")
        if mine in (was, stored):
            return stored
        if stored == was:
            return mine
        self.conflicts.append(Conflict(measure, mine, stored, is_evidence, self.by_name))
        return stored

    def _write(self, measure: Measure, answer: Answer, value: str, evidence: str) -> None:
        before = {"value": answer.value, "evidence": answer.evidence}
        for part, now in (("value", value), ("evidence", evidence)):
            if before[part] != now:
                self.changes.append(
                    {"measure": measure.code, "title": measure.title, "part": part, "before": before[part], "now": now}
                )
        if not value:
            self.deletes.append(answer)
            return
        answer.value, answer.evidence = value, evidence
        answer.number = check_value(measure, value).number
        self.writes.append(answer)

    def keep(self) -> None:
        for answer in self.writes:
            answer.save()
        for answer in self.deletes:
            answer.delete()


def _checked(measure: Measure, entry: Entry) -> tuple[Given, str]:
    text = entry.value.strip() or entry.same_as.strip()
    given = check_value(measure, text) if text else Given("")
    return given, check_evidence(measure, entry.evidence)


@transaction.atomic
def save_answers(*, person: Person, month: Month, view: str, entries: Mapping[int, Entry], by: Actor) -> Saved:
    """Keep what was typed so far as a draft. What is at fault or in conflict is told and not kept; the rest is.

    Raises PermissionDenied for other roles than a provider's, Refused where the provider did not support the person
    in the month or may not give this view.
    """
    _check_may_answer(person, month, view, by)
    checklist = _locked(person, month, view, by)
    merge = _weigh(checklist, entries)
    if checklist.is_sent:
        return Saved(checklist, conflicts=tuple(_all_differences(checklist, entries)), was_sent=True)
    merge.keep()
    if merge.changes:
        _stamp(checklist, by)
    return Saved(checklist, tuple(merge.faults), tuple(merge.conflicts), tuple(merge.changes))


def _check_may_answer(person: Person, month: Month, view: str, by: Actor) -> None:
    require_role(by, Role.PROVIDER_MANAGER, Role.PROVIDER_STAFF)
    if month > Month.of(timezone.localdate()):
        raise Refused(f"{month.words} has not begun", field="month")
    if view not in PROVIDER_VIEWS:
        raise Refused("Choose whose view this is", field="view")
    if not supports_in(by, person, month):
        raise Refused(f"Your organisation did not support {person.called} in {month.words}", field="month")


def _locked(person: Person, month: Month, view: str, by: Actor) -> Checklist:
    """The checklist, begun where there is none, held until the transaction ends."""
    found = checklist_of(by, person, month, view)
    if found is None:
        found, _ = Checklist.objects.get_or_create(
            person=person,
            provider=by.organisation,
            framework=ensure_framework(partnership=by.partnership, month=month, by=by),
            month=month.first,
            view=view,
        )
    return _hold(found)


def _hold(checklist: Checklist) -> Checklist:
    """The checklist as it is now, held until the transaction ends."""
    held = Checklist.objects.select_for_update(of=("self",))
    return held.select_related("framework", "person", "saved_by", "submitted_by").get(pk=checklist.pk)


def _weigh(checklist: Checklist, entries: Mapping[int, Entry]) -> _Merge:
    merge = _Merge(by_name=str(checklist.saved_by or "Somebody else"))
    saved = {answer.measure_id: answer for answer in checklist.answers.all()}
    for measure in asked_of(checklist.framework, checklist.view):
        if measure.pk in entries:
            merge.weigh(measure, entries[measure.pk], saved.get(measure.pk), checklist)
    return merge


def _all_differences(checklist: Checklist, entries: Mapping[int, Entry]) -> list[Conflict]:
    """Every answer that differs from what was sent, so that nothing typed is lost unseen."""
    saved = {answer.measure_id: answer for answer in checklist.answers.all()}
    found = []
    for measure in asked_of(checklist.framework, checklist.view):
        entry, answer = entries.get(measure.pk), saved.get(measure.pk)
        if entry is None:
            continue
        mine = entry.value.strip() or entry.same_as.strip()
        for typed, kept, is_evidence in (
            (mine, answer.value if answer else "", False),
            (entry.evidence.strip(), answer.evidence if answer else "", True),
        ):
            if typed.replace("\r\n", "\n") != kept:
                found.append(Conflict(measure, typed, kept, is_evidence, str(checklist.submitted_by or "Somebody")))
    return found


def _stamp(checklist: Checklist, by: Actor) -> None:
    checklist.version += 1
    checklist.saved_at = timezone.now()
    checklist.saved_by = by.user
    checklist.save(update_fields=["version", "saved_at", "saved_by"])


@transaction.atomic
def correct_checklist(*, checklist: Checklist, entries: Mapping[int, Entry], reason: str, by: Actor) -> Saved:
    """Change answers that were sent, and say why. An accepted checklist then waits to be accepted again.

    Raises PermissionDenied unless by the provider's manager, Refused without a reason, a change or a sent checklist,
    RefusedMany with a fault at each answer that cannot be. A conflict is returned, and nothing is changed.
    """
    require_role(by, Role.PROVIDER_MANAGER)
    _check_may_answer(checklist.person, Month.of(checklist.month), checklist.view, by)
    locked = _hold(checklist)
    if not locked.is_sent:
        raise Refused("This was sent back or is still a draft; change it there")
    merge = _weigh(locked, entries)
    if not reason.strip():
        merge.faults.append(Refused("Say why the answers change", field="reason"))
    if merge.faults:
        raise RefusedMany(merge.faults)
    if merge.conflicts:
        return Saved(locked, conflicts=tuple(merge.conflicts))
    if not merge.changes:
        raise Refused("Nothing has changed. Change an answer, or go back", field="reason")
    with said(by=by.name, reason=reason.strip()):
        merge.keep()
        locked.status = Checklist.Status.SUBMITTED
        locked.save(update_fields=["status"])
        _stamp(locked, by)
        ChecklistStep.objects.create(
            checklist=locked,
            kind=ChecklistStep.Kind.CORRECTED,
            by=by.user,
            by_name=by.name,
            words=reason.strip(),
            changes=merge.changes,
        )
    return Saved(locked, changes=tuple(merge.changes))
