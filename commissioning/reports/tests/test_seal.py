"""Each working pack prints the seal of everything recorded until then; published editions do not."""

import pytest

from commissioning.audit import history, sealing
from commissioning.audit.management.commands.verify_audit import head
from commissioning.audit.models import Seal
from commissioning.audit.tests.conftest import run
from commissioning.reports.actions import make
from commissioning.reports.documents import compose
from commissioning.reports.models import Board, Edition
from commissioning.reports.tests.conftest import OCTOBER
from people.models import Person

pytestmark = pytest.mark.django_db


def test_a_working_pack_seals_first_and_prints_the_seal(board: Board, jo: Person) -> None:
    figures = make(board, OCTOBER, Edition.WORKING, revision=1).frozen.figures
    seal = Seal.objects.get()
    assert sealing.verify().rows_waiting == 0
    assert figures["working"]["seal"] == f"1:{seal.hash[:8]} {seal.hash[8:16]} " + " ".join(
        seal.hash[place : place + 8] for place in range(16, 64, 8)
    )
    assert figures["working"]["seal"] in compose(figures)


def test_what_is_rewritten_afterwards_is_found_with_the_printed_seal(board: Board, jo: Person) -> None:
    printed = make(board, OCTOBER, Edition.WORKING, revision=1).frozen.figures["working"]["seal"]
    assert sealing.verify([head(printed)]).is_intact
    run("UPDATE people_personevent SET given_name = 'Somebody'")
    run("DELETE FROM audit_sealedtable")
    run("DELETE FROM audit_seal")
    with history.said(by="Mallory"):
        sealing.seal_what_waits()
    assert sealing.verify().is_intact
    assert not sealing.verify([head(printed)]).is_intact


def test_a_published_edition_prints_no_seal(board: Board, jo: Person) -> None:
    figures = make(board, OCTOBER, Edition.BOARD, revision=1).frozen.figures
    assert figures["working"] is None
    assert "Seal of the audit" not in compose(figures)
