"""Invest-to-save cases: the case, the money put in, the savings stated, the people it is for, the beds."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.db import models, transaction

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation
from commissioning.core.editing import check
from commissioning.core.errors import Refused
from commissioning.core.periods import words
from commissioning.core.references import check_reference
from finance.actions.risk_share import require_payer
from finance.models import CaseBeds, CaseFunding, CasePerson, CaseSaving, InvestmentCase
from finance.queries.records import kept_with_case
from people.models import Person, Placement

LONGEST_YEARS = 75


@dataclass(frozen=True)
class NewCase:
    """A case as somebody enters it."""

    reference: str
    title: str
    owner: str
    start: dt.date
    savings_end: dt.date
    basis: str
    description: str = ""
    discount: str = InvestmentCase.Discount.GREEN_BOOK
    discount_percent: Decimal | None = None


@dataclass(frozen=True)
class NewFunding:
    """Money from a partner: on `start` alone, or evenly by day to `end`."""

    source: Organisation
    amount: Decimal
    start: dt.date
    end: dt.date | None = None


@dataclass(frozen=True)
class NewSaving:
    start: dt.date
    end: dt.date
    amount: Decimal
    note: str = ""


@dataclass(frozen=True)
class NewCasePerson:
    person: Person
    counts_from: dt.date


@dataclass(frozen=True)
class NewBeds:
    ward: str
    beds: int
    weekly_cost: Decimal
    start: dt.date
    closed_on: dt.date | None = None


@transaction.atomic
def create_case(*, new: NewCase, by: Actor) -> InvestmentCase:
    """A new case. Raises Refused for a reference that is taken, and where it does not hold together."""
    require_payer(by)
    if fault := check_reference(new.reference):
        raise Refused(fault, field="reference")
    if InvestmentCase.objects.filter(partnership=by.partnership, reference=new.reference).exists():
        raise Refused(f"There is a case {new.reference} already", field="reference")
    return _save(InvestmentCase(partnership=by.partnership, reference=new.reference), new)


@transaction.atomic
def change_case(*, case: InvestmentCase, new: NewCase, version: str | None = None, by: Actor) -> InvestmentCase:
    """Change a case; its reference stays. Raises Stale, Refused."""
    require_payer(by)
    found = _lock(case, version)
    found.version += 1
    return _save(found, new)


def _save(case: InvestmentCase, new: NewCase) -> InvestmentCase:
    if not new.title.strip() or not new.owner.strip():
        raise Refused("Enter a title and who is responsible", field="owner" if new.title.strip() else "title")
    if new.savings_end < new.start:
        raise Refused(f"Savings must be counted to {words(new.start)} or later", field="savings_end")
    if new.savings_end.year - new.start.year > LONGEST_YEARS:
        raise Refused(f"Savings can be counted for {LONGEST_YEARS} years at most", field="savings_end")
    is_own = new.discount == InvestmentCase.Discount.OWN
    if is_own and new.discount_percent is None:
        raise Refused("Enter the percentage a year of your own rate", field="discount_percent")
    case.title, case.owner, case.description = new.title.strip(), new.owner.strip(), new.description.strip()
    case.start, case.savings_end, case.basis = new.start, new.savings_end, new.basis
    case.discount, case.discount_percent = new.discount, new.discount_percent if is_own else None
    case.save()
    return case


def _lock(case: InvestmentCase, version: str | None) -> InvestmentCase:
    """The case, locked, with all that is edited of it as when the form was opened. Raises Stale."""
    found = InvestmentCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    check(version, *kept_with_case(found))
    return found


@transaction.atomic
def set_case_funding(
    *, case: InvestmentCase, funding: Sequence[NewFunding], version: str | None = None, by: Actor
) -> None:
    """All the money that partners put in. Raises Stale; Refused for £0, an end before the start, a row twice."""
    require_payer(by)
    found = _lock(case, version)
    rows = []
    for each in funding:
        end = each.end or each.start
        if each.amount <= 0:
            raise Refused("Money put in must be above £0")
        if end < each.start:
            raise Refused(f"Money from {each.source.name} must end on {words(each.start)} or later")
        rows.append(({"source": each.source, "start": each.start, "end": end}, {"amount": each.amount}))
    _set(CaseFunding, found, rows)


@transaction.atomic
def set_case_savings(
    *, case: InvestmentCase, savings: Sequence[NewSaving], version: str | None = None, by: Actor
) -> None:
    """The whole stated schedule. Raises Stale; Refused for an end before the start, a row twice."""
    require_payer(by)
    found = _lock(case, version)
    for each in savings:
        if each.end < each.start:
            raise Refused(f"The saving from {words(each.start)} must end on that day or later")
    rows = [({"start": each.start, "end": each.end}, {"amount": each.amount, "note": each.note}) for each in savings]
    _set(CaseSaving, found, rows)


@transaction.atomic
def set_case_people(
    *, case: InvestmentCase, people: Sequence[NewCasePerson], version: str | None = None, by: Actor
) -> None:
    """Everybody the money is for, each with the home they moved to by then. Raises Stale; Refused for one twice."""
    require_payer(by)
    found = _lock(case, version)
    rows: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = []
    for each in people:
        if each.counts_from > found.savings_end:
            raise Refused(f"{each.person.reference} must count from {words(found.savings_end)} or earlier")
        values = {"counts_from": each.counts_from, "placement": home_on(each.person, each.counts_from)}
        rows.append(({"person": each.person}, values))
    _set(CasePerson, found, rows)


def home_on(person: Person, day: dt.date) -> Placement | None:
    """The home a person has on a day, the one that began last."""
    homes = Placement.objects.filter(person=person, start__lte=day).exclude(end__lt=day)
    return next((home for home in homes.order_by("-start", "reference") if home.is_home), None)


@transaction.atomic
def set_case_beds(*, case: InvestmentCase, beds: Sequence[NewBeds], version: str | None = None, by: Actor) -> None:
    """Hospital beds that are not needed any more. Raises Stale; Refused for no cost or a closing before that."""
    require_payer(by)
    found = _lock(case, version)
    for each in beds:
        if each.weekly_cost <= 0 or each.beds < 1:
            raise Refused(f"Enter how many beds of {each.ward} and what they cost a week")
        if each.closed_on is not None and each.closed_on < each.start:
            raise Refused(f"The beds of {each.ward} must close on {words(each.start)} or later")
    names = ("beds", "weekly_cost", "closed_on")
    rows = [
        ({"ward": each.ward.strip(), "start": each.start}, {name: getattr(each, name) for name in names})
        for each in beds
    ]
    _set(CaseBeds, found, rows)


def _set(
    model: type[models.Model], case: InvestmentCase, rows: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]
) -> None:
    """These rows and no others; those that stay as they are are not touched, so that history tells of changes alone."""
    stored = {_key(model, row, rows): row for row in model._default_manager.filter(case=case)}
    seen: set[tuple[Any, ...]] = set()
    for key, values in rows:
        said = tuple(getattr(value, "pk", value) for value in key.values())
        if said in seen:
            raise Refused("Two rows are alike. Put them together in one")
        seen.add(said)
        row = stored.pop(said, None)
        row = row or model(case=case, **key)
        if row.pk is None or any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
    for row in stored.values():
        row.delete()


def _key(
    model: type[models.Model], row: models.Model, rows: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]
) -> tuple[Any, ...]:
    """What tells a stored row apart; its own number where there are no new rows to compare it with."""
    names = list(rows[0][0]) if rows else ["id"]
    return tuple(getattr(row, cast("models.Field[Any, Any]", model._meta.get_field(name)).attname) for name in names)
