"""Homes, moves, hospital, incidents and transitions in twelve months."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from commissioning.accounts.actors import Actor
from commissioning.reports.figures.facts import Tally, YearFacts
from outcomes.models import Incident
from people.models import Cohort, Person, Placement, Setting

OWN_HOME = frozenset({Setting.OWN_TENANCY, Setting.SUPPORTED_LIVING, Setting.SHARED_LIVES, Setting.FAMILY_HOME})
CARE_HOME = frozenset({Setting.RESIDENTIAL_CARE, Setting.NURSING_CARE})
ENDED_BADLY = frozenset({Placement.EndReason.PROVIDER_NOTICE, Placement.EndReason.BREAKDOWN})

# Where people live, in the words and the order of every page; hospital first, because it is where a person is.
PLACES = {
    "care_home": "Residential or nursing care",
    "own_home": "Own tenancy or supported living",
    "shared": "Shared Lives or family home",
    "hospital": "Hospital",
    "none": "No home recorded",
}
_PLACE_OF = {
    Setting.RESIDENTIAL_CARE: "care_home",
    Setting.NURSING_CARE: "care_home",
    Setting.OWN_TENANCY: "own_home",
    Setting.SUPPORTED_LIVING: "own_home",
    Setting.SHARED_LIVES: "shared",
    Setting.FAMILY_HOME: "shared",
}


@dataclass(frozen=True)
class Records:
    """The partnership's people, placements and incidents, read once."""

    people: Sequence[Person]
    placements: Sequence[Placement]
    incidents: Sequence[Incident]


def records_of(actor: Actor) -> Records:
    placements = Placement.objects.visible_to(actor).select_related("provider", "contract").order_by("start", "pk")
    return Records(
        list(Person.objects.visible_to(actor)),
        list(placements),
        list(Incident.objects.visible_to(actor).order_by("occurred_on", "pk")),
    )


def in_force(placement: Placement, on: dt.date) -> bool:
    return placement.start <= on and (placement.end is None or placement.end >= on)


def place_of(placements: Iterable[Placement], on: dt.date) -> Placement | None:
    """Where a person is on a day: in hospital if they are, else at home, else at whatever supports them."""
    here = [placement for placement in placements if in_force(placement, on)]
    for wanted in (lambda each: each.is_hospital, lambda each: each.is_home, lambda _each: True):
        found = [placement for placement in here if wanted(placement)]
        if found:
            return found[-1]
    return None


def place_word(placement: Placement | None) -> str:
    if placement is None:
        return "none"
    if placement.is_hospital:
        return "hospital"
    return _PLACE_OF.get(Setting(placement.setting), "none")


def year_of(records: Records, first: dt.date, last: dt.date) -> YearFacts:
    """What happened from a day to a day, both included."""
    by_person: dict[int, list[Placement]] = {person.pk: [] for person in records.people}
    for placement in records.placements:
        by_person[placement.person_id].append(placement)
    at_end = {pk: place_of(placements, last) for pk, placements in by_person.items()}
    ended = [each for each in records.placements if each.end_reason in ENDED_BADLY and _within(each.end, first, last)]
    incidents = [each for each in records.incidents if first <= each.occurred_on <= last]
    young = [person for person in records.people if _within(_birthday_18(person), first, last)]
    young = [person for person in young if Cohort.TRANSITION in person.cohorts]
    return YearFacts(
        to_own_home=_tally(_moves_home(by_person, first, last)),
        admissions=_tally(
            each.person_id for each in records.placements if each.is_hospital and first <= each.start <= last
        ),
        hospital_days=_days(records.placements, first, last),
        incidents=_tally(each.person_id for each in incidents),
        harmful_incidents=_tally(each.person_id for each in incidents if each.severity >= Incident.Severity.MODERATE),
        restraints=_tally(each.person_id for each in incidents if each.restrictive_practice),
        ended_badly=_tally(each.person_id for each in ended),
        reached_18=len(young),
        reached_18_residential=sum(1 for person in young if _entered_care(by_person[person.pk], first, last)),
        in_hospital_at_end=sum(1 for placement in at_end.values() if placement and placement.is_hospital),
        out_of_area_at_end=sum(1 for placement in at_end.values() if placement and placement.out_of_area),
        supported_at_end=sum(1 for placement in at_end.values() if placement),
        settings_at_end=Counter(place_word(placement) for placement in at_end.values() if placement),
    )


def _within(day: dt.date | None, first: dt.date, last: dt.date) -> bool:
    return day is not None and first <= day <= last


def _birthday_18(person: Person) -> dt.date:
    born = person.date_of_birth
    leap = born.month == 2 and born.day == 29  # 18 years on is never a leap year for all: 1 March, as the law reads
    return dt.date(born.year + 18, 3, 1) if leap else born.replace(year=born.year + 18)


def _entered_care(placements: Sequence[Placement], first: dt.date, last: dt.date) -> bool:
    return any(each.setting in CARE_HOME and first <= each.start <= last for each in placements)


def _moves_home(by_person: dict[int, list[Placement]], first: dt.date, last: dt.date) -> Iterable[int]:
    """Whoever moved from residential care or hospital into a home of their own."""
    for person, placements in by_person.items():
        homes = [each for each in placements if each.is_home or each.is_hospital]
        for before, after in pairwise(homes):
            left = before.setting in CARE_HOME or before.is_hospital
            if left and after.setting in OWN_HOME and first <= after.start <= last:
                yield person


def _days(placements: Iterable[Placement], first: dt.date, last: dt.date) -> Tally:
    """Days in hospital, a person's overlapping stays counted once."""
    days: dict[int, set[int]] = {}
    for each in placements:
        if each.is_hospital and each.start <= last and (each.end is None or each.end >= first):
            start, end = max(each.start, first), min(each.end or last, last)
            days.setdefault(each.person_id, set()).update(range(start.toordinal(), end.toordinal() + 1))
    lengths = [len(found) for found in days.values()]
    return Tally(sum(lengths), len(lengths), max(lengths, default=0))


def _tally(person_ids: Iterable[int]) -> Tally:
    counted = Counter(person_ids)
    return Tally(sum(counted.values()), len(counted), max(counted.values(), default=0))
