"""The rows of history that are a person's: read for their copy, and taken out when their record is erased."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection, models

from commissioning.audit.sealing import record_erasure
from commissioning.core import scope
from commissioning.rights.gathering import Keys
from commissioning.rights.models import AccessExport, ColumnDecision, Erasure, TextDecision
from commissioning.rights.registry import OWN, TABLES, OwnTable
from people.models import Person


class Events:
    """The history of records that are or were the person's. Of a record that is gone, only its history is left."""

    def __init__(self, person: Person) -> None:
        self._keys = Keys(person)
        self._ever: dict[str, set[int]] = {"people.Person": {person.pk}}

    def ever(self, label: str) -> set[int]:
        """The numbers of records of a table that are or were the person's."""
        if label not in self._ever:
            gone = {event.pgh_obj_id for event in self.events(TABLES[label])}
            self._ever[label] = gone | set(self._keys.live(label))
        return self._ever[label]

    def events(self, table: OwnTable) -> list[Any]:
        """The rows of a table's history, oldest first; none where none is kept."""
        model: Any = getattr(table.model, "pgh_event_model", None)
        if model is None:
            return []
        found = model.objects.select_related("pgh_context").order_by("pgh_id")
        if not table.parent:
            return list(found.filter(pgh_obj_id__in=self.ever(table.label)))
        return list(found.filter(**{f"{table.link}_id__in": self.ever(table.parent)}))


@scope.everywhere()
def erase_history(erasure: Erasure) -> dict[str, int]:
    """Take the person's rows out of every table of history, as the seals allow; how many rows by table.

    Call it last: what the erasure itself changed and deleted has written history, which must go as well. The addresses
    of pages in the history name the person too; they go with the last row that points at them.
    """
    events = Events(erasure.person)
    found = {table.model: events.events(table) for table in OWN}
    found |= _of_the_making(erasure.person)
    rows: dict[type[models.Model], list[int]] = {
        each[0].__class__: [event.pgh_id for event in each] for each in found.values() if each
    }
    contexts = {event.pgh_context_id for each in found.values() for event in each if event.pgh_context_id}
    reason = f"{erasure.get_why_display()}, erasure {erasure.pk}"
    record_erasure(rows=rows, by=erasure.asked_by_name, approved_by=erasure.approved_by_name, reason=reason)
    _forget_contexts(contexts)
    return {model._meta.db_table: len(ids) for model, ids in rows.items()}


def _of_the_making(person: Person) -> "dict[type[models.Model], list[Any]]":
    """The history of copies and erasures: their rows stay without words, their history holds what was decided."""
    found: dict[type[models.Model], list[Any]] = {}
    for model in (AccessExport, Erasure):
        found[model] = list(_events(model).filter(person_id=person.pk))
    exports = {event.pgh_obj_id for event in found[AccessExport]}
    for decision in (ColumnDecision, TextDecision):
        found[decision] = list(_events(decision).filter(export_id__in=exports))
    return found


def _events(model: Any) -> Any:
    return model.pgh_event_model.objects.all()


def _forget_contexts(contexts: Iterable[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rights_forget_contexts(%s)", [list(contexts)])
