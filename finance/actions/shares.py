"""Funding shares: who pays what part, by date and route."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation
from commissioning.accounts.permissions import require_commissioner
from commissioning.core.editing import check
from commissioning.core.errors import Refused
from commissioning.core.periods import day_before, words
from finance.actions.lines import lock
from finance.models import CostLine, FundingShare
from people.models import Placement

WHOLE = Decimal(100)


@dataclass(frozen=True)
class NewShare:
    """A funder's percentage through a route, from a day."""

    funder: Organisation
    route: str
    percent: Decimal
    start: dt.date
    end: dt.date | None = None


@transaction.atomic
def add_share(*, placement: Placement | None, new: NewShare, by: Actor, line: CostLine | None = None) -> FundingShare:
    """A share of a placement, or of one line; without a placement, of a contract's line, void included.

    Raises Refused above 100% on any day.
    """
    require_commissioner(by)
    _lock(placement, line)
    if new.end is not None and new.end < new.start:
        raise Refused("The end must be the same as or after the start", field="end")
    if not 0 < new.percent <= WHOLE:
        raise Refused("Enter a percentage above 0 and up to 100", field="percent")
    existing = FundingShare.objects.filter(placement=placement, line=line)
    if existing.filter(funder=new.funder, route=new.route, start=new.start).exists():
        raise Refused(f"{new.funder} already has a share by this route from {words(new.start)}", field="funder")
    check_shares_within_100([*_as_new(existing), new])
    return FundingShare.objects.create(
        placement=placement,
        line=line,
        funder=new.funder,
        route=new.route,
        percent=new.percent,
        start=new.start,
        end=new.end,
    )


@transaction.atomic
def replace_shares(
    *,
    placement: Placement | None,
    shares: Iterable[NewShare],
    start: dt.date,
    version: str | None = None,
    by: Actor,
    line: CostLine | None = None,
) -> None:
    """New shares from a day: those in force end the day before, later ones are taken out, the new ones begin.

    Raises Stale when who pays was changed since it was opened at `version`, Refused above 100% on any day; nothing is
    saved then.
    """
    require_commissioner(by)
    _lock(placement, line)
    existing = FundingShare.objects.filter(placement=placement, line=line)
    check(version, *existing)
    existing.filter(start__gte=start).delete()
    for share in existing.filter(start__lt=start):
        if share.end is None or share.end >= start:
            share.end = day_before(start)
            share.save()
    for share_to_add in shares:
        add_share(placement=placement, new=share_to_add, by=by, line=line)


def _lock(placement: Placement | None, line: CostLine | None) -> None:
    """Shares of a placement, or of a line that has the same. Raises Refused for shares of nothing, or of another's."""
    of = placement if line is None else line.of
    if of is None or (line is not None and line.placement != placement):
        raise Refused("Say whose share it is: of a placement or one of its prices, or of a contract’s price.")
    lock(of)


def check_shares_within_100(shares: Iterable[NewShare]) -> None:
    """Raises Refused, naming the first day on which shares of one placement or line add up to more than 100%."""
    rows = list(shares)
    for day in sorted({share.start for share in rows}):
        total = sum((share.percent for share in rows if _covers(share, day)), Decimal(0))
        if total > WHOLE:
            raise Refused(
                f"Shares add up to {total.normalize():f}% on {words(day)}. "
                "Lower one so that they come to 100% at most.",
                field="percent",
            )


def _covers(share: NewShare, day: dt.date) -> bool:
    return share.start <= day and (share.end is None or share.end >= day)


def _as_new(shares: Iterable[FundingShare]) -> list[NewShare]:
    return [NewShare(share.funder, share.route, share.percent, share.start, share.end) for share in shares]
