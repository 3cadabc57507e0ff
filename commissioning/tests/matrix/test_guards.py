"""The database's wall is proven alone: it stands while the application asks for everything."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.apps import apps

from commissioning.tests.figures import Say
from commissioning.tests.matrix import policy
from commissioning.tests.matrix.canaries import Canary
from commissioning.tests.matrix.cells import Plan, eight
from commissioning.tests.matrix.walk import Cell, Judge, Visitors
from commissioning.tests.matrix.world import who_is

pytestmark = pytest.mark.django_db


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
    """The wall keeps rows, not columns: that of a person a provider wrote about before is there for what it wrote."""
    return it.person in cell.who.supported and it.kind in policy.IDENTITY | {"communication"}


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
