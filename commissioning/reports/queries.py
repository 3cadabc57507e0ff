"""What the pages of reports show."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Func, IntegerField, Model, Prefetch
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, MembershipQuerySet, Partnership, Role
from commissioning.accounts.post import Unsent, unsent
from commissioning.core.jobs import troubled
from commissioning.core.periods import Month
from commissioning.overview.board import ReportLine
from commissioning.reports.documents import STAGES
from commissioning.reports.models import Board, BoardReport, BoardReportQuerySet, Edition
from finance.queries.issued import Issued

STATE = BoardReport.State
NOTICE = "reports.send_notice"
EDITION_NOTES = {
    Edition.BOARD: "Charts and tables, safe to publish.",
    Edition.EASY_READ: "Short sentences, one picture for each idea.",
    Edition.WORKING: "Each person by name, to the penny. For commissioners only.",
}
_ORDER = {Edition.BOARD: 0, Edition.EASY_READ: 1, Edition.WORKING: 2}


@dataclass(frozen=True)
class Line:
    """One report in a list: an edition of a month, in its latest revision."""

    pk: int
    edition: str
    title: str
    note: str
    month: Month
    revision: int
    state: str
    state_words: str
    size: str
    pages: int | None
    published_at: dt.datetime | None
    headline: Mapping[str, str]

    @property
    def is_published(self) -> bool:
        return self.state == STATE.PUBLISHED


@dataclass(frozen=True)
class Issue:
    """A month's editions, latest revisions alone."""

    month: Month
    editions: tuple[Line, ...]

    @property
    def headline(self) -> Mapping[str, str]:
        return next((each.headline for each in self.editions if each.headline), {})

    @property
    def published_at(self) -> dt.datetime | None:
        return max((each.published_at for each in self.editions if each.published_at), default=None)


@dataclass(frozen=True)
class BoardPage:
    """A board's reports: the latest month first and apart, and what is being made or failed."""

    board: Board
    latest: Issue | None
    earlier: tuple[Issue, ...]
    waiting: tuple[Line, ...]


def boards_page(actor: Actor) -> list[BoardPage]:
    """The boards an actor may see, each with the reports they may read."""
    reports = BoardReport.objects.visible_to(actor)
    return [_board(board, reports) for board in Board.objects.visible_to(actor)]


def _board(board: Board, reports: BoardReportQuerySet) -> BoardPage:
    lines = _lines(reports.filter(board=board))
    issues = tuple(_issues(line for line in lines if line.is_published))
    waiting = tuple(line for line in _latest(lines) if not line.is_published)
    return BoardPage(board, issues[0] if issues else None, issues[1:], waiting)


def _lines(reports: BoardReportQuerySet) -> list[Line]:
    """Newest month first, then edition, then revision; without reading the documents."""
    rows = reports.annotate(
        size=Func(F("pdf"), function="octet_length", output_field=IntegerField()),
        headline=F("figures__headline"),
    ).values("pk", "edition", "month", "revision", "state", "size", "pages", "published_at", "headline")
    ordered = sorted(
        rows, key=lambda row: (-row["month"].toordinal(), _ORDER[Edition(row["edition"])], -row["revision"])
    )
    return [_line(row) for row in ordered]


def _line(row: Mapping[str, Any]) -> Line:
    edition = Edition(row["edition"])
    return Line(
        pk=row["pk"],
        edition=row["edition"],
        title=edition.label,
        note=EDITION_NOTES[edition],
        month=Month.of(row["month"]),
        revision=row["revision"],
        state=row["state"],
        state_words=STATE(row["state"]).label,
        size=_size(row["size"]),
        pages=row["pages"],
        published_at=row["published_at"],
        headline=row["headline"] or {},
    )


def _size(octets: int | None) -> str:
    if octets is None:
        return ""
    return f"{max(1, round(octets / 1000)):,} KB" if octets < 1_000_000 else f"{octets / 1_000_000:.1f} MB"


def _latest(lines: Iterable[Line]) -> Iterable[Line]:
    """Of each month and edition, the newest revision alone."""
    for _, revisions in groupby(lines, key=lambda line: (line.month, line.edition)):
        yield next(iter(revisions))


def _issues(published: Iterable[Line]) -> Iterable[Issue]:
    for month, lines in groupby(_latest(published), key=lambda line: line.month):
        yield Issue(month, tuple(lines))


def report_for(actor: Actor, pk: int) -> BoardReport:
    """A report the actor may see, without its document. Raises Http404 for any other."""
    report = (
        BoardReport.objects.visible_to(actor).without_files().select_related("board__partnership").filter(pk=pk).first()
    )
    if report is None:
        raise Http404
    return report


@dataclass(frozen=True)
class Step:
    words: str
    state: str


@dataclass(frozen=True)
class ReportPage:
    """One report: its headline, or how far its making has come; and the other revisions of it."""

    report: BoardReport
    month: Month
    title: str
    note: str
    steps: tuple[Step, ...]
    step_number: int
    percent: int
    headline: Mapping[str, str]
    changed: tuple[str, ...]
    revisions: tuple[Line, ...]
    size: str
    unsent: tuple[Unsent, ...] = ()

    @property
    def has_given_up(self) -> bool:
        """Whether some notice of it is tried no more."""
        return any(each.is_given_up for each in self.unsent)

    @property
    def is_waiting(self) -> bool:
        return not self.report.is_finished

    @property
    def as_issued(self) -> str:
        """The cost explorer's question for the twelve months as the records stood when the figures were frozen."""
        if self.report.frozen_at is None:
            return ""
        months = {"from": str(self.month.plus(-11)), "to": str(self.month)}
        return urlencode({**months, "as_known": self.report.frozen_at.isoformat()})


def report_page(actor: Actor, pk: int) -> ReportPage:
    """Everything the page of one report shows. Raises Http404 for a report out of scope."""
    report = report_for(actor, pk)
    same = BoardReport.objects.visible_to(actor).filter(
        board_id=report.board_id, month=report.month, edition=report.edition
    )
    lines = _lines(same)
    kept = BoardReport.objects.filter(pk=pk).values_list("figures__headline", "figures__changed").get()
    number = STAGES.index(report.stage) if report.stage in STAGES else 0
    return ReportPage(
        report=report,
        month=Month.of(report.month),
        title=report.get_edition_display(),
        note=EDITION_NOTES[Edition(report.edition)],
        steps=tuple(_step(place, words, number, report) for place, words in enumerate(STAGES)),
        step_number=number + 1,
        percent=100 * number // len(STAGES),
        headline=kept[0] or {},
        changed=tuple(kept[1] or ()),
        revisions=tuple(line for line in lines if line.pk != pk),
        size=next((line.size for line in lines if line.pk == pk), ""),
        unsent=unsent_notices(pk) if actor.can_commission else (),
    )


def unsent_notices(pk: int) -> tuple[Unsent, ...]:
    """The notices of a report that the mail server has not taken so far, by name of the member."""
    found = {
        each.arguments["membership_id"]: each for each in troubled([NOTICE]) if each.arguments.get("report_id") == pk
    }
    members = Membership.objects.filter(pk__in=found).by_name() if found else ()
    return tuple(unsent(found[each.pk], to=each.called) for each in members)


def _step(place: int, words: str, number: int, report: BoardReport) -> Step:
    if report.state != STATE.RENDERING:
        return Step(words, "todo")
    return Step(words, "did" if place < number else "now" if place == number else "todo")


@dataclass(frozen=True)
class File:
    """A published document, and the people it names."""

    name: str
    content: bytes
    person_ids: tuple[int, ...]


def file_for(actor: Actor, pk: int) -> File:
    """The PDF of a published report the actor may see. Raises Http404 for any other."""
    report = report_for(actor, pk)
    content = BoardReport.objects.published().filter(pk=pk).values_list("pdf", flat=True).first()
    if content is None:
        raise Http404
    people = BoardReport.objects.filter(pk=pk).values_list("figures__working__people", flat=True).get() or ()
    return File(report.file_name, bytes(content), tuple(person["person_id"] for person in people))


@dataclass(frozen=True)
class BoardWithMembers:
    """A board, and who is on it and may read its reports today."""

    board: Board
    members: tuple[Membership, ...]


def boards_to_keep(actor: Actor) -> list[BoardWithMembers]:
    """The boards of an administrator's partnership, with their members by name. Two queries."""
    today = timezone.localdate()
    current = Membership.objects.current(today).filter(role=Role.BOARD_MEMBER).by_name()
    boards = Board.objects.kept_by(actor).prefetch_related(Prefetch("members", current))
    return [BoardWithMembers(board, tuple(board.members.all())) for board in boards]


def board_to_keep(actor: Actor, code: str) -> Board:
    """A board of the administrator's partnership. Raises Http404 for any other."""
    board = Board.objects.kept_by(actor).filter(code=code).first()
    if board is None:
        raise Http404
    return board


def seats_of(board: Board) -> list[Model]:
    """The rows that say who is on a board."""
    return list(Board.members.through.objects.filter(board=board))


def board_members_of(partnership: Partnership) -> MembershipQuerySet:
    """Those with the role of board member today, by name: who can be on a board."""
    members = Membership.objects.current(timezone.localdate()).filter(partnership=partnership, role=Role.BOARD_MEMBER)
    return members.by_name()


def boards_of(actor: Actor) -> list[Board]:
    return list(Board.objects.visible_to(actor))


def months_to_offer(today: dt.date | None = None) -> list[Month]:
    """The twelve months that are over, newest first."""
    last = Month.of(today or timezone.localdate()).plus(-1)
    return [last.plus(-place) for place in range(12)]


def latest_lines(actor: Actor, most: int) -> tuple[ReportLine, ...]:
    """The latest reports the actor may read, newest month first, for the first page."""
    names = dict(Board.objects.visible_to(actor).values_list("pk", "name"))
    found = [
        (line, name)
        for pk, name in names.items()
        for line in _latest(_lines(BoardReport.objects.visible_to(actor).filter(board_id=pk)))
    ]
    found.sort(key=lambda pair: (-pair[0].month.first.toordinal(), pair[1]))
    return tuple(_report_line(line, name) for line, name in found[:most])


def issued_of_months(actor: Actor, first: Month, last: Month) -> tuple[Issued, ...]:
    """The latest published revision of each report whose twelve months reach into these months, the newest first."""
    reports = BoardReport.objects.visible_to(actor).published()
    rows = reports.filter(month__gte=first.first, month__lte=last.plus(11).first)
    latest = {(each.board_id, each.month, each.edition): each for each in rows.without_files().order_by("revision")}
    found = sorted(latest.values(), key=lambda each: (-each.month.toordinal(), _ORDER[Edition(each.edition)]))
    return tuple(
        Issued(Month.of(each.month), each.get_edition_display(), each.published_at, reverse("report", args=[each.pk]))
        for each in found
        if each.published_at
    )


def _report_line(line: Line, board: str) -> ReportLine:
    return ReportLine(
        board=board,
        month=line.month,
        edition=line.title,
        state=line.state_words,
        is_published=line.is_published,
        is_failed=line.state == STATE.FAILED,
        published_at=line.published_at,
        url=reverse("report", args=[line.pk]),
        pdf_url=reverse("report_pdf", args=[line.pk]) if line.is_published else "",
    )
