"""Places bought together and prices by a calendar, on a person's page and in the cost explorer."""

import csv
import datetime as dt
import io
import re
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qsl

import pytest
from django.urls import reverse

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership
from commissioning.overview.queries.costs import asked_from, grid_of, names_of, parts_of
from commissioning.overview.queries.placements import placements_shown
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from finance import actions
from finance.actions import DayRange, NewLine
from finance.models import Calendar
from finance.queries import open_book
from people.models import Person, Placement
from providers.models import Contract

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 21)
SEPTEMBER = dt.date(2026, 9, 1)


@pytest.fixture(autouse=True)
def on_21_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)


@pytest.fixture
def house(estuary: Partnership, meadow: Organisation, jo: Person, by_alice: Actor) -> Contract:
    """Four places at £2,000.00 a week from 1 September; Jo, Kim and Lee have one each, Kim until 15 October.

    By hand: September has 30 days, so the price is 2,000 × 30 / 7 = £8,571.43 and each place 1/4 of it, rounded in
    turn: 2,142.86, 2,142.86 (4,285.72 of 8,571.43 × 2/4 = 4,285.715), 2,142.85 (6,428.57), and the void 2,142.86.
    October to the 15th: a = A(15 Oct) = 2,000 × 45 / 7 = 12,857.14 in all. From the 16th two are placed of four.
    """
    house = Contract.objects.create(
        partnership=estuary, reference="C-4", provider=meadow, title="Four flats", kind="block", start=SEPTEMBER
    )
    new = NewLine("core_support", "weekly", Decimal(2000), SEPTEMBER, capacity=4)
    actions.add_block_line(contract=house, new=new, by=by_alice)
    make_placement(jo, meadow, "JO-1", start=SEPTEMBER, contract=house)
    for name, end in (("KIM", dt.date(2026, 10, 15)), ("LEE", None)):
        person = make_person(estuary, name, given_name=name.title(), family_name="Second")
        make_placement(person, meadow, f"{name}-1", start=SEPTEMBER, end=end, contract=house)
    return house


def shown_lines(actor: Actor, person: Person) -> list[tuple[str, int]]:
    (placement,) = placements_shown(actor, person, TODAY)
    assert sum(row.weekly_pence for row in placement.lines) == placement.weekly_pence
    return [(row.line.reference, row.weekly_pence) for row in placement.lines]


def test_a_person_page_shows_their_part_so_that_lines_make_the_total(
    house: Contract, jo: Person, by_alice: Actor, alice: Membership
) -> None:
    placement = jo.placements.get()
    actions.add_line(placement=placement, new=NewLine("housing", "weekly", Decimal("90.10"), SEPTEMBER), by=by_alice)
    assert shown_lines(by_alice, jo) == [("JO-1-1", 9_010), ("C-4-1", 50_000)]
    page = signed_in(alice).get(reverse("placements", args=["JO"])).content.decode()
    assert "1 part of 4" in page and "£2,000.00 a week for 4 places" in page and "£590.10" in page
    assert reverse("contract_places", args=["C-4"]) in page
    assert reverse("line_correct", args=["C-4-1"]) not in page


def test_parts_of_a_penny_add_up_to_what_is_rounded_once(
    estuary: Partnership, house: Contract, jo: Person, by_alice: Actor
) -> None:
    for label in ("a", "b"):
        new = NewLine("training", "weekly", Decimal("1.00"), SEPTEMBER, label=label, capacity=3)
        actions.add_block_line(contract=house, new=new, by=by_alice)
    # 500 and two thirds: 500.666…, shown as 500.00, 0.33 and 0.34
    assert [pence for _, pence in shown_lines(by_alice, jo)] == [50_000, 33, 34]


def test_more_people_than_places_share_them(house: Contract, meadow: Organisation, jo: Person, by_alice: Actor) -> None:
    for number in range(3):
        person = make_person(jo.partnership, f"MORE-{number}")
        make_placement(person, meadow, f"MORE-{number}", start=SEPTEMBER, contract=house)
    (placement,) = placements_shown(by_alice, jo, TODAY)
    assert [(row.places, row.weekly_pence) for row in placement.lines] == [(5, 40_000)]


def test_a_finance_officer_sees_the_part_and_a_provider_no_figure_of_it(
    house: Contract, jo: Person, finn: Membership, mabel: Membership
) -> None:
    assert "1 part of 4" in signed_in(finn).get(reverse("placements", args=["JO"])).content.decode()
    theirs = signed_in(mabel).get(reverse("placements", args=["JO"]))
    assert theirs.status_code == 200 and "1 part of" not in theirs.content.decode()


@pytest.mark.parametrize("by", ["funder", "setting", "provider", "kind", "person"])
def test_the_explorer_shows_the_void_on_every_slice_and_opens_each_figure(
    house: Contract, by: str, alice: Membership, by_alice: Actor
) -> None:
    query = {"by": by, "from": "2026-09", "to": "2026-10"}
    client = signed_in(alice)
    page = client.get(reverse("cost_explorer"), query).content.decode()
    assert ("Void (nobody placed)" in page) == (by in {"setting", "person"})
    asked = asked_from(query, TODAY)
    grid = grid_of(open_book(by_alice), asked, names_of(by_alice, asked))
    assert grid.total.total.pence == round(2_000_00 * 61 / 7)
    opened = 0
    for row in (*grid.rows, grid.total):
        for cell in (*row.cells, row.total):
            given = dict(parse_qsl(cell.query, keep_blank_values=True))
            assert parts_of(by_alice, open_book(by_alice), asked, given).pence == cell.pence
            lines = client.get(f"{reverse('cost_lines')}?{cell.query}")
            assert f"<h1>£{Decimal(cell.pence) / 100:,.2f}</h1>" in lines.content.decode()
            opened += 1
    assert opened >= 6
    file = client.get(reverse("cost_explorer_csv"), query).content.decode()
    assert [row[-1] for row in csv.reader(io.StringIO(file))][-1] == f"{Decimal(grid.total.total.pence) / 100:.2f}"


def test_the_worked_month_is_found_to_the_penny(house: Contract, alice: Membership, by_alice: Actor) -> None:
    query = {"by": "person", "from": "2026-09", "to": "2026-10"}
    file = signed_in(alice).get(reverse("cost_explorer_csv"), query).content.decode()
    found = {row[0]: row[1:] for row in csv.reader(io.StringIO(file))}
    assert {name: row[0] for name, row in found.items() if name != "person"} == {
        "Jo Example": "2142.86",
        "Kim Second": "2142.86",
        "Lee Second": "2142.85",
        "Void (nobody placed)": "2142.86",
        "All": "8571.43",
    }
    # To 15 October the stretch has cost 12,857.14: 3,214.29 (3,214.285) each in turn, 6,428.57, 9,642.86 (9,642.855).
    # From then 2,000 × 61 / 7 = 17,428.57 − 12,857.14 = 4,571.43: 1,142.86, 2,285.72 (2,285.715), void the rest.
    october = {
        "Jo Example": 3_214_29 - 2_142_86 + 1_142_86,
        "Kim Second": 6_428_57 - 3_214_29 - 2_142_86,
        "Lee Second": 9_642_86 - 6_428_57 - 2_142_85 + 2_285_72 - 1_142_86,
        "Void (nobody placed)": 12_857_14 - 9_642_86 - 2_142_86 + 4_571_43 - 2_285_72,
        "All": 17_428_57 - 8_571_43,
    }
    assert {name: int(found[name][1].replace(".", "")) for name in october} == october


def test_lines_behind_a_figure_name_whose_part_and_what_is_void(house: Contract, alice: Membership) -> None:
    query = {"by": "kind", "from": "2026-09", "to": "2026-09", "slice": "core_support"}
    page = unescape(signed_in(alice).get(reverse("cost_lines"), query).content.decode())
    rows = re.findall(r"<tr><th scope=\"row\">C-4-1</th>(.*?)</tr>", page)
    assert len(rows) == 4
    assert sum("Void, nobody placed" in row for row in rows) == 1
    assert sum("Jo Example" in row and "of 4 places" in row for row in rows) == 1


class TestByACalendar:
    @pytest.fixture
    def holidays(self, by_alice: Actor) -> Calendar:
        days = [DayRange(day, day) for day in (dt.date(2026, 11, 18), dt.date(2026, 12, 25), dt.date(2026, 12, 28))]
        return actions.create_calendar(
            reference="BH", name="Bank holidays", kind="bank_holidays", days=days, by=by_alice
        )

    def test_a_week_is_that_week_and_the_average_is_said_to_be_one(
        self, jo: Person, meadow: Organisation, holidays: Calendar, by_alice: Actor, alice: Membership
    ) -> None:
        placement: Placement = make_placement(jo, meadow, "JO-1")
        new = NewLine("core_support", "daily", Decimal(50), SEPTEMBER, Decimal(7), label="Extra", calendar=holidays)
        actions.add_line(placement=placement, new=new, by=by_alice)
        # one of the calendar's days falls in the week of 21 November, so £50; three in 2026: £150 × 7 / 365 = £2.88
        assert shown_lines(by_alice, jo) == [("JO-1-1", 5_000)]
        page = signed_in(alice).get(reverse("placements", args=["JO"])).content.decode()
        assert "only on days of Bank holidays: 3 in 2026, on average £2.88 a week over that year" in page
        assert "£350.00" not in page

    def test_a_week_without_any_of_its_days_costs_nothing(
        self, jo: Person, meadow: Organisation, holidays: Calendar, by_alice: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        new = NewLine("core_support", "daily", Decimal(50), SEPTEMBER, Decimal(7), calendar=holidays)
        actions.add_line(placement=make_placement(jo, meadow, "JO-1"), new=new, by=by_alice)
        (placement,) = placements_shown(by_alice, jo, dt.date(2027, 1, 20))
        (row,) = placement.lines
        assert row.year and (row.weekly_pence, row.year.year, row.year.days) == (0, 2027, 0)
