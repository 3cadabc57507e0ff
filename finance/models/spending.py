"""What was really paid: a council's published spending."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Partnership
from commissioning.audit.history import track
from commissioning.core.models import Job


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
