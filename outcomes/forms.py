"""What people fill in: a checklist's questions, a correction's reason, a question back, an incident."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from commissioning.core.editing import EditForm
from commissioning.core.errors import Refused, RefusedMany
from commissioning.core.forms import ChoicesField, DayField, WordsField, YesNoField
from outcomes.actions import Conflict, Entry, IncidentFacts, Saved
from outcomes.models import Incident, Measure
from outcomes.queries.checklists import Question
from outcomes.values import NO, YES

THEIRS_STANDS = "Save again to keep yours"


@dataclass
class Asked:
    """One question as the page shows it: what stands in it, what was saved when the page was made, what is wrong."""

    question: Question
    number: int
    value: str
    evidence: str
    same: bool = False
    message: str = ""
    evidence_message: str = ""

    @property
    def key(self) -> int:
        return self.question.measure.pk

    @property
    def target(self) -> str:
        """Where a link to the question lands: its only box, or the first of its choices."""
        options = self.options
        return f"a-{self.key}-{options[0][0]}" if options else f"a-{self.key}"

    @property
    def options(self) -> list[tuple[str, str]]:
        """The values and words to pick from; none where the answer is typed."""
        measure = self.question.measure
        if measure.kind == Measure.Kind.YES_NO:
            return [(YES, "Yes"), (NO, "No")]
        if measure.kind == Measure.Kind.SCALE and measure.minimum is not None and measure.maximum is not None:
            return [(str(score), str(score)) for score in range(int(measure.minimum), int(measure.maximum) + 1)]
        return []

    @property
    def is_long_scale(self) -> bool:
        return len(self.options) > 5

    @property
    def is_words(self) -> bool:
        return self.question.measure.kind == Measure.Kind.WORDS

    @property
    def may_confirm_same(self) -> bool:
        """A typed number can be confirmed as last month's; a pick is as quick by itself."""
        return self.question.last is not None and not self.options and not self.is_words

    @property
    def last_words(self) -> str:
        last = self.question.last
        if last is None:
            return ""
        if last.value in (YES, NO):
            return last.value.capitalize()
        return f"{last.value} {self.question.measure.unit}".strip()

    @property
    def described_by(self) -> str:
        parts = {
            f"hint-{self.key}": self.question.measure.help,
            f"last-{self.key}": self.question.last,
            f"error-{self.key}": self.message,
        }
        return " ".join(name for name, present in parts.items() if present)


@dataclass(frozen=True)
class Problem:
    """A line of the error summary, with the control it leads to."""

    message: str
    target: str = ""


@dataclass
class ChecklistForm:
    """A checklist's questions and what was typed into them. `reason` belongs to a correction."""

    asked: list[Asked]
    reason: str = ""
    reason_message: str = ""
    leave_unknown: bool = False
    has_unanswered: bool = False
    has_conflicts: bool = False
    on_top: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, questions: Iterable[Question]) -> "ChecklistForm":
        return cls([Asked(each, place, each.value, each.evidence) for place, each in enumerate(questions, start=1)])

    def keep_typed(self, data: QueryDict, only: Iterable[str] | None = None) -> None:
        """Show what was typed; with `only`, just for the measures of these ids."""
        self.reason = data.get("reason", "")
        self.leave_unknown = "leave_unknown" in data
        chosen = None if only is None else set(only)
        for each in self.asked:
            if (chosen is None or str(each.key) in chosen) and is_posted(data, each.key):
                each.value = data.get(f"a-{each.key}", "")
                each.evidence = data.get(f"e-{each.key}", "")
                each.same = f"same-{each.key}" in data and not each.value

    def take(self, saved: Saved) -> None:
        """Put what could not be kept at its question."""
        for fault in saved.faults:
            self.refuse(fault)
        self.has_conflicts = bool(saved.conflicts)
        for conflict in saved.conflicts:
            self._at(str(conflict.measure.pk), conflict_words(conflict), is_evidence=conflict.is_evidence)

    def refuse(self, refused: Refused) -> None:
        for one in refused if isinstance(refused, RefusedMany) else [refused]:
            if one.field == "reason":
                self.reason_message = one.message
            elif not self._at(one.field or "", one.message):
                self.on_top.append(one.message)

    def _at(self, key: str, message: str, *, is_evidence: bool = False) -> bool:
        for each in self.asked:
            if str(each.key) == key:
                if is_evidence:
                    each.evidence_message = message
                else:
                    each.message = message
                return True
        return False

    @property
    def problems(self) -> list[Problem]:
        found = [Problem(message) for message in self.on_top]
        for each in self.asked:
            if each.message:
                found.append(Problem(f"Question {each.number}: {each.message}", each.target))
            if each.evidence_message:
                found.append(Problem(f"Question {each.number}: {each.evidence_message}", f"e-{each.key}"))
        if self.reason_message:
            found.append(Problem(self.reason_message, "reason"))
        return found

    @property
    def needed_count(self) -> int:
        return sum(each.question.is_needed for each in self.asked)

    @property
    def answered_count(self) -> int:
        return sum(bool(each.question.value) for each in self.asked if each.question.is_needed)


def is_posted(data: Mapping[str, Any], key: int) -> bool:
    """Whether the page held this question: an unpicked radio is not sent, what it was always is."""
    return f"was-{key}" in data or f"a-{key}" in data


def entries(questions: Iterable[Question], data: QueryDict) -> dict[int, Entry]:
    """What was typed, by measure; a question that the page did not hold is left alone."""
    found = {}
    for each in questions:
        key = each.measure.pk
        if is_posted(data, key):
            found[key] = Entry(
                value=data.get(f"a-{key}", ""),
                evidence=data.get(f"e-{key}", ""),
                was_value=data.get(f"was-{key}", ""),
                was_evidence=data.get(f"ewas-{key}", ""),
                same_as=each.last.value if each.last and f"same-{key}" in data else "",
            )
    return found


def conflict_words(conflict: Conflict) -> str:
    """Both values, so that the one who saves second chooses."""
    theirs = f"“{conflict.theirs}”" if conflict.theirs else "nothing"
    mine = f"“{conflict.mine}”" if conflict.mine else "nothing"
    part = " as what shows it" if conflict.is_evidence else ""
    return f"{conflict.by_name} saved {theirs}{part} while you had {mine}. {THEIRS_STANDS}, or change it"


class SendBackForm(EditForm):
    """A commissioner's question about a checklist."""

    submit_text = "Send back"
    words = WordsField(
        label="What would you like to know?",
        help_text="The provider’s staff read this at the top of the checklist.",
        missing="Say what you would like to know",
        max_length=1000,
        rows=4,
    )


class IncidentForm(EditForm):
    """What happened, when, how serious it was and whether a restrictive practice was used."""

    submit_text = "Record the incident"

    occurred_on = DayField(label="The day it happened", missing="Enter the day it happened")
    kind = ChoicesField(label="What was it?", choices=Incident.Kind.choices, missing="Choose what it was")
    severity = ChoicesField(
        label="How serious was it?",
        choices=Incident.Severity.choices,
        missing="Choose how serious it was",
    )
    restrictive_practice = YesNoField(
        label="Was a restrictive practice used?",
        help_text="Holding, locking a door, medicine given to calm, taking something away, keeping somebody apart.",
        missing="Say whether a restrictive practice was used",
    )
    note = WordsField(
        label="What happened?",
        help_text="What was going on before, what happened, and what helped. Say what you saw, without blame.",
        required=False,
        max_length=5000,
        rows=6,
    )

    @property
    def facts(self) -> IncidentFacts:
        return IncidentFacts(
            occurred_on=self.cleaned_data["occurred_on"],
            kind=self.cleaned_data["kind"],
            severity=int(self.cleaned_data["severity"]),
            restrictive_practice=self.cleaned_data["restrictive_practice"],
            note=self.cleaned_data["note"].strip(),
        )
