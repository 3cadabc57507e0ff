"""What needs somebody: counted, said in a sentence, with who and why, by when, and where it is done."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commissioning.accounts.navigation import address_of
from commissioning.core.periods import words

SOON_DAYS = 14
NAMED = 3


@dataclass(frozen=True)
class Item:
    """One thing to do: whom or what it is about, why, where it is done, and by when (None: now).

    `person_id` is of the person whom it names: showing it is a look at their record.
    """

    label: str
    why: str
    url: str
    due: dt.date | None = None
    person_id: int | None = None


def people_in(items: Iterable[Item]) -> frozenset[int]:
    """The people whom these name."""
    return frozenset(item.person_id for item in items if item.person_id is not None)


@dataclass(frozen=True)
class Need:
    """Things of one sort that wait. `kind` is money or life; `one` and `many` follow the count."""

    key: str
    kind: str
    one: str
    many: str
    items: tuple[Item, ...]
    today: dt.date
    counted: int | None = None

    @property
    def count(self) -> int:
        return len(self.items) if self.counted is None else self.counted

    @property
    def what(self) -> str:
        return self.one if self.count == 1 else self.many

    @property
    def due(self) -> dt.date | None:
        """The earliest day; None is now."""
        days = [item.due for item in self.items]
        return None if None in days else min(day for day in days if day is not None)

    @property
    def url(self) -> str:
        """Where the only one is done, else the list of them."""
        return self.items[0].url if len(self.items) == 1 and self.items[0].url else address_of("need", self.key)

    @property
    def who(self) -> str:
        """The first few, each with its reason."""
        said = [f"{item.label}: {item.why}" if item.why else item.label for item in self.items[:NAMED]]
        more = len(self.items) - NAMED
        told = "; ".join(said) if any(item.why for item in self.items[:NAMED]) else ", ".join(said)
        return f"{told}{f'; and {more} more' if more > 0 else ''}."

    @property
    def people_named(self) -> frozenset[int]:
        """The people whom `who` names."""
        return people_in(self.items[:NAMED])

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due < self.today

    @property
    def flag(self) -> str:
        """`6 days late`, for what is late."""
        if not self.is_late or self.due is None:
            return ""
        days = (self.today - self.due).days
        return f"{days} day{'s' if days > 1 else ''} late"

    @property
    def by(self) -> str:
        if self.due is None or self.is_late:
            return ""
        day = "today" if self.due == self.today else words(self.due, today=self.today)
        return f"first {day}" if len({item.due for item in self.items}) > 1 else day if day == "today" else f"by {day}"


@dataclass(frozen=True)
class Group:
    """Needs of about the same date."""

    title: str
    needs: tuple[Need, ...]


def grouped(needs: Iterable[Need], today: dt.date) -> tuple[Group, ...]:
    """Today, soon, later; empty needs and empty groups are left out. In each, what is late comes first."""
    waiting = [need for need in needs if need.items]
    soon_end = today + dt.timedelta(days=SOON_DAYS)
    now = [need for need in waiting if need.due is None or need.due <= today]
    soon = [need for need in waiting if need.due is not None and today < need.due <= soon_end]
    later = [need for need in waiting if need.due is not None and need.due > soon_end]
    by = f"By {words(max(_days(soon)), today=today, weekday=True)}" if soon else ""
    groups = (Group("Today", _ordered(now)), Group(by, _ordered(soon)), Group("Later", _ordered(later)))
    return tuple(group for group in groups if group.needs)


def _days(needs: Sequence[Need]) -> list[dt.date]:
    return [need.due for need in needs if need.due is not None]


def _ordered(needs: Sequence[Need]) -> tuple[Need, ...]:
    return tuple(sorted(needs, key=lambda need: (not need.is_late, need.due or dt.date.min)))
