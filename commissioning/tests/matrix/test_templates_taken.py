"""Every condition of a template that asks about the actor is settled, to true and to false, and it is noticed.

Settled wrongly, a page shows or says what policy keeps from somebody, or leads them to an address that is closed to
them; or what it is for somebody changes, such as when a button that they need is gone.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.template.loader import get_template

from commissioning.reports.actions import make_report
from commissioning.tests.figures import Say
from commissioning.tests.matrix.addresses import OWN
from commissioning.tests.matrix.beginnings import begin
from commissioning.tests.matrix.cells import Plan
from commissioning.tests.matrix.faces import Face, every_face, opened
from commissioning.tests.matrix.settled import Condition, Settled, conditions, settling
from commissioning.tests.matrix.walk import Answer, Judge, Visitors
from commissioning.tests.matrix.world import waiting_reports, who_is

pytestmark = pytest.mark.django_db

SHOWN, ASTRAY, CHANGED = "shown", "led astray", "changed"
# Of each page as each person, so many are enough.
OF_EACH_PAGE, AT_MOST = 2, 16
Page = tuple[int, str]


@dataclass
class Conditions:
    """Which faces ask which condition and how it comes out there, and what becomes of them when it is settled."""

    visitors: Visitors
    judge: Judge
    settled: Settled
    asked: dict[tuple[Condition, bool], list[Face]] = field(default_factory=dict)
    before: dict[Face, Page] = field(default_factory=dict)
    wrong_before: list[str] = field(default_factory=list)

    def learn(self, faces: Iterable[Face]) -> None:
        """Everything once, with every condition as it is."""
        for face in faces:
            self.settled.asked.clear()
            faults, self.before[face] = self.ask(face)
            self.wrong_before += [f"{face}: {each}" for each in faults]
            for condition, came in self.settled.asked.items():
                for each in came:
                    self.asked.setdefault((condition, each), []).append(face)

    def ask(self, face: Face) -> tuple[list[str], Page]:
        """What a page shows, says or leads to that policy does not allow, and the page."""
        answer = self._sent(face)
        faults = (each for each in self.judge.faults_of(face.cell, answer) if not each.startswith("answers otherwise"))
        return list(faults), answer.says_nothing_of(face.cell.target)

    def _sent(self, face: Face) -> Answer:
        if face.scene is None:
            return self.visitors.send(face.cell)
        with transaction.atomic():
            face.scene(self.judge.world)
            answer = self.visitors.send(face.cell)
            transaction.set_rollback(True)
        return answer

    def missed(self, condition: Condition, value: bool) -> str:
        """How it is noticed that a condition is settled so, where it comes out otherwise; empty where it is not."""
        changed = False
        for face in chosen(self.asked.get((condition, not value), [])):
            self.settled.settle(condition, value)
            faults, page = self.ask(face)
            self.settled.settle(None)
            if page[0] >= 500:
                continue
            if faults:
                return ASTRAY if all(each.startswith("leads to") for each in faults) else SHOWN
            # The same page once more, so that the clock or a token is not taken for the difference.
            changed = changed or (page != self.before[face] and self.ask(face)[1] == self.before[face])
        return CHANGED if changed else ""


def chosen(faces: list[Face]) -> list[Face]:
    """Some of each page as each person, pages about one's own first."""
    counts: Counter[tuple[str, ...]] = Counter()
    found = []
    for face in sorted(faces, key=lambda each: each.cell.target.whose != OWN):
        page = (face.cell.who.key, face.cell.target.name, face.cell.method)
        counts[page] += 1
        if counts[page] <= OF_EACH_PAGE:
            found.append(face)
    return found[:AT_MOST]


@pytest.mark.drill
def test_every_condition_of_a_template_is_missed(visitors: Visitors, wall_down: None, figure: Say) -> None:
    for report in list(waiting_reports(visitors.world))[:1]:
        make_report(report.pk)
    every = conditions()
    with settling() as settled:
        found = Conditions(visitors, Judge(visitors.world), settled)
        found.learn(every_face(Plan(visitors), begin(visitors)))
        assert not found.wrong_before, "\n".join(found.wrong_before[:40])
        became = {each: (found.missed(each, True), found.missed(each, False)) for each in every}
    removed = sum(all((each, value) in found.asked for value in (True, False)) for each in every)
    ways = Counter(min(filter(None, pair), key=(SHOWN, ASTRAY, CHANGED).index) for pair in became.values() if all(pair))
    caught = ways.total()
    said = ", ".join(f"{way} {ways[way]}" for way in (SHOWN, ASTRAY, CHANGED))
    figure("guards of templates: enumerated, removed, caught", f"{len(every)}, {removed}, {caught} ({said})")
    not_missed = [f"{each}: {pair}" for each, pair in became.items() if not all(pair)]
    assert caught == removed == len(every), "Not missed:\n" + "\n".join(not_missed)


def test_every_condition_has_its_switch() -> None:
    with settling() as settled:
        for name in {each.template for each in conditions()}:
            get_template(name.removeprefix("templates/"))
    assert settled.switched == set(conditions()) and len(conditions()) > 150


def test_a_button_that_somebody_may_not_press_is_noticed(visitors: Visitors) -> None:
    """And no longer, when the condition decides again."""
    audrey, judge = who_is("audrey"), Judge(visitors.world)
    cell = opened(audrey, "people")
    condition = next(each for each in conditions() if each.template.endswith("people/people.html"))
    with settling() as settled:
        settled.settle(condition, True)
        (fault,) = judge.faults_of(cell, visitors.send(cell))
        assert fault == "leads to /people/new/person/, which is closed to them"
        settled.settle(None)
        assert not list(judge.faults_of(cell, visitors.send(cell)))
