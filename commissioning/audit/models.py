"""Who looked at whom, and what was refused. Changes are kept by triggers (see `track` in each app's models)."""

from django.db import models
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
    """An address that somebody signed in was refused."""

    at = models.DateTimeField(default=timezone.now)
    user_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=30, blank=True)
    route = models.CharField(max_length=100)
    status = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.status} on {self.route}"
