"""Invest to save: money that is put in now so that support costs less later, and what it has saved."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from commissioning.accounts.models import Organisation, Partnership
from commissioning.audit.history import track
from commissioning.core.models import Versioned
from finance.models.risk_share import M, MoneyQuerySet
from people.models import Person, Placement


class OfCaseQuerySet(MoneyQuerySet[M]):
    owner = "case__partnership"


def _ends_after(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(end__gte=F("start")), name=name)


@track()
class InvestmentCase(Versioned):
    """An invest-to-save case: what was put in, for whom, and the savings that partners agreed to count until a day.

    Savings are measured, from what support costs against each person's baseline, or stated, as a schedule that was
    agreed. Amounts are in real terms.
    """

    class Basis(models.TextChoices):
        MEASURED = "measured", "Measured: what each person’s support costs against their baseline"
        STATED = "stated", "Stated: an agreed schedule of savings"

    class Discount(models.TextChoices):
        GREEN_BOOK = "green_book", "The Green Book’s: 3.5% a year, 3% after 30 years"
        OWN = "own", "A rate of our own"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    owner = models.CharField("who is responsible", max_length=200)
    description = models.TextField("what it pays for", blank=True)
    start = models.DateField("first day")
    savings_end = models.DateField("savings are counted to")
    basis = models.CharField("savings are", max_length=10, choices=Basis)
    discount = models.CharField("discount rate", max_length=12, choices=Discount, default=Discount.GREEN_BOOK)
    discount_percent = models.DecimalField("a year", max_digits=5, decimal_places=2, null=True, blank=True)

    objects = MoneyQuerySet["InvestmentCase"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["reference"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "reference"], name="one_case_per_reference"),
            models.CheckConstraint(condition=Q(savings_end__gte=F("start")), name="case_savings_end_after_start"),
            models.CheckConstraint(
                condition=Q(discount="own", discount_percent__range=(Decimal(0), Decimal(20)))
                | (~Q(discount="own") & Q(discount_percent__isnull=True)),
                name="own_discount_has_percent",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@track()
class CaseFunding(models.Model):
    """Money that a partner puts in: on one day, or evenly by day from a day to a day, both included."""

    case = models.ForeignKey(InvestmentCase, on_delete=models.CASCADE, related_name="funding")
    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    start = models.DateField("from")
    end = models.DateField("to")

    objects = OfCaseQuerySet["CaseFunding"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["case", "start", "source", "end"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "source", "start", "end"], name="one_case_funding_each"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="case_funding_above_0"),
            _ends_after("case_funding_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"£{self.amount} from {self.start}"


@track()
class CaseSaving(models.Model):
    """A stated saving, spread evenly by day from a day to a day, both included; below 0 where it costs more."""

    case = models.ForeignKey(InvestmentCase, on_delete=models.CASCADE, related_name="savings")
    start = models.DateField("from")
    end = models.DateField("to")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    note = models.CharField("how it is known", max_length=200, blank=True)

    objects = OfCaseQuerySet["CaseSaving"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["case", "start", "end"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "start", "end"], name="one_case_saving_each"),
            _ends_after("case_saving_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"£{self.amount} from {self.start}"


@track()
class CasePerson(models.Model):
    """Somebody whose support the money of a case is for, their move where there is one, and the day from which what
    their support costs is set against their baseline."""

    case = models.ForeignKey(InvestmentCase, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    placement = models.ForeignKey(
        Placement, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name="move"
    )
    counts_from = models.DateField()

    objects = OfCaseQuerySet["CasePerson"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["case", "person__reference"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "person"], name="one_person_per_case")
        ]

    def __str__(self) -> str:
        return f"From {self.counts_from}"


@track()
class CaseBeds(models.Model):
    """Hospital beds that people of a case no longer need. The money is only released when the ward or the beds close:
    until `closed_on` the saving is shown apart and counts for nothing.
    """

    case = models.ForeignKey(InvestmentCase, on_delete=models.CASCADE, related_name="beds")
    ward = models.CharField("ward or hospital", max_length=200)
    beds = models.PositiveSmallIntegerField()
    weekly_cost = models.DecimalField("cost of them all a week", max_digits=12, decimal_places=2)
    start = models.DateField("not needed from")
    closed_on = models.DateField(null=True, blank=True)

    objects = OfCaseQuerySet["CaseBeds"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["case", "start", "ward"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "ward", "start"], name="one_case_ward_each"),
            models.CheckConstraint(condition=Q(weekly_cost__gt=0) & Q(beds__gte=1), name="case_beds_cost_something"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("start")), name="case_beds_close_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.beds} beds, {self.ward}"
