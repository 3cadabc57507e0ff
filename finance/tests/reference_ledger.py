"""The cost rules once more, slow and plain: fractions, day by day, line by line. Tests hold the ledger against it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from finance.ledger import (
    NO_CALENDAR,
    NO_CONTRACT,
    NO_PLACEMENT,
    UNALLOCATED,
    Basis,
    CostLine,
    FundingShare,
    Occupant,
    Period,
)

DayRanges = Sequence[tuple[date, date]]
ONE_DAY = timedelta(days=1)
DAYS_CHARGED = {Basis.WEEKLY: 7, Basis.FORTNIGHTLY: 14, Basis.FOUR_WEEKLY: 28}
WEEKLY_PART = {
    Basis.WEEKLY: Fraction(1),
    Basis.FORTNIGHTLY: Fraction(1, 2),
    Basis.FOUR_WEEKLY: Fraction(1, 4),
    Basis.MONTHLY: Fraction(12, 52),
    Basis.ONE_OFF: Fraction(0),
}


def rounded(amount: Fraction) -> int:
    """To the penny, half away from zero."""
    whole = int(abs(amount) + Fraction(1, 2))
    return whole if amount >= 0 else -whole


def days_in_month(day: date) -> int:
    return ((day.replace(day=1) + timedelta(days=31)).replace(day=1) - day.replace(day=1)).days


def last_day_of(line: CostLine) -> date:
    if line.basis is Basis.ONE_OFF:
        return line.start
    return line.end or date.max


def listed(line: CostLine, calendars: Sequence[DayRanges], day: date) -> bool:
    """Whether the line's calendar, if it has one, counts the day."""
    return line.calendar == NO_CALENDAR or any(first <= day <= last for first, last in calendars[line.calendar])


def cost_of_day(line: CostLine, day: date, calendars: Sequence[DayRanges] = ()) -> Fraction:
    """Rule 2, before rounding: what one day of the line costs."""
    amount = Fraction(line.amount_pence)
    if not listed(line, calendars, day):
        return Fraction(0)
    if line.basis is Basis.ONE_OFF:
        return amount
    if line.basis is Basis.MONTHLY:
        return amount / days_in_month(day)
    if line.basis in DAYS_CHARGED:
        return amount / DAYS_CHARGED[line.basis]
    return amount * Fraction(line.units_hundredths, 100) / 7


def accrued(line: CostLine, until: date, calendars: Sequence[DayRanges] = ()) -> dict[date, int]:
    """Rule 2: A(d) for the day before the start and every day of the line up to `until`."""
    exact = Fraction(0)
    by_day = {line.start - ONE_DAY: 0}
    day = line.start
    while day <= min(last_day_of(line), until):
        exact += cost_of_day(line, day, calendars)
        by_day[day] = rounded(exact)
        day += ONE_DAY
    return by_day


def in_force(line: CostLine, occupants: Sequence[Occupant], day: date) -> list[int]:
    """Rule 10: the placements under the line's contract on a day, in the order given, which is that of references."""
    among = [each for each in occupants if each.contract_key == line.contract_key]
    return [each.placement_key for each in among if each.start <= day <= (each.end or date.max)]


def parts_of(
    line: CostLine, occupants: Sequence[Occupant], until: date, calendars: Sequence[DayRanges] = ()
) -> list[tuple[int, dict[date, int]]]:
    """Rule 10: for each placement (or none, the void) and occupancy stretch, the pence it has cost to each day.

    Each begins with 0 on the day before the stretch. A line of a placement is one part.
    """
    by_day = accrued(line, until, calendars)
    if line.contract_key == NO_CONTRACT:
        return [(line.placement_key, by_day)]
    among = [each for each in occupants if each.contract_key == line.contract_key]
    boundaries = {each.start for each in among} | {each.end + ONE_DAY for each in among if each.end}
    parts: list[tuple[int, dict[date, int]]] = []
    stretch: dict[int, dict[date, int]] = {}
    before = 0
    for day in list(by_day)[1:]:
        placed = in_force(line, occupants, day)
        if day in boundaries or day == line.start:
            before = by_day[day - ONE_DAY]
            stretch = {placement: {day - ONE_DAY: 0} for placement in [*placed, NO_PLACEMENT]}
            parts += stretch.items()
        places = max(len(placed), line.capacity)
        taken = 0
        for place, placement in enumerate(placed, start=1):
            up_to = rounded((by_day[day] - before) * Fraction(place, places))
            stretch[placement][day] = up_to - taken
            taken = up_to
        stretch[NO_PLACEMENT][day] = by_day[day] - before - taken
    return parts


def shares_of(line: CostLine, shares: Sequence[FundingShare], placement_key: int | None = None) -> list[FundingShare]:
    """Rule 4: a line with shares of its own, at any date, does not use the placement's; of a block, each part's."""
    placement = line.placement_key if placement_key is None else placement_key
    own = [share for share in shares if share.line_key == line.line_key]
    whole = [share for share in shares if share.line_key is None and share.placement_key == placement]
    return own or (whole if placement != NO_PLACEMENT else [])


def shared_out(amount: int, applying: Sequence[FundingShare], day: date) -> dict[int, int]:
    """Rule 4: what each funder has taken of a stretch's amount so far."""
    percent: dict[int, Fraction] = defaultdict(Fraction)
    for share in applying:
        if share.start <= day <= (share.end or date.max):
            percent[share.funder] += Fraction(share.share_ppm, 10_000)
    is_full = sum(percent.values()) >= Fraction("99.99")
    taken: dict[int, int] = {}
    cumulative = Fraction(0)
    before = 0
    for place, funder in enumerate(sorted(percent), start=1):
        cumulative += percent[funder]
        if is_full and place == len(percent):
            cumulative = Fraction(100)
        up_to = rounded(amount * cumulative / 100)
        taken[funder] = up_to - before
        before = up_to
    taken[UNALLOCATED] = amount - before
    return taken


def funders_by_day(by_day: dict[date, int], applying: Sequence[FundingShare]) -> dict[date, dict[int, int]]:
    """What each day of a line, or of a part's stretch, adds for each funder: rule 4, walked."""
    boundaries = {share.start for share in applying} | {share.end + ONE_DAY for share in applying if share.end}
    added: dict[date, dict[int, int]] = {}
    before_stretch = 0
    yesterday: dict[int, int] = {}
    for day in list(by_day)[1:]:
        if day in boundaries:
            before_stretch = by_day[day - ONE_DAY]
            yesterday = {}
        today = shared_out(by_day[day] - before_stretch, applying, day)
        added[day] = {funder: pence - yesterday.get(funder, 0) for funder, pence in today.items()}
        yesterday = today
    return added


def accruals_by_part(
    lines: Sequence[CostLine],
    shares: Sequence[FundingShare],
    periods: Sequence[Period],
    occupants: Sequence[Occupant] = (),
    calendars: Sequence[DayRanges] = (),
) -> dict[tuple[int, int, int, int], int]:
    """Pence by line (its place), placement, funder and period (its place), where not zero: rules 2 to 4 and 10."""
    until = max((period.last for period in periods), default=date.min)
    found: dict[tuple[int, int, int, int], int] = defaultdict(int)
    for place, line in enumerate(lines):
        for placement, by_day in parts_of(line, occupants, until, calendars):
            for day, by_funder in funders_by_day(by_day, shares_of(line, shares, placement)).items():
                for number, period in enumerate(periods):
                    if period.first <= day <= period.last:
                        for funder, pence in by_funder.items():
                            found[place, placement, funder, number] += pence
    return {key: pence for key, pence in found.items() if pence}


def accruals(
    lines: Sequence[CostLine],
    shares: Sequence[FundingShare],
    periods: Sequence[Period],
    occupants: Sequence[Occupant] = (),
    calendars: Sequence[DayRanges] = (),
) -> dict[tuple[int, int, int], int]:
    """Pence by line (its place), funder and period (its place), where not zero: rules 2 to 4 and 10."""
    found: dict[tuple[int, int, int], int] = defaultdict(int)
    for (place, _, funder, number), pence in accruals_by_part(lines, shares, periods, occupants, calendars).items():
        found[place, funder, number] += pence
    return {key: pence for key, pence in found.items() if pence}


def weekly(line: CostLine, on: date, calendars: Sequence[DayRanges] = ()) -> Fraction:
    """Rule 6, before rounding."""
    if not line.start <= on <= last_day_of(line):
        return Fraction(0)
    week = line.amount_pence * WEEKLY_PART.get(line.basis, Fraction(line.units_hundredths, 100))
    monday = on - timedelta(days=on.weekday())
    return week * Fraction(sum(listed(line, calendars, monday + timedelta(days=day)) for day in range(7)), 7)


def weekly_parts(
    line: CostLine, occupants: Sequence[Occupant], on: date, calendars: Sequence[DayRanges] = ()
) -> list[tuple[int, Fraction]]:
    """Rules 6 and 10, before rounding: what each placement's part costs a week, and the void."""
    worth = weekly(line, on, calendars)
    if line.contract_key == NO_CONTRACT:
        return [(line.placement_key, worth)]
    placed = in_force(line, occupants, on)
    places = max(len(placed), line.capacity)
    void = (NO_PLACEMENT, worth * Fraction(places - len(placed), places))
    return [*((placement, worth / places) for placement in placed), void]


def weekly_by_funder(
    lines: Sequence[CostLine],
    shares: Sequence[FundingShare],
    on: date,
    occupants: Sequence[Occupant] = (),
    calendars: Sequence[DayRanges] = (),
) -> dict[int, int]:
    """The weekly cost of all the lines on a day by funder, where not zero: exact parts, rounded in turn."""
    exact: dict[int, Fraction] = defaultdict(Fraction)
    for line in lines:
        hundred_percent = 1_000_000  # in millionths of a penny, so that every funder's part is a whole number
        for placement, worth in weekly_parts(line, occupants, on, calendars):
            applying = shares_of(line, shares, placement)
            for funder, millionths in shared_out(hundred_percent, applying, on).items():
                exact[funder] += worth * Fraction(millionths, hundred_percent)
    found = {}
    cumulative = Fraction(0)
    for funder in sorted(exact):
        before = rounded(cumulative)
        cumulative += exact[funder]
        found[funder] = rounded(cumulative) - before
    return {funder: pence for funder, pence in found.items() if pence}


def cumulative_change(lines: Sequence[CostLine], since: date, baseline_weekly_pence: int, on: date) -> int:
    """Rule 8."""
    cost = 0
    for line in lines:
        by_day = accrued(line, on)
        last = max(by_day)
        before = min(max(since - ONE_DAY, line.start - ONE_DAY), last)
        cost += by_day[last] - by_day[before]
    return cost - rounded(Fraction(baseline_weekly_pence * ((on - since).days + 1), 7))
