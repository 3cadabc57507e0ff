"""Users, organisations, partnerships and what each user is in each partnership."""

import datetime as dt
from fractions import Fraction
from typing import Any, ClassVar

import pgtrigger
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.crypto import salted_hmac

from commissioning.audit.history import track
from commissioning.core.ranges import in_force


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)


@track(exclude=["password", "last_login", "session_round"])
class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in, by e-mail address."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    joined_on = models.DateField(auto_now_add=True)
    # Counted up to end every session at once, whoever holds its cookie (see accounts.sessions).
    session_round = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry to be this user's: it changes with the password and with each round."""
        text = f"{self.password}:{self.session_round}"
        return salted_hmac("commissioning.accounts.User.session", text, secret=secret, algorithm="sha256").hexdigest()


def display_name(user: User) -> str:
    return str(user)


class OrganisationKind(models.TextChoices):
    COUNCIL = "council", "Council"
    ICB = "icb", "Integrated care board"
    NHS_ENGLAND = "nhs_england", "NHS England"
    PROVIDER_COLLABORATIVE = "provider_collaborative", "Provider collaborative"
    NHS_PROVIDER = "nhs_provider", "NHS provider"
    SUPPORT_PROVIDER = "support_provider", "Support provider"
    HOUSING_PROVIDER = "housing_provider", "Housing provider"
    ADVOCACY = "advocacy", "Advocacy"
    OTHER = "other", "Other"


NHS_KINDS = frozenset({"icb", "nhs_england", "provider_collaborative", "nhs_provider"})


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def of(self, partnership: "Partnership") -> "OrganisationQuerySet":
        """The organisations a partnership works with."""
        return self.filter(links__partnership=partnership)


@track()
class Organisation(models.Model):
    """A council, NHS body, provider or landlord: one record however many partnerships work with it."""

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=30, choices=OrganisationKind)
    gss_code = models.CharField("GSS code", max_length=9, blank=True)
    ods_code = models.CharField("ODS code", max_length=10, blank=True)
    cqc_provider_id = models.CharField("CQC provider ID", max_length=20, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["cqc_provider_id"], condition=~Q(cqc_provider_id=""), name="one_cqc_provider"
            ),
            models.UniqueConstraint(fields=["ods_code"], condition=~Q(ods_code=""), name="one_ods_code"),
            models.UniqueConstraint(fields=["gss_code"], condition=~Q(gss_code=""), name="one_gss_code"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=models.F("valid_from")),
                name="organisation_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_nhs(self) -> bool:
        return self.kind in NHS_KINDS


class WeeksPerYear(models.TextChoices):
    """How a weekly cost becomes an annual one (cost rule 7)."""

    FIFTY_TWO = "52", "52 weeks, as national client-level data"
    FIFTY_TWO_14 = "52.14", "52.14 weeks"
    CALENDAR = "365/7", "365 days, 52.142857… weeks"


@track()
class Partnership(models.Model):
    """A council and its NHS board commissioning as one: every personal record belongs to one partnership."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    weeks_per_year = models.CharField(max_length=6, choices=WeeksPerYear, default=WeeksPerYear.FIFTY_TWO)
    is_fictional = models.BooleanField(default=False, help_text="Every person, provider and figure is made up.")
    organisations = models.ManyToManyField(Organisation, through="PartnershipOrganisation", related_name="partnerships")

    def __str__(self) -> str:
        return self.name

    @property
    def weeks_in_a_year(self) -> Fraction:
        return Fraction(self.weeks_per_year)


@track()
class PartnershipOrganisation(models.Model):
    """A partnership's own code for an organisation it works with."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="links")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="links")
    code = models.CharField(max_length=40)

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "code"], name="one_organisation_per_code"),
            models.UniqueConstraint(fields=["partnership", "organisation"], name="one_code_per_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.code} in {self.partnership.code}"


class Role(models.TextChoices):
    COMMISSIONER = "commissioner", "Commissioner"
    FINANCE_OFFICER = "finance_officer", "Finance officer"
    CLINICIAN = "clinician", "Clinician"
    PROVIDER_MANAGER = "provider_manager", "Provider manager"
    PROVIDER_STAFF = "provider_staff", "Provider staff"
    BOARD_MEMBER = "board_member", "Board member"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"


PROVIDER_ROLES = frozenset({Role.PROVIDER_MANAGER, Role.PROVIDER_STAFF})


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: dt.date) -> "MembershipQuerySet":
        """Memberships in force on a day, of users who may sign in and whose account here is open."""
        return self.filter(in_force(on, start="starts_on", end="ends_on"), user__is_active=True, closed_at__isnull=True)

    def by_name(self) -> "MembershipQuerySet":
        """In the order of the names by which the partnership’s administrator knows them, with what `called` needs."""
        waiting = Q(invitation__isnull=False, invitation__accepted_at__isnull=True)
        name = Case(When(waiting, then=F("invitation__name")), default=F("user__name"))
        return self.select_related("user", "invitation").order_by(name, "pk")


@track()
class Membership(models.Model):
    """What a user is in a partnership, and for a provider's user, for which organisation."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    # Closed at once by an administrator, in this partnership alone; the days stay as they were.
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["partnership__name", "role", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "partnership", "role", "organisation"], nulls_distinct=False, name="one_membership_each"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=["provider_manager", "provider_staff"]) | Q(organisation__isnull=False),
                name="provider_roles_name_their_organisation",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.called}, {self.get_role_display().lower()}, {self.partnership}"

    @property
    def called(self) -> str:
        """Who it is to the partnership's administrator: the name they were invited by, until they have come."""
        invitation = getattr(self, "invitation", None)
        return str(self.user) if invitation is None or invitation.accepted_at else invitation.name


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> "InvitationQuerySet":
        """Neither taken up nor withdrawn; the link may have run out."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)


@track(exclude=["secret_sha256"])
class Invitation(models.Model):
    """A letter that asks somebody into a partnership, with a link that works once, until it runs out or is withdrawn.

    Somebody who has an account already is invited in the same way, so that an administrator cannot tell who has one.
    """

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="invitation")
    # As the administrator typed it; the account may be called otherwise.
    name = models.CharField(max_length=200)
    # Of the newest link. Empty until the worker has written the letter, and again once the link has been used.
    secret_sha256 = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    runs_out_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Invitation of {self.name}"

    @property
    def is_waiting(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None

    @property
    def has_run_out(self) -> bool:
        return self.is_waiting and self.runs_out_at is not None and self.runs_out_at <= timezone.now()


class AccountActKind(models.TextChoices):
    FACTOR_RESET = "factor_reset", "Second step taken off"
    CLOSED = "closed", "Account closed"
    OPENED = "opened", "Account opened again"
    INVITED = "invited", "Invitation sent"
    WITHDRAWN = "withdrawn", "Invitation withdrawn"


@track()
class AccountAct(models.Model):
    """What an administrator did to how somebody signs in, and why. Nobody changes or removes it; its history is sealed.

    It holds texts and numbers, not foreign keys, so that it outlives what it describes.
    """

    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=20, choices=AccountActKind)
    partnership_code = models.CharField(max_length=40)
    user_id = models.BigIntegerField()
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["user_id", "-at"])]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="account_act_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.by_name}"


class Remembered(models.Model):
    """One short-lived value that web processes share (see accounts.shared_memory): a count of wrong passwords, a code
    that was used. The key is a SHA-256; nobody can be read from it.
    """

    key = models.CharField(primary_key=True, max_length=64)
    value = models.TextField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"Until {self.until:%Y-%m-%d %H:%M}"


@track(exclude=["data", "last_used_at"])
class SecondFactor(Authenticator):  # type: ignore[misc]  # allauth has no types
    """A user's second factor, in django-allauth's table: keeps when one was added or removed, never its secret."""

    class Meta:
        proxy = True
        verbose_name_plural = "second factors"


@track()
class SignInAddress(EmailAddress):  # type: ignore[misc]  # allauth has no types
    """An e-mail address of a user, in django-allauth's table."""

    class Meta:
        proxy = True
        verbose_name_plural = "sign-in addresses"
