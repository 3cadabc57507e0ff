"""The same figures without the ledger: objects prefetched, and a loop in Decimal over lines and months."""

import calendar
import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from commissioning.accounts.actors import Actor
from finance.ledger import Period
from finance.models import CostLine, FundingShare
from people.models import Placement

PENNY = Decimal("0.01")
ONE_DAY = dt.timedelta(days=1)
DAYS = {"weekly": 7, "fortnightly": 14, "four_weekly": 28}


def by_month_and_funder(actor: Actor, periods: Sequence[Period]) -> dict[tuple[int, int], Decimal]:
    """Pounds by month's place and funder's key; what no share covers is under funder 0."""
    found: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for placement in Placement.objects.visible_to(actor).prefetch_related("cost_lines", "shares"):
        for line in placement.cost_lines.all():
            own = [share for share in placement.shares.all() if share.line_id == line.pk]
            shares = own or [share for share in placement.shares.all() if share.line_id is None]
            for place, period in enumerate(periods):
                if line.start <= period.last and _last(line) >= period.first:
                    for funder, pounds in _of_month(line, shares, period):
                        found[place, funder] += pounds
    return found


def _of_month(line: CostLine, shares: list[FundingShare], period: Period) -> Iterator[tuple[int, Decimal]]:
    edges = {line.start, _last(line) + ONE_DAY}
    edges |= {each.start for each in shares} | {each.end + ONE_DAY for each in shares if each.end}
    within = sorted(day for day in edges if line.start <= day <= _last(line) + ONE_DAY)
    for first, after in itertools.pairwise(within):
        last = after - ONE_DAY
        if first > period.last or last < period.first:
            continue
        paying = sorted((s for s in shares if s.start <= first <= (s.end or dt.date.max)), key=lambda s: s.funder_id)
        ends = _split(line, paying, first, min(last, period.last))
        begins = _split(line, paying, first, period.first - ONE_DAY) if first < period.first else {}
        for funder, pounds in ends.items():
            yield funder, pounds - begins.get(funder, Decimal(0))


def _split(line: CostLine, paying: list[FundingShare], first: dt.date, last: dt.date) -> dict[int, Decimal]:
    amount = _accrued(line, last) - _accrued(line, first - ONE_DAY)
    parts: dict[int, Decimal] = {}
    total = before = Decimal(0)
    for share in paying:
        total += share.percent
        cumulative = Decimal(100) if total >= Decimal("99.99") else total
        up_to = (amount * cumulative / 100).quantize(PENNY, ROUND_HALF_UP)
        parts[share.funder_id], before = parts.get(share.funder_id, Decimal(0)) + up_to - before, up_to
    parts[0] = amount - before
    return parts


def _accrued(line: CostLine, day: dt.date) -> Decimal:
    day = min(day, _last(line))
    if day < line.start:
        return Decimal(0)
    if line.basis == "one_off":
        return line.amount
    days = (day - line.start).days + 1
    if line.basis == "monthly":
        exact = line.amount * _months(line.start, day)
    elif line.basis in DAYS:
        exact = line.amount * days / DAYS[line.basis]
    else:
        exact = line.amount * (line.units_per_week or 0) * days / 7
    return exact.quantize(PENNY, ROUND_HALF_UP)


def _months(first: dt.date, last: dt.date) -> Decimal:
    """How many months from day to day, parts by their own length."""
    length = calendar.monthrange(first.year, first.month)[1]
    if (first.year, first.month) == (last.year, last.month):
        return Decimal((last - first).days + 1) / length
    whole = (last.year - first.year) * 12 + last.month - first.month - 1
    own = calendar.monthrange(last.year, last.month)[1]
    return Decimal(length - first.day + 1) / length + whole + Decimal(last.day) / own


def _last(line: CostLine) -> dt.date:
    return line.start if line.basis == "one_off" else line.end or dt.date(2100, 12, 31)
