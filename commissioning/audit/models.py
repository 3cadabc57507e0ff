"""Who looked at whom, what was refused, and the seals. Changes are kept by triggers (`track` in each app's models)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone


class RecordRead(models.Model):
    """One person's record shown to one user.

    It holds texts and numbers, not foreign keys, so that it outlives what it describes.
    """

    at = models.DateTimeField(default=timezone.now)
    user_id = models.BigIntegerField()
    user_name = models.CharField(max_length=200)
    role = models.CharField(max_length=30)
    organisation = models.CharField(max_length=200, blank=True)
    partnership_code = models.CharField(max_length=40)
    person_id = models.BigIntegerField()
    route = models.CharField(max_length=100)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person_id", "-at"])]

    def __str__(self) -> str:
        return f"{self.user_name} saw person {self.person_id} at {self.at:%Y-%m-%d %H:%M}"


class Refusal(models.Model):
    """An address somebody was refused. `user_id` is empty for somebody not signed in, of whom only some are kept."""

    at = models.DateTimeField(default=timezone.now)
    user_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=30, blank=True)
    route = models.CharField(max_length=100)
    status = models.PositiveSmallIntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["at"], condition=Q(user_id=None), name="refusals_of_strangers")
        ]

    def __str__(self) -> str:
        return f"{self.status} on {self.route}"


class Seal(models.Model):
    """The end of a batch of audit rows: its hash covers the rows and the seal before, so the seals are a chain.

    `hash` is SHA-256 over the number, the time, the hash before and the `SealedTable` of every table in the batch.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


class SealedTable(models.Model):
    """The rows of one table in one seal: every row with an id above `after_id`, up to and with `upto_id`.

    `row_digests` holds 32 bytes for each of `row_ids`, in their order, so that the row that was tampered with can be
    named and a lawful erasure leaves the chain whole. `digest` is SHA-256 over both.
    """

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="tables")
    table = models.CharField(max_length=63)
    columns = ArrayField(models.CharField(max_length=63))
    after_id = models.BigIntegerField()
    upto_id = models.BigIntegerField()
    row_ids = ArrayField(models.BigIntegerField())
    row_digests = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["seal", "table"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["table", "after_id"], name="one_seal_for_each_stretch_of_a_table")
        ]

    def __str__(self) -> str:
        return f"{self.table}, {self.after_id} to {self.upto_id}"


class Erasure(models.Model):
    """Audit rows that were removed lawfully: by whom, with whose approval and why. Sealed like any other audit row."""

    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=200)
    approved_by = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(by=models.F("approved_by")) & ~Q(by="") & ~Q(approved_by="") & ~Q(reason=""),
                name="erasure_is_approved_by_somebody_else",
            )
        ]

    def __str__(self) -> str:
        return f"Erasure {self.pk}, asked by {self.by}, approved by {self.approved_by}"


class ErasedRows(models.Model):
    """Which rows of one table an erasure removed."""

    erasure = models.ForeignKey(Erasure, on_delete=models.PROTECT, related_name="tables")
    table = models.CharField(max_length=63)
    row_ids = ArrayField(models.BigIntegerField())

    def __str__(self) -> str:
        return f"{len(self.row_ids)} rows of {self.table}"
