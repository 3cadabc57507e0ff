"""When the database, or the disk, fails within a request: what happened, and whether anything was saved.

Every page is one transaction, so it is saved whole or not at all. Only when the connection ends while the transaction
is being committed is it not known which; then the page says so.
"""

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType

from django.db import Error, InterfaceError, OperationalError

LOST, BUSY, CLASH, RULE, FULL = "lost", "busy", "clash", "rule", "full"

# PostgreSQL's codes (appendix A of its manual); the first two characters are a class.
_CLASSES = {"08": LOST, "40": CLASH, "53": FULL, "58": FULL}
_CODES = {
    "57P01": LOST,
    "57P02": LOST,
    "57P03": LOST,
    "57P05": LOST,
    "25P03": LOST,
    "25P04": LOST,
    "53300": LOST,
    "57014": BUSY,
    "55P03": BUSY,
    "25006": FULL,
    # Two changes that are right one by one: the same reference, the same days, more than 100%, what the other removed.
    "23503": RULE,
    "23505": RULE,
    "23514": RULE,
    "23P01": RULE,
}
_FULL_DISK = frozenset({errno.ENOSPC, errno.EROFS, errno.EDQUOT})


@dataclass(frozen=True)
class Fault:
    """What failed: the connection was lost, the database was too busy, two changes clashed (by
    time, or by a rule), or the disk is full.

    `at_commit`: the connection ended while the transaction was committed, so that nobody here knows whether it was.
    """

    kind: str
    at_commit: bool = False

    @property
    def may_pass(self) -> bool:
        """Whether the same question may be answered at once, on a new connection."""
        return self.kind in (LOST, CLASH)


def fault_of(error: BaseException | None) -> Fault | None:
    """The fault behind an exception; None where it is a mistake of the application's own."""
    for each in _chain(error):
        if isinstance(each, Error) and (kind := _kind(each)):
            return Fault(kind, at_commit=kind == LOST and _in_commit(each.__traceback__))
        if isinstance(each, OSError) and each.errno in _FULL_DISK:
            return Fault(FULL)
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _kind(error: Error) -> str | None:
    code = str(getattr(error.__cause__, "pgcode", None) or "")
    if code:
        return _CODES.get(code) or _CLASSES.get(code[:2])
    return LOST if isinstance(error, OperationalError | InterfaceError) else None


def _in_commit(traceback: TracebackType | None) -> bool:
    """Whether Django was sending the commit when it came."""
    while traceback is not None:
        if traceback.tb_frame.f_code.co_name == "_commit":
            return True
        traceback = traceback.tb_next
    return False
