"""Every address the resolver knows, as everybody: how many there are, and that each said who may come."""

import pytest
from django.urls import get_resolver

from commissioning.accounts.checks import every_pattern, every_route_is_declared
from commissioning.accounts.routes import Reads, Sees
from commissioning.tests.figures import Say
from commissioning.tests.matrix import policy
from commissioning.tests.matrix.addresses import OWN, PART, every_address
from commissioning.tests.matrix.cells import Plan, everybody
from commissioning.tests.matrix.guards import declaring
from commissioning.tests.matrix.walk import Cell, Judge, Visitors
from commissioning.tests.matrix.world import who_is

pytestmark = pytest.mark.django_db


def all_of_the_resolver(resolver: object = None) -> int:
    """How many addresses there are, counted apart from the application's own walk over them."""
    entries = (resolver or get_resolver()).url_patterns  # type: ignore[attr-defined]
    return sum(all_of_the_resolver(each) if hasattr(each, "url_patterns") else 1 for each in entries)


def test_every_address_is_visited_by_everybody(visitors: Visitors, figure: Say) -> None:
    """In each role once, about another's thing where it is about one; each answers what the policy says."""
    judge, plan, visited = Judge(visitors.world), Plan(visitors), set()
    for who in everybody():
        for address in every_address():
            target = plan.chosen(address, who, thorough=False)[-1]
            judge.look_at(cell := Cell(who, target), visitors.send(cell))
            visited.add(address.pattern)
    total = all_of_the_resolver()
    declared = sum(address.is_ours for address in every_address())
    whose = f"{declared} by the wrapper, {total - declared} of django-allauth’s"
    figure("routes declared and visited / total", f"{len(visited)} / {total} ({whose}), as {len(everybody())}")
    assert len(visited) == total == len(list(every_pattern()))
    assert not every_route_is_declared()
    assert not judge.faults, "\n".join(judge.faults)


def test_every_address_is_in_the_policy() -> None:
    """A new address is written into `policy.py` with who may open it, apart from what it declares."""
    ours = {address.name for address in every_address() if address.is_ours}
    assert ours - set(policy.MAY_OPEN) == set() and set(policy.MAY_OPEN) - ours == set()


def test_every_address_declares_what_the_policy_says() -> None:
    wrong = []
    for address in every_address():
        if not address.is_ours:
            continue
        declared, asked = address.callback.route, policy.MAY_OPEN[address.name]
        said = {"anybody"} if declared.access and declared.access.value == "anybody" else set(declared.roles)
        said = {policy.SIGNED_IN} if declared.access and said == set() else said
        if said != asked or declared.methods != policy.methods_of(address.name):
            wrong.append(f"{address.name}: {sorted(said)} {sorted(declared.methods)}")
    assert not wrong, "\n".join(wrong)


def test_every_part_of_an_address_is_known() -> None:
    for address in every_address():
        if address.is_ours:
            assert len(address.about) == len(PART.findall(address.pattern)), address


def test_every_address_declares_whose_eyes_it_looks_through() -> None:
    """A page for roles sees what the role may see; a page for anybody sees nothing personal, but for the home page."""
    looks = {address.name: address.callback.route.sees for address in every_address() if address.is_ours}
    open_pages = {name for name, roles in policy.MAY_OPEN.items() if roles & {policy.ANYBODY, policy.SIGNED_IN}}
    assert {name for name in open_pages if looks[name] is not Sees.NOTHING} == {"home"}
    assert len(looks) > 130 and all(isinstance(each, Sees) for each in looks.values())


def test_who_may_come_is_read_where_it_is_declared(visitors: Visitors) -> None:
    """A page that shows a person and declares that it reads nothing breaks rather than go unrecorded."""
    plan, who = Plan(visitors), who_is("alice")
    address = next(each for each in every_address() if each.name == "person")
    target = next(each for each in plan.chosen(address, who, thorough=False) if each.whose == OWN)
    assert visitors.send(Cell(who, target)).status == 200
    with declaring(address.callback.route, reads=Reads.NOTHING):
        assert visitors.send(Cell(who, target)).status == 500
