"""People's rights over what is kept of them: requests, legal holds, how long records are kept, copies, erasures."""

import datetime as dt
from typing import ClassVar, Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from commissioning.accounts.actors import SYSTEM, Actor
from commissioning.accounts.models import Partnership, Role, User
from commissioning.audit.history import track
from commissioning.core.models import Versioned
from commissioning.core.ranges import in_force
from people.models import Person

# Commissioners act, auditors read; the application itself does what was approved.
READERS = frozenset({Role.COMMISSIONER, Role.AUDITOR, SYSTEM})

M = TypeVar("M", bound=models.Model)


class RightsQuerySet(models.QuerySet[M]):
    def visible_to(self, actor: Actor) -> Self:
        """The partnership's, for those who act on people's rights and those who check how."""
        return self.filter(partnership=actor.partnership) if actor.role in READERS else self.none()


class RightsRequestQuerySet(RightsQuerySet["RightsRequest"]):
    def waiting(self) -> Self:
        return self.filter(done_on__isnull=True)


@track()
class RightsRequest(Versioned):
    """What somebody asked about their data, by when it must be answered, and what came of it (UK GDPR art. 12–21)."""

    class Kind(models.TextChoices):
        ACCESS = "access", "A copy of their data"
        RECTIFICATION = "rectification", "A correction"
        ERASURE = "erasure", "Erasure"
        RESTRICTION = "restriction", "Less use of their data"
        OBJECTION = "objection", "An objection"

    class AskedBy(models.TextChoices):
        PERSON = "person", "The person themself"
        REPRESENTATIVE = "representative", "Somebody on their behalf"

    class Outcome(models.TextChoices):
        DONE = "done", "Done"
        PARTLY = "partly", "Done in part"
        REFUSED = "refused", "Refused, with the reason given"
        WITHDRAWN = "withdrawn", "Withdrawn"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="rights_requests")
    kind = models.CharField("what was asked for", max_length=20, choices=Kind)
    words = models.TextField("what they said", blank=True)
    received_on = models.DateField()
    asked_by = models.CharField(max_length=20, choices=AskedBy)
    asked_by_name = models.CharField("who asked on their behalf", max_length=200, blank=True)
    authority = models.CharField("what lets them act for the person", max_length=300, blank=True)
    identity_checked = models.CharField("how their identity was checked", max_length=300, blank=True)
    due_on = models.DateField()
    extension_reason = models.CharField("why the time was extended", max_length=500, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    outcome_words = models.TextField("what was done, or why not", blank=True)
    done_on = models.DateField(null=True, blank=True)
    logged_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    logged_by_name = models.CharField(max_length=200)

    objects = RightsRequestQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["due_on", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, outcome="") | Q(done_on__isnull=False) & ~Q(outcome=""),
                name="rights_request_done_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, received {self.received_on}"

    @property
    def is_waiting(self) -> bool:
        return self.done_on is None

    @property
    def is_extended(self) -> bool:
        return bool(self.extension_reason)

    def is_late(self, today: dt.date) -> bool:
        return self.is_waiting and self.due_on < today


class LegalHoldQuerySet(RightsQuerySet["LegalHold"]):
    def on(self, day: dt.date) -> Self:
        return self.filter(in_force(day, start="starts_on", end="ends_on"), lifted_by_name="")

    def over(self, person: Person) -> Self:
        """Those that keep a person's record: their own, and those over everybody of the partnership."""
        return self.filter(Q(person=person) | Q(person__isnull=True), partnership=person.partnership_id)


@track()
class LegalHold(Versioned):
    """Somebody's record, or everybody's, must be kept: an inquiry, a claim, a complaint. It stops every erasure."""

    class Kind(models.TextChoices):
        INQUIRY = "inquiry", "Public inquiry"
        CLAIM = "claim", "Legal claim"
        COMPLAINT = "complaint", "Complaint or ombudsman"
        SAFEGUARDING = "safeguarding", "Safeguarding or police"
        OTHER = "other", "Another reason"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="legal_holds")
    kind = models.CharField(max_length=20, choices=Kind)
    reason = models.CharField(max_length=500)
    starts_on = models.DateField("from")
    ends_on = models.DateField("until", null=True, blank=True)
    placed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    placed_by_name = models.CharField(max_length=200)
    lifted_by_name = models.CharField(max_length=200, blank=True)
    lift_reason = models.CharField("why it was lifted", max_length=500, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-starts_on", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="hold_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.starts_on}"

    def holds_on(self, day: dt.date) -> bool:
        """Whether it stops an erasure on a day; lifted, it stops nothing."""
        return not self.lifted_by_name and self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)


@track()
class RetentionRule(models.Model):
    """How many years a partnership keeps records after what; without a row, the years that `retention.py` gives."""

    class After(models.TextChoices):
        SUPPORT = "support", "Years after support ended"
        DEATH = "death", "Years after the person died"
        CHILD = "child", "Birthday until which the record of a child is kept"
        MENTAL_HEALTH = "mental_health", "Years after mental health care ended"
        MENTAL_HEALTH_DEATH = "mental_health_death", "Years after the death of somebody who had mental health care"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    after = models.CharField(max_length=20, choices=After)
    years = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "after"], name="one_retention_rule_each"),
            models.CheckConstraint(condition=Q(years__range=(1, 100)), name="retention_years_from_1_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.get_after_display()}: {self.years}"


@track()
class RetentionReview(models.Model):
    """Somebody looked at a record that was due, and it is kept longer: until when, and why."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="retention_reviews")
    reviewed_on = models.DateField(default=timezone.localdate)
    keep_until = models.DateField()
    reason = models.CharField(max_length=500)
    by_name = models.CharField(max_length=200)

    objects = RightsQuerySet["RetentionReview"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-reviewed_on", "-pk"]

    def __str__(self) -> str:
        return f"Keep until {self.keep_until}"


class TwoPeople(models.Model):
    """Something that one person asks for and another approves, with what it was asked of (its fingerprint)."""

    asked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    asked_by_name = models.CharField("asked by", max_length=200, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    approved_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    approved_by_name = models.CharField("approved by", max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


def _two_different(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(approved_by__isnull=True) | Q(asked_by__isnull=True) | ~Q(approved_by=F("asked_by")), name=name
    )


@track(exclude=["contents"])
class AccessExport(TwoPeople):
    """The copy of one person's data: prepared by one commissioner, approved by another, made by a worker, then gone."""

    class State(models.TextChoices):
        PREPARING = "preparing", "Being prepared"
        WAITING = "waiting", "Waiting for a second person"
        MAKING = "making", "Being made"
        READY = "ready", "Ready"
        EXPIRED = "expired", "Removed"
        FAILED = "failed", "Could not be made"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="access_exports")
    request = models.OneToOneField(RightsRequest, on_delete=models.CASCADE, related_name="export")
    state = models.CharField(max_length=10, choices=State, default=State.PREPARING)
    note = models.CharField("what happened last", max_length=500, blank=True)
    contents = models.BinaryField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    downloads = models.PositiveSmallIntegerField(default=0)

    objects = RightsQuerySet["AccessExport"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [_two_different("copy_approved_by_another_person")]

    def __str__(self) -> str:
        return f"Copy {self.pk} of person {self.person_id}’s data"

    @property
    def file_name(self) -> str:
        return f"copy-{self.pk}.zip"


@track()
class ColumnDecision(models.Model):
    """Whether a column that is about others, or a price, goes out in a copy; left out with a reason."""

    export = models.ForeignKey(AccessExport, on_delete=models.CASCADE, related_name="columns")
    column = models.CharField(max_length=100)
    give = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    by_name = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["export", "column"], name="one_decision_per_column"),
            models.CheckConstraint(condition=Q(give=True) | ~Q(reason=""), name="column_left_out_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.column}: {'given' if self.give else 'left out'}"


@track()
class TextDecision(models.Model):
    """Somebody has read one text of a copy: it goes out, with these words blacked out, or not at all.

    `key` is of the column and the text, so that a text that changes must be read again.
    """

    class Choice(models.TextChoices):
        GIVE = "give", "Give it as it is"
        BLACK_OUT = "black_out", "Black out some words"
        LEAVE_OUT = "leave_out", "Leave it out"

    export = models.ForeignKey(AccessExport, on_delete=models.CASCADE, related_name="texts")
    key = models.CharField(max_length=64)
    choice = models.CharField(max_length=10, choices=Choice)
    words = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    by_name = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["export", "key"], name="one_decision_per_text"),
            models.CheckConstraint(condition=Q(choice="give") | ~Q(reason=""), name="text_changed_with_reason"),
        ]

    def __str__(self) -> str:
        return f"Text {self.key[:8]}: {self.get_choice_display()}"


@track()
class Erasure(TwoPeople):
    """A person's record is erased: asked for, approved by another, done by a worker; this row is the stub's story.

    It holds no words about the person: a made-up reference, years, why, by whom, and how many rows of what.
    """

    class Why(models.TextChoices):
        RETENTION = "retention", "The time for which it is kept is over"
        REQUEST = "request", "The person asked, and it was agreed"
        MISTAKE = "mistake", "It should never have been recorded"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a second person"
        APPROVED = "approved", "Approved, waiting for a worker"
        DONE = "done", "Erased"
        WITHDRAWN = "withdrawn", "Withdrawn"
        STOPPED = "stopped", "Stopped before anything was erased"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="erasures")
    request = models.ForeignKey(RightsRequest, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    why = models.CharField(max_length=20, choices=Why)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    stopped_because = models.CharField(max_length=500, blank=True)
    preview = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True, blank=True)
    stub_reference = models.CharField("made-up reference", max_length=40, blank=True)
    born_year = models.PositiveSmallIntegerField(null=True, blank=True)
    died_year = models.PositiveSmallIntegerField(null=True, blank=True)
    support_from_year = models.PositiveSmallIntegerField(null=True, blank=True)
    support_to_year = models.PositiveSmallIntegerField(null=True, blank=True)
    # How many rows of which table were removed, cleared, or taken from the history.
    rows = models.JSONField(default=dict)

    objects = RightsQuerySet["Erasure"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            _two_different("erasure_approved_by_another_person"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(state__in=["waiting", "approved"]), name="one_erasure_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "withdrawn", "stopped"]) | ~Q(approved_by_name=""),
                name="erasure_only_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"Erasure {self.pk} of person {self.person_id}"

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.WAITING, self.State.APPROVED}
