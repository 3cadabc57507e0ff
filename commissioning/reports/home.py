"""What the first page says of reports: the latest month's editions and how far each has come."""

from commissioning.accounts.actors import Actor
from commissioning.accounts.navigation import address_of
from commissioning.core.periods import Month
from commissioning.overview.board import ReportLine
from commissioning.reports.models import BoardReport


def reports_for_home(actor: Actor, most: int) -> tuple[ReportLine, ...]:
    """Newest month first, the latest revision of each edition first. One query."""
    reports = BoardReport.objects.visible_to(actor).without_files().select_related("board")
    return tuple(_line(report) for report in reports.order_by("-month", "board", "edition", "-revision")[:most])


def _line(report: BoardReport) -> ReportLine:
    is_published = report.state == BoardReport.State.PUBLISHED
    return ReportLine(
        board=str(report.board),
        month=Month.of(report.month),
        edition=report.get_edition_display(),
        state=report.get_state_display(),
        is_published=is_published,
        is_failed=report.state == BoardReport.State.FAILED,
        published_at=report.published_at,
        url=address_of("report", str(report.pk)),
        pdf_url=address_of("report_pdf", str(report.pk)) if is_published else "",
    )
