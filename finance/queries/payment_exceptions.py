"""Payments that are not what the placements say, by provider and month, each with its reason. Amounts are whole pence.

Like is set beside like by *terms*, which the address states: whether the council pays its part, or all and recharges
the others; whether the provider takes what people pay themselves off its bill; the month of support that a payment is
for; and value added tax. Published spending states none of these, and no period of service.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import OrganisationKind, PartnershipOrganisation
from commissioning.core.money import csv_pence, format_pence, round_half_away, to_pence
from commissioning.core.periods import Month, words
from finance import ledger
from finance.models import Payment
from finance.queries.book import open_book
from finance.queries.costs import costs_by_period
from finance.queries.payments import KnownMonth, PaymentsAgainstPlacements, ProviderPayments

PAYS = {"part": "Its own part", "whole": "All, and recharges others"}
INCOME = {"net": "Off the bill already", "gross": "Collected by the council"}
CYCLE = {"same": "The month it is paid in", "arrears": "The month before", "advance": "The month after"}
VAT = {"without": "Without VAT", "with": "With VAT at 20%"}
TOLERANCES = (1, 2, 5, 10, 20)
USUAL_TOLERANCE = 5
SHIFT = {"same": 0, "arrears": -1, "advance": 1}
REASONS = {
    "no_placement": "Paid, but no placement",
    "no_payment": "A placement, but no payment",
    "duplicate": "The same amount twice on one day",
    "twice": "About twice what is expected",
    "moved": "Paid in another month",
    "more": "More than is expected",
    "less": "Less than is expected",
}
COLUMNS = ("month", "provider", "name", "paid", "expected", "difference", "reason", "note")


@dataclass(frozen=True)
class Terms:
    """What is set beside what; `tolerance` is a percentage of what is expected."""

    pays: str = "part"
    income: str = "net"
    cycle: str = "same"
    vat: str = "without"
    tolerance: int = USUAL_TOLERANCE

    @property
    def query(self) -> str:
        return urlencode(vars(self))

    def within(self, pence: int, expected: int) -> bool:
        return abs(pence) * 100 <= self.tolerance * abs(expected)


def terms_from(given: Mapping[str, str]) -> Terms:
    """The terms of an address; anything that makes no sense there becomes the usual."""
    usual = Terms()
    found = {
        name: given.get(name, "") if given.get(name, "") in choices else getattr(usual, name)
        for name, choices in (("pays", PAYS), ("income", INCOME), ("cycle", CYCLE), ("vat", VAT))
    }
    tolerance = given.get("tolerance", "")
    return Terms(**found, tolerance=int(tolerance) if tolerance in map(str, TOLERANCES) else USUAL_TOLERANCE)


@dataclass(frozen=True)
class PaymentException:
    """One provider in one month that is not as expected, and why. A duplicate may be within the tolerance."""

    code: str
    name: str
    month: Month
    paid_pence: int
    expected_pence: int
    reason: str
    note: str = ""

    @property
    def difference_pence(self) -> int:
        return self.paid_pence - self.expected_pence

    @property
    def reason_words(self) -> str:
        return REASONS[self.reason]


@dataclass(frozen=True)
class Exceptions:
    """The exceptions, the largest difference first, and how many months of providers were looked at."""

    terms: Terms
    rows: tuple[PaymentException, ...]
    looked_at: int
    without_supplier: tuple[str, ...]

    @property
    def within(self) -> int:
        """Months of providers with nothing to explain."""
        return self.looked_at - len({(row.code, row.month) for row in self.rows})

    @property
    def by_reason(self) -> tuple[tuple[str, int], ...]:
        counts = Counter(row.reason for row in self.rows)
        return tuple((words, counts[key]) for key, words in REASONS.items() if counts[key])


def payment_exceptions(actor: Actor, found: PaymentsAgainstPlacements, terms: Terms) -> Exceptions:
    """What of the payments found is not as expected. Three queries, and those of the book."""
    months = [each.month for each in found.months]
    expected = _expected(actor, months, terms)
    twins = _twins(actor, months)
    rows: list[PaymentException] = []
    looked_at = 0
    for provider in found.providers:
        if provider.is_matched:
            wanted = [expected.get((provider.code, month), 0) for month in months]
            rows += _of_provider(provider, found.months, wanted, twins, terms)
            looked_at += sum(
                1 for place in provider.known if wanted[place] or provider.paid_pence[place]
            )  # both nothing says nothing
    ordered = sorted(rows, key=lambda row: (-abs(row.difference_pence), row.name, row.month))
    without = tuple(each.name for each in found.providers if not each.is_matched)
    return Exceptions(terms, tuple(ordered), looked_at, without)


def _of_provider(
    provider: ProviderPayments,
    months: Sequence[KnownMonth],
    expected: Sequence[int],
    twins: Mapping[tuple[str, Month], str],
    terms: Terms,
) -> list[PaymentException]:
    """The provider's months that are not as expected; two that explain each other say so."""
    rows = []
    for place in provider.known:
        paid, wanted, known = provider.paid_pence[place] or 0, expected[place], months[place]
        twin = twins.get((provider.code, known.month), "")
        if twin:
            rows.append(PaymentException(provider.code, provider.name, known.month, paid, wanted, "duplicate", twin))
            continue
        if terms.within(paid - wanted, wanted):
            continue
        reason, note = _reason(provider, months, expected, place, terms)
        rows.append(PaymentException(provider.code, provider.name, known.month, paid, wanted, reason, note))
    return rows


def _reason(
    provider: ProviderPayments, months: Sequence[KnownMonth], expected: Sequence[int], place: int, terms: Terms
) -> tuple[str, str]:
    paid, wanted = provider.paid_pence[place] or 0, expected[place]
    partial = "The file of this month looks incomplete." if months[place].is_partial else ""
    for beside in (place + 1, place - 1):
        if beside in provider.known:
            together = (provider.paid_pence[beside] or 0) + paid
            both = expected[beside] + wanted
            other_is_out = not terms.within((provider.paid_pence[beside] or 0) - expected[beside], expected[beside])
            if other_is_out and both and terms.within(together - both, both):
                return "moved", f"Together with {months[beside].month.words} it is as expected."
    if wanted <= 0 < paid:
        return "no_placement", partial
    if not paid:
        return "no_payment", partial
    if paid > wanted:
        return ("twice" if terms.within(paid - 2 * wanted, 2 * wanted) else "more"), partial
    return "less", partial


def _expected(actor: Actor, months: Sequence[Month], terms: Terms) -> dict[tuple[str, Month], int]:
    """What should have been paid by provider and month of payment (cost rules 3 to 5)."""
    links = PartnershipOrganisation.objects.filter(partnership=actor.partnership)
    councils = set(links.filter(organisation__kind=OrganisationKind.COUNCIL).values_list("code", flat=True))
    book = open_book(actor) if terms.income == "net" else open_book(actor).gross()
    of_support = [month.plus(SHIFT[terms.cycle]) for month in months]
    found: dict[tuple[str, Month], int] = defaultdict(int)
    for cost in costs_by_period(book, ledger.months(of_support[0].first, of_support[-1].first), ("provider", "funder")):
        provider, funder = cost.keys
        if terms.pays == "whole" or funder in councils:
            found[provider, months[cost.period]] += cost.pence
    if terms.vat == "with":
        return {key: round_half_away(pence * 6, 5) for key, pence in found.items()}
    return found


def _twins(actor: Actor, months: Sequence[Month]) -> dict[tuple[str, Month], str]:
    """Payments of one amount to one supplier on one day, more than once, in words by provider and month."""
    codes = dict(
        PartnershipOrganisation.objects.filter(partnership=actor.partnership).values_list("organisation_id", "code")
    )
    payments = Payment.objects.visible_to(actor).filter(
        paid_on__range=(months[0].first, months[-1].last), supplier__provider__isnull=False, amount__gt=0
    )
    rows = payments.order_by().values_list("supplier__provider", "supplier", "paid_on", "amount").annotate(Count("pk"))
    found: dict[tuple[str, Month], list[str]] = defaultdict(list)
    for provider, _, day, amount, count in rows.filter(pk__count__gt=1).order_by("paid_on", "amount"):
        often = "twice" if count == 2 else f"{count} times"
        found[codes.get(provider, ""), Month.of(day)].append(
            f"{format_pence(to_pence(amount))} {often} on {words(day)}."
        )
    return {key: " ".join(said) for key, said in found.items()}


def as_rows(found: Exceptions) -> tuple[tuple[str, ...], list[list[str]]]:
    """Header and rows of the list as a file; pounds."""
    rows = [
        [
            str(row.month),
            row.code,
            row.name,
            *(csv_pence(pence) for pence in (row.paid_pence, row.expected_pence, row.difference_pence)),
            row.reason_words,
            row.note,
        ]
        for row in found.rows
    ]
    return COLUMNS, rows
