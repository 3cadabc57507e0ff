"""People, who is responsible for them, and those around them."""

import datetime as dt
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Partnership, Role, User
from commissioning.audit.history import track
from commissioning.core.models import Versioned
from commissioning.core.ranges import in_force
from people.models.sharing import advised_by, shared_with_provider
from people.nhs import check_digit_is_right


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
        today = timezone.localdate()
        if actor.is_provider:
            return people.filter(pk__in=people.filter(shared_with_provider(actor, today, "placements__")).values("pk"))
        if actor.role == Role.CLINICIAN:
            return people.filter(pk__in=people.filter(advised_by(actor, today, "clinicians__")).values("pk"))
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
