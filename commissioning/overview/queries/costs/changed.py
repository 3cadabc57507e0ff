"""What changed since the records were known as they were: then, now and the difference, by month and slice, and line by
line, adding up to the whole difference to the penny."""

from collections.abc import Sequence
from dataclasses import dataclass

from commissioning.accounts.actors import Actor
from commissioning.core.money import csv_pence
from commissioning.core.tables import write_csv
from commissioning.overview.queries.costs.asked import Asked
from commissioning.overview.queries.costs.grid import narrowed, period_words, slices_of
from commissioning.overview.queries.costs.names import Names
from finance.queries import Book, open_book, open_book_as_known
from finance.queries.differences import LineCosts, differences
from finance.queries.happened import ChangedLine, ShownLine, changed_lines, said_of, shown_line

MOST_LINES = 200
CSV_HEADER = (
    "period", "line_ref", "person_ref", "provider", "kind", "funder", "then", "now", "difference", "what_happened",
    "known_since", "recorded_by", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class ThenNow:
    """One period, slice or sum in both states: whole pence."""

    label: str
    then_pence: int
    now_pence: int

    @property
    def pence(self) -> int:
        return self.now_pence - self.then_pence


@dataclass(frozen=True)
class Changed:
    """The lines' differences add up to the total's, and so do those of periods and of slices."""

    asked: Asked
    periods: tuple[ThenNow, ...]
    slices: tuple[ThenNow, ...]
    total: ThenNow
    lines: tuple[ChangedLine, ...]
    shown: tuple[ShownLine, ...]  # the largest; the page says what the rest come to

    @property
    def rest_count(self) -> int:
        return len(self.lines) - len(self.shown)

    @property
    def rest(self) -> ThenNow:
        rest = self.lines[len(self.shown) :]
        return ThenNow("", sum(each.then_pence for each in rest), sum(each.now_pence for each in rest))

    @property
    def alike(self) -> ThenNow:
        """What did not change: the same in both states."""
        pence = self.total.now_pence - sum(each.now_pence for each in self.lines)
        return ThenNow("", pence, pence)

    @property
    def people_ids(self) -> tuple[int, ...]:
        return tuple({line.person_id for line in self.lines[: len(self.shown)] if line.person_id is not None})


def book_of(actor: Actor, asked: Asked) -> Book:
    """The book that is asked of: of now, or as it was known."""
    return open_book(actor) if asked.known is None else open_book_as_known(actor, asked.known)


def changed_since(actor: Actor, asked: Asked, names: Names) -> Changed:
    """Then against now, of what is asked. Raises ValueError where nothing says when then was."""
    if asked.known is None:
        raise ValueError("No day is given on which the records were known.")
    books = [narrowed(book, asked) for book in (open_book_as_known(actor, asked.known), open_book(actor))]
    funder = asked.narrowed_to("funder")
    then, now = (LineCosts.of_book(book, asked.periods, funder) for book in books)
    labels = [period_words(period, asked) for period in asked.periods]
    by_period = zip(labels, then.by_period(len(labels)), now.by_period(len(labels)), strict=True)
    periods = tuple(ThenNow(*each) for each in by_period)
    total = ThenNow("All", sum(each.then_pence for each in periods), sum(each.now_pence for each in periods))
    slices = _slices(books, asked, names)
    lines = tuple(changed_lines(actor, asked.known, differences(then, now)))
    shown = tuple(shown_line(actor, line, names.payers) for line in lines[:MOST_LINES])
    return Changed(asked, periods, slices, total, lines, shown)


def _slices(books: Sequence[Book], asked: Asked, names: Names) -> tuple[ThenNow, ...]:
    then, now = (
        {code: sum(amounts.values()) for code, amounts in slices_of(book, asked, asked.periods).items()}
        for book in books
    )
    found = [ThenNow(names.of(asked.by, code), then.get(code, 0), now.get(code, 0)) for code in {**then, **now}]
    return tuple(sorted(found, key=lambda each: (-each.now_pence, each.label.casefold())))


def changed_csv(changed: Changed) -> str:
    """A row for each line, funder and period that differs; pounds. They add up to the whole difference."""
    periods = [_period_code(changed.asked, place) for place in range(len(changed.periods))]
    rows = [
        [
            periods[each.period],
            line.reference,
            *said_of(line)[:3],
            each.funder,
            *(csv_pence(pence) for pence in (each.then_pence, each.now_pence, each.pence)),
            *said_of(line)[3:],
        ]
        for line in changed.lines
        for each in sorted(line.differences, key=lambda each: (each.period, each.funder))
    ]
    return write_csv(CSV_HEADER, rows)


def _period_code(asked: Asked, place: int) -> str:
    period = asked.periods[place]
    if asked.per == "week":
        return period.first.isoformat()
    return f"{period.first:%Y-%m}" if asked.per == "month" else f"{period.first:%Y-%m} to {period.last:%Y-%m}"
