"""Contracts: the agreements with providers under which people are supported."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation
from commissioning.accounts.permissions import require_commissioner
from commissioning.core import periods
from commissioning.core.editing import lock
from commissioning.core.errors import Refused, RefusedMany
from commissioning.core.references import check_reference
from providers.models import Contract, ContractKind

LONGEST_NOTICE_WEEKS = 104
MOST_DAYS_AFTER_DEATH = 365


@dataclass(frozen=True)
class ContractDetails:
    """What a contract says (INTERCHANGE, contracts.csv), with the terms of actions 26 to 32; None is not known."""

    title: str
    kind: str
    start: dt.date
    end: dt.date | None = None
    framework_ref: str = ""
    notice_weeks: int | None = None
    days_paid_after_death: int | None = None
    behaviour_support: bool | None = None
    clinical_advice: bool | None = None
    no_agency_staff: bool | None = None
    training_funded: bool | None = None
    supervision_funded: bool | None = None
    senior_manager_involved: bool | None = None


@transaction.atomic
def create_contract(*, reference: str, provider: Organisation, details: ContractDetails, by: Actor) -> Contract:
    """A new contract with an organisation of the partnership. Raises Refused, each fault at its field."""
    require_commissioner(by)
    refusals = _faults(details)
    reference = reference.strip()
    if wrong := check_reference(reference):
        refusals.insert(0, Refused(wrong, field="reference"))
    elif Contract.objects.filter(partnership=by.partnership, reference__iexact=reference).exists():
        refusals.insert(0, Refused(f"The reference {reference} is already used. Enter another", field="reference"))
    if not by.partnership.links.filter(organisation=provider).exists():
        refusals.append(Refused("Choose a provider of this partnership", field="provider"))
    if refusals:
        raise RefusedMany(refusals)
    return Contract.objects.create(
        partnership=by.partnership, reference=reference, provider=provider, **asdict(details)
    )


@transaction.atomic
def change_contract(*, contract: Contract, version: str | None, details: ContractDetails, by: Actor) -> Contract:
    """Changes a contract, opened at `version`; who the provider is stays. Raises Stale; Refused for faults."""
    require_commissioner(by)
    current = lock(contract, version)
    if refusals := _faults(details):
        raise RefusedMany(refusals)
    for name, value in asdict(details).items():
        setattr(current, name, value)
    current.save()
    return current


def _faults(details: ContractDetails) -> list[Refused]:
    refusals = []
    if not details.title.strip():
        refusals.append(Refused("Enter a title", field="title"))
    if details.kind not in ContractKind.values:
        refusals.append(Refused("Choose the kind of contract", field="kind"))
    if details.end is not None and details.end < details.start:
        message = f"The last day must be on or after the first day, {periods.words(details.start)}"
        refusals.append(Refused(message, field="end"))
    if details.notice_weeks is not None and not 0 <= details.notice_weeks <= LONGEST_NOTICE_WEEKS:
        message = f"Notice must be from 0 to {LONGEST_NOTICE_WEEKS} weeks"
        refusals.append(Refused(message, field="notice_weeks"))
    if details.days_paid_after_death is not None and not 0 <= details.days_paid_after_death <= MOST_DAYS_AFTER_DEATH:
        message = f"Days paid after a death must be from 0 to {MOST_DAYS_AFTER_DEATH}"
        refusals.append(Refused(message, field="days_paid_after_death"))
    return refusals
