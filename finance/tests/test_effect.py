"""What an act changes of past months is shown before it is saved, and exactly what was shown is saved."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.core.periods import Month
from commissioning.reports.models import Board, BoardReport
from commissioning.tests.fixtures import make_placement, signed_in
from commissioning.tests.forms import form_in
from finance import actions, ledger
from finance.actions import NewLine, NewShare, close_month
from finance.models import CostLine, FundingShare
from finance.queries import costs_by_period, open_book
from people.models import Person, Placement

pytestmark = pytest.mark.django_db

TODAY, APRIL = dt.date(2026, 10, 20), dt.date(2026, 4, 1)
JANUARY = dt.date(2026, 1, 1)


@pytest.fixture(autouse=True)
def on_20_october(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda value=None, *_: value.date() if value else TODAY)


@pytest.fixture
def price(jo: Person, meadow: Organisation, by_alice: Actor) -> CostLine:
    """£1,000 a week from 1 April: 60% the council's, 40% the board's."""
    flat = make_placement(jo, meadow, start=JANUARY)
    line = actions.add_line(placement=flat, new=NewLine("core_support", "weekly", Decimal(1000), APRIL), by=by_alice)
    for body, percent in ((jo.council, 60), (jo.icb, 40)):
        actions.add_share(placement=flat, new=NewShare(body, "joint", Decimal(percent), APRIL), by=by_alice)
    return line


def day(name: str, value: dt.date) -> dict[str, int]:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def correct(client: Client, line: CostLine, amount: str = "1050") -> Any:
    address = reverse("line_correct", args=[line.reference])
    return client.post(address, {**form_in(client.get(address)), "amount": amount, "why": "Agreed late"})


def save(client: Client, line: CostLine, shown: Any) -> Any:
    return client.post(reverse("line_correct", args=[line.reference]), form_in(shown))


def test_it_shows_each_past_month_and_saves_nothing(price: CostLine, alice: Membership) -> None:
    shown = correct(signed_in(alice), price)
    effect, page = shown.context["effect"], shown.content.decode()
    assert [(str(each.month), each.pence) for each in effect.months] == [
        ("2026-04", 214_29), ("2026-05", 221_42), ("2026-06", 214_29), ("2026-07", 221_43), ("2026-08", 221_43),
        ("2026-09", 214_28),
    ]  # fmt: skip
    assert effect.pence == 1307_14 == sum(pence for _, pence in effect.payers)
    assert "£1,307.14 more" in page and "+£214.29" in page and "£50 more a week" in page and "Nothing is saved" in page
    price.refresh_from_db()
    assert price.amount == 1000 and price.version == 1
    assert "Correct this price" in page


def test_it_saves_what_was_shown(price: CostLine, alice: Membership) -> None:
    client = signed_in(alice)
    saved = save(client, price, correct(client, price))
    assert saved.status_code == 302
    price.refresh_from_db()
    assert price.amount == 1050


def test_it_goes_back_to_the_form_as_it_was_filled_in(price: CostLine, alice: Membership) -> None:
    client = signed_in(alice)
    sent = {**form_in(correct(client, price)), "again": "1"}
    page = client.post(reverse("line_correct", args=[price.reference]), sent)
    assert form_in(page)["amount"] == ["1050"] and form_in(page)["why"] == ["Agreed late"]
    price.refresh_from_db()
    assert price.amount == 1000


def test_it_refuses_with_the_new_effect_where_the_records_moved(
    price: CostLine, alice: Membership, by_alice: Actor, jo: Person
) -> None:
    client = signed_in(alice)
    shown = correct(client, price)
    FundingShare.objects.filter(placement=price.placement, funder=jo.icb).delete()
    again = save(client, price, shown)
    assert "The records changed after the effect was shown to you" in again.content.decode()
    assert "Nobody yet" in again.content.decode()
    price.refresh_from_db()
    assert price.amount == 1000
    assert save(client, price, again).status_code == 302
    price.refresh_from_db()
    assert price.amount == 1050


def test_a_month_that_is_closed_meanwhile_is_shown_first(price: CostLine, alice: Membership, finn: Membership) -> None:
    client = signed_in(alice)
    shown = correct(client, price)
    close_month(month=Month(2026, 4), by=Actor.of(finn))
    again = save(client, price, shown).content.decode()
    assert "The records changed after" in again and "Closed months do not move." in again
    assert "+£214.29 of this goes into May 2026" in again


def test_somebody_who_saved_the_price_meanwhile_is_a_conflict(price: CostLine, alice: Membership) -> None:
    client = signed_in(alice)
    shown = correct(client, price)
    CostLine.objects.filter(pk=price.pk).update(amount=Decimal(1100))
    assert save(client, price, shown).status_code == 409


def test_it_names_the_issued_reports_that_show_those_months(price: CostLine, alice: Membership) -> None:
    board = Board.objects.create(partnership=alice.partnership, code="B", name="The board")
    for month, state in ((dt.date(2026, 9, 1), "published"), (dt.date(2026, 3, 1), "published"), (APRIL, "due")):
        BoardReport.objects.create(
            board=board, month=month, edition="board", state=state, pdf=b"%PDF-", published_at=timezone.now()
        )
    shown = correct(signed_in(alice), price)
    assert [str(each.month) for each in shown.context["effect"].reports] == ["2026-09"]
    assert "1 issued report shows these months" in shown.content.decode()


def test_a_new_price_from_an_earlier_day_shows_its_effect(price: CostLine, alice: Membership) -> None:
    client = signed_in(alice)
    address = reverse("line_change", args=[price.reference])
    sent = {"amount": "1100", "reason": "negotiated", **day("start", dt.date(2026, 9, 1))}
    shown = client.post(address, {**form_in(client.get(address)), **sent})
    assert [str(each.month) for each in shown.context["effect"].months] == ["2026-09"]
    assert CostLine.objects.count() == 1
    assert client.post(address, form_in(shown)).status_code == 302
    assert CostLine.objects.count() == 2


def test_a_price_added_from_an_earlier_day_shows_its_effect(price: CostLine, alice: Membership) -> None:
    client = signed_in(alice)
    address = reverse("line_add", args=[price.its_placement.reference])
    sent = {"kind": "transport", "label": "", "amount": "70", "basis": "weekly", **day("start", dt.date(2026, 9, 1))}
    shown = client.post(address, sent)
    assert shown.context["effect"].pence == 300_00
    assert CostLine.objects.count() == 1
    fingerprint = shown.context["effect"].fingerprint
    assert client.post(address, {**sent, "effect": fingerprint}).status_code == 302
    assert CostLine.objects.count() == 2


def test_what_begins_this_month_is_saved_at_once(price: CostLine, alice: Membership) -> None:
    client = signed_in(alice)
    address = reverse("line_change", args=[price.reference])
    sent = {"amount": "1100", "reason": "negotiated", **day("start", dt.date(2026, 10, 1))}
    assert client.post(address, {**form_in(client.get(address)), **sent}).status_code == 302


@pytest.mark.parametrize("seed", range(6))
def test_what_is_shown_is_what_changes(seed: int, price: CostLine, by_alice: Actor) -> None:
    """In pence: the books before and after saving differ by what was shown, in each month and for each payer."""
    chance = random.Random(seed)
    months = list(Month(2026, 1).until(Month(2026, 9)))
    periods = [ledger.Period(month.first, month.last) for month in months]
    placement: Placement = price.its_placement
    for _ in range(5):
        line = chance.choice(list(CostLine.objects.all()))
        amount, start = Decimal(chance.randint(1, 300_000)) / 100, line.start
        new = NewLine(line.kind, chance.choice(["weekly", "monthly", "four_weekly"]), amount, start, None, line.end)

        def act(line: CostLine = line, new: NewLine = new) -> object:
            return actions.correct_line(line=line, corrected=new, version=None, why="A slip", by=by_alice)

        before = _figures(by_alice, periods)
        shown = actions.save_as_shown(of=placement, act=act, shown="", by=by_alice)
        assert _figures(by_alice, periods) == before
        if shown is None:
            continue
        assert actions.save_as_shown(of=placement, act=act, shown=shown.fingerprint, by=by_alice) is None
        after = _figures(by_alice, periods)
        changed = {key: after.get(key, 0) - before.get(key, 0) for key in {*before, *after}}
        names = dict(by_alice.partnership.links.values_list("code", "organisation__name"))
        said = {
            (months.index(each.month), name): pence for each in shown.months for name, pence in each.by_payer if pence
        }
        assert said == {
            (period, names.get(code, "Nobody yet")): pence for (period, code), pence in changed.items() if pence
        }


def _figures(by: Actor, periods: list[ledger.Period]) -> dict[tuple[int, str], int]:
    return {(cost.period, cost.keys[0]): cost.pence for cost in costs_by_period(open_book(by), periods, ("funder",))}
