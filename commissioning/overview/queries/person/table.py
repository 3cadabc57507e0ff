"""A person's money and life month by month: one set of figures for the page's table and for the file."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from commissioning.core.charts import Column, Table
from commissioning.core.money import csv_pence, format_pence
from commissioning.core.periods import Month
from commissioning.core.tables import write_csv
from commissioning.overview.queries.person.record import MoneyLifeRecord, Sight
from commissioning.overview.queries.person.window import Window
from finance import ledger
from finance.queries import costs_by_period, weekly_steps
from outcomes.models import Measure
from outcomes.queries import OutcomeSeries, ViewSeries

MONEY_HEADER = ("cost_gross", "cost_net", "weekly_on_last_day")
BASELINE_HEADER = ("baseline_weekly", "weekly_change")
LIFE_HEADER = ("incidents", "with_restrictive_practice")
NOT_ASKED = "not asked"


@dataclass(frozen=True)
class MonthRow:
    """A month in whole pence; None is not known. The current month counts up to today."""

    month: Month
    is_current: bool
    where: str
    gross_pence: int
    net_pence: int
    weekly_pence: int | None
    baseline_weekly_pence: int | None
    weekly_change_pence: int | None
    incidents_count: int | None
    restrictive_count: int | None
    answers: tuple[str, ...]


@dataclass(frozen=True)
class MonthTable:
    """Rows oldest first, with what they add up to. `asked` names each column of answers: measure, then whose view."""

    sight: Sight
    asked: tuple[tuple[str, str], ...]
    rows: tuple[MonthRow, ...]

    @property
    def gross_pence(self) -> int:
        return sum(row.gross_pence for row in self.rows)

    @property
    def net_pence(self) -> int:
        return sum(row.net_pence for row in self.rows)

    @property
    def incidents_count(self) -> int:
        return sum(row.incidents_count or 0 for row in self.rows)

    @property
    def restrictive_count(self) -> int:
        return sum(row.restrictive_count or 0 for row in self.rows)


def month_table(record: MoneyLifeRecord, window: Window) -> MonthTable:
    """The figures of a window, to the penny from the ledger (cost rules 2 to 6). No queries."""
    now = Month.of(record.today)
    months = list(window.first(now, record.earliest).until(now))
    periods = [ledger.Period(month.first, min(month.last, record.today)) for month in months]
    net = _by_period(record, periods, gross=False)
    gross = _by_period(record, periods, gross=True)
    weekly = _weekly(record, [period.last for period in periods])
    views = _views(record, months)
    incidents = {each.month: each for each in record.incidents}
    rows = []
    for place, month in enumerate(months):
        counted = incidents.get(month)
        is_known = counted is not None or (record.sight.life and record.supported_in(month))
        pence, before = weekly[place], record.compared_pence
        rows.append(
            MonthRow(
                month=month,
                is_current=month == now,
                where=_where(record, month),
                gross_pence=gross.get(place, 0),
                net_pence=net.get(place, 0),
                weekly_pence=pence,
                baseline_weekly_pence=record.baseline_pence,
                weekly_change_pence=None if pence is None or before is None else pence - before,
                incidents_count=(counted.incidents_count if counted else 0) if is_known else None,
                restrictive_count=(counted.restrictive_count if counted else 0) if is_known else None,
                answers=tuple(_answer(view, month) for _, view in views),
            )
        )
    return MonthTable(record.sight, tuple((_title(series), view.view_label) for series, view in views), tuple(rows))


def _by_period(record: MoneyLifeRecord, periods: Sequence[ledger.Period], *, gross: bool) -> dict[int, int]:
    book = record.book.gross() if gross else record.book
    return {cost.period: cost.pence for cost in costs_by_period(book, periods, ())}


def _weekly(record: MoneyLifeRecord, days: Sequence[dt.date]) -> list[int | None]:
    """None on a day on which no price is in force: that is not £0."""
    steps = weekly_steps(record.book, days)
    in_force = [bool(record.book.lines.in_force(day).any()) for day in days]
    return [pence if priced else None for pence, priced in zip(steps, in_force, strict=True)]


def _views(record: MoneyLifeRecord, months: Sequence[Month]) -> list[tuple[OutcomeSeries, ViewSeries]]:
    """The measures that are numbers, by view, where anything was said in the window."""
    return [
        (series, view)
        for series in record.answers
        if series.kind != Measure.Kind.WORDS
        for view in series.views
        if any(months[0] <= answer.month <= months[-1] for answer in view.answers)
    ]


def _title(series: OutcomeSeries) -> str:
    if series.kind == Measure.Kind.SCALE and series.minimum is not None and series.maximum is not None:
        return f"{series.title} ({plain(series.minimum)} to {plain(series.maximum)})"
    return f"{series.title} ({series.unit})" if series.unit else series.title


def plain(number: Decimal) -> str:
    """`5`, not `5.00` as the column keeps it."""
    return f"{number.normalize():f}"


def _where(record: MoneyLifeRecord, month: Month) -> str:
    there = [
        each
        for each in record.placements
        if (each.is_home or each.is_hospital)
        and each.start <= min(month.last, record.today)
        and (each.end is None or each.end >= month.first)
    ]
    return ", then ".join(f"{each.get_setting_display()}, {each.provider}" for each in there)


def _answer(view: ViewSeries, month: Month) -> str:
    return next((answer.value for answer in view.answers if answer.month == month), "")


# ---------------------------------------------------------------- shown


def as_csv(table: MonthTable, name: str) -> str:
    """One file of money and life, a row a month; empty is not known or not asked. Amounts in pounds."""
    sight = table.sight
    header = ["person", "month", "where"]
    header += MONEY_HEADER if sight.money else ()
    header += BASELINE_HEADER if sight.baseline else ()
    header += LIFE_HEADER if sight.life else ()
    header += [f"{title}: {view}" for title, view in table.asked]
    return write_csv(header, [_cells(table, row, name) for row in table.rows])


def _cells(table: MonthTable, row: MonthRow, name: str) -> list[str]:
    cells = [name, str(row.month), row.where]
    if table.sight.money:
        cells += [csv_pence(row.gross_pence), csv_pence(row.net_pence), _pounds(row.weekly_pence)]
    if table.sight.baseline:
        cells += [_pounds(row.baseline_weekly_pence), _pounds(row.weekly_change_pence)]
    if table.sight.life:
        cells += [_count(row.incidents_count), _count(row.restrictive_count)]
    return [*cells, *row.answers]


def _pounds(pence: int | None) -> str:
    return "" if pence is None else csv_pence(pence)


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


def as_table(table: MonthTable, name: str) -> Table:
    """The same figures for the page, with what they add up to in the last row."""
    sight = table.sight
    columns = [Column("Month", False), Column("Where", False)]
    if sight.money:
        columns += [Column("Cost in the month"), Column("Net of income"), Column("A week on the last day")]
    if sight.baseline:
        columns += [Column("Baseline a week"), Column("Change a week")]
    if sight.life:
        columns += [Column("Incidents"), Column("With a restrictive practice")]
    columns += [Column(f"{title}, {view[:1].lower()}{view[1:]}") for title, view in table.asked]
    rows = [_shown(table, row) for row in table.rows]
    return Table(f"{name}, month by month", tuple(columns), (*rows, _total(table)))


def _shown(table: MonthTable, row: MonthRow) -> tuple[str, ...]:
    cells = [f"{row.month.words} so far" if row.is_current else row.month.words, row.where or "not recorded"]
    if table.sight.money:
        cells += [format_pence(row.gross_pence), format_pence(row.net_pence), _money(row.weekly_pence)]
    if table.sight.baseline:
        change = row.weekly_change_pence
        cells += [_money(row.baseline_weekly_pence), "–" if change is None else format_pence(change, sign=True)]
    if table.sight.life:
        cells += [_told(row.incidents_count), _told(row.restrictive_count)]
    return (*cells, *(answer or NOT_ASKED for answer in row.answers))


def _total(table: MonthTable) -> tuple[str, ...]:
    cells = ["Together", ""]
    if table.sight.money:
        cells += [format_pence(table.gross_pence), format_pence(table.net_pence), ""]
    if table.sight.baseline:
        cells += ["", ""]
    if table.sight.life:
        cells += [str(table.incidents_count), str(table.restrictive_count)]
    return (*cells, *("" for _ in table.asked))


def _money(pence: int | None) -> str:
    return "–" if pence is None else format_pence(pence)


def _told(number: int | None) -> str:
    return "not known" if number is None else str(number)
