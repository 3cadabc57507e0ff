"""Boards and the monthly reports made for them."""

from typing import ClassVar, Self

from django.db import models
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Partnership, Role, User
from commissioning.audit.history import track


class BoardQuerySet(models.QuerySet["Board"]):
    def visible_to(self, actor: Actor) -> Self:
        boards = self.filter(partnership=actor.partnership)
        if actor.role == Role.BOARD_MEMBER:
            return boards.filter(members=actor.membership)
        return boards if actor.sees_everyone else boards.none()

    def kept_by(self, actor: Actor) -> Self:
        """The boards whose members an administrator looks after; that shows them none of the reports."""
        return self.filter(partnership=actor.partnership) if actor.role == Role.ADMINISTRATOR else self.none()


@track()
class Board(models.Model):
    """A partnership board: those who answer for the money and the lives."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="boards")
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    members = models.ManyToManyField(Membership, related_name="boards", blank=True)

    objects = BoardQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


@track(obj_field=None)
class BoardMembership(Board.members.through):  # type: ignore[name-defined,misc]  # Django makes the class
    """Who is on a board: the table is the board's own; this is here so that changes to it are kept."""

    class Meta:
        proxy = True
        verbose_name_plural = "members of boards"


class Edition(models.TextChoices):
    BOARD = "board", "Board edition"
    WORKING = "working", "Working pack"
    EASY_READ = "easy_read", "Easy Read"


class BoardReportQuerySet(models.QuerySet["BoardReport"]):
    def visible_to(self, actor: Actor) -> Self:
        """A board member reads what was published for their board; the working pack is the commissioners'."""
        reports = self.filter(board__in=Board.objects.visible_to(actor))
        if actor.can_commission:
            return reports
        reports = reports.exclude(edition=Edition.WORKING)
        return reports.published() if actor.role == Role.BOARD_MEMBER else reports

    def published(self) -> Self:
        return self.filter(state=BoardReport.State.PUBLISHED)

    def without_files(self) -> Self:
        """For lists: without the documents and the figures they were made from."""
        return self.defer("pdf", "figures")


# The document and its figures are not copied into the history: its SHA-256 is, which says what was published.
@track(
    exclude=["figures", "pdf", "pages", "attempt", "attempts_raised", "started_at", "stage", "made_by_process"]
)  # fmt: skip
class BoardReport(models.Model):
    """One board's report of one month in one edition, and the queue it is made from.

    Unique by board, month, edition and revision: due, rendering, then published or failed. The PDF, its SHA-256, the
    figures it was made from and “published” are saved together.
    """

    class State(models.TextChoices):
        DUE = "due", "Waiting to be made"
        RENDERING = "rendering", "Being made"
        PUBLISHED = "published", "Published"
        FAILED = "failed", "Could not be made"

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="reports")
    month = models.DateField("month (its first day)")
    edition = models.CharField(max_length=10, choices=Edition)
    revision = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    requested_at = models.DateTimeField(default=timezone.now)
    requested_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    attempt = models.PositiveSmallIntegerField(default=0)
    attempts_raised = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(max_length=100, blank=True)
    error = models.TextField(blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    figures = models.JSONField(null=True, blank=True)
    pdf = models.BinaryField(null=True, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    made_by_process = models.CharField(max_length=100, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = BoardReportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-month", "board", "edition", "-revision"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["board", "month", "edition", "revision"], name="one_report_per_revision")
        ]

    def __str__(self) -> str:
        return f"{self.board}, {self.month:%B %Y}, {self.get_edition_display()}"

    @property
    def is_finished(self) -> bool:
        return self.state in {self.State.PUBLISHED, self.State.FAILED}

    @property
    def file_name(self) -> str:
        revision = f"-revision-{self.revision}" if self.revision > 1 else ""
        return f"{self.board.code}-{self.month:%Y-%m}-{self.edition.replace('_', '-')}{revision}.pdf"


@track()
class ReleasedFigure(models.Model):
    """The register of what was published: a figure's first published value, kept so that reports cannot be subtracted.

    `name` holds the figure's own month or period; `number` is the rounded value (pence for money) or empty where it was
    hidden, `step` what it was rounded to. See `disclosure.py` for the rule.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="released_figures")
    name = models.CharField(max_length=200)
    number = models.BigIntegerField(null=True, blank=True)
    step = models.BigIntegerField()
    is_money = models.BooleanField(default=False)
    released_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partnership", "name"], name="one_released_figure_per_name")
        ]

    def __str__(self) -> str:
        return self.name
