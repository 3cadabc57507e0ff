"""History by database trigger: one decorator for every model whose changes are kept, and who is said to make them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pghistory
from django.db import connection, models

M = TypeVar("M", bound=type[models.Model])


def track(**options: Any) -> Callable[[M], M]:
    """Keep every insert, update and delete of the model, whichever code path made it."""
    decorate: Callable[[M], M] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        # Once for a statement, however many rows it writes: a load of a whole partnership stays quick.
        level=pghistory.Statement,
        **options,
    )
    return decorate


@contextmanager
def said(*, by: str, reason: str = "") -> Iterator[None]:
    """A block whose changes are kept with who made them and why: `with history.said(by=…, reason=…):`.

    Inside a request the address, the user and the role stay, and so does whatever was said around the block; after it,
    changes are put down to whom they were before. Without a reason, the reason said around the block stays.
    """
    with pghistory.context() as current:
        before = dict(current.metadata)
        current.metadata.update(name=by, **({"reason": reason} if reason else {}))
        try:
            yield
        finally:
            current.metadata.clear()
            current.metadata.update(before)
        if not before:
            _say_nobody()


def _say_nobody() -> None:
    """What follows in the same transaction is not this block's doing."""
    if connection.in_atomic_block and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pghistory.context_id', '', true)")
