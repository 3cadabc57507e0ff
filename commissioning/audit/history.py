"""History by database trigger: one decorator for every model whose changes are kept."""

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
from django.db import models

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


def said(*, by: str, reason: str = "") -> Any:
    """A block whose changes are kept with who made them and why: `with history.said(by=…, reason=…):`."""
    return pghistory.context(name=by, **({"reason": reason} if reason else {}))
