"""Rows of a queryset as columns of whole numbers: all of them at once, without a Python object for each.

PostgreSQL sends `COPY (SELECT …) TO STDOUT (FORMAT binary)`. Every column is a number of eight bytes and never null, so
every row is as long as every other and the answer *is* a table of numbers, which numpy reads where it lies. Amounts are
whole pence, days are the ledger's day numbers, and a text out of a known few is its place among them: the functions
below say so in SQL, so that what is exact in the database stays exact here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS
from django.db.models import BigIntegerField, F, Func, QuerySet

from commissioning.core import database
from finance.ledger import OPEN_DAY, IntArray

_HEADER = 19  # eleven bytes of signature, four of flags, four that say how long what else there is would be: 0
_TRAILER = b"\xff\xff"
_WIDTH = 8


@dataclass(frozen=True)
class Column:
    """A field and what makes a bigint of it, in SQL: `%(expressions)s` stands for the field."""

    field: str
    template: str = "%(expressions)s"

    def of(self, table: str) -> str:
        """In a statement written out, the column of this table."""
        return self.template % {"expressions": f'{table}."{self.field}"'}

    @property
    def expression(self) -> Func:
        return Func(F(self.field), template=self.template, output_field=BigIntegerField())


Columns = Mapping[str, Column]


def read_columns(rows: QuerySet[Any], columns: Columns) -> dict[str, IntArray]:
    """The columns of the queryset's rows, each an array of 64-bit integers of one value a row, in the queryset's order.

    One query. It carries the scope as every statement does; raises NoScope without one, and ValueError where a column
    is null or no bigint.
    """
    asked = rows.values_list(*(column.expression for column in columns.values()))
    try:
        sql, params = asked.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    except EmptyResultSet:
        return {name: np.zeros(0, dtype=np.int64) for name in columns}
    return read_statement(sql, params, columns)


def read_statement(sql: str, params: Any, names: Iterable[str]) -> dict[str, IntArray]:
    """The same of a SELECT written out, whose columns bear these names here."""
    return _columns_of(database.copy_out(sql, params), tuple(names))


def in_order(by: str, columns: dict[str, IntArray]) -> dict[str, IntArray]:
    """The rows in the order of one column, which numpy finds sooner than PostgreSQL; as they are if they stand so."""
    if np.all(np.diff(columns[by]) >= 0):
        return columns
    order = np.argsort(columns[by], kind="stable")
    return {name: values[order] for name, values in columns.items()}


def number(field: str, *, null: int | None = None) -> Column:
    """A whole number or a key; `null` stands for none."""
    return Column(field) if null is None else Column(field, f"coalesce(%(expressions)s, {null})::bigint")


def hundredths(field: str) -> Column:
    """A number of two decimal places, in hundredths: pounds as pence, units a week; 0 for none."""
    return Column(field, "(coalesce(%(expressions)s, 0) * 100)::bigint")


def ppm(field: str) -> Column:
    """A percentage of four decimal places, in parts per million."""
    return Column(field, "(%(expressions)s * 10000)::bigint")


def day(field: str) -> Column:
    """A day's number as `date.toordinal` gives it; the open day for none."""
    return Column(field, f"coalesce(%(expressions)s - DATE '0001-01-01' + 1, {OPEN_DAY})::bigint")


def place(field: str, texts: Sequence[str]) -> Column:
    """A text's place among some names of ours, from 0. Another text is null, which `read_columns` refuses."""
    known = " ".join(f"WHEN '{text}' THEN {number}" for number, text in enumerate(texts))
    return Column(field, f"(CASE %(expressions)s {known} END)::bigint")


def _columns_of(copied: memoryview, names: tuple[str, ...]) -> dict[str, IntArray]:
    """Take the fields apart: how many fields a row has, then each field's length and its value, highest byte first."""
    fields = [("count", ">i2")]
    for name in names:
        fields += [(f"length of {name}", ">i4"), (name, ">i8")]
    row = np.dtype(fields)
    body = copied[_HEADER : -len(_TRAILER)]
    whole = len(body) % row.itemsize == 0
    table = np.frombuffer(body, dtype=row) if whole else np.zeros(0, dtype=row)
    if not whole or not all(np.all(table[f"length of {name}"] == _WIDTH) for name in names):
        raise ValueError(f"A column is null or no bigint, among {', '.join(names)}.")
    return {name: table[name].astype(np.int64) for name in names}
