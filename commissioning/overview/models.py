"""Journeys that were begun and not finished."""

from typing import ClassVar, Self

from django.db import models

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import User
from people.models import Person


class PlacementDraftQuerySet(models.QuerySet["PlacementDraft"]):
    def visible_to(self, actor: Actor) -> Self:
        """Somebody's own drafts, of people they may commission for."""
        drafts = self.filter(by=actor.user, person__partnership=actor.partnership)
        return drafts if actor.can_commission else drafts.none()


class PlacementDraft(models.Model):
    """A placement that is being logged: the answers as typed, page by page, until they are confirmed.

    One for each person and user, so that it can be left and come back to; confirming it takes it away, so that a
    second click finds nothing to log.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict)
    changed_at = models.DateTimeField(auto_now=True)

    objects = PlacementDraftQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "by"], name="one_placement_draft_each")
        ]

    def __str__(self) -> str:
        return f"Placement of person {self.person_id}, begun by {self.by_id}"
