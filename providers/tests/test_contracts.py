"""Contracts: who sees them, their terms, and warnings in time."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership
from commissioning.core.editing import version_of
from commissioning.core.errors import Refused, RefusedMany, Stale
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from commissioning.tests.forms import version_in
from people.models import Person
from providers.actions import ContractDetails, change_contract, create_contract
from providers.models import Contract
from providers.queries import ContractFilters, contracts_list

TODAY = dt.date(2026, 11, 21)
START = dt.date(2026, 1, 1)


def make(by: Actor, provider: Organisation, reference: str, **changes: object) -> Contract:
    values: dict[str, object] = {"title": reference, "kind": "spot", "start": START, **changes}
    return create_contract(reference=reference, provider=provider, details=ContractDetails(**values), by=by)  # type: ignore[arg-type]


def posted(**changes: object) -> dict[str, object]:
    """What the browser sends for a contract."""
    return {"title": "Flats", "kind": "spot", "start_day": 1, "start_month": 1, "start_year": 2026, **changes}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"end": dt.date(2025, 12, 31)}, "end"),
        ({"title": " "}, "title"),
        ({"kind": "handshake"}, "kind"),
        ({"notice_weeks": 105}, "notice_weeks"),
    ],
)
def test_it_refuses_at_the_field_and_keeps_nothing(
    by_alice: Actor, meadow: Organisation, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(RefusedMany) as refused:
        make(by_alice, meadow, "C-1", **changes)
    assert [one.field for one in refused.value] == [field]
    assert not Contract.objects.exists()


def test_a_reference_is_used_once(by_alice: Actor, contract: Contract, meadow: Organisation) -> None:
    with pytest.raises(Refused, match="already used"):
        make(by_alice, meadow, "c-1")


def test_the_provider_is_one_of_the_partnership(by_alice: Actor, charlie: Membership, elsewhere: Partnership) -> None:
    outsider = elsewhere.links.get(code="COUNCIL").organisation
    with pytest.raises(Refused, match="of this partnership"):
        make(by_alice, outsider, "C-1")


def test_only_commissioners_write(finn: Membership, mabel: Membership, meadow: Organisation) -> None:
    for member in (finn, mabel):
        with pytest.raises(PermissionDenied):
            make(Actor.of(member), meadow, "C-9")


def test_the_second_saver_overwrites_nothing(by_alice: Actor, contract: Contract) -> None:
    details = ContractDetails(title="Flats and houses", kind="spot", start=START)
    opened = version_of(contract)
    change_contract(contract=contract, version=opened, details=details, by=by_alice)
    with pytest.raises(Stale):
        change_contract(contract=contract, version=opened, details=ContractDetails("Mine", "spot", START), by=by_alice)
    contract.refresh_from_db()
    assert (contract.title, contract.version) == ("Flats and houses", 2)


def test_ends_that_come_soon_or_within_their_notice_want_a_decision(by_alice: Actor, meadow: Organisation) -> None:
    make(by_alice, meadow, "OPEN", notice_weeks=52)
    make(by_alice, meadow, "ENDED", end=TODAY - dt.timedelta(days=1))
    make(by_alice, meadow, "TODAY", end=TODAY)
    make(by_alice, meadow, "NINETY", end=TODAY + dt.timedelta(days=90))
    make(by_alice, meadow, "LATER", end=TODAY + dt.timedelta(days=91))
    make(by_alice, meadow, "NOTICE", end=TODAY + dt.timedelta(weeks=26), notice_weeks=26)
    make(by_alice, meadow, "NOT-YET", end=TODAY + dt.timedelta(weeks=26, days=1), notice_weeks=26)
    rows = contracts_list(by_alice, ContractFilters(state="soon"), TODAY)
    assert [row.contract.reference for row in rows] == ["TODAY", "NINETY", "NOTICE"]
    assert [row.flag for row in rows] == ["Ends today", "Ends in 90 days", "Notice by 21 November"]


def test_a_day_for_notice_that_comes_is_said(by_alice: Actor, meadow: Organisation) -> None:
    make(by_alice, meadow, "C-1", end=TODAY + dt.timedelta(weeks=20), notice_weeks=12)
    (row,) = contracts_list(by_alice, ContractFilters(), TODAY)
    assert (row.flag, row.flag_kind) == ("Notice by 16 January 2027", "late")


def test_the_list_filters_and_puts_what_ends_first_on_top(by_alice: Actor, meadow: Organisation) -> None:
    make(by_alice, meadow, "OPEN")
    make(by_alice, meadow, "ENDED", end=dt.date(2026, 2, 1))
    make(by_alice, meadow, "SOON", end=dt.date(2026, 12, 1))
    make(by_alice, meadow, "COMING", start=dt.date(2027, 1, 1), kind="block")

    def found(**filters: str) -> list[str]:
        rows = contracts_list(by_alice, ContractFilters(**filters), TODAY)  # type: ignore[arg-type]
        return [row.contract.reference for row in rows]

    assert found() == ["SOON", "COMING", "OPEN", "ENDED"]
    assert found(state="now") == ["SOON", "OPEN"]
    assert found(state="soon") == ["SOON"]
    assert found(state="coming") == found(kind="block") == ["COMING"]
    assert found(state="ended") == ["ENDED"]
    assert found(q="soon") == ["SOON"]
    assert len(found(q="meadow")) == 4


def test_people_under_it_are_counted_and_queries_do_not_grow(
    by_alice: Actor, contract: Contract, meadow: Organisation, jo: Person, estuary: Partnership
) -> None:
    make_placement(jo, meadow, "A", contract=contract)
    make_placement(make_person(estuary, "P-2"), meadow, "B", contract=contract, end=dt.date(2026, 8, 1))
    (row,) = contracts_list(by_alice, ContractFilters(), TODAY)
    assert (row.people, row.terms_met, row.terms) == (1, 1, 6)
    for number in range(30):
        make(by_alice, meadow, f"C-X{number}")
    with CaptureQueriesContext(connection) as queries:
        contracts_list(by_alice, ContractFilters(), TODAY)
    assert len(queries) == 2


def test_a_contract_is_for_those_who_pay_and_its_own_provider(
    contract: Contract,
    alice: Membership,
    finn: Membership,
    audrey: Membership,
    mabel: Membership,
    charlie: Membership,
    clara: Membership,
    bea: Membership,
    larkrise: Organisation,
    by_alice: Actor,
) -> None:
    make(by_alice, larkrise, "C-2")
    for member in (alice, finn, audrey, mabel):
        assert signed_in(member).get("/providers/contracts/on/C-1/").status_code == 200
    assert signed_in(charlie).get("/providers/contracts/on/C-1/").status_code == 404
    assert signed_in(mabel).get("/providers/contracts/on/C-2/").status_code == 404
    assert "C-2" not in signed_in(mabel).get("/providers/contracts/").content.decode()
    for member in (clara, bea):
        assert signed_in(member).get("/providers/contracts/on/C-1/").status_code == 403
        assert signed_in(member).get("/providers/contracts/").status_code == 403
    for member in (finn, audrey, mabel):
        assert signed_in(member).get("/providers/contracts/on/C-1/change/").status_code == 403
        assert signed_in(member).get("/providers/contracts/new/").status_code == 403
    assert signed_in(charlie).get("/providers/contracts/on/C-1/change/").status_code == 404


def test_the_browser_adds_one_with_its_terms(alice: Membership, meadow: Organisation) -> None:
    client = signed_in(alice)
    sent = posted(reference="C-7", provider=meadow.pk, notice_weeks="12", no_agency_staff="yes", training_funded="no")
    shown = client.post("/providers/contracts/new/?provider=MEADOW", sent, follow=True).content.decode()
    contract = Contract.objects.get(reference="C-7")
    assert (contract.no_agency_staff, contract.training_funded, contract.clinical_advice) == (True, False, None)
    assert "1 of 6 are there" in shown


def test_the_browser_says_what_is_wrong(alice: Membership, meadow: Organisation) -> None:
    client = signed_in(alice)
    wrong = posted(reference="C-7", provider=meadow.pk, end_day=31, end_month=12, end_year=2025, notice_weeks="soon")
    assert "Nothing is saved yet" in client.post("/providers/contracts/new/", wrong).content.decode()
    wrong["notice_weeks"] = "12"
    assert "on or after the first day" in client.post("/providers/contracts/new/", wrong).content.decode()
    wrong["start_year"] = "0206"
    assert "Nothing is saved yet" in client.post("/providers/contracts/new/", wrong).content.decode()
    assert not Contract.objects.exists()


def test_the_browser_shows_both_values_to_the_second_saver(alice: Membership, contract: Contract) -> None:
    opened_at = version_of(contract)
    Contract.objects.filter(pk=contract.pk).update(title="Houses", version=2)
    client = signed_in(alice)
    sent = posted(version=opened_at, title="Bungalows", no_agency_staff="yes")
    shown = client.post("/providers/contracts/on/C-1/change/", sent)
    assert shown.status_code == 409
    assert "Houses" in shown.content.decode()
    assert "Bungalows" in shown.content.decode()
    client.post("/providers/contracts/on/C-1/change/", {**sent, "version": version_in(shown), "keep-title": "theirs"})
    contract.refresh_from_db()
    assert (contract.title, contract.version, contract.notice_weeks) == ("Houses", 3, None)
