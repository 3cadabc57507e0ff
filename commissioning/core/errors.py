"""What an action raises when it cannot do what a person asked, and background work when it must wait."""

from collections.abc import Iterator
from typing import ClassVar


class Refused(Exception):
    """An action's refusal, in words for the person who asked.

    `field` names the form field (or file column) at fault, so that the page can put the message beside it.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class RefusedMany(Refused):
    """Several refusals of one act; nothing was saved."""

    def __init__(self, refusals: list[Refused]) -> None:
        super().__init__(refusals[0].message, field=refusals[0].field)
        self.refusals = refusals

    def __iter__(self) -> Iterator[Refused]:
        return iter(self.refusals)


class Stale(Refused):
    """Somebody else saved the record since this form was opened; nothing was overwritten."""


class TryLater(Exception):
    """What background work raises when something outside is not there; its words are for people.

    `minutes` are the waits after the first try, the second and so on.
    """

    minutes: ClassVar[tuple[int, ...]] = (1, 2)
