"""Providers: shared records, the partnership's own code, and who sees whom."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership, PartnershipOrganisation
from commissioning.core.errors import Refused
from commissioning.tests.fixtures import make_organisation, make_person, make_placement, signed_in
from commissioning.tests.forms import send
from people.models import Person
from providers.actions import OrganisationDetails, change_organisation, link_organisation
from providers.models import Contract
from providers.queries import providers_list

TODAY = dt.date(2026, 11, 21)
TIDE = OrganisationDetails("Tidewater Care", "support_provider", cqc_provider_id="1-101668239")


@pytest.fixture
def shared(elsewhere: Partnership) -> Organisation:
    """Tidewater, which another partnership works with."""
    organisation = make_organisation(elsewhere, "TW", "Tidewater Care Limited", "support_provider")
    Organisation.objects.filter(pk=organisation.pk).update(cqc_provider_id="1-101668239")
    return Organisation.objects.get(pk=organisation.pk)


def test_it_adds_an_organisation_nobody_knows(by_alice: Actor) -> None:
    done = link_organisation(code="TIDE", details=TIDE, by=by_alice)
    assert (done.was_known, done.link.organisation.name) == (False, "Tidewater Care")


def test_it_uses_the_shared_record_and_changes_nothing_of_it(by_alice: Actor, shared: Organisation) -> None:
    done = link_organisation(code="TIDE", details=TIDE, by=by_alice)
    shared.refresh_from_db()
    assert (done.was_known, done.link.organisation, shared.name) == (True, shared, "Tidewater Care Limited")


def test_a_name_alone_matches_nothing(by_alice: Actor, shared: Organisation) -> None:
    same_name = OrganisationDetails(shared.name, "support_provider")
    assert link_organisation(code="TIDE", details=same_name, by=by_alice).link.organisation != shared


def test_it_is_here_once_under_one_code(by_alice: Actor, shared: Organisation, meadow: Organisation) -> None:
    link_organisation(code="TIDE", details=TIDE, by=by_alice)
    with pytest.raises(Refused, match="already here, as TIDE"):
        link_organisation(code="TIDE-2", details=TIDE, by=by_alice)
    with pytest.raises(Refused, match="Meadow Farm Support"):
        link_organisation(code="meadow", details=OrganisationDetails("Other", "other"), by=by_alice)


def test_identifiers_of_two_organisations_are_refused(by_alice: Actor, shared: Organisation) -> None:
    Organisation.objects.create(name="Wolds", kind="nhs_provider", ods_code="RXX")
    both = OrganisationDetails("Tide", "support_provider", cqc_provider_id="1-101668239", ods_code="rxx")
    with pytest.raises(Refused, match="different organisations"):
        link_organisation(code="TIDE", details=both, by=by_alice)
    assert not PartnershipOrganisation.objects.filter(code="TIDE").exists()


def test_a_record_another_partnership_uses_is_not_changed(by_alice: Actor, shared: Organisation) -> None:
    link = link_organisation(code="TIDE", details=TIDE, by=by_alice).link
    with pytest.raises(Refused, match="another partnership uses the same record") as refused:
        change_organisation(link=link, code="T-1", details=TIDE, by=by_alice)
    assert refused.value.field == "name"
    link.refresh_from_db()
    assert link.code == "TIDE"
    as_it_is = OrganisationDetails(shared.name, shared.kind, cqc_provider_id=shared.cqc_provider_id)
    assert change_organisation(link=link, code="T-1", details=as_it_is, by=by_alice).code == "T-1"


def test_ones_own_organisation_can_be_changed_but_not_take_anothers_identifier(
    by_alice: Actor, meadow: Organisation, shared: Organisation
) -> None:
    link = meadow.links.get()
    renamed = OrganisationDetails("Meadow Farm", "support_provider", ods_code=" abc ")
    change_organisation(link=link, code="MEADOW", details=renamed, by=by_alice)
    meadow.refresh_from_db()
    assert (meadow.name, meadow.ods_code) == ("Meadow Farm", "ABC")
    with pytest.raises(Refused, match="another organisation") as refused:
        change_organisation(link=link, code="MEADOW", details=TIDE, by=by_alice)
    assert refused.value.field == "cqc_provider_id"


def test_the_list_counts_people_and_contracts_in_few_queries(
    by_alice: Actor, estuary: Partnership, meadow: Organisation, larkrise: Organisation, jo: Person
) -> None:
    make_placement(jo, meadow)
    for number in range(20):
        make_organisation(estuary, f"ORG-{number}", f"Provider {number}", "support_provider")
        make_placement(make_person(estuary, f"P-{number}"), larkrise, f"PL-{number}X")
    Contract.objects.create(
        partnership=estuary, reference="C", provider=meadow, title="x", start=TODAY, end=dt.date(2027, 1, 1)
    )
    with CaptureQueriesContext(connection) as queries:
        rows = {row.code: row for row in providers_list(by_alice, TODAY)}
    assert len(queries) == 4
    assert (rows["LARK"].people, rows["MEADOW"].people, rows["MEADOW"].contracts) == (20, 1, 1)
    assert rows["MEADOW"].ends_next == dt.date(2027, 1, 1)
    assert "COUNCIL" not in rows
    assert [row.code for row in providers_list(by_alice, TODAY, kind="council")] == ["COUNCIL"]
    assert [row.code for row in providers_list(by_alice, TODAY, q="lark")] == ["LARK"]


def test_who_opens_which_page(
    alice: Membership,
    finn: Membership,
    audrey: Membership,
    mabel: Membership,
    charlie: Membership,
    clara: Membership,
    bea: Membership,
    larkrise: Organisation,
) -> None:
    for member in (alice, finn, audrey, mabel):
        assert signed_in(member).get("/providers/with/MEADOW/").status_code == 200
    assert signed_in(charlie).get("/providers/with/MEADOW/").status_code == 404
    assert signed_in(mabel).get("/providers/with/LARK/").status_code == 404
    for member in (clara, bea):
        assert signed_in(member).get("/providers/with/MEADOW/").status_code == 403
    for member in (mabel, clara, bea):
        assert signed_in(member).get("/providers/").status_code == 403
    for member in (finn, audrey, mabel):
        assert signed_in(member).get("/providers/with/MEADOW/change/").status_code == 403
        assert signed_in(member).get("/providers/new/").status_code == 403
    assert signed_in(charlie).get("/providers/with/MEADOW/change/").status_code == 404


def test_the_browser_adds_and_explains(alice: Membership, shared: Organisation) -> None:
    client = signed_in(alice)
    sent = {"code": "TIDE", "name": "Tidewater", "kind": "support_provider", "cqc_provider_id": "1-101668239"}
    shown = client.post("/providers/new/", sent, follow=True).content.decode()
    assert "known already and is used as it is" in shown
    assert "only your code for it can be changed" in shown
    refused = send(client, "/providers/with/TIDE/change/", sent).content.decode()
    assert "cannot be changed here, because another partnership uses the same record" in refused
    assert "Nothing is saved yet" in refused
    kept = {**sent, "name": shared.name, "code": "TW-1"}
    assert send(client, "/providers/with/TIDE/change/", kept).headers["Location"] == "/providers/with/TW-1/"
