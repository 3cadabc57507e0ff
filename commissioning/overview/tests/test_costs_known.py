"""Costs as they were known on a day, and what changed since: line by line, adding up to the whole difference."""

import csv
import datetime as dt
import io
import random
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.audit import history
from commissioning.audit.models import RecordRead
from commissioning.core.errors import Refused
from commissioning.core.periods import Month
from commissioning.overview.queries.costs import Changed, asked_from, changed_csv, changed_since, grid_of, names_of
from commissioning.reports import figures
from commissioning.reports.models import Board, BoardReport
from commissioning.tests.fixtures import make_person, make_placement, signed_in
from finance import actions
from finance.actions import NewLine, NewShare
from finance.models import CostLine
from finance.queries import open_book, open_book_as_known
from finance.tests.test_known import EDITS
from finance.tests.travel import written_on
from people.models import Person, Placement

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 21)
JANUARY = dt.date(2026, 1, 1)
APRIL = dt.date(2026, 4, 1)


@pytest.fixture(autouse=True)
def on_21_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda value=None, *_: value.date() if value else TODAY)


@pytest.fixture
def flat(jo: Person, meadow: Organisation) -> Placement:
    with written_on(JANUARY):
        return make_placement(jo, meadow, start=JANUARY)


@pytest.fixture
def price(flat: Placement, by_alice: Actor) -> CostLine:
    """£1,000 a week, half of it the council's and half the board's."""
    with written_on(JANUARY):
        new = NewLine("core_support", "weekly", Decimal(1000), JANUARY)
        line = actions.add_line(placement=flat, new=new, by=by_alice)
        for body in (flat.person.council, flat.person.icb):
            actions.add_share(placement=flat, new=NewShare(body, "joint", Decimal(50), JANUARY), by=by_alice)
        return line


@pytest.fixture
def backdated(price: CostLine, by_alice: Actor) -> CostLine:
    """£50 a week more from 1 April, recorded on 10 October."""
    with written_on(dt.date(2026, 10, 10)), history.said(by="Priya Nair", reason="Agreed late"):
        line = actions.change_price(
            line=price, amount=Decimal(1050), units_per_week=None, start=APRIL, reason="negotiated", by=by_alice
        )
        CostLine.objects.filter(pk=line.pk).update(recorded_on=dt.date(2026, 10, 10))
    return line


def changed(actor: Actor, **given: str) -> Changed:
    asked = asked_from({"from": "2026-01", "to": "2026-12", "as_known": "2026-10-09", **given}, TODAY)
    return changed_since(actor, asked, names_of(actor, asked))


def test_it_says_what_changed_by_month_and_line(backdated: CostLine, price: CostLine, by_alice: Actor) -> None:
    found = changed(by_alice, to="2026-08")
    # 50/7 a day: £150 a day exactly now; then £1,000/7 a day running from 1 January, £12,857.14 by March, £17,142.86 by
    # April, £21,571.43, £25,857.14, £30,285.71 and £34,714.29 by August.
    assert [each.pence for each in found.periods] == [0, 0, 0, 214_28, 221_43, 214_29, 221_43, 221_42]
    assert found.total.pence == 1092_85
    assert {line.reference: line.pence for line in found.lines} == {
        price.reference: -21_857_15,
        backdated.reference: 22_950_00,
    }
    ended, added = sorted(found.lines, key=lambda line: line.reference)
    assert ended.happened[0].what == "Ended: last day 31 March 2026, open before"
    assert added.happened[0].what == "Added: £1,050.00 a week from 1 April 2026"
    assert {(each.happened[0].on, each.happened[0].by) for each in found.lines} == {
        (dt.date(2026, 10, 10), "Priya Nair")
    }
    assert added.happened[0].reason == "Agreed late"


def test_the_day_itself_is_taken_to_its_end(backdated: CostLine, by_alice: Actor) -> None:
    assert changed(by_alice, as_known="2026-10-10").total.pence == 0
    assert changed(by_alice, as_known="2026-10-10").lines == ()


def test_who_pays_changed_without_a_change_of_cost(price: CostLine, by_alice: Actor) -> None:
    placement = price.its_placement
    with written_on(dt.date(2026, 10, 10)), history.said(by="Priya Nair", reason="Panel of 2 October"):
        shares = [NewShare(placement.person.icb, "chc", Decimal(100), APRIL)]
        actions.replace_shares(placement=placement, shares=shares, start=APRIL, by=by_alice)
    found = changed(by_alice, to="2026-04")
    (line,) = found.lines
    assert found.total.pence == 0
    assert [each.what for each in line.happened] == ["Who pays changed"]
    assert line.happened[0].by == "Priya Nair"
    half = 30 * 1000_00 // 14 + 1  # half of April, whose share the council's running total rounds up
    assert dict(line.by_funder) in ({"COUNCIL": -half, "ICB": half}, {"COUNCIL": -half + 1, "ICB": half - 1})


def test_the_explorer_draws_what_was_known(backdated: CostLine, alice: Membership) -> None:
    client = signed_in(alice)
    query = "?from=2026-04&to=2026-04"
    shown = client.get(reverse("cost_explorer") + f"{query}&as_known=2026-10-09").content.decode()
    assert "As the records were known at the end of 9 October 2026" in shown
    assert "£4,285.72" in shown and "£4,500.00" not in shown
    now = client.get(reverse("cost_explorer") + query).content.decode()
    assert "£4,500.00" in now and "As the records were known" not in now


def test_the_file_and_the_lines_are_of_that_day_too(backdated: CostLine, price: CostLine, alice: Membership) -> None:
    client = signed_in(alice)
    query = "?from=2026-04&to=2026-04&as_known=2026-10-09"
    rows = list(csv.reader(io.StringIO(client.get(reverse("cost_explorer_csv") + query).content.decode())))
    assert rows[-1] == ["All", "4285.72", "4285.72"]
    lines = client.get(reverse("cost_lines") + query).content.decode()
    assert price.reference in lines and backdated.reference not in lines
    assert "£4,285.72" in lines and "as known at the end of 9 October 2026" in lines


def test_the_page_and_its_file_name_the_line_and_are_recorded_as_reads(
    backdated: CostLine, alice: Membership, jo: Person
) -> None:
    client = signed_in(alice)
    query = "?from=2026-01&to=2026-08&as_known=2026-10-09"
    page = client.get(reverse("cost_changes") + query).content.decode()
    assert "£1,092.85 more" in page and "Ended: last day 31 March 2026, open before" in page
    assert "recorded by Priya Nair" in page and "Agreed late" in page
    text = client.get(reverse("cost_changes_csv") + query).content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sum(Decimal(row["difference"]) for row in rows) == Decimal("1092.85")
    april = [Decimal(row["difference"]) for row in rows if row["period"] == "2026-04"]
    assert sum(april) == Decimal("214.28")
    assert {row["known_since"] for row in rows} == {"2026-10-10"}
    assert set(RecordRead.objects.filter(person_id=jo.pk).values_list("route", flat=True)) == {
        "cost_changes",
        "cost_changes_csv",
    }


def test_without_a_day_it_looks_back_to_the_end_of_last_month(backdated: CostLine, alice: Membership) -> None:
    assert b"What changed since 31 October 2026" in signed_in(alice).get(reverse("cost_changes")).content


@pytest.mark.parametrize("given", ["", "2026-11-21", "2027-01-01", "yesterday", "2026-13-01", "2026-10-09T10:00"])
def test_what_is_no_day_before_today_is_now(given: str) -> None:
    assert asked_from({"as_known": given}, TODAY).known is None


def test_a_report_is_drawn_again_as_it_stood_when_it_was_made(
    price: CostLine, by_alice: Actor, alice: Membership
) -> None:
    board = Board.objects.create(partnership=by_alice.partnership, code="B", name="The board")
    frozen_at = timezone.now()
    facts = figures.gather(board, Month(2026, 9), frozen_at=frozen_at)
    report = BoardReport.objects.create(
        board=board, month=dt.date(2026, 9, 1), edition="working", state="published", pdf=b"%PDF-",
        frozen_at=frozen_at, published_at=frozen_at,
    )  # fmt: skip
    with written_on(frozen_at.date() + dt.timedelta(days=1)):
        actions.change_price(
            line=price, amount=Decimal(1050), units_per_week=None, start=APRIL, reason="negotiated", by=by_alice
        )
    client = signed_in(alice)
    page = client.get(reverse("report", args=[report.pk]))
    asked = asked_from(dict(parse_qsl(page.context["page"].as_issued)), TODAY)
    assert asked.known == frozen_at
    grid = grid_of(open_book_as_known(by_alice, frozen_at), asked, names_of(by_alice, asked))
    assert {row.label: row.total.pence for row in grid.rows} == dict(facts.accrued_by_funder)
    assert grid_of(open_book(by_alice), asked, names_of(by_alice, asked)).total.total.pence > grid.total.total.pence
    shown = client.get(f"{reverse('cost_explorer')}?{page.context['page'].as_issued}").content.decode()
    assert f"As the records were known on {asked.known_words}" in shown
    since = client.get(f"{reverse('cost_changes')}?{page.context['page'].as_issued}").content.decode()
    assert price.reference in since and "Ended: last day 31 March 2026" in since


SLICES = ("funder", "setting", "provider", "kind", "person")


@pytest.mark.parametrize("seed", range(8))
def test_line_by_line_it_makes_the_whole_difference(
    seed: int, price: CostLine, by_alice: Actor, meadow: Organisation
) -> None:
    """After any edits, on any slice: lines, months and slices each add up to now less then, to the penny."""
    chance = random.Random(seed)
    with written_on(dt.date(2026, 2, 1)):
        home = make_placement(make_person(by_alice.partnership, "KIM"), meadow, "PL-KIM", start=JANUARY)
        actions.add_line(placement=home, new=NewLine("core_support", "monthly", Decimal(777), JANUARY), by=by_alice)
    days = [dt.date(2026, 2, 2) + dt.timedelta(days=20 * number) for number in range(12)]
    for day in days:
        with written_on(day):
            for edit in chance.sample(EDITS, k=2):
                try:
                    with transaction.atomic():
                        edit(chance, by_alice)
                except Refused:
                    continue
    seen = 0
    for day in chance.sample(days, k=4):
        by, per = chance.choice(SLICES), chance.choice(["month", "year"])
        only = {"only_funder": "ICB"} if chance.random() < 0.3 else {}
        given = {"by": by, "per": per, "money": chance.choice(["net", "gross"]), "as_known": str(day), **only}
        found = changed(by_alice, **given)
        asked, names = found.asked, names_of(by_alice, found.asked)
        then, now = (
            grid_of(book, asked, names, most=None) for book in (open_book_as_known(by_alice, day), open_book(by_alice))
        )
        assert found.total.then_pence == then.total.total.pence and found.total.now_pence == now.total.total.pence
        assert [each.then_pence for each in found.periods] == [cell.pence for cell in then.total.cells]
        assert [each.now_pence for each in found.periods] == [cell.pence for cell in now.total.cells]
        assert sum(line.pence for line in found.lines) == found.total.pence
        assert sum(each.pence for each in found.slices) == found.total.pence
        for place, period in enumerate(found.periods):
            parts = [each.pence for line in found.lines for each in line.differences if each.period == place]
            assert sum(parts) == period.pence
        assert all(line.happened for line in found.lines)
        rows = list(csv.DictReader(io.StringIO(changed_csv(found))))
        assert sum(int(Decimal(row["difference"]) * 100) for row in rows) == found.total.pence
        seen += len(found.lines)
    assert seen > 4
