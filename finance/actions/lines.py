"""Cost lines: added, changed from a date, corrected."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.permissions import require_commissioner
from commissioning.audit import history
from commissioning.core.editing import check
from commissioning.core.errors import Refused
from commissioning.core.money import format_pence, to_pence
from commissioning.core.periods import day_before, words
from finance.models import MOST_PLACES, UNIT_BASES, Basis, Calendar, CostKind, CostLine
from people.models import Placement
from providers.models import Contract

LAST_DAY = dt.date.max
Priced = Placement | Contract
"""What a price is of: one person's placement, or a contract's places."""


@dataclass(frozen=True)
class NewLine:
    """A price as somebody enters it: pounds, and units a week where the basis needs them.

    `capacity` is how many places a contract's price is for. With a `calendar`, only its days count.
    """

    kind: str
    basis: str
    amount: Decimal
    start: dt.date
    units_per_week: Decimal | None = None
    end: dt.date | None = None
    label: str = ""
    reason: str = CostLine.Reason.NEW
    capacity: int | None = None
    calendar: Calendar | None = None


@transaction.atomic
def add_line(
    *, placement: Placement, new: NewLine, by: Actor, reference: str = "", instead_of: CostLine | None = None
) -> CostLine:
    """A new price of a placement. Raises Refused for a price that overlaps another, or that does not hold together."""
    return _add(placement, new, by, reference, instead_of)


@transaction.atomic
def add_block_line(*, contract: Contract, new: NewLine, by: Actor, reference: str = "") -> CostLine:
    """A new price of a contract's places (cost rule 10). Raises Refused as `add_line` does, and without places."""
    return _add(contract, new, by, reference)


def _add(of: Priced, new: NewLine, by: Actor, reference: str = "", instead_of: CostLine | None = None) -> CostLine:
    require_commissioner(by)
    lock(of)
    line = CostLine(
        partnership=of.partnership,
        placement=of if isinstance(of, Placement) else None,
        contract=of if isinstance(of, Contract) else None,
        capacity=new.capacity,
        reference=reference or next_reference(of),
        kind=new.kind,
        label=new.label,
        basis=new.basis,
        amount=new.amount,
        units_per_week=new.units_per_week,
        calendar=new.calendar,
        start=new.start,
        end=new.end,
        reason=new.reason,
        instead_of=instead_of,
    )
    check_line(line)
    line.save()
    return line


@transaction.atomic
def change_price(
    *,
    line: CostLine,
    amount: Decimal,
    units_per_week: Decimal | None,
    start: dt.date,
    reason: str,
    capacity: int | None = None,
    version: str | None = None,
    by: Actor,
) -> CostLine:
    """A new price from a day: the line ends the day before and the next one starts (INTERCHANGE, rule of change).

    Shares of the line's own go on with the new line, and so does its calendar. A price of places goes on for as many,
    unless `capacity` says otherwise. Raises Stale when somebody saved the line since it was opened at
    `version`, Refused when the day is not inside the line.
    """
    require_commissioner(by)
    _hold(line, version)
    if line.basis == Basis.ONE_OFF:
        raise Refused("A one-off cost has no later price. Correct it, or add another line.", field="start")
    if start <= line.start:
        raise Refused(
            f"The new price must start after {words(line.start)}, when this price began. "
            "To repair this price, correct it.",
            field="start",
        )
    if line.end is not None and start > line.end:
        raise Refused(f"This price ended on {words(line.end)}. Add a new line instead.", field="start")
    end, line.end = line.end, day_before(start)
    line.version += 1
    line.save()
    new = NewLine(
        line.kind,
        line.basis,
        amount,
        start,
        units_per_week,
        end,
        line.label,
        reason,
        capacity=capacity or line.capacity,
        calendar=line.calendar,
    )
    following = _add(line.of, new, by)
    move_own_shares(line, following)
    return following


@transaction.atomic
def end_line(*, line: CostLine, end: dt.date, version: str | None = None, by: Actor) -> CostLine:
    """The last day of a price, and of the shares of its own.

    Raises Stale as `change_price` does, Refused for a day before it began or after it ends.
    """
    require_commissioner(by)
    _hold(line, version)
    if line.basis == Basis.ONE_OFF:
        raise Refused("A one-off cost has its one day. Correct it instead.", field="end")
    if end < line.start:
        raise Refused(f"The last day must be on or after {words(line.start)}, when this price began", field="end")
    if line.end is not None and line.end < end:
        raise Refused(f"This price already ends on {words(line.end)}", field="end")
    line.end = end
    line.version += 1
    line.save()
    line.shares.filter(start__gt=end).delete()
    line.shares.filter(Q(end__isnull=True) | Q(end__gt=end)).update(end=end)
    return line


@transaction.atomic
def correct_line(*, line: CostLine, corrected: NewLine, version: str | None, why: str, by: Actor) -> CostLine:
    """Repair a price that was never right. It says so in history; a price that changed is `change_price`.

    Raises Stale when somebody saved the line since the form was opened, Refused when it would overlap another.
    """
    require_commissioner(by)
    _hold(line, version)
    if not why.strip():
        raise Refused("Say why the price is corrected", field="why")
    line.kind, line.label, line.basis = corrected.kind, corrected.label, corrected.basis
    line.amount, line.units_per_week = corrected.amount, corrected.units_per_week
    line.capacity, line.calendar = corrected.capacity, corrected.calendar
    line.start, line.end, line.reason = corrected.start, corrected.end, CostLine.Reason.CORRECTION
    line.recorded_on = timezone.localdate()
    check_line(line)
    line.version += 1
    with history.said(by=by.name, reason=why.strip()):
        line.save()
    return line


def check_line(line: CostLine) -> None:
    """Raises Refused, naming the field, for a line that does not hold together or overlaps another."""
    if line.basis in UNIT_BASES and line.units_per_week is None:
        raise Refused(f"Enter how many units a week: the price is {line.get_basis_display()}", field="units_per_week")
    if line.basis not in UNIT_BASES and line.units_per_week is not None:
        raise Refused("Leave units a week empty: this price is not by units", field="units_per_week")
    if line.calendar is not None and line.basis not in UNIT_BASES:
        raise Refused(
            f"A calendar goes with prices by the day, session, hour or night: this one is {line.get_basis_display()}",
            field="calendar",
        )
    if line.is_block and not 1 <= (line.capacity or 0) <= MOST_PLACES:
        raise Refused(f"Enter how many places the price is for, from 1 to {MOST_PLACES:,}", field="capacity")
    if line.end is not None and line.end < line.start and line.basis != Basis.ONE_OFF:
        raise Refused("The end must be the same as or after the start", field="end")
    if line.kind == CostKind.CLIENT_CONTRIBUTION and line.amount > 0:
        raise Refused("What the person pays is income: enter it with a minus, like −42.35", field="amount")
    if line.basis != Basis.ONE_OFF:
        _check_overlap(line)


def _check_overlap(line: CostLine) -> None:
    others = CostLine.objects.filter(placement=line.placement, contract=line.contract, kind=line.kind, label=line.label)
    others = others.exclude(pk=line.pk).exclude(basis=Basis.ONE_OFF)
    clash = (
        others.filter(start__lte=line.end or LAST_DAY)
        .filter(Q(end__isnull=True) | Q(end__gte=line.start))
        .order_by("start")
        .first()
    )
    if clash:
        until = f"to {words(clash.end)}" if clash.end else "with no end"
        raise Refused(
            f"There is already a price for {line.get_kind_display().lower()} on those days: "
            f"{format_pence(to_pence(clash.amount))} {clash.get_basis_display()} from {words(clash.start)} {until}. "
            "Change that price from a date, or give this one a label of its own.",
            field="start",
        )


def next_reference(of: Priced) -> str:
    """The next free reference of a line: the placement's or contract's own with a number."""
    stem = of.reference[:34]
    taken = set(
        CostLine.objects.filter(partnership=of.partnership, reference__startswith=f"{stem}-").values_list(
            "reference", flat=True
        )
    )
    number = len(taken) + 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def move_own_shares(line: CostLine, following: CostLine) -> None:
    """Shares of a line's own go on with the line that follows it: the old ones end, new ones start."""
    for share in line.shares.filter(Q(end__isnull=True) | Q(end__gte=following.start)):
        following.shares.create(
            placement_id=share.placement_id,
            funder_id=share.funder_id,
            route=share.route,
            percent=share.percent,
            start=max(share.start, following.start),
            end=share.end,
        )
    line.shares.filter(start__lt=following.start).filter(Q(end__isnull=True) | Q(end__gte=following.start)).update(
        end=day_before(following.start)
    )
    line.shares.filter(start__gte=following.start).delete()


def _hold(line: CostLine, version: str | None) -> None:
    """Read the line afresh, locked, behind its placement or contract. Raises Stale."""
    lock(line.of)
    line.refresh_from_db(from_queryset=CostLine.objects.select_for_update(of=("self",)))
    check(version, line)


def lock(of: Priced) -> None:
    """Two people who price one placement, or one contract, at the same time take turns."""
    type(of)._default_manager.select_for_update().get(pk=of.pk)
