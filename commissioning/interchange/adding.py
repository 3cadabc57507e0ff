"""Many new records at once: copied beside their table as text, and from there into it in one statement.

A model object for each record and its statement's parameters would take most of a load's time. The statement that adds
them is one like any other: policies judge each row, and history's triggers keep it.
"""

import datetime as dt
import functools
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from commissioning.core import database

Rows = Iterable[Sequence[Any]]
NULL = "\\N"
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPED = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def add(model: type[models.Model], names: Sequence[str], rows: Rows, **same: Any) -> list[int]:
    """Adds a record for each row and returns their keys in that order.

    `names` are the columns a row gives (`placement_id`, not `placement`), `same` those that every record shares; what
    neither gives is as a new record of the model has it. Raises IntegrityError or DataError as any statement does.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    constants = _constants(model, fields.keys() - {*names}, same)
    given = [fields[name] for name in names]
    text = io.StringIO()
    _write(text, given, [constants[name] for name in constants], rows)
    text.seek(0)
    return _put_in(model, [*given, *(fields[name] for name in constants)], text)


def _constants(model: type[models.Model], missing: Iterable[str], same: Mapping[str, Any]) -> dict[str, str]:
    """What every record has alike, as text, by column: what is said, or a new record's defaults."""
    blank = model(**same)
    fields = (field for field in model._meta.concrete_fields if field.attname in missing and not field.primary_key)
    return {field.attname: _writer(field)(field.pre_save(blank, add=True)) for field in fields}


def _write(text: io.StringIO, given: list[Any], constants: list[str], rows: Rows) -> None:
    """One line a record: its place, its values, and what all have alike."""
    writers = [_writer(field) for field in given]
    ending = "".join(f"\t{each}" for each in constants) + "\n"
    for place, row in enumerate(rows):
        values = "\t".join([writer(value) for writer, value in zip(writers, row, strict=True)])
        text.write(f"{place}\t{values}{ending}")


def _put_in(model: type[models.Model], fields: list[Any], text: io.StringIO) -> list[int]:
    """Through a table beside it: PostgreSQL copies nothing into a table with policies."""
    quote = connection.ops.quote_name
    table, beside = quote(model._meta.db_table), quote(f"new_{model._meta.db_table}")
    columns = ", ".join(quote(field.column) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {beside} ON COMMIT DROP AS SELECT 0 AS place, {columns} FROM {table} WITH NO DATA"  # noqa: S608
        )
        database.copy_in(f"COPY {beside} FROM STDIN", text)
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {beside} ORDER BY place"  # noqa: S608
            f" RETURNING {quote(model._meta.pk.attname)}"
        )
        keys = [key for (key,) in cursor.fetchall()]
        cursor.execute(f"DROP TABLE {beside}")
    return keys


# ---------------------------------------------------------------- values as COPY reads them


def _writer(field: Any) -> Callable[[Any], str]:
    """What makes text of a field's values; the same value is written once where there are few of them."""
    if isinstance(field, ArrayField):
        return _array
    if isinstance(field, models.JSONField):
        return _json
    return functools.cache(_plain)


def _plain(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, str):
        return _escaped(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, int | Decimal):
        return str(value)
    raise TypeError(f"No text for {type(value).__name__}.")


def _array(values: Sequence[str] | None) -> str:
    if values is None:
        return NULL
    quoted = ('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values)
    return _escaped("{" + ",".join(quoted) + "}")


def _json(value: Any) -> str:
    return NULL if value is None else _escaped(json.dumps(value))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: _ESCAPED[found[0]], text) if _SPECIAL.search(text) else text
