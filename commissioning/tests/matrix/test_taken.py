"""Every scoped read is taken out in turn, with the database’s wall down, and it is noticed.

A read is missed in one of four ways. Something is shown or done that policy does not allow, or it is kept that somebody
was looked at who was not. Or others’ rows count in the page, so that it is another one, or none: what is another's has
a say in it. Or the read stands behind others of the same request, since the record it narrows was itself found by a
scoped read: those others are taken out first, and more comes out, or another page, without it than with it. Or it
stands behind the roles of its address, which let in nobody but those who see all: those are taken out first.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from hashlib import sha256

import pytest
from django.db import transaction

from commissioning.accounts.actors import Actor
from commissioning.tests.figures import Say
from commissioning.tests.matrix import policy
from commissioning.tests.matrix.addresses import (
    FOREIGN,
    FOREIGN_INSIDE,
    MISSING,
    OWN,
    TO_READ,
    Target,
    every_address,
)
from commissioning.tests.matrix.cells import Plan
from commissioning.tests.matrix.guards import declaring
from commissioning.tests.matrix.strangers import CALL, Caller, asked_by_no_address, asked_otherwise, bring, in_full
from commissioning.tests.matrix.taken import Switches, said, scoped_reads, switched
from commissioning.tests.matrix.walk import Answer, Cell, Judge, Visitors
from commissioning.tests.matrix.world import who_is

pytestmark = pytest.mark.django_db

# Those who are shown a part of what there is come first.
LOOKERS = ("mabel", "clara", "bea", "alice", "finn", "audrey", "adam")
SENDERS = ("mabel", "alice")
# They are let in everywhere when roles are taken out: of all there is they see the least.
LET_IN = ("mabel", "clara")
MOST_ALONE, MOST_BEHIND, MOST_ONE_BY_ONE = 16, 6, 3
SHOWN, COUNTED, BEHIND, BEHIND_ROLES = "shown", "counted", "behind others", "behind roles"
NOTHING: frozenset[int] = frozenset()
Group = tuple[str, str, str]


@dataclass(frozen=True)
class Came:
    """What a cell shows or does that policy does not allow, and the page; which reads it passed. A page that broke
    shows nothing."""

    faults: frozenset[str]
    status: int
    page: str
    passed: tuple[int, ...] = field(compare=False, default=())


@dataclass
class Reads:
    """Which cells pass each scoped read, and what comes out where some are taken out."""

    visitors: Visitors
    judge: Judge
    switches: Switches
    callers: dict[str, Caller]
    # Whether addresses let everybody in.
    roles_out: bool = False
    passed: dict[Cell, tuple[int, ...]] = field(default_factory=dict)
    cells: dict[Group, list[Cell]] = field(default_factory=dict)
    before: dict[tuple[Cell, frozenset[int]], Came] = field(default_factory=dict)

    def learn(self, cells: Iterable[Cell]) -> list[str]:
        """Everything once, with every read as it is; what was wrong with that."""
        wrong: list[str] = []
        for cell in cells:
            came = self.once(cell, NOTHING)
            wrong += came.faults
            if came.status >= 500 and cell.method != CALL:
                wrong.append(f"{cell}: broke")
            self.passed[cell] = came.passed
            self.cells.setdefault(group_of(cell), []).append(cell)
        return wrong

    def asked(self, cell: Cell, out: frozenset[int]) -> Came:
        self.switches.out = out
        self.switches.passed.clear()
        answer = self.sent(cell)
        passed = tuple(self.switches.passed)
        if answer.status >= 500:
            return Came(frozenset(), answer.status, "", passed)
        faults = (each for each in self.judge.faults_of(cell, answer) if not each.startswith("answers otherwise"))
        status, page = answer.says_nothing_of(cell.target)
        told = frozenset(f"{cell}: {each.split(' as ')[0]}" for each in faults)
        return Came(told, status, sha256(page.encode("utf-8", "surrogateescape")).hexdigest(), passed)

    def sent(self, cell: Cell) -> Answer:
        if cell.method == CALL:
            return self.called(self.callers[cell.target.path])
        with self.let_in(cell):
            return self.visitors.send(cell)

    def called(self, caller: Caller) -> Answer:
        """What a function answers somebody, with as much as there is of it."""
        world = self.visitors.world
        member = world.members.get(caller.who.key)
        actor = Actor.of(member) if member else Actor.system(world.partnerships[caller.who.partnership])
        try:
            with transaction.atomic():
                text = in_full(caller.ask(actor, world))
        except Exception as error:
            return Answer(500, "", str(error), b"", "")
        return Answer(200, "", text, b"", "")

    def let_in(self, cell: Cell) -> AbstractContextManager[object]:
        """Whoever they are, if roles are out."""
        if not self.roles_out:
            return nullcontext()
        route = next(each for each in every_address() if each.name == cell.target.name).callback.route
        return declaring(route, roles=frozenset(policy.EVERY_ROLE))

    def missed(self, number: int) -> str:
        """How a read was missed; empty where it was not."""
        around = spread([cell for cell, passed in self.passed.items() if number in passed])
        alone = frozenset({number})
        is_counted = False
        for cell in around[:MOST_ALONE]:
            came = self.asked(cell, alone)
            if came.faults - self.once(cell, NOTHING).faults:
                return SHOWN
            is_counted = is_counted or self.differ(cell, NOTHING, came)
        if is_counted:
            return COUNTED
        all_of_them = ((cell, self.all_in_front(cell, number)) for cell in around[:MOST_BEHIND])
        one_by_one = ((cell, self.each_in_front(cell, number)) for cell in around[:MOST_ONE_BY_ONE])
        for cases in (all_of_them, one_by_one):
            for cell, cases_of_others in cases:
                for others in cases_of_others:
                    if any(self.shows_more(target, others, number) for target in self.others_like(cell)):
                        return BEHIND
        return ""

    def shows_more(self, cell: Cell, others: frozenset[int], number: int) -> bool:
        """Whether more comes out with a read taken out beside others: something not allowed, or another page."""
        first = self.once(cell, others)
        if number not in first.passed:
            return False
        then = self.asked(cell, others | {number})
        return bool(then.faults - first.faults) or self.differ(cell, others, then)

    def differ(self, cell: Cell, out: frozenset[int], then: Came) -> bool:
        """Whether it is another page than before; once more, lest the clock or a token is taken for the difference."""
        first = self.once(cell, out)
        return (first.status, first.page) != (then.status, then.page) and self.asked(cell, out) == first

    def once(self, cell: Cell, out: frozenset[int]) -> Came:
        if (cell, out) not in self.before:
            self.before[cell, out] = self.asked(cell, out)
        return self.before[cell, out]

    def all_in_front(self, cell: Cell, number: int) -> Iterator[frozenset[int]]:
        """The reads before it in that request; every other read of that request; the others of the same function.

        Without those that it is a part of, since where they are out it is not passed.
        """
        passed = self.passed[cell]
        wholes = frozenset(each for each in passed if number not in self.once(cell, frozenset({each})).passed)
        others = frozenset(passed) - wholes - {number}
        functions = {each: self.switches.sites[each].functions for each in passed}
        beside = frozenset(each for each in others if functions[each] == functions[number])
        before = frozenset(passed[: passed.index(number)]) & others
        yield from (each for each in dict.fromkeys((before, others, beside)) if each)

    def each_in_front(self, cell: Cell, number: int) -> Iterator[frozenset[int]]:
        """Each other read of that request; and those of each function."""
        others = [each for each in self.passed[cell] if each != number]
        functions = dict.fromkeys(self.switches.sites[each].functions for each in others)
        of_functions = (
            frozenset(each for each in others if self.switches.sites[each].functions == function)
            for function in functions
        )
        yield from dict.fromkeys((*(frozenset({each}) for each in others), *of_functions))

    def others_like(self, cell: Cell) -> list[Cell]:
        """The same address about another's things, or with them in a form, then the cell itself."""
        same = self.cells[group_of(cell)]
        foreign = [each for each in same if each.target.whose == FOREIGN and bool(each.data) == bool(cell.data)]
        inside = [each for each in same if each.target.whose == FOREIGN_INSIDE]
        return [*foreign[:2], *inside[:2], cell]


def group_of(cell: Cell) -> Group:
    return cell.who.key, cell.target.name, cell.method


def spread(cells: list[Cell]) -> list[Cell]:
    """The likeliest first: one of each sort, then the next of each."""
    counts: Counter[tuple[str, ...]] = Counter()
    ranked = []
    for cell in cells:
        sort = (*group_of(cell), cell.target.whose)
        counts[sort] += 1
        ranked.append(((counts[sort] + 1) // 2, likely(cell), cell))
    return [cell for *_, cell in sorted(ranked, key=lambda each: each[:2])]


def likely(cell: Cell) -> int:
    order = (FOREIGN, FOREIGN_INSIDE, TO_READ, OWN, MISSING)
    place = LOOKERS.index(cell.who.key) if cell.who.key in LOOKERS else len(LOOKERS)
    return order.index(cell.target.whose) + place + (10 if cell.method == "POST" else 0)


def requests(plan: Plan) -> Iterator[Cell]:
    """Every address its role may open, read as each of those who look, and forms sent by those who send most."""
    for key in LOOKERS:
        who = who_is(key)
        cells = [*plan.reading(who, thorough=key == "mabel")]
        if key in SENDERS:
            cells += plan.writing(who, thorough=False)
        yield from (cell for cell in cells if policy.lets_in_by_name(cell.target.name, who))
    yield from (cell for cell in asked_otherwise(plan) if policy.lets_in_by_name(cell.target.name, cell.who))


def calls(callers: dict[str, Caller]) -> Iterator[Cell]:
    """What is asked by no address, as if it were one."""
    yield from (Cell(caller.who, Target(says, says, OWN), CALL) for says, caller in callers.items())


def requests_past_roles(plan: Plan) -> Iterator[Cell]:
    """What its role may not open."""
    for key in LET_IN:
        who = who_is(key)
        otherwise = (replace(cell, who=who) for cell in asked_otherwise(plan))
        cells = [*plan.reading(who, thorough=False), *plan.writing(who, thorough=False), *otherwise]
        yield from (cell for cell in cells if not policy.lets_in_by_name(cell.target.name, who))


@pytest.mark.drill
@pytest.mark.xfail(reason="Of the reads that pages brought lately not each is noticed yet; the figure says how many.")
def test_every_scoped_read_is_missed(visitors: Visitors, wall_down: None, figure: Say) -> None:
    bring(visitors.world)
    every, callers = scoped_reads(), asked_by_no_address(visitors.world)
    plan, judge = Plan(visitors), Judge(visitors.world)
    with switched(every) as switches:
        reads = Reads(visitors, judge, switches, callers)
        wrong_before = reads.learn([*requests(plan), *calls(callers)])
        assert not wrong_before, "\n".join(wrong_before[:40])
        removed = {number for passed in reads.passed.values() for number in passed}
        became = {number: reads.missed(number) for number in sorted(removed)}
        past_roles = Reads(visitors, judge, switches, callers, roles_out=True)
        past_roles.learn(requests_past_roles(plan))
        for number in [number for number, way in became.items() if not way]:
            became[number] = BEHIND_ROLES if past_roles.missed(number) else ""
    ways = Counter(filter(None, became.values()))
    said_ways = ", ".join(f"{way} {ways[way]}" for way in (SHOWN, COUNTED, BEHIND, BEHIND_ROLES))
    figure(
        "guards of what is read: enumerated, removed, caught",
        f"{len(every)}, {len(removed)}, {ways.total()} ({said_ways})",
    )
    never = [f"{said(each)}: passed by no request" for number, each in enumerate(every) if number not in removed]
    not_missed = [said(every[number]) for number, way in became.items() if not way]
    assert ways.total() == len(removed) == len(every), "Not missed:\n" + "\n".join(never + not_missed)
