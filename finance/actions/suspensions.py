"""A hospital stay or other absence: the home stays open, lines become retainers, and resuming restores them."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from commissioning.accounts.actors import Actor
from commissioning.accounts.permissions import require_commissioner
from commissioning.core.editing import check
from commissioning.core.errors import Refused
from commissioning.core.money import round_pounds
from commissioning.core.periods import day_after, day_before, words
from finance.actions.lines import NewLine, add_line, lock, move_own_shares
from finance.models import Basis, CostKind, CostLine
from finance.queries.records import kept_with
from people.models import Placement, Suspension


@transaction.atomic
def suspend_placement(
    *,
    placement: Placement,
    start: dt.date,
    percent_paid: Decimal,
    reason: str,
    by: Actor,
    end: dt.date | None = None,
    note: str = "",
    version: str | None = None,
) -> Suspension:
    """Cut each price in force into a retainer of `percent_paid`, and restore it after `end` where that is known.

    Income lines and one-offs go on as they are. Raises Refused when the days are not inside the placement, when they
    overlap another suspension, or when a price begins during them; Stale when the placement, a price or a share was
    saved since it was opened at `version`.
    """
    require_commissioner(by)
    lock(placement)
    placement.refresh_from_db()
    check(version, *kept_with(placement))
    _check_days(placement, start, end)
    if not 0 <= percent_paid <= 100:
        raise Refused("Enter a percentage from 0 to 100", field="percent_paid")
    suspension = Suspension.objects.create(
        placement=placement, start=start, end=end, reason=reason, percent_paid=percent_paid, note=note
    )
    for line in _lines_to_cut(placement, start, end):
        _cut(line, suspension, by)
    return suspension


@transaction.atomic
def resume_placement(*, suspension: Suspension, on: dt.date, version: str | None = None, by: Actor) -> Suspension:
    """Full support from `on`: retainers end the day before, and the prices they stood for go on.

    Raises Stale as `suspend_placement` does; Refused for a day that cannot be.
    """
    require_commissioner(by)
    lock(suspension.placement)
    suspension.refresh_from_db()
    check(version, *kept_with(suspension.placement))
    if on <= suspension.start:
        raise Refused(f"Support must resume after {words(suspension.start)}, when it was suspended", field="on")
    if suspension.placement.end is not None and on > suspension.placement.end:
        raise Refused(f"The placement ended on {words(suspension.placement.end)}", field="on")
    for retainer in _retainers(suspension):
        _restore(retainer, on, by)
    suspension.end = day_before(on)
    suspension.save()
    return suspension


def _check_days(placement: Placement, start: dt.date, end: dt.date | None) -> None:
    if end is not None and end < start:
        raise Refused("The last day must be the same as or after the first", field="end")
    if start < placement.start:
        raise Refused(f"The placement starts on {words(placement.start)}; enter a day on or after it", field="start")
    if placement.end is not None and (start > placement.end or (end is not None and end > placement.end)):
        raise Refused(f"The placement ends on {words(placement.end)}; enter days on or before it", field="end")
    clash = placement.suspensions.filter(Q(end__isnull=True) | Q(end__gte=start))
    if end is not None:
        clash = clash.filter(start__lte=end)
    if other := clash.first():
        until = f"to {words(other.end)}" if other.end else "and has not resumed"
        raise Refused(f"Support is already suspended from {words(other.start)} {until}", field="start")


def _lines_to_cut(placement: Placement, start: dt.date, end: dt.date | None) -> list[CostLine]:
    lines = placement.cost_lines.filter(amount__gt=0).exclude(basis=Basis.ONE_OFF)
    beginning = lines.filter(start__gte=start)
    if end is not None:
        beginning = beginning.filter(start__lte=end)
    if line := beginning.first():
        raise Refused(
            f"The price {line.reference} begins on {words(line.start)}, during these days. "
            "Correct its start first, or suspend from a day after it.",
            field="start",
        )
    return list(lines.filter(start__lt=start).filter(Q(end__isnull=True) | Q(end__gte=start)))


def _cut(line: CostLine, suspension: Suspension, by: Actor) -> None:
    own_end = line.end
    line.end = day_before(suspension.start)
    line.version += 1
    line.save()
    ends = [day for day in (own_end, suspension.end) if day is not None]
    retainer = add_line(
        placement=line.its_placement,
        new=NewLine(
            kind=CostKind.RETAINER,
            label=f"{line.get_kind_display()} {line.label}".strip()[:100],
            basis=line.basis,
            amount=round_pounds(line.amount * suspension.percent_paid / 100),
            units_per_week=line.units_per_week,
            start=suspension.start,
            end=min(ends, default=None),
            reason=CostLine.Reason.SUSPENSION,
            calendar=line.calendar,
        ),
        by=by,
        instead_of=line,
    )
    move_own_shares(line, retainer)
    if suspension.end is not None and (own_end is None or own_end > suspension.end):
        _follow(retainer, line, day_after(suspension.end), own_end, by)


def _follow(retainer: CostLine, line: CostLine, start: dt.date, end: dt.date | None, by: Actor) -> None:
    """The price that was cut, again, after its retainer."""
    new = NewLine(
        line.kind,
        line.basis,
        line.amount,
        start,
        line.units_per_week,
        end,
        line.label,
        CostLine.Reason.SUSPENSION,
        calendar=line.calendar,
    )
    following = add_line(placement=line.its_placement, new=new, by=by, instead_of=retainer)
    move_own_shares(retainer, following)


def _retainers(suspension: Suspension) -> list[CostLine]:
    return list(
        suspension.placement.cost_lines.filter(
            kind=CostKind.RETAINER, start=suspension.start, instead_of__isnull=False
        ).select_related("instead_of", "placement")
    )


def _restore(retainer: CostLine, on: dt.date, by: Actor) -> None:
    line = retainer.instead_of
    if line is None or (retainer.end is not None and retainer.end < day_before(on) and not retainer.stand_ins.exists()):
        return  # the price itself ended during the absence
    following = retainer.stand_ins.first()
    end = following.end if following else retainer.end
    if following:
        following.delete()
    retainer.end = day_before(on)
    retainer.version += 1
    retainer.save()
    if end is None or end >= on:
        _follow(retainer, line, on, end, by)
