"""The Care Quality Commission's list: reading it, taking it over, matching it."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership
from commissioning.core.errors import Refused, RefusedMany
from commissioning.tests.fixtures import make_organisation, signed_in
from providers.actions import import_locations, match_locations, unmatch_location
from providers.imports import read_cqc
from providers.models import Location
from providers.queries import unmatched_locations

Listing = Callable[..., bytes]
ONE = 'Ash House,1-1001,Nursing homes|Residential homes,"2 Ash Lane,Sale",m335pd,Meadow Farm Ltd,2024-02-08,Trafford'
TWO = "Elm House,1-1002,Residential homes,NA,M33 5PA,Meadow Farm Ltd,NA,Trafford"
OTHER = "Oak House,1-1003,Residential homes,NA,M33 5PA,Oak (Homes) Limited,NA,Trafford"


def faults(content: bytes) -> list[str]:
    with pytest.raises(Refused) as refused:
        read_cqc(content)
    one = refused.value
    return [each.message for each in (one if isinstance(one, RefusedMany) else [one])]


def test_it_reads_what_is_published(listing: Listing) -> None:
    row, second = read_cqc(listing(ONE, TWO))
    assert (row.cqc_location_id, row.postcode, row.service_types) == (
        "1-1001",
        "M33 5PD",
        "Nursing homes, Residential homes",
    )
    assert row.address == "2 Ash Lane, Sale"
    assert str(row.inspected_on) == "2024-02-08"
    assert (second.inspected_on, second.address) == (None, "")


def test_it_reads_the_commissions_own_headers() -> None:
    header = "Location ID,Location Name,Provider Name,Care homes beds,Location Latest Overall Rating,Publication Date"
    (row,) = read_cqc(f"\ufeff{header}\r\n1-1001,Ash House,Meadow,12.0,Good,08/02/2024\r\n".encode())
    assert (row.beds, row.rating, str(row.rated_on)) == (12, "Good", "2024-02-08")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Ash House,1-1001,x,y,M33 5PD,,NA,z", "Row 2, provider: it is empty. Enter it"),
        ("Ash House,one two,x,y,M33 5PD,Meadow,NA,z", "Row 2, cqc_id: “one two” is not a location ID"),
        ("Ash House,1-1001,x,y,Sale,Meadow,NA,z", "Row 2, postcode: “Sale” is not a full postcode"),
        ("Ash House,1-1001,x,y,M33 5PD,Meadow,0206-01-01,z", "Row 2, inspection_date: Check the year"),
        ("Ash House,1-1001,x,y,M33 5PD,Meadow,soon,z", "Row 2, inspection_date: “soon” is not a date"),
        ("Ash House,1-1001,x,y", "Row 2: it has 4 cells, the header has 8"),
        (f"{'A' * 201},1-1001,x,y,M33 5PD,Meadow,NA,z", "longer than 200 characters"),
        ("Ash\x00House,1-1001,x,y,M33 5PD,Meadow,NA,z", "cannot be shown"),
    ],
)
def test_it_names_row_column_and_what_to_do(listing: Listing, row: str, message: str) -> None:
    (fault,) = faults(listing(row))
    assert message in fault


def test_it_lists_every_fault_and_names_both_rows_of_a_double(listing: Listing) -> None:
    found = faults(listing(ONE, TWO, ONE, TWO.replace("1-1002", "?")))
    assert found[0] == "Row 4, cqc_id: 1-1001 is in row 2 too. Keep one of them"
    assert found[1].startswith("Row 5, cqc_id")


def test_it_refuses_files_that_are_something_else(listing: Listing) -> None:
    assert "missing: cqc_id, provider" in faults(b"name,type\nAsh,x\n")[0]
    assert "spreadsheet" in faults(b"PK\x03\x04rest")[0]
    assert "UTF-8" in faults(listing(ONE) + "Café".encode("cp1252"))[0]
    assert "no locations" in faults(listing())[0]
    assert "name the columns" in faults(b"")[0]


@pytest.mark.django_db
def test_taking_it_over_again_changes_nothing(listing: Listing) -> None:
    rows = read_cqc(listing(ONE, TWO))
    first = import_locations(rows=rows, by=None)
    again = import_locations(rows=rows, by=None)
    assert (first.added, first.changed, first.same) == (2, 0, 0)
    assert (again.added, again.changed, again.same) == (0, 0, 2)


@pytest.mark.django_db
def test_a_correction_changes_and_an_absence_keeps(listing: Listing) -> None:
    import_locations(rows=read_cqc(listing(ONE, TWO)), by=None)
    done = import_locations(rows=read_cqc(listing(ONE.replace("Ash House", "Ash Lodge"))), by=None)
    assert (done.added, done.changed, Location.objects.count()) == (0, 1, 2)
    assert Location.objects.get(cqc_location_id="1-1001").name == "Ash Lodge"


def test_a_match_is_suggested_once_made_remembered_and_found_in_later_lists(
    listing: Listing, by_alice: Actor, meadow: Organisation, larkrise: Organisation
) -> None:
    import_locations(rows=read_cqc(listing(ONE, OTHER)), by=by_alice)
    first, second = unmatched_locations(by_alice)
    assert (first.provider_name, first.suggestion and first.suggestion.organisation) == ("Meadow Farm Ltd", meadow)
    assert (second.provider_name, second.suggestion) == ("Oak (Homes) Limited", None)
    assert match_locations(provider_name="Meadow Farm Ltd", organisation=meadow, by=by_alice) == 1
    done = import_locations(rows=read_cqc(listing(ONE, TWO, OTHER)), by=by_alice)
    assert (done.added, done.same, done.matched) == (1, 2, 1)
    assert set(meadow.locations.values_list("name", flat=True)) == {"Ash House", "Elm House"}
    with pytest.raises(Refused, match="matched already"):
        match_locations(provider_name="Meadow Farm Ltd", organisation=larkrise, by=by_alice)


def test_a_match_is_taken_back_unless_the_organisation_is_shared(
    listing: Listing, by_alice: Actor, meadow: Organisation, elsewhere: Partnership
) -> None:
    import_locations(rows=read_cqc(listing(ONE)), by=by_alice)
    match_locations(provider_name="Meadow Farm Ltd", organisation=meadow, by=by_alice)
    location = Location.objects.get()
    elsewhere.links.create(organisation=meadow, code="M")
    with pytest.raises(Refused, match="another partnership"):
        unmatch_location(location=location, by=by_alice)
    elsewhere.links.filter(code="M").delete()
    unmatch_location(location=location, by=by_alice)
    location.refresh_from_db()
    assert location.organisation is None


def test_locations_go_to_organisations_of_the_partnership_only(
    listing: Listing, by_alice: Actor, elsewhere: Partnership
) -> None:
    import_locations(rows=read_cqc(listing(ONE)), by=by_alice)
    outsider = make_organisation(elsewhere, "OUT", "Outside", "support_provider")
    with pytest.raises(Refused) as refused:
        match_locations(provider_name="Meadow Farm Ltd", organisation=outsider, by=by_alice)
    assert refused.value.field == "organisation"


@pytest.mark.django_db
def test_the_command_prints_its_counts_and_is_safe_to_repeat(listing: Listing, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(listing(ONE, TWO))
    out = StringIO()
    call_command("import_cqc", path, stdout=out)
    call_command("import_cqc", path, stdout=out)
    first, second = out.getvalue().splitlines()
    assert first.startswith("2 read, 2 added, 0 changed, 0 as they were")
    assert second.startswith("2 read, 0 added, 0 changed, 2 as they were")


@pytest.mark.django_db
def test_the_command_lists_faults_saves_nothing_and_fails(listing: Listing, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(listing(ONE, "Elm House,1-1002"))
    errors = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("import_cqc", path, stderr=errors)
    assert stopped.value.code == 1
    assert "Row 3: it has 2 cells" in errors.getvalue()
    assert not Location.objects.exists()


def test_the_browser_takes_a_list_over_and_matches_it(
    listing: Listing, alice: Membership, meadow: Organisation
) -> None:
    client = signed_in(alice)
    sent = {"file": SimpleUploadedFile("list.csv", listing(ONE, TWO))}
    shown = client.post("/providers/cqc/", sent, follow=True).content.decode()
    assert "2 locations read: 2 added, 0 changed, 0 as they were" in shown
    assert "Likely, by name" in shown
    chosen = {"provider_name": "Meadow Farm Ltd", "organisation": "MEADOW"}
    shown = client.post("/providers/cqc/match/", chosen, follow=True).content.decode()
    assert "2 locations are Meadow Farm Support" in shown
    assert "Elm House" in client.get("/providers/with/MEADOW/").content.decode()
    pk = Location.objects.get(cqc_location_id="1-1001").pk
    shown = client.post(f"/providers/with/MEADOW/locations/{pk}/not-theirs/", follow=True).content.decode()
    assert "Ash House is no longer theirs" in shown
    assert client.post(f"/providers/with/MEADOW/locations/{pk}/not-theirs/").status_code == 404
    wrong = client.post("/providers/cqc/match/", {"provider_name": "x", "organisation": "COUNCIL-X"}, follow=True)
    assert "Choose the organisation" in wrong.content.decode()


def test_the_browser_lists_every_fault_and_saves_nothing(listing: Listing, alice: Membership) -> None:
    client = signed_in(alice)
    sent = {"file": SimpleUploadedFile("list.csv", listing(ONE, ONE, "Elm,1"))}
    shown = client.post("/providers/cqc/", sent).content.decode()
    assert "Nothing was saved. list.csv has 2 faults" in shown
    assert "Row 3, cqc_id: 1-1001 is in row 2 too" in shown
    assert not Location.objects.exists()
    assert "Nothing is saved yet" in client.post("/providers/cqc/", {}).content.decode()


def test_a_file_too_large_is_refused_before_it_is_read(
    listing: Listing, alice: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = SimpleUploadedFile("list.csv", b"x" * 26_300_000)
    shown = signed_in(alice).post("/providers/cqc/", {"file": large}).content.decode()
    assert "at most" in shown


def test_others_do_not_take_lists_over(finn: Membership, audrey: Membership, mabel: Membership) -> None:
    for member in (finn, audrey, mabel):
        assert signed_in(member).get("/providers/cqc/").status_code == 403
        assert signed_in(member).post("/providers/cqc/match/").status_code == 403
    assert signed_in(audrey).get("/providers/cqc/to-match/").status_code == 200
    assert signed_in(mabel).get("/providers/cqc/to-match/").status_code == 403
