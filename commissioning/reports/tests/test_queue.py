"""The queue of reports: claimed once, made by the latest attempt alone, never lost."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import psycopg2
import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership
from commissioning.core import jobs
from commissioning.core.errors import Refused
from commissioning.core.models import Job
from commissioning.core.periods import Month
from commissioning.reports import actions, figures, queue, tasks
from commissioning.reports.models import Board, BoardReport, Edition, ReleasedFigure
from commissioning.reports.queue import Claim
from commissioning.tests.fixtures import signed_in
from commissioning.tests.mail_server import mail_server
from finance.models import CostLine

STATE = BoardReport.State


@contextmanager
def another_process_holding(claim: Claim) -> Iterator[None]:
    """A connection of its own, as another worker has, that holds an attempt's lock."""
    ours = connection.get_connection_params()
    other = psycopg2.connect(**{name: ours.get(name) for name in ("host", "port", "user", "password", "dbname")})
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [queue._key(claim)])
        yield
    finally:
        other.close()


def begin(report: BoardReport, *, attempt: int, minutes_ago: int = 0, raised: int = 0) -> BoardReport:
    """As a worker leaves the row when it has begun."""
    report.state, report.attempt, report.attempts_raised = STATE.RENDERING, attempt, raised
    report.started_at = timezone.now() - dt.timedelta(minutes=minutes_ago)
    report.save()
    return report


def test_it_publishes_document_figures_and_hash_together(october: BoardReport, many: object) -> None:
    actions.make_report(october.pk)
    october.refresh_from_db()
    assert october.state == STATE.PUBLISHED
    assert bytes(october.pdf or b"").startswith(b"%PDF-1.7")
    assert len(october.pdf_sha256) == 64
    assert october.figures and october.figures["meta"]["month"] == "2026-10"
    assert october.made_by_process == queue.process_name()
    assert october.pages and october.frozen_at and october.published_at


def test_it_claims_a_report_once(october: BoardReport) -> None:
    with queue.claimed(october.pk) as first:
        assert first == Claim(october.pk, 1)
        with another_process_holding(Claim(october.pk, 999)):
            BoardReport.objects.filter(pk=october.pk).update(attempt=999)
            with queue.claimed(october.pk) as second:
                assert second is None


def test_it_takes_over_from_a_dead_process_at_once(october: BoardReport) -> None:
    begin(october, attempt=1)
    with queue.claimed(october.pk) as claim:
        assert claim == Claim(october.pk, 2)


def test_it_leaves_a_slow_process_alone_for_ten_minutes(october: BoardReport) -> None:
    begin(october, attempt=1, minutes_ago=9)
    with another_process_holding(Claim(october.pk, 1)):
        with queue.claimed(october.pk) as claim:
            assert claim is None
        begin(october, attempt=1, minutes_ago=11)
        with queue.claimed(october.pk) as claim:
            assert claim == Claim(october.pk, 2)


def test_it_drops_the_work_of_a_superseded_attempt(october: BoardReport, many: object) -> None:
    with queue.claimed(october.pk) as claim:
        assert claim
        made = actions.make(october.board, Month(2026, 10), Edition.BOARD, revision=1)
        BoardReport.objects.filter(pk=october.pk).update(attempt=2)
        with pytest.raises(queue.Superseded):
            actions.publish(claim=claim, made=made)
        queue.raised(claim, ValueError("too late to matter"))
    october.refresh_from_db()
    assert (october.state, october.pdf, october.attempts_raised) == (STATE.RENDERING, None, 0)
    assert not ReleasedFigure.objects.exists()


def test_it_fails_after_three_attempts_that_raised(october: BoardReport) -> None:
    with mock.patch.object(actions, "make", side_effect=ValueError("no ink")):
        for attempt in (1, 2, 3):
            tasks.sweep()
            october.refresh_from_db()
            assert october.attempts_raised == attempt
    assert october.state == STATE.FAILED
    assert october.error == "ValueError: no ink"
    assert queue.waiting() == []


def test_it_fails_after_ten_attempts_that_vanished(october: BoardReport) -> None:
    begin(october, attempt=10)
    actions.make_report(october.pk)
    october.refresh_from_db()
    assert october.state == STATE.FAILED
    assert "10 attempts" in october.error


def test_it_makes_the_others_when_one_is_poisoned(board: Board, october: BoardReport, many: object) -> None:
    november = BoardReport.objects.create(board=board, month=dt.date(2026, 9, 1), edition=Edition.BOARD)
    real = actions.make

    def poisoned(asked: Board, month: Month, *rest: str, **named: object) -> object:
        if month == Month(2026, 10):
            raise ValueError("poison")
        return real(asked, month, *rest, **named)  # type: ignore[arg-type]

    with mock.patch.object(actions, "make", side_effect=poisoned):
        tasks.sweep()
    november.refresh_from_db()
    assert november.state == STATE.PUBLISHED


def test_it_saves_nothing_when_publishing_fails(members: Board, october: BoardReport, many: object) -> None:
    with mock.patch.object(actions, "_give_notice", side_effect=RuntimeError("lost connection")):
        actions.make_report(october.pk)
    october.refresh_from_db()
    assert (october.state, october.pdf, october.figures) == (STATE.DUE, None, None)
    assert not ReleasedFigure.objects.exists()
    assert not Job.objects.exists()


def test_it_sends_members_a_notice_with_a_link_and_never_the_document(
    members: Board, bea: Membership, october: BoardReport, many: object
) -> None:
    actions.make_report(october.pk)
    job = Job.objects.get(name="reports.send_notice")
    tasks.send_notice(**job.arguments)
    (letter,) = mail.outbox
    assert letter.to == [bea.user.email]
    assert f"/reports/{october.pk}/" in letter.body
    assert not letter.attachments
    assert "£" not in letter.body


def test_it_sends_no_notice_of_a_working_pack(members: Board, many: object) -> None:
    pack = BoardReport.objects.create(board=members, month=dt.date(2026, 10, 1), edition=Edition.WORKING)
    actions.make_report(pack.pk)
    assert not Job.objects.exists()


def test_it_asks_for_each_month_once(board: Board) -> None:
    first = actions.request_monthly(today=dt.date(2026, 11, 1))
    assert {report.month for report in first} == {dt.date(2026, 10, 1)}
    assert {report.edition for report in first} >= {Edition.BOARD, Edition.WORKING}
    assert actions.request_monthly(today=dt.date(2026, 11, 30)) == []
    assert actions.request_monthly(today=dt.date(2027, 1, 1))[0].month == dt.date(2026, 12, 1)


def test_it_refuses_a_month_that_is_not_over_and_a_report_that_is_there(
    board: Board, october: BoardReport, by_alice: Actor
) -> None:
    with pytest.raises(Refused, match="is not over"):
        actions.request_report(board=board, month=Month.of(timezone.localdate()), edition=Edition.BOARD, by=by_alice)
    with pytest.raises(Refused, match="already"):
        actions.request_report(board=board, month=Month(2026, 10), edition=Edition.BOARD, by=by_alice)


def test_it_makes_a_new_revision_only_of_a_finished_report(
    board: Board, october: BoardReport, by_alice: Actor, many: object
) -> None:
    with pytest.raises(Refused, match="being made"):
        actions.request_revision(report=october, by=by_alice)
    actions.make_report(october.pk)
    october.refresh_from_db()
    again = actions.request_revision(report=october, by=by_alice)
    assert again.revision == 2
    actions.make_report(again.pk)
    again.refresh_from_db()
    october.refresh_from_db()
    assert again.state == october.state == STATE.PUBLISHED


def test_it_keeps_published_figures_against_one_late_correction(
    board: Board, october: BoardReport, by_alice: Actor, many: list[object]
) -> None:
    actions.make_report(october.pk)
    october.refresh_from_db()
    line = CostLine.objects.filter(end__isnull=True).order_by("-amount")[0]
    line.amount = line.amount / 2
    line.save()
    again = actions.request_revision(report=october, by=by_alice)
    actions.make_report(again.pk)
    again.refresh_from_db()
    assert october.figures and again.figures
    for name in ("baseline", "now", "change", "months", "bodies", "places"):
        assert again.figures["cost"][name] == october.figures["cost"][name]
    assert again.figures["changed"] == []


def test_the_command_asks_for_last_month_at_start_up(board: Board) -> None:
    call_command("request_latest_report")
    call_command("request_latest_report")
    asked = BoardReport.objects.values_list("edition", flat=True)
    assert sorted(asked) == sorted(actions.MONTHLY)


def test_it_gathers_in_few_queries(board: Board, many: object, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(40):
        figures.gather(board, Month(2026, 10), frozen_at=timezone.now())


def test_a_commissioner_sees_who_was_not_told_and_has_it_sent_again(
    members: Board, bea: Membership, alice: Membership, october: BoardReport, many: object, settings: Any
) -> None:
    actions.make_report(october.pk)
    job = Job.objects.get(name="reports.send_notice")
    with mail_server(settings, RCPT="550 Mailbox full"):
        for _ in range(3):
            Job.objects.update(due_at=timezone.now())
            jobs.run(job.pk)
    page, notices = reverse("report", args=[october.pk]), reverse("report_notices", args=[october.pk])
    assert "not sent" not in signed_in(bea).get(page).content.decode(), "that is the commissioners' to mend"
    browser = signed_in(alice)
    shown = browser.get(page).content.decode()
    assert f"The notice of a new report to {bea.user.name}, tried 3 times." in shown
    assert "The mail server refused the address: 550 Mailbox full" in shown
    assert signed_in(bea).post(notices).status_code == 403
    assert "on their way again" in browser.post(notices, follow=True).content.decode()
    jobs.run(job.pk)
    assert [letter.to for letter in mail.outbox] == [[bea.user.email]]
    assert "not sent" not in browser.get(page).content.decode()
    assert "has been sent" in browser.post(notices, follow=True).content.decode()
