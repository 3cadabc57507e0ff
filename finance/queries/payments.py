"""What was really paid, and beside it what the placements say it should be. Amounts are whole pence."""

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Max, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.http import Http404

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import OrganisationKind, PartnershipOrganisation
from commissioning.core.money import to_pence
from commissioning.core.periods import Month
from finance import ledger
from finance.models import Payment, SpendingType, Supplier
from finance.queries.book import open_book
from finance.queries.costs import costs_by_period

# What payments can be summed by: each a column of `payments` and of its file.
PAYMENT_COLUMNS = ("month", "supplier_id", "provider", "expense_type")
# A month with fewer than a quarter of the rows that months usually have was not published whole.
WHOLE_MONTH_SHARE = 4


@dataclass(frozen=True, order=True)
class PaymentSum:
    """What was paid for one combination of the columns asked for, in whole pence."""

    keys: tuple[str, ...]
    pence: int


@dataclass(frozen=True)
class KnownMonth:
    """A month, and whether published spending of it was brought in: all of it, as far as its rows can tell."""

    month: Month
    is_known: bool
    is_partial: bool = False


@dataclass(frozen=True)
class MonthPayments:
    """One provider in one month, in whole pence; what was paid is None where it is not known."""

    paid_pence: int | None
    placements_pence: int
    council_pence: int

    @property
    def difference_pence(self) -> int | None:
        return None if self.paid_pence is None else self.paid_pence - self.council_pence

    @property
    def says_nothing(self) -> bool:
        """Neither what was paid is known, nor was there a placement."""
        return self.paid_pence is None and not self.placements_pence


@dataclass(frozen=True)
class ProviderPayments:
    """One provider by month, in whole pence: paid, what its placements accrued, and the councils' part of that.

    `paid_pence` is None in months of which no spending is known, and in all where no supplier is matched to it.
    """

    code: str
    name: str
    paid_pence: tuple[int | None, ...]
    placements_pence: tuple[int, ...]
    council_pence: tuple[int, ...]
    is_matched: bool

    @property
    def known(self) -> tuple[int, ...]:
        """The places of months in which what was paid is known: the only ones that can be compared."""
        return tuple(place for place, pence in enumerate(self.paid_pence) if pence is not None)

    @property
    def total_paid_pence(self) -> int | None:
        return sum(self.paid_pence[place] or 0 for place in self.known) if self.known else None

    @property
    def total_placements_pence(self) -> int:
        """In the months that are known; in all of them where none is."""
        return sum(self.placements_pence[place] for place in self.known or range(len(self.placements_pence)))

    @property
    def total_council_pence(self) -> int:
        return sum(self.council_pence[place] for place in self.known or range(len(self.council_pence)))

    @property
    def difference_pence(self) -> int | None:
        """Paid less the councils' part of what the placements say; negative where less was paid."""
        paid = self.total_paid_pence
        return None if paid is None else paid - self.total_council_pence

    @property
    def by_month(self) -> tuple["MonthPayments", ...]:
        rows = zip(self.paid_pence, self.placements_pence, self.council_pence, strict=True)
        return tuple(MonthPayments(*row) for row in rows)


@dataclass(frozen=True)
class PaymentsAgainstPlacements:
    """A partnership's payments for support by provider and month, beside what its placements say.

    `total` adds up the providers that a supplier is matched to. What was paid to others is in whole pence of the whole
    period: suppliers not matched yet, private persons (never named, never matched), and those that are not providers.
    """

    months: tuple[KnownMonth, ...]
    providers: tuple[ProviderPayments, ...]
    total: ProviderPayments
    not_matched_pence: int
    not_matched_suppliers: int
    individuals_pence: int
    not_providers_pence: int

    @property
    def paid_pence(self) -> int:
        """Everything that was paid in the period."""
        matched = self.total.total_paid_pence or 0
        return matched + self.not_matched_pence + self.individuals_pence + self.not_providers_pence

    @property
    def has_payments(self) -> bool:
        return any(month.is_known for month in self.months)

    def provider(self, code: str) -> ProviderPayments:
        """Raises Http404 for a provider with neither payments nor placements."""
        found = next((each for each in self.providers if each.code == code), None)
        if found is None:
            raise Http404("No payments and no placements")
        return found


@dataclass(frozen=True)
class SupplierPayments:
    """One supplier of a provider as it may be shown, and what it was paid in a period, in whole pence."""

    supplier_id: str
    name: str
    other_names: tuple[str, ...]
    payments: int
    pence: int
    last_paid_on: dt.date


@dataclass(frozen=True)
class _Monthly:
    """Sums of payments: by provider and month, and by what the other suppliers are."""

    by_provider: Mapping[int, Mapping[Month, int]]
    not_matched_pence: int
    not_matched_suppliers: int
    individuals_pence: int
    not_providers_pence: int


def payment_sums(actor: Actor, by: Sequence[str]) -> list[PaymentSum]:
    """Payments summed by any of `PAYMENT_COLUMNS`, in that order of columns, sorted; only sums that are not zero.

    A provider is the partnership's code for it, empty where no supplier is matched. Raises ValueError for another
    column.
    """
    if not by or len(set(by)) != len(by) or any(each not in PAYMENT_COLUMNS for each in by):
        raise ValueError(f"Payments can be shown by {', '.join(PAYMENT_COLUMNS)}, each once; not by {','.join(by)}.")
    codes = _codes(actor)
    fields = {"supplier_id": "supplier__supplier_id", "provider": "supplier__provider", "expense_type": "expense_type"}
    columns: dict[str, Any] = {
        f"by_{each}": TruncMonth("paid_on") if each == "month" else F(fields[each]) for each in by
    }
    payments = Payment.objects.visible_to(actor).annotate(**columns).order_by()
    sums: dict[tuple[str, ...], int] = defaultdict(int)
    for *values, amount in payments.values_list(*columns).annotate(Sum("amount")):
        sums[tuple(_text(column, value, codes) for column, value in zip(by, values, strict=True))] += to_pence(amount)
    return sorted(PaymentSum(keys, pence) for keys, pence in sums.items() if pence)


def _text(column: str, value: Any, codes: Mapping[int, str]) -> str:
    if column == "month":
        return str(Month.of(value))
    if column == "provider":
        return codes.get(value, "")
    return str(value)


def _codes(actor: Actor) -> dict[int, str]:
    links = PartnershipOrganisation.objects.filter(partnership=actor.partnership)
    return dict(links.values_list("organisation_id", "code"))


def months_of_spending(actor: Actor) -> list[KnownMonth]:
    """The months of which published spending was brought in, in order of time."""
    stored = SpendingType.objects.visible_to(actor)
    rows = {Month.of(month): count for month, count in stored.values_list("month").annotate(Sum("rows")).order_by()}
    usual = statistics.median(rows.values()) if rows else 0
    return [KnownMonth(month, True, count * WHOLE_MONTH_SHARE < usual) for month, count in sorted(rows.items())]


def payments_against_placements(actor: Actor, first: dt.date, last: dt.date) -> PaymentsAgainstPlacements:
    """What was paid to each provider in each month, from the month of `first` to the month of `last`, beside what
    its placements accrued in it (cost rule 3) and the councils' part of that (cost rule 4). Whole pence.

    Providers are those with payments or placements in the period, the largest first. A payment is of the month in
    which it was made, often one after the support it pays for. Raises PermissionDenied for those who see no payments.
    """
    if not actor.sees_prices:
        raise PermissionDenied("Payments are for commissioners, finance officers and auditors.")
    months = list(Month.of(first).until(Month.of(last)))
    published = {each.month: each for each in months_of_spending(actor)}
    known = tuple(published.get(month, KnownMonth(month, False)) for month in months)
    monthly = _monthly(actor, months)
    accrued, council = _accrued(actor, months)
    names = dict(
        PartnershipOrganisation.objects.filter(partnership=actor.partnership).values_list("code", "organisation__name")
    )
    matched = set(Supplier.objects.visible_to(actor).values_list("provider", flat=True).distinct())
    paid_by_code = {code: monthly.by_provider.get(pk, {}) for pk, code in _codes(actor).items() if pk in matched}
    with_money = {code for code, sums in paid_by_code.items() if sums} | set(accrued)
    providers = [
        ProviderPayments(
            code=code,
            name=names.get(code, code),
            paid_pence=_paid(known, paid_by_code.get(code)),
            placements_pence=_row(accrued.get(code), len(months)),
            council_pence=_row(council.get(code), len(months)),
            is_matched=code in paid_by_code,
        )
        for code in sorted(with_money)
    ]
    return PaymentsAgainstPlacements(
        months=known,
        providers=tuple(sorted(providers, key=_largest_first)),
        total=_total(known, [each for each in providers if each.is_matched]),
        not_matched_pence=monthly.not_matched_pence,
        not_matched_suppliers=monthly.not_matched_suppliers,
        individuals_pence=monthly.individuals_pence,
        not_providers_pence=monthly.not_providers_pence,
    )


def _largest_first(provider: ProviderPayments) -> tuple[int, str]:
    return -max(provider.total_paid_pence or 0, provider.total_placements_pence), provider.name


def _paid(known: Sequence[KnownMonth], sums: Mapping[Month, int] | None) -> tuple[int | None, ...]:
    return tuple(sums.get(each.month, 0) if sums is not None and each.is_known else None for each in known)


def _row(sums: Mapping[int, int] | None, months: int) -> tuple[int, ...]:
    return tuple((sums or {}).get(place, 0) for place in range(months))


def _total(known: Sequence[KnownMonth], providers: Sequence[ProviderPayments]) -> ProviderPayments:
    places = range(len(known))
    return ProviderPayments(
        code="",
        name="All matched providers",
        paid_pence=tuple(
            sum(each.paid_pence[place] or 0 for each in providers) if known[place].is_known and providers else None
            for place in places
        ),
        placements_pence=tuple(sum(each.placements_pence[place] for each in providers) for place in places),
        council_pence=tuple(sum(each.council_pence[place] for each in providers) for place in places),
        is_matched=bool(providers),
    )


def _monthly(actor: Actor, months: Sequence[Month]) -> _Monthly:
    """Sums of the period in one query."""
    payments = Payment.objects.visible_to(actor).filter(paid_on__range=(months[0].first, months[-1].last))
    rows = (
        payments.annotate(month=TruncMonth("paid_on"))
        .order_by()
        .values_list("supplier__provider", "supplier__kind", "supplier__not_a_provider", "month")
        .annotate(Sum("amount"))
    )
    by_provider: dict[int, dict[Month, int]] = defaultdict(lambda: defaultdict(int))
    others = {"not_matched": 0, "individuals": 0, "not_providers": 0}
    for provider, kind, is_not, month, amount in rows:
        if provider is not None:
            by_provider[provider][Month.of(month)] += to_pence(amount)
        elif is_not:
            others["not_providers"] += to_pence(amount)
        elif kind == Supplier.Kind.INDIVIDUAL:
            others["individuals"] += to_pence(amount)
        else:
            others["not_matched"] += to_pence(amount)
    return _Monthly(
        by_provider=by_provider,
        not_matched_pence=others["not_matched"],
        not_matched_suppliers=_open_suppliers(payments),
        individuals_pence=others["individuals"],
        not_providers_pence=others["not_providers"],
    )


def _open_suppliers(payments: QuerySet[Payment]) -> int:
    """How many suppliers of some payments nobody has decided about; private persons aside."""
    undecided = payments.filter(supplier__provider__isnull=True, supplier__not_a_provider=False)
    named = undecided.exclude(supplier__kind=Supplier.Kind.INDIVIDUAL)
    return named.order_by().values("supplier").distinct().count()


def _accrued(actor: Actor, months: Sequence[Month]) -> tuple[dict[str, dict[int, int]], dict[str, dict[int, int]]]:
    """What placements cost by provider and place of the month: the whole, and the part that councils pay."""
    councils = set(
        PartnershipOrganisation.objects.filter(
            partnership=actor.partnership, organisation__kind=OrganisationKind.COUNCIL
        ).values_list("code", flat=True)
    )
    periods = ledger.months(months[0].first, months[-1].first)
    whole: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    part: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for cost in costs_by_period(open_book(actor), periods, ("provider", "funder")):
        provider, funder = cost.keys
        whole[provider][cost.period] += cost.pence
        if funder in councils:
            part[provider][cost.period] += cost.pence
    return whole, part


def suppliers_of(actor: Actor, code: str, first: dt.date, last: dt.date) -> list[SupplierPayments]:
    """The suppliers matched to a provider with what each was paid in the months from `first` to `last`."""
    payments = Payment.objects.visible_to(actor).filter(
        paid_on__range=(Month.of(first).first, Month.of(last).last),
        supplier__provider__links__code=code,
        supplier__provider__links__partnership=actor.partnership,
    )
    sums = {
        pk: (count, to_pence(amount), latest)
        for pk, count, amount, latest in payments.order_by()
        .values_list("supplier")
        .annotate(Count("pk"), Sum("amount"), Max("paid_on"))
    }
    return sorted(
        (_supplier_payments(each, *sums[each.pk]) for each in Supplier.objects.visible_to(actor).filter(pk__in=sums)),
        key=lambda each: (-each.pence, each.supplier_id),
    )


def _supplier_payments(supplier: Supplier, payments: int, pence: int, last_paid_on: dt.date) -> SupplierPayments:
    return SupplierPayments(
        supplier_id=supplier.supplier_id,
        name=supplier.shown_name,
        other_names=tuple(supplier.other_names),
        payments=payments,
        pence=pence,
        last_paid_on=last_paid_on,
    )


def types_paid(actor: Actor, code: str, first: dt.date, last: dt.date) -> list[tuple[str, int]]:
    """The expense types a provider was paid under in some months, in whole pence, the largest first."""
    payments = Payment.objects.visible_to(actor).filter(
        paid_on__range=(Month.of(first).first, Month.of(last).last),
        supplier__provider__links__code=code,
        supplier__provider__links__partnership=actor.partnership,
    )
    sums: Iterable[tuple[str, Any]] = payments.order_by().values_list("expense_type").annotate(Sum("amount"))
    return sorted(((each, to_pence(amount)) for each, amount in sums), key=lambda each: (-each[1], each[0]))
