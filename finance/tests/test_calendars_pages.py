"""Calendars on their pages: bank holidays in one act, days added, changed and removed, the effect said before."""

import datetime as dt
import re
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.audit.models import RecordRead
from commissioning.core.errors import Refused
from commissioning.tests.fixtures import make_placement, signed_in
from finance import actions, ledger
from finance.actions import NewLine
from finance.bank_holidays import bank_holidays
from finance.models import Calendar
from finance.queries import costs_by_period, open_book
from people.models import Person

pytestmark = pytest.mark.django_db

JANUARY = dt.date(2026, 1, 1)
HOLIDAYS = "/money/calendars/BANK-HOLIDAYS/"


@pytest.fixture(autouse=True)
def on_21_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: dt.date(2026, 11, 21))


@pytest.fixture
def holidays(by_alice: Actor) -> Calendar:
    return actions.add_bank_holidays(by=by_alice)


@pytest.fixture
def enhancement(jo: Person, meadow: Organisation, holidays: Calendar, by_alice: Actor) -> None:
    new = NewLine("core_support", "daily", Decimal("62.50"), JANUARY, Decimal(7), label="Extra", calendar=holidays)
    actions.add_line(placement=make_placement(jo, meadow, "JO-1", start=JANUARY), new=new, by=by_alice)


def text_of(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.content.decode())))


def send(client: Client, address: str, **answers: str | int) -> int:
    found = re.search(r'name="version" value="([^"]*)"', client.get(address).content.decode())
    assert found
    return client.post(address, {"version": unescape(found[1]), **answers}).status_code


def day(name: str, value: dt.date) -> dict[str, str | int]:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def year_2026(by_alice: Actor) -> int:
    months = ledger.months(JANUARY, dt.date(2026, 12, 1))
    return sum(cost.pence for cost in costs_by_period(open_book(by_alice), months, ()))


def test_bank_holidays_are_added_in_one_act_and_once(finn: Membership, by_alice: Actor) -> None:
    client = signed_in(finn)
    assert "No calendar is kept yet" in text_of(client, "/money/calendars/")
    assert client.post("/money/calendars/bank-holidays/").headers["Location"] == HOLIDAYS
    calendar = Calendar.objects.get()
    assert list(calendar.ranges.values_list("start", flat=True)) == list(bank_holidays())
    shown = text_of(client, HOLIDAYS)
    assert "8 days in 2026" in shown and "Monday 28 December 2026 Boxing Day" in shown
    assert "10 days in 2022" in text_of(client, f"{HOLIDAYS}?year=2022")
    assert "Add England’s bank holidays" not in text_of(client, "/money/calendars/")
    with pytest.raises(Refused, match="another calendar’s"):
        actions.add_bank_holidays(by=by_alice)


def test_a_bank_holiday_enhancement_by_hand(enhancement: None, by_alice: Actor) -> None:
    """Eight bank holidays in 2026 at £62.50 are £500.00, and each in its own month."""
    assert year_2026(by_alice) == 500_00
    months = ledger.months(JANUARY, dt.date(2026, 12, 1))
    found = {cost.period + 1: cost.pence for cost in costs_by_period(open_book(by_alice), months, ())}
    assert found == {1: 6_250, 4: 12_500, 5: 12_500, 8: 6_250, 12: 12_500}


def test_which_prices_use_it_and_what_a_change_does_is_said_before(
    enhancement: None, holidays: Calendar, alice: Membership, finn: Membership, by_alice: Actor
) -> None:
    client = signed_in(alice)
    assert "Bank holidays 1 January 2016 26 December 2028 8 1" in text_of(client, "/money/calendars/")
    shown = text_of(client, HOLIDAYS)
    assert "1 price goes by it." in shown and "Core support, Extra" in shown and "Jo Example" in shown
    assert RecordRead.objects.filter(route="calendar").exists()
    theirs = text_of(signed_in(finn), HOLIDAYS)
    assert "Jo Example" not in theirs and " JO " in theirs
    before = text_of(client, f"{HOLIDAYS}days/add/")
    assert "1 price goes by this calendar. What they cost on these days changes, in months that are over too." in before
    assert send(client, f"{HOLIDAYS}days/add/", **day("start", dt.date(2026, 7, 6))) == 302
    assert year_2026(by_alice) == 562_50


def test_days_are_changed_and_removed(
    enhancement: None, holidays: Calendar, alice: Membership, by_alice: Actor
) -> None:
    client, days = signed_in(alice), holidays.ranges.get(start=dt.date(2026, 5, 4))
    later = {**day("start", dt.date(2026, 5, 8)), **day("end", dt.date(2026, 5, 9))}
    assert send(client, f"{HOLIDAYS}days/{days.pk}/", **later) == 302
    assert year_2026(by_alice) == 562_50
    assert send(client, f"{HOLIDAYS}days/{days.pk}/", **day("start", dt.date(2026, 5, 25))) == 200  # there already
    assert send(client, f"{HOLIDAYS}days/{days.pk}/remove/") == 302
    assert year_2026(by_alice) == 437_50
    assert client.get(f"{HOLIDAYS}days/{days.pk}/").status_code == 404


def test_a_calendar_is_made_renamed_and_offered_to_a_price(jo: Person, meadow: Organisation, alice: Membership) -> None:
    client = signed_in(alice)
    sent = {"reference": "TERM", "name": "Terms", "kind": "term_time", **day("start", JANUARY)}
    assert client.post("/money/calendars/new/add/", {**sent, "reference": "a/b"}).status_code == 200
    assert client.post("/money/calendars/new/add/", sent).status_code == 302
    calendar = Calendar.objects.get()
    assert send(client, "/money/calendars/TERM/change/", name="School terms", kind="term_time") == 302
    make_placement(jo, meadow, "JO-1")
    address = "/money/placements/JO-1/prices/add/"
    assert "School terms" in client.get(address).content.decode()
    price = {"kind": "day_activity", "amount": "48", "calendar": calendar.pk, **day("start", JANUARY)}
    refused = client.post(address, {**price, "basis": "weekly"}).content.decode()
    assert "A calendar goes with prices by the day, session, hour or night" in unescape(refused)
    price |= {"basis": "session", "units_per_week": "2"}
    effect = client.post(address, price).context["effect"]  # of the months since January
    assert client.post(address, {**price, "effect": effect.fingerprint}).status_code == 302
    assert calendar.cost_lines.get().units_per_week == 2


def test_others_only_read_or_stay_out(
    holidays: Calendar, audrey: Membership, mabel: Membership, clara: Membership, bea: Membership, charlie: Membership
) -> None:
    assert signed_in(audrey).get(HOLIDAYS).status_code == 200
    assert "Add days" not in text_of(signed_in(audrey), HOLIDAYS)
    assert signed_in(audrey).get(f"{HOLIDAYS}days/add/").status_code == 403
    assert {signed_in(each).get(HOLIDAYS).status_code for each in (mabel, clara, bea)} == {403}
    assert signed_in(charlie).get(HOLIDAYS).status_code == 404
    pk = holidays.ranges.earliest("start").pk
    assert signed_in(charlie).get(f"{HOLIDAYS}days/{pk}/").status_code == 404
