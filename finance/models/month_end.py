"""Months that are closed: what was booked then, for good. What is learnt later is booked in the first open month."""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Partnership
from commissioning.audit.history import track
from commissioning.core.periods import Month


class ClosedMonthQuerySet(models.QuerySet["ClosedMonth"]):
    def visible_to(self, actor: Actor) -> Self:
        months = self.filter(partnership=actor.partnership)
        return months if actor.sees_prices else months.none()


def stays(name: str) -> pgtrigger.Protect:
    """A trigger that refuses every change and deletion: no code path can move what is in both bodies' books."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


@track()
class ClosedMonth(models.Model):
    """A month that a finance officer closed: nothing that is booked of it moves again."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="closed_months")
    month = models.DateField("month (its first day)")
    closed_at = models.DateTimeField(default=timezone.now)
    closed_by_name = models.CharField(max_length=200)

    objects = ClosedMonthQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-month"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "month"], name="month_closed_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="closed_month_is_its_first_day"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [stays("closed_month_stays")]

    def __str__(self) -> str:
        return Month.of(self.month).words


class BookedCostQuerySet(models.QuerySet["BookedCost"]):
    def visible_to(self, actor: Actor) -> Self:
        booked = self.filter(closing__partnership=actor.partnership)
        return booked if actor.sees_prices else booked.none()


class BookedCost(models.Model):
    """What one line cost one funder of a month, as booked when a month was closed: whole pence.

    `month` is the closed month itself for its own costs, and an earlier one for an adjustment of it; all that is
    booked of a month adds up over every closing. `line` is the line's number, without a foreign key, so that what was
    booked outlives it. Nobody's part has no funder.
    """

    closing = models.ForeignKey(ClosedMonth, on_delete=models.CASCADE, related_name="booked")
    month = models.DateField()
    line = models.BigIntegerField()
    funder = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    pence = models.BigIntegerField()

    objects = BookedCostQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["closing", "month", "line", "funder"], nulls_distinct=False, name="booked_once"
            )
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [stays("booked_cost_stays")]

    def __str__(self) -> str:
        return f"{self.pence} pence of {self.month:%Y-%m}"
