"""The short panels under a person's chart, each of which leads to its own page."""

import datetime as dt
from dataclasses import dataclass

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role
from commissioning.core.periods import words
from commissioning.overview.queries.person.reads import Read, reads_of
from commissioning.overview.queries.person.record import MoneyLifeRecord
from finance.queries import weekly_by
from people.models import CircleMember, Person, Placement, Plan
from people.queries import GoalShown, age_on, circle, current_plan, goals_of, lives_now

SEES_READS = frozenset({Role.COMMISSIONER, Role.AUDITOR})


@dataclass(frozen=True)
class PlacementNow:
    """A placement in force or planned; `weekly_pence` is None for those who see no prices."""

    placement: Placement
    is_planned: bool
    weekly_pence: int | None


@dataclass(frozen=True)
class Panels:
    """What stands under the chart; `shows_life` is False for those who know people by reference and cost only."""

    shows_life: bool
    plan: Plan | None
    goals: tuple[GoalShown, ...]
    placements: tuple[PlacementNow, ...]
    circle: tuple[CircleMember, ...]
    shows_reads: bool
    reads: tuple[Read, ...]
    reads_count: int


def panels_of(record: MoneyLifeRecord) -> Panels:
    """Seven queries at most."""
    actor, person = record.actor, record.person
    life, shows_reads = record.sight.life, actor.role in SEES_READS
    reads, count = reads_of(actor, person) if shows_reads else ((), 0)
    return Panels(
        shows_life=life,
        plan=current_plan(actor, person) if life else None,
        goals=tuple(goals_of(actor, person)) if life else (),
        placements=_placements(record),
        circle=circle(person, record.today).now if life else (),
        shows_reads=shows_reads,
        reads=reads,
        reads_count=count,
    )


def _placements(record: MoneyLifeRecord) -> tuple[PlacementNow, ...]:
    weekly = weekly_by(record.book, record.today, "placement") if record.sight.money else {}
    current = [each for each in record.placements if each.end is None or each.end >= record.today]
    return tuple(
        PlacementNow(
            placement=each,
            is_planned=each.start > record.today,
            weekly_pence=weekly.get(each.reference, 0) if record.sight.money else None,
        )
        for each in current
    )


def lives_in_words(actor: Actor, person: Person, today: dt.date) -> str:
    """`24. Own tenancy with Meadow Farm Support since 1 July 2026.` Without the age for those who see no names."""
    age = f"{age_on(person, today)}. " if actor.sees_names else ""
    if person.died_on:
        return f"Died {words(person.died_on)}, aged {age_on(person, today)}."
    placement = lives_now(actor, person, today)
    if placement is None:
        return age.strip()
    since = f" since {words(placement.start)}" if placement.start <= today else ""
    return f"{age}{placement.get_setting_display()} with {placement.provider}{since}."


def facts_of(actor: Actor, person: Person) -> list[tuple[str, str]]:
    """The rows beside the name: who it is and who is responsible."""
    responsible = f"{person.council} and {person.icb}"
    if not actor.sees_names:
        return [("Responsible", responsible)]
    facts = [("Reference", person.reference)]
    if person.nhs_number:
        number = person.nhs_number
        facts.append(("NHS number", f"{number[:3]} {number[3:6]} {number[6:]}"))
    facts += [("Born", words(person.date_of_birth)), ("Diagnosis", person.get_diagnosis_display())]
    return [*facts, ("Responsible", responsible)]
