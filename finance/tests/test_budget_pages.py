"""The pages of the pooled budget: what a finance officer enters, sees, opens and takes away."""

import csv
import datetime as dt
import io
from decimal import Decimal
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.test import Client

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership
from commissioning.core.periods import FinancialYear
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from commissioning.tests.forms import form_in
from finance import actions
from finance.actions import Assumptions, NewBudgetChange, NewLine, NewPlannedChange, NewShare, YearOfBudgets
from finance.models import Budget, BudgetChange, BudgetYear, PlannedChange
from finance.queries.budget_lines import behind
from finance.queries.budget_pages import budget_page
from finance.queries.variance import PARTS
from people.models import Person, Placement

pytestmark = pytest.mark.django_db

YEAR = FinancialYear(2026)
APRIL, OCTOBER, TODAY = dt.date(2026, 4, 1), dt.date(2026, 10, 1), dt.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)


def pounds(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


@pytest.fixture
def by_finn(finn: Membership) -> Actor:
    return Actor.of(finn)


@pytest.fixture
def flat(jo: Person, meadow: Organisation, by_alice: Actor) -> Placement:
    """£700 a week since 2025, £770 from October by an uplift, halved between council and NHS board."""
    flat = make_placement(jo, meadow, reference="JO-1", start=dt.date(2025, 4, 1))
    line = actions.add_line(
        placement=flat, new=NewLine("core_support", "weekly", pounds("700"), dt.date(2025, 4, 1)), by=by_alice
    )
    for funder in (jo.council, jo.icb):
        share = NewShare(funder, "s117", pounds("50"), dt.date(2025, 4, 1))
        actions.add_share(placement=flat, new=share, by=by_alice)
    actions.change_price(
        line=line, amount=pounds("770"), units_per_week=None, start=OCTOBER, reason="uplift", by=by_alice
    )
    return flat


@pytest.fixture
def new_home(estuary: Partnership, meadow: Organisation, jo: Person, by_alice: Actor) -> Placement:
    """£140 a week from July, the council's alone."""
    home = make_placement(make_person(estuary, "SAM"), meadow, reference="SAM-1", start=dt.date(2026, 7, 1))
    actions.add_line(
        placement=home, new=NewLine("core_support", "weekly", pounds("140"), dt.date(2026, 7, 1)), by=by_alice
    )
    share = NewShare(jo.council, "care_act", pounds("100"), dt.date(2026, 7, 1))
    actions.add_share(placement=home, new=share, by=by_alice)
    return home


@pytest.fixture
def entered(jo: Person, by_finn: Actor) -> None:
    band = Assumptions(dt.date(2027, 1, 1), pounds("0"), pounds("1"), pounds("2"))
    contributions: dict[tuple[Organisation, str], Decimal | None] = {
        (jo.council, ""): pounds("20,000"),
        (jo.icb, ""): pounds("20,000"),
    }
    actions.set_budgets(
        year=YEAR, entered=YearOfBudgets(contributions, "Joint board", dt.date(2026, 3, 12), band), by=by_finn
    )
    ours = Budget.objects.get(partner=jo.council)
    actions.change_budget(
        budget=ours, new=NewBudgetChange(pounds("1,500"), OCTOBER, "Somebody left school"), by=by_finn
    )


@pytest.fixture
def planned(flat: Placement, by_finn: Actor) -> PlannedChange:
    new = NewPlannedChange(
        "step_down", dt.date(2027, 1, 1), pounds("-140"), pounds("-70"), pounds("0"), "Fewer hours by day",
        person=flat.person, placement=flat,
    )  # fmt: skip
    return actions.plan_change(new=new, by=by_finn)


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return unescape(response.content.decode())


# By hand, council. To date: half of £700 for 183 days and of £770 for 31, £9,150 + £1,705; Sam 123 days of £20, £2,460.
# Prices to the year's end: 151 days of £55 and £20, £11,325. The step-down: half of 90 days of £10, £450 less.
# 1% of what began before January: half of £7.70 and all of £1.40 a week for 90 days, £49.50 and £18.
TO_DATE, REST, STEP_DOWN, RISE = 13_315_00, 11_325_00, -450_00, 49_50 + 18_00
FORECAST = TO_DATE + REST + STEP_DOWN + RISE


@pytest.mark.usefixtures("flat", "new_home", "entered", "planned")
def test_one_figure_is_the_same_on_the_page_in_the_file_and_in_the_spreadsheet(finn: Membership) -> None:
    client = signed_in(finn)
    shown = text_of(client, "/money/budgets/")
    assert FORECAST == 24_257_50
    for figure in ("£24,257.50", "£13,315.00", "£11,325.00", "−£450.00", "£67.50", "£21,500.00", "+£2,757.50"):
        assert figure in shown, figure
    row = next(csv.DictReader(io.StringIO(client.get("/money/budgets/budget.csv").content.decode("utf-8-sig"))))
    assert (row["forecast"], row["spent_to_date"], row["variance"]) == ("24257.50", "13315.00", "2757.50")
    assert (row["contribution"], row["changes"], row["budget"]) == ("20000.00", "1500.00", "21500.00")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/money/budgets/budget.xlsx").content))
    header, first, *_ = book["Partners"].iter_rows(values_only=True)
    cells = dict(zip(header, first, strict=True))
    assert Decimal(str(cells["Forecast"])) == pounds("24257.50")
    assert book["Budget changes"]["D2"].value == "Somebody left school"
    assert book["Planned changes"]["D2"].value == "Fewer hours by day"


@pytest.mark.usefixtures("flat", "new_home", "entered", "planned")
def test_every_figure_opens_into_lines_that_add_up_to_it(finn: Membership, by_finn: Actor) -> None:
    page = budget_page(by_finn, YEAR, TODAY)
    client, opened = signed_in(finn), 0
    for row in (*page.steps, *page.parts):
        for code, cell in zip(page.codes, row.cells, strict=True):
            if not cell.query:
                assert not cell.pence
                continue
            at = "/costs/lines/" if cell.in_costs else "/money/budgets/lines/"
            shown = text_of(client, f"{at}?{cell.query}")
            amount = f"£{abs(cell.pence) / 100:,.2f}"
            assert amount in shown.split("<h1>")[1].split("</h1>")[0], (row.key, code)
            opened += 1
            if not cell.in_costs:
                found = behind(page, row.key, code)
                assert found and found.pence == cell.pence
    assert opened > 15


@pytest.mark.usefixtures("flat", "new_home", "entered", "planned")
def test_the_variance_is_explained_as_worked_by_hand(finn: Membership, by_finn: Actor) -> None:
    """Council: £50 × 365 stood, £18,250; budget £21,500. Sam started: £20 × 274. Uplift: £5 × 182 recorded, £67.50
    assumed. Need: the step-down."""
    page = budget_page(by_finn, YEAR, TODAY)
    ours = page.rows[0].code
    parts = {row.key: row.cells[page.codes.index(ours)].pence for row in page.parts}
    assert parts == {
        "built": 18_250_00 - 21_500_00,
        "started": 5_480_00,
        "ended": 0,
        "price": 0,
        "need": -450_00,
        "uplift": 910_00 + 67_50,
    }
    assert sum(parts.values()) == page.rows[0].variance.pence == 2_757_50  # type: ignore[union-attr]  # it has a budget
    shown = text_of(signed_in(finn), "/money/budgets/variance/")
    assert "+£5,480.00" in shown and "−£3,250.00" in shown and "+£977.50" in shown
    rows = list(
        csv.reader(io.StringIO(signed_in(finn).get("/money/budgets/variance/variance.csv").content.decode("utf-8-sig")))
    )
    assert [row[1] for row in rows[-2:]] == ["24257.50", "2757.50"]
    assert sum(Decimal(row[-1]) for row in rows[1:-2]) == Decimal(rows[-2][-1])


@pytest.mark.usefixtures("flat")
def test_a_finance_officer_enters_a_year_and_changes_it_with_a_reason(finn: Membership, jo: Person) -> None:
    client = signed_in(finn)
    at = "/money/budgets/enter/?year=2026-27"
    form = form_in(client.get(at))
    boxes = [name for name in form if name.startswith("amount-")]
    sent = {**form, boxes[0]: "£21,000", boxes[1]: "19,000.50", "agreed_by": "Joint board"}
    sent |= {"uplift_from_day": "1", "uplift_from_month": "1", "uplift_from_year": "2027"}
    refused = client.post(at, sent)
    assert "all three percentages" in refused.content.decode() and not Budget.objects.exists()
    sent |= {"uplift_low": "0", "uplift_expected": "1", "uplift_high": "2%"}
    response = client.post(at, sent, follow=True)
    assert "Budgets of 2026/27 saved" in response.content.decode()
    assert sorted(Budget.objects.values_list("amount", flat=True)) == [pounds("19000.50"), pounds("21000")]
    assert BudgetYear.objects.get().uplift_high == 2
    at = "/money/budgets/change/?year=2026-27"
    change = {**form_in(client.get(at)), "budget": str(Budget.objects.get(partner=jo.council).pk), "amount": "−500"}
    change |= {"on_day": "1", "on_month": "10", "on_year": "2026"}
    assert "Say why the budget changes" in client.post(at, change).content.decode()
    client.post(at, {**change, "reason": "A grant ended"})
    assert BudgetChange.objects.get().amount == -500
    assert "A grant ended" in text_of(client, "/money/budgets/?year=2026-27")


@pytest.mark.usefixtures("flat")
def test_what_is_expected_is_added_and_taken_out_once_it_happened(finn: Membership) -> None:
    client, at = signed_in(finn), "/money/budgets/planned/new/add/?year=2026-27"
    sent = {"kind": "step_down", "person": "jo", "note": "Fewer hours", "on_day": "1"}
    sent |= {"on_month": "1", "on_year": "2027", "weekly_low": "-140", "weekly_expected": "-70", "weekly_high": "0"}
    assert "nobody with the reference nemo" in client.post(at, {**sent, "person": "nemo"}).content.decode()
    assert client.post(at, sent).status_code == 302
    change = PlannedChange.objects.get()
    assert change.placement and change.placement.reference == "JO-1"
    assert "−£900.00" in text_of(client, "/money/budgets/")
    at = f"/money/budgets/planned/{change.reference}/"
    client.post(at, {**form_in(client.get(at)), "state": "happened"})
    assert PlannedChange.objects.get().state == "happened"
    assert "Fewer hours" not in text_of(client, "/money/budgets/")


@pytest.mark.usefixtures("entered", "planned")
def test_an_auditor_reads_and_changes_nothing(audrey: Membership, mabel: Membership) -> None:
    client = signed_in(audrey)
    shown = text_of(client, "/money/budgets/")
    assert "Change the budgets" not in shown and "Add a planned change" not in shown
    assert client.get("/money/budgets/enter/").status_code == 403
    assert signed_in(mabel).get("/money/budgets/").status_code == 403


@pytest.mark.usefixtures("flat")
def test_a_year_without_a_budget_and_a_year_that_is_none(finn: Membership) -> None:
    client = signed_in(finn)
    assert "No budget is entered for 2027/28" in text_of(client, "/money/budgets/?year=2027-28")
    assert client.get("/money/budgets/?year=2027-29").status_code == 404
    assert client.get("/money/budgets/lines/?part=nothing").status_code == 404
    response = client.get("/money/budgets/change/?year=2027-28", follow=True)
    assert "Enter the budgets of 2027/28 first" in response.content.decode()
    assert {row.key for row in budget_page(Actor.of(finn), YEAR, TODAY).parts} == set(PARTS) - {"who_pays"}


@pytest.mark.usefixtures("flat")
def test_a_year_that_is_over_shows_what_it_came_to_and_no_forecast(finn: Membership) -> None:
    shown = text_of(signed_in(finn), "/money/budgets/?year=2025-26")
    assert "It came to" in shown and "£36,500.00" in shown, "£100 on each of 365 days"
    assert "How the forecast is made" not in shown and "Lowest to highest" not in shown
    assert "Planned changes" not in shown


def test_a_partnership_with_nothing_yet_is_told_where_to_begin(finn: Membership, audrey: Membership) -> None:
    shown = text_of(signed_in(finn), "/money/budgets/")
    assert "No budget is entered for 2026/27" in shown and "Enter the budgets" in shown
    assert "Commissioners and finance officers enter" in text_of(signed_in(audrey), "/money/budgets/")
    for page in ("variance/", "lines/?part=built", "budget.csv", "budget.xlsx", "variance/variance.xlsx"):
        assert signed_in(finn).get(f"/money/budgets/{page}").status_code == 200
    assert signed_in(finn).get("/costs/?beside=budget&per=week&by=cohort").status_code == 200


@pytest.mark.usefixtures("flat", "new_home", "entered", "planned")
def test_it_asks_the_same_of_the_database_for_many_people(
    finn: Membership, estuary: Partnership, meadow: Organisation, django_assert_max_num_queries: Any, by_alice: Actor
) -> None:
    client = signed_in(finn)
    for number in range(10):
        person = make_person(estuary, f"Q-{number}", given_name="Q", family_name=str(number))
        home = make_placement(person, meadow, reference=f"Q-{number}", start=APRIL)
        actions.add_line(placement=home, new=NewLine("core_support", "weekly", pounds("7"), APRIL), by=by_alice)
    for page in ("", "variance/", "lines/?part=started"):
        client.get(f"/money/budgets/{page}")
        with django_assert_max_num_queries(30):
            client.get(f"/money/budgets/{page}")
