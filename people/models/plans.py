"""Person-centred plans, in versions, and goals in the person's words."""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Partnership
from commissioning.audit.history import track
from commissioning.core.models import Versioned
from people.models.people import Person

_AGREED_WORDS = (
    "person_id, number, what_matters, how_to_support, good_day, bad_day, person_involvement,"
    " person_involvement_how, family_involvement, family_involvement_how, agreed_on"
)


def _row(alias: str) -> str:
    return f"ROW({', '.join(f'{alias}.{column.strip()}' for column in _AGREED_WORDS.split(','))})"


# What is agreed stays as it was agreed: the next version replaces it.
_AGREED_WORDS_CHANGE = (
    f"OLD.status <> 'draft' AND (NEW.status = 'draft' OR {_row('OLD')} IS DISTINCT FROM {_row('NEW')})"
)


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, actor: Actor) -> Self:
        """Plans of the people an actor may see; a provider reads the agreed one, not drafts or earlier versions."""
        plans = self.filter(person__in=Person.objects.visible_to(actor))
        return plans.filter(status=Plan.Status.AGREED) if actor.is_provider else plans


@track()
class Plan(Versioned):
    """A person-centred plan: one version of it. An agreed version is never changed; the next one replaces it."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        AGREED = "agreed", "Agreed"
        REPLACED = "replaced", "Replaced"

    class Involvement(models.TextChoices):
        TOOK_PART = "took_part", "Took part"
        DID_NOT = "did_not", "Did not take part"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="plans")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    what_matters = models.TextField("what matters to me", blank=True)
    how_to_support = models.TextField("how best to support me", blank=True)
    good_day = models.TextField("a good day", blank=True)
    bad_day = models.TextField("a bad day", blank=True)
    person_involvement = models.CharField(max_length=10, choices=Involvement, blank=True)
    person_involvement_how = models.TextField("how the person took part, or why not", blank=True)
    family_involvement = models.CharField(max_length=10, choices=Involvement, blank=True)
    family_involvement_how = models.TextField("how family or an advocate took part, or why not", blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["person", "-number"]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(
                name="agreed_plans_stay_as_agreed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(_AGREED_WORDS_CHANGE),
            )
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "number"], name="one_plan_per_number"),
            models.UniqueConstraint(fields=["person"], condition=Q(status="agreed"), name="one_agreed_plan"),
            models.UniqueConstraint(fields=["person"], condition=Q(status="draft"), name="one_draft_plan"),
            # S9: a plan is not agreed without a record of how the person and their family or advocate took part.
            models.CheckConstraint(
                condition=Q(status="draft")
                | (
                    ~Q(person_involvement="")
                    & ~Q(person_involvement_how="")
                    & ~Q(family_involvement="")
                    & ~Q(family_involvement_how="")
                    & Q(agreed_on__isnull=False)
                ),
                name="agreed_plans_say_who_took_part",
            ),
        ]

    def __str__(self) -> str:
        return f"Plan {self.number} of person {self.person_id}"


class GoalQuerySet(models.QuerySet["Goal"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(person__in=Person.objects.visible_to(actor))


@track()
class Goal(Versioned):
    """What a person wants, in their words, with progress by goal-attainment scaling (−2 to +2)."""

    class Status(models.TextChoices):
        WORKING_ON = "working_on", "Working on it"
        ACHIEVED = "achieved", "Achieved"
        CHANGED = "changed", "Changed"
        STOPPED = "stopped", "Stopped"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="goals")
    reference = models.CharField(max_length=40)
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    words = models.CharField("in the person’s words", max_length=500)
    domain = models.CharField("part of life", max_length=60)
    status = models.CharField(max_length=20, choices=Status, default=Status.WORKING_ON)
    progress = models.SmallIntegerField(null=True, blank=True)
    agreed_on = models.DateField()
    reviewed_on = models.DateField(null=True, blank=True)

    objects = GoalQuerySet.as_manager()

    # Goal-attainment scaling, in words.
    PROGRESS: ClassVar[dict[int, str]] = {
        -2: "much less than hoped",
        -1: "less than hoped",
        0: "as hoped",
        1: "better than hoped",
        2: "much better than hoped",
    }

    class Meta:
        ordering: ClassVar[list[str]] = ["person", "reference"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "reference"], name="one_goal_per_reference"),
            models.CheckConstraint(
                condition=Q(progress__isnull=True) | Q(progress__range=(-2, 2)), name="progress_from_minus_2_to_2"
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def progress_in_words(self) -> str:
        """`+2 much better than hoped`; not reviewed yet is empty."""
        if self.progress is None:
            return ""
        sign = "−" if self.progress < 0 else "+" if self.progress > 0 else ""
        return f"{sign}{abs(self.progress)} {self.PROGRESS[self.progress]}"
