"""Risk share: agreements, their periods, what each period is made from, and the statements that were kept."""

import datetime as dt
from dataclasses import dataclass

from django.http import Http404

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role
from finance import risk_share
from finance.models import RiskShareAgreement, RiskShareApproval, RiskShareStatement
from finance.queries.risk_share.gathering import Draft, draft_of
from finance.queries.risk_share.periods import StatementPeriod, months_in_force, period_for, periods_of, years_of
from finance.risk_share import Inputs, Statement

APPROVERS = (Role.COMMISSIONER, Role.FINANCE_OFFICER)


@dataclass(frozen=True)
class PeriodState:
    """A period in the list: the statement that counts or waits, and what it came to where one is kept."""

    period: StatementPeriod
    statement: RiskShareStatement | None
    variance_pence: int | None
    is_over: bool


@dataclass(frozen=True)
class Shown:
    """A period's statement as a page, a file and a print show it.

    `kept` is the statement that was prepared or closed; without one the figures are as the records stand now. `found`
    is None where there can be no statement, and `problem` says why. `has_moved`: the records have changed since.
    """

    agreement: RiskShareAgreement
    period: StatementPeriod
    kept: RiskShareStatement | None
    inputs: Inputs | None
    found: Statement | None
    problem: str
    has_moved: bool
    unallocated_pence: int
    others_pence: int
    approvals: tuple[RiskShareApproval, ...]
    revisions: tuple[RiskShareStatement, ...]

    @property
    def is_closed(self) -> bool:
        return self.kept is not None and self.kept.is_closed

    @property
    def is_waiting(self) -> bool:
        return self.kept is not None and self.kept.is_waiting

    @property
    def is_approved(self) -> bool:
        return {each.role for each in self.approvals} == set(APPROVERS)

    @property
    def is_latest(self) -> bool:
        return self.kept is None or not self.revisions or self.kept.pk == self.revisions[0].pk


def agreements_of(actor: Actor) -> list[RiskShareAgreement]:
    """The partnership's agreements. Two queries."""
    return list(RiskShareAgreement.objects.visible_to(actor).prefetch_related("percents__partner"))


def agreement_for(actor: Actor, reference: str) -> RiskShareAgreement:
    """Raises Http404 out of scope."""
    found = RiskShareAgreement.objects.visible_to(actor).filter(reference=reference)
    agreement = found.select_related("partnership", "first_bearer").first()
    if agreement is None:
        raise Http404
    return agreement


def states_of(agreement: RiskShareAgreement, today: dt.date) -> list[PeriodState]:
    """Each period that has begun with the statement that counts for it, the latest period first. One query."""
    latest: dict[dt.date, RiskShareStatement] = {}
    for statement in agreement.statements.exclude(state=RiskShareStatement.State.WITHDRAWN).order_by("revision"):
        latest[statement.first] = statement
    return [
        PeriodState(period, latest.get(period.first), _variance(latest.get(period.first)), period.is_over(today))
        for period in periods_of(agreement, today)
    ]


def _variance(statement: RiskShareStatement | None) -> int | None:
    return risk_share.thawed_inputs(statement.inputs).variance_pence if statement else None


def shown(actor: Actor, agreement: RiskShareAgreement, period: StatementPeriod, revision: int | None = None) -> Shown:
    """The statement of a period: the latest not taken back, or one revision. Raises Http404 where there is no such."""
    revisions = tuple(
        agreement.statements.filter(first=period.first)
        .exclude(state=RiskShareStatement.State.WITHDRAWN)
        .order_by("-revision")
    )
    kept = revisions[0] if revisions else None
    if revision is not None:
        kept = next((each for each in revisions if each.revision == revision), None)
        if kept is None:
            raise Http404
    now = draft_of(actor, agreement, period) if kept is None or kept.is_waiting else None
    inputs = risk_share.thawed_inputs(kept.inputs) if kept is not None else now.inputs if now else None
    found, problem = _statement(kept, inputs)
    return Shown(
        agreement=agreement,
        period=period,
        kept=kept,
        inputs=inputs,
        found=found,
        problem=problem,
        has_moved=bool(kept and now and inputs and _but_entered(now.inputs) != _but_entered(inputs)),
        unallocated_pence=now.unallocated_pence if now else 0,
        others_pence=now.others_pence if now else 0,
        approvals=tuple(kept.approvals.order_by("at")) if kept else (),
        revisions=revisions,
    )


def _statement(kept: RiskShareStatement | None, inputs: Inputs | None) -> tuple[Statement | None, str]:
    """A closed statement as it was kept; any other worked out."""
    if kept is not None and kept.result is not None:
        return risk_share.thawed_statement(kept.result), ""
    if inputs is None:
        return None, ""
    try:
        return risk_share.statement(inputs), ""
    except risk_share.CannotShare as fault:
        return None, str(fault)


def _but_entered(inputs: Inputs) -> risk_share.Frozen:
    """What the records say, without what was typed when the statement was prepared."""
    return {**risk_share.frozen_inputs(inputs), "other_underspend_pence": 0}


__all__ = [
    "APPROVERS",
    "Draft",
    "PeriodState",
    "Shown",
    "StatementPeriod",
    "agreement_for",
    "agreements_of",
    "draft_of",
    "months_in_force",
    "period_for",
    "periods_of",
    "shown",
    "states_of",
    "years_of",
]
