"""The exact facts a report is made from, before any edition decides what may be told. Whole pence, never floats."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from commissioning.core.periods import Month


class Change(StrEnum):
    """How an answer, a domain or a whole life compares with before. Never a score."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    NOT_KNOWN = "not_known"


class Cost(StrEnum):
    LESS = "less"
    SAME = "same"
    MORE = "more"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True)
class Window:
    """The days a report is about: its month, the months shown before it and the months looked ahead to."""

    month: Month
    shown: tuple[Month, ...]
    ahead: tuple[Month, ...]

    @property
    def day(self) -> dt.date:
        """The last day of the month: figures are as at this day."""
        return self.month.last

    @property
    def year_first(self) -> dt.date:
        """The first of the twelve months that end with the report's."""
        return self.month.plus(-11).first

    @property
    def year_before(self) -> dt.date:
        """The last day of the twelve months before those."""
        return self.month.plus(-12).last


MONTHS_SHOWN = 24
MONTHS_AHEAD = 12


def window_of(month: Month) -> Window:
    return Window(
        month,
        tuple(month.plus(1 - MONTHS_SHOWN).until(month)),
        tuple(month.plus(1).until(month.plus(MONTHS_AHEAD))),
    )


@dataclass(frozen=True)
class MeasureChange:
    """One person's answer to one measure, first and latest, from one point of view."""

    measure: str
    domain: str
    view: str
    before: str
    now: str
    change: Change


@dataclass(frozen=True)
class LifeFacts:
    """What is known of a person's life then and now. A whole life is compared part by part, each counting once."""

    measures: tuple[MeasureChange, ...] = ()
    view: str = ""

    @property
    def change(self) -> Change:
        return together(self.domain(name) for name in dict.fromkeys(each.domain for each in self.measures))

    def domain(self, name: str) -> Change:
        return together(each.change for each in self.measures if each.domain == name)

    def measure(self, code: str) -> Change:
        return together(each.change for each in self.measures if each.measure == code)


def together(changes: Iterable[Change]) -> Change:
    """Several changes as one: better if more of them are better than worse. A count of what moved, never a score."""
    found = [change for change in changes if change is not Change.NOT_KNOWN]
    if not found:
        return Change.NOT_KNOWN
    balance = found.count(Change.BETTER) - found.count(Change.WORSE)
    return Change.BETTER if balance > 0 else Change.WORSE if balance < 0 else Change.SAME


@dataclass(frozen=True)
class PersonFacts:
    """One person's money and life on the report's day, with the months around it."""

    person_id: int
    reference: str
    name: str
    programme_start: dt.date | None
    is_supported: bool
    setting: str
    provider: str
    out_of_area: bool
    baseline_pence: int | None
    baseline_scope: str
    is_comparable: bool
    weekly_pence: int
    weekly_by_month: tuple[int, ...]
    ahead_known: tuple[int, ...]
    ahead_kept: tuple[int, ...]
    funders: Mapping[str, tuple[int, ...]]
    annual_change_pence: int | None
    cumulative_pence: int | None
    life: LifeFacts
    life_by_quarter: tuple[Change, ...]
    sustained: str
    sustained_words: str

    @property
    def change_pence(self) -> int:
        """Weekly change against the baseline; only asked of people who have one."""
        return self.weekly_pence - (self.baseline_pence or 0)

    @property
    def cost_change(self) -> Cost:
        if not self.is_comparable:
            return Cost.NOT_KNOWN
        if abs(self.change_pence) <= ABOUT_THE_SAME_PENCE:
            return Cost.SAME
        return Cost.LESS if self.change_pence < 0 else Cost.MORE


ABOUT_THE_SAME_PENCE = 50_00


@dataclass(frozen=True)
class Tally:
    """How often something happened, to how many people, and the most that one person had of it."""

    times: int = 0
    people: int = 0
    largest: int = 0


@dataclass(frozen=True)
class YearFacts:
    """What happened in twelve months."""

    to_own_home: Tally
    admissions: Tally
    hospital_days: Tally
    incidents: Tally
    harmful_incidents: Tally
    restraints: Tally
    ended_badly: Tally
    reached_18: int
    reached_18_residential: int
    in_hospital_at_end: int
    out_of_area_at_end: int
    supported_at_end: int
    settings_at_end: Mapping[str, int]


@dataclass(frozen=True)
class ProviderFacts:
    """The steadiness of support, by provider; providers are organisations, so their names are not personal."""

    name: str
    people: int
    homes: int
    homes_over_a_year: int
    ended_badly: int


@dataclass(frozen=True)
class ContractFacts:
    reference: str
    title: str
    provider: str
    end: dt.date
    people: int


@dataclass(frozen=True)
class UncoveredFacts:
    reference: str
    person: str
    weekly_pence: int


@dataclass(frozen=True)
class QualityFacts:
    """What is missing or does not fit together."""

    without_baseline: tuple[str, ...]
    other_scope: tuple[str, ...]
    support_ended: int
    uncovered: tuple[UncoveredFacts, ...]
    uncovered_people: int
    checklists_due: int
    checklists_in: int
    late_by_provider: Mapping[str, int]
    without_cost: tuple[str, ...]


@dataclass(frozen=True)
class PaidFacts:
    """What was really paid to a provider in the twelve months, beside what its placements say; whole pence."""

    provider: str
    paid_pence: int
    council_pence: int
    all_funders_pence: int

    @property
    def difference_pence(self) -> int:
        return self.paid_pence - self.council_pence


@dataclass(frozen=True)
class SpendingFacts:
    """Published spending, where any of the twelve months is known."""

    months_known: int
    providers: tuple[PaidFacts, ...]
    not_matched_pence: int
    not_matched_suppliers: int


@dataclass(frozen=True)
class Facts:
    """Everything, exact."""

    board: str
    board_code: str
    partnership: str
    is_fictional: bool
    weeks_per_year: str
    window: Window
    frozen_at: dt.datetime
    month_is_over: bool
    people: tuple[PersonFacts, ...]
    measures: tuple[tuple[str, str, str], ...]
    measure_notes: tuple[str, ...]
    year: YearFacts
    year_earlier: YearFacts
    providers: tuple[ProviderFacts, ...]
    contracts: tuple[ContractFacts, ...]
    quality: QualityFacts
    accrued_by_funder: tuple[tuple[str, int], ...]
    spending: SpendingFacts | None

    @property
    def supported(self) -> list[PersonFacts]:
        return [person for person in self.people if person.is_supported]

    @property
    def compared(self) -> list[PersonFacts]:
        """People whose support goes on and whose baseline can be compared with what it costs now."""
        return [person for person in self.supported if person.is_comparable]
