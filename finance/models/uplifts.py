"""Annual uplifts: many prices changed from one day in one act, which can be undone in one act."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Partnership
from commissioning.audit.history import track
from commissioning.core.models import Versioned
from providers.models import Contract


class UpliftQuerySet(models.QuerySet["Uplift"]):
    def visible_to(self, actor: Actor) -> Self:
        uplifts = self.filter(partnership=actor.partnership)
        return uplifts if actor.sees_prices else uplifts.none()


@track()
class Uplift(Versioned):
    """One uplift of a contract's or a provider's prices, or of all, from a day.

    Of each price a percentage is pay; pay rises by one percentage and the rest by another. `lines` keeps, for each
    price, all that undoing it needs; `left_out` each price that stays as it is, and why.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="uplifts")
    start = models.DateField("from")
    contract = models.ForeignKey(Contract, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    pay_share = models.DecimalField("part of the price that is pay", max_digits=7, decimal_places=4)
    pay_uplift = models.DecimalField("uplift of pay", max_digits=7, decimal_places=4)
    other_uplift = models.DecimalField("uplift of the rest", max_digits=7, decimal_places=4)
    lines = models.JSONField()
    left_out = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by_name = models.CharField(max_length=200)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by_name = models.CharField(max_length=200, blank=True)

    objects = UpliftQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(pay_share__range=(0, 100)), name="pay_share_0_to_100"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=F("made_at")), name="uplift_undone_after_made"
            ),
            models.CheckConstraint(
                condition=Q(contract__isnull=True) | Q(provider__isnull=True), name="uplift_of_a_contract_or_provider"
            ),
        ]

    def __str__(self) -> str:
        return f"Uplift from {self.start}"

    @property
    def of(self) -> str:
        return str(self.contract or self.provider or "every provider")
