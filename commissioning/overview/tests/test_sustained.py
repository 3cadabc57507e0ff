"""Cost rule 9, clause by clause, and the worked example from the database."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation
from commissioning.core.periods import Month
from commissioning.overview.sustained import (
    Clause,
    Evidence,
    Judgement,
    Supported,
    Thresholds,
    Verdict,
    judge,
    reductions,
    sustained,
    sustained_of,
    thresholds,
)
from commissioning.tests.fixtures import make_person, make_placement
from finance.models import Baseline, CostLine
from finance.queries import open_book
from outcomes.models import Answer, Checklist, Framework, Incident, Measure
from outcomes.queries import AnswerRow, PersonIncidents
from people.models import Person, Placement, Suspension

OCTOBER = Month(2026, 10)
JULY_1 = dt.date(2026, 7, 1)


def scores(numbers: Mapping[str, object], measure: str = "home", view: str = "staff", **fields: Any) -> list[AnswerRow]:
    """Answers of one measure: month to number."""
    values = {"is_life": True, "kind": "scale", "better": "higher", **fields}
    return [
        AnswerRow(1, Month.parse(month), measure, view, Decimal(str(number)), **values)
        for month, number in numbers.items()
    ]


def serious(counts: dict[str, int]) -> list[PersonIncidents]:
    return [PersonIncidents(1, Month.parse(month), count + 3, count, 0) for month, count in counts.items()]


BETTER = {"2026-04": 1, "2026-05": 1, "2026-06": 1, "2026-08": 4, "2026-09": 5, "2026-10": 5}
HELD = Evidence(
    month=OCTOBER,
    reduced_on=JULY_1,
    accepted=frozenset({OCTOBER}),
    answers=scores(BETTER),
    supported=(Supported(dt.date(2020, 9, 1), dt.date(2026, 6, 30)), Supported(JULY_1, None)),
)


def clause(judgement: Judgement, wanted: Clause) -> bool | None:
    return next(reason.holds for reason in judgement.reasons if reason.clause is wanted)


def test_it_is_sustained_when_every_clause_holds() -> None:
    judgement = judge(HELD)
    assert judgement.verdict is Verdict.SUSTAINED
    assert judgement.words == "sustained: outcomes held to October 2026"


@pytest.mark.parametrize("accepted", ["2026-09", "2026-10", "2026-11"])
def test_it_takes_a_checklist_accepted_in_the_month_or_a_neighbouring_one(accepted: str) -> None:
    assert judge(replace(HELD, accepted=frozenset({Month.parse(accepted)}))).verdict is Verdict.SUSTAINED


def test_it_is_not_known_without_an_accepted_checklist() -> None:
    judgement = judge(replace(HELD, accepted=frozenset({Month(2026, 8)})))
    assert judgement.verdict is Verdict.NOT_KNOWN
    assert judgement.words == (
        "not known if sustained in October 2026: no checklist was accepted in or next to October 2026"
    )


@pytest.mark.parametrize(
    ("after", "verdict"),
    [((3, 3, 3), Verdict.SUSTAINED), ((3, 3, 2), Verdict.NOT_SUSTAINED), ((5, 1, 3), Verdict.SUSTAINED)],
)
def test_it_allows_one_scale_point_on_the_mean_of_three_months(after: tuple[int, ...], verdict: Verdict) -> None:
    given = {"2026-04": 4, "2026-05": 4, "2026-06": 4}
    given |= dict(zip(("2026-08", "2026-09", "2026-10"), after, strict=True))
    assert judge(replace(HELD, answers=scores(given))).verdict is verdict


@pytest.mark.parametrize(("after", "verdict"), [(18, Verdict.SUSTAINED), (17, Verdict.NOT_SUSTAINED)])
def test_it_allows_a_tenth_of_a_counts_earlier_mean(after: int, verdict: Verdict) -> None:
    given = {"2026-05": 20, "2026-06": 20, "2026-09": after}
    assert judge(replace(HELD, answers=scores(given, kind="count"))).verdict is verdict


def test_it_reads_a_lower_count_as_better_where_the_measure_says_so() -> None:
    rising, falling = {"2026-06": 10, "2026-10": 12}, {"2026-06": 10, "2026-10": 2}
    lower = {"kind": "count", "better": "lower"}
    assert judge(replace(HELD, answers=scores(rising, **lower))).verdict is Verdict.NOT_SUSTAINED
    assert judge(replace(HELD, answers=scores(falling, **lower))).verdict is Verdict.SUSTAINED


def test_it_judges_each_view_and_never_their_average() -> None:
    person = scores({"2026-06": 5, "2026-10": 3}, view="person")
    assert judge(replace(HELD, answers=scores(BETTER) + person)).verdict is Verdict.NOT_SUSTAINED


def test_it_leaves_out_measures_of_support_and_those_without_a_direction() -> None:
    support = scores({"2026-06": 5, "2026-10": 1}, "agency", is_life=False)
    neither = scores({"2026-06": 5, "2026-10": 1}, "sleep", better="")
    assert judge(replace(HELD, answers=scores(BETTER) + support + neither)).verdict is Verdict.SUSTAINED


def test_it_is_not_known_where_life_was_not_scored_before_or_since() -> None:
    since_only, before_only = scores({"2026-10": 5}), scores({"2026-06": 5})
    assert clause(judge(replace(HELD, answers=since_only)), Clause.LIFE) is None
    assert clause(judge(replace(HELD, answers=before_only)), Clause.LIFE) is None
    unsaid = judge(replace(HELD, answers=scores(BETTER) + scores({"2026-06": 5}, "days")))
    assert unsaid.verdict is Verdict.NOT_KNOWN


def test_it_counts_serious_incidents_for_each_day_supported() -> None:
    same_rate = serious({"2026-05": 91, "2026-09": 92})  # 91 days before, 92 days since
    assert judge(replace(HELD, incidents=same_rate)).verdict is Verdict.SUSTAINED
    more = judge(replace(HELD, incidents=serious({"2026-05": 91, "2026-09": 93})))
    assert more.verdict is Verdict.NOT_SUSTAINED
    assert "93 in 92 days, 91 in 91 before" in more.words


def test_it_does_not_know_incidents_of_days_without_support() -> None:
    judgement = judge(replace(HELD, supported=(Supported(JULY_1, None),)))
    assert clause(judgement, Clause.INCIDENTS) is None


def test_it_is_not_sustained_after_an_admission() -> None:
    stay = Supported(dt.date(2026, 9, 3), dt.date(2026, 9, 20), is_hospital=True)
    in_hospital = judge(replace(HELD, supported=(*HELD.supported, stay)))
    kept_open = judge(replace(HELD, admitted=((dt.date(2026, 10, 31), None),)))
    ended = judge(
        replace(
            HELD, supported=(*HELD.supported, Supported(JULY_1, dt.date(2026, 9, 2), end_reason="hospital_admission"))
        )
    )
    for judgement in (in_hospital, kept_open, ended):
        assert judgement.verdict is Verdict.NOT_SUSTAINED
        assert clause(judgement, Clause.STAYED) is False


def test_it_forgives_a_hospital_stay_before_the_reduction_or_long_ago() -> None:
    before = Supported(dt.date(2026, 5, 1), dt.date(2026, 6, 30), is_hospital=True)
    long_ago = (dt.date(2026, 7, 4), dt.date(2026, 7, 20))
    assert judge(replace(HELD, supported=(*HELD.supported, before), admitted=(long_ago,))).verdict is Verdict.SUSTAINED


def test_it_is_not_sustained_where_a_breakdown_brought_the_reduction() -> None:
    broke = Supported(dt.date(2020, 9, 1), dt.date(2026, 6, 30), end_reason="breakdown")
    early = replace(HELD, month=Month(2026, 7), accepted=frozenset({Month(2026, 7)}))
    assert judge(replace(early, supported=(broke, Supported(JULY_1, None)))).verdict is Verdict.NOT_SUSTAINED


def test_it_says_until_when_outcomes_must_hold_in_the_first_months() -> None:
    early = judge(replace(HELD, month=Month(2026, 8), accepted=frozenset()))
    assert early.words == "sustained if outcomes hold to September 2026"


def test_it_uses_no_answer_older_than_the_reduction_for_the_time_since() -> None:
    given = {"2026-04": 4, "2026-05": 4, "2026-06": 4, "2026-07": 2}
    july = replace(HELD, month=Month(2026, 7), answers=scores(given))
    assert judge(july).verdict is Verdict.NOT_SUSTAINED  # with June's the mean would be above 3


def test_it_takes_its_thresholds_from_settings_and_says_them(settings: Any) -> None:
    assert "one point of its scale, or 10% of a count" in thresholds().in_words
    settings.SUSTAINED_THRESHOLDS = {"scale_points": Fraction(2), "months": 6}
    assert thresholds() == Thresholds(months=6, scale_points=Fraction(2))
    assert "over 6 months" in thresholds().in_words


# ---------------------------------------------------------------- from the database


def add_line(placement: Placement, reference: str, amount: str, start: dt.date, end: dt.date | None = None) -> CostLine:
    return CostLine.objects.create(
        partnership=placement.partnership,
        reference=reference,
        placement=placement,
        kind="core_support",
        basis="weekly",
        amount=Decimal(amount),
        start=start,
        end=end,
    )


def add_checklist(
    person: Person, provider: Organisation, month: str, measure: Measure, number: int, status: str = "accepted"
) -> None:
    checklist = Checklist.objects.create(
        person=person,
        provider=provider,
        framework=measure.framework,
        month=Month.parse(month).first,
        view="staff",
        status=status,
    )
    Answer.objects.create(checklist=checklist, measure=measure, value=str(number), number=Decimal(number))


@pytest.fixture
def home_measure(estuary: Any) -> Measure:
    framework = Framework.objects.create(partnership=estuary, code="LIFE", version="1")
    return Measure.objects.create(
        framework=framework,
        code="home",
        title="Home",
        domain="Home",
        kind="scale",
        better="higher",
        minimum=1,
        maximum=5,
    )


@pytest.fixture
def moved(jo: Person, meadow: Organisation, larkrise: Organisation, home_measure: Measure) -> Person:
    """Jo moved on 1 July 2026 and costs £2,400 a week less; home was 1 and is 5."""
    before = make_placement(jo, larkrise, "JO-1", start=dt.date(2020, 9, 1), end=dt.date(2026, 6, 30))
    after = make_placement(jo, meadow, "JO-2", start=JULY_1)
    add_line(before, "A", "5500", before.start, before.end)
    add_line(after, "B", "3100", JULY_1)
    Baseline.objects.create(person=jo, weekly_cost=Decimal("5500"), as_at=dt.date(2026, 6, 30), source="Last price")
    for month in ("2026-05", "2026-06"):
        add_checklist(jo, larkrise, month, home_measure, 1)
    add_checklist(jo, meadow, "2026-10", home_measure, 5)
    return jo


def test_it_judges_jos_october_from_what_is_recorded(moved: Person, by_alice: Actor) -> None:
    judgement = sustained(by_alice, moved, OCTOBER)
    assert judgement is not None
    assert judgement.reduced_on == JULY_1
    assert judgement.verdict is Verdict.SUSTAINED
    Incident.objects.create(
        partnership=moved.partnership,
        reference="I",
        person=moved,
        occurred_on=dt.date(2026, 9, 5),
        kind="police",
        severity=3,
    )
    worse = sustained(by_alice, moved, OCTOBER)
    assert worse is not None and worse.verdict is Verdict.NOT_SUSTAINED


def test_it_sees_a_hospital_stay_with_the_home_kept_open(moved: Person, by_alice: Actor) -> None:
    Suspension.objects.create(
        placement=Placement.objects.get(reference="JO-2"), start=dt.date(2026, 9, 1), reason="hospital", percent_paid=50
    )
    judgement = sustained(by_alice, moved, OCTOBER)
    assert judgement is not None and judgement.verdict is Verdict.NOT_SUSTAINED


def test_it_has_nothing_to_judge_without_a_saving(moved: Person, by_alice: Actor) -> None:
    assert sustained(by_alice, moved, Month(2026, 6)) is None
    Baseline.objects.update(scope=Baseline.Scope.ALL_IN)
    assert sustained(by_alice, moved, OCTOBER) is None


def test_it_dates_the_reduction_from_the_last_rise_to_the_baseline(moved: Person, by_alice: Actor) -> None:
    line = CostLine.objects.get(reference="B")
    CostLine.objects.filter(pk=line.pk).update(end=dt.date(2026, 7, 31))
    add_line(line.its_placement, "C", "5600", dt.date(2026, 8, 1), dt.date(2026, 8, 31))
    add_line(line.its_placement, "D", "3000", dt.date(2026, 9, 10))
    book = open_book(by_alice)
    assert reductions(book, [moved], dt.date(2026, 10, 31)) == {moved.pk: dt.date(2026, 9, 10)}
    assert reductions(book, [moved], dt.date(2026, 8, 31)) == {}
    assert reductions(book, [moved], dt.date(2026, 9, 5)) == {}


def test_it_judges_many_people_with_a_fixed_number_of_queries(
    moved: Person, meadow: Organisation, by_alice: Actor, django_assert_num_queries: Any
) -> None:
    people: Iterable[Person] = [make_person(moved.partnership, f"P-{number}", given_name="P") for number in range(6)]
    for number, person in enumerate(people):
        add_line(make_placement(person, meadow, f"PL-{number}", start=JULY_1), f"L-{number}", "3000", JULY_1)
        Baseline.objects.create(person=person, weekly_cost=Decimal("4000"), as_at=JULY_1, source="Before")
    everyone = list(Person.objects.all())
    book = open_book(by_alice)
    with django_assert_num_queries(7):
        found = sustained_of(by_alice, book, everyone, OCTOBER)
    assert len(found) == 7
    assert {each.verdict for each in found.values()} == {Verdict.SUSTAINED, Verdict.NOT_KNOWN}
