"""What the database refuses, whoever writes."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from commissioning.accounts.models import Organisation
from commissioning.tests.fixtures import make_placement
from finance.models import CostLine, FundingShare
from people.models import Person, Placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def flat(jo: Person, meadow: Organisation) -> Placement:
    return make_placement(jo, meadow)


def line(
    placement: Placement, reference: str, start: dt.date, end: dt.date | None = None, **fields: object
) -> CostLine:
    return CostLine.objects.create(
        partnership=placement.partnership,
        placement=placement,
        reference=reference,
        **{"kind": "core_support", "basis": "weekly", "amount": Decimal("100"), "start": start, "end": end, **fields},
    )


def share(placement: Placement, percent: str, start: dt.date, end: dt.date | None = None, route: str = "s117") -> None:
    FundingShare.objects.create(
        placement=placement, funder=placement.person.icb, route=route, percent=Decimal(percent), start=start, end=end
    )


def check_now() -> None:
    """Deferred constraints speak at commit; ask them now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_it_refuses_two_lines_of_one_kind_on_one_day(flat: Placement) -> None:
    line(flat, "A", dt.date(2026, 7, 1), dt.date(2026, 7, 31))
    line(flat, "B", dt.date(2026, 8, 1))
    with pytest.raises(IntegrityError, match="one_price_at_a_time"), transaction.atomic():
        line(flat, "C", dt.date(2026, 7, 31), dt.date(2026, 7, 31))
    line(flat, "D", dt.date(2026, 7, 31), label="evenings")
    line(flat, "E", dt.date(2026, 7, 31), basis="one_off")


def test_it_refuses_shares_above_100_on_any_day(flat: Placement) -> None:
    share(flat, "60", dt.date(2026, 7, 1), dt.date(2026, 7, 31))
    share(flat, "40", dt.date(2026, 7, 1), route="chc")
    check_now()
    with (
        pytest.raises(IntegrityError, match=r"Shares add up to 100\.0001 per cent on 2026"),
        transaction.atomic(),
    ):
        share(flat, "0.0001", dt.date(2026, 7, 31), route="fnc")
        check_now()
    share(flat, "60", dt.date(2026, 8, 1))
    check_now()


def test_it_refuses_two_homes_on_one_day(flat: Placement, larkrise: Organisation) -> None:
    with pytest.raises(IntegrityError, match="one_home_at_a_time"), transaction.atomic():
        make_placement(flat.person, larkrise, "PL-2", start=dt.date(2026, 9, 1))
    make_placement(flat.person, larkrise, "PL-3", start=dt.date(2026, 9, 1), double_running=True)
    make_placement(flat.person, larkrise, "PL-4", start=dt.date(2026, 9, 1), setting="other_hospital")
