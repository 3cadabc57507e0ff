"""What an uplift would change: each price now and then, those that stay as they are and why, and what it comes to."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.http import Http404

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation
from commissioning.core.money import to_pence
from commissioning.core.periods import FinancialYear, Month, words
from finance import ledger
from finance.models import Basis, CostLine, Uplift, price_words
from finance.queries.book import Book
from finance.queries.costs import annual
from finance.queries.differences import LineCosts
from finance.queries.effect import Effect, effect_of
from providers.models import Contract

ONCE = "Paid once"
INCOME = "Income: what the person pays, or a contribution"
BEGINS = "Begins on or after the day"
SUSPENDED = "A retainer during a stay away"


@dataclass(frozen=True)
class Proposed:
    """A price in an uplift's scope; `why` says why it stays as it is, and is empty for those that change."""

    line: CostLine
    why: str


@dataclass(frozen=True)
class Row:
    """A price before and after: whole pence a week, and each price in words."""

    line: CostLine
    person: str
    now_words: str
    then_pence: int
    weekly_pence: int
    weekly_then_pence: int
    why: str

    @property
    def change_pence(self) -> int:
        return self.weekly_then_pence - self.weekly_pence


@dataclass(frozen=True)
class Preview:
    """Everything an uplift would do; sums in whole pence. `months` are those of its financial year, from its first.

    `effect` is what it does to months that are over, where it is backdated.
    """

    start: dt.date
    rows: tuple[Row, ...]
    left_out: tuple[Row, ...]
    months: tuple[tuple[Month, int], ...]
    weekly_pence: int
    annual_pence: int
    effect: Effect

    @property
    def pence(self) -> int:
        return sum(pence for _, pence in self.months)

    @property
    def year(self) -> FinancialYear:
        return FinancialYear.of(self.start)

    @property
    def fingerprint(self) -> str:
        rows = [(row.line.pk, row.now_words, row.then_pence, row.why) for row in (*self.rows, *self.left_out)]
        months = [pence for _, pence in self.months]
        said = repr((self.start, rows, months, self.weekly_pence, self.effect.fingerprint))
        return hashlib.sha256(said.encode()).hexdigest()[:20]


def proposed_lines(
    actor: Actor, start: dt.date, contract: Contract | None, provider: Organisation | None, left_out: Mapping[int, str]
) -> list[Proposed]:
    """The prices of the scope that are in force on the day or begin later, in order of reference. One query."""
    lines = CostLine.objects.visible_to(actor).filter(Q(end__isnull=True) | Q(end__gte=start))
    lines = lines.filter(Q(start__lte=start) | ~Q(basis=Basis.ONE_OFF))
    if contract is not None:
        lines = lines.filter(Q(contract=contract) | Q(placement__contract=contract))
    if provider is not None:
        lines = lines.filter(Q(contract__provider=provider) | Q(placement__provider=provider))
    found = lines.select_related("placement__person", "placement__provider", "contract__provider", "calendar")
    return [Proposed(line, _why(line, start) or left_out.get(line.pk, "")) for line in found.order_by("reference")]


def _why(line: CostLine, start: dt.date) -> str:
    if line.basis == Basis.ONE_OFF:
        return ONCE
    if line.is_income:
        return INCOME
    if line.reason == CostLine.Reason.SUSPENSION and line.end is not None:
        return SUSPENDED
    return f"{BEGINS}: {words(line.start)}" if line.start >= start else ""


def preview_of(
    actor: Actor,
    before: Book,
    after: Book,
    proposed: Sequence[Proposed],
    amounts: Mapping[int, str],
    start: dt.date,
    today: dt.date,
) -> Preview:
    """What lies between the two books in the financial year of the day, and in months that are over. Four queries."""
    rows = [_row(actor, each, amounts) for each in proposed]
    months = list(Month.of(start).until(FinancialYear.of(start).months[-1]))
    periods = [ledger.Period(month.first, month.last) for month in months]
    then, now = (LineCosts.of_book(book, periods).by_period(len(periods)) for book in (before, after))
    # the rows' own, so that the page adds up: rounded once together they may be a penny off
    weekly = sum(row.change_pence for row in rows if not row.why)
    return Preview(
        start=start,
        rows=tuple(row for row in rows if not row.why),
        left_out=tuple(row for row in rows if row.why),
        months=tuple((month, after_ - before_) for month, before_, after_ in zip(months, then, now, strict=True)),
        weekly_pence=weekly,
        annual_pence=annual(weekly, actor.partnership.weeks_in_a_year),
        effect=effect_of(actor, before, after, today),
    )


def _row(actor: Actor, each: Proposed, amounts: Mapping[int, str]) -> Row:
    line = each.line
    amount = Decimal(amounts.get(line.pk, str(line.amount)))
    before, after = _weekly(line, line.amount), _weekly(line, amount)
    person = line.placement.person.label_for(actor) if line.placement else ""
    return Row(line, person, line.price_words, to_pence(amount), before, after, each.why)


def _weekly(line: CostLine, amount: Decimal) -> int:
    """Whole pence a week at this price, every place together, whatever its calendar (cost rule 6)."""
    row = ledger.CostLine(
        line_key=1,
        placement_key=1,
        basis=ledger.BASIS_BY_NAME[line.basis],
        amount_pence=to_pence(amount),
        units_hundredths=to_pence(line.units_per_week or Decimal(0)),
        start=line.start,
    )
    return ledger.weekly_pence(ledger.LineTable.from_lines([row]), line.start)


def uplift_for(actor: Actor, number: int) -> Uplift:
    """Raises Http404 out of scope."""
    found = Uplift.objects.visible_to(actor).select_related("contract", "provider").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def by_provider(rows: Sequence[Row]) -> list[tuple[str, int, int]]:
    """Each provider's number of prices and change a week, the largest first."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        found[str(row.line.of.provider)].append(row.change_pence)
    return sorted(((name, len(each), sum(each)) for name, each in found.items()), key=lambda each: (-each[2], each[0]))


def contracts_to_uplift(actor: Actor) -> QuerySet[Contract]:
    return Contract.objects.visible_to(actor).select_related("provider").order_by("provider__name", "reference")


def providers_to_uplift(actor: Actor) -> QuerySet[Organisation]:
    """Those with prices, by name."""
    lines = CostLine.objects.visible_to(actor)
    priced = Q(pk__in=lines.values("placement__provider")) | Q(pk__in=lines.values("contract__provider"))
    return Organisation.objects.of(actor.partnership).filter(priced).order_by("name", "pk")


def uplifts_of(actor: Actor) -> list[Uplift]:
    """The latest first."""
    return list(Uplift.objects.visible_to(actor).select_related("contract", "provider"))


@dataclass(frozen=True)
class Shown:
    """An uplift that was made, with its prices as rows: reference, price before and price after, in words."""

    uplift: Uplift
    rows: tuple[tuple[CostLine, str, str, str], ...]
    people_ids: tuple[int, ...]


def shown_uplift(actor: Actor, uplift: Uplift) -> Shown:
    """One query. A price whose placement is gone is left out."""
    lines = CostLine.objects.visible_to(actor).select_related(
        "placement__person", "placement__provider", "contract__provider"
    )
    found = lines.in_bulk([row["line"] for row in (*uplift.lines, *uplift.left_out)])
    rows = []
    for row in uplift.lines:
        line = found.get(row["line"])
        if line is not None:
            after = price_words(Decimal(row["amount"]), line.basis, line.units_per_week)
            before = price_words(Decimal(row["was"]), line.basis, line.units_per_week)
            rows.append((line, line.placement.person.label_for(actor) if line.placement else "", before, after))
    # what stayed as it was names people by its reference too
    people = {line.placement.person_id for line in found.values() if line.placement}
    return Shown(uplift, tuple(rows), tuple(people))
