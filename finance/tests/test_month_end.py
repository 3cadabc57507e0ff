"""Closed months never move; what is learnt later is due in the first open month, by line and partner, to the penny."""

import csv
import datetime as dt
import io
import random
import threading
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.audit import history
from commissioning.audit.models import RecordRead
from commissioning.core.errors import Refused
from commissioning.core.periods import Month
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from finance import actions, ledger
from finance.actions import NewLine, NewShare, close_month
from finance.models import BookedCost, ClosedMonth, CostLine
from finance.queries import costs_by_period, open_book
from finance.queries.month_end import MonthEnd, month_end_csv, month_end_of
from finance.tests.test_known import EDITS
from finance.tests.travel import written_on
from people.models import Person, Placement

pytestmark = pytest.mark.django_db

JANUARY, APRIL = dt.date(2026, 1, 1), dt.date(2026, 4, 1)
TENTH = dt.date(2026, 10, 10)
SEPTEMBER = Month(2026, 9)


@pytest.fixture(autouse=True)
def on_20_october(monkeypatch: pytest.MonkeyPatch) -> None:
    today = dt.date(2026, 10, 20)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda value=None, *_: value.date() if value else today)


@pytest.fixture
def by_finn(finn: Membership) -> Actor:
    return Actor.of(finn)


@pytest.fixture
def flat(jo: Person, meadow: Organisation) -> Placement:
    with written_on(JANUARY):
        return make_placement(jo, meadow, start=JANUARY)


@pytest.fixture
def price(flat: Placement, by_alice: Actor) -> CostLine:
    """£1,000 a week from 1 April: 60% the council's, 40% the board's."""
    with written_on(JANUARY):
        new = NewLine("core_support", "weekly", Decimal(1000), APRIL)
        line = actions.add_line(placement=flat, new=new, by=by_alice)
        for body, percent in ((flat.person.council, 60), (flat.person.icb, 40)):
            actions.add_share(placement=flat, new=NewShare(body, "joint", Decimal(percent), APRIL), by=by_alice)
        return line


def close(month: Month, by: Actor, **options: object) -> ClosedMonth:
    at = dt.datetime.combine(month.plus(1).first + dt.timedelta(days=4), dt.time(9, 30), tzinfo=dt.UTC)
    return close_month(month=month, by=by, at=at, **options)  # type: ignore[arg-type]


@pytest.fixture
def closed(price: CostLine, by_finn: Actor) -> list[ClosedMonth]:
    """April to August."""
    return [close(month, by_finn) for month in Month(2026, 4).until(Month(2026, 8))]


@pytest.fixture
def backdated(closed: list[ClosedMonth], price: CostLine, by_alice: Actor) -> CostLine:
    """£50 a week more from 1 April, recorded on 10 October."""
    with written_on(TENTH), history.said(by="Priya Nair", reason="Agreed late"):
        corrected = NewLine("core_support", "weekly", Decimal(1050), APRIL)
        return actions.correct_line(line=price, corrected=corrected, version=None, why="Agreed late", by=by_alice)


def end_of(by: Actor, month: Month = SEPTEMBER) -> MonthEnd:
    return month_end_of(by, month, dt.date(2026, 10, 20))


# 1,000/7 a day comes to 4,285.71 in April, 8,714.29 by May, 13,000.00, 17,428.57 and 21,857.14 by August; 1,050/7 is
# 150 a day. The differences, month by month:
BY_HAND = {"2026-04": 214_29, "2026-05": 221_42, "2026-06": 214_29, "2026-07": 221_43, "2026-08": 221_43}


def test_a_backdated_price_is_an_adjustment_of_each_closed_month(backdated: CostLine, by_finn: Actor) -> None:
    end = end_of(by_finn)
    assert {str(each.month): each.pence for each in end.adjustments} == BY_HAND
    assert end.adjustment_pence == sum(BY_HAND.values()) == 1092_86
    assert end.own_pence == 30 * 150_00
    assert end.is_first_open and end.can_be_closed


def test_the_recharge_of_each_partner_is_their_share_of_it(backdated: CostLine, by_finn: Actor) -> None:
    end = end_of(by_finn)
    due = {each.name: (each.own_pence, each.adjustment_pence) for each in end.payers}
    # 60% of 22,950.00 and of 21,857.14 rounded each month on the running total: 13,770.00 less 13,114.28
    assert due == {"Estuary Council": (2_700_00, 655_72), "NHS Estuary": (1_800_00, 437_14)}
    assert sum(each.pence for each in end.payers) == end.pence
    for place, payer in enumerate(end.payers):
        assert sum(each.cells[place][1] for each in end.adjustments) == payer.adjustment_pence


def test_the_line_says_why(backdated: CostLine, by_finn: Actor) -> None:
    (line,) = end_of(by_finn).lines
    (happened,) = line.shown.changed.happened
    assert happened.what == "Changed: price £1,000.00 a week, now £1,050.00 a week"
    assert (happened.on, happened.by, happened.reason) == (TENTH, "Alice Commissioner", "Agreed late")
    assert {str(month): pence for month, pence in line.by_month} == BY_HAND


def test_the_page_and_its_file_show_each_figure(backdated: CostLine, finn: Membership, jo: Person) -> None:
    client = signed_in(finn)
    page = client.get(reverse("month_end", args=["2026-09"])).content.decode()
    for shown in (
        "£4,500.00",
        "+£1,092.86",
        "+£214.29",
        "+£221.42",
        "+£655.72",
        "+£437.14",
        "£5,592.86",
        "Agreed late",
    ):
        assert shown in page, shown
    text = client.get(reverse("month_end_csv", args=["2026-09"])).content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    found: dict[str, int] = {}
    for row in rows:
        if row["row"] == "adjustment":
            found[row["month"]] = found.get(row["month"], 0) + int(Decimal(row["amount"]) * 100)
    assert found == BY_HAND
    assert sum(Decimal(row["amount"]) for row in rows) == Decimal("5592.86")
    assert {row["line_ref"] for row in rows} == {backdated.reference}
    assert set(RecordRead.objects.filter(person_id=jo.pk).values_list("route", flat=True)) == {
        "month_end",
        "month_end_csv",
    }


def test_a_closed_month_does_not_move(backdated: CostLine, by_finn: Actor) -> None:
    april = end_of(by_finn, Month(2026, 4))
    assert april.closed and april.own_pence == 4285_71 and april.changes == ()
    close(SEPTEMBER, by_finn)
    assert end_of(by_finn, Month(2026, 4)).own_pence == 4285_71
    booked = end_of(by_finn, SEPTEMBER)
    assert {str(each.month): each.pence for each in booked.adjustments} == BY_HAND
    assert booked.closed and booked.own_pence == 4500_00


def test_what_was_adjusted_once_is_not_adjusted_again(
    backdated: CostLine, price: CostLine, by_finn: Actor, by_alice: Actor
) -> None:
    close_month(month=SEPTEMBER, by=by_finn, at=dt.datetime(2026, 10, 12, tzinfo=dt.UTC))
    october = month_end_of(by_finn, Month(2026, 10), dt.date(2026, 11, 20))
    assert october.is_first_open and october.changes == ()
    with written_on(dt.date(2026, 10, 15)):
        corrected = NewLine("core_support", "weekly", Decimal(1057), APRIL)
        actions.correct_line(line=price, corrected=corrected, version=None, why="Again", by=by_alice)
    october = month_end_of(by_finn, Month(2026, 10), dt.date(2026, 11, 20))
    assert {str(each.month): each.pence for each in october.adjustments} == {
        "2026-04": 30_00, "2026-05": 31_00, "2026-06": 30_00, "2026-07": 31_00, "2026-08": 31_00, "2026-09": 30_00,
    }  # fmt: skip
    assert october.lines[0].shown.changed.happened[0].what == "Changed: price £1,050.00 a week, now £1,057.00 a week"


def test_a_late_decision_about_who_pays_is_a_recharge_between_partners(
    closed: list[ClosedMonth], price: CostLine, by_alice: Actor, by_finn: Actor
) -> None:
    placement = price.its_placement
    with written_on(TENTH):
        shares = [NewShare(placement.person.icb, "chc", Decimal(100), dt.date(2026, 8, 1))]
        actions.replace_shares(placement=placement, shares=shares, start=dt.date(2026, 8, 1), by=by_alice)
    end = end_of(by_finn)
    assert end.adjustment_pence == 0
    (august,) = end.adjustments
    council, board = (pence for _, pence in august.cells)
    assert council == -board == -(13_114_28 - 10_457_14)  # the council's 60% by August less that by July
    assert end.lines[0].shown.changed.happened[0].what == "Who pays changed"


@pytest.mark.parametrize(
    ("month", "said"),
    [
        (Month(2026, 8), "August 2026 is closed already: Finn Finance closed it on 5 September 2026 at"),
        (Month(2026, 10), "October 2026 is not over: it can be closed from 1 November 2026"),
        (Month(2026, 3), "The books begin with April 2026: an earlier month cannot be closed any more"),
    ],
)
def test_it_refuses_what_cannot_be_closed(closed: list[ClosedMonth], by_finn: Actor, month: Month, said: str) -> None:
    with pytest.raises(Refused, match=said):
        close(month, by_finn)
    assert ClosedMonth.objects.count() == 5


def test_it_refuses_months_out_of_order(price: CostLine, by_finn: Actor) -> None:
    close(Month(2026, 7), by_finn)
    with pytest.raises(Refused, match="Close August 2026 first: months are closed in order"):
        close(SEPTEMBER, by_finn)


def test_it_refuses_figures_that_moved_since_they_were_shown(
    closed: list[ClosedMonth], price: CostLine, by_alice: Actor, by_finn: Actor, finn: Membership
) -> None:
    client = signed_in(finn)
    page = client.get(reverse("month_end", args=["2026-09"]))
    shown = page.context["end"].fingerprint
    CostLine.objects.filter(pk=price.pk).update(amount=Decimal(1001))
    answer = client.post(reverse("month_close", args=["2026-09"]), {"shown": shown}, follow=True)
    assert "Prices or shares changed since you opened this page" in answer.content.decode()
    assert ClosedMonth.objects.count() == 5
    again = client.post(
        reverse("month_close", args=["2026-09"]), {"shown": answer.context["end"].fingerprint}, follow=True
    )
    assert "September 2026 is closed." in again.content.decode()
    assert ClosedMonth.objects.count() == 6


def test_the_second_of_two_who_close_is_told_who_was_first(closed: list[ClosedMonth], finn: Membership) -> None:
    client = signed_in(finn)
    shown = client.get(reverse("month_end", args=["2026-09"])).context["end"].fingerprint
    client.post(reverse("month_close", args=["2026-09"]), {"shown": shown})
    answer = client.post(reverse("month_close", args=["2026-09"]), {"shown": shown}, follow=True)
    assert "September 2026 is closed already: Finn Finance closed it" in answer.content.decode()
    assert ClosedMonth.objects.count() == 6


def test_only_a_finance_officer_closes(price: CostLine, by_alice: Actor, alice: Membership) -> None:
    with pytest.raises(PermissionDenied):
        close_month(month=SEPTEMBER, by=by_alice)
    page = signed_in(alice).get(reverse("month_end", args=["2026-09"])).content.decode()
    assert "A finance officer closes it" in page and "Close September 2026</button>" not in page


@pytest.mark.parametrize("change", ["update", "delete"])
@pytest.mark.parametrize("model", [ClosedMonth, BookedCost])
def test_the_database_keeps_what_is_booked(
    closed: list[ClosedMonth], model: type[ClosedMonth] | type[BookedCost], change: str
) -> None:
    rows = model._default_manager.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete() if change == "delete" else rows.update(month=dt.date(2020, 1, 1))
    assert rows.count() >= 5


def test_where_booking_fails_nothing_is_closed(
    closed: list[ClosedMonth], by_finn: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(BookedCost.objects, "bulk_create", fails)
    with pytest.raises(RuntimeError):
        close(SEPTEMBER, by_finn)
    assert ClosedMonth.objects.count() == 5


def test_months_are_of_one_partnership(closed: list[ClosedMonth], charlie: Membership) -> None:
    assert not ClosedMonth.objects.visible_to(Actor.of(charlie)).exists()
    assert not BookedCost.objects.visible_to(Actor.of(charlie)).exists()


def test_the_list_says_who_closed_what_and_what_is_next(closed: list[ClosedMonth], finn: Membership) -> None:
    page = signed_in(finn).get(reverse("month_ends")).content.decode()
    assert page.count("by Finn Finance") == 5
    assert "the first open month: next to close" in page and "not over yet" in page


@pytest.mark.parametrize("of", ["2026-11", "2026-13", "1066-01", "september"])
def test_another_month_is_not_found(finn: Membership, of: str) -> None:
    assert signed_in(finn).get(reverse("month_end", args=[of])).status_code == 404


@pytest.mark.parametrize("seed", range(8))
def test_all_that_is_booked_is_what_the_records_say(
    seed: int, price: CostLine, by_alice: Actor, by_finn: Actor, meadow: Organisation
) -> None:
    """Months are closed between any edits: at each closing, all booked of the closed months, by funder, is what the
    records then say of them, and what was booked before has not moved."""
    chance = random.Random(seed)
    with written_on(JANUARY):
        home = make_placement(make_person(by_alice.partnership, "KIM"), meadow, "PL-KIM", start=JANUARY)
        actions.add_line(placement=home, new=NewLine("core_support", "monthly", Decimal(777), JANUARY), by=by_alice)
    adjusted = 0
    for number in range(1, 10):
        month = Month(2026, number)
        for _ in range(3):
            try:
                with transaction.atomic(), written_on(month.last):
                    chance.choice(EDITS)(chance, by_alice)
            except Refused:
                continue
        end = end_of(by_finn, month)
        assert sum(each.adjustment_pence for each in end.payers) == sum(each.pence for each in end.adjustments)
        assert sum(each.adjustment_pence for each in end.payers) == sum(line.pence for line in end.changes)
        rows = list(csv.DictReader(io.StringIO(month_end_csv(by_finn, end)[0])))
        assert sum(int(Decimal(row["amount"]) * 100) for row in rows) == end.pence
        before = _booked()
        close(month, by_finn)
        assert {key: _booked()[key] for key in before} == before
        periods = [ledger.Period(each.first, each.last) for each in Month(2026, 1).until(month)]
        costs = costs_by_period(open_book(by_finn), periods, ("funder",))
        found: dict[tuple[dt.date, str], int] = {}
        codes = dict(by_finn.partnership.links.values_list("organisation_id", "code"))
        for row in BookedCost.objects.all():
            key = (row.month, codes.get(row.funder_id or 0, "unallocated"))
            found[key] = found.get(key, 0) + row.pence
        expected = {(periods[cost.period].first, cost.keys[0]): cost.pence for cost in costs}
        assert {key: pence for key, pence in found.items() if pence} == expected
        adjusted += len(end.changes)
    assert adjusted > 1


def _booked() -> dict[int, tuple[object, ...]]:
    return {row.pk: (row.closing_id, row.month, row.line, row.funder_id, row.pence) for row in BookedCost.objects.all()}


@pytest.mark.django_db(transaction=True)
def test_two_who_close_at_once_close_it_once(
    finn: Membership, by_alice: Actor, jo: Person, meadow: Organisation
) -> None:
    home = make_placement(jo, meadow, start=JANUARY)
    actions.add_line(placement=home, new=NewLine("core_support", "weekly", Decimal(1000), APRIL), by=by_alice)
    by, said = Actor.of(finn), []
    ready = threading.Barrier(2)

    def run() -> None:
        try:
            with scope.acting(by):
                ready.wait()
                close_month(month=SEPTEMBER, by=by)
                said.append("closed")
        except Refused as refused:
            said.append(refused.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(text[:32] for text in said) == ["September 2026 is closed already", "closed"]
    assert BookedCost.objects.count() == 1
