"""A year of the pooled budget worked by hand, to the penny; what is refused; two people at once; history."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership
from commissioning.core.editing import version_of
from commissioning.core.errors import Refused, Stale
from commissioning.core.periods import FinancialYear
from commissioning.tests.fixtures import make_person, make_placement
from finance import actions
from finance.actions import Assumptions, NewBudgetChange, NewLine, NewPlannedChange, NewShare, YearOfBudgets
from finance.models import Budget, BudgetChange, BudgetYear, PlannedChange
from finance.queries.book import open_book
from finance.queries.budget_records import year_records
from finance.queries.budgets import double_running, year_of_money
from people.models import Person, Placement

pytestmark = pytest.mark.django_db

YEAR = FinancialYear(2026)
APRIL, OCTOBER, TODAY = dt.date(2026, 4, 1), dt.date(2026, 10, 1), dt.date(2026, 11, 22)


def pounds(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


@pytest.fixture
def council(jo: Person) -> Organisation:
    return jo.council


@pytest.fixture
def icb(jo: Person) -> Organisation:
    return jo.icb


@pytest.fixture
def by_finn(finn: Membership) -> Actor:
    return Actor.of(finn)


@pytest.fixture
def flat(jo: Person, meadow: Organisation, by_alice: Actor) -> Placement:
    """£700 a week from April, £70 more from February, halved between council and NHS board."""
    flat = make_placement(jo, meadow, reference="JO-1", start=APRIL)
    actions.add_line(placement=flat, new=NewLine("core_support", "weekly", pounds("700"), APRIL), by=by_alice)
    actions.add_line(placement=flat, new=NewLine("transport", "weekly", pounds("70"), dt.date(2027, 2, 1)), by=by_alice)
    for funder in (jo.council, jo.icb):
        actions.add_share(placement=flat, new=NewShare(funder, "s117", pounds("50"), APRIL), by=by_alice)
    return flat


@pytest.fixture
def house(estuary: Partnership, meadow: Organisation, council: Organisation, by_alice: Actor) -> Placement:
    """£350 a week for years, the council's alone; the placement ends with the year, and its price has no last day."""
    sam = make_person(estuary, "SAM")
    house = make_placement(
        sam, meadow, reference="SAM-1", start=dt.date(2020, 4, 1), end=dt.date(2026, 12, 31), end_reason="planned_move"
    )
    start = dt.date(2020, 4, 1)
    actions.add_line(placement=house, new=NewLine("core_support", "weekly", pounds("350"), start), by=by_alice)
    actions.add_share(placement=house, new=NewShare(council, "care_act", pounds("100"), start), by=by_alice)
    return house


def enter(by: Actor, council: Organisation, icb: Organisation, **changed: object) -> None:
    band = Assumptions(OCTOBER, pounds("1"), pounds("2"), pounds("3"))
    entered = YearOfBudgets(
        {(council, ""): pounds("30,000"), (icb, ""): pounds("26,000")}, "Joint board", dt.date(2026, 3, 12), band
    )
    actions.set_budgets(year=YEAR, entered=replace(entered, **changed), by=by)  # type: ignore[arg-type]


@pytest.fixture
def entered(council: Organisation, icb: Organisation, by_finn: Actor) -> None:
    enter(by_finn, council, icb)


def budget_of(organisation: Organisation) -> Budget:
    return Budget.objects.get(partner=organisation)


def expected(**changed: object) -> NewPlannedChange:
    new = NewPlannedChange(
        "step_down", dt.date(2027, 1, 1), pounds("-140"), pounds("-70"), pounds("0"), "Fewer hours by day"
    )
    return replace(new, **changed)  # type: ignore[arg-type]


@pytest.fixture
def planned(flat: Placement, icb: Organisation, by_finn: Actor) -> None:
    """A step-down at Jo's flat from January, and somebody new from March who is the NHS board's."""
    actions.plan_change(new=expected(placement=flat, person=flat.person), by=by_finn)
    somebody = expected(
        kind="new_person",
        on=dt.date(2027, 3, 1),
        weekly_low=pounds("0"),
        weekly_expected=pounds("1400"),
        weekly_high=pounds("2100"),
        note="Somebody leaves children’s services",
        funder=icb,
    )
    actions.plan_change(new=somebody, by=by_finn)


@pytest.mark.usefixtures("flat", "house", "entered", "planned")
def test_a_year_comes_to_what_is_worked_by_hand(council: Organisation, icb: Organisation, by_finn: Actor) -> None:
    """April to October are 214 days, November to March 151.

    Council: to date 214 × (£50 + £50) = £21,400; the rest 151 × £100 + 59 × £5 = £15,395; Sam's placement ends, so
    January to March (90 × £50 = £4,500) go; the step-down is half of 90 × £10 = £450; 2% from October is half of
    26 × £14 = £182 and 92 × £1 = £92.
    NHS board: £10,700 and £7,845; half the step-down; 31 × £200 = £6,200 for somebody new; £182.
    """
    actions.change_budget(
        budget=budget_of(council),
        new=NewBudgetChange(pounds("2000"), OCTOBER, "Winter", taken_from=budget_of(icb)),
        by=by_finn,
    )
    found = year_of_money(by_finn, YEAR, TODAY)
    ours, nhs = found.rows
    assert found.upto == dt.date(2026, 10, 31)
    assert [ours.name, nhs.name] == [str(council), str(icb)]
    assert (ours.contribution_pence, ours.changes_pence, ours.budget_pence) == (3_000_000, 200_000, 3_200_000)
    assert (ours.actual_pence, ours.committed_pence) == (2_140_000, 3_229_500)
    assert (ours.low_pence, ours.expected_pence, ours.high_pence) == (3_153_200, 3_211_900, 3_270_600)
    assert ours.variance and (ours.variance.pence, ours.variance.tenths_of_percent) == (11_900, 4)
    assert (nhs.budget_pence, nhs.actual_pence, nhs.committed_pence) == (2_400_000, 1_070_000, 1_854_500)
    assert (nhs.low_pence, nhs.expected_pence, nhs.high_pence) == (1_773_600, 2_447_700, 2_811_800)
    assert nhs.variance and (nhs.variance.pence, nhs.variance.tenths_of_percent) == (47_700, 20)
    assert ours.uncommitted_pence == -29_500
    assert found.total.expected_pence == 3_211_900 + 2_447_700
    steps = {step.key: step.of()[1] for step in found.forecast.steps}
    assert steps == {
        "actual": 2_140_000 + 1_070_000,
        "rest": 1_539_500 + 784_500,
        "ends": -450_000,
        "planned": -90_000 + 620_000,
        "uplift": 18_200 + 9_200 + 18_200,
    }


@pytest.mark.usefixtures("flat", "house", "entered", "planned")
def test_its_months_run_up_to_the_year_and_the_budget_to_the_contribution(by_finn: Actor, icb: Organisation) -> None:
    change = NewBudgetChange(pounds("-1,000"), dt.date(2027, 3, 1), "Less need")
    actions.change_budget(budget=budget_of(icb), new=change, by=by_finn)
    found = year_of_money(by_finn, YEAR, TODAY)
    last = found.months[-1]
    total = found.total
    assert (last.low_pence, last.expected_pence, last.high_pence) == (
        total.low_pence,
        total.expected_pence,
        total.high_pence,
    )
    assert [month.actual_pence is None for month in found.months] == [False] * 7 + [True] * 5
    assert found.months[6].actual_pence == total.actual_pence
    assert last.budget_pence == total.budget_pence == 5_500_000
    assert found.months[0].budget_pence == 460_274  # £56,000 × 30 ÷ 365
    assert found.months[10].budget_pence == 5_124_384  # × 334 ÷ 365: the change has not begun


@pytest.mark.usefixtures("flat", "house", "entered", "planned")
def test_a_change_that_happened_counts_no_more_and_one_that_is_late_counts_from_now(by_finn: Actor) -> None:
    before = year_of_money(by_finn, YEAR, TODAY).forecast.step("planned").of()
    step_down, somebody = PlannedChange.objects.order_by("reference")
    fields = {name: getattr(somebody, name) for name in vars(expected())}
    new = NewPlannedChange(**fields)
    actions.edit_planned_change(change=somebody, new=new, state="happened", version=version_of(somebody), by=by_finn)
    now = year_of_money(by_finn, YEAR, TODAY).forecast.step("planned").of()
    assert (before, now) == ((-180_000, 530_000, 930_000), (-180_000, -90_000, 0))
    late = NewPlannedChange(**{name: getattr(step_down, name) for name in vars(expected())})
    late = replace(late, on=dt.date(2026, 5, 1), until=dt.date(2026, 11, 30))
    actions.edit_planned_change(change=step_down, new=late, state="expected", version=None, by=by_finn)
    november_alone = year_of_money(by_finn, YEAR, TODAY)
    assert november_alone.forecast.step("planned").of()[1] == -30_000
    assert [change.is_overdue(TODAY) for change in november_alone.planned] == [True]


@pytest.mark.usefixtures("flat", "house")
def test_a_year_without_a_budget_shows_what_it_costs(by_finn: Actor) -> None:
    found = year_of_money(by_finn, YEAR, TODAY)
    assert not found.has_budget
    assert {row.variance for row in found.rows} == {None}
    assert found.total.budget_pence is None and found.total.actual_pence == 3_210_000


@pytest.mark.usefixtures("flat", "house", "entered")
def test_before_the_year_all_of_it_is_forecast_and_after_it_nothing_is(by_finn: Actor) -> None:
    before = year_of_money(by_finn, YEAR, dt.date(2026, 4, 15))
    after = year_of_money(by_finn, YEAR, dt.date(2027, 6, 1))
    assert before.upto is None and before.total.actual_pence == 0
    assert before.total.expected_pence == year_of_money(by_finn, YEAR, TODAY).total.expected_pence
    assert after.upto == YEAR.last
    assert after.forecast.step("rest").of() == (0, 0, 0)
    assert after.forecast.step("ends").of() == (0, 0, 0), "what has accrued is what the records say"


@pytest.mark.usefixtures("flat")
def test_what_nobody_pays_stands_apart(house: Placement, by_finn: Actor) -> None:
    house.shares.all().delete()
    rows = year_of_money(by_finn, YEAR, TODAY).rows
    assert rows[-1].name == "Nobody yet" and rows[-1].actual_pence == 1_070_000


@pytest.mark.usefixtures("flat")
def test_double_running_is_counted_apart(house: Placement, by_finn: Actor) -> None:
    Placement.objects.filter(pk=house.pk).update(double_running=True)
    found = double_running(by_finn, YEAR, dt.date(2026, 10, 31), open_book(by_finn))
    assert [(each.placement.reference, each.actual_pence) for each in found] == [("SAM-1", 1_070_000)]
    assert found[0].year_pence == 1_825_000


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"uplift_low": None}, "uplift_low"),
        ({"uplift_from": None}, "uplift_from"),
        ({"uplift_low": Decimal("2.5")}, "uplift_expected"),
        ({"uplift_high": Decimal("1.5")}, "uplift_high"),
    ],
)
def test_it_refuses_an_uplift_that_is_not_whole_or_in_order(
    changed: dict[str, Decimal], field: str, council: Organisation, icb: Organisation, by_finn: Actor
) -> None:
    band = replace(Assumptions(OCTOBER, pounds("1"), pounds("2"), pounds("3")), **changed)  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        enter(by_finn, council, icb, assumptions=band)
    assert refused.value.field == field
    assert not Budget.objects.exists(), "nothing of the page is saved"


@pytest.mark.usefixtures("entered")
def test_it_refuses_a_change_that_does_not_hold_together(
    council: Organisation, icb: Organisation, by_finn: Actor
) -> None:
    ours, nhs = budget_of(council), budget_of(icb)
    good = NewBudgetChange(pounds("100"), OCTOBER, "Winter")
    for new, field in (
        (replace(good, amount=pounds("0")), "amount"),
        (replace(good, on=dt.date(2027, 4, 1)), "on"),
        (replace(good, reason=" "), "reason"),
        (replace(good, taken_from=ours), "taken_from"),
        (replace(good, amount=pounds("-5"), taken_from=nhs), "amount"),
        (replace(good, amount=pounds("26000.01"), taken_from=nhs), "amount"),
    ):
        with pytest.raises(Refused) as refused, transaction.atomic():
            actions.change_budget(budget=ours, new=new, by=by_finn)
        assert refused.value.field == field
    assert not BudgetChange.objects.exists()


@pytest.mark.usefixtures("entered")
def test_a_contribution_with_changes_is_not_taken_away(
    council: Organisation, icb: Organisation, by_finn: Actor
) -> None:
    actions.change_budget(budget=budget_of(council), new=NewBudgetChange(pounds("100"), OCTOBER, "Winter"), by=by_finn)
    with pytest.raises(Refused, match="has changes in 2026/27"):
        enter(by_finn, council, icb, contributions={(council, ""): None})
    enter(by_finn, council, icb, contributions={(icb, ""): None})
    assert list(Budget.objects.values_list("partner", flat=True)) == [council.pk]


@pytest.mark.usefixtures("entered")
def test_the_second_of_two_to_save_a_year_is_told(council: Organisation, icb: Organisation, by_finn: Actor) -> None:
    opened = version_of(*year_records(by_finn, YEAR))
    enter(by_finn, council, icb, contributions={(council, ""): pounds("31,000")})
    with pytest.raises(Stale), transaction.atomic():
        actions.set_budgets(
            year=YEAR, entered=YearOfBudgets({(council, ""): pounds("29,000")}), version=opened, by=by_finn
        )
    assert budget_of(council).amount == pounds("31,000")


@pytest.mark.usefixtures("entered")
def test_history_keeps_what_a_budget_was_and_who_agreed(
    council: Organisation, icb: Organisation, by_finn: Actor
) -> None:
    events = Budget.pgh_event_model.objects  # type: ignore[attr-defined]  # pghistory's
    enter(by_finn, council, icb, contributions={(council, ""): pounds("31,000")}, agreed_by="Executive")
    mine = events.filter(pgh_obj_id=budget_of(council).pk).order_by("pgh_id")
    assert [(each.amount, each.agreed_by) for each in mine] == [
        (pounds("30,000"), "Joint board"),
        (pounds("31,000"), "Executive"),
    ]
    assert budget_of(icb).agreed_by == "Joint board", "a contribution that did not change keeps who agreed it"
    assert events.filter(pgh_obj_id=budget_of(icb).pk).count() == 1


def test_only_those_who_look_after_money_write_it(
    council: Organisation, icb: Organisation, audrey: Membership, clara: Membership, mabel: Membership
) -> None:
    for membership in (audrey, clara, mabel):
        by = Actor.of(membership)
        with pytest.raises(PermissionDenied):
            enter(by, council, icb)
        with pytest.raises(PermissionDenied):
            actions.plan_change(new=expected(funder=icb), by=by)
    assert not Budget.objects.exists()


def test_providers_and_clinicians_see_no_budget(
    entered: None, planned: None, clara: Membership, mabel: Membership, audrey: Membership
) -> None:
    for membership in (clara, mabel):
        by = Actor.of(membership)
        assert not Budget.objects.visible_to(by).exists() and not PlannedChange.objects.visible_to(by).exists()
    assert Budget.objects.visible_to(Actor.of(audrey)).count() == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"note": " "}, "note"),
        ({"until": dt.date(2026, 12, 31)}, "until"),
        ({"weekly_low": Decimal(0)}, "weekly_expected"),
        ({"weekly_high": Decimal(-100)}, "weekly_high"),
        ({"funder": None}, "funder"),
    ],
)
def test_it_refuses_an_expected_change_that_does_not_hold_together(
    changed: dict[str, object], field: str, icb: Organisation, by_finn: Actor
) -> None:
    with pytest.raises(Refused) as refused:
        actions.plan_change(new=expected(**({"funder": icb} | changed)), by=by_finn)
    assert refused.value.field == field


def test_the_database_itself_refuses_a_band_out_of_order(estuary: Partnership, entered: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetYear.objects.update(uplift_high=Decimal("0.5"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.update(amount=Decimal("-1"))
