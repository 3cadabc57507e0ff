"""Who may open the pages of this app: allowed, refused, or not there at all."""

import pytest

from commissioning.accounts.models import Membership, Organisation, Partnership
from commissioning.audit.models import RecordRead
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from people.models import Person, Plan

PAGES = ("details", "plan", "plan/versions/1", "goals", "circle")
WRITES = ("change", "responsible/add", "circle/add", "clinicians/add")
PLANNING = ("plan/change", "plan/agree", "goals/add")


@pytest.mark.parametrize("page", PAGES)
def test_those_who_may_read_a_life_read_it_and_it_is_kept(
    page: str, jo: Person, agreed: Plan, meadow: Organisation, request: pytest.FixtureRequest
) -> None:
    make_placement(jo, meadow)
    for name in ("alice", "audrey", "advised", "mabel", "sam"):
        member: Membership = request.getfixturevalue(name)
        assert signed_in(member).get(f"/people/JO/{page}/").status_code == 200, name
        assert RecordRead.objects.filter(person_id=jo.pk, user_id=member.user_id).exists(), name


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["finn", "bea", "adam"])
def test_others_are_refused(page: str, name: str, jo: Person, agreed: Plan, request: pytest.FixtureRequest) -> None:
    assert signed_in(request.getfixturevalue(name)).get(f"/people/JO/{page}/").status_code == 403
    assert not RecordRead.objects.exists()


@pytest.mark.parametrize("page", [*PAGES, *PLANNING])
def test_out_of_scope_is_not_there(
    page: str, jo: Person, agreed: Plan, charlie: Membership, clara: Membership, elsewhere: Partnership
) -> None:
    for outsider in (charlie, clara):
        assert signed_in(outsider).get(f"/people/JO/{page}/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_another_provider_learns_nothing(
    page: str, jo: Person, agreed: Plan, larkrise: Organisation, mabel: Membership
) -> None:
    make_placement(jo, larkrise)
    assert signed_in(mabel).get(f"/people/JO/{page}/").status_code == 404


@pytest.mark.parametrize("page", [*WRITES, *PLANNING])
def test_reading_is_not_writing(
    page: str, jo: Person, meadow: Organisation, audrey: Membership, mabel: Membership, finn: Membership
) -> None:
    make_placement(jo, meadow)
    for member in (audrey, mabel, finn):
        assert signed_in(member).get(f"/people/JO/{page}/").status_code == 403


@pytest.mark.parametrize("page", WRITES)
def test_a_clinician_writes_plans_but_not_the_record(page: str, jo: Person, advised: Membership) -> None:
    client = signed_in(advised)
    assert client.get(f"/people/JO/{page}/").status_code == 403
    assert client.post("/people/JO/plan/new/").status_code == 302
    assert client.get("/people/JO/plan/change/").status_code == 200


def test_a_provider_reads_the_agreed_plan_only(
    jo: Person, agreed: Plan, meadow: Organisation, mabel: Membership, alice: Membership
) -> None:
    make_placement(jo, meadow)
    signed_in(alice).post("/people/JO/plan/new/")
    client = signed_in(mabel)
    assert client.get("/people/JO/plan/versions/2/").status_code == 404
    assert "is a draft" not in client.get("/people/JO/plan/").content.decode()
    Plan.objects.filter(pk=agreed.pk).update(status="replaced")
    assert client.get("/people/JO/plan/versions/1/").status_code == 404


def test_a_record_of_somebody_else_cannot_be_reached_through_a_person(
    jo: Person, alice: Membership, estuary: Partnership
) -> None:
    other = make_person(estuary, "OTHER")
    member = other.circle.create(name="Pat", part="friend")
    client = signed_in(alice)
    assert client.get(f"/people/JO/circle/{member.pk}/").status_code == 404
    assert client.get("/people/JO/responsible/1/").status_code == 404
    assert client.get("/people/JO/clinicians/1/end/").status_code == 404
    assert client.get("/people/JO/goals/X/review/").status_code == 404
