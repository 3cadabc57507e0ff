"""Whether savings lasted, month by month over a long time: rule 9 on many people and months with one read of each kind.

A month that is early (the months since the reduction are not full yet) is as sustained as the month up to which its
outcomes must hold; until that month can be judged it is not known.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from commissioning.core.money import to_pence
from commissioning.core.periods import Month
from commissioning.overview.sustained import (
    Evidence,
    Judgement,
    Supported,
    Thresholds,
    Verdict,
    admissions_of,
    judge,
    supported_of,
    thresholds,
)
from finance.models import Baseline
from finance.queries import Book, steps_of
from outcomes.queries import AnswerRow, PersonIncidents, accepted_months, answers_of, incident_counts
from people.models import Person


@dataclass
class _Records:
    """What is known of one person, by month."""

    accepted: frozenset[Month] = frozenset()
    answers: dict[Month, list[AnswerRow]] = field(default_factory=dict)
    incidents: list[PersonIncidents] = field(default_factory=list)
    supported: Sequence[Supported] = ()
    admitted: Sequence[tuple[dt.date, dt.date | None]] = ()


def verdicts_over(book: Book, people: Sequence[Person], months: Sequence[Month]) -> dict[int, dict[Month, Verdict]]:
    """Each person's verdict in each month in which there is a saving to judge, by primary key. Six queries.

    Months with no saving, and people without a comparable baseline, are left out.
    """
    if not people or not months:
        return {}
    limits = thresholds()
    reduced = _reduced_over(book, people, months)
    first = min(min(months).plus(-limits.months), _earliest(reduced, limits) or min(months))
    records = _records([*reduced], first, max(months).plus(1))
    return {pk: _verdicts(by_month, records[pk], limits) for pk, by_month in reduced.items()}


def _verdicts(reduced: Mapping[Month, dt.date], records: _Records, limits: Thresholds) -> dict[Month, Verdict]:
    judged = {month: judge(_evidence(month, day, records, limits)) for month, day in reduced.items()}
    return {month: _held(judgement, judged) for month, judgement in judged.items()}


def _held(judgement: Judgement, judged: Mapping[Month, Judgement]) -> Verdict:
    if not judgement.is_early or judgement.verdict is Verdict.NOT_SUSTAINED:
        return judgement.verdict
    later = judged.get(judgement.holds_to)
    return later.verdict if later and later.reduced_on == judgement.reduced_on else Verdict.NOT_KNOWN


def _evidence(month: Month, reduced_on: dt.date, records: _Records, limits: Thresholds) -> Evidence:
    reduction = Month.of(reduced_on)
    wanted = {*reduction.plus(-limits.months).until(reduction), *month.plus(1 - limits.months).until(month)}
    return Evidence(
        month=month,
        reduced_on=reduced_on,
        accepted=records.accepted,
        answers=[row for each in wanted for row in records.answers.get(each, ())],
        incidents=[row for row in records.incidents if row.month in wanted],
        supported=records.supported,
        admitted=records.admitted,
        limits=limits,
    )


def _earliest(reduced: Mapping[int, Mapping[Month, dt.date]], limits: Thresholds) -> Month | None:
    days = [day for by_month in reduced.values() for day in by_month.values()]
    return Month.of(min(days)).plus(-limits.months) if days else None


def _records(ids: Sequence[int], first: Month, last: Month) -> dict[int, _Records]:
    """Five queries."""
    found = {pk: _Records() for pk in ids}
    for row in answers_of(ids, first, last):
        found[row.person_id].answers.setdefault(row.month, []).append(row)
    for pk, accepted in accepted_months(ids, first, last).items():
        found[pk].accepted = accepted
    for each in incident_counts(ids, first, last):
        found[each.person_id].incidents.append(each)
    for pk, supported in supported_of(ids).items():
        found[pk].supported = supported
    for pk, admitted in admissions_of(ids).items():
        found[pk].admitted = admitted
    return found


def _reduced_over(book: Book, people: Sequence[Person], months: Sequence[Month]) -> dict[int, dict[Month, dt.date]]:
    """The day since which each person's weekly cost is below their comparable baseline, at the end of each month in
    which it is. One query.
    """
    rows = Baseline.objects.filter(person__in=[person.pk for person in people]).exclude(scope=Baseline.Scope.ALL_IN)
    before = {row.person_id: to_pence(row.weekly_cost) for row in rows}
    found: dict[int, dict[Month, dt.date]] = {}
    for person in people:
        if person.pk in before:
            own = book.only("person", [person.reference])
            since = _since(own, before[person.pk], sorted(months)) if len(own.lines) else {}
            if since:
                found[person.pk] = since
    return found


def _since(book: Book, baseline_pence: int, months: Sequence[Month]) -> dict[Month, dt.date]:
    """Days without any price neither begin nor end a reduction, but there is none at the end of a month without."""
    first = dt.date.fromordinal(int(book.lines.start.min()))
    last = months[-1].last
    if first > last:
        return {}
    steps = [(day, pence, bool(book.lines.in_force(day).any())) for day, pence in steps_of(book, first, last)]
    found: dict[Month, dt.date] = {}
    since: dt.date | None = None
    is_priced, place = False, 0
    for month in months:
        while place < len(steps) and steps[place][0] <= month.last:
            day, pence, is_priced = steps[place]
            if is_priced:
                since = None if pence >= baseline_pence else since or day
            place += 1
        if since is not None and is_priced:
            found[month] = since
    return found
