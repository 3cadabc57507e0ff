"""The money pages: what support costs against before, who pays, where it goes, and what is known of next year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from commissioning.core.periods import Month
from commissioning.reports.figures.activity import PLACES
from commissioning.reports.figures.facts import Facts, PersonFacts
from commissioning.reports.figures.money import BODIES, COUNCIL, NHS, NOBODY, OTHER
from commissioning.reports.telling import Shown, Teller, is_worth_a_row, unit_words

BODY_LABELS = {COUNCIL: "Council", NHS: "NHS", OTHER: "Others", NOBODY: "Nobody yet"}


@dataclass(frozen=True)
class MonthCost:
    month: str
    cost: Shown
    change: Shown


@dataclass(frozen=True)
class MonthAhead:
    """What known lines come to, and what they come to if whatever ends without a successor goes on."""

    month: str
    low: Shown
    high: Shown


@dataclass(frozen=True)
class Body:
    key: str
    label: str
    now: Shown
    months: tuple[Shown, ...]


@dataclass(frozen=True)
class Place:
    key: str
    label: str
    people_earlier: Shown
    people: Shown
    weekly: Shown


@dataclass(frozen=True)
class CostSection:
    """`compared` people have a baseline that can be compared; everything but `everyone` is about them."""

    is_shown: bool
    level_unit: str
    change_unit: str
    supported: Shown
    compared: Shown
    everyone: Shown
    baseline: Shown
    now: Shown
    change: Shown
    a_year: Shown
    month_before: Shown
    months: tuple[MonthCost, ...]
    ahead: tuple[MonthAhead, ...]
    bodies: tuple[Body, ...]
    places: tuple[Place, ...]


def cost_section(facts: Facts, teller: Teller) -> CostSection:
    people, month = facts.compared, facts.window.month
    baseline = teller.money(
        f"cost.baseline|{month}",
        sum(_before(each) for each in people),
        people=len(people),
        largest=_largest(_before(each) for each in people),
    )
    months = _months(facts, people, baseline, teller)
    change = months[-1].change
    everyone = facts.supported
    return CostSection(
        is_shown=baseline.is_shown and change.is_shown,
        level_unit=unit_words(baseline),
        change_unit=unit_words(change),
        supported=teller.count(f"people.supported|{month}", len(everyone)),
        compared=teller.count(f"people.compared|{month}", len(people)),
        everyone=_weekly(f"cost.everyone|{month}", everyone, teller),
        baseline=baseline,
        now=months[-1].cost,
        change=change,
        a_year=teller.a_year(change, Fraction(facts.weeks_per_year)),
        month_before=months[-2].cost,
        months=months,
        ahead=_ahead(facts, people, baseline, teller),
        bodies=_bodies(facts, everyone, teller),
        places=_places(facts, everyone, teller),
    )


def _before(person: PersonFacts) -> int:
    return person.baseline_pence or 0


def _largest(amounts: Iterable[int]) -> int:
    return max((abs(amount) for amount in amounts), default=0)


def _largest_change(people: Sequence[PersonFacts]) -> int:
    """The most that any one person adds to a change in any month, past or ahead."""
    return _largest(
        pence - _before(each)
        for each in people
        for pence in (*each.weekly_by_month, *each.ahead_known, *each.ahead_kept)
    )


def _weekly(name: str, people: Sequence[PersonFacts], teller: Teller) -> Shown:
    amounts = [each.weekly_pence for each in people]
    return teller.money(name, sum(amounts), people=len(people), largest=_largest(amounts))


def _months(facts: Facts, people: Sequence[PersonFacts], baseline: Shown, teller: Teller) -> tuple[MonthCost, ...]:
    """The same people in every month; before a person's first price, what their support cost before."""
    found = []
    largest = _largest_change(people)
    for place, month in enumerate(facts.window.shown):
        pence = sum(each.weekly_by_month[place] - _before(each) for each in people)
        change = teller.money(f"cost.change|{month}", pence, people=len(people), largest=largest, sign=True)
        found.append(MonthCost(str(month), teller.total(baseline, change), change))
    return tuple(found)


def _ahead(facts: Facts, people: Sequence[PersonFacts], baseline: Shown, teller: Teller) -> tuple[MonthAhead, ...]:
    def told(month: Month, which: str, pence: int) -> Shown:
        name = f"cost.ahead.{which}|{facts.window.month}|{month}"
        return teller.total(baseline, teller.money(name, pence, people=len(people), largest=largest))

    largest = _largest_change(people)
    before = sum(_before(each) for each in people)
    found = []
    for place, month in enumerate(facts.window.ahead):
        low = told(month, "low", sum(each.ahead_known[place] for each in people) - before)
        high = told(month, "high", sum(each.ahead_kept[place] for each in people) - before)
        if (low.number or 0) > (high.number or 0):
            low, high = high, low
        found.append(MonthAhead(str(month), low, high))
    return tuple(found)


def _bodies(facts: Facts, people: Sequence[PersonFacts], teller: Teller) -> tuple[Body, ...]:
    """Who pays for everyone supported now, month by month."""
    found = []
    for key in BODIES:
        months = []
        largest = _largest(pence for each in people for pence in each.funders[key])
        for place, month in enumerate(facts.window.shown):
            amounts = [each.funders[key][place] for each in people]
            paid_for = sum(1 for amount in amounts if amount)
            months.append(teller.money(f"cost.body.{key}|{month}", sum(amounts), people=paid_for, largest=largest))
        if is_worth_a_row(*months):
            found.append(Body(key, BODY_LABELS[key], months[-1], tuple(months)))
    return tuple(found)


def _places(facts: Facts, people: Sequence[PersonFacts], teller: Teller) -> tuple[Place, ...]:
    """Where people live, how many lived there a year ago, and what their support costs now."""
    month = facts.window.month
    found = []
    for key, label in PLACES.items():
        there = [each for each in people if each.setting == key]
        earlier = facts.year_earlier.settings_at_end.get(key, 0)
        place = Place(
            key,
            label,
            teller.count(f"place.{key}.people|{month.plus(-12)}", earlier),
            teller.count(f"place.{key}.people|{month}", len(there)),
            _weekly(f"place.{key}.cost|{month}", there, teller),
        )
        if is_worth_a_row(place.people_earlier, place.people):
            found.append(place)
    return tuple(found)
