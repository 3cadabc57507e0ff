"""Documents: tagged, bookmarked, the same bytes in any process, made from bundled files alone, never in a request."""

import datetime as dt
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from commissioning.accounts.models import Organisation
from commissioning.core import pdf
from commissioning.reports import figures
from commissioning.reports.documents import Document, compose, figures_text, make_document
from commissioning.reports.models import Board, Edition
from commissioning.reports.tests.conftest import OCTOBER
from people.models import Person

AT = dt.datetime(2026, 11, 5, 9, 0, tzinfo=dt.UTC)


def figures_of(board: Board, edition: str) -> dict[str, Any]:
    facts = figures.gather(board, OCTOBER, frozen_at=AT)
    return figures.build(facts, edition, revision=1, released={}).figures


def opened(document: Document) -> pikepdf.Pdf:
    """The document as a reader opens it; keep the result, or what hangs on it is gone."""
    return pikepdf.open(io.BytesIO(document.pdf))


def elements(node: Any) -> Iterator[Any]:
    """Every structure element, in reading order."""
    if isinstance(node, pikepdf.Array):
        for kid in node:
            yield from elements(kid)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        yield from elements(node.get("/K", pikepdf.Array()))


@pytest.fixture
def document(board: Board, many: list[Person]) -> Document:
    return make_document(figures_of(board, Edition.BOARD))


def test_it_is_tagged_titled_and_bookmarked(document: Document) -> None:
    made = opened(document)
    assert made.Root.MarkInfo.Marked
    assert str(made.Root.Lang) == "en-GB"
    assert str(made.docinfo["/Title"]) == "Estuary Partnership Board: board report, October 2026"
    with made.open_metadata() as metadata:
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
    with made.open_outline() as outline:
        titles = [entry.title for entry in outline.root]
    assert titles[0] == "October 2026"
    assert titles[-2:] == ["How we worked this out", "The numbers behind the charts"]


def test_it_says_every_chart_in_words_and_gives_each_a_table(document: Document) -> None:
    made = opened(document)
    found = list(elements(made.Root.StructTreeRoot.K))
    charts = [str(each.get("/Alt", "")) for each in found if each.S == "/Figure"]
    assert len(charts) >= 8
    assert all(charts)
    captions = [each for each in found if each.S == "/Caption"]
    assert len(captions) >= len(charts) - 1  # the mark on the cover is a picture too


def test_it_gives_every_table_header_a_scope_and_every_cell_its_headers(document: Document) -> None:
    made = opened(document)
    found = list(elements(made.Root.StructTreeRoot.K))
    scopes = Counter(str(each.A.Scope) for each in found if each.S == "/TH")
    assert set(scopes) == {"/Row", "/Column"}
    ids = [str(each.ID) for each in found if each.S == "/TH"]
    assert len(ids) == len(set(ids))
    for cell in (each for each in found if each.S == "/TD"):
        assert {str(name) for name in cell.A.Headers} <= set(ids)


def test_it_has_the_same_bytes_in_any_process(board: Board, many: list[Person], tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_text(json.dumps(figures_of(board, Edition.BOARD)), encoding="utf-8")
    program = (
        "import sys, json, pathlib, django; django.setup()\n"
        "from commissioning.reports.documents import make_document\n"
        "print(make_document(json.loads(pathlib.Path(sys.argv[1]).read_text())).sha256)"
    )
    hashes = []
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "commissioning.settings"}
        made = subprocess.run(
            [sys.executable, "-c", program, str(path)],
            env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
        )  # fmt: skip
        hashes.append(made.stdout.strip())
    assert hashes[0] == hashes[1]
    assert hashes[0] == make_document(json.loads(path.read_text())).sha256


def test_it_carries_the_time_of_the_figures_not_of_the_making(document: Document) -> None:
    made = opened(document)
    assert "20261105090000" in str(made.docinfo["/CreationDate"])


def test_it_keeps_the_cover_to_one_page(document: Document) -> None:
    made = opened(document)
    assert document.pages == len(made.pages)
    sections = [each for each in elements(made.Root.StructTreeRoot.K) if each.S == "/H2"]
    first_page, second_page = made.pages[0].obj.objgen, made.pages[1].obj.objgen
    pages = [each.Pg.objgen for each in sections]
    assert pages.count(first_page) == 3  # the three questions
    assert pages[3] == second_page


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a.css", "file:///etc/passwd", "bundled:/../../manage.py", "bundled://host/report.css",
     "bundled:/missing.css", "data:text/css,a"],
)  # fmt: skip
def test_it_reads_bundled_files_alone(address: str) -> None:
    with pytest.raises(pdf.NotBundled):
        pdf.BundledFilesOnly().fetch(address)
    assert pdf.BundledFilesOnly().fetch("bundled:/report.css").read()


def test_it_is_never_made_while_a_request_is_answered() -> None:
    pdf.request_begins()
    try:
        with pytest.raises(pdf.NeverInARequest):
            pdf.make_pdf("<p>Hello</p>", identifier="a")
    finally:
        pdf.request_ends()
    assert pdf.make_pdf("<html lang=en><title>t</title><p>Hello</p>", identifier="a").pages == 1


@pytest.mark.parametrize("edition", Edition.values)
def test_the_command_writes_the_document_and_its_figures(board: Board, tmp_path: Path, edition: str) -> None:
    call_command("board_report", board="EST", month="2026-10", edition=edition, out=str(tmp_path))
    (made,) = tmp_path.glob("*.pdf")
    assert made.read_bytes().startswith(b"%PDF")
    told = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert (told["meta"]["month"], told["meta"]["edition"]) == ("2026-10", edition)


def test_the_command_says_what_is_wrong(board: Board, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no board"):
        call_command("board_report", board="NOPE", month="2026-10", out=str(tmp_path))
    with pytest.raises(CommandError, match="not a month"):
        call_command("board_report", board="EST", month="October", out=str(tmp_path))


def test_it_names_itself_after_its_figures(board: Board, many: list[Person]) -> None:
    told = figures_of(board, Edition.EASY_READ)
    identifier = hashlib.sha256(figures_text(told).encode()).hexdigest()
    made = opened(make_document(told))
    assert str(made.trailer["/ID"][0]) == identifier


HOSTILE = '"><img src="http://127.0.0.1:9/x"></title><style>@import "http://127.0.0.1:9/y";</style><script>'


def test_what_people_typed_is_text_in_a_working_pack(board: Board, many: list[Person]) -> None:
    """Names are told, and none of them can name a picture, a style sheet or a file to be fetched."""
    Person.objects.filter(pk__in=[person.pk for person in many]).update(
        given_name=HOSTILE[:60], family_name=HOSTILE[:60], preferred_name=HOSTILE[:60]
    )
    Organisation.objects.filter(name__startswith="Provider").update(name=HOSTILE)
    Board.objects.filter(pk=board.pk).update(name=HOSTILE)
    board.refresh_from_db()
    html = compose(figures_of(board, Edition.WORKING))
    assert "&lt;img src=" in html, "the names are in it"
    assert not re.search(r"<img[^>]*127|<script|<style>@import", html)
    assert html.count("</title>") == html.count("<title")
    assert make_document(figures_of(board, Edition.WORKING)).pdf.startswith(b"%PDF")
