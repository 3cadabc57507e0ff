"""Who sees what: everybody × every address × every method × one's own and others' things, and nothing where it should
not be. The long walk is a drill; a shorter one runs with every test."""

import hashlib
from collections.abc import Iterable
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client

from commissioning.reports.actions import make_report
from commissioning.reports.models import BoardReport
from commissioning.tests.figures import Say
from commissioning.tests.matrix import policy
from commissioning.tests.matrix.addresses import OWN, Target, every_address, targets
from commissioning.tests.matrix.canaries import Aviary, Canary
from commissioning.tests.matrix.cells import Plan, eight, everybody
from commissioning.tests.matrix.walk import ALWAYS_KEPT, KEPT_AS_TYPED, Answer, Cell, Judge, Visitors
from commissioning.tests.matrix.world import ELS, EST, World, waiting_reports, who_is

pytestmark = pytest.mark.django_db


def look(judge: Judge, visitors: Visitors, cells: Iterable[Cell]) -> None:
    for cell in cells:
        judge.look_at(cell, visitors.send(cell))


def test_eight_find_nothing_that_is_not_theirs(visitors: Visitors) -> None:
    """Every address opened by each of eight, about their own things, others', and what does not exist."""
    judge, plan = Judge(visitors.world), Plan(visitors)
    for who in eight():
        look(judge, visitors, plan.reading(who, thorough=False))
    assert judge.cells > 1500 and not judge.faults, "\n".join(judge.faults)


@pytest.mark.drill
def test_nobody_finds_or_changes_what_is_not_theirs(visitors: Visitors, figure: Say) -> None:
    judge, plan = Judge(visitors.world), Plan(visitors)
    for report in waiting_reports(visitors.world):
        make_report(report.pk)
    assert not BoardReport.objects.filter(state=BoardReport.State.DUE).exists()
    before = digests()
    for who in everybody():
        look(judge, visitors, plan.reading(who))
        look(judge, visitors, plan.searching(who))
        look(judge, visitors, plan.other_methods(who))
        look(judge, visitors, plan.writing(who))
    figure("access matrix: cells, leaks", f"{judge.cells:,}, {judge.leaks}")
    assert judge.cells > 10_000 and not judge.faults, "\n".join(judge.faults)
    assert digests() == before
    assert everything_opens(judge) == []


def digests() -> dict[str, str]:
    """Every table as one digest of its rows; what is kept of any request left out."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if not ALWAYS_KEPT.match(table) and model._meta.managed:
                rows = "string_agg(t::text, chr(10) ORDER BY t::text)"
                cursor.execute(f'SELECT coalesce({rows}, $$$$) FROM "{table}" t')  # noqa: S608  our own tables
                found[table] = hashlib.sha256(cursor.fetchone()[0].encode()).hexdigest()
    return found


def everything_opens(judge: Judge) -> list[str]:
    """Addresses that nobody managed to open about their own: a matrix of closed doors would prove nothing."""
    opened = {name for _, name in judge.opened}
    return sorted(set(policy.MAY_OPEN) - opened - NEEDS_MORE)


# They answer only to what was done just before: a support that was suspended, something that waits, a letter; or to
# what is asked of them in the address.
NEEDS_MORE = frozenset(
    {"placement_resume", "need", "invitation", "copy_read", "copy_zip", "copy_preview", "budget_lines"}
)


@pytest.mark.drill
def test_what_is_another_s_is_not_changed_when_everything_is_kept(visitors: Visitors, figure: Say) -> None:
    """The same forms sent to others' things, and this time nothing is undone in between: no row differs at the end."""
    plan, sent = Plan(visitors), 0
    cells = [
        cell
        for who in eight()
        for cell in plan.writing(who)
        if cell.target.whose != OWN or not policy.lets_in_by_name(cell.target.name, who)
    ]
    with transaction.atomic():
        before = digests()
        for cell in cells:
            sent += 1
            visitors.send(cell, keep=True)
        after = digests()
        transaction.set_rollback(True)
    different = [table for table in before if before[table] != after[table] and table not in KEPT_AS_TYPED]
    figure("forms sent to others’ things, tables changed", f"{sent:,}, {len(different)}")
    assert sent > 500 and not different, different


def test_it_finds_what_is_planted(world: World) -> None:
    """The matrix is not blind: a page with everything on it is found full."""
    page = " ".join(world.birds.forms)
    assert len(world.birds.seen_in(page)) == len(set(world.birds.forms.values())) > 250


@pytest.mark.parametrize(
    "printed", ["£1,107.29", "1107.29", "110729", "£1,107", "57,579.08", "57734.10", "£57,579.08 a year"]
)
def test_it_finds_a_price_however_it_is_printed(printed: str) -> None:
    birds, price = Aviary(), Canary("price", EST)
    birds.plant_price(price, Decimal("1107.29"))
    assert list(birds.seen_in(f"It costs {printed}.")) == [price]


def test_it_finds_looks_that_are_kept_of_people_elsewhere(world: World) -> None:
    seen = frozenset({world.people["ada"].pk, world.people["ivy"].pk})
    answer = Answer(200, "", "", b"", "", looked_at=seen)
    cell = Cell(who_is("alice"), Target("", "/", OWN))
    assert list(Judge(world).faults_of(cell, answer)) == ["keeps that they looked at ivy"]


@pytest.mark.parametrize("partnership", [EST, ELS])
def test_a_commissioner_s_own_file_is_full_of_canaries(visitors: Visitors, partnership: str) -> None:
    """What is in archives and spreadsheets is found there."""
    who = who_is({EST: "alice", ELS: "charlie"}[partnership])
    for name in ("data_zip", "data_xlsx"):
        address = next(each for each in every_address() if each.name == name)
        answer = visitors.send(Cell(who, next(iter(targets(address, who, visitors.world)))))
        seen = visitors.world.birds.seen_in(answer.text)
        assert len(seen) > 40 and {it.partnership for it in seen} <= {partnership, "both"}


def test_every_form_wants_its_token(world: World) -> None:
    """A form from elsewhere is refused on every address, before anything is looked at."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.members["alice"].user, backend="allauth.account.auth_backends.AuthenticationBackend")
    tried, who = 0, who_is("alice")
    for address in every_address():
        if address.is_ours and "POST" in policy.methods_of(address.name) and policy.lets_in(address.name, who):
            target = next(iter(targets(address, who, world)))
            assert client.post(target.path, {"x": "y"}).status_code == 403, target
            tried += 1
    assert tried > 40
