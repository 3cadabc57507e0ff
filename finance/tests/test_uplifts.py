"""Uplifts: many prices changed in one act as they were shown, and put back exactly in one act."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.core.errors import Refused
from commissioning.core.periods import Month
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from finance import actions, ledger
from finance.actions import NewLine, NewShare, NewUplift, apply_uplift, undo_uplift
from finance.actions.uplifts import uplifted
from finance.models import BookedCost, CostLine, FundingShare, Uplift
from finance.queries import costs_by_period, open_book
from finance.queries.uplifts import Preview, by_provider
from people.models import Person, Placement

pytestmark = pytest.mark.django_db

JANUARY, APRIL = dt.date(2026, 1, 1), dt.date(2026, 4, 1)


def new(**given: Any) -> NewUplift:
    usual = {"start": APRIL, "pay_share": Decimal(70), "pay_uplift": Decimal("6.7"), "other_uplift": Decimal("3.2")}
    return NewUplift(**{**usual, **given})


def add(placement: Placement, by: Actor, kind: str, amount: str, basis: str = "weekly", **more: Any) -> CostLine:
    line = NewLine(kind, basis, Decimal(amount), more.pop("start", JANUARY), **more)
    return actions.add_line(placement=placement, new=line, by=by)


@pytest.fixture
def flat(jo: Person, meadow: Organisation, by_alice: Actor) -> Placement:
    """Prices that rise, and one of each sort that does not."""
    flat = make_placement(jo, meadow, start=JANUARY)
    add(flat, by_alice, "core_support", "1000")
    night = add(flat, by_alice, "waking_night", "174.97", "nightly", units_per_week=Decimal(7))
    add(flat, by_alice, "client_contribution", "-42.35")
    add(flat, by_alice, "set_up", "500", "one_off", start=APRIL)
    add(flat, by_alice, "transport", "30", start=dt.date(2026, 5, 1))
    add(flat, by_alice, "training", "10", end=dt.date(2026, 3, 1))
    actions.add_share(placement=flat, new=NewShare(jo.council, "care_act", Decimal(100), JANUARY), by=by_alice)
    actions.add_share(placement=flat, line=night, new=NewShare(jo.icb, "chc", Decimal(100), JANUARY), by=by_alice)
    return flat


def apply(by: Actor, **given: Any) -> Uplift:
    preview = apply_uplift(new=new(**given), shown="", by=by)
    assert isinstance(preview, Preview)
    made = apply_uplift(new=new(**given), shown=preview.fingerprint, by=by)
    assert isinstance(made, Uplift)
    return made


def stored() -> str:
    rows = [*CostLine.objects.order_by("pk"), *FundingShare.objects.order_by("pk")]
    return str(serializers.serialize("json", rows))


def test_pay_and_the_rest_each_rise_by_their_own_percentage() -> None:
    # £1,000: pay £700 and 6.7% is £46.90; the rest £300 and 3.2% is £9.60
    assert uplifted(Decimal("1000.00"), new()) == Decimal("1056.50")
    assert uplifted(Decimal("1000.00"), new(pay_share=Decimal(0))) == Decimal("1032.00")
    assert uplifted(Decimal("0.10"), new(pay_share=Decimal(0), other_uplift=Decimal(5))) == Decimal("0.11")


def test_it_shows_every_price_and_saves_nothing(flat: Placement, by_alice: Actor) -> None:
    before = stored()
    preview = apply_uplift(new=new(), shown="", by=by_alice)
    assert isinstance(preview, Preview) and stored() == before and not Uplift.objects.exists()
    assert [(row.line.kind, row.then_pence) for row in preview.rows] == [
        ("core_support", 1056_50),
        ("waking_night", 184_86),  # 174.97 and 5.65% is 184.8558…
    ]
    assert {row.line.kind: row.why for row in preview.left_out} == {
        "client_contribution": "Income: what the person pays, or a contribution",
        "set_up": "Paid once",
        "transport": "Begins on or after the day: 1 May 2026",
    }
    assert preview.weekly_pence == 56_50 + 7 * 9_89 == sum(row.change_pence for row in preview.rows)
    assert preview.annual_pence == 52 * preview.weekly_pence
    assert [str(month) for month, _ in preview.months][::11] == ["2026-04", "2027-03"]


def test_it_saves_just_what_was_shown(flat: Placement, by_alice: Actor) -> None:
    months = [ledger.Period(month.first, month.last) for month in Month(2026, 4).until(Month(2027, 3))]
    before = {cost.period: cost.pence for cost in costs_by_period(open_book(by_alice), months, ())}
    preview = apply_uplift(new=new(), shown="", by=by_alice)
    assert isinstance(preview, Preview)
    made = apply_uplift(new=new(), shown=preview.fingerprint, by=by_alice)
    assert isinstance(made, Uplift) and len(made.lines) == 2
    after = {cost.period: cost.pence for cost in costs_by_period(open_book(by_alice), months, ())}
    assert [after[place] - before[place] for place in range(12)] == [pence for _, pence in preview.months]
    assert set(CostLine.objects.filter(reason="uplift").values_list("amount", "start")) == {
        (Decimal("1056.50"), APRIL),
        (Decimal("184.86"), APRIL),
    }
    night = CostLine.objects.get(reason="uplift", kind="waking_night")
    assert [share.percent for share in night.shares.all()] == [Decimal(100)]


def test_it_shows_anew_where_a_price_moved(flat: Placement, by_alice: Actor) -> None:
    preview = apply_uplift(new=new(), shown="", by=by_alice)
    assert isinstance(preview, Preview)
    CostLine.objects.filter(kind="core_support").update(amount=Decimal(900))
    again = apply_uplift(new=new(), shown=preview.fingerprint, by=by_alice)
    assert isinstance(again, Preview) and again.rows[0].then_pence == 950_85
    assert not CostLine.objects.filter(reason="uplift").exists()


def test_it_is_of_one_provider_or_contract(flat: Placement, by_alice: Actor, jo: Person) -> None:
    other = Organisation.objects.create(name="Elsewhere", kind="support_provider")
    by_alice.partnership.links.create(organisation=other, code="ELSE")
    kim = make_placement(make_person(by_alice.partnership, "KIM"), other, "PL-KIM", start=JANUARY)
    add(kim, by_alice, "core_support", "800")
    assert [row["was"] for row in apply(by_alice, provider=other).lines] == ["800.00"]


def test_what_is_left_out_stays_with_its_reason(flat: Placement, by_alice: Actor) -> None:
    night = CostLine.objects.get(kind="waking_night")
    made = apply(by_alice, left_out=((night.pk, "Still being negotiated"),))
    assert [row["was"] for row in made.lines] == ["1000.00"]
    assert {"line": night.pk, "reference": night.reference, "why": "Still being negotiated"} in made.left_out


def test_undoing_puts_every_price_and_share_back_exactly(flat: Placement, by_alice: Actor) -> None:
    before = stored()
    made = apply(by_alice)
    assert stored() != before
    undone = undo_uplift(uplift=made, by=by_alice)
    assert stored() == before
    assert undone.undone_by_name == "Alice Commissioner"
    with pytest.raises(Refused, match="was undone already"):
        undo_uplift(uplift=made, by=by_alice)


@pytest.mark.parametrize("what", ["price", "share", "ended", "older"])
def test_it_refuses_to_undo_what_changed_since_and_names_it(flat: Placement, by_alice: Actor, what: str) -> None:
    made = apply(by_alice)
    night = CostLine.objects.get(kind="waking_night", reason="uplift")
    if what == "price":
        CostLine.objects.filter(pk=night.pk).update(amount=Decimal(200))
    elif what == "share":
        night.shares.update(percent=Decimal(50))
    elif what == "ended":
        CostLine.objects.filter(pk=night.pk).update(end=dt.date(2026, 12, 31))
    else:
        CostLine.objects.filter(kind="waking_night", reason="new").update(amount=Decimal(170))
    after = stored()
    with pytest.raises(Refused, match="Changed since the uplift: PL-1-2"):
        undo_uplift(uplift=made, by=by_alice)
    assert stored() == after


def test_where_one_price_cannot_change_none_does(flat: Placement, by_alice: Actor) -> None:
    CostLine.objects.filter(kind="waking_night").update(amount=Decimal("9999999.99"))
    before = stored()
    with pytest.raises(Refused, match="would cost more than"):
        apply_uplift(new=new(), shown="", by=by_alice)
    assert stored() == before


def test_only_a_commissioner_uplifts(flat: Placement, finn: Membership) -> None:
    with pytest.raises(PermissionDenied):
        apply_uplift(new=new(), shown="", by=Actor.of(finn))


@pytest.mark.parametrize(
    "given", [{"pay_uplift": Decimal(0), "other_uplift": Decimal(0)}, {"start": dt.date(2025, 1, 1)}]
)
def test_it_refuses_an_uplift_of_nothing(flat: Placement, by_alice: Actor, given: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        apply_uplift(new=new(**given), shown="", by=by_alice)


def test_it_is_done_on_its_pages(flat: Placement, alice: Membership) -> None:
    client = signed_in(alice)
    address = reverse("uplift_add")
    sent = {"start_day": 1, "start_month": 4, "start_year": 2026, "contract": "", "provider": ""}
    sent |= {"pay_share": "70", "pay_uplift": "6.7", "other_uplift": "3.2"}
    shown = client.post(address, sent)
    night = CostLine.objects.get(kind="waking_night")
    assert "£1,056.50" in shown.content.decode() and "Paid once" in shown.content.decode()
    fingerprint = shown.context["preview"].fingerprint
    less = client.post(address, {**sent, "leave": [night.pk], "why": "talks", "look": "1", "shown": fingerprint})
    assert "Still being negotiated" in less.content.decode() and "Not saved yet" not in less.content.decode()
    moved = client.post(address, {**sent, "shown": fingerprint, "leave": [night.pk], "why": "talks"})
    assert "Not saved yet" in moved.content.decode() and not Uplift.objects.exists()
    fingerprint = less.context["preview"].fingerprint
    made = client.post(address, {**sent, "leave": [night.pk], "why": "talks", "shown": fingerprint}, follow=True)
    assert "1 price is uplifted." in made.content.decode()
    undone = client.post(reverse("uplift_undo", args=[Uplift.objects.get().pk]), follow=True)
    assert "every price is as it was" in undone.content.decode()
    assert not CostLine.objects.filter(reason="uplift").exists()


@pytest.mark.parametrize("seed", range(6))
def test_any_uplift_is_what_was_shown_and_is_undone_exactly(
    seed: int, flat: Placement, by_alice: Actor, meadow: Organisation
) -> None:
    chance = random.Random(seed)
    home = make_placement(make_person(by_alice.partnership, "KIM"), meadow, "PL-KIM", start=JANUARY)
    for kind in ("core_support", "sleep_in", "management"):
        basis = chance.choice(["weekly", "fortnightly", "four_weekly", "monthly"])
        add(home, by_alice, kind, str(Decimal(chance.randint(1, 400_000)) / 100), basis)
    given = {
        "start": JANUARY + dt.timedelta(days=chance.randint(1, 300)),
        "pay_share": Decimal(chance.randint(0, 1_000_000)) / 10_000,
        "pay_uplift": Decimal(chance.randint(1, 120_000)) / 10_000,
        "other_uplift": Decimal(chance.randint(0, 120_000)) / 10_000,
    }
    before, figures = stored(), _figures(by_alice)
    preview = apply_uplift(new=new(**given), shown="", by=by_alice)
    assert isinstance(preview, Preview) and stored() == before
    assert preview.weekly_pence == sum(pence for _, _, pence in by_provider(preview.rows))
    made = apply_uplift(new=new(**given), shown=preview.fingerprint, by=by_alice)
    assert isinstance(made, Uplift)
    after = _figures(by_alice)
    assert {month: after[str(month)] - figures[str(month)] for month, _ in preview.months} == dict(preview.months)
    undo_uplift(uplift=made, by=by_alice)
    assert stored() == before and _figures(by_alice) == figures


def _figures(by: Actor) -> dict[str, int]:
    months = list(Month(2026, 1).until(Month(2027, 3)))
    costs = costs_by_period(open_book(by), [ledger.Period(month.first, month.last) for month in months], ())
    found = {cost.period: cost.pence for cost in costs}
    return {str(month): found.get(place, 0) for place, month in enumerate(months)}


def test_a_closed_month_does_not_move(flat: Placement, by_alice: Actor, finn: Membership, alice: Membership) -> None:
    actions.close_month(month=Month(2026, 4), by=Actor.of(finn), today=dt.date(2026, 6, 1))
    booked = list(BookedCost.objects.order_by("pk").values())
    sent = {"start_day": 1, "start_month": 4, "start_year": 2026, "contract": "", "provider": ""}
    sent |= {"pay_share": "70", "pay_uplift": "6.7", "other_uplift": "3.2"}
    page = signed_in(alice).post(reverse("uplift_add"), sent)
    preview = page.context["preview"]
    # 30 days of April, of £56.50 and 7 × £9.89 a week: £242.14 and £296.70
    assert preview.effect.closed_pence == 538_84 == dict(preview.months)[Month(2026, 4)]
    assert "Closed months do not move." in page.content.decode() and "+£538.84 of this" in page.content.decode()
    made = apply(by_alice)
    assert booked and list(BookedCost.objects.order_by("pk").values()) == booked
    undo_uplift(uplift=made, by=by_alice)
    assert list(BookedCost.objects.order_by("pk").values()) == booked


def test_it_is_shown_anew_where_a_month_was_closed(flat: Placement, by_alice: Actor, finn: Membership) -> None:
    preview = apply_uplift(new=new(), shown="", by=by_alice)
    assert isinstance(preview, Preview) and not preview.effect.has_closed
    actions.close_month(month=Month(2026, 4), by=Actor.of(finn), today=dt.date(2026, 6, 1))
    again = apply_uplift(new=new(), shown=preview.fingerprint, by=by_alice)
    assert isinstance(again, Preview) and again.effect.has_closed and not Uplift.objects.exists()
