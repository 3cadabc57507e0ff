"""The page of prices and shares of “Log a placement”: rows that can be added and removed, checked together."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from commissioning.accounts.actors import Actor
from commissioning.core.errors import Refused
from commissioning.core.forms import Form
from commissioning.overview.forms.placement import MOST_ROWS, LineRow, ShareRow
from finance.actions import NewLine, NewShare, check_shares_within_100
from finance.models import Basis, CostKind


class RowsForm(Form):
    """Holds what is wrong with the rows as a whole."""


@dataclass
class CostsPage:
    """The rows as forms. `is_valid` also checks overlaps and that shares stay within 100%."""

    actor: Actor
    start: dt.date
    data: QueryDict | None
    lines: list[LineRow] = field(init=False)
    shares: list[ShareRow] = field(init=False)
    whole: RowsForm = field(init=False)

    def __post_init__(self) -> None:
        self.whole = RowsForm({} if self.data is not None else None)
        self.lines = [self._line(place) for place in range(self._count("lines", 1))]
        self.shares = [self._share(place) for place in range(self._count("shares", 2))]

    @property
    def forms(self) -> list[Form]:
        return [*self.lines, *self.shares, self.whole]

    @property
    def answered_shares(self) -> list[ShareRow]:
        """The rows of funders that were not left wholly empty."""
        return [share for share in self.shares if not share.is_empty]

    def is_valid(self) -> bool:
        answers = [form.is_valid() for form in self.forms]  # every form, so that every message shows at once
        if not all(answers):
            return False
        lines, shares = self.new_lines(), self.new_shares()
        self._check_overlaps(lines)
        self._check_shares(shares)
        return not any(form.errors for form in self.forms)

    def new_lines(self) -> list[NewLine]:
        return [line.new_line() for line in self.lines]

    def new_shares(self) -> list[tuple[int | None, NewShare]]:
        """Shares of the placement begin with the earliest price, so that set-up costs are covered too."""
        first = min([self.start, *(line.cleaned_data["start"] for line in self.lines)])
        return [(share.line, share.new_share(first)) for share in self.answered_shares]

    def _line(self, place: int) -> LineRow:
        initial = {"start": self.start, "kind": CostKind.CORE_SUPPORT, "basis": Basis.WEEKLY} if place == 0 else {}
        line = LineRow(self.data, prefix=f"line-{place}", initial={"start": self.start, **initial})
        line.summary_prefix = f"Cost line {place + 1}"
        return line

    def _share(self, place: int) -> ShareRow:
        share = ShareRow(self.data, actor=self.actor, lines=self._line_choices(), prefix=f"share-{place}")
        share.summary_prefix = f"Funder {place + 1}"
        return share

    def _line_choices(self) -> list[tuple[str, str]]:
        return [(str(place), f"Only {place + 1}. {self.title_of(place)}") for place in range(len(self.lines))]

    def title_of(self, place: int) -> str:
        """What a price is for, as typed so far."""
        kind = self.lines[place]["kind"].value() or ""
        return CostKind(kind).label if kind in CostKind.values else "Cost"

    def _count(self, name: str, least: int) -> int:
        typed = self.data.get(name, "") if self.data is not None else ""
        return min(max(int(typed), 0 if name == "shares" else 1), MOST_ROWS) if typed.isdecimal() else least

    def _check_overlaps(self, lines: list[NewLine]) -> None:
        for place, line in enumerate(lines):
            for earlier in range(place):
                if _overlap(lines[earlier], line):
                    self.lines[place].add_error(
                        "start",
                        f"Cost lines {earlier + 1} and {place + 1} are both for {self.title_of(place).lower()} on the "
                        "same days. Give one a name of its own, or change its days",
                    )

    def _check_shares(self, shares: list[tuple[int | None, NewShare]]) -> None:
        """Each set of shares by itself: those of all costs, and those of one cost line."""
        sets: dict[int | None, list[tuple[ShareRow, NewShare]]] = {}
        for row, (line, share) in zip(self.answered_shares, shares, strict=True):
            sets.setdefault(line, []).append((row, share))
        for line, rows in sets.items():
            if line is not None and line >= len(self.lines):
                rows[0][0].add_error("covers", "Choose a cost line that is on this page")
                continue
            self._check_one_set(rows)

    def _check_one_set(self, rows: list[tuple[ShareRow, NewShare]]) -> None:
        seen: set[tuple[int, str]] = set()
        for row, share in rows:
            if (share.funder.pk, share.route) in seen:
                row.add_error("funder", f"{share.funder} is here twice by the same route; add the shares up")
            seen.add((share.funder.pk, share.route))
        try:
            check_shares_within_100(share for _, share in rows)
        except Refused as refused:
            rows[-1][0].add_error("percent", refused.message)


def _overlap(one: NewLine, other: NewLine) -> bool:
    if (one.kind, one.label) != (other.kind, other.label) or Basis.ONE_OFF in (one.basis, other.basis):
        return False
    return (one.end is None or one.end >= other.start) and (other.end is None or other.end >= one.start)


def with_row(data: QueryDict, what: str) -> QueryDict:
    """The answers with one more row of `lines` or `shares`; a new price begins on the same day as the first."""
    changed = data.copy()
    count = int(changed.get(what, "0") or 0)
    changed[what] = str(min(count + 1, MOST_ROWS))
    if what == "lines":
        for part in ("day", "month", "year"):
            changed[f"line-{count}-start_{part}"] = changed.get(f"line-0-start_{part}", "")
    return changed


def without_row(data: QueryDict, what: str, place: int) -> QueryDict:
    """The answers without one row; those after it move up, and shares of a removed price go with it."""
    prefix = "line" if what == "lines" else "share"
    kept = [row for row in _rows(data, prefix, what) if row[0] != place]
    changed = QueryDict(mutable=True)
    for name, values in data.lists():
        if not name.startswith(f"{prefix}-"):
            changed.setlist(name, values)
    for number, (_, row) in enumerate(kept):
        for name, values in row.items():
            changed.setlist(f"{prefix}-{number}-{name}", values)
    changed[what] = str(len(kept))
    return _shares_follow(changed, place) if what == "lines" else changed


def _rows(data: QueryDict, prefix: str, what: str) -> Iterator[tuple[int, dict[str, list[Any]]]]:
    for place in range(int(data.get(what, "0") or 0)):
        start = f"{prefix}-{place}-"
        yield place, {name[len(start) :]: values for name, values in data.lists() if name.startswith(start)}


def _shares_follow(data: QueryDict, removed: int) -> QueryDict:
    """After a price is removed: shares of later prices keep to their price, shares of that one cover all costs."""
    for place in range(int(data.get("shares", "0") or 0)):
        name = f"share-{place}-covers"
        covers = data.get(name, "")
        if covers.isdecimal() and int(covers) >= removed:
            data[name] = "" if int(covers) == removed else str(int(covers) - 1)
    return data
