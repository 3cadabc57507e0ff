"""What tests of reports share."""

import datetime as dt

import pytest

from commissioning.accounts.models import Membership, Partnership
from commissioning.core.periods import Month
from commissioning.reports.models import Board, BoardReport, Edition
from commissioning.reports.tests.many import make_many
from people.models import Person

OCTOBER = Month(2026, 10)


@pytest.fixture
def board(estuary: Partnership) -> Board:
    return Board.objects.create(partnership=estuary, code="EST", name="Estuary Partnership Board")


@pytest.fixture
def members(board: Board, bea: Membership) -> Board:
    board.members.add(bea)
    return board


@pytest.fixture
def many(estuary: Partnership) -> list[Person]:
    """Forty people, enough to publish about."""
    return make_many(estuary, 40)


@pytest.fixture
def october(board: Board) -> BoardReport:
    """A board edition that waits to be made."""
    return BoardReport.objects.create(board=board, month=dt.date(2026, 10, 1), edition=Edition.BOARD)
