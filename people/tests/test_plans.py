"""Plans in versions, and goals."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership
from commissioning.core.editing import version_of
from commissioning.core.errors import Refused, RefusedMany, Stale
from commissioning.tests.fixtures import signed_in
from commissioning.tests.forms import opened
from people.actions import add_goal, agree_plan, change_goal, change_plan, start_plan
from people.actions.plans import PlanWords, TakingPart
from people.models import Goal, Person, Plan
from people.queries import current_plan, goals_of, plans_to_review
from people.tests.conftest import TOOK_PART, WORDS

JUNE = dt.date(2026, 6, 1)


def draft(person: Person, by: Actor) -> Plan:
    return change_plan(plan=start_plan(person=person, by=by), version=None, words=WORDS, by=by)


def test_a_new_version_copies_the_last_and_leaves_it_in_force(agreed: Plan, jo: Person, by_alice: Actor) -> None:
    second = start_plan(person=jo, by=by_alice)
    assert (second.number, second.what_matters, second.status) == (2, "Animals\nMy own key", "draft")
    assert (second.person_involvement, second.agreed_on) == ("", None)
    assert current_plan(by_alice, jo) == agreed


def test_agreeing_replaces_what_was_agreed(agreed: Plan, jo: Person, by_alice: Actor) -> None:
    second = start_plan(person=jo, by=by_alice)
    agree_plan(plan=second, version=None, taking_part=TOOK_PART, agreed_on=JUNE, by=by_alice)
    agreed.refresh_from_db()
    assert (agreed.status, current_plan(by_alice, jo)) == ("replaced", second)


@pytest.mark.parametrize("missing", TakingPart.__dataclass_fields__)
def test_it_cannot_be_agreed_without_how_they_took_part(missing: str, jo: Person, by_alice: Actor) -> None:
    plan = draft(jo, by_alice)
    part = TakingPart(**{name: "" if name == missing else getattr(TOOK_PART, name) for name in vars(TOOK_PART)})
    with pytest.raises(RefusedMany) as refused:
        agree_plan(plan=plan, version=None, taking_part=part, agreed_on=JUNE, by=by_alice)
    assert [one.field for one in refused.value] == [missing]
    plan.refresh_from_db()
    assert (plan.status, plan.version, plan.person_involvement) == ("draft", 2, "")


def test_the_database_refuses_it_too(jo: Person, by_alice: Actor) -> None:
    plan = draft(jo, by_alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(status="agreed", agreed_on=JUNE)


def test_not_taking_part_is_a_record_too(jo: Person, by_alice: Actor) -> None:
    part = TakingPart("did_not", "He was in hospital", "did_not", "Nobody could be found; an advocate is asked for")
    plan = agree_plan(plan=draft(jo, by_alice), version=None, taking_part=part, agreed_on=JUNE, by=by_alice)
    assert plan.status == "agreed"


def test_it_refuses_days_that_cannot_be(jo: Person, by_alice: Actor) -> None:
    plan = draft(jo, by_alice)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    with pytest.raises(Refused, match="future"):
        agree_plan(plan=plan, version=None, taking_part=TOOK_PART, agreed_on=tomorrow, by=by_alice)
    with pytest.raises(Refused, match="after the day"):
        agree_plan(plan=plan, version=None, taking_part=TOOK_PART, agreed_on=JUNE, review_by=JUNE, by=by_alice)


def test_an_empty_plan_cannot_be_agreed(jo: Person, by_alice: Actor) -> None:
    plan = start_plan(person=jo, by=by_alice)
    with pytest.raises(Refused, match="Write what matters"):
        agree_plan(plan=plan, version=None, taking_part=TOOK_PART, agreed_on=JUNE, by=by_alice)


def test_an_agreed_version_is_never_changed(agreed: Plan, by_alice: Actor) -> None:
    with pytest.raises(Refused, match="Make a new version"):
        change_plan(plan=agreed, version=version_of(agreed), words=PlanWords("Other"), by=by_alice)
    with pytest.raises(Refused, match="Make a new version"):
        agree_plan(plan=agreed, version=version_of(agreed), taking_part=TOOK_PART, agreed_on=JUNE, by=by_alice)


@pytest.mark.parametrize("change", [{"what_matters": "Other"}, {"agreed_on": dt.date(2026, 1, 1)}, {"status": "draft"}])
def test_the_database_keeps_an_agreed_version_as_it_was(agreed: Plan, change: dict[str, object]) -> None:
    with pytest.raises(InternalError), transaction.atomic():
        Plan.objects.filter(pk=agreed.pk).update(**change)


def test_there_is_one_draft_at_a_time(jo: Person, by_alice: Actor) -> None:
    start_plan(person=jo, by=by_alice)
    with pytest.raises(Refused, match="still a draft"):
        start_plan(person=jo, by=by_alice)


def test_a_draft_somebody_else_changed_is_not_overwritten(jo: Person, by_alice: Actor) -> None:
    opened_at = version_of(plan := start_plan(person=jo, by=by_alice))
    change_plan(plan=plan, version=None, words=WORDS, by=by_alice)
    with pytest.raises(Stale):
        change_plan(plan=plan, version=opened_at, words=PlanWords("Mine"), by=by_alice)
    with pytest.raises(Stale):
        agree_plan(plan=plan, version=opened_at, taking_part=TOOK_PART, agreed_on=JUNE, by=by_alice)


def test_providers_do_not_write_plans(jo: Person, mabel: Membership) -> None:
    with pytest.raises(PermissionDenied):
        start_plan(person=jo, by=Actor.of(mabel))


def test_the_browser_says_at_the_field_who_took_part(alice: Membership, jo: Person, by_alice: Actor) -> None:
    plan = draft(jo, by_alice)
    today = timezone.localdate()
    client = signed_in(alice)
    day = {"agreed_on_day": today.day, "agreed_on_month": today.month, "agreed_on_year": today.year}
    sent = {**day, "version": opened(client, "/people/JO/plan/agree/")}
    shown = client.post("/people/JO/plan/agree/", sent).content.decode()
    assert 'href="#id_person_involvement_0">Say whether the person took part' in shown
    assert 'href="#id_family_involvement_how">Say how family or an advocate took part, or why not' in shown
    plan.refresh_from_db()
    assert plan.status == "draft"
    client.post("/people/JO/plan/agree/", {**sent, **vars(TOOK_PART)})
    plan.refresh_from_db()
    assert plan.status == "agreed"


def test_the_browser_writes_a_draft_and_shows_conflicts(alice: Membership, jo: Person) -> None:
    client = signed_in(alice)
    assert "has no plan yet" in client.get("/people/JO/plan/").content.decode()
    client.post("/people/JO/plan/new/")
    version = opened(client, "/people/JO/plan/change/")
    assert client.post("/people/JO/plan/change/", {"version": version, "what_matters": "Goats"}).status_code == 302
    late = client.post("/people/JO/plan/change/", {"version": version, "what_matters": "Horses"})
    assert late.status_code == 409
    assert "Goats" in late.content.decode()
    assert "Horses" in late.content.decode()
    assert Plan.objects.get().what_matters == "Goats"


def test_earlier_versions_can_be_read(alice: Membership, agreed: Plan, jo: Person, by_alice: Actor) -> None:
    second = start_plan(person=jo, by=by_alice)
    changed = change_plan(plan=second, version=None, words=PlanWords("Horses", "Quietly"), by=by_alice)
    agree_plan(plan=changed, version=None, taking_part=TOOK_PART, agreed_on=JUNE, by=by_alice)
    client = signed_in(alice)
    assert "Horses" in client.get("/people/JO/plan/").content.decode()
    assert "My own key" in client.get("/people/JO/plan/versions/1/").content.decode()


def test_plans_due_for_review_are_found(agreed: Plan, jo: Person, by_alice: Actor, charlie: Membership) -> None:
    today = timezone.localdate()
    Plan.objects.filter(pk=agreed.pk).update(review_by=today - dt.timedelta(days=1))
    (due,) = plans_to_review(by_alice, today)
    assert (due.person, due.is_late(today)) == (jo, True)
    assert plans_to_review(Actor.of(charlie), today) == []
    Plan.objects.filter(pk=agreed.pk).update(review_by=today + dt.timedelta(days=200))
    assert plans_to_review(by_alice, today) == []


def goal(jo: Person, by: Actor) -> Goal:
    return add_goal(person=jo, words="“I want my own key”", domain="Home", agreed_on=dt.date(2026, 1, 15), by=by)


def review(goal: Goal, by: Actor, **changes: object) -> Goal:
    values: dict[str, object] = {
        "version": version_of(goal),
        "words": goal.words,
        "domain": goal.domain,
        "status": goal.status,
        "progress": 1,
        "reviewed_on": JUNE,
        **changes,
    }
    return change_goal(goal=goal, by=by, **values)  # type: ignore[arg-type]


def test_goals_get_the_persons_next_reference(jo: Person, by_alice: Actor) -> None:
    assert [goal(jo, by_alice).reference for _ in range(2)] == ["JO-G1", "JO-G2"]
    assert Goal.objects.first().words == "I want my own key"  # type: ignore[union-attr]


def test_reviews_are_told_newest_first(jo: Person, by_alice: Actor) -> None:
    first = review(goal(jo, by_alice), by_alice, progress=-1)
    review(first, by_alice, progress=2, status="achieved", reviewed_on=dt.date(2026, 7, 1))
    (shown,) = goals_of(by_alice, jo)
    assert [each.progress for each in shown.reviews] == ["+2 much better than hoped", "−1 less than hoped", ""]
    assert shown.marks == (False, False, False, False, True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reviewed_on": None}, "reviewed_on"),
        ({"reviewed_on": dt.date(2025, 1, 1)}, "reviewed_on"),
        ({"reviewed_on": dt.date(2100, 1, 1)}, "reviewed_on"),
        ({"progress": 3}, "progress"),
        ({"words": "  "}, "words"),
    ],
)
def test_a_review_refuses_at_the_field(jo: Person, by_alice: Actor, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        review(goal(jo, by_alice), by_alice, **changes)
    assert refused.value.field == field
    assert Goal.objects.get().progress is None


def test_the_browser_adds_and_reviews_a_goal(alice: Membership, jo: Person) -> None:
    client = signed_in(alice)
    day = {"agreed_on_day": 15, "agreed_on_month": 1, "agreed_on_year": 2026}
    client.post("/people/JO/goals/add/", {"words": "I want a dog", "domain": "Home", **day})
    sent = {"words": "I want a dog", "domain": "Home", "status": "working_on", "progress": "-1"}
    sent["version"] = opened(client, "/people/JO/goals/JO-G1/review/")
    missing = client.post("/people/JO/goals/JO-G1/review/", sent)
    assert "Enter the day of the review" in missing.content.decode()
    reviewed = {"reviewed_on_day": 1, "reviewed_on_month": 6, "reviewed_on_year": 2026}
    shown = client.post("/people/JO/goals/JO-G1/review/", {**sent, **reviewed}, follow=True).content.decode()
    assert "−1 less than hoped" in shown
    assert "Alice Commissioner" in shown
    assert client.post("/people/JO/goals/JO-G1/review/", {**sent, **reviewed}).status_code == 409


def test_it_says_what_stays_agreed_only_when_something_was(jo: Person, alice: Membership) -> None:
    client = signed_in(alice)
    assert "What was agreed before" not in client.post("/people/JO/plan/new/", follow=True).content.decode()
    Plan.objects.update(
        status="agreed", agreed_on=dt.date(2026, 1, 1), person_involvement="took_part", person_involvement_how="Yes",
        family_involvement="took_part", family_involvement_how="Yes",
    )  # fmt: skip
    assert "What was agreed before stays" in client.post("/people/JO/plan/new/", follow=True).content.decode()
