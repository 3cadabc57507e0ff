"""What the tests of this app share."""

import datetime as dt
from collections.abc import Callable

import pytest

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership
from commissioning.core.editing import version_of
from people.actions import PersonDetails, agree_plan, change_plan, start_plan
from people.actions.plans import PlanWords, TakingPart
from people.models import ClinicalInvolvement, Person, Plan

TOOK_PART = TakingPart("took_part", "Jo chose the photos", "took_part", "Anne, her mother, came")
WORDS = PlanWords("Animals\nMy own key", "Two people I know", "Feed the goats", "Noise at night")


@pytest.fixture
def advised(jo: Person, clara: Membership) -> Membership:
    """Clara, who advises on Jo's support."""
    ClinicalInvolvement.objects.create(person=jo, user=clara.user, start=dt.date(2026, 1, 1))
    return clara


@pytest.fixture
def agreed(jo: Person, by_alice: Actor) -> Plan:
    """Version 1 of Jo's plan, agreed."""
    plan = change_plan(plan=start_plan(person=jo, by=by_alice), version=None, words=WORDS, by=by_alice)
    return agree_plan(
        plan=plan, version=version_of(plan), taking_part=TOOK_PART, agreed_on=dt.date(2026, 6, 1), by=by_alice
    )


@pytest.fixture
def details(jo: Person) -> Callable[..., PersonDetails]:
    """A person's details, with what a test changes."""

    def with_changes(**changes: object) -> PersonDetails:
        values: dict[str, object] = {
            "given_name": "Ama",
            "family_name": "Boateng",
            "date_of_birth": dt.date(1985, 4, 2),
            "diagnosis": "autism",
            "council": jo.council,
            "icb": jo.icb,
            **changes,
        }
        return PersonDetails(**values)  # type: ignore[arg-type]

    return with_changes
