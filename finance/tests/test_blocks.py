"""Contracts' prices for a number of places, and prices by a calendar, from the records to the figures."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership
from commissioning.core.errors import Refused
from commissioning.interchange.dumping import dump_files
from commissioning.interchange.tests.datasets import folder_of, load, said
from commissioning.rights.gathering import gather
from commissioning.tests.fixtures import make_person, make_placement
from finance import actions, ledger
from finance.actions import DayRange, NewLine, NewShare
from finance.models import Calendar, CostLine, FundingShare
from finance.queries import Book, costs_by_period, open_book, open_book_as_known
from finance.queries.book import open_block
from finance.tests.travel import written_on
from people.models import Person, Placement
from providers.models import Contract, ContractKind

pytestmark = pytest.mark.django_db

JULY = dt.date(2026, 7, 1)
MONTH = ledger.months(JULY, JULY)


@pytest.fixture
def house(estuary: Partnership, meadow: Organisation) -> Contract:
    return Contract.objects.create(
        partnership=estuary, reference="C-12", provider=meadow, title="Six flats", kind=ContractKind.BLOCK, start=JULY
    )


@pytest.fixture
def tenancy(jo: Person, meadow: Organisation, house: Contract) -> Placement:
    return make_placement(jo, meadow, "JO-1", contract=house)


@pytest.fixture
def price(house: Contract, by_alice: Actor) -> CostLine:
    new = NewLine("core_support", "monthly", Decimal(3100), JULY, capacity=3)
    return actions.add_block_line(contract=house, new=new, by=by_alice)


def by(book: Book, *dimensions: str) -> dict[tuple[str, ...], int]:
    return {cost.keys: cost.pence for cost in costs_by_period(book, MONTH, dimensions)}


class TestTheBook:
    def test_everyone_has_their_part_and_the_rest_is_void(
        self, tenancy: Placement, price: CostLine, by_alice: Actor
    ) -> None:
        assert by(open_book(by_alice), "person", "setting", "placement", "provider") == {
            ("", "", "", "MEADOW"): 206_667,
            ("JO", "own_tenancy", "JO-1", "MEADOW"): 103_333,
        }

    def test_placements_take_their_parts_in_code_point_order_whatever_the_databases(
        self, estuary: Partnership, meadow: Organisation, house: Contract, price: CostLine, by_alice: Actor
    ) -> None:
        for reference in ("b", "A", "Z"):
            make_placement(make_person(estuary, f"P-{reference}"), meadow, reference, contract=house)
        CostLine.objects.filter(pk=price.pk).update(amount=Decimal("0.01"))
        assert by(open_book(by_alice), "placement") == {("Z",): 1}

    def test_a_persons_book_has_their_part_alone(
        self, estuary: Partnership, meadow: Organisation, house: Contract, tenancy: Placement, price: CostLine,
        by_alice: Actor,
    ) -> None:  # fmt: skip
        make_placement(make_person(estuary, "SAM"), meadow, "SAM-1", contract=house)
        book = open_book(by_alice, people=Person.objects.filter(pk=tenancy.person_id))
        assert by(book, "person") == {("JO",): 103_333}
        assert book.names["person"] == ("JO",)

    def test_a_part_is_paid_as_its_placement_is_and_the_void_by_nobody(
        self, tenancy: Placement, price: CostLine, by_alice: Actor
    ) -> None:
        council = NewShare(tenancy.person.council, "care_act", Decimal(100), JULY)
        actions.add_share(placement=tenancy, new=council, by=by_alice)
        assert by(open_book(by_alice), "person", "funder") == {
            ("", "unallocated"): 206_667,
            ("JO", "COUNCIL"): 103_333,
        }

    def test_shares_of_the_price_pay_for_parts_and_void(
        self, tenancy: Placement, price: CostLine, by_alice: Actor
    ) -> None:
        actions.add_share(
            placement=tenancy, new=NewShare(tenancy.person.council, "care_act", Decimal(100), JULY), by=by_alice
        )
        actions.replace_shares(
            placement=None,
            line=price,
            start=JULY,
            shares=[NewShare(tenancy.person.icb, "joint", Decimal(100), JULY)],
            by=by_alice,
        )
        everything = {("", "ICB"): 206_667, ("JO", "ICB"): 103_333}
        assert by(open_book(by_alice), "person", "funder") == everything
        assert by(open_block(by_alice, tenancy.contract or price.contract), "person", "funder") == everything  # type: ignore[arg-type]
        theirs = open_book(by_alice, people=Person.objects.filter(pk=tenancy.person_id))
        assert by(theirs, "funder") == {("ICB",): 103_333}

    def test_a_provider_sees_its_contracts_price_and_no_figure_that_tells_who_is_placed(
        self, tenancy: Placement, price: CostLine, mabel: Membership, larkrise: Organisation
    ) -> None:
        manager = Actor.of(mabel)
        with scope.acting(manager):
            assert list(CostLine.objects.visible_to(manager)) == [price]
            assert by(open_book(manager), "person") == {}
            assert price.contract
            assert by(open_block(manager, price.contract), "person") == {}
        mabel.organisation = larkrise
        mabel.save()
        other = Actor.of(mabel)
        with scope.acting(other):
            assert not CostLine.objects.visible_to(other).exists()
            assert not CostLine.objects.exists()  # the wall says so too

    def test_an_earlier_day_knows_who_was_placed_then(
        self, jo: Person, meadow: Organisation, house: Contract, by_alice: Actor
    ) -> None:
        with written_on(JULY):
            new = NewLine("core_support", "monthly", Decimal(3100), JULY, capacity=3)
            line = actions.add_block_line(contract=house, new=new, by=by_alice)
            actions.add_share(
                placement=None, line=line, new=NewShare(jo.council, "care_act", Decimal(100), JULY), by=by_alice
            )
        with written_on(dt.date(2026, 7, 20)):
            make_placement(jo, meadow, "JO-1", contract=house)
        known = open_book_as_known(by_alice, dt.date(2026, 7, 20))
        assert by(known, "person", "funder") == by(open_book(by_alice), "person", "funder")
        theirs = open_book_as_known(by_alice, dt.date(2026, 7, 20), people=Person.objects.filter(pk=jo.pk))
        assert by(theirs, "person", "funder") == {("JO", "COUNCIL"): 103_333}
        assert by(open_book_as_known(by_alice, dt.date(2026, 6, 30)), "person") == {}


class TestActions:
    def test_a_price_of_places_needs_places(self, house: Contract, tenancy: Placement, by_alice: Actor) -> None:
        plain = NewLine("core_support", "weekly", Decimal(10), JULY)
        with pytest.raises(Refused, match="how many places"):
            actions.add_block_line(contract=house, new=plain, by=by_alice)

    def test_two_prices_of_a_contract_may_not_overlap(self, price: CostLine, by_alice: Actor) -> None:
        again = NewLine("core_support", "weekly", Decimal(10), JULY, capacity=2)
        assert price.contract
        with pytest.raises(Refused, match="already a price"):
            actions.add_block_line(contract=price.contract, new=again, by=by_alice)
        price.pk, price.reference = None, "OTHER"
        with pytest.raises(IntegrityError), transaction.atomic():
            price.save()

    def test_a_changed_price_keeps_places_and_who_pays(self, price: CostLine, jo: Person, by_alice: Actor) -> None:
        share = NewShare(jo.council, "care_act", Decimal(100), JULY)
        actions.add_share(placement=None, line=price, new=share, by=by_alice)
        later = actions.change_price(
            line=price,
            amount=Decimal(3200),
            units_per_week=None,
            start=dt.date(2026, 8, 1),
            reason="uplift",
            by=by_alice,
        )
        assert (later.contract, later.capacity, later.reference) == (price.contract, 3, "C-12-2")
        assert later.shares.get().start == dt.date(2026, 8, 1)

    def test_shares_of_a_price_stay_within_all_of_it(self, price: CostLine, jo: Person, by_alice: Actor) -> None:
        half = NewShare(jo.council, "care_act", Decimal(60), JULY)
        actions.add_share(placement=None, line=price, new=half, by=by_alice)
        with pytest.raises(Refused, match="120%"):
            actions.add_share(placement=None, line=price, new=NewShare(jo.icb, "chc", Decimal(60), JULY), by=by_alice)
        with pytest.raises(IntegrityError, match="Shares add up"), transaction.atomic():
            FundingShare.objects.create(line=price, funder=jo.icb, route="chc", percent=Decimal(60), start=JULY)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_a_share_is_of_what_its_price_is_of(self, price: CostLine, tenancy: Placement, by_alice: Actor) -> None:
        share = NewShare(tenancy.person.council, "care_act", Decimal(60), JULY)
        with pytest.raises(Refused, match="whose share"):
            actions.add_share(placement=tenancy, line=price, new=share, by=by_alice)

    @pytest.mark.parametrize(
        "wrong", [{"capacity": None}, {"capacity": 0}, {"contract": None}, {"basis": "weekly", "calendar": True}]
    )
    def test_the_database_refuses_half_a_block(self, price: CostLine, wrong: dict[str, object]) -> None:
        if wrong.get("calendar"):
            wrong["calendar"] = Calendar.objects.create(
                partnership=price.partnership, reference="BH", name="B", kind="other"
            )
        with pytest.raises(IntegrityError), transaction.atomic():
            CostLine.objects.filter(pk=price.pk).update(**wrong)


class TestCalendars:
    @pytest.fixture
    def holidays(self, by_alice: Actor) -> Calendar:
        days = [
            DayRange(dt.date(2026, 7, 3), dt.date(2026, 7, 3)),
            DayRange(dt.date(2026, 8, 31), dt.date(2026, 8, 31)),
        ]
        return actions.create_calendar(
            reference="BH", name="Bank holidays", kind="bank_holidays", days=days, by=by_alice
        )

    @pytest.fixture
    def enhancement(self, tenancy: Placement, holidays: Calendar, by_alice: Actor) -> CostLine:
        new = NewLine("core_support", "daily", Decimal(50), JULY, Decimal(7), label="Bank holidays", calendar=holidays)
        return actions.add_line(placement=tenancy, new=new, by=by_alice)

    def test_each_listed_day_costs_the_amount(self, enhancement: CostLine, by_alice: Actor) -> None:
        year = ledger.months(JULY, dt.date(2026, 9, 1))
        found = costs_by_period(open_book(by_alice), year, ())
        assert [(cost.period, cost.pence) for cost in found] == [(0, 5_000), (1, 5_000)]

    def test_more_days_and_fewer_restate_what_goes_by_them(
        self, enhancement: CostLine, holidays: Calendar, by_alice: Actor
    ) -> None:
        actions.add_days(calendar=holidays, days=DayRange(dt.date(2026, 7, 6), dt.date(2026, 7, 7)), by=by_alice)
        assert by(open_book(by_alice), "person") == {("JO",): 15_000}
        actions.remove_days(days=holidays.ranges.get(start=dt.date(2026, 7, 3)), by=by_alice)
        assert by(open_book(by_alice), "person") == {("JO",): 10_000}

    def test_a_day_is_listed_once_and_some_day_always(self, holidays: Calendar, by_alice: Actor) -> None:
        with pytest.raises(Refused, match="already has 3 July 2026"):
            actions.add_days(calendar=holidays, days=DayRange(dt.date(2026, 7, 1), dt.date(2026, 7, 9)), by=by_alice)
        first, last = holidays.ranges.all()
        actions.remove_days(days=first, by=by_alice)
        with pytest.raises(Refused, match="at least one day"):
            actions.remove_days(days=last, by=by_alice)

    def test_only_prices_by_units_have_one(self, tenancy: Placement, holidays: Calendar, by_alice: Actor) -> None:
        new = NewLine("core_support", "weekly", Decimal(50), JULY, calendar=holidays)
        with pytest.raises(Refused, match="calendar goes with"):
            actions.add_line(placement=tenancy, new=new, by=by_alice)

    def test_a_moved_day_leaves_what_was_known_before(self, jo: Person, meadow: Organisation, by_alice: Actor) -> None:
        with written_on(JULY):
            home = make_placement(jo, meadow, "JO-1")
            days = [DayRange(dt.date(2026, 7, 3), dt.date(2026, 7, 3))]
            calendar = actions.create_calendar(reference="BH", name="B", kind="other", days=days, by=by_alice)
            new = NewLine("core_support", "daily", Decimal(50), JULY, Decimal(7), calendar=calendar)
            actions.add_line(placement=home, new=new, by=by_alice)
        with written_on(dt.date(2026, 7, 9)):
            actions.add_days(calendar=calendar, days=DayRange(dt.date(2026, 7, 8), dt.date(2026, 7, 8)), by=by_alice)
        assert by(open_book_as_known(by_alice, dt.date(2026, 7, 8)), "person") == {("JO",): 5_000}
        assert by(open_book_as_known(by_alice, dt.date(2026, 7, 9)), "person") == {("JO",): 10_000}


CONTRACTS = "contract_ref,provider,title,kind,start,end\nC-12,MEADOW,Flats,block,2026-07-01,\n"
PLACEMENTS = """placement_ref,person_ref,provider,contract_ref,setting,start,end
JO-1,JO,MEADOW,C-12,own_tenancy,2026-07-01,
SAM-1,SAM,MEADOW,C-12,supported_living,2026-07-10,
"""
CALENDARS = """calendar,name,kind,start,end
TERM,School terms,term_time,2026-09-01,2026-10-23
TERM,School terms,term_time,2026-11-02,2026-12-18
"""
LINES = """line_ref,placement_ref,kind,basis,amount,units_per_week,start,contract_ref,capacity,calendar
BLOCK,,core_support,weekly,7000.00,,2026-07-01,C-12,3,
SCHOOL,JO-1,day_activity,session,40.00,2,2026-07-01,,,TERM
"""
SHARES = """placement_ref,line_ref,funder,route,percent,start,end
JO-1,,COUNCIL,s117,100,2026-07-01,
,BLOCK,ICB,joint,100,2026-07-01,
"""


def block_folder(folder: Path, **changed: str | None) -> Path:
    files: dict[str, str | bytes | None] = {
        "contracts": CONTRACTS, "placements": PLACEMENTS, "calendars": CALENDARS, "cost_lines": LINES,
        "funding": SHARES, "checklists": None, **changed,
    }  # fmt: skip
    return folder_of(folder, **files)


class TestFiles:
    def test_blocks_and_calendars_travel_byte_for_byte(self, tmp_path: Path) -> None:
        assert load(block_folder(tmp_path / "given"), "ONE").saved
        first = dump_files(Partnership.objects.get(code="ONE"))
        (tmp_path / "back").mkdir()
        for name, contents in first.items():
            (tmp_path / "back" / name).write_bytes(contents)
        assert load(tmp_path / "back", "TWO").saved
        assert dump_files(Partnership.objects.get(code="TWO")) == first
        assert b"BLOCK,,core_support,,weekly,7000.00,,2026-07-01,,,,,C-12,3," in first["cost_lines.csv"]
        assert b",BLOCK,ICB,joint,100,2026-07-01,," in first["funding.csv"]
        again = load(tmp_path / "back", "TWO")
        assert again.changes_nothing

    def test_more_days_are_an_update_and_a_new_name_is_one(self, tmp_path: Path) -> None:
        load(block_folder(tmp_path / "given"), "ONE")
        longer = CALENDARS.replace("2026-12-18", "2026-12-19").replace("School terms", "Terms")
        outcome = load(block_folder(tmp_path / "again", calendars=longer), "ONE")
        assert (outcome.saved, outcome.created, outcome.updated) == (True, 0, 2)
        calendar = Calendar.objects.get(partnership__code="ONE")
        assert (calendar.name, calendar.ranges.last().end) == ("Terms", dt.date(2026, 12, 19))  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        ("file", "old", "new", "words"),
        [
            ("cost_lines", "C-12,3,", "C-12,,", "how many places"),
            ("cost_lines", "C-12,3,", ",,", "Only a price of a contract’s places"),
            ("cost_lines", "BLOCK,,", "BLOCK,JO-1,", "Leave one of the two empty"),
            ("cost_lines", "2,2026-07-01,,,TERM", "2,2026-07-01,,4,TERM", "Leave it empty: only a price of a contract"),
            ("cost_lines", "C-12,3,", "C-12,3,TERM", "counts every day"),
            ("cost_lines", "TERM", "YEAR", "no calendar with this reference"),
            ("cost_lines", "C-12,3,", "C-12,3.5,", ""),
            ("funding", ",BLOCK,", ",,", "Only a share of a contract’s price"),
            ("funding", ",BLOCK,", "JO-1,BLOCK,", "belongs to the contract C-12"),
            ("calendars", "2026-11-02", "2026-10-20", "a calendar lists a day once"),
            ("calendars", "School terms,term_time,2026-11-02", "Terms,term_time,2026-11-02", "says otherwise"),
        ],
    )
    def test_what_does_not_hold_together_is_a_fault(
        self, tmp_path: Path, file: str, old: str, new: str, words: str
    ) -> None:
        texts = {"cost_lines": LINES, "funding": SHARES, "calendars": CALENDARS}
        assert old in texts[file]
        outcome = load(block_folder(tmp_path, **{file: texts[file].replace(old, new)}), "ONE")
        assert not outcome.saved
        assert words in said(outcome)

    def test_void_that_nobody_pays_and_too_many_people_are_findings(self, tmp_path: Path) -> None:
        fewer = LINES.replace("C-12,3,", "C-12,1,")
        lines = load(block_folder(tmp_path / "one", cost_lines=fewer), "ONE")
        assert "From 2026-07-10, 2 placements share the 1 places of BLOCK." in "\n".join(map(str, lines.findings))
        unpaid = SHARES.replace(",BLOCK,ICB,joint,100,2026-07-01,\n", "")
        shares = load(block_folder(tmp_path / "two", funding=unpaid), "TWO")
        void = "From 2026-07-01, 2 of the 3 places of BLOCK are void"
        assert void in "\n".join(map(str, shares.findings))
        early = LINES.replace("7000.00,,2026-07-01", "7000.00,,2026-06-01")
        days = load(block_folder(tmp_path / "three", cost_lines=early), "THREE")
        assert "reaches outside the contract C-12" in "\n".join(map(str, days.findings))


def test_a_persons_copy_has_the_price_of_places_that_they_had_a_part_of(
    tenancy: Placement, price: CostLine, house: Contract, by_alice: Actor
) -> None:
    past = NewLine("housing", "weekly", Decimal(10), dt.date(2025, 1, 1), end=dt.date(2025, 2, 1), capacity=3)
    actions.add_block_line(contract=house, new=past, by=by_alice)
    prices = next(each for each in gather(tenancy.person) if each.table.label == "finance.CostLine")
    assert [{cell.column.name: cell.text for cell in row.cells}["capacity"] for row in prices.rows] == ["3"]
