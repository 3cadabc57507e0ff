"""Pages of payments: who may see them, what they say, and files that come by the browser."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership
from commissioning.core.models import Job
from commissioning.tests.fixtures import make_placement, signed_in
from commissioning.tests.forms import opened, send
from finance.actions import import_spending, match_suppliers
from finance.models import CostLine, FundingShare, Payment, SpendingImport, Supplier
from finance.queries import payments_against_placements
from finance.tasks import read_spending_file
from finance.tests.spending_files import iso_file, iso_row
from people.models import Person

APRIL, JUNE = dt.date(2023, 4, 1), dt.date(2023, 6, 30)


@pytest.fixture
def paid(jo: Person, meadow: Organisation, larkrise: Organisation, by_alice: Actor, estuary: Partnership) -> Actor:
    """Jo's placement costs £700 a week, 75% council; Meadow was paid in April, June's file is here, May's is not."""
    placement = make_placement(jo, meadow, start=dt.date(2023, 4, 1))
    CostLine.objects.create(
        partnership=estuary,
        reference="L-1",
        placement=placement,
        kind="core_support",
        basis="weekly",
        amount=Decimal(700),
        start=dt.date(2023, 4, 1),
    )
    shares = {"COUNCIL": Decimal(75), "ICB": Decimal(25)}
    for link in estuary.links.filter(code__in=shares).select_related("organisation"):
        FundingShare.objects.create(
            placement=placement,
            funder=link.organisation,
            route="joint",
            percent=shares[link.code],
            start=placement.start,
        )
    rows = [
        iso_row(amount="2000.00"),
        iso_row(amount="300", supplier_id="502", name="MEADOW FARM"),
        iso_row(amount="40", supplier_id="777", name="SOMEBODY ELSE PLC"),
        iso_row(amount="5", supplier_id="900", name="REDACTED", creditor="INDV"),
        iso_row(amount="60", supplier_id="901", name="HIDDEN ENABLING", creditor="SOLE"),
        iso_row(day="2023-06-01", amount="40", supplier_id="777", name="SOMEBODY ELSE PLC"),
    ]
    files = [("2023.csv", iso_file(*rows))]
    import_spending(partnership=estuary, files=files, expense_types=None, by=by_alice)
    match_suppliers(decisions={"501": "MEADOW", "502": "MEADOW"}, by=by_alice)
    return by_alice


def test_it_sets_payments_beside_what_placements_accrued(paid: Actor) -> None:
    found = payments_against_placements(paid, APRIL, JUNE)
    assert [str(each.month) for each in found.months] == ["2023-04", "2023-05", "2023-06"]
    assert [each.is_known for each in found.months] == [True, False, True]
    meadow = found.provider("MEADOW")
    assert meadow.paid_pence == (230000, None, 0)
    assert meadow.placements_pence == (300000, 310000, 300000)
    assert meadow.council_pence == (225000, 232500, 225000)
    # May is not known, so neither side of it counts.
    assert (meadow.total_paid_pence, meadow.total_council_pence) == (230000, 450000)
    assert meadow.difference_pence == -220000
    assert [each.difference_pence for each in meadow.by_month] == [5000, None, -225000]
    assert found.total.paid_pence == (230000, None, 0)
    assert (found.not_matched_pence, found.not_matched_suppliers) == (14000, 2)
    assert (found.individuals_pence, found.not_providers_pence) == (500, 0)
    assert found.paid_pence == 244500


def test_a_provider_without_a_matched_supplier_is_not_known_rather_than_unpaid(paid: Actor) -> None:
    match_suppliers(decisions={"501": "", "502": ""}, by=paid)
    meadow = payments_against_placements(paid, APRIL, JUNE).provider("MEADOW")
    assert not meadow.is_matched
    assert meadow.difference_pence is None
    assert meadow.total_council_pence == 682500


def test_payments_to_a_provider_without_placements_show(paid: Actor) -> None:
    match_suppliers(decisions={"777": "LARK"}, by=paid)
    lark = payments_against_placements(paid, APRIL, JUNE).provider("LARK")
    assert (lark.paid_pence, lark.total_placements_pence, lark.difference_pence) == ((4000, None, 4000), 0, 8000)


def test_others_see_nothing(paid: Actor, charlie: Membership, mabel: Membership) -> None:
    found = payments_against_placements(Actor.of(charlie), APRIL, JUNE)
    assert found.providers == ()
    assert found.paid_pence == 0
    with pytest.raises(Http404):
        found.provider("MEADOW")
    with pytest.raises(PermissionDenied):
        payments_against_placements(Actor.of(mabel), APRIL, JUNE)


def test_the_page_says_what_was_paid_and_names_no_person(paid: Actor, finn: Membership) -> None:
    page = signed_in(finn).get(reverse("payments"), {"first": "2023-04", "last": "2023-06"})
    text = page.content.decode()
    assert "£2,200 less" in text
    assert "All matched providers: paid £2,200 less than the placements say" in text
    assert "£5.00</span>, never named" in text
    suppliers = signed_in(finn).get(reverse("payments_suppliers")).content.decode()
    assert "SOMEBODY ELSE PLC" in suppliers
    assert "Sole trader, supplier 901" in suppliers
    assert "HIDDEN" not in suppliers
    assert "900" not in suppliers
    assert (
        "No supplier is found" in signed_in(finn).get(reverse("payments_suppliers"), {"q": "hidden"}).content.decode()
    )


def test_the_page_of_a_provider_shows_its_months_and_suppliers(paid: Actor, audrey: Membership) -> None:
    client = signed_in(audrey)
    page = client.get(reverse("payments_provider", args=["MEADOW"]), {"first": "2023-04", "last": "2023-06"})
    text = page.content.decode()
    assert "MEADOW FARM SUPPORT LTD" in text
    assert "not known" in text
    assert "£50 more" in text
    assert client.get(reverse("payments_provider", args=["NOBODY"])).status_code == 404


def test_the_page_of_a_provider_opens_before_a_supplier_is_matched(paid: Actor, audrey: Membership) -> None:
    Supplier.objects.update(provider=None)
    page = signed_in(audrey).get(reverse("payments_provider", args=["MEADOW"]), {"first": "2023-04", "last": "2023-06"})
    assert "No supplier of the published spending is matched" in page.content.decode()


def test_the_file_has_the_figures_of_the_page(paid: Actor, finn: Membership) -> None:
    response = signed_in(finn).get(reverse("payments_csv"), {"first": "2023-06", "last": "2023-04"})
    assert response.content.decode().splitlines() == [
        "month,provider,name,paid,placements,council_part,difference",
        "2023-04,MEADOW,Meadow Farm Support,2300.00,3000.00,2250.00,50.00",
        "2023-05,MEADOW,Meadow Farm Support,,3100.00,2325.00,",
        "2023-06,MEADOW,Meadow Farm Support,0.00,3000.00,2250.00,-2250.00",
    ]


def test_roles_that_may_not_are_refused(paid: Actor, mabel: Membership, bea: Membership, audrey: Membership) -> None:
    brought = SpendingImport.objects.get().pk
    readable = [
        reverse("payments"),
        reverse("payments_csv"),
        reverse("payments_suppliers"),
        reverse("payments_provider", args=["MEADOW"]),
        reverse("payments_import", args=[brought]),
    ]
    writable = [reverse("payments_upload"), reverse("payments_types")]
    for member in (mabel, bea):
        assert {signed_in(member).get(url).status_code for url in [*readable, *writable]} == {403}
    assert {signed_in(audrey).get(url).status_code for url in readable} == {200}
    assert {signed_in(audrey).get(url).status_code for url in writable} == {403}
    assert signed_in(audrey).post(reverse("payments_match")).status_code == 403
    assert "<select" not in signed_in(audrey).get(reverse("payments_suppliers")).content.decode().split("<table")[1]


def test_another_partnership_finds_nothing(paid: Actor, charlie: Membership) -> None:
    client = signed_in(charlie)
    assert client.get(reverse("payments_import", args=[SpendingImport.objects.get().pk])).status_code == 404
    assert client.get(reverse("payments_provider", args=["MEADOW"])).status_code == 404
    client.post(reverse("payments_match"), {"supplier:501": "not-a-provider"})
    assert Supplier.objects.get(supplier_id="501").provider is not None
    assert "No published spending is here yet" in client.get(reverse("payments")).content.decode()


def test_files_are_brought_in_by_a_worker(db: None, finn: Membership) -> None:
    client = signed_in(finn)
    files = [
        SimpleUploadedFile("april.csv", iso_file(iso_row(), iso_row(amount="lots"))),
        SimpleUploadedFile("notes.csv", b"just, some, notes\r\n1,2,3"),
    ]
    response = client.post(reverse("payments_upload"), {"spending_files": files})
    assert response.status_code == 302
    page = client.get(response["Location"])
    assert "0 of 2 files read" in page.content.decode()
    assert page["Refresh"]
    for job in Job.objects.filter(name="finance.read_spending_file"):
        read_spending_file(**job.arguments)
    done = client.get(response["Location"])
    text = done.content.decode()
    assert "1 new payment" in text
    assert "Row 3: “lots” is not an amount" in text
    assert "not published spending" in text
    assert "Refresh" not in done


def test_an_upload_that_is_too_large_or_nothing_is_refused(finn: Membership, settings: object) -> None:
    client = signed_in(finn)
    assert "Choose the files of published spending" in client.post(reverse("payments_upload")).content.decode()
    settings.UPLOAD_LIMIT_BYTES = 10  # type: ignore[attr-defined]  # the fixture takes any setting
    large = SimpleUploadedFile("large.csv", iso_file(iso_row()))
    text = client.post(reverse("payments_upload"), {"spending_files": [large]}).content.decode()
    assert "Choose files of at most" in text
    assert not SpendingImport.objects.exists()


def test_matches_are_saved_from_the_page(paid: Actor, finn: Membership) -> None:
    client = signed_in(finn)
    answers = {"supplier:777": "LARK", "supplier:901": "not-a-provider"}
    version = opened(client, reverse("payments_suppliers"))
    page = client.post(reverse("payments_match"), {**answers, "version": version}, follow=True)
    assert "2 suppliers are decided" in page.content.decode()
    assert Supplier.objects.get(supplier_id="777").provider is not None
    assert Supplier.objects.get(supplier_id="901").not_a_provider
    refused = client.post(reverse("payments_match"), {"supplier:777": "", "supplier:901": "NOBODY"}, follow=True)
    assert "Nothing was saved" in refused.content.decode()
    assert Supplier.objects.get(supplier_id="777").provider is not None


def test_expense_types_are_chosen_on_their_page(paid: Actor, finn: Membership) -> None:
    client = signed_in(finn)
    page = client.get(reverse("payments_types")).content.decode()
    assert "Individualised Support - Private (3rd)" in page
    assert "£2,445 in 6 rows" in page
    response = send(client, reverse("payments_types"), {"others": "Supported Living\nWorks"})
    assert response.status_code == 302
    assert not Payment.objects.exists()
    assert "Choose at least one" in send(client, reverse("payments_types"), {"others": " "}).content.decode()


def test_the_page_asks_as_many_questions_however_many_providers(
    paid: Actor, finn: Membership, django_assert_max_num_queries: object
) -> None:
    client = signed_in(finn)
    with django_assert_max_num_queries(40):  # type: ignore[operator]  # pytest-django's fixture
        client.get(reverse("payments"), {"first": "2023-04", "last": "2023-06"})
