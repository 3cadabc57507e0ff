"""The application's own database role may add to the audit and read it, and nothing else."""

import psycopg2.errors
import pytest
from django.db import ProgrammingError, connection, transaction

from commissioning.accounts.walls import APPEND_ONLY
from commissioning.audit import sealing
from commissioning.audit.models import Seal, SealedTable
from commissioning.audit.tests.conftest import Chain
from commissioning.tests.figures import Say
from people.models import Person

pytestmark = pytest.mark.django_db


def audited() -> list[str]:
    """Every table of the audit: what is sealed, the seals, and who made a change and why."""
    return sorted({*sealing.audit_tables(), Seal._meta.db_table, SealedTable._meta.db_table, "pghistory_context"})


def key_of(table: str) -> str:
    found = sealing.audit_tables().get(table)
    return found.key if found else "number" if table == Seal._meta.db_table else "id"


def is_refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return isinstance(error.__cause__, psycopg2.errors.InsufficientPrivilege)
    return False


def test_the_application_can_neither_change_nor_remove_what_was_recorded(chain: Chain, figure: Say) -> None:
    statements = [
        statement.format(table=table, key=key_of(table))
        for table in audited()
        for statement in (
            'UPDATE "{table}" SET "{key}" = "{key}"', 'DELETE FROM "{table}"', 'TRUNCATE "{table}"',
            'ALTER TABLE "{table}" DISABLE TRIGGER ALL',
        )
    ]  # fmt: skip
    allowed = [statement for statement in statements if not is_refused(statement)]
    assert allowed == []
    assert set(APPEND_ONLY) <= set(audited())
    figure("changes to the audit refused to the application / tried", f"{len(statements)} / {len(statements)}")
    assert sealing.verify().is_intact


def test_the_application_cannot_erase_past_the_record_of_it(chain: Chain, jo: Person) -> None:
    assert is_refused(
        "CREATE OR REPLACE FUNCTION audit_erase(text, text, text, jsonb) RETURNS bigint AS 'x' LANGUAGE sql"
    )
    assert is_refused("DROP FUNCTION audit_digests(text, text[], bigint, bigint)")
    events = jo.pgh_event_model  # type: ignore[attr-defined]
    first = events.objects.order_by("pk")[0].pk
    sealing.record_erasure(rows={events: [first]}, by="Alice", approved_by="Dana", reason="Request 41")
    assert not events.objects.filter(pk=first).exists()
    assert sealing.verify().rows_erased == 1
