"""A provider's month in tests: last month, with Jo at Meadow Farm, and answers as a page would post them."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.core.periods import Month
from commissioning.tests.fixtures import make_placement, signed_in
from outcomes.actions import Entry, save_answers, send_checklist
from outcomes.actions.frameworks import ensure_default_framework
from outcomes.models import Checklist, Framework, Measure, View
from outcomes.queries.due import last_month
from people.models import Person, Placement

Answers = dict[str, str]
ALL_ANSWERS = {
    "home": "5",
    "people": "6",
    "days": "5",
    "community_hours": "28",
    "belonging": "4",
    "learning": "yes",
    "good_days": "6",
    "health": "yes",
    "heard": "5",
    "medication": "2",
    "on_call": "0",
    "agency_shifts": "0",
    "staff_left": "0",
    "referrals": "0",
}


@pytest.fixture
def month() -> Month:
    return last_month()


@pytest.fixture
def jos_home(jo: Person, meadow: Organisation) -> Placement:
    return make_placement(jo, meadow, start=timezone.localdate() - dt.timedelta(days=500))


@pytest.fixture
def framework(jo: Person) -> Framework:
    return ensure_default_framework(partnership=jo.partnership, by=Actor.system(jo.partnership))


@pytest.fixture
def measures(framework: Framework) -> dict[str, Measure]:
    return {measure.code: measure for measure in framework.measures.all()}


@pytest.fixture
def by_mabel(mabel: Membership) -> Actor:
    return Actor.of(mabel)


@pytest.fixture
def by_sam(sam: Membership) -> Actor:
    return Actor.of(sam)


@pytest.fixture
def as_mabel(mabel: Membership) -> Client:
    return signed_in(mabel)


@pytest.fixture
def as_sam(sam: Membership) -> Client:
    return signed_in(sam)


@pytest.fixture
def as_alice(alice: Membership) -> Client:
    return signed_in(alice)


@pytest.fixture
def answer(jo: Person, jos_home: Placement, measures: dict[str, Measure], by_mabel: Actor) -> Callable[..., Checklist]:
    """Save answers by measure code as a draft of a month and view."""

    def save(answers: Answers, month: Month, view: str = View.STAFF, by: Actor = by_mabel) -> Checklist:
        entries = {measures[code].pk: Entry(value=value) for code, value in answers.items()}
        return save_answers(person=jo, month=month, view=view, entries=entries, by=by).checklist

    return save


@pytest.fixture
def send(answer: Callable[..., Checklist], by_mabel: Actor) -> Callable[..., Checklist]:
    """Save and send."""

    def act(answers: Answers, month: Month, view: str = View.STAFF) -> Checklist:
        return send_checklist(checklist=answer(answers, month, view), leave_unknown=True, by=by_mabel)

    return act


@pytest.fixture
def posted(measures: dict[str, Measure]) -> Callable[..., dict[str, str]]:
    """A page's post: what was typed, and what stood there when it was opened."""

    def make(answers: Answers, was: Answers | None = None, **extra: str) -> dict[str, str]:
        was = was or {}
        data = {f"was-{measure.pk}": was.get(code, "") for code, measure in measures.items()}
        data |= {f"ewas-{measure.pk}": "" for measure in measures.values()}
        data |= {f"a-{measures[code].pk}": value for code, value in answers.items()}
        return data | extra

    return make
