"""A person's page: Jo's figures to the penny, who sees which half, and one set of numbers for page, table and file."""

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.accounts.navigation import declared_routes
from commissioning.accounts.routes import Reads
from commissioning.audit.models import RecordRead
from commissioning.core.money import to_pence
from commissioning.overview.queries.person import as_csv, month_table, record_of, window_of
from commissioning.overview.queries.person.page_titles import TITLES, title_of
from commissioning.overview.tests.jos_story import MOVED, SECRET_PROVIDER, add_line, tell_jos_story
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from finance.models import Baseline, CostLine
from finance.queries import monthly_totals, open_book
from people.models import ClinicalInvolvement, Person

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 21)
PRICES = re.compile(r"£|price|weekly cost|baseline", re.IGNORECASE)


@pytest.fixture(autouse=True)
def on_21_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)


@pytest.fixture
def told(jo: Person, meadow: Organisation) -> Person:
    return tell_jos_story(jo, meadow)


def page(membership: Membership, name: str = "person", query: str = "") -> Any:
    return signed_in(membership).get(reverse(name, args=["JO"]) + query)


def text(membership: Membership, name: str = "person", query: str = "") -> str:
    response = page(membership, name, query)
    assert response.status_code == 200, response.status_code
    body: str = response.content.decode()
    return body[body.index("<main") : body.index("</main>")] if "<main" in body else body


def test_it_reads_jos_money_and_life(told: Person, alice: Membership) -> None:
    shown = text(alice)
    for figure in ("£3,100", "£2,400 less than baseline", "£124,800 less", "sustained: outcomes held to October 2026"):
        assert figure in shown, figure
    assert "Incidents since July" in shown
    assert "2 in the 3 months before the move" in shown
    assert SECRET_PROVIDER in shown
    assert shown.index("How to communicate") < shown.index("Money and life")


def test_it_says_what_the_judgement_of_a_saving_rests_on(told: Person, alice: Membership) -> None:
    shown = text(alice)
    assert "below the baseline since 1 July 2026" in shown
    assert "one point of its scale, or 10% of a count" in shown


def test_it_shows_a_clinician_life_and_no_price_anywhere(told: Person, clara: Membership) -> None:
    ClinicalInvolvement.objects.create(person=told, user=clara.user, start=dt.date(2026, 1, 1))
    for query in ("", "?as=table", "?months=all"):
        shown = text(clara, query=query)
        assert not PRICES.search(shown), PRICES.search(shown)
    assert "My home feels like mine" in text(clara)
    file = text(clara, "person_costs_csv")
    assert "cost" not in file and "weekly" not in file and "5500" not in file


def test_it_shows_a_provider_its_own_prices_and_nothing_of_before(
    told: Person, mabel: Membership, sam: Membership
) -> None:
    for membership in (mabel, sam):
        for name, query in (("person", ""), ("person", "?as=table&months=all"), ("person_costs_csv", "?months=all")):
            shown = text(membership, name, query)
            assert SECRET_PROVIDER not in shown
            for hidden in ("5,500", "5500", "baseline", "2,400", "124,800", "Moved", "Residential care"):
                assert hidden not in shown, (membership, name, hidden)
        assert "£3,100" in text(membership)
    assert "2 in the 3 months" not in text(mabel)


def test_it_shows_a_provider_no_answer_and_no_incident_of_another(told: Person, mabel: Membership) -> None:
    rows = list(csv.DictReader(io.StringIO(text(mabel, "person_costs_csv", "?months=all"))))
    assert rows[0]["month"] == "2026-05"  # its own set-up cost
    scores = [row["My home feels like mine (1 to 5): Staff"] for row in rows]
    assert [score for score in scores if score] == ["4", "5"]
    assert sum(int(row["incidents"] or 0) for row in rows) == 1


def test_it_shows_a_finance_officer_a_reference_and_no_life(told: Person, finn: Membership) -> None:
    for query in ("", "?as=table"):
        shown = text(finn, query=query)
        assert "Example" not in re.sub(r"<title>.*?</title>", "", shown)
        for hidden in ("Jo Example", "Jo’s", "My home feels", "Incidents", "Plan and goals", "Circle"):
            assert hidden not in shown, hidden
    assert "£124,800 less" in text(finn)
    assert "incidents" not in text(finn, "person_costs_csv")


def test_it_is_not_there_for_others(
    told: Person, charlie: Membership, clara: Membership, bea: Membership, adam: Membership, larkrise: Organisation
) -> None:
    from commissioning.tests.fixtures import make_member

    lark = make_member(told.partnership, "provider_manager", "Lark Manager", larkrise)
    for name in ("person", "person_costs_csv"):
        assert page(charlie, name).status_code == 404
        assert page(clara, name).status_code == 404
        assert page(lark, name).status_code == 404
        assert page(bea, name).status_code == 403
        assert page(adam, name).status_code == 403


def test_it_keeps_who_looked_and_tells_commissioners_and_auditors(
    told: Person, alice: Membership, audrey: Membership, mabel: Membership
) -> None:
    page(alice), page(mabel), page(alice, "person_costs_csv")
    assert list(RecordRead.objects.order_by("pk").values_list("user_name", "route")) == [
        ("Alice Commissioner", "person"),
        ("Mabel Manager", "person"),
        ("Alice Commissioner", "person_costs_csv"),
    ]
    assert "Mabel Manager" in text(audrey)
    assert "Mabel Manager" in text(audrey, "who_looked")
    assert "Who looked" not in text(mabel)
    assert page(mabel, "who_looked").status_code == 403


def test_it_calls_every_page_that_shows_a_record_by_a_title() -> None:
    """Each address that may record a look has words of its own, so that nobody reads `Line change`."""
    looks = {name for name, route in declared_routes().items() if route.reads is Reads.PEOPLE}
    assert looks - set(TITLES) == set()
    assert title_of("line_change") == "Change a price"
    assert title_of("gone_page") == "Gone page"


def test_it_adds_up_to_the_penny_in_table_and_file(told: Person, by_alice: Actor, alice: Membership) -> None:
    table = month_table(record_of(by_alice, told, TODAY), window_of("all"))
    ledger = dict(monthly_totals(open_book(by_alice), dt.date(2020, 9, 1), dt.date(2026, 10, 31)))
    assert {row.month.first: row.net_pence for row in table.rows[:-1]} == ledger
    july = next(row for row in table.rows if str(row.month) == "2026-07")
    assert (july.net_pence, july.weekly_pence, july.weekly_change_pence) == (1_372_857, 310_000, -240_000)
    rows = list(csv.DictReader(io.StringIO(text(alice, "person_costs_csv"))))
    total = sum(int(row["cost_net"].replace(".", "")) for row in rows)
    assert total == table.net_pence
    assert rows[-1]["weekly_on_last_day"] == "3100.00"
    assert f"£{table.net_pence // 100:,}.{table.net_pence % 100:02d}" in text(alice, query="?as=table&months=all")


def test_it_counts_the_present_month_up_to_today(told: Person, by_alice: Actor) -> None:
    table = month_table(record_of(by_alice, told, TODAY), window_of("12"))
    assert len(table.rows) == 12
    # 142 of its days a weekly line counts to 31 October's 123, and so on: three weeks exactly in November.
    assert table.rows[-1].net_pence == 930_000
    assert table.rows[-1].is_current


def test_it_does_not_take_not_asked_or_not_supported_for_zero(told: Person, by_alice: Actor) -> None:
    make_placement(make_person(told.partnership, "P-2"), told.placements.get(reference="JO-2").provider, "PL-9")
    table = month_table(record_of(by_alice, told, TODAY), window_of("12"))
    by_month = {str(row.month): row for row in table.rows}
    assert by_month["2026-07"].answers == ("",)
    assert by_month["2026-08"].incidents_count == 0
    other = Person.objects.get(reference="P-2")
    record = record_of(by_alice, other, TODAY)
    assert {row.weekly_pence for row in month_table(record, window_of("12")).rows} == {None}


def test_it_keeps_an_all_in_baseline_out_of_comparisons(told: Person, alice: Membership) -> None:
    Baseline.objects.update(scope="all_in")
    shown = text(alice)
    assert "all in, so not compared" in shown
    assert "£124,800" not in shown


def test_it_guards_cells_that_a_spreadsheet_would_run(told: Person, by_alice: Actor) -> None:
    Organisation.objects.filter(name="Meadow Farm Support").update(name="=HYPERLINK(1)")
    placement = told.placements.get(reference="JO-2")
    placement.setting = "own_tenancy"
    file = as_csv(month_table(record_of(by_alice, told, TODAY), window_of("12")), "=1+1")
    assert "\n'=1+1," in file


def test_it_draws_a_person_of_whom_nothing_is_known(by_alice: Actor, alice: Membership, jo: Person) -> None:
    for query in ("", "?months=all", "?as=table", "?months=nonsense&measure=nothing"):
        assert page(alice, query=query).status_code == 200


def test_it_offers_the_measures_to_choose_from(told: Person, alice: Membership) -> None:
    assert 'value="home" id="measure-1"' not in text(alice)  # one measure is no choice
    shown = text(alice, query="?measure=none")
    assert shown.count("My home feels like mine") < text(alice).count("My home feels like mine")


def test_it_asks_no_more_of_the_database_for_a_longer_history(
    told: Person, alice: Membership, django_assert_max_num_queries: Any
) -> None:
    placement = told.placements.get(reference="JO-1")
    for number in range(30):
        add_line(placement, f"X-{number}", "10", dt.date(2021, 1, 1), label=f"extra {number}")
    client = signed_in(alice)
    client.get(reverse("person", args=["JO"]))
    with django_assert_max_num_queries(45):
        client.get(reverse("person", args=["JO"]) + "?months=all")
    assert CostLine.objects.count() == 34


def test_it_forecasts_known_prices_only(told: Person, by_alice: Actor, client: Client) -> None:
    from commissioning.overview.queries.person.drawn import _forecast

    add_line(told.placements.get(reference="JO-2"), "UP", "100", dt.date(2027, 1, 1), kind="transport")
    ranges = _forecast(record_of(by_alice, told, TODAY))
    assert [(each.low_pence, each.high_pence) for each in ranges] == [
        (310_000, 310_000),
        (320_000, 320_000),
        (320_000, 320_000),
    ]
    assert to_pence(CostLine.objects.get(reference="UP").amount) == 10_000
    assert MOVED < TODAY


def test_it_speaks_of_costs_only_to_those_who_see_them(told: Person, alice: Membership, clara: Membership) -> None:
    ClinicalInvolvement.objects.create(person=told, user=clara.user, start=dt.date(2026, 1, 1))
    assert "<h2>Placements and costs</h2>" in text(alice, "placements")
    assert "<h2>Placements</h2>" in text(clara, "placements")
    assert "costs" not in page(clara, "placements").content.decode().lower()


def test_it_offers_to_add_a_price_only_to_those_who_may(
    jo: Person, meadow: Organisation, alice: Membership, finn: Membership
) -> None:
    make_placement(jo, meadow, "JO-NEW")
    assert "No prices yet" in text(finn, "placements") and "Add a price" not in text(finn, "placements")
    assert "No prices yet" in text(alice, "placements") and "/JO-NEW/prices/add/" in text(alice, "placements")
