"""The one lawful way to remove audit rows, which the chain of seals survives."""

import json
from collections.abc import Collection, Mapping

from django.db import connection, models

from commissioning.audit.models import Erasure
from commissioning.core import scope
from commissioning.core.errors import Refused


@scope.everywhere()
def record_erasure(
    *, rows: Mapping[type[models.Model], Collection[int]], by: str, approved_by: str, reason: str
) -> Erasure:
    """Remove audit rows for good, and keep that they were removed. Call it inside the transaction of the erasure.

    `rows` are the primary keys by model: event models of tracked models (`Person.pgh_event_model`, `pgh_id`),
    RecordRead or Refusal. Erase a person's own records first: deleting them writes history, which must go as well.
    `by` asked for it and `approved_by` agreed, as names that will still mean something in ten years; `reason` names the
    rule or the request, never the person (“Retention schedule, eight years after support ended, request 41”).

    Verification then passes, and says how many rows were lawfully erased, when, by whom and why. What is kept: the
    rows' numbers and the digests the seals had of them, nothing of what they said. The application's role needs no
    right to delete: the database function `audit_erase` does it and cannot do it without the Erasure.

    Raises Refused if nobody else approved it, or no reason is given.
    """
    if not by.strip() or not approved_by.strip() or by.strip() == approved_by.strip():
        raise Refused("Somebody else must approve the erasure of audit records.", field="approved_by")
    if not reason.strip():
        raise Refused("Say why the audit records are erased.", field="reason")
    wanted = {model._meta.db_table: sorted(ids) for model, ids in rows.items() if ids}
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_erase(%s, %s, %s, %s)", [by, approved_by, reason, json.dumps(wanted)])
        (pk,) = cursor.fetchone()
    return Erasure.objects.get(pk=pk)
