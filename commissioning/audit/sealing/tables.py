"""Which tables are sealed: every history, who looked, what was refused and what was erased."""

from dataclasses import dataclass

import pghistory.models
from django.apps import apps
from django.db import models

from commissioning.audit.models import ErasedRows, Erasure, RecordRead, Refusal

_OWN = {
    RecordRead: "the record of who looked",
    Refusal: "the record of refusals",
    Erasure: "the record of erasures",
    ErasedRows: "the rows of erasures",
}


@dataclass(frozen=True)
class AuditTable:
    """One sealed table: its name, what it is in plain words, its key, the columns that are sealed.

    `at` is the column that says when a row was written; empty where none does.
    """

    name: str
    words: str
    key: str
    columns: tuple[str, ...]
    at: str


def audit_tables() -> dict[str, AuditTable]:
    """Every sealed table by its name, in the order of names."""
    found = [_table(model, f"the history of {_told(model)}") for model in history_models()]
    found += [_table(model, words) for model, words in _OWN.items()]
    return {table.name: table for table in sorted(found, key=lambda table: table.name)}


def history_models() -> list[type[models.Model]]:
    """The event models that django-pghistory's triggers write."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, pghistory.models.Event) and model._meta.managed and not model._meta.proxy
    ]


def _told(model: type[models.Model]) -> str:
    return str(model.pgh_tracked_model._meta.verbose_name_plural)  # type: ignore[attr-defined]  # pghistory's


def _table(model: type[models.Model], words: str) -> AuditTable:
    columns = tuple(sorted(str(field.column) for field in model._meta.concrete_fields))
    key = next(str(field.column) for field in model._meta.concrete_fields if field.primary_key)
    at = next((name for name in ("pgh_created_at", "at") if name in columns), "")
    return AuditTable(model._meta.db_table, words, key, columns, at)
