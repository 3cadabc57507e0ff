"""People, those around them, their plans and goals, and where they live and are supported."""

import datetime as dt
from typing import ClassVar, Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Q

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Partnership, Role, User
from commissioning.audit.history import track
from commissioning.core.models import Versioned
from commissioning.core.ranges import days_of, in_force
from people.nhs import check_digit_is_right
from providers.models import Contract


class Diagnosis(models.TextChoices):
    LEARNING_DISABILITY = "learning_disability", "Learning disability"
    AUTISM = "autism", "Autism"
    BOTH = "both", "Learning disability and autism"
    UNDER_ASSESSMENT = "under_assessment", "Being assessed"


class Cohort(models.TextChoices):
    CARE_HOME = "care_home", "In a care home"
    TRANSITION = "transition", "Moving into adulthood"
    OUT_OF_AREA = "out_of_area", "Out of area"
    HOSPITAL = "hospital", "In hospital"
    CHALLENGING_BEHAVIOUR = "challenging_behaviour", "Behaviour that challenges services"


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, actor: Actor) -> Self:
        """The people whose records an actor may open (DESIGN, Access)."""
        people = self.filter(partnership=actor.partnership)
        if actor.sees_everyone:
            return people
        if actor.is_provider:
            return people.filter(pk__in=Placement.objects.shared_with(actor, _today()).values("person_id"))
        if actor.role == Role.CLINICIAN:
            return people.filter(pk__in=ClinicalInvolvement.objects.of(actor, _today()).values("person_id"))
        return people.none()

    def found_by(self, actor: Actor, text: str) -> Self:
        """What an actor's search finds: who knows people by reference only finds them by reference only."""
        return self.matching(text) if actor.sees_names else self.filter(reference__icontains=text.strip())

    def matching(self, text: str) -> Self:
        """People whose name, reference or NHS number holds every word of the text."""
        found = self
        digits = "".join(filter(str.isdigit, text))
        for word in text.split():
            if len(digits) == 10:
                return self.filter(nhs_number=digits)
            found = found.filter(
                Q(given_name__icontains=word)
                | Q(family_name__icontains=word)
                | Q(preferred_name__icontains=word)
                | Q(reference__icontains=word)
            )
        return found


def _today() -> dt.date:
    from django.utils import timezone

    return timezone.localdate()


@track()
class Person(Versioned):
    """Somebody with a learning disability, or autistic, whose support the partnership buys."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="people")
    reference = models.CharField(max_length=40)
    nhs_number = models.CharField("NHS number", max_length=10, blank=True)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    preferred_name = models.CharField(max_length=100, blank=True)
    date_of_birth = models.DateField()
    diagnosis = models.CharField(max_length=30, choices=Diagnosis)
    council = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    icb = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="NHS board")
    home_postcode = models.CharField(max_length=8, blank=True)
    cohorts = ArrayField(models.CharField(max_length=30, choices=Cohort), default=list, blank=True)
    programme_start = models.DateField(null=True, blank=True)
    died_on = models.DateField(null=True, blank=True)
    # How to communicate with the person, a line each, in their own words where they gave them
    # (Accessible Information Standard, DAPB1605).
    communication = models.TextField("how to communicate", blank=True)
    communication_checked_on = models.DateField(null=True, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["family_name", "given_name", "reference"]
        verbose_name_plural = "people"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "reference"], name="one_person_per_reference"),
            models.UniqueConstraint(
                fields=["partnership", "nhs_number"], condition=~Q(nhs_number=""), name="one_person_per_nhs_number"
            ),
            models.CheckConstraint(
                condition=Q(nhs_number="") | check_digit_is_right("nhs_number"), name="nhs_number_has_its_check_digit"
            ),
            models.CheckConstraint(
                condition=Q(died_on__isnull=True) | Q(died_on__gte=models.F("date_of_birth")), name="died_after_birth"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def called(self) -> str:
        """What the person likes to be called."""
        return self.preferred_name or self.given_name

    def label_for(self, actor: Actor) -> str:
        """Name, or the reference for those who work with money by reference only."""
        return self.full_name if actor.sees_names else self.reference

    @property
    def is_autistic(self) -> bool:
        return self.diagnosis in {Diagnosis.AUTISM, Diagnosis.BOTH}


@track()
class Responsibility(models.Model):
    """Which council or NHS board is responsible for a person, on what basis, from when to when."""

    class Body(models.TextChoices):
        COUNCIL = "council", "Council"
        ICB = "icb", "NHS board"

    class Basis(models.TextChoices):
        ORDINARY_RESIDENCE = "ordinary_residence", "Ordinary residence"
        GP_REGISTRATION = "gp_registration", "GP registration"
        S117 = "s117", "Section 117 aftercare"
        DISPUTED = "disputed", "Disputed"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="responsibilities")
    role = models.CharField(max_length=10, choices=Body)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=30, choices=Basis)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["person", "role", "start", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "role", "organisation", "start"], name="one_responsibility_each"),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=models.F("start")), name="responsibility_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} for {self.person_id} from {self.start}"


@track()
class CircleMember(models.Model):
    """Somebody in a person's circle of support: family, friend, advocate, worker or clinician."""

    class Part(models.TextChoices):
        FAMILY = "family", "Family"
        FRIEND = "friend", "Friend"
        ADVOCATE = "advocate", "Advocate"
        WORKER = "worker", "Support worker or manager"
        CLINICIAN = "clinician", "Clinician"
        OTHER = "other", "Somebody else"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="circle")
    name = models.CharField(max_length=200)
    part = models.CharField("part in the person’s life", max_length=20, choices=Part)
    relationship = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["person", "part", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "name", "part"], name="one_circle_entry_each")
        ]

    def __str__(self) -> str:
        return self.name


class ClinicalInvolvementQuerySet(models.QuerySet["ClinicalInvolvement"]):
    def of(self, actor: Actor, on: dt.date) -> Self:
        return self.filter(in_force(on), user=actor.user)


@track()
class ClinicalInvolvement(models.Model):
    """A clinician who advises on a person's support, and so may see their record (but no prices)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="clinicians")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="advises")
    start = models.DateField()
    end = models.DateField(null=True, blank=True)

    objects = ClinicalInvolvementQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["person", "start", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "user", "start"], name="one_clinical_involvement_each"),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=models.F("start")), name="involvement_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} advises on person {self.person_id}"


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


class Setting(models.TextChoices):
    OWN_TENANCY = "own_tenancy", "Own tenancy"
    SUPPORTED_LIVING = "supported_living", "Supported living"
    SHARED_LIVES = "shared_lives", "Shared Lives"
    RESIDENTIAL_CARE = "residential_care", "Residential care"
    NURSING_CARE = "nursing_care", "Nursing care"
    FAMILY_HOME = "family_home", "Family home"
    ASSESSMENT_TREATMENT_UNIT = "assessment_treatment_unit", "Assessment and treatment unit"
    SECURE_HOSPITAL = "secure_hospital", "Secure hospital"
    OTHER_HOSPITAL = "other_hospital", "Other hospital"
    SHORT_BREAK = "short_break", "Short break"
    DAY_SUPPORT = "day_support", "Day support"


HOSPITALS = ("assessment_treatment_unit", "secure_hospital", "other_hospital")
# Short breaks, day support and hospital stays are not homes (INTERCHANGE, what the database refuses).
NOT_HOMES = ("short_break", "day_support", *HOSPITALS)


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_to(self, actor: Actor) -> Self:
        """A partnership's placements; a provider sees its own, a clinician those of the people they advise."""
        placements = self.filter(person__partnership=actor.partnership)
        if actor.sees_everyone:
            return placements
        if actor.is_provider:
            return self.shared_with(actor, _today())
        return placements.filter(person__in=Person.objects.visible_to(actor))

    def shared_with(self, actor: Actor, on: dt.date) -> Self:
        """A provider's placements: current ones, and planned ones from the day they were shared."""
        return self.filter(
            Q(end__isnull=True) | Q(end__gte=on),
            Q(start__lte=on) | Q(shared_on__lte=on),
            person__partnership=actor.partnership,
            provider=actor.organisation,
        )

    def in_force(self, on: dt.date) -> Self:
        return self.filter(in_force(on))

    def homes(self) -> Self:
        return self.exclude(setting__in=NOT_HOMES)


@track()
class Placement(Versioned):
    """A person supported by a provider in a setting, from a day to a day: housing and support held apart."""

    class EndReason(models.TextChoices):
        PLANNED_MOVE = "planned_move", "Planned move"
        PROVIDER_NOTICE = "provider_notice", "Provider gave notice"
        BREAKDOWN = "breakdown", "Breakdown"
        HOSPITAL_ADMISSION = "hospital_admission", "Hospital admission"
        PERSON_CHOICE = "person_choice", "The person’s choice"
        DIED = "died", "Died"
        OTHER = "other", "Another reason"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="placements")
    reference = models.CharField(max_length=40)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="placements")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="placements")
    contract = models.ForeignKey(Contract, null=True, blank=True, on_delete=models.PROTECT, related_name="placements")
    setting = models.CharField(max_length=30, choices=Setting)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=30, choices=EndReason, blank=True)
    landlord = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="tenancies"
    )
    postcode = models.CharField(max_length=8, blank=True)
    out_of_area = models.BooleanField(null=True, blank=True)
    double_running = models.BooleanField(null=True, blank=True)
    shared_on = models.DateField("shared with the provider on", null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["person", "start", "reference"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "reference"], name="one_placement_per_reference"),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=models.F("start")), name="placement_ends_after_it_starts"
            ),
            ExclusionConstraint(
                name="one_home_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), (days_of(), RangeOperators.OVERLAPS)],
                condition=~Q(setting__in=NOT_HOMES) & (Q(double_running__isnull=True) | Q(double_running=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.get_setting_display()}"

    @property
    def is_hospital(self) -> bool:
        return self.setting in HOSPITALS

    @property
    def is_home(self) -> bool:
        return self.setting not in NOT_HOMES

    @property
    def one_organisation_holds_both(self) -> bool:
        """Housing and support from one organisation: the person's tenancy may depend on their support (S12)."""
        return self.landlord_id is not None and self.landlord_id == self.provider_id


@track()
class Suspension(models.Model):
    """Days on which support stops, such as a hospital stay, while the home is kept open and part is still paid."""

    class Reason(models.TextChoices):
        HOSPITAL = "hospital", "Hospital stay"
        FAMILY = "family", "Staying with family"
        HOLIDAY = "holiday", "Holiday"
        OTHER = "other", "Another reason"

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="suspensions")
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=20, choices=Reason)
    percent_paid = models.DecimalField("percentage still paid", max_digits=7, decimal_places=4)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["placement", "start"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=models.F("start")), name="suspension_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(percent_paid__range=(0, 100)), name="percent_paid_from_0_to_100"),
            ExclusionConstraint(
                name="one_suspension_at_a_time",
                expressions=[("placement", RangeOperators.EQUAL), (days_of(), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} suspended from {self.start}"
