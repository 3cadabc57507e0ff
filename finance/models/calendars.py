"""Calendars: bank holidays, school terms and other days that prices go by."""

from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Partnership
from commissioning.audit.history import track
from commissioning.core.models import Versioned
from commissioning.core.ranges import days_of


class CalendarQuerySet(models.QuerySet["Calendar"]):
    def visible_to(self, actor: Actor) -> Self:
        """The partnership's, for those who may see prices; a provider's prices name theirs."""
        calendars = self.filter(partnership=actor.partnership)
        return calendars if actor.sees_prices or actor.is_provider else calendars.none()


@track()
class Calendar(Versioned):
    """Days that prices with this calendar count, and no others: a bank-holiday enhancement, term-time sessions."""

    class Kind(models.TextChoices):
        BANK_HOLIDAYS = "bank_holidays", "Bank holidays"
        TERM_TIME = "term_time", "Term time"
        OTHER = "other", "Other days"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="calendars")
    reference = models.CharField("code", max_length=40)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=Kind)

    objects = CalendarQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "reference"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "reference"], name="one_calendar_per_code"),
        ]

    def __str__(self) -> str:
        return self.name


@track()
class CalendarDays(models.Model):
    """A run of a calendar's days, both ends included: one bank holiday, or a half term's weeks of school."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="ranges")
    start = models.DateField()
    end = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["calendar", "start"]
        verbose_name_plural = "calendar days"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="calendar_days_run_forwards"),
            ExclusionConstraint(
                name="calendar_days_counted_once",
                expressions=[("calendar", RangeOperators.EQUAL), (days_of(), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"
