"""Who is on a board; asking for reports, making them and publishing them."""

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Partnership, Role
from commissioning.accounts.permissions import require_commissioner, require_role
from commissioning.audit import sealing
from commissioning.core import jobs, letters
from commissioning.core.editing import check
from commissioning.core.errors import Refused
from commissioning.core.periods import Month
from commissioning.reports import figures, queue
from commissioning.reports.disclosure import Release
from commissioning.reports.documents import STAGES, Document, Stage, figures_text, make_document
from commissioning.reports.models import Board, BoardReport, Edition, ReleasedFigure
from commissioning.reports.queries import board_members_of, seats_of, unsent_notices
from commissioning.reports.queue import Claim, Superseded

logger = logging.getLogger(__name__)

MONTHLY = (Edition.BOARD, Edition.WORKING, Edition.EASY_READ)
_STATE = BoardReport.State


class RegisterMoved(RuntimeError):
    """Another report of the partnership published the same figure otherwise while this one was being made."""


# --- Boards -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_board_members(*, board: Board, members: Iterable[Membership], version: str | None = None, by: Actor) -> Board:
    """Who is on a board, of those who are board members of its partnership today; the others are left as they are.

    Raises PermissionDenied unless by an administrator of the partnership, Stale where the members were changed since
    they were opened at `version`, Refused for anybody who is no board member.
    """
    require_role(by, Role.ADMINISTRATOR)
    locked = Board.objects.kept_by(by).select_for_update().get(pk=board.pk)
    check(version, *seats_of(locked))
    may_join = set(board_members_of(by.partnership))
    chosen = set(members)
    if strangers := chosen - may_join:
        names = ", ".join(sorted(str(each.user) for each in strangers))
        raise Refused(f"Not a board member of this partnership today: {names}", field="members")
    locked.members.remove(*(may_join - chosen))
    locked.members.add(*chosen)
    return locked


# --- Asking -----------------------------------------------------------------------------------------------------------


def last_month(today: dt.date) -> Month:
    return Month.of(today).plus(-1)


@transaction.atomic
def request_report(*, board: Board, month: Month, edition: str, by: Actor) -> BoardReport:
    """Queue a report that does not exist yet. Refused for a month that is not over, or if the report is there."""
    require_commissioner(by)
    if month.last >= timezone.localdate():
        raise Refused(f"{month.words} is not over. Choose an earlier month.", field="month")
    if BoardReport.objects.filter(board=board, month=month.first, edition=edition).exists():
        label = Edition(edition).label.lower()
        raise Refused(
            f"There is a {label} for {month.words} already. Open it to read it, or to make a new revision.",
            field="month",
        )
    return _queue(board, month, edition, 1, by)


@transaction.atomic
def request_revision(*, report: BoardReport, by: Actor) -> BoardReport:
    """Queue the next revision of a report, from the records as they are now. Refused while one is being made."""
    require_commissioner(by)
    same = BoardReport.objects.filter(board_id=report.board_id, month=report.month, edition=report.edition)
    latest = same.without_files().select_for_update().order_by("-revision").first()
    if latest is None or not latest.is_finished:
        raise Refused("A revision of this report is being made already.")
    return _queue(report.board, Month.of(report.month), report.edition, latest.revision + 1, by)


def request_monthly(*, today: dt.date) -> list[BoardReport]:
    """Queue last month's editions for every board that lacks them: each once, whoever asks and however often."""
    month = last_month(today)
    found = []
    for board in Board.objects.select_related("partnership"):
        for edition in MONTHLY:
            with transaction.atomic():
                report, made = BoardReport.objects.without_files().get_or_create(
                    board=board, month=month.first, edition=edition, revision=1
                )
                if made:
                    _ring(report)
                    found.append(report)
    return found


def _queue(board: Board, month: Month, edition: str, revision: int, by: Actor) -> BoardReport:
    try:
        with transaction.atomic():
            report = BoardReport.objects.create(
                board=board, month=month.first, edition=edition, revision=revision, requested_by=by.user
            )
    except IntegrityError as error:
        raise Refused("Somebody else asked for this report at the same moment. It is being made.") from error
    _ring(report)
    return report


def _ring(report: BoardReport) -> None:
    transaction.on_commit(lambda: jobs.ring("reports.make", report_id=report.pk))


# --- Making -----------------------------------------------------------------------------------------------------------


def make_report(report_id: int) -> None:
    """Make one report if it is free: claim it, gather, render, publish. What goes wrong is recorded on its row."""
    with queue.claimed(report_id) as claim:
        if claim is None:
            return
        try:
            _make(claim)
        except Superseded as lost:
            logger.warning("%s", lost)
        except Exception as error:  # whatever it was, the row says so and the queue tries again
            logger.exception("Report %s could not be made", report_id)
            queue.raised(claim, error)


def sweep() -> None:
    """Make whatever is waiting, or was left behind by a killed worker or a lost message."""
    for report_id in queue.waiting():
        make_report(report_id)


@dataclass(frozen=True)
class Made:
    """A document with the frozen figures it was made from."""

    frozen: figures.Frozen
    document: Document
    frozen_at: dt.datetime


def _make(claim: Claim) -> None:
    report = BoardReport.objects.without_files().select_related("board__partnership").get(pk=claim.report_id)
    made = make(
        report.board,
        Month.of(report.month),
        report.edition,
        revision=report.revision,
        stage=lambda words: queue.say_stage(claim, words),
    )
    queue.say_stage(claim, STAGES[4])
    publish(claim=claim, made=made)


def _quiet(_words: str) -> None:
    """Nobody is watching."""


def make(board: Board, month: Month, edition: str, *, revision: int, stage: Stage = _quiet) -> Made:
    """An edition's figures, frozen now, and its document. Raises NeverInARequest while a web request is answered."""
    stage(STAGES[0])
    frozen_at = timezone.now().replace(microsecond=0)
    is_working = edition == Edition.WORKING
    seal = _last_seal() if is_working else ""
    with scope.acting(Actor.system(board.partnership)):
        facts = figures.gather(board, month, frozen_at=frozen_at, with_spending=is_working)
        stage(STAGES[1])
        released = released_figures(board.partnership)
        frozen = figures.build(facts, edition, revision=revision, released=released, seal=seal)
    return Made(frozen, make_document(frozen.figures, stage=stage), frozen_at)


def _last_seal() -> str:
    """What was recorded until now is sealed first: the pack then proves that none of it was changed afterwards."""
    head = sealing.seal_what_waits()
    return head.in_print if head else ""


def released_figures(partnership: Partnership) -> dict[str, Release]:
    """The partnership's register of what was published."""
    rows = ReleasedFigure.objects.filter(partnership=partnership)
    return {
        name: Release(number, step, is_money)
        for name, number, step, is_money in rows.values_list("name", "number", "step", "is_money")
    }


@transaction.atomic
def publish(*, claim: Claim, made: Made) -> BoardReport:
    """The document, its SHA-256, its figures, the register and “published” are saved together, or none of them.

    Raises Superseded if a later attempt has begun, RegisterMoved if another report changed the register meanwhile.
    """
    report = queue.lock_latest(claim)
    register(report.board.partnership, made.frozen)
    report.pdf, report.pdf_sha256 = made.document.pdf, made.document.sha256
    report.figures, report.frozen_at = made.frozen.figures, made.frozen_at
    report.pages = made.document.pages
    report.state, report.published_at, report.error, report.stage = _STATE.PUBLISHED, timezone.now(), "", ""
    report.save(
        update_fields=[
            "pdf", "pdf_sha256", "figures", "frozen_at", "pages", "state", "published_at", "error", "stage",
        ]
    )  # fmt: skip
    if report.edition != Edition.WORKING:
        _give_notice(report)
    return report


def register(partnership: Partnership, frozen: figures.Frozen) -> None:
    """Add what is published to the register. Raises RegisterMoved if a name there has another value than was read."""
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    there = {row.name: row for row in ReleasedFigure.objects.filter(partnership=partnership, name__in=frozen.newly)}
    new = []
    for name, release in frozen.newly.items():
        row = there.get(name)
        if row is None:
            new.append(ReleasedFigure(partnership=partnership, name=name, **asdict(release)))
        elif Release(row.number, row.step, row.is_money) != release:
            if frozen.read.get(name) != Release(row.number, row.step, row.is_money):
                raise RegisterMoved(f"“{name}” was published by another report at the same time.")
            row.number, row.step, row.changed_at = release.number, release.step, timezone.now()
            row.save(update_fields=["number", "step", "changed_at"])
    ReleasedFigure.objects.bulk_create(new)


def write_report(*, board: Board, month: Month, edition: str, folder: Path) -> Path:
    """Write the PDF and `figures.json` into a folder; handing a file out is publishing, so the register keeps it."""
    made = make(board, month, edition, revision=1)
    with scope.acting(Actor.system(board.partnership)), transaction.atomic():
        register(board.partnership, made.frozen)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{board.code}-{month}-{edition.replace('_', '-')}.pdf"
    path.write_bytes(made.document.pdf)
    (folder / "figures.json").write_text(figures_text(made.frozen.figures), encoding="utf-8")
    return path


# --- Telling ----------------------------------------------------------------------------------------------------------


def _give_notice(report: BoardReport) -> None:
    """A notice for each member of the board, each a job of its own: a wrong address holds up nobody else."""
    for membership in report.board.members.current(timezone.localdate()):
        jobs.enqueue("reports.send_notice", report_id=report.pk, membership_id=membership.pk)


@transaction.atomic
def send_notices_again(*, report: BoardReport, by: Actor) -> int:
    """Notices of a report that were given up are tried anew; how many. Raises Refused when none of them still is."""
    require_commissioner(by)
    again = jobs.try_again(each.job_id for each in unsent_notices(report.pk) if each.is_given_up)
    if not again:
        raise Refused("Every notice has been sent, or is being tried again already")
    return again


def send_notice(*, report_id: int, membership_id: int) -> None:
    """An e-mail that says a report is there, with a link; never the document, nor a figure from it."""
    report = BoardReport.objects.without_files().select_related("board").get(pk=report_id)
    membership = Membership.objects.select_related("user").get(pk=membership_id)
    address = settings.SITE_ADDRESS + reverse("report", args=[report.pk])
    context = {"report": report, "member": membership.user, "address": address}
    letters.send(
        f"{report.get_edition_display()} for {Month.of(report.month).words} is ready",
        render_to_string("reports/notice.txt", context),
        membership.user.email,
    )
