"""Homes, moves, hospital and incidents; how steady support is; what the records lack."""

from collections.abc import Callable
from dataclasses import dataclass

from commissioning.reports.figures.facts import Facts, Tally, YearFacts
from commissioning.reports.telling import Shown, Teller


@dataclass(frozen=True)
class Happened:
    """One line of the activity table: twelve months, beside the twelve before."""

    key: str
    label: str
    is_part: bool
    earlier: Shown
    now: Shown


@dataclass(frozen=True)
class Steadiness:
    """How steady homes are, over all providers."""

    providers: Shown
    homes: Shown
    over_a_year: Shown
    ended_badly: Shown
    contracts_ending: Shown


@dataclass(frozen=True)
class HomesSection:
    happened: tuple[Happened, ...]
    out_of_area: Shown
    out_of_area_earlier: Shown
    in_hospital: Shown
    moved_home: Shown
    steadiness: Steadiness


def homes_section(facts: Facts, teller: Teller) -> HomesSection:
    lines = _lines(facts, teller)
    by_key = {line.key: line for line in lines}
    month = str(facts.window.month)
    homes = sum(each.homes for each in facts.providers)
    return HomesSection(
        happened=lines,
        out_of_area=by_key["out_of_area"].now,
        out_of_area_earlier=by_key["out_of_area"].earlier,
        in_hospital=by_key["in_hospital"].now,
        moved_home=by_key["moves"].now,
        steadiness=Steadiness(
            providers=teller.count(f"providers|{month}", sum(1 for each in facts.providers if each.homes)),
            homes=teller.count(f"homes|{month}", homes),
            over_a_year=teller.count(f"homes.year|{month}", sum(each.homes_over_a_year for each in facts.providers)),
            ended_badly=teller.count(f"homes.ended_badly|{month}", sum(each.ended_badly for each in facts.providers)),
            contracts_ending=teller.count(f"contracts.ending|{month}", len(facts.contracts)),
        ),
    )


def _lines(facts: Facts, teller: Teller) -> tuple[Happened, ...]:
    def counted(key: str, label: str, number: Callable[[YearFacts], int], *, part: bool = False) -> Happened:
        return Happened(key, label, part, *_both(facts, teller, key, number))

    def summed(key: str, label: str, tally: Callable[[YearFacts], Tally]) -> Happened:
        told = []
        for year, name in _years(facts):
            found = tally(year)
            told.append(teller.amount(f"{key}|{name}", found.times, people=found.people, largest=found.largest))
        return Happened(key, label, False, *told)

    return (
        counted("moves", "People who moved to a home of their own", lambda year: year.to_own_home.people),
        counted("out_of_area", "People living outside our area at the end", lambda year: year.out_of_area_at_end),
        counted("in_hospital", "People in hospital at the end", lambda year: year.in_hospital_at_end),
        counted("admissions", "People admitted to hospital", lambda year: year.admissions.people),
        summed("hospital.days", "Days spent in hospital", lambda year: year.hospital_days),
        counted(
            "incidents.people",
            "People with an incident that needed treatment or was severe",
            lambda year: year.harmful_incidents.people,
        ),
        summed("incidents", "Incidents of every kind", lambda year: year.incidents),
        counted("restraint.people", "People held or restrained", lambda year: year.restraints.people),
        counted("reached_18", "Young people in transition who reached 18", lambda year: year.reached_18),
        Happened("transition.residential", "of whom moved into residential care", True, *_residential(facts, teller)),
    )


def _years(facts: Facts) -> tuple[tuple[YearFacts, str], ...]:
    month = facts.window.month
    return (facts.year_earlier, f"year to {month.plus(-12)}"), (facts.year, f"year to {month}")


def _both(facts: Facts, teller: Teller, key: str, number: Callable[[YearFacts], int]) -> tuple[Shown, Shown]:
    earlier, now = (
        teller.count(f"{key}|{name}", number(year), among=year.supported_at_end) for year, name in _years(facts)
    )
    return earlier, now


def _residential(facts: Facts, teller: Teller) -> tuple[Shown, Shown]:
    """A true nought is told only among ten young people or more."""
    earlier, now = (
        teller.count(f"transition.residential|{name}", year.reached_18_residential, among=year.reached_18)
        for year, name in _years(facts)
    )
    return earlier, now


@dataclass(frozen=True)
class Finding:
    """Something missing, or that does not fit together."""

    label: str
    shown: Shown
    of: Shown | None
    note: str


@dataclass(frozen=True)
class QualitySection:
    findings: tuple[Finding, ...]
    late: Shown
    uncovered: Shown
    without_baseline: Shown
    frameworks: tuple[str, ...]


def quality_section(facts: Facts, teller: Teller) -> QualitySection:
    quality, month = facts.quality, str(facts.window.month)

    def count(name: str, number: int) -> Shown:
        return teller.count(f"quality.{name}|{month}", number)

    supported = teller.count(f"people.supported|{month}", len(facts.supported))
    due = count("checklists.due", quality.checklists_due)
    without = count("baseline", len(quality.without_baseline))
    uncovered = count("uncovered", quality.uncovered_people)
    late = count("checklists.late", quality.checklists_due - quality.checklists_in)
    findings = (
        Finding("Checklists not in for the month", late, due, "Lives are told from what came in."),
        Finding("People without a known cost before", without, supported, "Left out of every comparison with before."),
        Finding(
            "People whose cost before was for something else",
            count("scope", len(quality.other_scope)),
            supported,
            "An all-in price, such as a hospital’s, against support alone; left out too.",
        ),
        Finding(
            "People whose support has ended",
            count("ended", quality.support_ended),
            None,
            "Not counted as a saving.",
        ),
        Finding("People with days that no funder’s share covers", uncovered, supported, "Shown as paid by nobody yet."),
        Finding(
            "People with a home but no price",
            count("price", len(quality.without_cost)),
            None,
            "Their cost is missing from the totals.",
        ),
    )
    return QualitySection(findings, late, uncovered, without, facts.measure_notes)
