"""The lines of one placement as a page shows them, and placements whose money nobody covers."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from django.db.models import F, Q, QuerySet

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import PartnershipOrganisation
from commissioning.core.money import round_half_away
from finance import ledger
from finance.models import CostLine, FundingShare
from finance.queries.book import UNALLOCATED_NAME, Book, open_book
from finance.queries.costs import weekly_by
from people.models import Person, Placement


@dataclass(frozen=True)
class ShareOnDay:
    """A funder's part of a line or placement on a day, in percent."""

    funder: str
    route: str
    percent: Decimal
    is_nhs: bool


@dataclass(frozen=True)
class YearByCalendar:
    """A price that goes by a calendar over one year: how many days count, and whole pence a week on average."""

    year: int
    days: int
    weekly_average_pence: int


@dataclass(frozen=True)
class LineOnDay:
    """A cost line, or a placement's part of a contract's, with whole pence a week (cost rule 6) and who pays on a day.

    It costs nothing a week on a day when it is not in force. `start` and `end` are the line's days, of a part those
    within the placement. A part is one of `places` equal ones: the capacity, or as many as are placed. `year` is of a
    line with a calendar.
    """

    line: CostLine
    weekly_pence: int
    is_in_force: bool
    shares: tuple[ShareOnDay, ...]
    start: dt.date
    end: dt.date | None
    places: int = 0
    year: YearByCalendar | None = None


def lines_of_placement(actor: Actor, placement: Placement, on: dt.date, book: Book | None = None) -> list[LineOnDay]:
    """Every line of the placement that the actor may see, oldest first, with who pays on the day (cost rule 4).

    Then its parts of its contract's lines, for who sees all prices. What is in force adds up to the weekly cost of the
    placement, which is rounded once: each line takes the difference that it makes. `book` has the person's lines.
    """
    own = (book or open_book(actor, people=Person.objects.filter(pk=placement.person_id))).only(
        "placement", [placement.reference]
    )
    keys = own.lines.line.tolist()
    lines = CostLine.objects.visible_to(actor).filter(Q(placement=placement) | Q(pk__in=keys, contract__isnull=False))
    shown = sorted(
        lines.select_related("calendar", "contract", "instead_of"),
        key=lambda each: (each.is_block, each.start, each.pk),
    )
    shares = shares_of_lines(actor, placement, shown)
    in_force = dict(zip(own.lines.line[own.lines.in_force(on)].tolist(), _rows_on(own, on), strict=True))
    weekly = _weekly_in_turn(own, [in_force[line.pk] for line in shown if line.pk in in_force], on)
    found = []
    for line in shown:
        row = in_force.get(line.pk)
        end = _earliest(line.end, placement.end) if line.is_block else line.end
        is_over = line.basis != "one_off" and end is not None and end < on
        found.append(
            LineOnDay(
                line=line,
                weekly_pence=0 if row is None else weekly[row],
                is_in_force=row is not None,
                shares=() if is_over else shares.on(line, on),
                start=max(line.start, placement.start) if line.is_block else line.start,
                end=end,
                places=_places(own, row) or line.capacity or 0,
                year=year_of(own, keys.index(line.pk) if row is None else row, on.year) if line.calendar_id else None,
            )
        )
    return found


@dataclass(frozen=True)
class SharesOfLines:
    """The shares of a placement and of its contract's lines; organisations' codes put funders in order."""

    shares: tuple[FundingShare, ...]
    codes: dict[int, str]

    def on(self, line: CostLine, on: dt.date) -> tuple[ShareOnDay, ...]:
        """Those that apply to a line on a day: its own where it has any, else the placement's."""
        with_own = {share.line_id for share in self.shares}
        owner = line.pk if line.pk in with_own else None
        applying = [share for share in self.shares if share.line_id == owner and _counts(share, on)]
        applying.sort(key=lambda share: self.codes[share.funder_id])
        return tuple(
            ShareOnDay(str(each.funder), each.get_route_display(), each.percent, each.funder.is_nhs)
            for each in applying
        )


def shares_of_lines(actor: Actor, placement: Placement | None, lines: list[CostLine]) -> SharesOfLines:
    """Two queries."""
    blocks = [line.pk for line in lines if line.is_block]
    applying = Q(placement__isnull=True, line__in=blocks)
    if placement is not None:
        applying |= Q(placement=placement)
    links = PartnershipOrganisation.objects.filter(partnership=actor.partnership)
    return SharesOfLines(
        tuple(FundingShare.objects.visible_to(actor).filter(applying).select_related("funder")),
        dict(links.values_list("organisation_id", "code")),
    )


def _rows_on(book: Book, on: dt.date) -> list[int]:
    rows: list[int] = np.flatnonzero(book.lines.in_force(on)).tolist()
    return rows


def _weekly_in_turn(book: Book, rows: list[int], on: dt.date) -> dict[int, int]:
    """By row the difference that it makes to the rounded weekly cost of those before it, so that they add up."""
    found, before = {}, 0
    for count, row in enumerate(rows, start=1):
        together = ledger.weekly_pence(book.lines.take(np.array(rows[:count])), on)
        found[row], before = together - before, together
    return found


def _places(book: Book, row: int | None) -> int:
    """Into how many equal parts a row's line is split."""
    if row is None or book.lines.parts is None:
        return 0
    return int(book.lines.parts.of[row])


def year_of(book: Book, row: int, year: int, *, all_places: bool = False) -> YearByCalendar:
    """What a row with a calendar would cost over a whole year, a week on average; of a part, that or `all_places`."""
    first, last = (ledger.day_numbers([day]) for day in (dt.date(year, 1, 1), dt.date(year, 12, 31)))
    table = book.lines.take(np.array([row]))
    parts = None if table.parts is None or all_places else replace(table.parts, accrues_from=first)
    whole = replace(table, start=first, end=last, parts=parts)
    pence, days = int(ledger.accrued_to(whole, last)[0]), int((last - first)[0]) + 1
    number = table.calendar
    counted = (
        0
        if number is None
        else int((table.calendars.days_to(number, last) - table.calendars.days_to(number, first - 1))[0])
    )
    return YearByCalendar(year, counted, round_half_away(pence * 7, days))


def _earliest(*days: dt.date | None) -> dt.date | None:
    return min((day for day in days if day is not None), default=None)


def _counts(share: FundingShare, on: dt.date) -> bool:
    return share.start <= on and (share.end is None or share.end >= on)


def lines_after_death(actor: Actor) -> list[tuple[CostLine, dt.date]]:
    """Lines of people who died that reach past the last day paid, with that day: of death, or after it by contract.

    What a person paid themselves ends with them. One query.
    """
    lines = (
        CostLine.objects.visible_to(actor)
        .filter(placement__person__died_on__isnull=False)
        .filter(Q(end__isnull=True) | Q(end__gt=F("placement__person__died_on")) | Q(basis="one_off"))
        .select_related("placement__person", "placement__contract")
        .order_by("placement__person__reference", "start", "reference")
    )
    found = []
    for line in lines:
        placement = line.its_placement
        died_on = placement.person.died_on
        if died_on is None:
            continue
        days = (placement.contract.days_paid_after_death or 0) if placement.contract and not line.is_income else 0
        paid_to = died_on + dt.timedelta(days=days)
        last = line.start if line.basis == "one_off" else line.end or dt.date.max
        if last > paid_to:
            found.append((line, paid_to))
    return found


def uncovered_placements(actor: Actor, book: Book, on: dt.date) -> list[tuple[Placement, int]]:
    """Placements in force of which part has no funder on the day, with that part's weekly pence, largest first."""
    placements: QuerySet[Placement] = (
        Placement.objects.visible_to(actor).in_force(on).select_related("person", "provider")
    )
    found = []
    for placement in placements.filter(reference__in=_with_gaps(book, on)):
        weekly = weekly_by(book.only("placement", [placement.reference]), on, "funder")
        if weekly.get(UNALLOCATED_NAME):
            found.append((placement, weekly[UNALLOCATED_NAME]))
    return sorted(found, key=lambda pair: (-pair[1], pair[0].reference))


def _with_gaps(book: Book, on: dt.date) -> list[str]:
    """References of placements with an unallocated part on the day, all at once."""
    split = ledger.weekly_by_funder(book.lines, book.shares, on, book.lines.codes["placement"])
    gaps = split.group[split.funder == ledger.UNALLOCATED]
    return [book.names["placement"][code] for code in gaps.tolist()]
