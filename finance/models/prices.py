"""What support costs, who pays, and what it cost before."""

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Partnership
from commissioning.audit.history import track
from commissioning.core.models import Versioned
from commissioning.core.money import format_pence, to_pence
from commissioning.core.ranges import days_of, in_force
from finance.models.calendars import Calendar
from people.models import Person, Placement
from providers.models import Contract

UNIT_BASES = ("daily", "session", "hourly", "nightly")
MOST_PLACES = 9_999
"""The largest capacity of a block."""


class CostKind(models.TextChoices):
    CORE_SUPPORT = "core_support", "Core support"
    ONE_TO_ONE = "one_to_one", "One-to-one support"
    TWO_TO_ONE = "two_to_one", "Two-to-one support"
    WAKING_NIGHT = "waking_night", "Waking night"
    SLEEP_IN = "sleep_in", "Sleep-in"
    SHARED_HOURS = "shared_hours", "Shared hours"
    DAY_ACTIVITY = "day_activity", "Day activity"
    CLINICAL = "clinical", "Clinical support"
    TRAINING = "training", "Training"
    TRANSPORT = "transport", "Transport"
    SET_UP = "set_up", "Set-up"
    VOID = "void", "Void"
    RETAINER = "retainer", "Retainer"
    HOUSING = "housing", "Housing"
    MANAGEMENT = "management", "Management"
    CLIENT_CONTRIBUTION = "client_contribution", "What the person pays"
    NURSING_CONTRIBUTION = "nursing_contribution", "Nursing contribution"
    OTHER = "other", "Something else"


class Basis(models.TextChoices):
    WEEKLY = "weekly", "a week"
    FORTNIGHTLY = "fortnightly", "a fortnight"
    FOUR_WEEKLY = "four_weekly", "every four weeks"
    MONTHLY = "monthly", "a month"
    DAILY = "daily", "a day"
    SESSION = "session", "a session"
    HOURLY = "hourly", "an hour"
    NIGHTLY = "nightly", "a night"
    ONE_OFF = "one_off", "once"


def price_words(amount: Decimal, basis: str, units_per_week: Decimal | None) -> str:
    """`£174.97 a night × 7`."""
    times = "" if units_per_week is None else f" × {units_per_week.normalize():f}"
    return f"{format_pence(to_pence(amount))} {Basis(basis).label}{times}"


class CostLineQuerySet(models.QuerySet["CostLine"]):
    def visible_to(self, actor: Actor) -> Self:
        """Prices: the partnership's, for those who may see prices; a provider's own, for its managers and staff.

        A provider's own are those of its placements and of its contracts.
        """
        lines = self.filter(partnership=actor.partnership)
        if actor.sees_prices:
            return lines
        if actor.is_provider:
            placements, contracts = Placement.objects.visible_to(actor), Contract.objects.visible_to(actor)
            return lines.filter(Q(placement__in=placements) | Q(contract__in=contracts))
        return lines.none()

    def of_placements(self) -> Self:
        return self.filter(placement__isnull=False)

    def blocks(self) -> Self:
        """Prices of contracts, for a number of places."""
        return self.filter(contract__isnull=False)

    def in_force(self, on: dt.date) -> Self:
        """Lines that count on a day; one-offs never do (cost rule 6)."""
        return self.filter(in_force(on)).exclude(basis=Basis.ONE_OFF)


@track()
class CostLine(Versioned):
    """One price of one placement, or of a contract's places, from a day to a day (both included).

    A contract's price is for `capacity` places: those who are placed under the contract each take one, and what nobody
    fills is void (cost rule 10). With a calendar, only the calendar's days count (cost rule 2).
    """

    class Reason(models.TextChoices):
        NEW = "new", "New"
        NEED_INCREASE = "need_increase", "Need went up"
        NEED_DECREASE = "need_decrease", "Need went down"
        STEP_DOWN = "step_down", "Step-down"
        UPLIFT = "uplift", "Uplift"
        NEGOTIATED = "negotiated", "Negotiated"
        CORRECTION = "correction", "Correction"
        SUSPENSION = "suspension", "Suspension"
        OTHER = "other", "Another reason"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(max_length=40)
    placement = models.ForeignKey(Placement, null=True, blank=True, on_delete=models.CASCADE, related_name="cost_lines")
    contract = models.ForeignKey(Contract, null=True, blank=True, on_delete=models.CASCADE, related_name="cost_lines")
    capacity = models.PositiveIntegerField("places", null=True, blank=True)
    kind = models.CharField(max_length=30, choices=CostKind)
    # Never null: a null escapes an exclusion constraint.
    label = models.CharField(max_length=100, blank=True, default="")
    basis = models.CharField(max_length=20, choices=Basis)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    units_per_week = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    calendar = models.ForeignKey(Calendar, null=True, blank=True, on_delete=models.PROTECT, related_name="cost_lines")
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    # The day on which the price became known; empty in files that do not say.
    recorded_on = models.DateField(null=True, blank=True, default=timezone.localdate)
    # A retainer stands instead of the line it cut short; the line that follows stands instead of the retainer.
    instead_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="stand_ins")

    objects = CostLineQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["placement", "contract", "start", "reference"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "reference"], name="one_cost_line_per_reference"),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(basis="one_off") | Q(end__gte=models.F("start")),
                name="cost_line_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(basis__in=UNIT_BASES, units_per_week__isnull=False)
                | (~Q(basis__in=UNIT_BASES) & Q(units_per_week__isnull=True)),
                name="units_for_unit_bases_only",
            ),
            models.CheckConstraint(
                condition=Q(units_per_week__isnull=True) | Q(units_per_week__gte=0), name="units_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(amount__range=("-9999999.99", "9999999.99")), name="amount_within_bounds"
            ),
            models.CheckConstraint(
                condition=Q(placement__isnull=False, contract__isnull=True, capacity__isnull=True)
                # not null besides: what is unknown would pass
                | Q(
                    placement__isnull=True,
                    contract__isnull=False,
                    capacity__isnull=False,
                    capacity__range=(1, MOST_PLACES),
                ),
                name="price_of_a_placement_or_of_places",
            ),
            models.CheckConstraint(
                condition=Q(calendar__isnull=True) | Q(basis__in=UNIT_BASES), name="calendar_for_unit_bases_only"
            ),
            ExclusionConstraint(
                name="one_price_at_a_time",
                expressions=[
                    ("placement", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("label", RangeOperators.EQUAL),
                    (days_of(), RangeOperators.OVERLAPS),
                ],
                condition=~Q(basis="one_off"),
            ),
            ExclusionConstraint(
                name="one_price_of_places_at_a_time",
                expressions=[
                    ("contract", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("label", RangeOperators.EQUAL),
                    (days_of(), RangeOperators.OVERLAPS),
                ],
                condition=~Q(basis="one_off"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.get_kind_display()}"

    @property
    def price_words(self) -> str:
        return price_words(self.amount, self.basis, self.units_per_week)

    @property
    def is_block(self) -> bool:
        """A contract's price of so many places."""
        return self.contract_id is not None

    @property
    def its_placement(self) -> Placement:
        """The placement of a price that is one's. Raises ValueError for a contract's price of places."""
        if self.placement is None:
            raise ValueError(f"{self.reference} is the price of a contract’s places.")
        return self.placement

    @property
    def of(self) -> Placement | Contract:
        """What the price is of."""
        return self.contract or self.its_placement

    @property
    def is_income(self) -> bool:
        """Cost rule 5: a client contribution is a negative amount."""
        return self.amount < 0


class Route(models.TextChoices):
    CARE_ACT = "care_act", "Care Act"
    CHC = "chc", "Continuing healthcare"
    JOINT = "joint", "Joint funding"
    S117 = "s117", "Section 117 aftercare"
    PHB = "phb", "Personal health budget"
    FNC = "fnc", "Funded nursing care"
    CLIENT = "client", "The person"
    EDUCATION = "education", "Education"
    NHS_INPATIENT = "nhs_inpatient", "NHS in-patient"
    SPECIALISED = "specialised", "Specialised commissioning"
    HOUSING_BENEFIT = "housing_benefit", "Housing benefit"
    ACCESS_TO_WORK = "access_to_work", "Access to Work"
    OTHER = "other", "Another route"


def among(field: str, rows: models.QuerySet[Any]) -> Q:
    """Whether a key is one of these rows’. Unlike `__in` it is found by the key's index beside another with OR."""
    keys = ArraySubquery(rows.order_by().values("pk"))
    template = "(%(expressions)s))"
    found = models.Func(F(field), keys, template=template, arg_joiner=" = ANY (", output_field=models.BooleanField())
    return Q(found)


class FundingShareQuerySet(models.QuerySet["FundingShare"]):
    def visible_to(self, actor: Actor) -> Self:
        """Shares of the partnership's placements, and those of contracts' prices, which have no placement."""
        blocks = CostLine.objects.filter(partnership=actor.partnership).blocks()
        placements = Placement.objects.filter(partnership=actor.partnership)
        shares = self.filter(among("placement_id", placements) | Q(among("line_id", blocks), placement__isnull=True))
        return shares if actor.sees_prices else shares.none()

    def in_force(self, on: dt.date) -> Self:
        return self.filter(in_force(on))


@track()
class FundingShare(models.Model):
    """The percentage of a placement, or of one line, that a funder pays through a route, from a day to a day.

    Without a placement it is of a contract's line, its parts and its void alike. A trigger keeps shares at or below
    100% on any day of a placement or line.
    """

    placement = models.ForeignKey(Placement, null=True, blank=True, on_delete=models.CASCADE, related_name="shares")
    line = models.ForeignKey(CostLine, null=True, blank=True, on_delete=models.CASCADE, related_name="shares")
    funder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="funds")
    route = models.CharField(max_length=20, choices=Route)
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    # The day on which the share became known; empty in files that do not say.
    recorded_on = models.DateField(null=True, blank=True, default=timezone.localdate)

    objects = FundingShareQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["placement", "line", "start", "funder"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["placement", "line", "funder", "route", "start"], nulls_distinct=False, name="one_share_each"
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=models.F("start")), name="share_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="share_above_0_to_100"),
            models.CheckConstraint(
                condition=Q(placement__isnull=False) | Q(line__isnull=False), name="share_of_a_placement_or_line"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent}% from {self.start}"


@track()
class Baseline(models.Model):
    """What a person's support cost each week before anything changed: every trajectory is measured against it."""

    class Scope(models.TextChoices):
        SUPPORT_ONLY = "support_only", "Support only"
        ALL_IN = "all_in", "All in (such as a hospital price)"

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="baseline")
    weekly_cost = models.DecimalField(max_digits=12, decimal_places=2)
    as_at = models.DateField()
    source = models.CharField(max_length=300)
    scope = models.CharField(max_length=20, choices=Scope, blank=True)

    def __str__(self) -> str:
        return f"£{self.weekly_cost} a week as at {self.as_at}"
