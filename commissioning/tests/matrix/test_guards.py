"""The matrix sees: every guard of the application is taken out in turn, and every time it is noticed.

Each wall is proven alone: the application's guards while the database shows everything, and the database's wall while
the application asks for everything.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from unittest.mock import patch

import pytest
from django.apps import apps

from commissioning.accounts.permissions import require_role
from commissioning.tests.figures import Say
from commissioning.tests.matrix import policy
from commissioning.tests.matrix.addresses import FOREIGN, FOREIGN_INSIDE, MISSING, OWN, TO_READ, every_address
from commissioning.tests.matrix.canaries import Canary
from commissioning.tests.matrix.cells import OUTSIDE, Plan, eight
from commissioning.tests.matrix.guards import Guard, every_guard, sites, watching
from commissioning.tests.matrix.refusals import Try, every_try
from commissioning.tests.matrix.walk import Cell, Judge, Visitors
from commissioning.tests.matrix.world import who_is

pytestmark = pytest.mark.django_db

CAUGHT, CHANGED, UNCHANGED = "caught", "changed", "unchanged"
# Who is enough to see each guard fall; those whom most is kept from come first.
LOOKERS = ("mabel", "clara", "finn", "bea", "adam", "audrey", "alice")


@dataclass
class Proof:
    """Which cells and refusals pass each guard, and what happens there without it."""

    visitors: Visitors
    judge: Judge
    by_site: dict[int, list[Cell | Try]] = field(default_factory=dict)
    by_route: dict[str, list[Cell | Try]] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    wrong_before: list[str] = field(default_factory=list)

    def learn(self, everything: Iterable[Cell | Try]) -> None:
        """Everything once, with every guard in its place."""
        with watching() as touched:
            for each in everything:
                touched.sites.clear()
                faults, answered = self.ask(each)
                self.wrong_before += faults
                self.before[str(each)] = answered
                self._note(each, touched.sites)

    def _note(self, each: Cell | Try, touched: set[int]) -> None:
        for number in touched:
            self.by_site.setdefault(number, []).append(each)
        if isinstance(each, Cell) and not policy.lets_in_by_name(each.target.name, each.who):
            self.by_route.setdefault(each.target.name, []).append(each)

    def ask(self, each: Cell | Try) -> tuple[list[str], str]:
        """What is wrong with a cell or a refusal now, and what came back."""
        if isinstance(each, Cell):
            answer = self.visitors.send(each)
            said = answer.says_nothing_of(each.target)
            faults = [f"{each}: {fault}" for fault in self.judge.faults_of(each, answer)]
            return faults, f"{said} {answer.location} {sorted(answer.wrote)}"
        refused = each.is_refused(self.judge.world)
        wrong = [f"{each}: {'refused' if refused else 'not refused'}"] if refused == each.is_allowed else []
        return wrong, str(refused)

    def around(self, guard: Guard, numbers: dict[str, list[int]]) -> list[Cell | Try]:
        """The cells and refusals that pass a guard, those first that are likeliest to notice."""
        if guard.rule == "route" and guard.says in policy.MAY_OPEN:
            return self.by_route.get(guard.says, [])
        found = [each for number in numbers[str(guard)] for each in self.by_site.get(number, [])]
        return sorted(found, key=_likely)

    def behind(self, guard: Guard) -> AbstractContextManager[object]:
        """What stands behind the roles of an address is down with them: the actions' own policies, which are taken out
        each in its turn."""
        if guard.rule != "route":
            return nullcontext()
        everybody = frozenset(policy.EVERY_ROLE)
        down = ExitStack()
        for name in ("SEES_PRICES", "SEES_NAMES", "SEES_EVERYONE"):
            down.enter_context(patch(f"commissioning.accounts.actors.{name}", everybody))
        down.callback(setattr, require_role, "__code__", require_role.__code__)
        require_role.__code__ = (lambda actor, *roles: None).__code__
        return down

    def without(self, guard: Guard, around: list[Cell | Try]) -> str:
        """What becomes of everything around a guard without it: caught, changed or unchanged."""
        verdict = UNCHANGED
        for way in guard.ways:
            with way(), self.behind(guard):
                for each in around:
                    faults, answered = self.ask(each)
                    if faults:
                        return CAUGHT
                    if answered != self.before[str(each)]:
                        verdict = CHANGED
        return verdict


def _likely(each: Cell | Try) -> int:
    if isinstance(each, Try):
        return 0 if not each.is_allowed else 9
    order = (FOREIGN, FOREIGN_INSIDE, TO_READ, OWN, MISSING)
    return 1 + order.index(each.target.whose) + (3 if each.who.role == policy.COMMISSIONER else 0)


def numbers_of(guards: list[Guard]) -> dict[str, list[int]]:
    """The numbers of a guard's sites: two of one text on one line are one guard each, found together."""
    found: dict[str, list[int]] = {}
    code = [guard for guard in guards if guard.says not in policy.MAY_OPEN]
    for number, guard in enumerate(code):
        found.setdefault(str(guard), []).append(number)
    return found


def refusals(plan: Plan) -> Iterator[Cell | Try]:
    """Each address as some who may not come, and by a method it does not take; each action as everybody."""
    for address in every_address():
        if address.name not in policy.MAY_OPEN:
            continue
        method = "POST" if address.name in policy.ONLY_WRITTEN else "GET"
        refused = [who for who in map(who_is, LOOKERS) if not policy.lets_in(address.name, who)]
        for who in (OUTSIDE[0], *refused[:2]):
            target = plan.chosen(address, who, thorough=False)[0]
            yield Cell(who, target, method)
            yield Cell(who, target, "DELETE")
    mabel = who_is("mabel")
    change = next(each for each in every_address() if each.name == "incident_change")
    yield from (Cell(mabel, each) for each in plan.chosen(change, mabel, thorough=False) if each.whose == TO_READ)
    yield from every_try()


@pytest.mark.drill
def test_every_refusal_is_missed(visitors: Visitors, wall_down: None, figure: Say) -> None:
    """No refusal by role, of an address or of an action, can be taken out without somebody getting in."""
    proof = Proof(visitors, Judge(visitors.world))
    proof.learn(refusals(Plan(visitors)))
    assert not proof.wrong_before, "\n".join(proof.wrong_before[:40])
    every = every_guard()
    numbers = numbers_of(every)
    assert sum(map(len, numbers.values())) == len(sites())
    guards = [guard for guard in every if guard.rule in {"route", "policy"} and not stands_behind_its_route(guard)]
    became = {guard: proof.without(guard, proof.around(guard, numbers)) for guard in guards}
    not_caught = [guard for guard, verdict in became.items() if verdict != CAUGHT]
    number = len(guards)
    figure(
        "guards of addresses and actions: enumerated, removed, caught",
        f"{number}, {number}, {number - len(not_caught)}",
    )
    assert number > 180 and not not_caught, "\n".join(f"{became[guard]}: {guard}" for guard in not_caught)


def stands_behind_its_route(guard: Guard) -> bool:
    """A policy asked in a view: the address has refused everybody it would refuse, and is itself taken out in turn."""
    return guard.rule == "policy" and "/views" in guard.where


@contextmanager
def asking_for_everything() -> Iterator[int]:
    """Every scoped read of the application returns everything; how many kinds of read that is."""
    classes = {
        type(model._default_manager.all())
        for model in apps.get_models()
        if hasattr(model._default_manager.all(), "visible_to")
    }
    patches = [patch.object(each, "visible_to", lambda self, actor: self.all()) for each in classes]
    for each in patches:
        each.start()
    try:
        yield len(classes)
    finally:
        for each in patches:
            each.stop()


# What the wall keeps by itself; the rest (who works where, what organisations are called) has the application's guards.
WALLED = policy.IDENTITY | policy.LIFE | policy.EVENTS | policy.HOME | policy.PRICE | policy.PARTNERS_MONEY


def is_of_a_past_row(cell: Cell, it: Canary) -> bool:
    """The wall keeps rows, not columns: that of a person a provider wrote about before is there for what it wrote, and
    so is the provider's own placement of that time."""
    of_the_person = it.kind in policy.IDENTITY | {"communication"}
    own_placement = it.kind in policy.HOME and it.provider == cell.who.provider
    return it.person in cell.who.supported and (of_the_person or own_placement)


@pytest.mark.parametrize(
    "whole", [pytest.param(True, marks=pytest.mark.drill, id="everybody"), pytest.param(False, id="one")]
)
def test_the_database_alone_shows_no_row_of_another_s(visitors: Visitors, whole: bool, figure: Say) -> None:
    judge, plan, found, cells = Judge(visitors.world), Plan(visitors), Counter[str](), 0
    with asking_for_everything() as reads:
        for who in eight() if whole else [who_is("mabel")]:
            for cell in plan.reading(who, thorough=whole):
                cells += 1
                leaks = judge.leaks_of(cell, visitors.send(cell))
                found.update(f"{cell}: {it}" for it in leaks if it.kind in WALLED and not is_of_a_past_row(cell, it))
    figure("scoped reads taken out with the database’s wall up: cells, foreign rows", f"{cells:,}, {len(found)}")
    assert reads > 10 and cells > 200 and not found, "\n".join(found)


def test_every_address_a_route_guard_stands_at_is_tried() -> None:
    """Somebody who may not come is among those who try each address."""
    lookers = [who_is(key) for key in LOOKERS]
    for address in every_address():
        if address.is_ours and policy.ANYBODY not in policy.MAY_OPEN[address.name]:
            assert any(not policy.lets_in(address.name, who) for who in (*lookers, OUTSIDE[0])), address.name
