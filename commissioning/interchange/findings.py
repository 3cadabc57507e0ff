"""What is allowed and worth a look: support, money and checklists whose days do not fit together."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from commissioning.core.periods import Month, day_after, day_before
from commissioning.interchange.cells import plain
from commissioning.interchange.checks import FOREVER, last_day
from commissioning.interchange.faults import Report
from commissioning.interchange.merging import Entry, Merged
from finance.models import Basis

# A total of 99.99 or more counts as 100 (cost rule 4).
AS_GOOD_AS_ALL = Decimal("99.99")


def find(merged: Mapping[str, Merged], report: Report) -> None:
    """Adds the findings of the rows in the files."""
    placements = {key[0]: entry for key, entry in merged["placements.csv"].entries.items()}
    _outside(merged["cost_lines.csv"], placements, "This price", report)
    _outside(merged["funding.csv"], placements, "This share", report)
    _not_covered(merged, report)
    _blocks(merged, report)
    _other_contract(merged, report)
    _no_placement(merged["checklists.csv"], placements.values(), report)


def line_days(entry: Entry) -> tuple[dt.date, dt.date]:
    """First and last day; a one-off is its first day alone."""
    first: dt.date = entry.values["start"]
    return (first, first) if entry.values.get("basis") == Basis.ONE_OFF else (first, last_day(entry))


def _until(day: dt.date) -> str:
    return "with no end" if day == FOREVER else f"to {day.isoformat()}"


def _outside(merged: Merged, placements: Mapping[str, Entry], what: str, report: Report) -> None:
    for entry in merged.in_file:
        placement = placements.get(entry.values["placement_ref"])
        if placement is None:
            continue
        first, last = line_days(entry)
        begins, ends = placement.values["start"], last_day(placement)
        if first < begins or last > ends:
            message = (
                f"{what} ({first.isoformat()} {_until(last)}) reaches outside the placement {placement.key[0]} "
                f"({begins.isoformat()} {_until(ends)})."
            )
            report.finding(merged.table.file, entry.number, message)


def _not_covered(merged: Mapping[str, Merged], report: Report) -> None:
    """Days of a price for which no share, or less than all, is known: their cost has no funder."""
    shares: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for share in merged["funding.csv"].entries.values():
        shares[(share.values["placement_ref"] or "", share.values["line_ref"] or "")].append(share)
    for line in merged["cost_lines.csv"].in_file:
        placement = line.values["placement_ref"] or ""
        if not placement and (placement, line.key[0]) not in shares:
            continue  # each part has its placement's shares: what is void is found below
        applying = shares.get((placement, line.key[0])) or shares.get((placement, ""), [])
        gap = first_gap(line, applying)
        if gap is not None:
            first, last, percent = gap
            known = f"only {plain(percent)}% has a funder" if percent else "no share says who pays"
            message = f"From {first.isoformat()} {_until(last)} {known} for {line.key[0]}."
            report.finding("cost_lines.csv", line.number, message)


def _blocks(merged: Mapping[str, Merged], report: Report) -> None:
    """Contracts' prices outside the contract's days, with more placements than places, or void that nobody pays."""
    with_own = {share.values["line_ref"] for share in merged["funding.csv"].entries.values()}
    placed: dict[str, list[Entry]] = defaultdict(list)
    for placement in merged["placements.csv"].entries.values():
        placed[placement.values["contract_ref"] or ""].append(placement)
    for line in merged["cost_lines.csv"].in_file:
        contract = merged["contracts.csv"].entries.get((line.values["contract_ref"] or "",))
        if contract is None:
            continue
        for message in (
            _outside_contract(line, contract),
            _crowded(line, placed[contract.key[0]]),
            None if line.key[0] in with_own else _void(line, placed[contract.key[0]]),
        ):
            if message:
                report.finding("cost_lines.csv", line.number, message)


def _outside_contract(line: Entry, contract: Entry) -> str | None:
    first, last = line_days(line)
    begins, ends = contract.values["start"], last_day(contract)
    if first >= begins and last <= ends:
        return None
    return (
        f"This price ({first.isoformat()} {_until(last)}) reaches outside the contract {contract.key[0]} "
        f"({begins.isoformat()} {_until(ends)})."
    )


def _crowded(line: Entry, placed: list[Entry]) -> str | None:
    places = line.values["capacity"]
    for day, count in _occupancy(line, placed):
        if count > places:
            return f"From {day.isoformat()}, {count} placements share the {places} places of {line.key[0]}."
    return None


def _void(line: Entry, placed: list[Entry]) -> str | None:
    places = line.values["capacity"]
    for day, count in _occupancy(line, placed):
        if count < places:
            return (
                f"From {day.isoformat()}, {places - count} of the {places} places of {line.key[0]} are void, and no "
                "share of its own says who pays for them."
            )
    return None


def _occupancy(line: Entry, placed: list[Entry]) -> Iterator[tuple[dt.date, int]]:
    """The line's first day and those on which somebody comes or has gone, with how many placements there are."""
    first, last = line_days(line)
    days = {first} | {each.values["start"] for each in placed}
    days |= {day_after(each.values["end"]) for each in placed if each.values["end"]}
    for day in sorted(day for day in days if first <= day <= last):
        yield day, sum(each.values["start"] <= day <= last_day(each) for each in placed)


def first_gap(line: Entry, shares: list[Entry]) -> tuple[dt.date, dt.date, Decimal] | None:
    """The first days of a line whose shares are below 100%, and what they add up to."""
    first, last = line_days(line)
    starts = {first} | {share.values["start"] for share in shares}
    starts |= {day_after(share.values["end"]) for share in shares if share.values["end"]}
    days = sorted(day for day in starts if first <= day <= last)
    for number, day in enumerate(days):
        total = sum((s.values["percent"] for s in shares if s.values["start"] <= day <= last_day(s)), Decimal(0))
        if total < AS_GOOD_AS_ALL:
            return day, day_before(days[number + 1]) if number + 1 < len(days) else last, total
    return None


def _other_contract(merged: Mapping[str, Merged], report: Report) -> None:
    contracts = merged["contracts.csv"].entries
    for entry in merged["placements.csv"].in_file:
        contract = contracts.get((entry.values["contract_ref"] or "",))
        if contract is not None and contract.values["provider"] != entry.values["provider"]:
            message = (
                f"The contract {contract.key[0]} is with {contract.values['provider']}, not {entry.values['provider']}."
            )
            report.finding("placements.csv", entry.number, message)


def _no_placement(checklists: Merged, placements: Iterable[Entry], report: Report) -> None:
    """Checklists from a provider that had no placement of the person in that month, said once each."""
    supported: dict[tuple[str, str], list[tuple[dt.date, dt.date]]] = defaultdict(list)
    for placement in placements:
        who = (placement.values["person_ref"], placement.values["provider"])
        supported[who].append((placement.values["start"], last_day(placement)))
    said: set[tuple[str, str, dt.date]] = set()
    for entry in checklists.in_file:
        who = (entry.values["person_ref"], entry.values["provider"])
        first: dt.date = entry.values["month"]
        if (*who, first) in said:
            continue
        said.add((*who, first))
        last = Month.of(first).last
        if not any(begins <= last and ends >= first for begins, ends in supported[who]):
            message = f"{who[1]} had no placement of {who[0]} in {first:%Y-%m}, but sent a checklist."
            report.finding("checklists.csv", entry.number, message)
