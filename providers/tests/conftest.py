"""What the tests of this app share."""

import datetime as dt
from collections.abc import Callable

import pytest

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation
from providers.actions import ContractDetails, create_contract
from providers.models import Contract

HEADER = "name,cqc_id,type,address,postcode,provider,inspection_date,area_name"


@pytest.fixture
def contract(by_alice: Actor, meadow: Organisation) -> Contract:
    """Meadow Farm Support's contract, open."""
    details = ContractDetails(
        title="Flats", kind="spot", start=dt.date(2026, 1, 1), notice_weeks=12, no_agency_staff=True
    )
    return create_contract(reference="C-1", provider=meadow, details=details, by=by_alice)


@pytest.fixture
def listing() -> Callable[..., bytes]:
    """A list of locations as published, of these rows."""

    def of(*rows: str, header: str = HEADER) -> bytes:
        return "\n".join([header, *rows, ""]).encode()

    return of
