"""A contract's places: its page by role, the worked month to the penny, its file, and the acts on its prices."""

import csv
import datetime as dt
import io
import re
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership
from commissioning.audit.models import RecordRead
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from commissioning.tests.forms import confirmed
from finance import actions
from finance.actions import DayRange, NewLine, NewShare
from finance.models import CostLine
from finance.queries.places import places_bought, places_of
from people.models import Person
from providers.models import Contract

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 21)
SEPTEMBER = dt.date(2026, 9, 1)
PAGE = "/providers/contracts/on/C-4/places/"


@pytest.fixture(autouse=True)
def on_21_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)


@pytest.fixture
def house(estuary: Partnership, meadow: Organisation, jo: Person, by_alice: Actor) -> Contract:
    """Four places at £2,000.00 a week; Jo, Kim and Lee from 1 September, Kim until 15 October."""
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


def text_of(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.content.decode())))


def day(name: str, value: dt.date) -> dict[str, int]:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def test_the_worked_month_stands_on_the_page_and_in_the_file(house: Contract, alice: Membership) -> None:
    """To 15 October the price has cost 2,000 × 45 / 7 = £12,857.14, to the 31st 2,000 × 61 / 7 = £17,428.57.

    September was £8,571.43, so October is £8,857.14. To the 15th each place is a quarter: 3,214.29 (3,214.285), then
    6,428.57, 9,642.86 (9,642.855) and the void 12,857.14 in all; from the 16th of £4,571.43: 1,142.86, 2,285.72
    (2,285.715), the void 4,571.43. September took 2,142.86, 2,142.86, 2,142.85 and 2,142.86.
    """
    shown = text_of(signed_in(alice), f"{PAGE}?month=2026-10")
    assert "4 places bought, 2 filled today." in shown
    assert "October 2026 £5,500.01 £3,357.13 £8,857.14" in shown
    assert "1 October 2026 to 15 October 2026 Core support Jo Example, Kim Second, Lee Second 3 of 4 1" in shown
    assert "16 October 2026 to 31 October 2026 Core support Jo Example, Lee Second 2 of 4 2" in shown
    parts = {
        "Jo Example JO-1 1 October 2026 to 31 October 2026": 3_214_29 - 2_142_86 + 1_142_86,
        "Kim Second KIM-1 1 October 2026 to 15 October 2026": 6_428_57 - 3_214_29 - 2_142_86,
        "Lee Second LEE-1 1 October 2026 to 31 October 2026": 9_642_86 - 6_428_57 - 2_142_85 + 2_285_72 - 1_142_86,
        "Void, nobody placed –": 12_857_14 - 9_642_86 - 2_142_86 + 4_571_43 - 2_285_72,
    }
    assert sum(parts.values()) == 8_857_14
    for words, pence in parts.items():
        assert f"{words} £{Decimal(pence) / 100:,.2f}" in shown
    file = signed_in(alice).get(f"{PAGE}places.csv?year=2026-27")
    rows = list(csv.reader(io.StringIO(file.content.decode())))
    assert rows[0] == ["month", "kind", "person", "placement", "amount"]
    october = {row[2]: row[4] for row in rows if row[0] == "2026-10"}
    pounds = [f"{Decimal(pence) / 100:.2f}" for pence in parts.values()]
    assert october == dict(zip(("JO", "KIM", "LEE", "void"), pounds, strict=True))


def test_months_add_up_to_the_year_and_parts_to_the_price(house: Contract, by_alice: Actor) -> None:
    page = places_of(by_alice, house, year="2026-27", month="2026-10", today=TODAY)
    assert [str(each) for each in page.years] == ["2026-27", "2027-28"]
    assert page.total.price_pence == round(2_000_00 * 212 / 7)  # 1 September to 31 March
    for month in ("2026-09", "2026-10", "2027-03"):
        page = places_of(by_alice, house, year="", month=month, today=TODAY)
        assert sum(part.pence for part in page.parts) == page.chosen.price_pence
        assert page.parts[-1].pence == page.chosen.void_pence and page.parts[-1].placement is None


def test_nonsense_in_the_address_is_the_present(house: Contract, alice: Membership) -> None:
    for query in ("?year=x&month=y", "?month=1066-10", "?year=2031-32", "?month=0206-13"):
        assert "Who fills the places in November 2026" in text_of(signed_in(alice), f"{PAGE}{query}")


def test_more_people_than_places_is_said(house: Contract, meadow: Organisation, alice: Membership) -> None:
    for number in range(3):
        person = make_person(house.partnership, f"MORE-{number}")
        make_placement(person, meadow, f"MORE-{number}", start=SEPTEMBER, contract=house)
    shown = text_of(signed_in(alice), f"{PAGE}?month=2026-11")
    assert "more people than places" in shown and "5 of 4" in shown


def test_finance_sees_references_and_no_act_and_every_look_is_kept(house: Contract, finn: Membership) -> None:
    shown = text_of(signed_in(finn), f"{PAGE}?month=2026-10")
    assert "KIM KIM-1" in shown and "Kim Second" not in shown and "Add a price" not in shown
    assert RecordRead.objects.filter(route="contract_places").values("person_id").distinct().count() == 3
    assert "Kim" not in signed_in(finn).get(f"{PAGE}places.csv").content.decode()
    assert RecordRead.objects.filter(route="contract_places_csv").values("person_id").distinct().count() == 3


def test_a_provider_sees_its_prices_and_who_is_there_and_no_figure_of_others(
    house: Contract, mabel: Membership, sam: Membership, larkrise: Organisation
) -> None:
    for member in (mabel, sam):
        shown = text_of(signed_in(member), PAGE)
        assert "£2,000.00 a week" in shown and "Jo Example" in shown
        # Kim left: past placements are not theirs to see, and figures would tell of them
        assert "Kim" not in shown and "Void" not in shown and "£500.00" not in shown and "Who pays" not in shown
        assert signed_in(member).get(f"{PAGE}places.csv").status_code == 403
    mabel.organisation = larkrise
    mabel.save()
    assert signed_in(mabel).get(PAGE).status_code == 404


def test_others_stay_out(
    house: Contract, clara: Membership, bea: Membership, adam: Membership, charlie: Membership
) -> None:
    assert {signed_in(each).get(PAGE).status_code for each in (clara, bea, adam)} == {403}
    assert signed_in(charlie).get(PAGE).status_code == 404


def test_the_contract_leads_there(house: Contract, alice: Membership, mabel: Membership, by_alice: Actor) -> None:
    shown = text_of(signed_in(alice), "/providers/contracts/on/C-4/")
    assert "Places bought together 4, 2 filled now. See places and prices" in shown
    assert PAGE in signed_in(mabel).get("/providers/contracts/on/C-4/").content.decode()
    assert places_bought(by_alice, TODAY) == {house.pk: 4}
    assert places_bought(by_alice, dt.date(2020, 1, 1)) == {house.pk: 0}


class TestActs:
    def test_a_price_is_added_changed_ended_and_corrected(self, house: Contract, alice: Membership) -> None:
        client = signed_in(alice)
        assert f'href="{PAGE}"' in client.get(f"{PAGE}add/").content.decode()
        CostLine.objects.all().delete()
        assert f'href="{PAGE}"' not in client.get(f"{PAGE}add/").content.decode()
        added = {
            "kind": "waking_night",
            "amount": "1400",
            "basis": "weekly",
            "capacity": "4",
            **day("start", SEPTEMBER),
        }
        assert client.post(f"{PAGE}add/", added).headers["Location"] == PAGE
        (line,) = CostLine.objects.all()
        assert (line.contract, line.capacity, line.amount) == (house, 4, Decimal(1400))
        change = reverse("line_change", args=[line.reference])
        assert "Places from that day" in client.get(change).content.decode()
        later = {"amount": "1500", "capacity": "5", "reason": "negotiated", **day("start", dt.date(2026, 10, 1))}
        assert client.post(change, later | self.version(client, change)).headers["Location"] == PAGE
        following = CostLine.objects.get(start=dt.date(2026, 10, 1))
        line.refresh_from_db()
        assert (line.end, following.capacity) == (dt.date(2026, 9, 30), 5)
        end = reverse("line_end", args=[following.reference])
        sent = day("end", dt.date(2027, 3, 31)) | self.version(client, end)
        assert client.post(end, sent).headers["Location"] == PAGE
        correct = reverse("line_correct", args=[following.reference])
        right = {**added, "capacity": "6", "why": "Misread", **day("start", dt.date(2026, 10, 1))}
        assert client.post(correct, right | self.version(client, correct)).headers["Location"] == PAGE
        following.refresh_from_db()
        assert (following.capacity, following.reason, following.end) == (6, "correction", None)

    def version(self, client: Client, address: str) -> dict[str, str]:
        found = re.search(r'name="version" value="([^"]*)"', client.get(address).content.decode())
        assert found
        return {"version": unescape(found[1])}

    @pytest.mark.parametrize("places", ["", "0", "4.5", "10000"])
    def test_places_must_be_a_number_of_them(self, places: str, house: Contract, alice: Membership) -> None:
        sent = {"kind": "training", "amount": "10", "basis": "weekly", "capacity": places, **day("start", SEPTEMBER)}
        page = signed_in(alice).post(f"{PAGE}add/", sent)
        assert page.status_code == 200 and "laces" in page.content.decode()
        assert CostLine.objects.count() == 1

    def test_who_pays_a_price_pays_parts_and_void(self, house: Contract, jo: Person, alice: Membership) -> None:
        client, address = signed_in(alice), reverse("line_shares", args=["C-4-1"])
        share = {"share-0-funder": str(jo.icb.pk), "share-0-route": "joint", "share-0-percent": "100"}
        assert (
            client.post(address, {**share, **day("start", SEPTEMBER), **self.version(client, address)}).status_code
            == 302
        )
        assert "NHS Estuary 100%" in text_of(client, PAGE)
        explorer = client.get(reverse("cost_explorer_csv"), {"by": "funder", "from": "2026-09", "to": "2026-10"})
        assert "NHS Estuary,8571.43,8857.14,17428.57" in explorer.content.decode()

    def test_shares_of_one_price_leave_those_of_the_placement(
        self, house: Contract, jo: Person, by_alice: Actor
    ) -> None:
        placement = jo.placements.get()
        line = actions.add_line(
            placement=placement, new=NewLine("housing", "weekly", Decimal(70), SEPTEMBER), by=by_alice
        )
        for new in (NewShare(jo.council, "care_act", Decimal(100), SEPTEMBER),):
            actions.add_share(placement=placement, new=new, by=by_alice)
        actions.replace_shares(
            placement=placement, line=line, start=SEPTEMBER,
            shares=[NewShare(jo.icb, "joint", Decimal(100), SEPTEMBER)], by=by_alice,
        )  # fmt: skip
        assert placement.shares.filter(line__isnull=True).get().funder == jo.council
        assert line.shares.get().funder == jo.icb

    def test_a_price_ends_with_its_own_shares_and_not_before_it_began(
        self, house: Contract, jo: Person, by_alice: Actor
    ) -> None:
        line = CostLine.objects.get()
        actions.add_share(
            placement=None, line=line, new=NewShare(jo.icb, "joint", Decimal(100), SEPTEMBER), by=by_alice
        )
        with pytest.raises(actions.lines.Refused, match="on or after 1 September 2026"):  # type: ignore[attr-defined]
            actions.end_line(line=line, end=dt.date(2026, 8, 31), by=by_alice)
        actions.end_line(line=line, end=dt.date(2026, 10, 31), by=by_alice)
        assert line.shares.get().end == dt.date(2026, 10, 31)
        with pytest.raises(actions.lines.Refused, match="already ends on 31 October 2026"):  # type: ignore[attr-defined]
            actions.end_line(line=line, end=dt.date(2026, 11, 30), by=by_alice)

    def test_correcting_keeps_the_calendar_of_a_price(
        self, jo: Person, meadow: Organisation, alice: Membership, by_alice: Actor
    ) -> None:
        calendar = actions.create_calendar(
            reference="BH",
            name="Bank holidays",
            kind="bank_holidays",
            days=[DayRange(SEPTEMBER, SEPTEMBER)],
            by=by_alice,
        )
        placement = make_placement(jo, meadow, "JO-1")
        new = NewLine("core_support", "daily", Decimal(50), SEPTEMBER, Decimal(7), calendar=calendar)
        line = actions.add_line(placement=placement, new=new, by=by_alice)
        client, address = signed_in(alice), reverse("line_correct", args=[line.reference])
        page = client.get(address).content.decode()
        assert f'<option value="{calendar.pk}" selected>' in page
        assert 'name="capacity"' not in page
        sent = {"kind": "core_support", "amount": "60", "basis": "daily", "units_per_week": "7", "why": "Misread"}
        sent |= {"calendar": str(calendar.pk), **self.version(client, address)}
        assert confirmed(client, address, client.post(address, {**sent, **day("start", SEPTEMBER)})).status_code == 302
        line.refresh_from_db()
        assert (line.amount, line.calendar) == (Decimal(60), calendar)
