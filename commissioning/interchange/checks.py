"""What the database would refuse across rows, said first in words that name both rows."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from decimal import Decimal

from commissioning.core.periods import FinancialYear
from commissioning.interchange.faults import Report
from commissioning.interchange.merging import Entry, Merged
from finance.models import Basis
from people.models import NOT_HOMES, Plan

FULL = Decimal(100)
FOREVER = dt.date.max
ONE_DAY = dt.timedelta(days=1)


def check_together(merged: Mapping[str, Merged], report: Report) -> None:
    """Overlaps, shares above 100%, numbers held twice, references that do not belong together."""
    _overlaps(merged["placements.csv"], "two homes on the same day", _home, report)
    _overlaps(merged["suspensions.csv"], "two suspensions on the same day", _suspended, report)
    _overlaps(merged["calendars.csv"], "a calendar lists a day once", _listed, report)
    _overlaps(merged["cost_lines.csv"], "two prices of one kind and label on the same day", _price, report)
    _shares(merged["funding.csv"], report)
    _nhs_numbers(merged["people.csv"], report)
    _plans(merged["plans.csv"], report)
    _lines_of_their_placement(merged, report)
    _placements_of_their_person(merged, "incidents.csv", report)
    _placements_of_their_person(merged, "planned_changes.csv", report)
    _budgets(merged, report)
    _lines_of_their_agreement(merged, report)


def grouped(entries: Iterable[Entry], group: Callable[[Entry], Hashable | None]) -> Iterator[list[Entry]]:
    """Entries by group, for the groups that the file touches."""
    groups: dict[Hashable, list[Entry]] = defaultdict(list)
    for entry in entries:
        if (name := group(entry)) is not None:
            groups[name].append(entry)
    return (each for each in groups.values() if any(entry.number is not None for entry in each))


def last_day(entry: Entry) -> dt.date:
    return entry.values["end"] or FOREVER


def place(entry: Entry) -> str:
    """Where an entry stands, for a message."""
    name = ", ".join(part for part in entry.key if part)
    return f"row {entry.number} ({name})" if entry.number else f"{name}, which is stored already"


def _home(entry: Entry) -> Hashable | None:
    values = entry.values
    return None if values["setting"] in NOT_HOMES or values["double_running"] else values["person_ref"]


def _suspended(entry: Entry) -> Hashable | None:
    return str(entry.values["placement_ref"])


def _price(entry: Entry) -> Hashable | None:
    values = entry.values
    if values["basis"] == Basis.ONE_OFF:
        return None
    return (values["placement_ref"], values["contract_ref"], values["kind"], values["label"])


def _listed(entry: Entry) -> Hashable | None:
    return str(entry.values["calendar"])


HOW = {
    "placements.csv": "End the first before the second starts, or mark one double_running.",
    "suspensions.csv": "End the first before the second starts.",
    "calendars.csv": "End the first before the second starts.",
    "cost_lines.csv": "End the first before the second starts, or give one another label.",
}


def _overlaps(merged: Merged, what: str, group: Callable[[Entry], Hashable | None], report: Report) -> None:
    file = merged.table.file
    for entries in grouped(merged.entries.values(), group):
        entries.sort(key=lambda entry: (entry.values["start"], entry.number or 0))
        longest = entries[0]
        for entry in entries[1:]:
            if entry.values["start"] <= last_day(longest) and (entry.number or longest.number):
                at, other = (entry, longest) if entry.number else (longest, entry)
                message = f"This overlaps {place(other)}: {what}. {HOW[file]}"
                report.fault(file, at.number, "start", at.values["start"].isoformat(), message)
            if last_day(entry) > last_day(longest):
                longest = entry


def _shares(merged: Merged, report: Report) -> None:
    """Shares of a placement, or of one line, add up to at most 100% on every day."""
    for entries in grouped(merged.entries.values(), lambda e: (e.values["placement_ref"], e.values["line_ref"])):
        for day in sorted({entry.values["start"] for entry in entries}):
            on_day = [entry for entry in entries if entry.values["start"] <= day <= last_day(entry)]
            total = sum((entry.values["percent"] for entry in on_day), Decimal(0))
            rows = sorted((entry for entry in on_day if entry.number), key=lambda entry: entry.number or 0)
            if total > FULL and rows:
                _too_much(rows[-1], on_day, day, total, report)
                break


def _too_much(at: Entry, on_day: list[Entry], day: dt.date, total: Decimal, report: Report) -> None:
    others = "; ".join(place(entry) for entry in on_day if entry is not at)
    message = (
        f"Shares add up to {total.normalize():f}% on {day.isoformat()}, with {others}. "
        "Lower a percentage, or end one before another starts."
    )
    report.fault("funding.csv", at.number, "percent", f"{at.values['percent'].normalize():f}", message)


def _nhs_numbers(merged: Merged, report: Report) -> None:
    for entries in grouped(merged.entries.values(), lambda entry: entry.values["nhs_number"] or None):
        if len(entries) > 1:
            entries.sort(key=lambda entry: entry.number or 0)
            at = entries[-1]
            message = f"{place(entries[0])} has the same NHS number. Check both, or leave one empty."
            report.fault(
                "people.csv", at.number, "nhs_number", at.values["nhs_number"], f"{message[0].upper()}{message[1:]}"
            )


def _plans(merged: Merged, report: Report) -> None:
    """A person has at most one agreed plan and one draft."""
    for status in (Plan.Status.AGREED, Plan.Status.DRAFT):
        same = [entry for entry in merged.entries.values() if entry.values["status"] == status]
        for entries in grouped(same, lambda entry: entry.values["person_ref"]):
            if len(entries) > 1:
                entries.sort(key=lambda entry: entry.number or 0)
                message = (
                    f"A person has one plan that is {status}; so is {place(entries[0])}. Mark the older one replaced."
                )
                report.fault("plans.csv", entries[-1].number, "status", status, message)


def _lines_of_their_placement(merged: Mapping[str, Merged], report: Report) -> None:
    lines = merged["cost_lines.csv"].entries
    for entry in merged["funding.csv"].in_file:
        line = lines.get((entry.values["line_ref"] or "",))
        if line is not None and line.values["placement_ref"] != entry.values["placement_ref"]:
            of = line.values["placement_ref"]
            message = f"This line belongs to the placement {of}. Correct line_ref or placement_ref."
            if of is None:
                message = f"This line belongs to the contract {line.values['contract_ref']}. Leave placement_ref empty."
            report.fault("funding.csv", entry.number, "line_ref", entry.values["line_ref"], message)


def _placements_of_their_person(merged: Mapping[str, Merged], file: str, report: Report) -> None:
    placements = merged["placements.csv"].entries
    for entry in merged[file].in_file:
        placement = placements.get((entry.values["placement_ref"] or "",))
        if placement is not None and placement.values["person_ref"] != entry.values["person_ref"]:
            message = f"This placement is {placement.values['person_ref']}’s. Correct placement_ref or person_ref."
            report.fault(file, entry.number, "placement_ref", entry.values["placement_ref"], message)


def _budgets(merged: Mapping[str, Merged], report: Report) -> None:
    """A partner has one budget a year in each pool, and its changes fall in the year."""
    budgets = merged["budgets.csv"]
    for entries in grouped(budgets.entries.values(), lambda e: tuple(e.values[n] for n in ("year", "partner", "pool"))):
        if len(entries) > 1:
            entries.sort(key=lambda entry: entry.number or 0)
            message = (
                f"The same partner, year and pool as {place(entries[0])}. Add the two up, or name the pools apart."
            )
            report.fault("budgets.csv", entries[-1].number, "partner", entries[-1].values["partner"], message)
    for entry in merged["budget_changes.csv"].in_file:
        budget = budgets.entries.get((entry.values["budget_ref"] or "",))
        if budget is None or entry.values["on"] is None:
            continue
        year = FinancialYear(budget.values["year"])
        if FinancialYear.of(entry.values["on"]) != year:
            message = f"The budget is of {year.label}. Write a day from {year.first} to {year.last}."
            report.fault("budget_changes.csv", entry.number, "on", entry.values["on"].isoformat(), message)


def _lines_of_their_agreement(merged: Mapping[str, Merged], report: Report) -> None:
    lines = merged["risk_share_lines.csv"].entries
    for file in ("risk_share_percents.csv", "risk_share_contributions.csv"):
        for entry in merged[file].in_file:
            line = lines.get((entry.values["line_ref"] or "",))
            if line is not None and line.values["agreement_ref"] != entry.values["agreement_ref"]:
                agreement = line.values["agreement_ref"]
                message = f"This line belongs to the agreement {agreement}. Correct line_ref or agreement_ref."
                report.fault(file, entry.number, "line_ref", entry.values["line_ref"], message)
