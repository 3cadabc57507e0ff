"""Who may be chosen to pay, where the shares of a placement change."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from commissioning.accounts.models import Membership, Organisation
from commissioning.tests.fixtures import make_organisation, make_placement, signed_in
from finance.models import FundingShare
from finance.queries.funders import funders
from people.models import Person

pytestmark = pytest.mark.django_db


def test_it_offers_councils_and_nhs_boards_first_and_no_provider(jo: Person, meadow: Organisation) -> None:
    for code, name, kind in (
        ("A", "Abbey Advocates", "advocacy"), ("H", "Abbey Homes", "housing_provider"), ("O", "Abbey Trust", "other"),
        ("T", "Abbey Hospital", "nhs_provider"), ("E", "NHS England", "nhs_england"),
        ("C", "Abbey Collaborative", "provider_collaborative"),
    ):  # fmt: skip
        make_organisation(jo.partnership, code, name, kind)
    assert [str(each) for each in funders(jo.partnership)] == [
        "Estuary Council", "NHS Estuary", "Abbey Collaborative", "Abbey Hospital", "NHS England", "Abbey Trust",
    ]  # fmt: skip


def test_it_keeps_a_provider_that_pays_already(jo: Person, meadow: Organisation, alice: Membership) -> None:
    placement = make_placement(jo, meadow)
    address = reverse("shares_change", args=[placement.reference])
    client = signed_in(alice)
    assert "Meadow Farm Support</option>" not in client.get(address).content.decode()
    FundingShare.objects.create(
        placement=placement, funder=meadow, route="other", percent=Decimal(20), start=dt.date(2026, 7, 1)
    )
    assert list(funders(jo.partnership, paying_for=placement))[-1] == meadow
    assert "Meadow Farm Support</option>" in client.get(address).content.decode()
