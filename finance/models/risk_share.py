"""Risk share of a pooled fund: what partners agreed, what they put in, and the statements they closed."""

from typing import ClassVar, Self, TypeVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Partnership, Role, User
from commissioning.audit.history import track
from commissioning.core.models import Versioned
from people.models import Person

M = TypeVar("M", bound=models.Model)


class MoneyQuerySet(models.QuerySet[M]):
    """Rows of a partnership's money. `owner` is the lookup from the model to its partnership."""

    owner = "partnership"

    def visible_to(self, actor: Actor) -> Self:
        rows = self.filter(**{self.owner: actor.partnership})
        return rows if actor.sees_prices else rows.none()


class OfAgreementQuerySet(MoneyQuerySet[M]):
    owner = "agreement__partnership"


@track()
class RiskShareAgreement(Versioned):
    """How the partners of a pooled fund share what it spends above or below what they put in (section 75 agreement).

    `closes` says for which periods statements are made. `reserve` is the risk reserve at the start; what statements
    use of it, or keep for later, is in them. `contingency` says what happens in an emergency, when sharing risk or
    the partnership itself is in doubt.
    """

    class Rule(models.TextChoices):
        PROPORTIONAL = "proportional", "In proportion to contributions, or by fixed percentages"
        EACH_ITS_OWN = "each_its_own", "Each partner bears its own"
        BY_LINE = "by_line", "Fixed or variable by line of spending"
        WATERFALL = "waterfall", "Other underspends first, then the risk reserve, then new money"
        THRESHOLD = "threshold", "One partner up to a percentage, shared past it"
        TRANSFER = "transfer", "In-patient money follows the person, the excess is shared"

    class Surplus(models.TextChoices):
        RETURNED = "returned", "Returned in proportion to contributions"
        KEPT = "kept", "Kept in the pool"

    class Closes(models.TextChoices):
        QUARTER = "quarter", "Every quarter"
        YEAR = "year", "Every financial year"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(max_length=40)
    name = models.CharField("name of the pool", max_length=200)
    start = models.DateField("first day")
    end = models.DateField("last day", null=True, blank=True)
    rule = models.CharField(max_length=20, choices=Rule)
    closes = models.CharField("statements", max_length=10, choices=Closes, default=Closes.QUARTER)
    surplus = models.CharField("what is left", max_length=10, choices=Surplus, default=Surplus.RETURNED)
    threshold_percent = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    first_bearer = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reserve = models.DecimalField("risk reserve", max_digits=14, decimal_places=2, default=0)
    contingency = models.TextField("in an emergency", blank=True)

    objects = MoneyQuerySet["RiskShareAgreement"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["reference"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "reference"], name="one_risk_share_per_reference"),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="risk_share_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(reserve__gte=0), name="risk_reserve_not_negative"),
            models.CheckConstraint(
                condition=~Q(rule="threshold")
                | Q(threshold_percent__range=(0, 100), threshold_percent__isnull=False, first_bearer__isnull=False),
                name="threshold_has_percent_and_bearer",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@track()
class RiskShareLine(models.Model):
    """A line of spending that is shared by percentages of its own: all costs of a kind, setting, provider or cohort.

    A cost that fits several lines is in the first of them in order of references.
    """

    class By(models.TextChoices):
        KIND = "kind", "Kind of cost"
        SETTING = "setting", "Setting"
        PROVIDER = "provider", "Provider"
        COHORT = "cohort", "Cohort"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    agreement = models.ForeignKey(RiskShareAgreement, on_delete=models.CASCADE, related_name="lines")
    reference = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    by = models.CharField(max_length=10, choices=By)
    # A code as in the files: waking_night, residential_care, MEADOW, transition.
    value = models.CharField(max_length=40)

    objects = MoneyQuerySet["RiskShareLine"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["agreement", "reference"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "reference"], name="one_risk_line_per_reference"),
            models.UniqueConstraint(fields=["agreement", "by", "value"], name="one_risk_line_per_value"),
        ]

    def __str__(self) -> str:
        return self.name


@track()
class RiskSharePercent(models.Model):
    """A partner of the pool, and the percentage it bears: of the pool, or of one line. Without a percentage, partners
    share in proportion to what they put in.
    """

    agreement = models.ForeignKey(RiskShareAgreement, on_delete=models.CASCADE, related_name="percents")
    line = models.ForeignKey(RiskShareLine, null=True, blank=True, on_delete=models.CASCADE, related_name="percents")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    percent = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)

    objects = OfAgreementQuerySet["RiskSharePercent"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["agreement", "line", "partner"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agreement", "line", "partner"], nulls_distinct=False, name="one_risk_percent_each"
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__range=(0, 100)), name="risk_percent_0_to_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.percent}%"


@track()
class RiskShareContribution(models.Model):
    """What a partner puts into the pool for a financial year, or for one line of it; paid in equal monthly parts."""

    agreement = models.ForeignKey(RiskShareAgreement, on_delete=models.CASCADE, related_name="contributions")
    # The calendar year in which the financial year begins.
    year = models.PositiveSmallIntegerField()
    line = models.ForeignKey(RiskShareLine, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    objects = OfAgreementQuerySet["RiskShareContribution"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["agreement", "year", "line", "partner"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agreement", "year", "line", "partner"], nulls_distinct=False, name="one_contribution_each"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="contribution_not_negative"),
            models.CheckConstraint(condition=Q(year__range=(1900, 2100)), name="contribution_year_1900_to_2100"),
        ]

    def __str__(self) -> str:
        return f"£{self.amount} by {self.partner} in {self.year}"


@track()
class RiskShareTransfer(models.Model):
    """Somebody moved out of hospital under an in-patient transfer: what the bed cost a week goes into the pool."""

    agreement = models.ForeignKey(RiskShareAgreement, on_delete=models.CASCADE, related_name="transfers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    moved_on = models.DateField()
    weekly_cost = models.DecimalField("in-patient cost a week", max_digits=12, decimal_places=2)

    objects = OfAgreementQuerySet["RiskShareTransfer"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["agreement", "moved_on", "person"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["agreement", "person"], name="one_transfer_per_person"),
            models.CheckConstraint(condition=Q(weekly_cost__gt=0), name="transfer_above_0"),
        ]

    def __str__(self) -> str:
        return f"£{self.weekly_cost} a week from {self.moved_on}"


class StatementQuerySet(OfAgreementQuerySet["RiskShareStatement"]):
    def closed(self) -> Self:
        """The statements that count: of each period the latest that was closed."""
        later = self.model._default_manager.filter(
            agreement=models.OuterRef("agreement"),
            first=models.OuterRef("first"),
            state="closed",
            revision__gt=models.OuterRef("revision"),
        )
        return self.filter(~models.Exists(later), state="closed")


@track()
class RiskShareStatement(models.Model):
    """Who bears what of one period: its figures are frozen when it is prepared, its result when it is closed.

    A commissioner and a finance officer each approve it before it is closed; then nothing in it changes. A period that
    is opened again gets a new revision, which says why.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", "Waiting for approval"
        WITHDRAWN = "withdrawn", "Taken back"
        CLOSED = "closed", "Closed"

    agreement = models.ForeignKey(RiskShareAgreement, on_delete=models.CASCADE, related_name="statements")
    first = models.DateField()
    last = models.DateField()
    revision = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField("why it was opened again", max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PREPARED)
    inputs = models.JSONField()
    result = models.JSONField(null=True, blank=True)
    prepared_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    prepared_by_name = models.CharField(max_length=200)
    prepared_at = models.DateTimeField(default=timezone.now)
    closed_by_name = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["agreement", "-first", "-revision"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["agreement", "first", "revision"], name="one_statement_per_revision"),
            models.UniqueConstraint(
                fields=["agreement", "first"], condition=Q(state="prepared"), name="one_statement_waits_at_a_time"
            ),
            models.CheckConstraint(condition=Q(revision=1) | ~Q(reason=""), name="statement_revised_with_reason"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, result__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True, result__isnull=True)),
                name="statement_closed_with_result",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(
                name="closed_statement_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="closed"),
            )
        ]

    def __str__(self) -> str:
        return f"Statement from {self.first}, revision {self.revision}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.PREPARED

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED


class ApprovalQuerySet(MoneyQuerySet["RiskShareApproval"]):
    owner = "statement__agreement__partnership"


@track()
class RiskShareApproval(models.Model):
    """One of the two approvals of a statement: a commissioner's or a finance officer's, never the same person's."""

    statement = models.ForeignKey(RiskShareStatement, on_delete=models.CASCADE, related_name="approvals")
    role = models.CharField(max_length=30, choices=Role)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["statement", "at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["statement", "role"], name="one_approval_per_role"),
            models.UniqueConstraint(fields=["statement", "by"], name="one_approval_per_person"),
            models.CheckConstraint(
                condition=Q(role__in=["commissioner", "finance_officer"]), name="approval_by_those_who_pay"
            ),
        ]

    def __str__(self) -> str:
        return f"Approved by {self.by_name}"
