"""The records as they were known on an earlier day: what was written later, changed or taken out does not count."""

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.core import database
from commissioning.core.errors import Refused
from commissioning.interchange.tests.datasets import folder_of, load, replaced
from commissioning.tests.fixtures import make_person, make_placement
from finance import actions, ledger
from finance.actions import NewLine, NewShare
from finance.models import CostLine, FundingShare
from finance.queries import Book, costs_by_period, lines_as_known, open_book, open_book_as_known
from finance.tests.travel import written_on
from people.models import Person, Placement

pytestmark = pytest.mark.django_db

JANUARY = dt.date(2026, 1, 1)
YEAR = ledger.months(JANUARY, dt.date(2026, 12, 31))
EVERY = ("funder", "person", "provider", "setting", "placement", "kind")


def day(month: int, number: int = 15) -> dt.date:
    return dt.date(2026, month, number)


def weekly(amount: int, start: dt.date, kind: str = "core_support") -> NewLine:
    return NewLine(kind, "weekly", Decimal(amount), start)


def figures(book: Book) -> list[tuple[int, tuple[str, ...], int]]:
    return [(cost.period, cost.keys, cost.pence) for cost in costs_by_period(book, YEAR, EVERY)]


def cost_of(book: Book, month: int) -> int:
    return sum(cost.pence for cost in costs_by_period(book, [YEAR[month - 1]], ()))


@pytest.fixture
def flat(jo: Person, meadow: Organisation) -> Placement:
    with written_on(JANUARY):
        return make_placement(jo, meadow, start=JANUARY)


@pytest.fixture
def price(flat: Placement, by_alice: Actor) -> CostLine:
    with written_on(JANUARY):
        line = actions.add_line(placement=flat, new=weekly(700, JANUARY), by=by_alice)
        actions.add_share(
            placement=flat, new=NewShare(flat.person.council, "care_act", Decimal(100), JANUARY), by=by_alice
        )
        return line


def test_a_price_changed_from_an_earlier_day_is_known_from_the_day_it_was_entered(
    price: CostLine, by_alice: Actor
) -> None:
    with written_on(day(6)):
        actions.change_price(
            line=price, amount=Decimal(1400), units_per_week=None, start=day(3, 1), reason="uplift", by=by_alice
        )
    assert cost_of(open_book(by_alice), 5) == 31 * 200_00
    assert cost_of(open_book_as_known(by_alice, day(6, 14)), 5) == 31 * 100_00
    assert cost_of(open_book_as_known(by_alice, day(6)), 5) == 31 * 200_00


def test_who_paid_is_as_it_was_known(price: CostLine, by_alice: Actor) -> None:
    with written_on(day(6)):
        shares = [NewShare(price.its_placement.person.icb, "chc", Decimal(100), day(2, 1))]
        actions.replace_shares(placement=price.placement, shares=shares, start=day(2, 1), by=by_alice)
    before, after = (open_book_as_known(by_alice, day(6, number)) for number in (14, 15))
    assert [cost.keys for cost in costs_by_period(before, [YEAR[2]], ("funder",))] == [("COUNCIL",)]
    assert [cost.keys for cost in costs_by_period(after, [YEAR[2]], ("funder",))] == [("ICB",)]


def test_what_was_taken_out_later_was_still_known(price: CostLine, by_alice: Actor) -> None:
    with written_on(day(4)):
        ahead = actions.add_line(
            placement=price.its_placement, new=weekly(70, day(9, 1), "transport"), by=by_alice, reference="AHEAD"
        )
    with written_on(day(6)):
        actions.end_placement(placement=price.its_placement, end=day(5, 31), reason="planned_move", by=by_alice)
    known = lines_as_known(by_alice, day(5), [price.pk, ahead.pk])
    assert {(each.reference, each.amount, each.end) for each in known.values()} == {
        (price.reference, Decimal(700), None),
        ("AHEAD", Decimal(70), None),
    }
    assert cost_of(open_book_as_known(by_alice, day(5)), 9) == 30 * 110_00
    assert cost_of(open_book_as_known(by_alice, day(6)), 9) == 0
    assert set(lines_as_known(by_alice, day(6), [price.pk, ahead.pk])) == {price.pk}


def test_a_moment_is_taken_exactly(price: CostLine, by_alice: Actor) -> None:
    with written_on(day(6)):
        actions.correct_line(line=price, corrected=weekly(7, JANUARY), version=None, why="A slip", by=by_alice)
    noon = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
    assert cost_of(open_book_as_known(by_alice, noon - dt.timedelta(seconds=1)), 1) == 31 * 100_00
    assert cost_of(open_book_as_known(by_alice, noon), 1) == 31 * 1_00


def test_a_row_says_that_it_was_known_before_it_was_loaded(price: CostLine, by_alice: Actor) -> None:
    """For a day it counts from then; what the application held at a moment did not include it."""
    with written_on(day(6)):
        line = CostLine(partnership=by_alice.partnership, placement=price.placement, reference="LATE", start=JANUARY)
        line.kind, line.basis, line.amount, line.recorded_on = "transport", "weekly", Decimal(70), day(3)
        line.save()
    held = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    assert [cost_of(open_book_as_known(by_alice, known), 1) for known in (day(3, 14), day(3), held)] == [
        31 * 100_00,
        31 * 110_00,
        31 * 100_00,
    ]


def test_a_change_that_says_since_when_it_is_known_counts_from_then(price: CostLine, by_alice: Actor) -> None:
    with written_on(day(6)):
        CostLine.objects.filter(pk=price.pk).update(amount=Decimal(1400), recorded_on=day(4))
    with written_on(day(7)):
        CostLine.objects.filter(pk=price.pk).update(amount=Decimal(2100))  # nothing new is said
    found = [cost_of(open_book_as_known(by_alice, day(month)), 1) for month in (3, 4, 6, 7)]
    assert found == [31 * 100_00, 31 * 200_00, 31 * 200_00, 31 * 300_00]


def test_a_row_with_its_history_erased_keeps_its_figures(price: CostLine, by_alice: Actor) -> None:
    with database.owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM finance_costlineevent")
        cursor.execute("DELETE FROM people_placementevent")
        cursor.execute("DELETE FROM people_personevent")
    CostLine.objects.update(recorded_on=None)
    assert cost_of(open_book_as_known(by_alice, JANUARY), 1) == 31 * 100_00


def test_it_is_for_those_who_see_prices_of_their_own_partnership(
    price: CostLine, charlie: Membership, mabel: Membership, by_alice: Actor
) -> None:
    outsider, provider = Actor.of(charlie), Actor.of(mabel)
    for actor in (outsider, provider):
        assert not len(open_book_as_known(actor, day(6)).lines)
        assert lines_as_known(actor, day(6), [price.pk]) == {}


def test_it_narrows_to_some_people(price: CostLine, by_alice: Actor, meadow: Organisation) -> None:
    kim = make_person(by_alice.partnership, "KIM")
    home = make_placement(kim, meadow, "PL-KIM", start=JANUARY)
    actions.add_line(placement=home, new=weekly(70, JANUARY), by=by_alice)
    book = open_book_as_known(by_alice, dt.date(2100, 1, 1), people=Person.objects.filter(reference="KIM"))
    assert book.names["person"] == ("KIM",)
    assert cost_of(book, 1) == 31 * 10_00


def test_three_queries_are_enough(price: CostLine, by_alice: Actor) -> None:
    with CaptureQueriesContext(connection) as queries:
        open_book_as_known(by_alice, day(6))
    assert len(queries) == 3


def test_a_load_keeps_the_day_that_its_file_says_and_makes_none_up(tmp_path: Path) -> None:
    header, *rows = replaced("cost_lines.csv", "", "").splitlines()
    said = [f"{header},recorded_on", f"{rows[0]},2026-07-20", *(f"{row}," for row in rows[1:])]
    load(folder_of(tmp_path, cost_lines="\n".join(said) + "\n"))
    known = set(CostLine.objects.values_list("recorded_on", flat=True))
    assert known == {dt.date(2026, 7, 20), None}
    assert set(FundingShare.objects.values_list("recorded_on", flat=True)) == {None}


# --- Any sequence of edits: the book as known each day is the book that stood there that day --------------------------

Edit = Callable[[random.Random, Actor], object]


def add_price(chance: random.Random, by: Actor) -> object:
    placement = chance.choice(list(Placement.objects.all()))
    new = weekly(chance.randint(-100, 3000), day(chance.randint(1, 12), chance.randint(1, 28)), "transport")
    return actions.add_line(placement=placement, new=new, by=by)


def change_price(chance: random.Random, by: Actor) -> object:
    line = chance.choice(list(CostLine.objects.all()))
    start = day(chance.randint(1, 12), chance.randint(1, 28))
    return actions.change_price(
        line=line, amount=Decimal(chance.randint(1, 900)), units_per_week=None, start=start, reason="uplift", by=by
    )


def correct_price(chance: random.Random, by: Actor) -> object:
    line = chance.choice(list(CostLine.objects.all()))
    new = NewLine(line.kind, "monthly", Decimal(chance.randint(1, 900)), line.start, None, line.end)
    return actions.correct_line(line=line, corrected=new, version=None, why="A slip", by=by)


def change_shares(chance: random.Random, by: Actor) -> object:
    placement = chance.choice(list(Placement.objects.all()))
    part, start = Decimal(chance.randint(1, 99)), day(chance.randint(1, 12), chance.randint(1, 28))
    bodies = ((placement.person.council, part), (placement.person.icb, 100 - part))
    shares = [NewShare(body, "joint", percent, start) for body, percent in bodies]
    return actions.replace_shares(placement=placement, shares=shares, start=start, by=by)


def suspend(chance: random.Random, by: Actor) -> object:
    placement = chance.choice(list(Placement.objects.all()))
    start = day(chance.randint(2, 11), chance.randint(1, 28))
    end = chance.choice([None, start + dt.timedelta(days=20)])
    return actions.suspend_placement(
        placement=placement, start=start, end=end, percent_paid=Decimal(60), reason="hospital", by=by
    )


def end(chance: random.Random, by: Actor) -> object:
    placement = chance.choice(list(Placement.objects.all()))
    return actions.end_placement(placement=placement, end=day(chance.randint(6, 12)), reason="planned_move", by=by)


def move_setting(chance: random.Random, by: Actor) -> object:
    placement = chance.choice(list(Placement.objects.all()))
    placement.setting = chance.choice(["own_tenancy", "supported_living", "shared_lives"])
    placement.save()
    return placement


def take_out(chance: random.Random, _by: Actor) -> object:
    return FundingShare.objects.filter(
        pk__in=[chance.choice([0, *FundingShare.objects.values_list("pk", flat=True)])]
    ).delete()


EDITS: tuple[Edit, ...] = (
    add_price, change_price, change_price, correct_price, change_shares, change_shares, suspend, end, move_setting,
    take_out,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_as_known_each_day_is_what_stood_there_that_day(
    seed: int, price: CostLine, by_alice: Actor, meadow: Organisation
) -> None:
    chance = random.Random(seed)
    with written_on(day(2, 1)):
        kim = make_person(by_alice.partnership, "KIM")
        home = make_placement(kim, meadow, "PL-KIM", start=JANUARY)
        actions.add_line(placement=home, new=weekly(500, JANUARY), by=by_alice)
    stood = {}
    done = 0
    for number in range(24):
        today = day(2, 2) + dt.timedelta(days=9 * number)
        with written_on(today):
            for edit in chance.sample(EDITS, k=2):
                try:
                    with transaction.atomic():
                        edit(chance, by_alice)
                        done += 1
                except Refused:
                    continue
        stood[today] = figures(open_book(by_alice))
    for today, then in stood.items():
        assert figures(open_book_as_known(by_alice, today)) == then
        assert figures(open_book_as_known(by_alice, today + dt.timedelta(days=8))) == then
    assert done > 20 and len({str(then) for then in stood.values()}) > 8
