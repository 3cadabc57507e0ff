"""What support costs, who pays, what it cost before, and what was really paid."""

import datetime as dt
from decimal import Decimal
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Partnership
from commissioning.audit.history import track
from commissioning.core.models import Job, Versioned
from commissioning.core.money import format_pence, to_pence
from commissioning.core.ranges import days_of, in_force
from people.models import Person, Placement

UNIT_BASES = ("daily", "session", "hourly", "nightly")


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
        """Prices: the partnership's, for those who may see prices; a provider's own, for its managers and staff."""
        lines = self.filter(placement__partnership=actor.partnership)
        if actor.sees_prices:
            return lines
        if actor.is_provider:
            return lines.filter(placement__in=Placement.objects.visible_to(actor))
        return lines.none()

    def in_force(self, on: dt.date) -> Self:
        """Lines that count on a day; one-offs never do (cost rule 6)."""
        return self.filter(in_force(on)).exclude(basis=Basis.ONE_OFF)


@track()
class CostLine(Versioned):
    """One price of one placement from a day to a day (both included)."""

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
    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="cost_lines")
    kind = models.CharField(max_length=30, choices=CostKind)
    # Never null: a null escapes an exclusion constraint.
    label = models.CharField(max_length=100, blank=True, default="")
    basis = models.CharField(max_length=20, choices=Basis)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    units_per_week = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    # A retainer stands instead of the line it cut short; the line that follows stands instead of the retainer.
    instead_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="stand_ins")

    objects = CostLineQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["placement", "start", "reference"]
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
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.get_kind_display()}"

    @property
    def price_words(self) -> str:
        return price_words(self.amount, self.basis, self.units_per_week)

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


class FundingShareQuerySet(models.QuerySet["FundingShare"]):
    def visible_to(self, actor: Actor) -> Self:
        shares = self.filter(placement__partnership=actor.partnership)
        return shares if actor.sees_prices else shares.none()

    def in_force(self, on: dt.date) -> Self:
        return self.filter(in_force(on))


@track()
class FundingShare(models.Model):
    """The percentage of a placement, or of one line, that a funder pays through a route, from a day to a day.

    A trigger keeps shares at or below 100% on any day of a placement or line.
    """

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="shares")
    line = models.ForeignKey(CostLine, null=True, blank=True, on_delete=models.CASCADE, related_name="shares")
    funder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="funds")
    route = models.CharField(max_length=20, choices=Route)
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)

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


class SupplierQuerySet(models.QuerySet["Supplier"]):
    def visible_to(self, actor: Actor) -> Self:
        suppliers = self.filter(partnership=actor.partnership)
        return suppliers if actor.sees_prices else suppliers.none()


@track()
class Supplier(models.Model):
    """A supplier in a council's published spending, by the ID the council gives it.

    `provider` is the match a person made, remembered for every later file; several suppliers may be one provider.
    Private persons have no name here, and only an organisation is shown by its name.
    """

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", "Organisation"
        SOLE_TRADER = "sole_trader", "Sole trader"
        WITHHELD = "withheld", "Name withheld"
        INDIVIDUAL = "individual", "Individual"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="suppliers")
    supplier_id = models.CharField("supplier ID as published", max_length=40)
    names = ArrayField(models.CharField(max_length=200), default=list, help_text="Every name it was published under.")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.ORGANISATION)
    provider = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="suppliers"
    )
    not_a_provider = models.BooleanField(default=False)

    objects = SupplierQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["supplier_id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "supplier_id"], name="one_supplier_per_id")
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """Its latest name; whoever may be a private person goes by what they are and the council's ID."""
        if self.kind == self.Kind.ORGANISATION and self.names:
            return self.names[-1]
        return f"{self.get_kind_display()}, supplier {self.supplier_id}"

    @property
    def other_names(self) -> list[str]:
        return self.names[-2::-1] if self.kind == self.Kind.ORGANISATION else []


class PaymentQuerySet(models.QuerySet["Payment"]):
    def visible_to(self, actor: Actor) -> Self:
        payments = self.filter(partnership=actor.partnership)
        return payments if actor.sees_prices else payments.none()


class Payment(models.Model):
    """One row of a council's published spending: what was really paid."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="payments")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="payments")
    paid_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    transaction = models.CharField(max_length=60, blank=True)
    expense_area = models.CharField(max_length=200, blank=True)
    expense_type = models.CharField(max_length=200)
    # What makes a row the same row when a file is read again: its contents and its place among identical rows.
    fingerprint = models.CharField(max_length=64)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["paid_on", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "fingerprint"], name="one_payment_per_row")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["partnership", "supplier", "paid_on"]),
            models.Index(fields=["partnership", "paid_on"]),
        ]

    def __str__(self) -> str:
        return f"£{self.amount} on {self.paid_on}"


class SpendingImportQuerySet(models.QuerySet["SpendingImport"]):
    def visible_to(self, actor: Actor) -> Self:
        imports = self.filter(partnership=actor.partnership)
        return imports if actor.sees_prices else imports.none()


class SpendingImport(models.Model):
    """Files of published spending brought together, by somebody or by a command."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="spending_imports")
    at = models.DateTimeField(default=timezone.now)
    by_name = models.CharField(max_length=200)
    # The texts it was asked to take; null: those the partnership had chosen.
    expense_types = models.JSONField(null=True, blank=True)

    objects = SpendingImportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"Spending brought on {self.at:%Y-%m-%d}"


class SpendingFile(models.Model):
    """One file of published spending and what reading it brought.

    It is kept, packed, so that it can be read again when other expense types are chosen: as it came until it was read,
    then only the columns that are used, without names of private persons. A file that was refused is not kept.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        READ = "read", "Read"
        REFUSED = "refused", "Refused"

    brought_in = models.ForeignKey(SpendingImport, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    packed = models.BinaryField()
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    refusal = models.CharField(max_length=500, blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_taken = models.PositiveIntegerField(default=0)
    rows_known = models.PositiveIntegerField(default=0)
    # Rows that could not be read: [[row number, why], …].
    faults = models.JSONField(default=list)
    unused_columns = models.JSONField(default=list)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return self.name


class SpendingTypeQuerySet(models.QuerySet["SpendingType"]):
    def visible_to(self, actor: Actor) -> Self:
        types = self.filter(partnership=actor.partnership)
        return types if actor.sees_prices else types.none()


class SpendingType(models.Model):
    """An expense type as it stood in a month's published spending, taken or not: what there is to choose from."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="spending_types")
    expense_type = models.CharField(max_length=200)
    month = models.DateField()
    rows = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=16, decimal_places=2)

    objects = SpendingTypeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "expense_type", "month"], name="one_spending_type_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.expense_type}, {self.month:%Y-%m}"


@track()
class ExpenseType(models.Model):
    """An expense type that counts as support in a partnership's published spending: a payment is taken when its
    type begins with one of the texts, whatever its case (they were renamed over the years)."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="expense_types")
    begins_with = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar[list[str]] = ["begins_with"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "begins_with"], name="one_expense_type_each")
        ]

    def __str__(self) -> str:
        return self.begins_with
