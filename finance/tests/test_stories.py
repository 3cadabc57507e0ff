"""The three stories of the field give exactly the figures that were worked out independently of the application."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

STORIES = Path(__file__).parent / "data" / "stories"

pytestmark = pytest.mark.django_db


@pytest.fixture
def stories(db: None) -> None:
    call_command("load_dataset", str(STORIES), "--partnership", "STORIES", stdout=StringIO())


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_it_prints_the_expected_trajectory_by_funder(stories: None) -> None:
    text = printed(
        "cost_trajectory", "--partnership", "STORIES", "--from", "2016-02", "--to", "2026-10", "--by", "funder"
    )
    assert text == (STORIES / "expected" / "cost_trajectory_by_funder.csv").read_text()


def test_it_prints_the_expected_trajectory_by_person_and_provider(stories: None) -> None:
    text = printed(
        "cost_trajectory", "--partnership", "STORIES", "--from", "2025-01", "--to", "2026-10", "--by", "person,provider"
    )
    assert text == (STORIES / "expected" / "cost_trajectory_by_person_provider.csv").read_text()


def test_it_prints_the_expected_weekly_costs(stories: None) -> None:
    text = printed("weekly_costs", "--partnership", "STORIES", "--on", "2026-10-31")
    assert text == (STORIES / "expected" / "weekly_costs_2026-10-31.csv").read_text()
