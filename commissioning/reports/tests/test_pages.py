"""Pages of reports: who sees which, and what they can do."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Partnership
from commissioning.audit.models import RecordRead
from commissioning.core import pdf
from commissioning.overview.board import latest_reports
from commissioning.reports import queries
from commissioning.reports.models import Board, BoardReport, Edition
from commissioning.tests.fixtures import signed_in
from people.models import Person

STATE = BoardReport.State


def published(board: Board, edition: str = Edition.BOARD, month: int = 10, **fields: Any) -> BoardReport:
    """A report as a worker leaves it."""
    figures = {"headline": {"lives": "Yes, for about 80.", "money": "About the same.", "needs": "Nothing."}}
    values: dict[str, Any] = {
        "state": STATE.PUBLISHED, "pdf": b"%PDF-1.7 words", "pages": 9, "frozen_at": timezone.now(),
        "published_at": timezone.now(), "figures": figures, "attempt": 1, **fields,
    }  # fmt: skip
    return BoardReport.objects.create(board=board, month=dt.date(2026, month, 1), edition=edition, **values)


def test_it_shows_a_board_member_the_latest_report_first(members: Board, bea: Membership) -> None:
    published(members, month=9)
    latest = published(members)
    text = signed_in(bea).get("/reports/").content.decode()
    assert "Yes, for about 80." in text
    assert text.index("October 2026") < text.index("September 2026")
    assert f"/reports/{latest.pk}/pdf/" in text


def test_it_gives_a_board_member_the_document(members: Board, bea: Membership) -> None:
    response = signed_in(bea).get(f"/reports/{published(members).pk}/pdf/")
    assert response.content == b"%PDF-1.7 words"
    assert response["Content-Disposition"] == 'attachment; filename="EST-2026-10-board.pdf"'
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["", "pdf/"])
def test_it_hides_working_packs_and_unfinished_reports_from_board_members(
    members: Board, bea: Membership, path: str
) -> None:
    client = signed_in(bea)
    pack, due = published(members, Edition.WORKING), published(members, month=9, state=STATE.DUE)
    for report in (pack, due):
        assert client.get(f"/reports/{report.pk}/{path}").status_code == 404
    assert "Working pack" not in client.get("/reports/").content.decode()


@pytest.mark.parametrize("path", ["", "pdf/"])
def test_it_hides_other_boards_and_partnerships(
    board: Board, elsewhere: Partnership, bea: Membership, charlie: Membership, path: str
) -> None:
    report = published(board)  # Bea is no member of this board
    assert signed_in(bea).get(f"/reports/{report.pk}/{path}").status_code == 404
    assert signed_in(charlie).get(f"/reports/{report.pk}/{path}").status_code == 404


@pytest.mark.parametrize("who", ["finn", "audrey"])
def test_it_keeps_the_working_pack_for_commissioners(board: Board, who: str, request: pytest.FixtureRequest) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert client.get(f"/reports/{published(board, Edition.WORKING).pk}/pdf/").status_code == 404
    assert client.get(f"/reports/{published(board).pk}/pdf/").status_code == 200


@pytest.mark.parametrize("who", ["mabel", "sam", "clara", "adam"])
def test_it_refuses_other_roles(board: Board, who: str, request: pytest.FixtureRequest) -> None:
    assert signed_in(request.getfixturevalue(who)).get("/reports/").status_code == 403


def test_it_records_a_working_pack_as_a_read_of_everyone_in_it(board: Board, jo: Person, alice: Membership) -> None:
    figures = {"headline": {}, "working": {"people": [{"person_id": jo.pk}]}}
    pack = published(board, Edition.WORKING, figures=figures)
    assert signed_in(alice).get(f"/reports/{pack.pk}/pdf/").status_code == 200
    read = RecordRead.objects.get()
    assert (read.person_id, read.user_id, read.route) == (jo.pk, alice.user_id, "report_pdf")


def test_it_shows_progress_and_looks_again_by_itself(board: Board, alice: Membership) -> None:
    report = published(
        board, state=STATE.RENDERING, stage="Drawing the charts", pdf=None, figures=None, published_at=None
    )
    response = signed_in(alice).get(f"/reports/{report.pk}/")
    assert response["Refresh"] == "4"
    assert "step 3 of 5" in response.content.decode()


def test_it_says_that_a_report_failed(board: Board, alice: Membership) -> None:
    report = published(board, state=STATE.FAILED, error="ValueError: no ink", attempt=3, pdf=None, figures=None)
    response = signed_in(alice).get(f"/reports/{report.pk}/")
    assert "could not be made" in response.content.decode()
    assert "no ink" in response.content.decode()
    assert "Refresh" not in response


def test_a_commissioner_asks_for_a_report(board: Board, alice: Membership) -> None:
    client = signed_in(alice)
    month = timezone.localdate().replace(day=1) - dt.timedelta(days=1)
    asked = {"board": "EST", "month": f"{month:%Y-%m}", "edition": "board"}
    response = client.post("/reports/new/", asked)
    report = BoardReport.objects.get()
    assert response["Location"] == f"/reports/{report.pk}/"
    assert (report.state, report.requested_by_id) == (STATE.DUE, alice.user_id)
    again = client.post("/reports/new/", asked)
    assert "already" in again.content.decode()
    assert BoardReport.objects.count() == 1


def test_it_asks_for_what_is_missing(board: Board, alice: Membership) -> None:
    text = signed_in(alice).post("/reports/new/", {}).content.decode()
    assert "Choose a board" in text
    assert "Choose a month" in text
    assert "Choose an edition" in text


def test_a_commissioner_asks_for_a_revision(board: Board, alice: Membership, audrey: Membership) -> None:
    report = published(board)
    assert signed_in(audrey).post(f"/reports/{report.pk}/revision/").status_code == 403
    response = signed_in(alice).post(f"/reports/{report.pk}/revision/")
    second = BoardReport.objects.get(revision=2)
    assert response["Location"] == f"/reports/{second.pk}/"
    signed_in(alice).post(f"/reports/{report.pk}/revision/")
    assert BoardReport.objects.count() == 2


def test_it_shows_the_latest_revision_in_the_list(members: Board, bea: Membership) -> None:
    first = published(members)
    second = published(members, revision=2)
    text = signed_in(bea).get("/reports/").content.decode()
    assert f"/reports/{second.pk}/pdf/" in text
    assert f"/reports/{first.pk}/pdf/" not in text
    assert "Revision 1" in signed_in(bea).get(f"/reports/{second.pk}/").content.decode()


def test_it_reads_no_document_for_the_list(members: Board, bea: Membership, django_assert_max_num_queries: Any) -> None:
    client = signed_in(bea)
    for month in range(1, 11):
        published(members, month=month)
    client.get("/reports/")
    with django_assert_max_num_queries(12):
        client.get("/reports/")


def test_it_says_what_to_do_where_there_is_no_report(board: Board, alice: Membership, bea: Membership) -> None:
    assert "No report yet" in signed_in(alice).get("/reports/").content.decode()
    assert "not a member of a board" in signed_in(bea).get("/reports/").content.decode()


def test_it_makes_no_document_inside_a_request(members: Board, bea: Membership, monkeypatch: Any) -> None:
    """Whatever a view might try, a document cannot be made while a request is answered."""
    client = signed_in(bea)

    def try_it(_actor: object) -> list[object]:
        pdf.make_pdf("<html lang=en><title>t</title>", identifier="a")
        return []

    monkeypatch.setattr(queries, "boards_page", try_it)
    with pytest.raises(pdf.NeverInARequest):
        client.get("/reports/")


def test_it_tells_the_first_page_of_the_latest_reports(members: Board, bea: Membership) -> None:
    published(members, Edition.WORKING)
    report = published(members)
    lines = latest_reports(Actor.of(bea))
    assert [(line.edition, line.is_published, line.url) for line in lines] == [
        ("Board edition", True, f"/reports/{report.pk}/")
    ]
