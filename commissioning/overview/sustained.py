"""Whether a saving lasts: cost rule 9, which needs both money (finance) and life (outcomes).

A month's saving is judged where the person's weekly cost is below a comparable baseline on the month's last day. The
*reduction* is the day since which it has been below without a break. Two times are compared: the three months before
the month of the reduction, and the three months up to the one judged, of those since the reduction.

Four clauses, each with its reason in words: a checklist was accepted; no life measure is worse; incidents are not
more; no admission and no breakdown. If one fails the saving is not sustained; if one cannot be told, it is not known.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from fractions import Fraction

import numpy as np
from django.conf import settings

from commissioning.accounts.actors import Actor
from commissioning.core.money import to_pence
from commissioning.core.periods import Month, day_before, words
from finance.models import Baseline
from finance.queries import Book, open_book, steps_of
from outcomes.models import Measure
from outcomes.queries import (
    AnswerRow,
    PersonIncidents,
    accepted_months,
    answers_of,
    incident_counts,
)
from people.models import Person, Placement, Suspension


@dataclass(frozen=True)
class Thresholds:
    """What rule 9 allows. Changed by the setting SUSTAINED_THRESHOLDS; printed wherever a judgement is shown."""

    months: int = 3
    scale_points: Fraction = Fraction(1)
    count_share: Fraction = Fraction(1, 10)

    @property
    def in_words(self) -> str:
        points = "one point" if self.scale_points == 1 else f"{_number(self.scale_points)} points"
        return (
            f"A saving is sustained when a checklist was accepted in the month or a neighbouring one; over "
            f"{self.months} months no part of life is worse than before the reduction by more than {points} of its "
            f"scale, or {_number(self.count_share * 100)}% of a count; serious incidents (severity 3 and 4) are not "
            f"more often; and there was no admission to hospital and no breakdown."
        )


def thresholds() -> Thresholds:
    """The thresholds in use: rule 9's own unless the setting says otherwise."""
    return replace(Thresholds(), **getattr(settings, "SUSTAINED_THRESHOLDS", {}))


class Verdict(Enum):
    SUSTAINED = "sustained"
    NOT_SUSTAINED = "not sustained"
    NOT_KNOWN = "not known"


class Clause(Enum):
    CHECKLIST = "a checklist was accepted"
    LIFE = "no part of life is worse"
    INCIDENTS = "serious incidents are not more often"
    STAYED = "no admission and no breakdown"


@dataclass(frozen=True)
class Reason:
    """One clause and whether it holds; None is not known."""

    clause: Clause
    holds: bool | None
    words: str


@dataclass(frozen=True)
class Judgement:
    """A month's saving judged by rule 9, with the reason of each clause. `is_early`: the months are not full yet."""

    month: Month
    reduced_on: dt.date
    is_early: bool
    holds_to: Month
    reasons: tuple[Reason, ...]

    @property
    def verdict(self) -> Verdict:
        held = [reason.holds for reason in self.reasons]
        if False in held:
            return Verdict.NOT_SUSTAINED
        return Verdict.NOT_KNOWN if None in held else Verdict.SUSTAINED

    @property
    def words(self) -> str:
        """`sustained: outcomes held to October 2026`; what is missing, or what failed, is said."""
        if self.verdict is Verdict.NOT_SUSTAINED:
            return f"not sustained in {self.month.words}: {self._said(False)}"
        if self.is_early:
            return f"sustained if outcomes hold to {self.holds_to.words}"
        if self.verdict is Verdict.NOT_KNOWN:
            return f"not known if sustained in {self.month.words}: {self._said(None)}"
        return f"sustained: outcomes held to {self.month.words}"

    def _said(self, holds: bool | None) -> str:
        return "; ".join(reason.words for reason in self.reasons if reason.holds is holds)


@dataclass(frozen=True)
class Supported:
    """Days on which somebody was supported under one placement, both included; `end` None goes on."""

    start: dt.date
    end: dt.date | None
    is_hospital: bool = False
    end_reason: str = ""


@dataclass(frozen=True)
class Evidence:
    """What one person's month is judged from. Answers and incidents may hold more months than are used."""

    month: Month
    reduced_on: dt.date
    accepted: frozenset[Month] = frozenset()
    answers: Sequence[AnswerRow] = ()
    incidents: Sequence[PersonIncidents] = ()
    supported: Sequence[Supported] = ()
    admitted: Sequence[tuple[dt.date, dt.date | None]] = ()
    limits: Thresholds = field(default_factory=thresholds)

    @property
    def before(self) -> tuple[Month, Month]:
        """The months before the one of the reduction, both ends included."""
        reduced = Month.of(self.reduced_on)
        return reduced.plus(-self.limits.months), reduced.plus(-1)

    @property
    def after(self) -> tuple[Month, Month]:
        """The months up to the one judged, none older than the reduction."""
        return max(self.month.plus(1 - self.limits.months), Month.of(self.reduced_on)), self.month


def judge(evidence: Evidence) -> Judgement:
    """Rule 9 on one person's month. No queries."""
    full = Month.of(evidence.reduced_on).plus(evidence.limits.months - 1)
    return Judgement(
        month=evidence.month,
        reduced_on=evidence.reduced_on,
        is_early=evidence.month < full,
        holds_to=full,
        reasons=(_checklist(evidence), _life(evidence), _incidents(evidence), _stayed(evidence)),
    )


def sustained(actor: Actor, person: Person, month: Month, *, book: Book | None = None) -> Judgement | None:
    """Whether a person's saving in a month is sustained; None where there is no saving to judge. At most 7 queries."""
    people = Person.objects.filter(pk=person.pk)
    found = sustained_of(actor, book or open_book(actor, people=people), [person], month)
    return found.get(person.pk)


def sustained_of(actor: Actor, book: Book, people: Sequence[Person], month: Month) -> dict[int, Judgement]:
    """The same for many people, by primary key; those without a saving in the month are left out.

    Five queries, and one for each month in which somebody's cost was reduced.
    """
    reduced = reductions(book, people, month.last)
    limits = thresholds()
    ids = list(reduced)
    accepted = accepted_months(ids, month.plus(-1), month.plus(1))
    answers = _answers(reduced, month, limits)
    first = min((Month.of(day) for day in reduced.values()), default=month).plus(-limits.months)
    incidents = _by_person(incident_counts(ids, first, month))
    supported, admitted = supported_of(ids), admissions_of(ids)
    return {
        pk: judge(
            Evidence(
                month=month,
                reduced_on=day,
                accepted=accepted.get(pk, frozenset()),
                answers=answers.get(pk, ()),
                incidents=incidents.get(pk, ()),
                supported=supported.get(pk, ()),
                admitted=admitted.get(pk, ()),
                limits=limits,
            )
        )
        for pk, day in reduced.items()
    }


def reductions(book: Book, people: Sequence[Person], on: dt.date) -> dict[int, dt.date]:
    """The day since which each person's weekly cost has been below their comparable baseline, up to a day. One query.

    Left out: who has no comparable baseline, whose cost is not below it on the day, or whose support has no price.
    """
    baselines = Baseline.objects.filter(person__in=[person.pk for person in people])
    before = {each.person_id: to_pence(each.weekly_cost) for each in baselines if each.scope != Baseline.Scope.ALL_IN}
    books = _book_of_each(book)
    found = {}
    for person in people:
        if person.pk in before and person.reference in books:
            day = _below_since(books[person.reference], before[person.pk], on)
            if day is not None:
                found[person.pk] = day
    return found


def _book_of_each(book: Book) -> dict[str, Book]:
    codes = book.lines.codes["person"]
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(len(book.names["person"]) + 1))
    return {
        name: replace(book, lines=book.lines.take(order[ends[code] : ends[code + 1]]))
        for code, name in enumerate(book.names["person"])
    }


def _below_since(book: Book, baseline_pence: int, on: dt.date) -> dt.date | None:
    """Days without any price neither begin nor end a reduction, but there is none on such a day."""
    first = dt.date.fromordinal(int(book.lines.start.min()))
    if first > on or not book.lines.in_force(on).any():
        return None
    since = None
    for day, pence in steps_of(book, first, on):
        if not book.lines.in_force(day).any():
            continue
        if pence >= baseline_pence:
            since = None
        elif since is None:
            since = day
    return since


# ---------------------------------------------------------------- the clauses


def _checklist(evidence: Evidence) -> Reason:
    near = {evidence.month.plus(step) for step in (-1, 0, 1)}
    if evidence.accepted & near:
        return Reason(Clause.CHECKLIST, True, "a checklist was accepted")
    return Reason(Clause.CHECKLIST, None, f"no checklist was accepted in or next to {evidence.month.words}")


def _life(evidence: Evidence) -> Reason:
    """Each measure as each view answered it; a measure is judged by the views that answered both times."""
    before = _means(evidence.answers, *evidence.before)
    after = _means(evidence.answers, *evidence.after)
    directed = {key: mean for key, mean in before.items() if key.better}
    if not directed:
        return Reason(Clause.LIFE, None, "no part of life was scored before the reduction")
    worse = {key.measure for key, mean in directed.items() if key in after and _worse(evidence, key, mean, after[key])}
    if worse:
        return Reason(Clause.LIFE, False, f"{len(worse)} part{'s' if len(worse) > 1 else ''} of life got worse")
    missing = {key.measure for key in directed} - {key.measure for key in directed if key in after}
    if missing:
        number = f"{len(missing)} part{'s' if len(missing) > 1 else ''} of life scored before"
        return Reason(Clause.LIFE, None, f"{number} {'have' if len(missing) > 1 else 'has'} no answer since")
    return Reason(Clause.LIFE, True, "no part of life is worse")


@dataclass(frozen=True)
class _Key:
    measure: str
    view: str
    kind: str
    better: str


def _means(answers: Iterable[AnswerRow], first: Month, last: Month) -> dict[_Key, Fraction]:
    given: dict[_Key, list[Fraction]] = {}
    for row in answers:
        if row.is_life and first <= row.month <= last:
            key = _Key(row.measure_code, row.view, row.kind, row.better)
            given.setdefault(key, []).append(Fraction(row.number))
    return {key: sum(numbers, Fraction(0)) / len(numbers) for key, numbers in given.items()}


def _worse(evidence: Evidence, key: _Key, before: Fraction, after: Fraction) -> bool:
    fallen = before - after if key.better == Measure.Better.HIGHER else after - before
    limits = evidence.limits
    allowed = before * limits.count_share if key.kind == Measure.Kind.COUNT else limits.scale_points
    return fallen > allowed


def _incidents(evidence: Evidence) -> Reason:
    """Serious incidents for each day supported, exactly, before and after."""
    before, before_days = _serious(evidence, *evidence.before), _days(evidence, *evidence.before)
    after, after_days = _serious(evidence, *evidence.after), _days(evidence, *evidence.after)
    if not before_days or not after_days:
        when = "before the reduction" if not before_days else "since"
        return Reason(Clause.INCIDENTS, None, f"incidents are not known {when}")
    if after * before_days > before * after_days:
        told = f"serious incidents are more often: {after} in {after_days} days, {before} in {before_days} before"
        return Reason(Clause.INCIDENTS, False, told)
    return Reason(Clause.INCIDENTS, True, "serious incidents are not more often")


def _serious(evidence: Evidence, first: Month, last: Month) -> int:
    return sum(each.serious_count for each in evidence.incidents if first <= each.month <= last)


def _days(evidence: Evidence, first: Month, last: Month) -> int:
    """Days on which any placement supported the person, each once."""
    days: set[int] = set()
    for stay in evidence.supported:
        start, end = max(stay.start, first.first), min(stay.end or last.last, last.last)
        days.update(range(start.toordinal(), end.toordinal() + 1))
    return len(days)


def _stayed(evidence: Evidence) -> Reason:
    """Hospital days since the reduction, and breakdowns, the one that may have brought the reduction included."""
    first = max(evidence.after[0].first, evidence.reduced_on)
    last = evidence.month.last
    for stay in evidence.supported:
        if stay.end_reason == Placement.EndReason.BREAKDOWN and stay.end and day_before(first) <= stay.end <= last:
            return Reason(Clause.STAYED, False, f"a placement broke down on {words(stay.end)}")
    stays = [*evidence.admitted, *((stay.start, stay.end) for stay in evidence.supported if stay.is_hospital)]
    for start, end in sorted(stays, key=lambda stay: stay[0]):
        if start <= last and (end is None or end >= first):
            return Reason(Clause.STAYED, False, f"in hospital from {words(start)}")
    ended = [stay.end for stay in evidence.supported if stay.end_reason == Placement.EndReason.HOSPITAL_ADMISSION]
    admitted = [day for day in ended if day and first <= day <= last]
    if admitted:
        return Reason(Clause.STAYED, False, f"admitted to hospital on {words(admitted[0])}")
    return Reason(Clause.STAYED, True, "no admission and no breakdown")


# ---------------------------------------------------------------- the evidence of many people


def _answers(reduced: Mapping[int, dt.date], month: Month, limits: Thresholds) -> dict[int, list[AnswerRow]]:
    """Answers of the months that are compared, and of no others."""
    found: dict[int, list[AnswerRow]] = {}
    by_month: dict[Month, list[int]] = {}
    for pk, day in reduced.items():
        by_month.setdefault(Month.of(day), []).append(pk)
    rows = answers_of(list(reduced), month.plus(1 - limits.months), month) if reduced else []
    for reduction, ids in by_month.items():
        before = answers_of(ids, reduction.plus(-limits.months), reduction.plus(-1))
        # A month in both times was read already.
        rows += [row for row in before if row.month < month.plus(1 - limits.months)]
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


def _by_person(counts: Iterable[PersonIncidents]) -> dict[int, list[PersonIncidents]]:
    found: dict[int, list[PersonIncidents]] = {}
    for each in counts:
        found.setdefault(each.person_id, []).append(each)
    return found


def supported_of(people: Iterable[int]) -> dict[int, list[Supported]]:
    """Every placement of these people, by primary key. One query."""
    found: dict[int, list[Supported]] = {}
    for each in Placement.objects.filter(person__in=people):
        stay = Supported(each.start, each.end, each.is_hospital, each.end_reason)
        found.setdefault(each.person_id, []).append(stay)
    return found


def admissions_of(people: Iterable[int]) -> dict[int, list[tuple[dt.date, dt.date | None]]]:
    """Hospital stays during which the home was kept open."""
    rows = Suspension.objects.filter(placement__person__in=people, reason=Suspension.Reason.HOSPITAL)
    found: dict[int, list[tuple[dt.date, dt.date | None]]] = {}
    for person, start, end in rows.values_list("placement__person_id", "start", "end"):
        found.setdefault(person, []).append((start, end))
    return found


def _number(value: Fraction) -> str:
    return f"{float(value):g}"
