"""The list of erased records outside the database, since a backup from before an erasure still holds the record.

One line of JSON for each: the partnership's code and the record's number in the database, the made-up reference,
when and why, who asked and who approved. Nothing in it tells who the person was.
"""

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from commissioning.core.errors import Refused
from commissioning.rights.models import Erasure

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Erased:
    """One erased record."""

    partnership: str
    person: int
    stub: str
    why: str
    asked_by: str
    approved_by: str
    erased_at: str

    @classmethod
    def of(cls, erasure: Erasure) -> "Erased":
        return cls(
            partnership=erasure.partnership.code,
            person=erasure.person_id,
            stub=erasure.stub_reference,
            why=erasure.why,
            asked_by=erasure.asked_by_name,
            approved_by=erasure.approved_by_name,
            erased_at=erasure.done_at.isoformat() if erasure.done_at else "",
        )

    @property
    def line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def list_file() -> Path:
    return Path(settings.ERASED_LIST)


def note(erased: Erased) -> None:
    """Add a line to the list. The erasure stands even where the file cannot be written: the log says so."""
    try:
        list_file().parent.mkdir(parents=True, exist_ok=True)
        with list_file().open("a", encoding="utf-8") as file:
            file.write(f"{erased.line}\n")
    except OSError:
        logger.exception("The list of erased records could not be written; run `erased_references` and keep its output")


def all_erased() -> Iterator[Erased]:
    """Every erased record of every partnership, in the order of erasure."""
    done = Erasure.objects.filter(state=Erasure.State.DONE).select_related("partnership").order_by("done_at", "pk")
    return (Erased.of(erasure) for erasure in done)


def read_list(lines: Iterable[str]) -> list[Erased]:
    """The records of a list. Raises Refused with the number of a line that is not one."""
    found = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                found.append(Erased(**json.loads(line)))
            except (ValueError, TypeError) as error:
                raise Refused(f"Line {number} is not from a list of erased records") from error
    return found
