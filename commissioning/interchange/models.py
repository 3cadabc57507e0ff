"""Files that people bring: kept with what loading them would change, until they are confirmed."""

from typing import ClassVar, Self

from django.db import models
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Partnership, User


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, actor: Actor) -> Self:
        uploads = self.filter(partnership=actor.partnership)
        return uploads if actor.can_commission else uploads.none()


class Upload(models.Model):
    """One dataset that somebody uploaded: checked first, loaded when they confirm, both by a worker.

    `contents` is a zip of CSV files or one .xlsx, emptied once it is no longer needed: it is full of personal data.
    """

    class State(models.TextChoices):
        CHECKING = "checking", "Being checked"
        FAULTY = "faulty", "Has faults; nothing was saved"
        READY = "ready", "Ready to load"
        LOADING = "loading", "Being loaded"
        LOADED = "loaded", "Loaded"
        FAILED = "failed", "Could not be loaded; nothing was saved"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="uploads")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=200)
    contents = models.BinaryField()
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING)
    progress = models.CharField(max_length=200, blank=True)
    faults = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    changes = models.JSONField(default=list)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_waiting(self) -> bool:
        """A worker is at it, or will be."""
        return self.state in {self.State.CHECKING, self.State.LOADING}

    @property
    def saves_nothing(self) -> bool:
        """Every row is stored already."""
        return not any(change["created"] or change["updated"] for change in self.changes)
