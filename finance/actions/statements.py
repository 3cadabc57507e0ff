"""Risk-share statements: prepared with frozen figures, approved by two people, closed, and never changed after."""

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Role
from commissioning.audit import history
from commissioning.core.errors import Refused
from commissioning.core.periods import words
from finance import risk_share
from finance.actions.risk_share import require_payer
from finance.models import RiskShareAgreement, RiskShareApproval, RiskShareStatement
from finance.queries.risk_share import APPROVERS, StatementPeriod, draft_of

State = RiskShareStatement.State


@transaction.atomic
def prepare_statement(
    *,
    agreement: RiskShareAgreement,
    period: StatementPeriod,
    by: Actor,
    other_underspend: Decimal = Decimal(0),
    reason: str = "",
    today: dt.date | None = None,
) -> RiskShareStatement:
    """Freeze a period's figures for two people to approve. A period that was closed needs a reason: a new revision.

    Raises Refused before the period is over, while another statement of it waits, and where nothing can be shared.
    """
    require_payer(by)
    locked = RiskShareAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if not period.is_over(today or timezone.localdate()):
        raise Refused(f"{period.label} is not over: it can be closed after {words(period.last)}")
    earlier = RiskShareStatement.objects.filter(agreement=locked, first=period.first)
    if earlier.filter(state=State.PREPARED).exists():
        raise Refused("A statement of this period waits for approval already")
    if earlier.filter(state=State.CLOSED).exists() and not reason.strip():
        raise Refused("Say why the period is opened again", field="reason")
    inputs = draft_of(by, locked, period, other_underspend).inputs
    try:
        risk_share.statement(inputs)
    except risk_share.CannotShare as fault:
        raise Refused(str(fault)) from fault
    number = max(earlier.values_list("revision", flat=True), default=0) + 1
    return RiskShareStatement.objects.create(
        agreement=locked,
        first=period.first,
        last=period.last,
        revision=number,
        reason=reason.strip() or ("" if number == 1 else "Prepared again before it was closed"),
        inputs=risk_share.frozen_inputs(inputs),
        prepared_by=by.user,
        prepared_by_name=by.name,
    )


@transaction.atomic
def withdraw_statement(*, statement: RiskShareStatement, by: Actor) -> None:
    """Take back a statement that is not closed, to prepare it again. Raises Refused for any other."""
    require_payer(by)
    current = _lock(statement)
    current.state = State.WITHDRAWN
    current.save(update_fields=["state"])


@transaction.atomic
def approve_statement(*, statement: RiskShareStatement, by: Actor) -> RiskShareApproval:
    """One of the two approvals: a commissioner's and a finance officer's, of two different people.

    Raises PermissionDenied; Refused where the statement does not wait, or one of the two approved it already.
    """
    require_payer(by)
    current = _lock(statement)
    if by.role not in APPROVERS:
        raise Refused("A commissioner and a finance officer must approve a statement")
    given = list(current.approvals.all())
    if any(each.by_id == (by.user.pk if by.user else None) for each in given):
        raise Refused("Somebody else must give the other approval: you gave one yourself")
    if any(each.role == by.role for each in given):
        raise Refused(f"A {Role(by.role).label.lower()} has approved this already; the other approval is missing")
    try:
        with transaction.atomic():
            return RiskShareApproval.objects.create(
                statement=current,
                role=by.role,
                by=by.user,
                by_name=by.name,
                organisation=str(by.organisation or ""),
            )
    except IntegrityError as error:
        raise Refused("Somebody approved this at the same moment. Look again") from error


@transaction.atomic
def close_statement(*, statement: RiskShareStatement, by: Actor) -> RiskShareStatement:
    """Keep the result with every step, for good. Raises Refused without both approvals."""
    require_payer(by)
    current = _lock(statement)
    if {each.role for each in current.approvals.all()} != set(APPROVERS):
        raise Refused("A commissioner and a finance officer must both approve the statement before it is closed")
    found = risk_share.statement(risk_share.thawed_inputs(current.inputs))
    current.result = risk_share.frozen_statement(found)
    current.state, current.closed_at, current.closed_by_name = State.CLOSED, timezone.now(), by.name
    with history.said(by=by.name, reason=current.reason):
        current.save()
    return current


def _lock(statement: RiskShareStatement) -> RiskShareStatement:
    """The agreement first, as preparing does, then the statement. Raises Refused unless it waits for approval."""
    RiskShareAgreement.objects.select_for_update(of=("self",)).get(pk=statement.agreement_id)
    current = RiskShareStatement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if current.state != State.PREPARED:
        raise Refused("This statement does not wait for approval any more")
    return current
