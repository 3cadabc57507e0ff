"""The cost explorer by cohort and week, as a spreadsheet, and beside budgets and baselines."""

import csv
import datetime as dt
import io
from decimal import Decimal
from urllib.parse import parse_qsl

import openpyxl
import pytest
from django.urls import reverse

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.core.periods import FinancialYear
from commissioning.overview.queries.costs import (
    Asked,
    Grid,
    asked_from,
    asked_of,
    grid_of,
    names_of,
    parts_of,
    set_beside,
)
from commissioning.overview.tests.jos_story import add_line, add_share, tell_jos_story
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from finance import actions
from finance.actions import NewBudgetChange, YearOfBudgets
from finance.models import Budget
from finance.queries import open_book
from people.models import Person

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 21)


@pytest.fixture(autouse=True)
def on_21_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)


@pytest.fixture
def told(jo: Person, meadow: Organisation) -> Person:
    """Jo in two cohorts, Kim in one of them, Ash in none."""
    for reference, cohorts in (("KIM", ["out_of_area"]), ("ASH", [])):
        person = make_person(jo.partnership, reference, given_name=reference, family_name="Second")
        Person.objects.filter(pk=person.pk).update(cohorts=cohorts)
        placement = make_placement(person, meadow, f"{reference}-1", start=dt.date(2025, 2, 10))
        add_line(placement, f"{reference}-A", "700", dt.date(2025, 2, 10))
        add_share(placement, jo.council, "33.3333")
    Person.objects.filter(pk=jo.pk).update(
        cohorts=["out_of_area", "challenging_behaviour"], programme_start=dt.date(2026, 7, 1)
    )
    return tell_jos_story(Person.objects.get(pk=jo.pk), meadow)


def asked(by_alice: Actor, **given: str) -> Asked:
    return asked_of(by_alice, asked_from({"from": "2025-04", "to": "2026-10", **given}, TODAY))


def grid(by_alice: Actor, **given: str) -> Grid:
    what = asked(by_alice, **given)
    return grid_of(open_book(by_alice), what, names_of(by_alice, what))


def test_cohorts_add_up_though_somebody_is_in_two(told: Person, by_alice: Actor) -> None:
    found = grid(by_alice, by="cohort", per="year")
    assert {row.label for row in found.rows} == {
        "Out of area, behaviour that challenges services",
        "Out of area",
        "In no cohort",
    }
    assert found.total.total.pence == grid(by_alice).total.total.pence == sum(row.total.pence for row in found.rows)
    for row in (*found.rows, found.total):
        for cell in (*row.cells, row.total):
            given = dict(parse_qsl(cell.query))
            of_cell = asked_of(by_alice, asked_from(given, TODAY))
            assert parts_of(by_alice, open_book(by_alice), of_cell, given).pence == cell.pence


def test_only_a_cohort_is_everybody_in_it(told: Person, by_alice: Actor) -> None:
    out_of_area = grid(by_alice, by="person", only_cohort="out_of_area")
    assert {row.code for row in out_of_area.rows} == {"JO", "KIM"}
    assert {row.code for row in grid(by_alice, by="person", only_cohort="hospital").rows} == set()


def test_weeks_from_monday_add_up_to_the_months_they_are_of(told: Person, by_alice: Actor) -> None:
    weeks = grid(by_alice, per="week", **{"from": "2026-08", "to": "2026-09"})
    assert weeks.periods[:3] == ("1 Aug 2026", "3 Aug 2026", "10 Aug 2026") and weeks.periods[-1] == "28 Sep 2026"
    months = grid(by_alice, per="month", **{"from": "2026-08", "to": "2026-09"})
    assert weeks.total.total.pence == months.total.total.pence
    assert weeks.is_time_down and weeks.headings[0] == "Week from"
    # a whole week of Jo, £3,100.00, and of the other two, £700 each
    assert weeks.total.cells[1].pence == 310_000 + 140_000


def test_the_spreadsheet_holds_what_is_on_screen(told: Person, alice: Membership, by_alice: Actor) -> None:
    client, query = signed_in(alice), "?by=cohort&per=year&from=2025-04&to=2026-10&beside=baseline"
    shown = client.get(reverse("cost_explorer") + query).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("cost_explorer_xlsx") + query).content))
    header, *rows = book["Costs"].iter_rows(values_only=True)
    assert header == ("Cohort", "2025-04 to 2026-03", "2026-04 to 2026-10", "All")
    assert [row[0] for row in rows[-2:]] == ["All", "Against baselines"]
    for row in rows:
        assert f"£{abs(Decimal(str(row[-1]))):,.2f}" in shown, row
    brought = list(csv.reader(io.StringIO(client.get(reverse("cost_explorer_csv") + query).content.decode())))
    assert [Decimal(row[-1]) for row in brought[1:]] == [
        Decimal(str(row[-1])).quantize(Decimal("0.01")) for row in rows
    ]


def test_baselines_count_from_the_day_the_programme_began(told: Person, by_alice: Actor) -> None:
    """Jo cost £5,500 a week before; £3,100.00 since 1 July, 123 days to the end of October."""
    what = asked(by_alice, by="person", per="year", beside="baseline")
    found = set_beside(
        by_alice, open_book(by_alice), what, grid_of(open_book(by_alice), what, names_of(by_alice, what))
    )
    (row,) = found.grid.beside
    assert [cell.pence for cell in row.cells] == [0, -4_217_143]
    assert "1 person costs" in found.note
    narrowed = asked(by_alice, beside="baseline", only_provider="MEADOW")
    refused = set_beside(by_alice, open_book(by_alice), narrowed, grid(by_alice))
    assert not refused.grid.beside and "all of a person’s support" in refused.note


def test_a_budget_counts_by_day_and_a_change_from_its_own(
    told: Person, jo: Person, alice: Membership, by_alice: Actor
) -> None:
    contributions = {(jo.council, ""): Decimal(365_000), (jo.icb, ""): Decimal(36_500)}
    actions.set_budgets(year=FinancialYear(2026), entered=YearOfBudgets(contributions), by=by_alice)
    change = NewBudgetChange(Decimal(1820), dt.date(2026, 10, 1), "Winter")
    actions.change_budget(budget=Budget.objects.get(partner=jo.council), new=change, by=by_alice)
    query = {"from": "2026-09", "to": "2026-10", "beside": "budget"}
    what = asked(by_alice, only_funder="COUNCIL", **query)
    found = set_beside(by_alice, open_book(by_alice), what, grid(by_alice, only_funder="COUNCIL", **query)).grid
    budget, over = found.beside
    assert [cell.pence for cell in budget.cells] == [30 * 100_000, 31 * 100_000 + 31 * 1_000]
    assert [cell.pence for cell in over.cells] == [
        spent.pence - agreed.pence for spent, agreed in zip(found.total.cells, budget.cells, strict=True)
    ]
    both = set_beside(by_alice, open_book(by_alice), asked(by_alice, **query), grid(by_alice, **query)).grid
    assert both.beside[0].cells[0].pence == 30 * 110_000
    page = signed_in(alice).get(reverse("cost_explorer"), {**query, "only_kind": "core_support"}).content.decode()
    assert "whole pool" in page
    page = signed_in(alice).get(reverse("cost_explorer"), {**query, "from": "2026-01"}).content.decode()
    assert "No budget is entered for 2025/26." in page and "Over or under" in page


def test_it_looks_no_wider_than_the_reader_may(charlie: Membership, told: Person, mabel: Membership) -> None:
    query = {"by": "cohort", "beside": "baseline"}
    assert "Out of area," not in signed_in(charlie).get(reverse("cost_explorer"), query).content.decode()
    assert signed_in(mabel).get(reverse("cost_explorer_xlsx"), query).status_code == 403
