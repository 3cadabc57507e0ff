"""The lines behind a figure of the pooled budget: a step of its forecast, or a part of its variance."""

import datetime as dt
from dataclasses import dataclass

from commissioning.core.periods import day_after
from finance import ledger
from finance.models import CostLine, PlannedChange
from finance.queries.budget_pages import IN_COSTS, MEANINGS, PART_WORDS, STEPS, BudgetPage
from finance.queries.forecast import clip_to_placements, planned_by_change, rise_of, with_funders
from finance.queries.variance import EXPECTED, PARTS, Source

MOST_LINES = 200
STEP_MEANINGS = {
    "ends": "A price without a last day stops at its placement’s last day. What recorded prices count beyond that is "
    "taken off.",
    "planned": "What is expected and is no price yet: a weekly amount from its day, or from now where that has passed.",
    "assumed": "Prices that began before the day of the uplift rise by the expected percentage from that day. What "
    "people pay themselves, nursing contributions and one-offs do not.",
}


@dataclass(frozen=True)
class BehindLine:
    """A cost line, or a planned change, with what it adds to a figure in pence."""

    line: CostLine | None
    change: PlannedChange | None
    person: str
    pence: int

    @property
    def reference(self) -> str:
        of = self.line or self.change
        return of.reference if of else ""


@dataclass(frozen=True)
class Behind:
    """What makes a figure, the largest effect first. `less_pence` is the budget that no line makes."""

    label: str
    meaning: str
    partner: str
    rows: tuple[BehindLine, ...]
    less_pence: int = 0

    @property
    def lines_pence(self) -> int:
        return sum(row.pence for row in self.rows)

    @property
    def pence(self) -> int:
        return self.lines_pence - self.less_pence

    @property
    def shown(self) -> tuple[BehindLine, ...]:
        return self.rows[:MOST_LINES]

    @property
    def rest_count(self) -> int:
        return len(self.rows) - len(self.shown)

    @property
    def rest_pence(self) -> int:
        return self.lines_pence - sum(row.pence for row in self.shown)

    @property
    def people_ids(self) -> tuple[int, ...]:
        found = {row.line.placement.person_id for row in self.shown if row.line and row.line.placement}
        return tuple(found | {row.change.person_id for row in self.shown if row.change and row.change.person_id})


def behind(page: BudgetPage, part: str, partner: str | None) -> Behind | None:
    """What makes a step of the forecast or a part of the variance; None for a part there is not. Two queries."""
    less = 0
    if part in STEPS and part not in IN_COSTS:
        label, meaning, sources = STEPS[part], STEP_MEANINGS[part], _step_sources(page, part, partner)
    elif part in PARTS:
        sources = page.explained.sources(part, partner)
        less = page.explained.budget_of(partner) if part == "built" else 0
        label, meaning = PART_WORDS[part], MEANINGS[part]
    else:
        return None
    names = dict(zip(page.codes, page.columns, strict=True))
    return Behind(label, meaning, names.get(partner, partner or ""), _rows(page, sources), less)


def _step_sources(page: BudgetPage, step: str, partner: str | None) -> dict[Source, int]:
    """What each line or planned change adds to a step of the forecast."""
    book, assumed, year = with_funders(page.book, page.found.assumed.changes), page.found.assumed, page.year
    if step == "planned":
        by_change = planned_by_change(book, year, assumed)
        return {Source(0, key): _of(amounts, partner) for key, amounts in by_change.items() if _of(amounts, partner)}
    clipped = clip_to_placements(book.lines, assumed.ends)
    found: dict[Source, int] = {}
    runs: list[tuple[ledger.LineTable, dt.date, int]] = []
    rest = year.first if assumed.upto is None else day_after(assumed.upto)
    if step == "assumed":
        runs = [(rise_of(book, clipped, year, assumed.uplift, EXPECTED), year.first, 1)]
    elif rest <= year.last:
        runs = [(clipped, rest, 1), (book.lines, rest, -1)]
    for lines, first, sign in runs:
        totals = ledger.totals(lines, book.shares, [ledger.Period(first, year.last)], lines.line)
        rows = zip(totals.group.tolist(), totals.funder.tolist(), totals.pence.tolist(), strict=True)
        for line, funder, pence in rows:
            if partner in (None, book.funder_name(funder)):
                found[Source(line)] = found.get(Source(line), 0) + sign * pence
    return {source: pence for source, pence in found.items() if pence}


def _of(amounts: dict[str, int], partner: str | None) -> int:
    return sum(pence for code, pence in amounts.items() if partner in (None, code))


def _rows(page: BudgetPage, sources: dict[Source, int]) -> tuple[BehindLine, ...]:
    lines = CostLine.objects.visible_to(page.actor).select_related(
        "placement__person", "placement__provider", "contract__provider"
    )
    found = lines.in_bulk([source.line for source in sources if not source.change])
    planned = {change.reference: change for change in page.found.planned}
    rows = []
    for source, pence in sources.items():
        line, change = found.get(source.line), planned.get(source.change)
        person = line.placement.person if line and line.placement else change.person if change else None
        rows.append(BehindLine(line, change, person.label_for(page.actor) if person else "", pence))
    return tuple(sorted(rows, key=lambda row: (-abs(row.pence), row.reference)))
