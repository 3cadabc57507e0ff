"""What partners agreed on sharing risk: the agreement, its lines, contributions and in-patient transfers."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Role
from commissioning.accounts.permissions import require_role
from commissioning.core.editing import check
from commissioning.core.errors import Refused
from commissioning.core.periods import FinancialYear, words
from commissioning.core.references import check_reference
from finance.models import (
    RiskShareAgreement,
    RiskShareContribution,
    RiskShareLine,
    RiskSharePercent,
    RiskShareTransfer,
)
from finance.queries.records import kept_with_agreement
from people.models import Person

WHOLE = Decimal(100)
Percents = Sequence[tuple[Organisation, Decimal | None]]


@dataclass(frozen=True)
class NewAgreement:
    """What partners agreed; `partners` with the percentage of each, or None for all where contributions decide."""

    reference: str
    name: str
    start: dt.date
    rule: str
    partners: Percents
    end: dt.date | None = None
    closes: str = RiskShareAgreement.Closes.QUARTER
    surplus: str = RiskShareAgreement.Surplus.RETURNED
    threshold_percent: Decimal | None = None
    first_bearer: Organisation | None = None
    reserve: Decimal = Decimal(0)
    contingency: str = ""


@dataclass(frozen=True)
class NewRiskLine:
    """A line of spending with the percentage of each partner, which come to 100."""

    name: str
    by: str
    value: str
    percents: Percents


@dataclass(frozen=True)
class NewTransfer:
    person: Person
    partner: Organisation
    moved_on: dt.date
    weekly_cost: Decimal


def require_payer(by: Actor) -> None:
    """Commissioners and finance officers look after a partnership's money. Raises PermissionDenied."""
    require_role(by, Role.COMMISSIONER, Role.FINANCE_OFFICER)


@transaction.atomic
def create_agreement(*, new: NewAgreement, by: Actor) -> RiskShareAgreement:
    """A new agreement. Raises Refused for a reference that is taken, and where it does not hold together."""
    require_payer(by)
    if fault := check_reference(new.reference):
        raise Refused(fault, field="reference")
    if RiskShareAgreement.objects.filter(partnership=by.partnership, reference=new.reference).exists():
        raise Refused(f"There is an agreement {new.reference} already", field="reference")
    agreement = RiskShareAgreement(partnership=by.partnership, reference=new.reference)
    return _save(agreement, new)


@transaction.atomic
def change_agreement(
    *, agreement: RiskShareAgreement, new: NewAgreement, version: str | None = None, by: Actor
) -> RiskShareAgreement:
    """Change an agreement; its reference stays. Statements that were made keep the figures they were made from.

    Raises Stale; Refused where it does not hold together, and for another first day or other periods once there are
    statements.
    """
    require_payer(by)
    found = _lock(agreement, version)
    if (found.start, found.closes) != (new.start, new.closes) and _has_statements(found):
        field = "start" if found.start != new.start else "closes"
        raise Refused("Statements were made by this already; end this agreement and make another", field=field)
    return _save(found, new)


def _lock(agreement: RiskShareAgreement, version: str | None) -> RiskShareAgreement:
    """The agreement, locked, with all that is edited of it as when the form was opened. Raises Stale."""
    found = RiskShareAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    check(version, *kept_with_agreement(found))
    return found


def _has_statements(agreement: RiskShareAgreement) -> bool:
    return agreement.statements.exclude(state="withdrawn").exists()


def _save(agreement: RiskShareAgreement, new: NewAgreement) -> RiskShareAgreement:
    _check(new)
    agreement.name, agreement.start, agreement.end = new.name.strip(), new.start, new.end
    agreement.rule, agreement.closes, agreement.surplus = new.rule, new.closes, new.surplus
    is_threshold = new.rule == RiskShareAgreement.Rule.THRESHOLD
    agreement.threshold_percent = new.threshold_percent if is_threshold else None
    agreement.first_bearer = new.first_bearer if is_threshold else None
    agreement.reserve, agreement.contingency = new.reserve, new.contingency.strip()
    if agreement.pk:
        agreement.version += 1
    agreement.save()
    _set_percents(agreement, None, new.partners)
    return agreement


def _set_percents(agreement: RiskShareAgreement, line: RiskShareLine | None, percents: Percents) -> None:
    """Rows that stay as they are are not touched, so that history tells of changes alone."""
    rows = RiskSharePercent.objects.filter(agreement=agreement, line=line)
    rows.exclude(partner__in=[partner for partner, _ in percents]).delete()
    for partner, percent in percents:
        row = rows.filter(partner=partner).first() or RiskSharePercent(agreement=agreement, line=line, partner=partner)
        if row.pk is None or row.percent != percent:
            row.percent = percent
            row.save()


def _check(new: NewAgreement) -> None:
    if not new.name.strip():
        raise Refused("Enter the name of the pool", field="name")
    if new.end is not None and new.end < new.start:
        raise Refused(f"The last day must be {words(new.start)} or later", field="end")
    if len({partner.pk for partner, _ in new.partners}) < 2 or len(new.partners) != len(dict(new.partners)):
        raise Refused("Choose at least two partners, each once")
    check_percents(new.partners)
    if new.rule == RiskShareAgreement.Rule.THRESHOLD:
        if new.threshold_percent is None:
            raise Refused("Enter the percentage past which the others share", field="threshold_percent")
        if new.first_bearer not in {partner for partner, _ in new.partners}:
            raise Refused("Choose one of the partners to bear it up to the threshold", field="first_bearer")
    if new.reserve < 0:
        raise Refused("The risk reserve must be £0 or more", field="reserve")


def check_percents(percents: Percents, *, what: str = "The percentages") -> None:
    """All partners have one and they come to 100, or none has. Raises Refused."""
    given = [percent for _, percent in percents if percent is not None]
    if given and len(given) < len(percents):
        raise Refused(f"{what} must be filled in for every partner, or for none")
    if given and sum(given, Decimal(0)) != WHOLE:
        raise Refused(f"{what} must come to 100%; they come to {sum(given, Decimal(0)).normalize():f}%")


@transaction.atomic
def set_contributions(
    *,
    agreement: RiskShareAgreement,
    year: FinancialYear,
    amounts: Sequence[tuple[RiskShareLine | None, Organisation, Decimal]],
    version: str | None = None,
    by: Actor,
) -> None:
    """What each partner puts in for a financial year, by line where the agreement has lines. Raises Stale, Refused."""
    require_payer(by)
    found = _lock(agreement, version)
    if any(amount < 0 for _, _, amount in amounts):
        raise Refused("A contribution must be £0 or more")
    rows = RiskShareContribution.objects.filter(agreement=found, year=year.start)
    stored = {(row.line_id, row.partner_id): row for row in rows}
    for line, partner, amount in amounts:
        row = stored.pop((line.pk if line else None, partner.pk), None)
        if row is None:
            row = RiskShareContribution(agreement=found, year=year.start, line=line, partner=partner)
        if row.pk is None or row.amount != amount:
            row.amount = amount
            row.save()
    for row in stored.values():
        row.delete()


@transaction.atomic
def set_lines(
    *, agreement: RiskShareAgreement, lines: Sequence[NewRiskLine], version: str | None = None, by: Actor
) -> None:
    """The lines of spending that are shared by percentages of their own, all of them; others are taken out.

    Raises Stale; Refused for percentages that do not come to 100, a line twice, and a line with contributions left out.
    """
    require_payer(by)
    found = _lock(agreement, version)
    stored = {(row.by, row.value): row for row in RiskShareLine.objects.filter(agreement=found)}
    if len({(line.by, line.value) for line in lines}) < len(lines):
        raise Refused("Each kind of cost, setting, provider or cohort can have one line only")
    kept = {(line.by, line.value) for line in lines}
    for key, row in stored.items():
        if key not in kept:
            if RiskShareContribution.objects.filter(line=row, amount__gt=0).exists():
                raise Refused(f"Set the contributions to {row.name} to £0 before you take the line out")
            row.delete()
    for line in lines:
        _save_line(found, stored.get((line.by, line.value)), line)


def _save_line(agreement: RiskShareAgreement, row: RiskShareLine | None, new: NewRiskLine) -> None:
    if any(percent is None for _, percent in new.percents):
        raise Refused(f"Fill in every partner’s percentage of {new.name}")
    check_percents(new.percents, what=f"The percentages of {new.name}")
    if row is None:
        row = RiskShareLine(agreement=agreement, partnership=agreement.partnership, by=new.by, value=new.value)
        row.reference = _next_line(agreement)
    if row.pk is None or row.name != new.name:
        row.name = new.name
        row.save()
    _set_percents(agreement, row, new.percents)


def _next_line(agreement: RiskShareAgreement) -> str:
    stem = agreement.reference[:34]
    taken = set(RiskShareLine.objects.filter(partnership=agreement.partnership).values_list("reference", flat=True))
    return next(name for number in range(1, 1000) if (name := f"{stem}-L{number}") not in taken)


@transaction.atomic
def set_transfers(
    *, agreement: RiskShareAgreement, transfers: Sequence[NewTransfer], version: str | None = None, by: Actor
) -> None:
    """Everybody whose in-patient money is in the pool; others are taken out.

    Raises Stale; Refused for somebody named twice, a move outside the agreement, or no cost.
    """
    require_payer(by)
    found = _lock(agreement, version)
    if len({transfer.person.pk for transfer in transfers}) < len(transfers):
        raise Refused("Name each person once")
    for transfer in transfers:
        if transfer.moved_on < found.start or (found.end and transfer.moved_on > found.end):
            raise Refused(f"{transfer.person.reference} moved on a day on which the agreement is not in force")
        if transfer.weekly_cost <= 0:
            raise Refused(f"Enter what the bed of {transfer.person.reference} cost a week, above £0")
    rows = RiskShareTransfer.objects.filter(agreement=found)
    rows.exclude(person__in=[transfer.person for transfer in transfers]).delete()
    for each in transfers:
        values = {"partner": each.partner, "moved_on": each.moved_on, "weekly_cost": each.weekly_cost}
        row = rows.filter(person=each.person).first() or RiskShareTransfer(agreement=found, person=each.person)
        if row.pk is None or any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
