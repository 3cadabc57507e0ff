"""Payments that are not what placements say, by provider and month, each with its reason, on terms that are stated."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.urls import reverse

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership
from commissioning.tests.fixtures import make_placement, signed_in
from finance.actions import import_spending, match_suppliers
from finance.models import CostLine, FundingShare
from finance.queries import payments_against_placements
from finance.queries.payment_exceptions import Exceptions, payment_exceptions, terms_from
from finance.tests.spending_files import iso_file, iso_row
from people.models import Person

FIRST, LAST = dt.date(2023, 4, 1), dt.date(2023, 9, 30)
# £100 a day, three quarters of it the council's; what the person pays is £10 a day of that.
BILL, INCOME = Decimal(700), Decimal(-70)


@pytest.fixture
def placed(jo: Person, meadow: Organisation, by_alice: Actor, estuary: Partnership) -> Actor:
    placement = make_placement(jo, meadow, start=FIRST)
    for reference, kind, amount in (("L-1", "core_support", BILL), ("L-2", "client_contribution", INCOME)):
        CostLine.objects.create(
            partnership=estuary, reference=reference, placement=placement, kind=kind, basis="weekly", amount=amount,
            start=FIRST,
        )  # fmt: skip
    for link in estuary.links.filter(code__in=["COUNCIL", "ICB"]).select_related("organisation"):
        percent = Decimal(75 if link.code == "COUNCIL" else 25)
        FundingShare.objects.create(
            placement=placement, funder=link.organisation, route="joint", percent=percent, start=FIRST
        )
    return by_alice


def pay(by: Actor, estuary: Partnership, *rows: tuple[str, str]) -> None:
    """Days and pounds to Meadow Farm; every month of the period has a row of somebody else, so it is known."""
    others = [
        iso_row(day=f"2023-{month:02}-02", amount="1", supplier_id="777", name="OTHER PLC") for month in range(4, 10)
    ]
    own = [iso_row(day=day, amount=amount) for day, amount in rows]
    import_spending(partnership=estuary, files=[("2023.csv", iso_file(*others, *own))], expense_types=None, by=by)
    match_suppliers(decisions={"501": "MEADOW"}, by=by)


def found(by: Actor, **terms: str) -> Exceptions:
    return payment_exceptions(by, payments_against_placements(by, FIRST, LAST), terms_from(terms))


def reasons(by: Actor, **terms: str) -> dict[int, str]:
    return {row.month.number: row.reason for row in found(by, **terms).rows}


# The council's part of £90 a day: April 30 days £2,025, May 31 £2,092.50, June £2,025, July and August £2,092.50.
def test_each_month_says_why_it_is_not_as_expected(placed: Actor, estuary: Partnership) -> None:
    pay(
        placed, estuary, ("2023-04-28", "2025"), ("2023-05-26", "4185"), ("2023-07-28", "1500"),
        ("2023-08-11", "1046.25"), ("2023-08-11", "1046.25"), ("2023-09-29", "2800"),
    )  # fmt: skip
    assert reasons(placed) == {5: "moved", 6: "moved", 7: "less", 8: "duplicate", 9: "more"}
    rows = {row.month.number: row for row in found(placed).rows}
    assert (rows[5].paid_pence, rows[5].expected_pence) == (4_185_00, 2_092_50)
    assert rows[5].note == "Together with June 2023 it is as expected."
    assert rows[8].note == "£1,046.25 twice on 11 August 2023." and rows[8].difference_pence == 0
    assert found(placed).within == 1 and found(placed).looked_at == 6


def test_twice_nothing_paid_and_nothing_placed(placed: Actor, estuary: Partnership, jo: Person) -> None:
    jo.placements.update(end=dt.date(2023, 6, 30), end_reason="planned_move")
    CostLine.objects.update(end=dt.date(2023, 6, 30))
    pay(placed, estuary, ("2023-04-28", "2025"), ("2023-06-26", "4050"), ("2023-08-28", "100"))
    assert reasons(placed, tolerance="1") == {5: "no_payment", 6: "twice", 8: "no_placement"}


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({}, 2_092_50),
        ({"pays": "whole"}, 2_790_00),
        ({"income": "gross"}, 2_325_00),
        ({"cycle": "arrears"}, 2_025_00),
        ({"cycle": "advance"}, 2_025_00),
        ({"vat": "with"}, 2_511_00),
    ],
)
def test_the_terms_decide_what_is_expected(
    placed: Actor, estuary: Partnership, terms: dict[str, str], expected: int
) -> None:
    pay(placed, estuary, ("2023-05-26", "1"))
    assert {row.expected_pence for row in found(placed, **terms).rows if row.month.number == 5} == {expected}


def test_what_is_as_expected_follows_the_tolerance(placed: Actor, estuary: Partnership) -> None:
    months = [(f"2023-{month:02}-20", "2025") for month in (4, 5, 6, 7, 8, 9)]
    pay(placed, estuary, *months)
    assert reasons(placed) == {}
    assert set(reasons(placed, tolerance="2").values()) <= {"less", "moved"} and reasons(placed, tolerance="2")
    assert reasons(placed, tolerance="lots", cycle="moon") == {}, "what makes no sense is the usual"


def test_the_list_is_on_the_page_and_in_the_file(
    placed: Actor, estuary: Partnership, finn: Membership, mabel: Membership
) -> None:
    pay(placed, estuary, ("2023-04-28", "5000"))
    query = "?first=2023-04&last=2023-04&pays=whole"
    shown = signed_in(finn).get(reverse("payments_exceptions") + query).content.decode()
    assert "£5,000.00" in shown and "£2,700.00" in shown and "+£2,300.00" in shown and "More than is expected" in shown
    contents = signed_in(finn).get(reverse("payments_exceptions_csv") + query).content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(contents))
    assert (row["paid"], row["expected"], row["difference"]) == ("5000.00", "2700.00", "2300.00")
    assert signed_in(mabel).get(reverse("payments_exceptions")).status_code == 403
