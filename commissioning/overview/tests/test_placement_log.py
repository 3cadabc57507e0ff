"""Log a placement: the journey keeps what was typed, refuses what cannot be, and logs whole or not at all."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from commissioning.accounts.models import Membership, Organisation
from commissioning.overview.models import PlacementDraft
from commissioning.tests.fixtures import make_organisation, make_placement, signed_in
from commissioning.tests.forms import version_in
from finance.models import Baseline, CostLine, FundingShare
from people.models import Person, Placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(alice: Membership) -> Client:
    return signed_in(alice)


@pytest.fixture
def far_house(jo: Person) -> Placement:
    provider = make_organisation(jo.partnership, "FAR", "Far House", "support_provider")
    placement = make_placement(jo, provider, "JO-1", setting="residential_care", start=dt.date(2020, 9, 1))
    Baseline.objects.create(person=jo, weekly_cost=Decimal("5500"), as_at=dt.date(2026, 6, 30), source="Last price")
    return placement


def day(name: str, value: dt.date) -> dict[str, str]:
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year)}


def support(meadow: Organisation) -> dict[str, str]:
    return {"provider": str(meadow.pk), "contract": "", "landlord": "", "continue": "1"}


def home(ends: Placement | None = None) -> dict[str, str]:
    return {
        "setting": "own_tenancy",
        **day("start", dt.date(2026, 7, 1)),
        "current_home": f"ends-{ends.pk}" if ends else "",
        "end_reason": "planned_move",
        "out_of_area": "no",
        "continue": "1",
    }


def costs(jo: Person, **changes: str) -> dict[str, str]:
    start = dt.date(2026, 7, 1)
    return {
        "lines": "2",
        "shares": "3",
        "line-0-kind": "core_support", "line-0-amount": "£1,875.21", "line-0-basis": "weekly",
        **day("line-0-start", start),
        "line-1-kind": "waking_night", "line-1-amount": "174.97", "line-1-basis": "nightly",
        "line-1-units_per_week": "7", **day("line-1-start", start),
        "share-0-funder": str(jo.council.pk), "share-0-route": "s117", "share-0-percent": "50", "share-0-covers": "",
        "share-1-funder": str(jo.icb.pk), "share-1-route": "s117", "share-1-percent": "50", "share-1-covers": "",
        "share-2-funder": str(jo.icb.pk), "share-2-route": "s117", "share-2-percent": "100", "share-2-covers": "1",
        "continue": "1",
        **changes,
    }  # fmt: skip


def go(client: Client, page: str, answers: dict[str, str], reference: str = "JO") -> str:
    address = reverse(f"placement_log_{page}", args=[reference])
    shown = client.get(address) if page == "check" else None
    carried = {"version": version_in(shown)} if shown and shown.status_code == 200 else {}
    response = client.post(address, {**carried, **answers})
    return str(response.headers.get("Location", "")) or response.content.decode()


def test_it_logs_jos_move_with_its_prices_and_shares(
    client: Client, jo: Person, meadow: Organisation, far_house: Placement
) -> None:
    assert go(client, "support", support(meadow)).endswith("/home/")
    assert go(client, "home", home(far_house)).endswith("/costs/")
    assert go(client, "costs", costs(jo)).endswith("/check/")
    shown = client.get(reverse("placement_log_check", args=["JO"])).content.decode()
    for figure in ("£3,100.00", "−£2,400.00", "−£124,800.00", "£2,162.39", "£937.61", "30 June 2026"):
        assert figure in shown, figure
    assert go(client, "check", {}).endswith("/people/JO/placements/")
    far_house.refresh_from_db()
    assert (far_house.end, far_house.end_reason) == (dt.date(2026, 6, 30), "planned_move")
    logged = Placement.objects.get(provider=meadow)
    assert [str(line.amount) for line in logged.cost_lines.order_by("pk")] == ["1875.21", "174.97"]
    assert logged.shares.filter(line__kind="waking_night").count() == 1
    assert not PlacementDraft.objects.exists()


def test_a_second_click_logs_nothing_more(client: Client, jo: Person, meadow: Organisation) -> None:
    go(client, "support", support(meadow))
    go(client, "home", home())
    go(client, "costs", costs(jo))
    go(client, "check", {})
    assert go(client, "check", {}).endswith("/placements/")
    assert Placement.objects.count() == 1


def test_what_is_wrong_is_named_and_kept(client: Client, jo: Person, meadow: Organisation) -> None:
    go(client, "support", support(meadow))
    go(client, "home", home())
    wrong = costs(jo, **{"line-0-amount": "a lot", "share-0-percent": "60", "line-1-start_year": "0206"})
    page = go(client, "costs", wrong)
    assert "Nothing is saved yet" in page and 'href="#id_line-0-amount"' in page and "0206" in page
    page = go(client, "costs", costs(jo, **{"share-0-percent": "60"}))
    assert "Shares add up to 110%" in page
    page = go(client, "costs", costs(jo, **{"line-1-kind": "core_support"}))
    assert "both for core support on the same days" in page
    assert not CostLine.objects.exists() and not FundingShare.objects.exists()
    assert "1,875.21" in client.get(reverse("placement_log_costs", args=["JO"])).content.decode()


def test_rows_are_added_and_removed_without_losing_the_others(client: Client, jo: Person, meadow: Organisation) -> None:
    go(client, "support", support(meadow))
    go(client, "home", home())
    answers = costs(jo)
    del answers["continue"]
    page = go(client, "costs", answers | {"remove_line": "0"})
    assert 'value="174.97"' in page and "1,875.21" not in page and 'name="lines" value="1"' in page
    page = go(client, "costs", answers | {"add_share": "1"})
    assert 'name="shares" value="4"' in page and "1,875.21" in page


def test_the_live_total_is_the_ledgers(client: Client, jo: Person, meadow: Organisation) -> None:
    go(client, "support", support(meadow))
    go(client, "home", home())
    half = costs(jo, **{"share-1-percent": ""})
    shown = client.post(reverse("placement_log_totals", args=["JO"]), half).content.decode()
    assert "£3,100.00" in shown and "No funder yet" in shown and "£937.60" in shown


EMPTY = {"share-1-funder": "", "share-1-route": "", "share-1-percent": "", "share-1-covers": ""}


def test_a_funder_row_left_empty_is_no_answer(client: Client, jo: Person, meadow: Organisation) -> None:
    go(client, "support", support(meadow))
    go(client, "home", home())
    answers = costs(jo, **EMPTY)
    shown = client.post(reverse("placement_log_totals", args=["JO"]), answers).content.decode()
    assert "No funder yet" in shown and "£937.60" in shown
    assert go(client, "costs", answers).endswith("/check/")
    go(client, "check", {})
    assert [(share.funder, share.line is None) for share in FundingShare.objects.order_by("pk")] == [
        (jo.council, True), (jo.icb, False),
    ]  # fmt: skip


def test_errors_keep_to_their_rows_past_an_empty_one(client: Client, jo: Person, meadow: Organisation) -> None:
    go(client, "support", support(meadow))
    go(client, "home", home())
    half = costs(jo, **EMPTY, **{"share-2-percent": ""})
    page = go(client, "costs", half)
    assert 'href="#id_share-2-percent"' in page and 'href="#id_share-1' not in page
    twice = costs(jo, **EMPTY, **{"share-2-funder": str(jo.council.pk), "share-2-covers": ""})
    page = go(client, "costs", twice)
    assert 'href="#id_share-2-funder"' in page and "is here twice" in page
    assert 'href="#id_share-2-percent"' in page and "Shares add up to 150%" in page
    half = costs(jo, **EMPTY, **{"share-0-funder": ""})
    assert 'href="#id_share-0-funder"' in go(client, "costs", half)


def test_it_offers_those_who_pay_and_no_provider(client: Client, jo: Person, meadow: Organisation) -> None:
    make_organisation(jo.partnership, "HOMES", "Harbour Homes", "housing_provider")
    make_organisation(jo.partnership, "TRUST", "Estuary Trust", "nhs_provider")
    go(client, "support", support(meadow))
    go(client, "home", home())
    page = client.get(reverse("placement_log_costs", args=["JO"])).content.decode()
    assert "Harbour Homes" not in page and "Meadow Farm Support" not in page
    names = [page.index(f">{name}</option>") for name in ("Estuary Council", "NHS Estuary", "Estuary Trust")]
    assert names == sorted(names)


def test_a_home_logged_meanwhile_is_never_ended_unseen(
    client: Client, jo: Person, meadow: Organisation, larkrise: Organisation
) -> None:
    go(client, "support", support(meadow))
    go(client, "home", home())
    go(client, "costs", costs(jo))
    make_placement(jo, larkrise, "JO-9", start=dt.date(2026, 6, 1))
    assert go(client, "check", {}).endswith("/home/")
    assert Placement.objects.count() == 1
    assert "What happens to Larkrise Living?" in client.get(reverse("placement_log_home", args=["JO"])).content.decode()


def test_an_outsider_finds_nothing_and_a_provider_is_refused(
    charlie: Membership, mabel: Membership, jo: Person
) -> None:
    address = reverse("placement_log_support", args=["JO"])
    assert signed_in(charlie).get(address).status_code == 404
    assert signed_in(mabel).get(address).status_code == 403
