"""Each person's answers then and now: the same person, the same measure, the same point of view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from commissioning.accounts.actors import Actor
from commissioning.core.periods import Month
from commissioning.reports.figures.facts import Change, LifeFacts, MeasureChange, Window
from outcomes.models import Answer, Checklist, Measure, View

# The person's own view first. Views are never averaged; the first that answers both then and now is the one used.
VIEWS = (View.PERSON, View.PERSON_SUPPORTED, View.FAMILY, View.STAFF, View.CLINICIAN)
SPAN_MONTHS = 3
APART_MONTHS = 6
NUMBERED = (Measure.Kind.SCALE, Measure.Kind.COUNT, Measure.Kind.YES_NO)


@dataclass(frozen=True)
class _Said:
    month: Month
    value: str
    number: Decimal


# Answers of one person by view and measure (its code), in order of month.
_Answers = Mapping[tuple[str, str], Sequence[_Said]]


@dataclass(frozen=True)
class Lives:
    measures: tuple[Measure, ...]
    by_person: Mapping[int, LifeFacts]
    by_quarter: Mapping[int, tuple[Change, ...]]


def quarters_of(window: Window) -> tuple[Month, ...]:
    """Every third month up to the report's, within the months shown."""
    return tuple(window.shown[place] for place in range(len(window.shown) - 1, -1, -3))[::-1]


def lives_of(actor: Actor, window: Window, person_ids: Sequence[int]) -> Lives:
    """What is known of each person's life, and how it compared with before at each quarter."""
    measures, answers = _read(actor, window)
    facts = {person: _life(answers.get(person, {}), measures, window.month) for person in person_ids}
    quarters = {
        person: tuple(_life(answers.get(person, {}), measures, month).change for month in quarters_of(window))
        for person in person_ids
    }
    return Lives(tuple(measures.values()), facts, quarters)


def _read(actor: Actor, window: Window) -> tuple[dict[str, Measure], dict[int, dict[tuple[str, str], list[_Said]]]]:
    """The life measures by code (the newest version's words), and every answer to them up to the month."""
    found: dict[int, dict[tuple[str, str], list[_Said]]] = {}
    measures: dict[str, Measure] = {}
    answers = (
        Answer.objects.filter(
            checklist__person__partnership=actor.partnership,
            checklist__month__lte=window.month.first,
            measure__kind__in=NUMBERED,
        )
        .exclude(checklist__status=Checklist.Status.DRAFT)
        .exclude(measure__domain=Measure.PROCESS)
        .exclude(measure__better="")
        .values_list("checklist__person_id", "checklist__view", "checklist__month", "measure_id", "value", "number")
        .order_by("checklist__month", "pk")
    )
    by_id = {
        measure.pk: measure
        for measure in Measure.objects.filter(framework__partnership=actor.partnership)
        .select_related("framework")
        .order_by("framework__in_force_from", "framework__version", "position", "code")
    }
    for measure in by_id.values():
        if measure.is_life and measure.better and measure.kind in NUMBERED:
            measures[measure.code] = measure
    for person, view, month, measure_id, value, number in answers:
        known = _number(value, number)
        if known is not None:
            said = found.setdefault(person, {}).setdefault((view, by_id[measure_id].code), [])
            said.append(_Said(Month.of(month), value, known))
    return measures, found


def _number(value: str, number: Decimal | None) -> Decimal | None:
    """A yes or no is 1 or 0; a number is itself."""
    spoken = value.strip().lower()
    if spoken in {"yes", "no"}:
        return Decimal(spoken == "yes")
    if number is not None:
        return number
    return Decimal(spoken) if spoken.replace(".", "", 1).isdigit() else None


def _life(answers: _Answers, measures: Mapping[str, Measure], month: Month) -> LifeFacts:
    """The life of one person in a month against before, from the first view that answers both times."""
    for view in VIEWS:
        compared = [
            change
            for code, measure in measures.items()
            if (change := _compare(answers.get((view, code), ()), measure, view, month)) is not None
        ]
        if compared:
            return LifeFacts(tuple(compared), view)
    return LifeFacts()


def _compare(said: Sequence[_Said], measure: Measure, view: str, month: Month) -> MeasureChange | None:
    """The mean of the first three months of answers against that of the latest three.

    None unless there is an answer within the latest three, six months or more after the first.
    """
    latest_from = month.plus(1 - SPAN_MONTHS)
    latest = [each for each in said if latest_from <= each.month <= month]
    if not latest or latest[-1].month < said[0].month.plus(APART_MONTHS):
        return None
    first = [each for each in said if each.month < said[0].month.plus(SPAN_MONTHS)]
    change = _change(measure, _mean(first), _mean(latest))
    return MeasureChange(measure.code, measure.domain, view, first[0].value, latest[-1].value, change)


def _mean(said: Sequence[_Said]) -> Decimal:
    return sum((each.number for each in said), Decimal(0)) / len(said)


def _change(measure: Measure, before: Decimal, now: Decimal) -> Change:
    """A scale changes by a point or more, a yes or no by more than half, a count by more than a tenth of before."""
    moved = now - before if measure.better == Measure.Better.HIGHER else before - now
    if measure.kind == Measure.Kind.SCALE:
        has_moved = abs(moved) >= 1
    elif measure.kind == Measure.Kind.YES_NO:
        has_moved = abs(moved) > Decimal("0.5")
    else:
        has_moved = abs(moved) > abs(before) / 10
    if not has_moved:
        return Change.SAME
    return Change.BETTER if moved > 0 else Change.WORSE
