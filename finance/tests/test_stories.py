"""The three stories of the field give exactly the figures that were worked out independently of the application."""

import csv
import datetime as dt
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from commissioning.accounts.models import Organisation, Partnership, PartnershipOrganisation
from finance.models import Baseline, CostLine, FundingShare
from people.models import Person, Placement

STORIES = Path(__file__).parent / "data" / "stories"

pytestmark = pytest.mark.django_db


def rows_of(name: str) -> list[dict[str, str]]:
    with (STORIES / name).open(newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@pytest.fixture
def stories(db: None) -> Partnership:
    partnership = Partnership.objects.create(code="STORIES", name="Stories")
    organisations = {}
    for row in rows_of("organisations.csv"):
        organisations[row["code"]] = Organisation.objects.create(name=row["name"], kind=row["kind"])
        PartnershipOrganisation.objects.create(
            partnership=partnership, organisation=organisations[row["code"]], code=row["code"]
        )
    for row in rows_of("people.csv"):
        Person.objects.create(
            partnership=partnership,
            reference=row["person_ref"],
            given_name=row["given_name"],
            family_name=row["family_name"],
            date_of_birth=row["date_of_birth"],
            diagnosis=row["diagnosis"],
            council=organisations[row["council"]],
            icb=organisations[row["icb"]],
            programme_start=day(row["programme_start"]),
        )
    for row in rows_of("placements.csv"):
        Placement.objects.create(
            partnership=partnership,
            reference=row["placement_ref"],
            person=Person.objects.get(reference=row["person_ref"]),
            provider=organisations[row["provider"]],
            setting=row["setting"],
            start=row["start"],
            end=day(row["end"]),
        )
    for row in rows_of("cost_lines.csv"):
        CostLine.objects.create(
            partnership=partnership,
            reference=row["line_ref"],
            placement=Placement.objects.get(reference=row["placement_ref"]),
            kind=row["kind"],
            basis=row["basis"],
            amount=Decimal(row["amount"]),
            units_per_week=Decimal(row["units_per_week"]) if row["units_per_week"] else None,
            start=row["start"],
            end=day(row["end"]),
        )
    for row in rows_of("funding.csv"):
        FundingShare.objects.create(
            placement=Placement.objects.get(reference=row["placement_ref"]),
            line=CostLine.objects.get(reference=row["line_ref"]) if row["line_ref"] else None,
            funder=organisations[row["funder"]],
            route=row["route"],
            percent=Decimal(row["percent"]),
            start=row["start"],
            end=day(row["end"]),
        )
    for row in rows_of("baselines.csv"):
        person = Person.objects.get(reference=row["person_ref"])
        Baseline.objects.create(
            person=person, weekly_cost=Decimal(row["weekly_cost"]), as_at=row["as_at"], source=row["source"]
        )
    return partnership


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_it_prints_the_expected_trajectory_by_funder(stories: Partnership) -> None:
    text = printed(
        "cost_trajectory", "--partnership", "STORIES", "--from", "2016-02", "--to", "2026-10", "--by", "funder"
    )
    assert text == (STORIES / "expected" / "cost_trajectory_by_funder.csv").read_text()


def test_it_prints_the_expected_trajectory_by_person_and_provider(stories: Partnership) -> None:
    text = printed(
        "cost_trajectory", "--partnership", "STORIES", "--from", "2025-01", "--to", "2026-10", "--by", "person,provider"
    )
    assert text == (STORIES / "expected" / "cost_trajectory_by_person_provider.csv").read_text()


def test_it_prints_the_expected_weekly_costs(stories: Partnership) -> None:
    text = printed("weekly_costs", "--partnership", "STORIES", "--on", "2026-10-31")
    assert text == (STORIES / "expected" / "weekly_costs_2026-10-31.csv").read_text()
