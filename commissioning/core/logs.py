"""What the log and the notices of errors say: where it went wrong and how, never what anybody typed or is called.

A line is one JSON object in UTC, so that nothing in it can begin a line of its own. Of an error it keeps its type and
the places it went through; a database's own words name the row's values, so only its code and constraint are kept.
"""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import Error as DatabaseError
from django.utils.log import AdminEmailHandler


class JsonLines(logging.Formatter):
    """`at` (UTC), `level`, `logger`, `says`, and of an error `error` and `places`, the innermost last."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "says": record.getMessage(),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            told |= {"error": list(_told(error)), "places": _places(error)}
        return json.dumps(told)


class ErrorNotice(AdminEmailHandler):
    """Tells those in ADMINS that something failed, and on which route. Django's own notice carries the whole form."""

    def emit(self, record: logging.LogRecord) -> None:
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        error = record.exc_info[1] if record.exc_info else None
        lines = [f"At {datetime.fromtimestamp(record.created, UTC):%Y-%m-%d %H:%M:%S} UTC."]
        if error is not None:
            lines += [*_told(error), *_places(error)]
        self.send_mail(f"As One: an error in {match.view_name if match else record.name}", "\n".join(lines))


def _told(error: BaseException) -> Iterator[str]:
    """An error and what caused it, the outermost first, by type alone; a database's with its code and constraint."""
    seen: BaseException | None = error
    while seen is not None:
        words = type(seen).__name__
        diagnosis = getattr(seen.__cause__, "diag", None) if isinstance(seen, DatabaseError) else None
        if diagnosis is not None:
            words = " ".join(filter(None, (words, diagnosis.sqlstate, diagnosis.constraint_name)))
        yield words
        seen = seen.__cause__ or seen.__context__


def _places(error: BaseException) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
