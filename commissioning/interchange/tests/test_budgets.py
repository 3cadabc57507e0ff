"""Budgets, what changed in them, what is assumed and what is expected travel as files, or say what is wrong."""

from pathlib import Path

import pytest

from commissioning.accounts.models import Partnership
from commissioning.interchange.dumping import dump_files
from commissioning.interchange.tests.datasets import folder_of, load, said
from finance.models import Budget, PlannedChange

pytestmark = pytest.mark.django_db

BUDGETS = "budget_ref,year,partner,pool,amount,agreed_by,agreed_on\n"
CHANGES = "change_ref,budget_ref,on,amount,reason,agreed_by\n"
YEARS = "year,uplift_from,uplift_low,uplift_expected,uplift_high,built_on\n"
PLANNED = "change_ref,kind,person_ref,placement_ref,funder,on,until,weekly_low,weekly_expected,weekly_high,note,state\n"
SOUND = {
    "budgets": f"{BUDGETS}26-A,2026-27,COUNCIL,,99450000.00,Joint board,2026-03-12\n26-B,2026-27,ICB,,95550000.00,,\n",
    "budget_changes": f"{CHANGES}26-A-C1,26-A,2026-10-01,2000.00,Winter,\n26-B-C1,26-B,2026-10-01,-2000.00,Winter,\n",
    "budget_years": f"{YEARS}2026-27,2026-04-01,2.5,3.6,5,2026-03-12\n2027-28,,,,,\n",
    "planned_changes": f"{PLANNED}PC-1,step_down,JO,JO-1,,2027-01-01,,-140.00,-70.00,0.00,Fewer hours,expected\n"
    "PC-2,new_person,,,ICB,2027-03-01,2027-03-31,0.00,1400.00,2100.00,Leaves school,happened\n",
}


def test_they_come_back_as_they_were_given(tmp_path: Path) -> None:
    assert not load(folder_of(tmp_path / "given", **SOUND)).faults
    dumped = dump_files(Partnership.objects.get(code="EST2"))
    assert {name: dumped[f"{name}.csv"].decode() for name in SOUND} == SOUND
    assert Budget.objects.get(reference="26-A").year == 2026
    assert PlannedChange.objects.get(reference="PC-1").placement.reference == "JO-1"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("file", "row", "words"),
    [
        ("budgets", "X,2026-28,COUNCIL,B,1,,", "is not a financial year; write it as 2026-27"),
        ("budgets", "X,2026-27,COUNCIL,,1,,", "The same partner, year and pool as row 2 (26-A)"),
        ("budgets", "X,2026-27,COUNCIL,B,-1,,", "Write £0 or more"),
        ("budgets", "X,2026-27,COUNCIL,B,100000000000,,", "at most £99,999,999,999.99"),
        ("budgets", "X,2026-27,NOBODY,B,1,,", "has no organisation"),
        ("budget_changes", "X,26-A,2027-04-01,1,Late,", "The budget is of 2026/27"),
        ("budget_changes", "X,26-A,2026-10-01,0,Nothing,", "A change of nothing is no change"),
        ("budget_changes", "X,26-Z,2026-10-01,1,Who,", "has no budget with this reference"),
        ("budget_years", "2028-29,2028-04-01,1,2,,", "all three percentages"),
        ("budget_years", "2028-29,2028-04-01,1,3,2,", "This is less than uplift_expected"),
        ("planned_changes", "X,move,JO,,ICB,2027-01-01,2026-01-01,0,0,0,n,", "This is before on (2027-01-01)"),
        ("planned_changes", "X,move,JO,,ICB,2027-01-01,,2,1,3,n,", "This is less than weekly_low"),
        ("planned_changes", "X,move,,JO-1,,2027-01-01,,0,0,0,n,", "This placement is JO’s"),
        ("planned_changes", "X,move,SAM,JO-1,,2027-01-01,,0,0,0,n,", "This placement is JO’s"),
    ],
)
def test_it_says_what_is_wrong_with_a_row(tmp_path: Path, file: str, row: str, words: str) -> None:
    outcome = load(folder_of(tmp_path, **(SOUND | {file: f"{SOUND[file]}{row}\n"})))
    assert words in said(outcome)
    assert len(outcome.faults) == 1
    assert not Budget.objects.exists()
