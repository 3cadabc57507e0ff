"""What the pages of risk share show beside the figures: summaries, what may be done, whose records are read."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role
from commissioning.core.periods import FinancialYear
from finance.models import (
    RiskShareAgreement,
    RiskShareContribution,
    RiskShareLine,
    RiskSharePercent,
    RiskShareTransfer,
)
from finance.queries.risk_share import APPROVERS, PeriodState, Shown, agreements_of, states_of, years_of


@dataclass(frozen=True)
class Summary:
    """An agreement in the list, with its latest period that is over and whatever waits for approval."""

    agreement: RiskShareAgreement
    partners: tuple[str, ...]
    is_in_force: bool
    waiting: tuple[PeriodState, ...]
    not_prepared: tuple[PeriodState, ...]


@dataclass(frozen=True)
class YearOfContributions:
    """A financial year's contributions: each with its line where there is one. Pounds."""

    year: FinancialYear
    rows: tuple[RiskShareContribution, ...]

    @property
    def total(self) -> Decimal:
        return sum((row.amount for row in self.rows), Decimal(0))


@dataclass(frozen=True)
class LineShown:
    line: RiskShareLine
    percents: tuple[RiskSharePercent, ...]


@dataclass(frozen=True)
class AgreementPage:
    """All of an agreement on its page. `transfers` are (row, name of the person for this reader)."""

    percents: tuple[RiskSharePercent, ...]
    years: tuple[YearOfContributions, ...]
    lines: tuple[LineShown, ...]
    transfers: tuple[RiskShareTransfer, ...]
    transfer_names: tuple[tuple[RiskShareTransfer, str], ...]
    states: tuple[PeriodState, ...]


@dataclass(frozen=True)
class Acts:
    """What this reader may do with a statement now, and why not where that is worth saying."""

    can_prepare: bool
    can_approve: bool
    can_close: bool
    can_withdraw: bool
    is_over: bool
    missing: tuple[str, ...]
    has_approved: bool


def summaries_of(actor: Actor, today: dt.date) -> list[Summary]:
    """The partnership's agreements with what waits."""
    return [_summary(agreement, today) for agreement in agreements_of(actor)]


def _summary(agreement: RiskShareAgreement, today: dt.date) -> Summary:
    states = states_of(agreement, today)
    partners = [row.partner.name for row in agreement.percents.all() if row.line_id is None]
    return Summary(
        agreement,
        tuple(sorted(partners)),
        agreement.start <= today and (agreement.end is None or agreement.end >= today),
        tuple(state for state in states if state.statement and state.statement.is_waiting),
        tuple(state for state in states if state.statement is None and state.is_over),
    )


def page_of(actor: Actor, agreement: RiskShareAgreement, today: dt.date) -> AgreementPage:
    percents = list(agreement.percents.select_related("partner", "line").order_by("partner__name"))
    contributions = list(agreement.contributions.select_related("partner", "line"))
    transfers = list(agreement.transfers.select_related("person", "partner").order_by("moved_on", "person__reference"))
    return AgreementPage(
        percents=tuple(row for row in percents if row.line_id is None),
        years=tuple(_year(year, contributions) for year in years_of(agreement, today)),
        lines=tuple(
            LineShown(line, tuple(row for row in percents if row.line_id == line.pk))
            for line in agreement.lines.order_by("reference")
        ),
        transfers=tuple(transfers),
        transfer_names=tuple((row, row.person.label_for(actor)) for row in transfers),
        states=tuple(states_of(agreement, today)),
    )


def _year(year: FinancialYear, rows: Sequence[RiskShareContribution]) -> YearOfContributions:
    own = [row for row in rows if row.year == year.start]
    key = [(row.line.reference if row.line else "~", row.partner.name, row) for row in own]
    return YearOfContributions(year, tuple(row for *_, row in sorted(key, key=lambda each: each[:2])))


def acts_on(actor: Actor, shown: Shown, today: dt.date) -> Acts:
    """By role and state; the actions refuse the rest."""
    pays = actor.role in APPROVERS
    mine = actor.user.pk if actor.user else None
    given = {each.role for each in shown.approvals}
    has_approved = any(each.by_id == mine for each in shown.approvals)
    waits = pays and shown.is_waiting and shown.is_latest
    is_over = shown.period.is_over(today)
    return Acts(
        can_prepare=pays and is_over and shown.is_latest and not shown.is_waiting and not shown.problem,
        can_approve=waits and not has_approved and actor.role not in given,
        can_close=waits and shown.is_approved,
        can_withdraw=waits,
        is_over=is_over,
        missing=tuple(Role(role).label.lower() for role in APPROVERS if role not in given),
        has_approved=has_approved,
    )


def people_in(shown: Shown) -> list[int]:
    """Whose records a statement shows: people who moved with in-patient money."""
    if not shown.inputs or not shown.inputs.transfers:
        return []
    moved = RiskShareTransfer.objects.filter(agreement=shown.agreement, moved_on__lte=shown.period.last)
    return list(moved.values_list("person", flat=True))
