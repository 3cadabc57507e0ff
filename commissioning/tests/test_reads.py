"""Every response that shows somebody's record is kept as a read of it, one row for each person."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from commissioning.accounts.models import Partnership
from commissioning.core.periods import Month
from commissioning.demo.sign_ins import SIGN_INS
from commissioning.demo.stories import JO
from commissioning.reports import figures
from commissioning.reports.models import Board, BoardReport, Edition
from commissioning.tests.browser import addresses
from commissioning.tests.figures import Say
from commissioning.tests.reading import Reader, declared, plant
from people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Partnership:
    """The example partnership, everybody with names that nobody could have by chance, and last month's packs."""
    call_command("load_example", stderr=StringIO(), stdout=StringIO())
    jo = Person.objects.get(reference=JO)
    plant()
    monkeypatch.setattr(addresses, "JO", Person.objects.get(pk=jo.pk).reference)
    for edition in Edition:
        _published(Board.objects.get(), edition)
    return Partnership.objects.get()


def _published(board: Board, edition: str) -> None:
    month = Month.of(timezone.localdate()).plus(-1)
    facts = figures.gather(board, month, frozen_at=timezone.now().replace(microsecond=0))
    BoardReport.objects.create(
        board=board, month=month.first, edition=edition, state=BoardReport.State.PUBLISHED, pdf=b"%PDF-",
        figures=figures.build(facts, edition, revision=1, released={}).figures, published_at=timezone.now(),
    )  # fmt: skip


@pytest.mark.drill
def test_everybody_who_is_shown_is_recorded(example: Partnership, figure: Say) -> None:
    by_nhs_number = {number: pk for pk, number in Person.objects.values_list("pk", "nhs_number") if number}
    readers = [Reader(who, by_nhs_number) for who in SIGN_INS]
    for reader in readers:
        reader.run()
    seen = [each for reader in readers for each in reader.seen]
    personal = [each for each in seen if each.shown]
    missed = [f"{each.what}: {len(each.shown - each.recorded)} not recorded" for each in personal if not each.is_whole]
    assert [fault for reader in readers for fault in reader.faults] == []
    assert not missed, "\n".join(missed)
    assert len(personal) > 300
    visited = {name for reader in readers for name in reader.visited}
    figure("reads: routes visited / routes", f"{len(visited)} / {len(declared())}")
    figure("reads recorded / responses with personal data", f"{len(personal) - len(missed)} / {len(personal)} (100%)")
