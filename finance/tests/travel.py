# ruff: noqa: S608  the names are our own tables'
"""Travelled time: what a block writes is put down to another day, as only the database's owner can."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from commissioning.core import database
from finance.models import Calendar, CalendarDays, CostLine, FundingShare
from people.models import Person, Placement

TRACKED: tuple[Any, ...] = (CostLine, FundingShare, Calendar, CalendarDays, Placement, Person)
HISTORIES = tuple(model.pgh_event_model._meta.db_table for model in TRACKED)


@contextmanager
def written_on(day: dt.date) -> Iterator[None]:
    """The history of what the block writes says that it was written at noon of that day."""
    before = {table: _last(table) for table in HISTORIES}
    yield
    moment = dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)
    with database.owner(), connection.cursor() as cursor:
        for table, last in before.items():
            cursor.execute(f"UPDATE {table} SET pgh_created_at = %s WHERE pgh_id > %s", [moment, last])


def _last(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(pgh_id), 0) FROM {table}")
        (last,) = cursor.fetchone()
        return int(last)
