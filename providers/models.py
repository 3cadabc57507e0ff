"""Providers' registered locations and the contracts a partnership holds with providers."""

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Partnership
from commissioning.audit.history import track
from commissioning.core.models import Versioned
from commissioning.core.ranges import in_force

PROVIDER_KINDS = ("support_provider", "nhs_provider", "housing_provider", "other")
WARN_DAYS = 90


class LocationQuerySet(models.QuerySet["Location"]):
    def visible_to(self, actor: Actor) -> Self:
        """The register is public: everybody who commissions may read all of it; a provider reads its own."""
        if actor.is_provider:
            return self.filter(organisation=actor.organisation)
        return self.all() if actor.sees_prices else self.none()


@track()
class Location(models.Model):
    """A place registered with the Care Quality Commission, as its published list gives it."""

    cqc_location_id = models.CharField("CQC location ID", max_length=20, unique=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="locations"
    )
    name = models.CharField(max_length=200)
    provider_name = models.CharField(max_length=200, blank=True)
    service_types = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    local_authority = models.CharField(max_length=100, blank=True)
    rating = models.CharField(max_length=40, blank=True)
    rated_on = models.DateField(null=True, blank=True)
    beds = models.PositiveSmallIntegerField(null=True, blank=True)
    inspected_on = models.DateField(null=True, blank=True)

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "cqc_location_id"]

    def __str__(self) -> str:
        return self.name


class ContractKind(models.TextChoices):
    SPOT = "spot", "Spot"
    FRAMEWORK_CALL_OFF = "framework_call_off", "Framework call-off"
    BLOCK = "block", "Block"
    DIRECT_PAYMENT = "direct_payment", "Direct payment"
    PERSONAL_HEALTH_BUDGET = "personal_health_budget", "Personal health budget"
    INDIVIDUAL_SERVICE_FUND = "individual_service_fund", "Individual service fund"


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, actor: Actor) -> Self:
        """A partnership's contracts; a provider sees its own."""
        contracts = self.filter(partnership=actor.partnership)
        if actor.is_provider:
            return contracts.filter(provider=actor.organisation)
        return contracts if actor.sees_prices else contracts.none()

    def in_force(self, on: dt.date) -> Self:
        return self.filter(in_force(on))

    def ending_soon(self, today: dt.date) -> Self:
        """Contracts whose end comes within 90 days, or within their notice period where that is longer."""
        return self.filter(end__gte=today, end__lte=today + dt.timedelta(days=WARN_DAYS)) | self.filter(
            end__gte=today,
            notice_weeks__isnull=False,
            end__lte=models.ExpressionWrapper(
                models.Value(today) + models.F("notice_weeks") * models.Value(dt.timedelta(weeks=1)),
                output_field=models.DateTimeField(),
            ),
        )


@track()
class Contract(Versioned):
    """An agreement with a provider under which people are supported."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="contracts")
    reference = models.CharField(max_length=40)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contracts")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=30, choices=ContractKind)
    framework_ref = models.CharField("framework reference", max_length=40, blank=True)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    notice_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    days_paid_after_death = models.PositiveSmallIntegerField(null=True, blank=True)
    # The terms that the guide asks commissioners to write into contracts (actions 26 to 32).
    behaviour_support = models.BooleanField("positive behaviour support", null=True, blank=True)
    clinical_advice = models.BooleanField("follows clinical advice", null=True, blank=True)
    no_agency_staff = models.BooleanField(null=True, blank=True)
    training_funded = models.BooleanField(null=True, blank=True)
    supervision_funded = models.BooleanField(null=True, blank=True)
    senior_manager_involved = models.BooleanField(null=True, blank=True)

    objects = ContractQuerySet.as_manager()

    TERMS: ClassVar[tuple[str, ...]] = (
        "behaviour_support",
        "clinical_advice",
        "no_agency_staff",
        "training_funded",
        "supervision_funded",
        "senior_manager_involved",
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["reference"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "reference"], name="one_contract_per_reference"),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=models.F("start")), name="contract_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.reference})"

    @property
    def notice_by(self) -> dt.date | None:
        """The last day on which notice can be given so that the contract stops on its end date."""
        if self.end is None or self.notice_weeks is None:
            return None
        return self.end - dt.timedelta(weeks=self.notice_weeks)
