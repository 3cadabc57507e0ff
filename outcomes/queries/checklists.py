"""One person's checklist: its questions with last month's answers, and every view of a month side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation
from commissioning.core.periods import Month
from outcomes.models import Answer, Checklist, ChecklistStep, Framework, Measure, View
from outcomes.queries.due import ViewMonth, supports_in, view_months
from outcomes.queries.frameworks import framework_in_force, measures_of
from outcomes.queries.series import LatestAnswer, latest_answers
from people.models import Person

# Staff and clinicians are asked about support as well; the person and their family only about life.
ASKED_ABOUT_SUPPORT = frozenset({View.STAFF, View.CLINICIAN})
# Whose view a provider may record.
PROVIDER_VIEWS = (View.PERSON, View.PERSON_SUPPORTED, View.FAMILY, View.STAFF)
# An answer older than this is not shown as the last one.
REMEMBERED_MONTHS = 12


@dataclass(frozen=True)
class Question:
    """One measure asked of one person in a month, with what is saved and what was last said. Empty is not answered."""

    measure: Measure
    text: str
    value: str
    evidence: str
    last: LatestAnswer | None

    @property
    def is_needed(self) -> bool:
        """Words may be left out; a number or a yes or no is answered or said to be not known."""
        return self.measure.kind != Measure.Kind.WORDS


@dataclass(frozen=True)
class PersonsMonth:
    """A person's month at the actor's provider; `may_answer` while the provider supports them."""

    person: Person
    provider: Organisation
    month: Month
    may_answer: bool
    views: tuple[ViewMonth, ...]

    def view(self, view: str) -> ViewMonth | None:
        return next((each for each in self.views if each.view == view), None)


def own_month(actor: Actor, reference: str, month: Month) -> PersonsMonth:
    """A person's month at the actor's own provider.

    Raises Http404 unless the provider supports the person now and did in the month, or has a checklist of its own of
    that month, which stays readable when the person has moved on.
    """
    provider = actor.organisation
    if provider is None or month > Month.of(timezone.localdate()):
        raise Http404("No such month.")
    person = Person.objects.filter(partnership=actor.partnership, reference=reference).first()
    if person is None:
        raise Http404("No such person.")
    own = Checklist.objects.visible_to(actor).for_month(month.first).filter(person=person)
    # A provider sees no other's, so these are the views of one.
    views = tuple(view for of_one in view_months(own).values() for view in of_one)
    may_answer = supports_in(actor, person, month)
    if not (may_answer or views):
        raise Http404("No such person.")
    return PersonsMonth(person, provider, month, may_answer, views)


def checklist_of(actor: Actor, person: Person, month: Month, view: str) -> Checklist | None:
    """The actor's provider's checklist of a person, month and view, if it was begun."""
    return (
        Checklist.objects.visible_to(actor)
        .for_month(month.first)
        .filter(person=person, view=view)
        .select_related("person", "framework", "submitted_by", "saved_by")
        .order_by("pk")
        .last()
    )


def asked_of(framework: Framework, view: str) -> list[Measure]:
    """The measures that a point of view is asked, in order."""
    measures = measures_of(framework)
    return measures if view in ASKED_ABOUT_SUPPORT else [each for each in measures if each.is_life]


def questions(
    person: Person, provider: Organisation, month: Month, view: str, checklist: Checklist | None
) -> tuple[Question, ...]:
    """The questions of a view in order, with saved answers and the same view's last answers from the same provider."""
    framework = checklist.framework if checklist else framework_in_force(person.partnership, month)
    if framework is None:
        return ()
    saved = {each.measure_id: each for each in checklist.answers.all()} if checklist else {}
    last = _last_answers(person, provider, month, view)
    return tuple(_question(each, person, saved.get(each.pk), last.get(each.code)) for each in asked_of(framework, view))


def _last_answers(person: Person, provider: Organisation, month: Month, view: str) -> dict[str, LatestAnswer]:
    found = latest_answers(person, before=month, view=view, provider=provider)
    return {each.measure_code: each for each in found if each.month >= month.plus(-REMEMBERED_MONTHS)}


def _question(measure: Measure, person: Person, saved: Answer | None, last: LatestAnswer | None) -> Question:
    return Question(
        measure=measure,
        text=measure.asked_about(person.called),
        value=saved.value if saved else "",
        evidence=saved.evidence if saved else "",
        last=last,
    )


@dataclass(frozen=True)
class Column:
    """One point of view in a month, at one provider, with all that happened to it."""

    checklist: Checklist
    steps: tuple[ChecklistStep, ...]


@dataclass(frozen=True)
class Row:
    """One measure across the columns: the answer of each (None: not asked or not answered), and the last one before."""

    measure: Measure
    labels: tuple[str, ...]
    answers: tuple[Answer | None, ...]
    before: tuple[LatestAnswer | None, ...]

    @property
    def cells(self) -> list[tuple[str, Answer | None, LatestAnswer | None]]:
        return list(zip(self.labels, self.answers, self.before, strict=True))


@dataclass(frozen=True)
class ReviewedMonth:
    """Every view of one person's month side by side; never averaged."""

    person: Person
    month: Month
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def reviewed_month(actor: Actor, reference: str, month: Month) -> ReviewedMonth:
    """What was sent about a person's month, for those who read it. Drafts are not shown. Raises Http404."""
    person = Person.objects.visible_to(actor).filter(reference=reference).first()
    if person is None:
        raise Http404("No such person.")
    shown = (*Checklist.SENT, Checklist.Status.SENT_BACK)
    checklists = list(
        Checklist.objects.visible_to(actor)
        .for_month(month.first)
        .filter(person=person, status__in=shown)
        .select_related("provider", "framework")
        .prefetch_related("answers__measure", "steps")
        .order_by("provider__name", "view", "pk")
    )
    columns = tuple(Column(each, tuple(each.steps.all())) for each in checklists)
    return ReviewedMonth(person, month, columns, _rows(person, month, checklists))


def _rows(person: Person, month: Month, checklists: Sequence[Checklist]) -> tuple[Row, ...]:
    by_code: dict[str, Measure] = {}
    given = [{answer.measure.code: answer for answer in each.answers.all()} for each in checklists]
    last = [_last_answers(person, each.provider, month, each.view) for each in checklists]
    for answers in given:
        for answer in answers.values():
            by_code.setdefault(answer.measure.code, answer.measure)
    providers = {each.provider_id for each in checklists}
    labels = tuple(
        each.get_view_display() if len(providers) == 1 else f"{each.get_view_display()}, {each.provider}"
        for each in checklists
    )
    ordered = sorted(by_code.values(), key=lambda each: (not each.is_life, each.position, each.pk))
    return tuple(
        Row(
            measure,
            labels,
            tuple(answers.get(measure.code) for answers in given),
            tuple(before.get(measure.code) for before in last),
        )
        for measure in ordered
    )


def sent_checklist(actor: Actor, pk: int) -> Checklist:
    """A checklist that a commissioner decides about. Raises Http404 out of scope."""
    checklist = Checklist.objects.visible_to(actor).select_related("person", "provider").filter(pk=pk).first()
    if checklist is None or checklist.status in (Checklist.Status.DRAFT, Checklist.Status.READY):
        raise Http404("No such checklist.")
    return checklist


def steps_of(checklist: Checklist) -> tuple[ChecklistStep, ...]:
    """What happened to a checklist, oldest first."""
    return tuple(checklist.steps.order_by("at", "pk"))
