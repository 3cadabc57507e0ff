"""The chart of one person in words and as a table."""

import datetime as dt
from collections.abc import Sequence

from commissioning.core.charts.chart import Column, Table
from commissioning.core.charts.person.data import MoneyAndLife, OutcomeRow, View
from commissioning.core.charts.scales import (
    add_months,
    against,
    day_words,
    exact,
    first_of,
    join_words,
    month_words,
    months_between,
    pounds,
    value_words,
)


def finding(data: MoneyAndLife) -> str:
    """The whole finding in two or three sentences."""
    return " ".join(part for part in (_home(data), _cost(data), _incidents(data)) if part)


def _home(data: MoneyAndLife) -> str:
    now = [stay for stay in data.stays if stay.start <= data.today and (stay.end is None or stay.end >= data.today)]
    if not now:
        return f"{data.name}: where they live is not recorded."
    return f"{data.name} has lived at {now[-1].name} since {day_words(now[-1].start)}."


def _cost(data: MoneyAndLife) -> str:
    now = data.cost_on(data.today)
    if now is None:
        return "The weekly cost is not known."
    words = f"Support costs {pounds(now)} a week"
    if data.baseline_pence is not None:
        words += f", {against(now, data.baseline_pence)}"
    return f"{words}."


def _incidents(data: MoneyAndLife) -> str:
    known = sorted(data.incidents, key=lambda incident: incident.month)
    if not known:
        return ""
    last = known[-1]
    return f"Incidents: {last.total} in {month_words(last.month)}, {sum(month.total for month in known)} in all."


def story(data: MoneyAndLife) -> str:
    """What each row shows, for those who do not see it."""
    parts = [
        f"{stay.name}{f', {stay.note}' if stay.note else ''}, from {day_words(stay.start)}"
        f"{f' to {day_words(stay.end)}' if stay.end else ''}."
        for stay in data.stays
    ]
    parts += [f"{pounds(cost.pence)} once on {day_words(cost.on)}." for cost in data.one_offs]
    parts += [_row_story(row) for row in data.outcomes]
    return " ".join(parts) or "Nothing else is recorded yet."


def _row_story(row: OutcomeRow) -> str:
    said = [f"{view.who + ': ' if view.who else ''}{change_words(view, None)}" for view in row.views]
    return f"{row.label}{f' ({row.unit})' if row.unit else ''}: {join_words(said)}."


def change_words(view: View, moved: dt.date | None, today: dt.date | None = None) -> str:
    """`1 in June, 5 now`: the last answer before a move, else the first, and the latest."""
    if not view.known:
        return "not asked yet"
    before = [known for known in view.known if moved and known[0] < first_of(moved)]
    (start, then), (end, now) = (before[-1] if before else view.known[0]), view.known[-1]
    recent = today is not None and months_between(end, today) <= 2
    latest = f"{value_words(now)} now" if recent else f"{value_words(now)} in {_month(end, today)}"
    return latest if start == end else f"{value_words(then)} in {_month(start, today)}, {latest}"


def _month(month: dt.date, today: dt.date | None) -> str:
    """The month by its name in this year, else short with its year."""
    if today is not None and month.year == today.year:
        return month_words(month).split()[0]
    return month_words(month, short=True)


def table(data: MoneyAndLife, title: str) -> Table:
    """Every month of the whole history, oldest first; what nobody was asked says so."""
    views = [(row, view) for row in data.outcomes for view in row.views]
    columns = [
        Column("Month", False),
        Column("Where", False),
        Column("Weekly cost at month’s end"),
        Column("One-off cost"),
    ]
    columns += [Column(f"{row.label}{f', {view.who}' if view.who else ''}{_units(row)}") for row, view in views]
    columns += [Column("Incidents"), Column("With a restrictive practice")]
    incidents = {incident.month: incident for incident in data.incidents}
    rows = []
    for month in _months(data):
        incident = incidents.get(month)
        rows.append(
            (
                month_words(month),
                _where(data, month),
                _cost_in(data, month),
                _once_in(data, month),
                *(_answer(view, month) for _, view in views),
                "not known" if incident is None else f"{incident.total:,}",
                "not known" if incident is None else f"{incident.restrictive:,}",
            )
        )
    rows += [_expected(data, len(columns), expected.month) for expected in data.forecast]
    return Table(title, tuple(columns), tuple(rows))


def _units(row: OutcomeRow) -> str:
    return f", {row.unit}" if row.unit else (f", {row.low} to {row.high}" if row.kind == "score" else "")


def _months(data: MoneyAndLife) -> Sequence[dt.date]:
    count = months_between(data.earliest, first_of(data.today)) + 1
    return [add_months(data.earliest, place) for place in range(count)]


def _where(data: MoneyAndLife, month: dt.date) -> str:
    after = add_months(month, 1)
    names = [stay.name for stay in data.stays if stay.start < after and (stay.end is None or stay.end >= month)]
    return ", then ".join(names) or "not recorded"


def _cost_in(data: MoneyAndLife, month: dt.date) -> str:
    return exact(data.cost_on(min(data.today, add_months(month, 1) - dt.timedelta(days=1))))


def _once_in(data: MoneyAndLife, month: dt.date) -> str:
    found = [cost.pence for cost in data.one_offs if first_of(cost.on) == month]
    return exact(sum(found)) if found else "–"


def _answer(view: View, month: dt.date) -> str:
    value = view.last_in(month, add_months(month, 1))
    return "not asked" if value is None else value_words(value)


def _expected(data: MoneyAndLife, columns: int, month: dt.date) -> tuple[str, ...]:
    expected = next(found for found in data.forecast if found.month == month)
    words = f"{exact(expected.low_pence)} to {exact(expected.high_pence)} (forecast)"
    return (month_words(month), "–", words, *(["–"] * (columns - 3)))
