"""Contracts within what an actor may see, and those that want a decision soon."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404

from commissioning.accounts.actors import Actor
from commissioning.core import periods
from providers.models import WARN_DAYS, Contract, ContractQuerySet
from providers.supported import people_by_contract

STATES = {"now": "In force", "soon": "Ending soon", "coming": "Not started", "ended": "Ended"}


@dataclass(frozen=True)
class ContractFilters:
    """What a list of contracts is narrowed to; empty is all of them."""

    q: str = ""
    state: str = ""
    kind: str = ""
    provider: int | None = None

    @property
    def any(self) -> bool:
        return self != ContractFilters()


@dataclass(frozen=True)
class ContractRow:
    """A contract with how many people are supported under it, how many of its six terms it has, and what to notice."""

    contract: Contract
    people: int
    terms_met: int
    terms: int
    flag: str
    flag_kind: str


@dataclass(frozen=True)
class Term:
    """One of the terms the guide asks for (actions 26 to 32), and whether the contract has it (None: not known)."""

    name: str
    met: bool | None


_TERM_WORDS = {
    "behaviour_support": "Positive behaviour support",
    "clinical_advice": "The provider follows clinical advice",
    "no_agency_staff": "No agency staff",
    "training_funded": "Training is funded",
    "supervision_funded": "Supervision is funded",
    "senior_manager_involved": "A senior manager is involved",
}


def contract_for(actor: Actor, reference: str) -> Contract:
    """Raises Http404 where the actor may see no such contract."""
    found = Contract.objects.visible_to(actor).filter(reference=reference).select_related("provider", "partnership")
    contract = found.first()
    if contract is None:
        raise Http404("No such contract")
    return contract


def contracts_found(actor: Actor, filters: ContractFilters, today: dt.date) -> ContractQuerySet:
    """The contracts an actor may see, narrowed: those that end first come first, open ones last."""
    contracts = Contract.objects.visible_to(actor)
    if filters.q:
        words = Q(reference__icontains=filters.q) | Q(title__icontains=filters.q)
        contracts = contracts.filter(words | Q(provider__name__icontains=filters.q))
    if filters.kind:
        contracts = contracts.filter(kind=filters.kind)
    if filters.provider:
        contracts = contracts.filter(provider_id=filters.provider)
    if filters.state == "now":
        contracts = contracts.in_force(today)
    elif filters.state == "soon":
        contracts = contracts.ending_soon(today)
    elif filters.state == "coming":
        contracts = contracts.filter(start__gt=today)
    elif filters.state == "ended":
        contracts = contracts.filter(end__lt=today)
    return contracts.select_related("provider")


def contracts_list(actor: Actor, filters: ContractFilters, today: dt.date) -> list[ContractRow]:
    """Contracts in force that end first come first, then open ones, then those that have ended. Two queries."""
    people = people_by_contract(actor, today)
    contracts = sorted(contracts_found(actor, filters, today), key=lambda contract: _urgency(contract, today))
    return [row_of(contract, people.get(contract.pk, 0), today) for contract in contracts]


def terms_of(contract: Contract) -> list[Term]:
    """The checklist of terms, in the order of the guide."""
    return [Term(_TERM_WORDS[name], getattr(contract, name)) for name in Contract.TERMS]


def row_of(contract: Contract, people: int, today: dt.date) -> ContractRow:
    flag, kind = _flag(contract, today)
    met = sum(1 for name in Contract.TERMS if getattr(contract, name))
    return ContractRow(contract, people, met, len(Contract.TERMS), flag, kind)


def _urgency(contract: Contract, today: dt.date) -> tuple[int, dt.date, str]:
    ended = contract.end is not None and contract.end < today
    place = 2 if ended else 1 if contract.end is None else 0
    return (place, contract.end or dt.date.max, contract.reference)


def _flag(contract: Contract, today: dt.date) -> tuple[str, str]:
    """What to notice about a contract, in words, and whether it needs somebody."""
    if contract.start > today:
        return (f"Starts {periods.words(contract.start)}", "")
    if contract.end is None:
        return ("", "")
    if contract.end < today:
        return ("Ended", "")
    days = (contract.end - today).days
    notice_by = contract.notice_by
    if notice_by is not None and notice_by >= today and (notice_by - today).days <= WARN_DAYS:
        return (f"Notice by {periods.words(notice_by, today=today)}", "late")
    soon = days <= WARN_DAYS or (notice_by is not None and notice_by < today)
    left = "today" if days == 0 else f"in {days} {'day' if days == 1 else 'days'}"
    return (f"Ends {left}", "late") if soon else ("", "")
