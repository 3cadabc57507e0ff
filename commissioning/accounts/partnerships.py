"""Partnerships that come into being with their data."""

from django.apps import apps
from django.db import transaction

from commissioning.accounts.models import Partnership
from commissioning.core.errors import Refused

BOARD_NAME = "Partnership board"
LONGEST_CODE = 40


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


def check_code(code: str) -> None:
    """Raises Refused for what cannot be a partnership's code."""
    if not code.strip() or len(code) > LONGEST_CODE or not code.isprintable() or code != code.strip():
        raise Refused(f"A partnership’s code has 1 to {LONGEST_CODE} characters, with no space around it.")
