"""The working pack's own pages: each person by name, to the penny. Never in a published edition."""

from dataclasses import dataclass

from commissioning.core.money import format_pence
from commissioning.core.periods import words as day_words
from commissioning.reports.figures.facts import Change, Facts, PersonFacts, SpendingFacts
from commissioning.reports.figures.living import CHANGE_LABELS

NOT_KNOWN = "–"
WHERE = {
    "care_home": "Care home",
    "own_home": "Own home",
    "shared": "Shared or family",
    "hospital": "Hospital",
    "none": "",
}


@dataclass(frozen=True)
class PersonLine:
    """One person: whole pence where a chart needs them, words to the penny everywhere else."""

    person_id: int
    reference: str
    name: str
    where: str
    life: str
    baseline: str
    weekly: str
    change: str
    annual: str
    annual_words: str
    cumulative: str
    note: str
    is_point: bool
    change_pence: int
    better: int
    worse: int


@dataclass(frozen=True)
class Listed:
    """A finding about one record."""

    what: str
    detail: str


@dataclass(frozen=True)
class PaymentsTable:
    """What was paid beside what the placements say, to the penny."""

    note: str
    rows: tuple[tuple[str, str, str, str, str], ...]


@dataclass(frozen=True)
class WorkingSection:
    people: tuple[PersonLine, ...]
    baseline: str
    weekly: str
    change: str
    annual: str
    total_people: int
    uncovered: tuple[Listed, ...]
    late: tuple[Listed, ...]
    contracts: tuple[Listed, ...]
    without_baseline: tuple[str, ...]
    without_cost: tuple[str, ...]
    providers: tuple[tuple[str, int, int, int, int], ...]
    funders: tuple[Listed, ...]
    accrued: str
    payments: PaymentsTable | None
    seal: str  # the audit's last seal, as printed; empty where nothing was sealed yet


def working_section(facts: Facts, seal: str) -> WorkingSection:
    people = [person for person in facts.people if person.is_supported or person.baseline_pence is not None]
    compared = [person for person in people if person.is_comparable and person.is_supported]
    change = sum(person.change_pence for person in compared)
    quality = facts.quality
    return WorkingSection(
        people=tuple(_line(person) for person in people),
        baseline=format_pence(sum(person.baseline_pence or 0 for person in compared)),
        weekly=format_pence(sum(person.weekly_pence for person in compared)),
        change=format_pence(change, sign=True),
        annual=format_pence(sum(person.annual_change_pence or 0 for person in compared), sign=True),
        total_people=len(compared),
        uncovered=tuple(
            Listed(f"{each.person}, {each.reference}", f"{format_pence(each.weekly_pence)} a week")
            for each in quality.uncovered
        ),
        late=tuple(Listed(name, _checklists(number)) for name, number in quality.late_by_provider.items()),
        contracts=tuple(
            Listed(f"{each.title} ({each.provider})", f"ends {day_words(each.end)}, {_people(each.people)}")
            for each in facts.contracts
        ),
        without_baseline=quality.without_baseline,
        without_cost=quality.without_cost,
        providers=tuple(
            (each.name, each.people, each.homes, each.homes_over_a_year, each.ended_badly)
            for each in facts.providers
            if each.homes or each.ended_badly
        ),
        funders=tuple(Listed(name, format_pence(pence)) for name, pence in facts.accrued_by_funder),
        accrued=format_pence(sum(pence for _, pence in facts.accrued_by_funder)),
        payments=_payments(facts.spending) if facts.spending else None,
        seal=seal,
    )


def _payments(spending: SpendingFacts) -> PaymentsTable:
    months = f"{spending.months_known} of the twelve months {'is' if spending.months_known == 1 else 'are'} known"
    open_suppliers = (
        f"{spending.not_matched_suppliers} {'supplier' if spending.not_matched_suppliers == 1 else 'suppliers'}"
    )
    return PaymentsTable(
        note=f"{months}. {format_pence(spending.not_matched_pence)} went to {open_suppliers} not matched yet.",
        rows=tuple(
            (
                each.provider,
                format_pence(each.paid_pence),
                format_pence(each.council_pence),
                format_pence(each.all_funders_pence),
                format_pence(each.difference_pence, sign=True),
            )
            for each in spending.providers
        ),
    )


def _checklists(number: int) -> str:
    return f"{number} checklist{'' if number == 1 else 's'}"


def _people(number: int) -> str:
    return f"{number} {'person' if number == 1 else 'people'}"


def _line(person: PersonFacts) -> PersonLine:
    has_baseline = person.baseline_pence is not None
    better, worse = (
        sum(1 for each in person.life.measures if each.change is wanted) for wanted in (Change.BETTER, Change.WORSE)
    )
    return PersonLine(
        person_id=person.person_id,
        reference=person.reference,
        name=person.name,
        where=WHERE[person.setting],
        life=CHANGE_LABELS[person.life.change],
        baseline=NOT_KNOWN if person.baseline_pence is None else format_pence(person.baseline_pence),
        weekly=format_pence(person.weekly_pence),
        change=format_pence(person.change_pence, sign=True) if has_baseline else NOT_KNOWN,
        annual=NOT_KNOWN if person.annual_change_pence is None else format_pence(person.annual_change_pence, sign=True),
        annual_words=annual_words(person.annual_change_pence),
        cumulative=NOT_KNOWN if person.cumulative_pence is None else format_pence(person.cumulative_pence, sign=True),
        note=_note(person),
        is_point=person.is_comparable and person.is_supported and person.life.change is not Change.NOT_KNOWN,
        change_pence=person.change_pence if has_baseline else 0,
        better=better,
        worse=worse,
    )


def annual_words(pence: int | None) -> str:
    """`£124,800.00 less a year`."""
    if pence is None:
        return "not known"
    if pence == 0:
        return "the same as before"
    return f"{format_pence(abs(pence))} {'less' if pence < 0 else 'more'} a year"


def _note(person: PersonFacts) -> str:
    """What qualifies the figures: support that ended, a baseline of another kind, or whether a saving lasts."""
    if not person.is_supported:
        return "support has ended"
    if person.baseline_pence is not None and not person.is_comparable:
        return "before was an all-in price: not compared"
    return f"saving {person.sustained}" if person.sustained else ""
