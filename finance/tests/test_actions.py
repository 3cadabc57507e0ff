"""Prices change, are corrected, suspended and ended by the rules, or not at all."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.core.editing import version_of
from commissioning.core.errors import Refused, Stale
from commissioning.tests.fixtures import make_placement
from finance import actions
from finance.actions import NewLine, NewShare
from finance.models import CostLine
from finance.queries import open_book, weekly_steps
from people.models import Person, Placement

pytestmark = pytest.mark.django_db

JULY = dt.date(2026, 7, 1)


def pounds(text: str) -> Decimal:
    return Decimal(text)


@pytest.fixture
def flat(jo: Person, meadow: Organisation) -> Placement:
    return make_placement(jo, meadow, start=JULY)


@pytest.fixture
def core(flat: Placement, by_alice: Actor) -> CostLine:
    return actions.add_line(placement=flat, new=NewLine("core_support", "weekly", pounds("1875.21"), JULY), by=by_alice)


@pytest.fixture
def night(flat: Placement, by_alice: Actor) -> CostLine:
    line = actions.add_line(
        placement=flat, new=NewLine("waking_night", "nightly", pounds("174.97"), JULY, pounds("7")), by=by_alice
    )
    actions.add_share(
        placement=flat, line=line, new=NewShare(flat.person.icb, "s117", pounds("100"), JULY), by=by_alice
    )
    return line


def weekly(by: Actor, *days: dt.date) -> list[int]:
    return weekly_steps(open_book(by), days)


def test_it_changes_a_price_from_a_date(core: CostLine, by_alice: Actor) -> None:
    following = actions.change_price(
        line=core,
        amount=pounds("1700"),
        units_per_week=None,
        start=dt.date(2026, 9, 1),
        reason="step_down",
        by=by_alice,
    )
    core.refresh_from_db()
    assert (core.end, following.start, following.end) == (dt.date(2026, 8, 31), dt.date(2026, 9, 1), None)
    assert weekly(by_alice, dt.date(2026, 8, 31), dt.date(2026, 9, 1)) == [187521, 170000]


def test_its_own_shares_go_on_with_the_new_price(night: CostLine, by_alice: Actor) -> None:
    following = actions.change_price(
        line=night,
        amount=pounds("180"),
        units_per_week=pounds("7"),
        start=dt.date(2026, 9, 1),
        reason="uplift",
        by=by_alice,
    )
    assert [share.end for share in night.shares.all()] == [dt.date(2026, 8, 31)]
    assert [(share.start, share.end) for share in following.shares.all()] == [(dt.date(2026, 9, 1), None)]


def test_it_refuses_a_change_on_the_day_the_price_began(core: CostLine, by_alice: Actor) -> None:
    with pytest.raises(Refused, match="must start after 1 July 2026"):
        actions.change_price(
            line=core, amount=pounds("1"), units_per_week=None, start=JULY, reason="uplift", by=by_alice
        )
    assert CostLine.objects.count() == 1


def test_it_refuses_an_overlapping_price_in_plain_words(core: CostLine, by_alice: Actor) -> None:
    new = NewLine("core_support", "weekly", pounds("10"), dt.date(2026, 8, 1))
    with pytest.raises(Refused, match=r"already a price for core support.*1,875\.21 a week from 1 July") as refused:
        actions.add_line(placement=core.its_placement, new=new, by=by_alice)
    assert refused.value.field == "start"


def test_it_corrects_a_price_and_keeps_why(core: CostLine, by_alice: Actor) -> None:
    right = NewLine("core_support", "weekly", pounds("1785.21"), JULY)
    opened = version_of(core)
    actions.correct_line(line=core, corrected=right, version=opened, why="Digits were swapped", by=by_alice)
    history: Any = CostLine._meta.get_field("events").related_model
    event = history.objects.order_by("-pgh_id").first()
    assert event.pgh_context.metadata["reason"] == "Digits were swapped"
    with pytest.raises(Stale):
        actions.correct_line(line=core, corrected=right, version=opened, why="Again", by=by_alice)


def test_it_refuses_shares_above_100_and_names_the_day(flat: Placement, by_alice: Actor) -> None:
    actions.add_share(placement=flat, new=NewShare(flat.person.icb, "s117", pounds("60"), JULY), by=by_alice)
    with pytest.raises(Refused, match="110% on 1 August 2026"):
        actions.add_share(
            placement=flat, new=NewShare(flat.person.council, "s117", pounds("50"), dt.date(2026, 8, 1)), by=by_alice
        )
    assert flat.shares.count() == 1


def test_a_hospital_stay_becomes_retainers_and_resuming_restores(
    core: CostLine, night: CostLine, flat: Placement, by_alice: Actor
) -> None:
    stay = actions.suspend_placement(
        placement=flat, start=dt.date(2026, 9, 1), percent_paid=pounds("50"), reason="hospital", by=by_alice
    )
    # By hand: 1875.21 / 2 = 937.605, rounded to 937.61; 174.97 / 2 = 87.485, rounded to 87.49, × 7 nights = 612.43.
    assert weekly(by_alice, dt.date(2026, 8, 31), dt.date(2026, 9, 1)) == [310000, 93761 + 61243]
    actions.resume_placement(suspension=stay, on=dt.date(2026, 9, 15), by=by_alice)
    assert weekly(by_alice, dt.date(2026, 9, 14), dt.date(2026, 9, 15), dt.date(2027, 1, 1)) == [155004, 310000, 310000]
    flat.refresh_from_db()
    assert flat.end is None
    last = CostLine.objects.filter(kind="waking_night").latest("start")
    assert [(share.funder, share.start, share.end) for share in last.shares.all()] == [
        (flat.person.icb, dt.date(2026, 9, 15), None)
    ]


def test_a_stay_with_a_known_end_restores_by_itself_and_can_be_cut_short(
    core: CostLine, flat: Placement, by_alice: Actor
) -> None:
    stay = actions.suspend_placement(
        placement=flat,
        start=dt.date(2026, 9, 1),
        end=dt.date(2026, 9, 30),
        percent_paid=pounds("0"),
        reason="hospital",
        by=by_alice,
    )
    assert weekly(by_alice, dt.date(2026, 9, 30), dt.date(2026, 10, 1)) == [0, 187521]
    actions.resume_placement(suspension=stay, on=dt.date(2026, 9, 10), by=by_alice)
    assert weekly(by_alice, dt.date(2026, 9, 9), dt.date(2026, 9, 10), dt.date(2026, 10, 1)) == [0, 187521, 187521]
    with pytest.raises(Refused, match="already suspended from 1 September 2026 to 9 September 2026"):
        actions.suspend_placement(
            placement=flat, start=dt.date(2026, 9, 9), percent_paid=pounds("50"), reason="hospital", by=by_alice
        )


def test_ending_a_placement_ends_its_prices_and_shares(
    core: CostLine, night: CostLine, flat: Placement, by_alice: Actor
) -> None:
    actions.change_price(
        line=core, amount=pounds("1900"), units_per_week=None, start=dt.date(2027, 4, 1), reason="uplift", by=by_alice
    )
    actions.end_placement(placement=flat, end=dt.date(2026, 12, 31), reason="planned_move", by=by_alice)
    assert {line.end for line in flat.cost_lines.all()} == {dt.date(2026, 12, 31)}
    assert {share.end for share in flat.shares.all()} == {dt.date(2026, 12, 31)}
    assert weekly(by_alice, dt.date(2026, 12, 31), dt.date(2027, 1, 1), dt.date(2027, 4, 1)) == [310000, 0, 0]


def test_it_refuses_an_end_before_the_start(flat: Placement, by_alice: Actor) -> None:
    with pytest.raises(Refused, match="on or after 1 July 2026"):
        actions.end_placement(placement=flat, end=dt.date(2026, 6, 30), reason="died", by=by_alice)


def test_only_commissioners_write_prices(core: CostLine, mabel: Membership) -> None:
    with pytest.raises(PermissionDenied):
        actions.end_placement(
            placement=core.its_placement, end=dt.date(2026, 12, 31), reason="other", by=Actor.of(mabel)
        )
