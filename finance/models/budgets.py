"""What partners agreed to put into the pooled fund in a year, what is assumed of it, and what is expected to change."""

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Partnership
from commissioning.audit.history import track
from commissioning.core.models import Versioned
from commissioning.core.money import format_pence, to_pence
from commissioning.core.periods import FinancialYear
from people.models import Person, Placement


class BudgetQuerySet(models.QuerySet["Budget"]):
    def visible_to(self, actor: Actor) -> Self:
        budgets = self.filter(partnership=actor.partnership)
        return budgets if actor.sees_prices else budgets.none()

    def of(self, year: FinancialYear) -> Self:
        return self.filter(year=year.start)


@track()
class Budget(models.Model):
    """One partner's contribution to the pooled fund for a financial year, as first agreed.

    A partner has one for each pool that the partnership tells apart by name; most have one without a name. What was
    added or taken away in the year is in its changes, so that the budget on any day is known.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="budgets")
    reference = models.CharField(max_length=40)
    # The calendar year in which the financial year begins: 2026 is 2026/27.
    year = models.PositiveSmallIntegerField()
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="budgets")
    # Never null: a null escapes a unique constraint.
    pool = models.CharField(max_length=100, blank=True, default="")
    amount = models.DecimalField("contribution", max_digits=14, decimal_places=2)
    agreed_by = models.CharField(max_length=200, blank=True)
    agreed_on = models.DateField(null=True, blank=True)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["year", "partner__name", "pool"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "reference"], name="one_budget_per_reference"),
            models.UniqueConstraint(fields=["partnership", "year", "partner", "pool"], name="one_budget_a_year"),
            models.CheckConstraint(condition=Q(amount__range=("0", "99999999999.99")), name="budget_within_bounds"),
            models.CheckConstraint(condition=Q(year__range=(1900, 2099)), name="budget_year_within_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.partner}, {self.pool}" if self.pool else str(self.partner)

    @property
    def financial_year(self) -> FinancialYear:
        return FinancialYear(self.year)


class BudgetChangeQuerySet(models.QuerySet["BudgetChange"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(budget__in=Budget.objects.visible_to(actor))


@track()
class BudgetChange(models.Model):
    """What was added to a budget in its year, or taken away, from a day on, and why; money moved from one budget to
    another (a virement) is one of each."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(max_length=40)
    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="changes")
    on = models.DateField("from")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    reason = models.CharField(max_length=300)
    agreed_by = models.CharField(max_length=200, blank=True)

    objects = BudgetChangeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["on", "reference"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "reference"], name="one_budget_change_per_reference"),
            models.CheckConstraint(
                condition=Q(amount__range=("-99999999999.99", "99999999999.99")) & ~Q(amount=0),
                name="budget_change_within_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{format_pence(self.pence, sign=True)} from {self.on}"

    @property
    def pence(self) -> int:
        return to_pence(self.amount)


@track()
class BudgetYear(models.Model):
    """What is assumed of a financial year: the uplift of prices as a band, and the day on whose commitments its budget
    was built."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="budget_years")
    year = models.PositiveSmallIntegerField()
    # From this day prices that began before it are expected to rise; uplifts are often agreed late and backdated.
    uplift_from = models.DateField("uplift expected from", null=True, blank=True)
    uplift_low = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    uplift_expected = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    uplift_high = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    built_on = models.DateField("built from the records of", null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["year"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "year"], name="one_budget_year"),
            models.CheckConstraint(
                condition=Q(
                    uplift_from__isnull=True,
                    uplift_low__isnull=True,
                    uplift_expected__isnull=True,
                    uplift_high__isnull=True,
                )
                | Q(
                    uplift_from__isnull=False,
                    uplift_low__gte=-50,
                    uplift_low__lte=F("uplift_expected"),
                    uplift_expected__lte=F("uplift_high"),
                    uplift_high__lte=50,
                ),
                name="uplift_band_whole_and_in_order",
            ),
            models.CheckConstraint(condition=Q(year__range=(1900, 2099)), name="year_of_budget_within_bounds"),
        ]

    def __str__(self) -> str:
        return FinancialYear(self.year).label


class PlannedChangeQuerySet(models.QuerySet["PlannedChange"]):
    def visible_to(self, actor: Actor) -> Self:
        changes = self.filter(partnership=actor.partnership)
        return changes if actor.sees_prices else changes.none()

    def expected(self) -> Self:
        return self.filter(state=PlannedChange.State.EXPECTED)


@track()
class PlannedChange(Versioned):
    """What is expected to change and is no cost line yet: a move, a step-down, more need, or somebody new to come.

    The three amounts are what it adds to the weekly cost, at the least, as expected and at the most; less is negative.
    It counts in forecasts while it is expected. Once prices are recorded for it, it has happened, and counts no more.
    """

    class Kind(models.TextChoices):
        MOVE = "move", "Move"
        STEP_DOWN = "step_down", "Step-down"
        NEED_INCREASE = "need_increase", "Need goes up"
        NEW_PERSON = "new_person", "Somebody new"
        OTHER = "other", "Another change"

    class State(models.TextChoices):
        EXPECTED = "expected", "Expected"
        HAPPENED = "happened", "Happened: prices are recorded"
        DROPPED = "dropped", "Will not happen"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="planned_changes")
    reference = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=Kind)
    # Nobody yet where somebody is expected whose record is not here, such as from children's services.
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="planned_changes")
    placement = models.ForeignKey(
        Placement, null=True, blank=True, on_delete=models.CASCADE, related_name="planned_changes"
    )
    # Who will pay all of it; without one, those who pay for the placement on each day.
    funder = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("first day")
    until = models.DateField("last day", null=True, blank=True)
    weekly_low = models.DecimalField(max_digits=12, decimal_places=2)
    weekly_expected = models.DecimalField(max_digits=12, decimal_places=2)
    weekly_high = models.DecimalField(max_digits=12, decimal_places=2)
    note = models.CharField("what is expected", max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.EXPECTED)

    objects = PlannedChangeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["on", "reference"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "reference"], name="one_planned_change_per_reference"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("on")), name="planned_change_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(weekly_low__lte=F("weekly_expected"), weekly_expected__lte=F("weekly_high")),
                name="planned_change_low_to_high",
            ),
            models.CheckConstraint(
                condition=Q(weekly_low__gte="-9999999.99", weekly_high__lte="9999999.99"),
                name="planned_change_within_bounds",
            ),
            models.CheckConstraint(
                condition=Q(placement__isnull=True) | Q(person__isnull=False), name="planned_change_of_its_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.get_kind_display()}"

    def is_overdue(self, today: dt.date) -> bool:
        """Its first day has passed, and nobody has said whether it happened."""
        return self.state == self.State.EXPECTED and self.on < today
