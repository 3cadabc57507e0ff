"""What changes in people's lives: agreed measures, monthly checklists, incidents."""

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Partnership, User
from commissioning.audit.history import track
from commissioning.core.models import Versioned
from people.models import Person, Placement


@track()
class Framework(models.Model):
    """A small set of outcome and process measures that partners agreed (S2), in versions."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="frameworks")
    code = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200, blank=True)
    in_force_from = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["code", "version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "code", "version"], name="one_framework_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.title or self.code}, version {self.version}"


@track()
class Measure(models.Model):
    """One question of a framework. A measure whose domain is “Process” is about support, the others about life."""

    class Kind(models.TextChoices):
        SCALE = "scale", "Scale"
        YES_NO = "yes_no", "Yes or no"
        COUNT = "count", "Count"
        WORDS = "words", "Words"

    class Better(models.TextChoices):
        HIGHER = "higher", "Higher is better"
        LOWER = "lower", "Lower is better"

    class Aspect(models.TextChoices):
        ACTIVITY = "activity", "Activity"
        QUANTITY = "quantity", "Quantity"
        QUALITY = "quality", "Quality"

    PROCESS: ClassVar[str] = "Process"

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="measures")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    help = models.CharField(max_length=300, blank=True)
    domain = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    better = models.CharField(max_length=10, choices=Better, blank=True)
    minimum = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    maximum = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    aspect = models.CharField(max_length=10, choices=Aspect, blank=True)
    # How a checklist asks it: `{name}` stands for what the person is called. Without one, the title is asked.
    question = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    low_words = models.CharField("what the lowest answer means", max_length=60, blank=True)
    high_words = models.CharField("what the highest answer means", max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["framework", "position", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["framework", "code"], name="one_measure_per_code")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_life(self) -> bool:
        return self.domain != self.PROCESS

    def asked_about(self, name: str) -> str:
        """The question as a checklist asks it of one person."""
        return self.question.replace("{name}", name) if self.question else self.title


class View(models.TextChoices):
    """Whose view an answer is; views are shown beside each other, never averaged (S20)."""

    PERSON = "person", "The person"
    PERSON_SUPPORTED = "person_supported", "The person, with support"
    FAMILY = "family", "Family"
    STAFF = "staff", "Staff"
    CLINICIAN = "clinician", "A clinician"


class ChecklistQuerySet(models.QuerySet["Checklist"]):
    def visible_to(self, actor: Actor) -> Self:
        """Checklists of the partnership; a provider sees its own, past ones included (read only)."""
        checklists = self.filter(person__partnership=actor.partnership)
        if actor.is_provider:
            return checklists.filter(provider=actor.organisation)
        return checklists.filter(person__in=Person.objects.visible_to(actor))

    def submitted(self) -> Self:
        """What the provider has sent and the commissioner has not sent back: what figures are made from."""
        return self.filter(status__in=Checklist.SENT)

    def for_month(self, first: dt.date) -> Self:
        return self.filter(month=first)


@track()
class Checklist(Versioned):
    """One person's month at one provider, from one point of view."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        READY = "ready", "Ready for the manager"
        SUBMITTED = "submitted", "Sent"
        SENT_BACK = "sent_back", "Sent back"
        ACCEPTED = "accepted", "Accepted"

    SENT: ClassVar[tuple[str, ...]] = (Status.SUBMITTED, Status.ACCEPTED)

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="checklists")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="checklists")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="checklists")
    month = models.DateField("month (its first day)")
    view = models.CharField("whose view", max_length=20, choices=View)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    submitted_on = models.DateField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # The last person to save an answer, so that the next can be told whose it was.
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["person", "month", "view"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "provider", "framework", "month", "view"], name="one_checklist_a_month_and_view"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="checklist_month_is_a_first_day"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["month", "status"])]

    def __str__(self) -> str:
        return f"{self.person_id}, {self.month:%Y-%m}, {self.view}"

    @property
    def is_sent(self) -> bool:
        return self.status in self.SENT


@track()
class ChecklistStep(models.Model):
    """What happened to a checklist, when and by whom: sent, sent back with a question, accepted, corrected and why.

    `changes` are a correction's answers: measure code, title, what it said before and what it says now.
    """

    class Kind(models.TextChoices):
        READY = "ready", "Ready for the manager"
        SENT = "sent", "Sent"
        SENT_BACK = "sent_back", "Sent back"
        ACCEPTED = "accepted", "Accepted"
        CORRECTED = "corrected", "Corrected"

    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    changes = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["checklist", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.by_name}"


@track()
class Answer(models.Model):
    """The answer to one measure. `value` is the text as given; `number` the same where the measure is a number."""

    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="answers")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="answers")
    value = models.CharField(max_length=2000)
    number = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    evidence = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["checklist", "measure"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["checklist", "measure"], name="one_answer_per_measure")
        ]

    def __str__(self) -> str:
        return f"{self.measure_id}: {self.value}"


class Reminder(models.Model):
    """A provider's managers were reminded of a month's checklists: once at its start, once when it is late."""

    class Kind(models.TextChoices):
        START = "start", "The month has ended"
        LATE = "late", "Checklists are late"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["month", "provider", "kind"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["partnership", "provider", "month", "kind"], name="one_reminder_of_each_kind_a_month"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.month:%Y-%m}, to {self.provider_id}"


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, actor: Actor) -> Self:
        """Incidents of the partnership; a provider sees those under its own placements."""
        incidents = self.filter(person__partnership=actor.partnership)
        if actor.is_provider:
            return incidents.filter(placement__provider=actor.organisation)
        return incidents.filter(person__in=Person.objects.visible_to(actor))


@track()
class Incident(Versioned):
    """Something that went wrong for a person, with whether a restrictive practice was used."""

    class Kind(models.TextChoices):
        HARM_TO_SELF = "harm_to_self", "Harm to self"
        HARM_TO_OTHERS = "harm_to_others", "Harm to others"
        PROPERTY = "property", "Damage to property"
        ABSENCE = "absence", "Absence"
        MEDICATION = "medication", "Medication"
        SAFEGUARDING = "safeguarding", "Safeguarding"
        POLICE = "police", "Police called"
        HOSPITAL = "hospital", "Hospital"
        RESTRAINT = "restraint", "Restraint"
        OTHER = "other", "Something else"

    class Severity(models.IntegerChoices):
        NO_HARM = 1, "1 No harm"
        MINOR = 2, "2 Minor harm"
        MODERATE = 3, "3 Harm that needed treatment"
        SEVERE = 4, "4 Severe harm"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(max_length=40)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="incidents")
    placement = models.ForeignKey(Placement, null=True, blank=True, on_delete=models.SET_NULL, related_name="incidents")
    occurred_on = models.DateField()
    kind = models.CharField(max_length=20, choices=Kind)
    severity = models.PositiveSmallIntegerField(choices=Severity)
    restrictive_practice = models.BooleanField(null=True, blank=True)
    note = models.TextField(blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-occurred_on", "reference"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "reference"], name="one_incident_per_reference"),
            models.CheckConstraint(condition=Q(severity__range=(1, 4)), name="severity_from_1_to_4"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.occurred_on}"
