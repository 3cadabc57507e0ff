"""The live total of “Log a placement”: what the rows that are complete so far come to."""

import datetime as dt
from dataclasses import dataclass

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import PartnershipOrganisation
from commissioning.core.money import to_pence
from commissioning.overview.forms.costs_page import CostsPage
from finance.models import Baseline
from finance.queries.costs import annual
from finance.queries.preview import ProposedLine, ProposedShare, preview_costs
from people.models import Person


@dataclass(frozen=True)
class PlacementTotals:
    """The live total: whole pence, changes None without a baseline, the annual one by the partnership's weeks."""

    on: dt.date
    weekly_pence: int
    line_weekly_pence: tuple[int, ...]
    by_funder: tuple[tuple[str, int], ...]
    uncovered_weekly_pence: int
    once_pence: int
    baseline_weekly_pence: int | None
    weekly_change_pence: int | None
    annual_change_pence: int | None
    weeks_per_year: str

    @property
    def is_covered(self) -> bool:
        return self.uncovered_weekly_pence == 0


def totals_of(actor: Actor, person: Person, page: CostsPage, start: dt.date) -> PlacementTotals:
    """The weekly total of the rows that are complete so far, against the person's baseline (cost rules 4, 6 to 8)."""
    codes = dict(
        PartnershipOrganisation.objects.filter(partnership=actor.partnership).values_list("organisation_id", "code")
    )
    complete = [place for place, line in enumerate(page.lines) if line.is_valid()]
    lines = [_proposed_line(page, place) for place in complete]
    shares, names = [], {}
    for share in page.answered_shares:
        if not share.is_valid() or (share.line is not None and share.line not in complete):
            continue
        funder = share.cleaned_data["funder"]
        names[codes[funder.pk]] = funder.name
        line = None if share.line is None else complete.index(share.line)
        shares.append(ProposedShare(line, codes[funder.pk], share.cleaned_data["percent"], start))
    preview = preview_costs(lines, shares, start)
    weekly_by_place = dict(zip(complete, preview.line_weekly_pence, strict=True))
    baseline = Baseline.objects.filter(person=person).first()
    before = None if baseline is None else to_pence(baseline.weekly_cost)
    change = None if before is None else preview.weekly_pence - before
    return PlacementTotals(
        on=start,
        weekly_pence=preview.weekly_pence,
        line_weekly_pence=tuple(weekly_by_place.get(place, 0) for place in range(len(page.lines))),
        by_funder=tuple((names[code], pence) for code, pence in preview.funder_weekly_pence),
        uncovered_weekly_pence=preview.uncovered_weekly_pence,
        once_pence=preview.once_pence,
        baseline_weekly_pence=before,
        weekly_change_pence=change,
        annual_change_pence=None if change is None else annual(change, actor.partnership.weeks_in_a_year),
        weeks_per_year=actor.partnership.weeks_per_year,
    )


def _proposed_line(page: CostsPage, place: int) -> ProposedLine:
    line = page.lines[place].new_line()
    return ProposedLine(line.basis, line.amount, line.units_per_week, line.start, line.end)
