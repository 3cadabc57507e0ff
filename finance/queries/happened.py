"""What happened to lines since a day: added, changed, ended, removed, or paid by others; known when, from whom, why."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commissioning.accounts.actors import Actor
from commissioning.core.periods import words
from finance.models import Basis, CostLine
from finance.queries.differences import Difference
from finance.queries.known import Event, Known, events_after, lines_as_known, with_owners

WHO_PAYS = "Who pays changed"
_FIELDS = {"what it is for": "kind", "name": "label", "places": "capacity", "calendar": "calendar_id"}
BESIDE = "Who is placed, or the days of its calendar, changed"


@dataclass(frozen=True)
class Happening:
    """One thing that happened to a line: what, since when it is known, who recorded it and why ("" where not said)."""

    what: str
    on: dt.date | None
    by: str
    reason: str


@dataclass(frozen=True)
class ChangedLine:
    """A line of which two states of the records say different things, with every difference: whole pence.

    `line` is the line as it is now, else as it was, with its placement or contract; None where those are gone too.
    """

    key: int
    line: CostLine | None
    happened: tuple[Happening, ...]
    differences: tuple[Difference, ...]

    @property
    def reference(self) -> str:
        return self.line.reference if self.line else f"a price that is gone, number {self.key}"

    @property
    def then_pence(self) -> int:
        return sum(each.then_pence for each in self.differences)

    @property
    def now_pence(self) -> int:
        return sum(each.now_pence for each in self.differences)

    @property
    def pence(self) -> int:
        return self.now_pence - self.then_pence

    @property
    def by_funder(self) -> tuple[tuple[str, int], ...]:
        """The difference by code of who pays, what comes to nothing left out."""
        found: dict[str, int] = defaultdict(int)
        for each in self.differences:
            found[each.funder] += each.pence
        return tuple((funder, pence) for funder, pence in sorted(found.items()) if pence)

    @property
    def person_id(self) -> int | None:
        return self.line.placement.person_id if self.line and self.line.placement else None


def changed_lines(
    actor: Actor, at: Known, found: Iterable[Difference], until: dt.datetime | None = None
) -> list[ChangedLine]:
    """The lines of these differences, the largest first, each with what happened since, until now or a later moment.

    Ten queries at most.
    """
    by_line: dict[int, list[Difference]] = defaultdict(list)
    for each in found:
        by_line[each.line].append(each)
    now = lines_at(actor, until, by_line)
    then = lines_as_known(actor, at, by_line)
    placed = {line.placement_id for line in (*now.values(), *then.values()) if line.placement_id is not None}
    events = events_after(actor, at, by_line, placed, until) if by_line else []
    happened = _Happened(then, now, events)
    lines = [
        ChangedLine(key, now.get(key) or then.get(key), happened.to(key), tuple(each)) for key, each in by_line.items()
    ]
    return sorted(lines, key=lambda line: (-abs(line.pence), line.reference, line.key))


def lines_at(actor: Actor, at: Known | None, keys: Iterable[int]) -> dict[int, CostLine]:
    """Lines as they are now, or as they were known, each with its placement or contract."""
    if at is not None:
        return lines_as_known(actor, at, keys)
    return with_owners(actor, CostLine.objects.visible_to(actor).in_bulk(list(keys)))


@dataclass(frozen=True)
class ShownLine:
    """A changed line as a page shows it: whose it is, and the difference by who pays in words."""

    changed: ChangedLine
    person: str
    payers: tuple[tuple[str, int], ...]


def shown_line(actor: Actor, changed: ChangedLine, payers: Mapping[str, str]) -> ShownLine:
    """`payers` has the name of each code of who pays."""
    placement = changed.line.placement if changed.line else None
    by_payer = tuple((payers.get(code, code), pence) for code, pence in changed.by_funder)
    return ShownLine(changed, placement.person.label_for(actor) if placement else "", by_payer)


def said_of(line: ChangedLine) -> tuple[str, str, str, str, str, str, str]:
    """The cells of a file: person, provider, what it is for; what happened, since when it is known, by whom, why."""
    happened = line.happened
    return (
        *whose(line.line),
        "; ".join(each.what for each in happened),
        "; ".join(sorted({each.on.isoformat() for each in happened if each.on})),
        "; ".join(dict.fromkeys(each.by for each in happened if each.by)),
        "; ".join(dict.fromkeys(each.reason for each in happened if each.reason)),
    )


def whose(line: CostLine | None) -> tuple[str, str, str]:
    """A line's person by reference, its provider, and what it is for."""
    if line is None:
        return "", "", ""
    person = line.placement.person.reference if line.placement else ""
    return person, str(line.of.provider), line.get_kind_display()


class _Happened:
    """Tells what happened to each line from its two states and what was written between them."""

    def __init__(self, then: Mapping[int, CostLine], now: Mapping[int, CostLine], events: Iterable[Event]) -> None:
        self._then, self._now = then, now
        self._of_line: dict[int, Event] = {}
        self._of_shares: dict[tuple[int, bool], Event] = {}
        for event in events:  # the latest stays
            if event.label == "share":
                self._of_shares[event.owner, event.of_placement] = event
            else:
                self._of_line[event.owner] = event

    def to(self, key: int) -> tuple[Happening, ...]:
        then, now = self._then.get(key), self._now.get(key)
        what = what_became_of(then, now)
        found = [_happening(what, self._of_line.get(key), now)] if what else []
        shares = self._shares(key, then or now, is_whole=then is not None and now is not None)
        if shares:
            found.append(_happening(WHO_PAYS, shares, None))
        return tuple(found) or (Happening(BESIDE, None, "", ""),)

    def _shares(self, key: int, line: CostLine | None, *, is_whole: bool) -> Event | None:
        """A line that came or went brought its own shares with it; those of its placement change apart."""
        own = self._of_shares.get((key, False)) if is_whole else None
        placement = line.placement_id if line else None
        return own or (self._of_shares.get((placement, True)) if placement is not None and is_whole else None)


def _happening(what: str, event: Event | None, line: CostLine | None) -> Happening:
    given = line.get_reason_display() if line and line.reason else ""
    if event is None:
        return Happening(what, None, "", given)
    return Happening(what, event.since, event.by, event.reason or given)


def what_became_of(then: CostLine | None, now: CostLine | None) -> str:
    """In words; empty where the line itself is as it was."""
    if then is None:
        return f"Added: {_price(now)}" if now else ""
    if now is None:
        return f"Removed: {_price(then)}"
    changed = [label for label, field in _FIELDS.items() if getattr(then, field) != getattr(now, field)]
    said = []
    if then.price_words != now.price_words:
        said.append(f"price {then.price_words}, now {now.price_words}")
    if then.start != now.start:
        said.append(f"first day {words(then.start)}, now {words(now.start)}")
    if then.end != now.end and now.basis != Basis.ONE_OFF:
        if not said and not changed and now.end is not None and (then.end is None or now.end < then.end):
            return f"Ended: last day {words(now.end)}, {_last_day(then)} before"
        said.append(f"last day {_last_day(then)}, now {_last_day(now)}")
    return f"Changed: {', '.join([*said, *changed])}" if said or changed else ""


def _last_day(line: CostLine) -> str:
    return words(line.end) if line.end else "open"


def _price(line: CostLine | None) -> str:
    if line is None:
        return ""
    until = f" to {words(line.end)}" if line.end and line.basis != Basis.ONE_OFF else ""
    return f"{line.price_words} from {words(line.start)}{until}"
