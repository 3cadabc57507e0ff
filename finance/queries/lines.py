"""The lines of one placement as a page shows them, and placements whose money nobody covers."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import PartnershipOrganisation
from finance import ledger
from finance.models import CostLine, FundingShare
from finance.queries.book import UNALLOCATED_NAME, Book
from finance.queries.costs import weekly_by
from people.models import Placement


@dataclass(frozen=True)
class ShareOnDay:
    """A funder's part of a line or placement on a day, in percent."""

    funder: str
    route: str
    percent: Decimal
    is_nhs: bool


@dataclass(frozen=True)
class LineOnDay:
    """A cost line with its weekly cost in whole pence (cost rule 6) and who pays it on a day."""

    line: CostLine
    weekly_pence: int
    is_in_force: bool
    shares: tuple[ShareOnDay, ...]


def lines_of_placement(actor: Actor, placement: Placement, on: dt.date) -> list[LineOnDay]:
    """Every line of the placement that the actor may see, oldest first, with who pays on the day (cost rule 4)."""
    shares = list(FundingShare.objects.visible_to(actor).filter(placement=placement).select_related("funder"))
    codes = dict(
        PartnershipOrganisation.objects.filter(partnership=actor.partnership).values_list("organisation_id", "code")
    )
    with_own = {share.line_id for share in shares if share.line_id}
    found = []
    for line in CostLine.objects.visible_to(actor).filter(placement=placement):
        owner = line.pk if line.pk in with_own else None
        applying = [share for share in shares if share.line_id == owner and _counts(share, on)]
        applying.sort(key=lambda share: codes[share.funder_id])
        in_force = line.basis != "one_off" and line.start <= on and (line.end is None or line.end >= on)
        shown = tuple(
            ShareOnDay(str(each.funder), each.get_route_display(), each.percent, each.funder.is_nhs)
            for each in applying
        )
        found.append(LineOnDay(line, weekly_of(line), in_force, shown))
    return found


def _counts(share: FundingShare, on: dt.date) -> bool:
    return share.start <= on and (share.end is None or share.end >= on)


def weekly_of(line: CostLine) -> int:
    """A line's weekly cost in whole pence while it is in force (cost rule 6)."""
    units = line.units_per_week or Decimal(0)
    row = ledger.CostLine(
        line_key=1,
        placement_key=1,
        basis=ledger.BASIS_BY_NAME[line.basis],
        amount_pence=int(line.amount * 100),
        units_hundredths=int(units * 100),
        start=line.start,
        end=None,
    )
    return ledger.weekly_pence(ledger.LineTable.from_lines([row]), line.start)


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
