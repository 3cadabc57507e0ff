"""Partnerships that come into being with their data."""

from django.apps import apps
from django.db import transaction

from commissioning.accounts.models import Partnership

BOARD_NAME = "Partnership board"


@transaction.atomic
def open_partnership(code: str) -> tuple[Partnership, bool]:
    """The partnership of a code, locked until the transaction ends, made with its one board where there is none.

    Boards belong to the reports, a floor above: found by name.
    """
    partnership = Partnership.objects.select_for_update().filter(code=code).first()
    if partnership is not None:
        return partnership, False
    partnership = Partnership.objects.create(code=code, name=code)
    boards = apps.get_model("reports", "Board")._default_manager
    if not boards.filter(code=code).exists():
        boards.create(partnership=partnership, code=code, name=BOARD_NAME)
    return partnership, True
