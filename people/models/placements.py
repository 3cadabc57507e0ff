"""Where people live and are supported, by whom, from day to day."""

import datetime as dt
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Partnership
from commissioning.audit.history import track
from commissioning.core.models import Versioned
from commissioning.core.ranges import days_of, in_force
from people.models.people import Person
from people.models.sharing import shared_with_provider
from providers.models import Contract


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
        placements = self.filter(partnership=actor.partnership)
        if actor.sees_everyone:
            return placements
        if actor.is_provider:
            return self.shared_with(actor, timezone.localdate())
        return placements.filter(person__in=Person.objects.visible_to(actor))

    def shared_with(self, actor: Actor, on: dt.date) -> Self:
        """A provider's placements: current ones, and planned ones from the day they were shared."""
        return self.filter(shared_with_provider(actor, on))

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
