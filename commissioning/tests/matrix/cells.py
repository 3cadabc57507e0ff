"""Which cells the matrix has: who, what address about whose thing, by which method, with which data."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from commissioning.accounts.models import Organisation
from commissioning.core.editing import VERSION
from commissioning.core.editing.versions import Opened
from commissioning.tests.matrix import policy
from commissioning.tests.matrix.addresses import (
    FOREIGN,
    FOREIGN_INSIDE,
    MISSING,
    OWN,
    TO_READ,
    Address,
    Target,
    every_address,
    searches,
    targets,
)
from commissioning.tests.matrix.policy import Who
from commissioning.tests.matrix.walk import Cell, Visitors, form_values
from commissioning.tests.matrix.world import World, who_is

# Eight who must be told apart, and the other roles.
EIGHT = ("alice", "charlie", "mabel", "lena", "bea")
OTHERS = ("finn", "clara", "sam", "audrey", "adam")
OUTSIDE = (Who("anonymous", signed_in=False), Who("no role"), Who("disabled", signed_in=False))
Data = tuple[tuple[str, Any], ...]


def eight() -> list[Who]:
    return [*OUTSIDE, *(who_is(key) for key in EIGHT)]


def everybody() -> list[Who]:
    return [*eight(), *(who_is(key) for key in OTHERS)]


@dataclass
class Plan:
    """The cells, in an order in which what does not exist is asked for before what is another's."""

    visitors: Visitors
    forms: dict[str, Data] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.visitors.world

    def reading(self, who: Who, *, thorough: bool = True) -> Iterator[Cell]:
        """Every address, opened."""
        for address in every_address():
            for target in self.chosen(address, who, thorough=thorough):
                yield Cell(who, target)

    def searching(self, who: Who) -> Iterator[Cell]:
        """What somebody could type into an address or a search box, where their role has one."""
        for address in every_address():
            if address.name in policy.MAY_OPEN and policy.lets_in(address.name, who):
                for target in _in_order(searches(address, who, self.world)):
                    if "?" in target.path:
                        yield Cell(who, target)
                    else:
                        yield Cell(who, target, "POST", ((target.searched, target.told),))

    def other_methods(self, who: Who) -> Iterator[Cell]:
        """HEAD, OPTIONS and what the application never answers."""
        for address in every_address():
            target = self.chosen(address, who, thorough=False)[0]
            for method in ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"):
                yield Cell(who, target, method)

    def writing(self, who: Who, *, thorough: bool = True) -> Iterator[Cell]:
        """Every address, sent a form: empty, as it stands on the page, and with what is another's chosen in it."""
        smuggled: set[str] = set()
        for address in every_address():
            lets_in = address.name in policy.MAY_OPEN and policy.lets_in(address.name, who)
            takes = lets_in and "POST" in policy.methods_of(address.name)
            found = self.chosen(address, who, thorough=takes and thorough)
            for target in found if takes else found[:1]:
                data = self.form_of(address, target, who)
                yield Cell(who, target, "POST")
                if data:
                    yield Cell(who, target, "POST", data)
                if lets_in and target.whose == OWN and address.name not in smuggled:
                    smuggled.add(address.name)
                    yield from self.smuggling(who, target, data)

    def chosen(self, address: Address, who: Who, *, thorough: bool) -> list[Target]:
        """All targets; or where nobody is let in anyway, one of one's own and one of another's."""
        found = _in_order(targets(address, who, self.world))
        lets_in = address.name in policy.MAY_OPEN and policy.lets_in(address.name, who)
        if thorough and lets_in:
            return found
        sorts = (MISSING, OWN, TO_READ, FOREIGN) if lets_in else (OWN, FOREIGN)
        firsts = (next((each for each in found if each.whose == sort), None) for sort in sorts)
        return [each for each in firsts if each is not None] or found[:1]

    def form_of(self, address: Address, target: Target, who: Who) -> Data:
        """The form on a page as somebody sees it who may open it."""
        if "POST" not in policy.methods_of(address.name) if address.name in policy.MAY_OPEN else True:
            return ()
        if target.path not in self.forms:
            self.forms[target.path] = self._read_form(address, target)
        return self.forms[target.path]

    def _read_form(self, address: Address, target: Target) -> Data:
        if address.name in policy.ONLY_WRITTEN or target.whose == MISSING:
            return POSTED.get(address.name, ())
        for key in ("alice", "charlie", "mabel", "lena", "adam", "agnes", "clara"):
            who = who_is(key)
            if policy.lets_in(address.name, who):
                answer = self.visitors.send(Cell(who, target))
                if answer.status == 200:
                    return form_values(answer.text)
        return ()

    def smuggling(self, who: Who, target: Target, data: Data) -> Iterator[Cell]:
        """One's own form with a thing of another partnership, or another provider, chosen in it."""
        smuggled = replace(target, whose=FOREIGN_INSIDE)
        for name, _ in data:
            for pattern, kind in CHOICES.items():
                if re.search(pattern, name):
                    for value in self._foreign(kind, who):
                        yield Cell(who, smuggled, "POST", (*(pair for pair in data if pair[0] != name), (name, value)))
        for name, make in IN_DATA.items():
            if target.name == name:
                yield from (Cell(who, smuggled, "POST", tuple(each)) for each in make(self, who))

    def _foreign(self, kind: str, who: Who) -> list[str]:
        if kind == "organisation":
            mine = self.world.partnerships[who.partnership]
            other = Organisation.objects.exclude(links__partnership=mine).order_by("pk")
            return [str(organisation.pk) for organisation in other[:2]]
        found = [it for whose, it in self.world.things[kind] if whose.partnership != who.partnership]
        return [str(it.pk) for it in found[:1]] + [str(it.code) for it in found[:1] if hasattr(it, "code")]


# Fields of forms that choose a thing, and the kind of thing.
CHOICES = {
    r"(^|-)(provider|landlord|organisation|funder|council|icb)$": "organisation",
    r"(^|-)contract$": "contract",
    r"(^|-)(user|clinician)$": "user",
    r"(^|-)board$": "board",
    r"(^|-)members?$": "membership",
}
POSTED: dict[str, Data] = {
    "cqc_match": (("provider_name", "Somebody"), ("organisation", "NOBODY")),
    "checklist_autosave": (("was-1", ""), ("a-1", "5")),
}


def _suppliers(plan: Plan, who: Who) -> Iterator[Data]:
    from finance.models import Supplier

    for supplier in Supplier.objects.exclude(partnership=plan.world.partnerships[who.partnership]):
        for _, link in plan.world.things["link"][:2]:
            yield ((f"supplier:{supplier.supplier_id}", link.code), (VERSION, str(Opened.at({}, [supplier]))))


def _checklists(plan: Plan, who: Who) -> Iterator[Data]:
    for whose, checklist in plan.world.things["checklist"]:
        if whose.partnership != who.partnership:
            chosen = f"{checklist.pk}:{checklist.version}"
            yield (("chosen", chosen), ("shown", chosen), ("back", "//elsewhere.example/"))


IN_DATA = {"payments_match": _suppliers, "checklists_accept": _checklists}


def _in_order(found: Iterator[Target]) -> list[Target]:
    """What does not exist first: the others are held against it."""
    return sorted(found, key=lambda target: (MISSING, OWN, TO_READ, FOREIGN).index(target.whose))
