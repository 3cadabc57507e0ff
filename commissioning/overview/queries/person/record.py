"""What an actor may see of one person's money and life, read once for the chart, the table and the figures."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role
from commissioning.core.money import to_pence
from commissioning.core.periods import Month
from finance.models import Baseline
from finance.queries import Book, PersonCost, open_book, person_costs
from outcomes.queries import IncidentMonth, OutcomeSeries, answers_by_month, incidents_by_month
from people.models import Person, Placement


@dataclass(frozen=True)
class Sight:
    """Which halves of the page a role has: prices, the comparison with before, and life."""

    money: bool
    baseline: bool
    life: bool


def sight_of(actor: Actor) -> Sight:
    """A clinician sees no prices, a provider only its own and no comparison, a finance officer no life."""
    return Sight(
        money=actor.sees_prices or actor.is_provider,
        baseline=actor.sees_prices,
        life=actor.role != Role.FINANCE_OFFICER,
    )


@dataclass(frozen=True)
class MoneyLifeRecord:
    """One person as one actor sees them: placements oldest first, prices, baseline, answers and incidents."""

    actor: Actor
    person: Person
    today: dt.date
    sight: Sight
    book: Book
    baseline: Baseline | None
    placements: tuple[Placement, ...]
    answers: tuple[OutcomeSeries, ...]
    incidents: tuple[IncidentMonth, ...]

    @property
    def name(self) -> str:
        """What the person is called, or their reference for those who know no names."""
        return self.person.called if self.actor.sees_names else self.person.reference

    @property
    def baseline_pence(self) -> int | None:
        return None if self.baseline is None else to_pence(self.baseline.weekly_cost)

    @property
    def compared_pence(self) -> int | None:
        """The baseline where it can be compared: an all-in price is not compared with support alone."""
        if self.baseline is None or self.baseline.scope == Baseline.Scope.ALL_IN:
            return None
        return self.baseline_pence

    @cached_property
    def cost(self) -> PersonCost | None:
        """Cost rules 6 to 8 today; None for those who may not compare. Two queries."""
        if not self.sight.baseline:
            return None
        rows = person_costs(self.actor, self.book, self.today)
        return next((row for row in rows if row.person == self.person.reference), None)

    @property
    def homes(self) -> tuple[Placement, ...]:
        return tuple(each for each in self.placements if each.is_home)

    @property
    def moved_on(self) -> dt.date | None:
        """The day of the latest move from one home to another."""
        started = [each.start for each in self.placements if each.is_home or each.is_hospital]
        moves = [each.start for each in self.homes if each.start <= self.today and each.start > min(started)]
        return max(moves, default=None)

    @property
    def earliest(self) -> Month:
        """The first month of which anything is known."""
        days = [each.start for each in self.placements]
        days += [dt.date.fromordinal(int(self.book.lines.start.min()))] if len(self.book.lines) else []
        months = [Month.of(day) for day in days]
        months += [answer.month for series in self.answers for view in series.views for answer in view.answers]
        months += [each.month for each in self.incidents]
        return min(months, default=Month.of(self.today))

    def supported_in(self, month: Month) -> bool:
        """Whether a placement the actor sees has a day in the month."""
        return any(
            each.start <= month.last and (each.end is None or each.end >= month.first) for each in self.placements
        )


def record_of(actor: Actor, person: Person, today: dt.date) -> MoneyLifeRecord:
    """Everything of the person's money and life that the actor may see. Seven queries at most."""
    sight = sight_of(actor)
    placements = Placement.objects.visible_to(actor).filter(person=person)
    return MoneyLifeRecord(
        actor=actor,
        person=person,
        today=today,
        sight=sight,
        book=open_book(actor, people=Person.objects.filter(pk=person.pk)),
        baseline=Baseline.objects.filter(person=person).first() if sight.baseline else None,
        placements=tuple(placements.select_related("provider", "landlord").order_by("start", "reference")),
        answers=answers_by_month(person, actor=actor) if sight.life else (),
        incidents=incidents_by_month(person, actor=actor) if sight.life else (),
    )
