"""An invest-to-save case as its page shows it: only savings that lasted count, what does not is shown apart."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from commissioning.accounts.actors import Actor
from commissioning.core.charts import Chart, Payback, PaybackPoint, payback
from commissioning.core.money import csv_pence, format_pence
from commissioning.core.periods import Month, day_before, words
from commissioning.core.tables import write_csv
from commissioning.overview.sustained import Verdict, thresholds
from commissioning.overview.sustained_over import verdicts_over
from finance.models import CasePerson, InvestmentCase
from finance.payback import (
    Schedule,
    Series,
    YearRow,
    cumulative,
    net_present_value,
    nothing,
    payback_day,
    recurrent_pence,
    years_of,
)
from finance.queries.cases import BedsSaved, CaseMoney, PersonSaved, money_of, schedule_of

IS_STATED = InvestmentCase.Basis.STATED


@dataclass(frozen=True)
class PersonPart:
    """What one person's support saved, in whole pence: counted, and apart what did not last, what is not known to,
    and what is still to come. `why_not` says why nothing is measured.
    """

    row: CasePerson
    name: str
    counted_pence: int
    not_sustained_pence: int
    not_known_pence: int
    expected_pence: int
    double_running_pence: int
    why_not: str


@dataclass(frozen=True)
class CasePage:
    """A case. `counted` is the savings that count, `hoped` with those expected if they last; whole pence by day.

    `judged_to` is the last day that is judged; a stated case is not judged, its schedule counts as it was agreed.
    """

    case: InvestmentCase
    money: CaseMoney
    people: tuple[PersonPart, ...]
    beds: tuple[BedsSaved, ...]
    judged_to: dt.date
    counted: Series
    hoped: Series
    paid_back: dt.date | None
    hoped_back: dt.date | None
    back_with_double_running: dt.date | None
    schedule: Schedule
    years: tuple[YearRow, ...]
    steps: tuple[str, ...]
    chart: Chart
    rule: str

    @property
    def is_stated(self) -> bool:
        return self.case.basis == IS_STATED

    @property
    def put_in_pence(self) -> int:
        return self.money.put_in.to(self.judged_to)

    @property
    def saved_pence(self) -> int:
        return self.counted.to(self.judged_to)

    @property
    def recurrent_pence(self) -> int:
        return recurrent_pence(self.counted, min(self.judged_to, self.case.savings_end))

    @property
    def value_pence(self) -> int:
        return net_present_value(self.years)

    @property
    def not_sustained_pence(self) -> int:
        return sum(part.not_sustained_pence for part in self.people)

    @property
    def not_known_pence(self) -> int:
        return sum(part.not_known_pence for part in self.people)

    @property
    def expected_pence(self) -> int:
        return self.hoped.to(self.hoped.last) - self.counted.to(self.counted.last)

    @property
    def not_released_pence(self) -> int:
        return sum(beds.not_released_pence for beds in self.beds)


@dataclass(frozen=True)
class CaseLine:
    """A case in the list."""

    case: InvestmentCase
    put_in_pence: int
    saved_pence: int
    paid_back: dt.date | None


def case_lines(actor: Actor, cases: Sequence[InvestmentCase], today: dt.date) -> list[CaseLine]:
    found = []
    for case in cases:
        page = case_page(actor, case, today)
        found.append(CaseLine(case, page.put_in_pence, page.saved_pence, page.paid_back))
    return found


def case_page(actor: Actor, case: InvestmentCase, today: dt.date) -> CasePage:
    """All of a case: about twenty queries, however many people and months."""
    money = money_of(actor, case)
    is_stated = case.basis == IS_STATED
    judged_to = money.last if is_stated else max(money.first, min(money.last, day_before(Month.of(today).first)))
    people, counted, expected = _savings(actor, money, judged_to)
    beds = _added([beds.released for beds in money.beds], money)
    counted, expected = counted + _until(beds, judged_to), expected + _after(beds, judged_to)
    if is_stated:
        counted = counted + _until(cumulative(money.stated, money.first, money.last), case.savings_end)
    paid_back = payback_day(_upto(money.put_in, judged_to), _upto(counted, judged_to))
    hoped = counted + expected
    years = tuple(years_of(_upto(money.put_in, judged_to), _upto(counted, judged_to), schedule_of(case)))
    doubled = Series(money.first, money.put_in.pence + money.double_running_pence)
    return CasePage(
        case=case,
        money=money,
        people=people,
        beds=money.beds,
        judged_to=judged_to,
        counted=counted,
        hoped=hoped,
        paid_back=paid_back,
        hoped_back=None if is_stated else payback_day(money.put_in, hoped),
        back_with_double_running=payback_day(_upto(doubled, judged_to), _upto(counted, judged_to)),
        schedule=schedule_of(case),
        years=years,
        steps=tuple(_steps(money, counted, judged_to, paid_back)),
        chart=_chart(money, counted, hoped, judged_to, paid_back, today),
        rule=thresholds().in_words,
    )


# ---------------------------------------------------------------- savings that count, and that do not


def _savings(actor: Actor, money: CaseMoney, judged_to: dt.date) -> tuple[tuple[PersonPart, ...], Series, Series]:
    """Each person's part; the sum of what counts, and of what is still to come. A stated case measures nothing."""
    counted, expected = nothing(money.first, money.last), nothing(money.first, money.last)
    if money.case.basis == IS_STATED:
        return tuple(_unmeasured(actor, saved) for saved in money.people), counted, expected
    months = list(Month.of(money.first).until(Month.of(judged_to)))
    verdicts = verdicts_over(money.book, [saved.row.person for saved in money.people], months)
    parts = []
    for saved in money.people:
        part, own, coming = _part(actor, saved, verdicts.get(saved.row.person_id, {}), judged_to)
        parts.append(part)
        if own is not None and coming is not None:
            counted, expected = counted + own, expected + coming
    return tuple(parts), counted, expected


def _unmeasured(actor: Actor, saved: PersonSaved) -> PersonPart:
    name = saved.row.person.label_for(actor)
    return PersonPart(saved.row, name, 0, 0, 0, 0, saved.double_running_pence, "savings of this case are stated")


def _part(
    actor: Actor, saved: PersonSaved, verdicts: Mapping[Month, Verdict], judged_to: dt.date
) -> tuple[PersonPart, Series | None, Series | None]:
    """A month's saving counts where it lasted; a month that cost more than before always counts, against."""
    name = saved.row.person.label_for(actor)
    if saved.saved is None:
        part = PersonPart(saved.row, name, 0, 0, 0, 0, saved.double_running_pence, saved.why_not)
        return part, None, None
    series = saved.saved
    by_day = np.diff(series.pence, prepend=0)
    own, coming = np.zeros_like(by_day), np.zeros_like(by_day)
    sums = {Verdict.NOT_SUSTAINED: 0, Verdict.NOT_KNOWN: 0}
    for month in Month.of(max(series.first, saved.row.counts_from)).until(Month.of(series.last)):
        first, last = max(month.first, series.first), min(month.last, series.last)
        days = slice((first - series.first).days, (last - series.first).days + 1)
        pence = int(by_day[days].sum())
        verdict = verdicts.get(month, Verdict.NOT_KNOWN)
        if last > judged_to:
            coming[days] = by_day[days]
        elif pence <= 0 or verdict is Verdict.SUSTAINED:
            own[days] = by_day[days]
        else:
            sums[verdict] += pence
    part = PersonPart(
        row=saved.row,
        name=name,
        counted_pence=int(own.sum()),
        not_sustained_pence=sums[Verdict.NOT_SUSTAINED],
        not_known_pence=sums[Verdict.NOT_KNOWN],
        expected_pence=int(coming.sum()),
        double_running_pence=saved.double_running_pence,
        why_not="",
    )
    return part, Series(series.first, np.cumsum(own)), Series(series.first, np.cumsum(coming))


# ---------------------------------------------------------------- series cut in time


def _added(series: Sequence[Series], money: CaseMoney) -> Series:
    return sum(series, nothing(money.first, money.last))


def _upto(series: Series, day: dt.date) -> Series:
    """The series as far as a day."""
    return Series(series.first, series.pence[: max(1, (day - series.first).days + 1)])


def _until(series: Series, day: dt.date) -> Series:
    """What came to a day, and nothing more after it; as long as before."""
    place = (day - series.first).days + 1
    if place >= len(series.pence):
        return series
    held = series.pence.copy()
    held[max(0, place) :] = held[place - 1] if place > 0 else 0
    return Series(series.first, held)


def _after(series: Series, day: dt.date) -> Series:
    """What came after a day."""
    return Series(series.first, series.pence - _until(series, day).pence)


# ---------------------------------------------------------------- words, chart and file


def _steps(money: CaseMoney, counted: Series, judged_to: dt.date, paid_back: dt.date | None) -> list[str]:
    """How the payback day was found, in words with figures."""
    steps = [f"{flow.name} puts in {format_pence(flow.pence)} {flow.when}" for flow in money.flows_in]
    if money.case.basis == IS_STATED:
        steps += [f"{flow.name}: {format_pence(flow.pence)} saved {flow.when}" for flow in money.stated]
    steps += [
        f"{_beds(beds)} closed on {words(beds.row.closed_on)}: {format_pence(beds.released.to(judged_to))} released to "
        f"{words(judged_to)}"
        for beds in money.beds
        if beds.row.closed_on and beds.row.closed_on <= judged_to
    ]
    if paid_back is None:
        put_in, saved = money.put_in.to(judged_to), counted.to(judged_to)
        return [*steps, f"To {words(judged_to)}: {format_pence(put_in)} put in, {format_pence(saved)} saved"]
    for day in (day_before(paid_back), paid_back):
        steps += [f"To {words(day)}, {flow.name}: {flow.words_at(day)}" for flow in money.flows_in]
        if money.case.basis == IS_STATED:
            steps += [
                f"To {words(day)}, {flow.name}: {flow.words_at(day)}" for flow in money.stated if flow.start <= day
            ]
        put_in, saved = money.put_in.to(day), counted.to(day)
        said = "short" if saved < put_in else "reached"
        steps.append(f"To {words(day)}: {format_pence(put_in)} put in, {format_pence(saved)} saved: {said}")
    end = words(judged_to)
    return [*steps, f"From {words(paid_back)} to {end} savings stay at or above money in, so it is paid back that day"]


def _beds(beds: BedsSaved) -> str:
    """`2 beds of Ward 3`."""
    return f"{beds.row.beds} {'bed' if beds.row.beds == 1 else 'beds'} of {beds.row.ward}"


def _chart(
    money: CaseMoney, counted: Series, hoped: Series, judged_to: dt.date, paid_back: dt.date | None, today: dt.date
) -> Chart:
    months = list(Month.of(money.first).until(Month.of(money.last)))
    points = tuple(
        PaybackPoint(
            month.first,
            money.put_in.to(month.last),
            counted.to(month.last) if month.first <= judged_to else None,
            hoped.to(month.last) if month.last > judged_to else None,
        )
        for month in months
    )
    mark = (paid_back, counted.to(paid_back)) if paid_back else None
    return payback(Payback("payback", "Put in and saved", points, mark, today))


def as_csv(page: CasePage) -> str:
    """Each month of a case, cumulative, in pounds: put in, counted, and with what is expected."""
    header = ("to_the_end_of", "put_in", "saved", "with_expected")
    rows = [
        [
            str(month),
            csv_pence(page.money.put_in.to(month.last)),
            csv_pence(page.counted.to(month.last)),
            csv_pence(page.hoped.to(month.last)),
        ]
        for month in Month.of(page.money.first).until(Month.of(page.money.last))
    ]
    return write_csv(header, rows)
