"""The life pages: how people's lives changed, by domain and measure and whose view; then beside the money."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from commissioning.overview.sustained import Verdict, thresholds
from commissioning.reports.figures.facts import Change, Cost, Facts, PersonFacts
from commissioning.reports.figures.lives import VIEWS, quarters_of
from commissioning.reports.telling import Shown, Teller
from outcomes.models import View

CHANGE_LABELS = {
    Change.BETTER: "Better",
    Change.SAME: "The same",
    Change.WORSE: "Worse",
    Change.NOT_KNOWN: "Not known",
}
COST_LABELS = {
    Cost.LESS: "Costs less",
    Cost.SAME: "Costs about the same",
    Cost.MORE: "Costs more",
}
DOMAIN_ORDER = ("Home", "Relationships", "Daily life", "Choice", "Community", "Health", "Safety", "Rights", "Money")


@dataclass(frozen=True)
class Changes:
    """How many people are better, the same, worse and not known; never one score."""

    label: str
    group: str
    better: Shown
    same: Shown
    worse: Shown
    not_known: Shown
    known: Shown


@dataclass(frozen=True)
class Quarter:
    month: str
    better: Shown
    worse: Shown


@dataclass(frozen=True)
class WhoseView:
    label: str
    people: Shown


@dataclass(frozen=True)
class LivesSection:
    is_shown: bool
    everyone: Changes
    quarters: tuple[Quarter, ...]
    domains: tuple[Changes, ...]
    measures: tuple[Changes, ...]
    views: tuple[WhoseView, ...]
    own_view: Shown


def lives_section(facts: Facts, teller: Teller) -> LivesSection:
    people, month = facts.supported, str(facts.window.month)
    everyone = _changes("All people", "", people, f"life.all|{month}", lambda each: each.life.change, teller)
    domains = _domains(facts)
    return LivesSection(
        is_shown=everyone.known.is_shown and (everyone.known.number or 0) >= 10,
        everyone=everyone,
        quarters=_quarters(facts, people, teller),
        domains=tuple(
            _changes(domain, "", people, f"life.domain.{domain}|{month}", _in_domain(domain), teller)
            for domain in domains
        ),
        measures=tuple(
            _changes(title, domain, people, f"life.measure.{code}|{month}", _in_measure(code), teller)
            for wanted in domains
            for code, title, domain in facts.measures
            if domain == wanted
        ),
        views=tuple(
            WhoseView(
                View(view).label,
                teller.count(f"life.view.{view}|{month}", sum(1 for each in people if each.life.view == view)),
            )
            for view in VIEWS
        ),
        own_view=teller.count(
            f"life.view.own|{month}",
            sum(1 for each in people if each.life.view in (View.PERSON, View.PERSON_SUPPORTED)),
        ),
    )


def _domains(facts: Facts) -> list[str]:
    """Each domain once, in the order of a life rather than of the alphabet."""
    found = dict.fromkeys(domain for _, _, domain in facts.measures)
    order = {name: place for place, name in enumerate(DOMAIN_ORDER)}
    return sorted(found, key=lambda name: order.get(name, len(order)))


def _in_domain(domain: str) -> Callable[[PersonFacts], Change]:
    return lambda person: person.life.domain(domain)


def _in_measure(code: str) -> Callable[[PersonFacts], Change]:
    return lambda person: person.life.measure(code)


def _changes(
    label: str,
    group: str,
    people: Sequence[PersonFacts],
    name: str,
    change_of: Callable[[PersonFacts], Change],
    teller: Teller,
) -> Changes:
    found = [change_of(person) for person in people]
    figure, month = name.split("|")
    told = {change: teller.count(f"{figure}.{change}|{month}", found.count(change)) for change in Change}
    known = len(found) - found.count(Change.NOT_KNOWN)
    return Changes(
        label=label,
        group=group,
        better=told[Change.BETTER],
        same=told[Change.SAME],
        worse=told[Change.WORSE],
        not_known=told[Change.NOT_KNOWN],
        known=teller.count(f"{figure}.known|{month}", known),
    )


def _quarters(facts: Facts, people: Sequence[PersonFacts], teller: Teller) -> tuple[Quarter, ...]:
    """The people compared now, as they were at each quarter."""
    same = [each for each in people if each.life.change is not Change.NOT_KNOWN]
    found = []
    for place, month in enumerate(quarters_of(facts.window)):
        changes = [each.life_by_quarter[place] for each in same]
        if not teller.is_public and set(changes) == {Change.NOT_KNOWN}:
            continue  # a published edition shows such a quarter as hidden, like any other with few people
        found.append(
            Quarter(
                str(month),
                teller.count(f"life.quarter.better|{facts.window.month}|{month}", changes.count(Change.BETTER)),
                teller.count(
                    f"life.quarter.worse|{facts.window.month}|{month}",
                    changes.count(Change.WORSE),
                ),
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class Cell:
    cost: str
    people: Shown


@dataclass(frozen=True)
class GridRow:
    life: str
    label: str
    cells: tuple[Cell, ...]
    people: Shown


@dataclass(frozen=True)
class SustainedRow:
    """How many of those whose support costs less have a saving that is sustained, is not, or is not known to be."""

    label: str
    people: Shown


SUSTAINED_LABELS = {
    Verdict.SUSTAINED: "Sustained: life has held",
    Verdict.NOT_SUSTAINED: "Not sustained",
    Verdict.NOT_KNOWN: "Not known, or too early to say",
}


@dataclass(frozen=True)
class TogetherSection:
    """Change in cost against change in life, as counts of people in each field."""

    is_shown: bool
    compared: Shown
    columns: tuple[str, ...]
    column_totals: tuple[Shown, ...]
    rows: tuple[GridRow, ...]
    aim: Shown
    sustained: tuple[SustainedRow, ...]
    sustained_rule: str
    cheaper_and_worse: Shown
    cheaper_unknown: Shown


def together_section(facts: Facts, teller: Teller) -> TogetherSection:
    people, month = facts.compared, str(facts.window.month)

    def among(name: str, wanted: Callable[[PersonFacts], bool]) -> Shown:
        return teller.count(f"together.{name}|{month}", sum(1 for each in people if wanted(each)))

    rows = []
    for life, label in CHANGE_LABELS.items():
        cells = [Cell(COST_LABELS[cost], among(f"{life}.{cost}", _in_field(life, cost))) for cost in COST_LABELS]
        rows.append(GridRow(life, label, tuple(cells), among(f"{life}", _in_field(life, None))))
    good = (Change.BETTER, Change.SAME)
    compared = teller.count(f"people.compared|{month}", len(people))
    return TogetherSection(
        is_shown=len(people) >= 10,
        compared=compared,
        columns=tuple(COST_LABELS.values()),
        column_totals=tuple(among(f"cost.{cost}", _in_column(cost)) for cost in COST_LABELS),
        rows=tuple(rows),
        sustained=tuple(
            SustainedRow(label, among(f"sustained.{verdict.name.lower()}", _judged(verdict)))
            for verdict, label in SUSTAINED_LABELS.items()
        ),
        sustained_rule=thresholds().in_words,
        aim=among("aim", lambda each: each.cost_change is Cost.LESS and each.life.change in good),
        cheaper_and_worse=among(
            "cheaper.worse", lambda each: each.cost_change is Cost.LESS and each.life.change is Change.WORSE
        ),
        cheaper_unknown=among(
            "cheaper.unknown", lambda each: each.cost_change is Cost.LESS and each.life.change is Change.NOT_KNOWN
        ),
    )


def _in_field(life: Change, cost: Cost | None) -> Callable[[PersonFacts], bool]:
    return lambda person: person.life.change is life and (cost is None or person.cost_change is cost)


def _in_column(cost: Cost) -> Callable[[PersonFacts], bool]:
    return lambda person: person.cost_change is cost


def _judged(verdict: Verdict) -> Callable[[PersonFacts], bool]:
    return lambda person: person.sustained == verdict.value
