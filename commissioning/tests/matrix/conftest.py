"""The world of the matrix, made once for each module: every test undoes what it does."""

import logging
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from commissioning.tests.matrix.walk import Visitors
from commissioning.tests.matrix.world import World, build


@pytest.fixture(scope="module")
def visitors(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Visitors]:
    """The world with a browser for everybody in it, inside one transaction that is undone at the end."""
    # Thousands of refusals are expected, and as many downloads as there are cells.
    logging.disable(logging.ERROR)
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(DOWNLOADS_EACH_HOUR=1_000_000):
        yield Visitors(build())
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(visitors: Visitors) -> World:
    return visitors.world
