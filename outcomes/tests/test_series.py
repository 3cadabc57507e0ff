"""Answers over time: by measure and view, never averaged, and fast for a partnership over ten years."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation
from commissioning.core.periods import Month
from commissioning.tests.fixtures import make_person, make_placement
from outcomes.models import Answer, Checklist, Framework, Measure
from outcomes.queries import (
    Change,
    accepted_months,
    answers_by_month,
    answers_of,
    framework_in_force,
    latest_answers,
    outcome_change,
)
from people.models import Person

Make = Callable[..., Checklist]


def test_it_gives_a_persons_answers_by_measure_and_view(send: Make, jo: Person, month: Month) -> None:
    send({"home": "3", "medication": "4"}, month.plus(-2))
    send({"home": "4", "medication": "3"}, month)
    send({"home": "2"}, month, "person")
    home, medication = answers_by_month(jo)
    assert (home.measure_code, home.is_life, medication.is_life) == ("home", True, False)
    assert [(view.view, [(str(each.month), each.number) for each in view.answers]) for view in home.views] == [
        ("person", [(str(month), Decimal(2))]),
        ("staff", [(str(month.plus(-2)), Decimal(3)), (str(month), Decimal(4))]),
    ]


def test_it_leaves_out_drafts_and_what_is_before(send: Make, answer: Make, jo: Person, month: Month) -> None:
    send({"home": "3"}, month.plus(-5))
    answer({"home": "5"}, month)
    (home,) = answers_by_month(jo)
    assert len(home.views[0].answers) == 1
    assert answers_by_month(jo, month.plus(-4).first) == ()


def test_it_keeps_a_provider_to_its_own(
    send: Make, jo: Person, larkrise: Organisation, by_mabel: Actor, month: Month
) -> None:
    send({"home": "3"}, month)
    Checklist.objects.update(provider=larkrise)
    assert answers_by_month(jo, actor=by_mabel) == ()
    assert latest_answers(jo, provider=by_mabel.organisation) == ()
    assert len(answers_by_month(jo)) == 1


def test_it_tells_change_by_each_measures_own_direction(send: Make, jo: Person, month: Month) -> None:
    send({"home": "3", "medication": "3", "people": "4", "doing": "A walk"}, month.plus(-6))
    send({"home": "4", "medication": "4", "people": "4", "learning": "yes", "doing": "Two walks"}, month)
    found = {each.measure_code: each for each in outcome_change([jo.pk], month.plus(-6), month)}
    assert {code: each.change for code, each in found.items()} == {
        "home": Change.BETTER,
        "people": Change.SAME,
        "learning": Change.NOT_KNOWN,
        "medication": Change.WORSE,
    }
    assert (found["home"].before, found["home"].after) == (Decimal(3), Decimal(4))


def test_it_never_compares_one_view_with_another(send: Make, jo: Person, month: Month) -> None:
    send({"home": "2"}, month.plus(-6), "person")
    send({"home": "5"}, month)
    assert {(each.view, each.change) for each in outcome_change([jo.pk], month.plus(-6), month)} == {
        ("person", Change.NOT_KNOWN),
        ("staff", Change.NOT_KNOWN),
    }


def test_it_lets_an_answer_stand_for_two_months_more(send: Make, jo: Person, month: Month) -> None:
    send({"home": "2"}, month.plus(-8))
    send({"home": "5"}, month.plus(-2))
    assert [each.change for each in outcome_change([jo.pk], month.plus(-6), month)] == [Change.BETTER]
    assert [each.change for each in outcome_change([jo.pk], month.plus(-5), month)] == [Change.NOT_KNOWN]


def test_it_breaks_the_series_where_the_scale_changed(
    send: Make, jo: Person, framework: Framework, month: Month
) -> None:
    send({"home": "4"}, month.plus(-1))
    newer = Framework.objects.create(partnership=jo.partnership, code="AS-ONE", version="2", in_force_from=month.first)
    ten = Measure.objects.create(
        framework=newer, code="home", title="Home", domain="Home", kind="scale", better="higher", minimum=1, maximum=10
    )
    assert framework_in_force(jo.partnership, month) == newer
    assert framework_in_force(jo.partnership, month.plus(-1)) == framework
    sent = Checklist.objects.create(
        person=jo,
        provider=Checklist.objects.get().provider,
        framework=newer,
        month=month.first,
        view="staff",
        status="submitted",
    )
    Answer.objects.create(checklist=sent, measure=ten, value="5", number=5)
    assert [each.maximum for each in answers_by_month(jo)] == [Decimal(5), Decimal(10)]
    assert [each.change for each in outcome_change([jo.pk], month.plus(-1), month)] == [Change.NOT_KNOWN]


def test_it_chooses_the_framework_agreed_before_the_one_that_ships(jo: Person, month: Month) -> None:
    assert framework_in_force(jo.partnership, month) is None
    agreed = Framework.objects.create(partnership=jo.partnership, code="LIFE", version="1")
    assert framework_in_force(jo.partnership, month) == agreed
    Framework.objects.create(partnership=jo.partnership, code="AS-ONE", version="1")
    assert framework_in_force(jo.partnership, month) == agreed
    later = Framework.objects.create(
        partnership=jo.partnership, code="LIFE", version="2", in_force_from=month.plus(1).first
    )
    assert framework_in_force(jo.partnership, month) == agreed
    assert framework_in_force(jo.partnership, month.plus(1)) == later


def test_it_says_in_which_months_a_checklist_was_accepted(send: Make, jo: Person, month: Month) -> None:
    send({"home": "3"}, month.plus(-1))
    accepted = send({"home": "3"}, month)
    Checklist.objects.filter(pk=accepted.pk).update(status=Checklist.Status.ACCEPTED)
    assert accepted_months([jo.pk], month.plus(-6), month) == {jo.pk: frozenset({month})}


def test_it_reads_ten_years_of_a_partnership_in_two_queries(
    jo: Person, meadow: Organisation, measures: dict[str, Measure], month: Month
) -> None:
    people = [make_person(jo.partnership, f"P-{number}") for number in range(140)]
    for number, person in enumerate(people):
        make_placement(person, meadow, f"PL-X{number}", start=dt.date(2015, 1, 1))
    checklists = Checklist.objects.bulk_create(
        Checklist(
            person=person,
            provider=meadow,
            framework=measures["home"].framework,
            month=month.plus(-back).first,
            view="staff",
            status="accepted",
        )
        for person in people
        for back in range(0, 120, 6)
    )
    Answer.objects.bulk_create(
        Answer(checklist=checklist, measure=measures[code], value="3", number=3)
        for checklist in checklists
        for code in ("home", "people", "days", "medication")
    )
    with CaptureQueriesContext(connection) as queries:
        assert len(outcome_change([each.pk for each in people], month.plus(-114), month)) == 140 * 4
    assert len(queries) == 2
    with CaptureQueriesContext(connection) as queries:
        rows = answers_of([each.pk for each in people], month.plus(-119), month)
    assert (len(rows), len(queries)) == (140 * 4 * 20, 1)
    with CaptureQueriesContext(connection) as queries:
        assert sum(len(each.views[0].answers) for each in answers_by_month(people[0])) == 4 * 20
    assert len(queries) == 1
