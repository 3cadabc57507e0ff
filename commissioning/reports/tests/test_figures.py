"""Frozen figures: what is in them, and what must never be."""

import datetime as dt
import json
import re
from decimal import Decimal
from typing import Any

import pytest

from commissioning.accounts.models import Organisation, Partnership
from commissioning.reports import figures
from commissioning.reports.documents import compose, figures_text
from commissioning.reports.models import Board, Edition
from commissioning.reports.tests.conftest import OCTOBER
from commissioning.tests.fixtures import make_person, make_placement
from finance.models import Baseline, CostLine
from people.models import Person

AT = dt.datetime(2026, 11, 5, 9, 0, tzinfo=dt.UTC)


def frozen(board: Board, edition: str, **options: Any) -> dict[str, Any]:
    facts = figures.gather(board, OCTOBER, frozen_at=AT)
    return figures.build(facts, edition, revision=1, released={}, **options).figures


@pytest.fixture
def plant(estuary: Partnership, many: list[Person]) -> Person:
    """A person with a name and a price like nobody else's."""
    person = make_person(estuary, "QUIRK-9", given_name="Zebedee", family_name="Quillfeather")
    placement = make_placement(person, many[0].placements.all()[0].provider, "PLANT", start=dt.date(2026, 1, 1))
    CostLine.objects.create(
        partnership=estuary, reference="PLANT-L", placement=placement, kind="core_support", basis="weekly",
        amount=Decimal("1987.65"), start=dt.date(2026, 1, 1),
    )  # fmt: skip
    Baseline.objects.create(person=person, weekly_cost=Decimal("2345.67"), as_at=dt.date(2025, 12, 31), source="x")
    return person


@pytest.mark.parametrize("edition", [Edition.BOARD, Edition.EASY_READ])
def test_it_publishes_no_name_reference_or_price(board: Board, plant: Person, edition: str) -> None:
    told = frozen(board, edition)
    for text in (figures_text(told), compose(told)):
        for secret in ("Zebedee", "Quillfeather", "QUIRK-9", "1,987", "198765", "2,345", "234567", "1987", "2345"):
            assert secret not in text


def test_it_names_people_in_the_working_pack(board: Board, plant: Person) -> None:
    told = frozen(board, Edition.WORKING)
    line = next(each for each in told["working"]["people"] if each["reference"] == "QUIRK-9")
    assert line["name"] == "Zebedee Quillfeather"
    assert (line["baseline"], line["weekly"], line["change"]) == ("£2,345.67", "£1,987.65", "−£358.02")
    assert line["annual_words"] == "£18,617.04 less a year"
    assert "Zebedee Quillfeather" in compose(told)


def test_it_publishes_no_money_for_three_people_and_says_why(
    board: Board, estuary: Partnership, meadow: Organisation
) -> None:
    for place in range(3):
        person = make_person(estuary, f"S-{place}", programme_start=dt.date(2026, 1, 1))
        placement = make_placement(person, meadow, f"SP-{place}")
        CostLine.objects.create(
            partnership=estuary, reference=f"SL-{place}", placement=placement, kind="core_support", basis="weekly",
            amount=Decimal("3100.00"), start=dt.date(2026, 7, 1),
        )  # fmt: skip
        Baseline.objects.create(person=person, weekly_cost=Decimal("5500"), as_at=dt.date(2026, 6, 30), source="x")
    told = frozen(board, Edition.BOARD)
    text = compose(told)
    assert "Fewer than ten people can be compared" in text
    amounts = {word for word in text.replace("<", " ").split() if word.startswith("£") and word[1:2].isdigit()}
    assert amounts <= {"£50", told["cost"]["level_unit"], told["cost"]["change_unit"]}  # the method's words
    assert told["cost"]["baseline"]["number"] is None


def test_it_rounds_every_published_count_to_5_and_every_amount_to_the_unit(board: Board, many: list[Person]) -> None:
    told = frozen(board, Edition.BOARD)
    unit = int(told["cost"]["change_unit"].replace("£", "").replace(",", "")) * 100
    for month in told["cost"]["months"]:
        assert month["change"]["number"] % unit == 0
    for row in (told["lives"]["everyone"], *told["lives"]["domains"]):
        for name in ("better", "same", "worse", "not_known"):
            number = row[name]["number"]
            assert number is None or (number >= 10 and number % 5 == 0)


def test_it_compares_only_people_with_a_baseline(board: Board, many: list[Person], plant: Person) -> None:
    plant.baseline.delete()
    told = frozen(board, Edition.WORKING)
    assert told["cost"]["supported"]["number"] == 41
    assert told["cost"]["compared"]["number"] == 40
    assert told["working"]["without_baseline"] == ["QUIRK-9"]


def test_it_keeps_an_all_in_baseline_out_of_the_headline(board: Board, many: list[Person], plant: Person) -> None:
    Baseline.objects.filter(person=plant).update(scope="all_in")
    told = frozen(board, Edition.WORKING)
    assert told["cost"]["compared"]["number"] == 40
    scope = next(each for each in told["quality"]["findings"] if "something else" in each["label"])
    assert scope["shown"]["number"] == 1


def test_it_counts_no_saving_when_support_ends(board: Board, many: list[Person]) -> None:
    before = frozen(board, Edition.WORKING)["cost"]["compared"]["number"]
    CostLine.objects.filter(placement__person=many[3]).update(end=dt.date(2026, 9, 30))
    told = frozen(board, Edition.WORKING)
    assert told["cost"]["compared"]["number"] == before - 1


def test_it_foots_change_and_baseline(board: Board, many: list[Person]) -> None:
    for edition in (Edition.BOARD, Edition.WORKING):
        cost = frozen(board, edition)["cost"]
        assert cost["baseline"]["number"] + cost["change"]["number"] == cost["now"]["number"]


def test_it_never_adds_lives_up_and_says_who_is_not_known(board: Board, many: list[Person]) -> None:
    everyone = frozen(board, Edition.WORKING)["lives"]["everyone"]
    assert [everyone[name]["number"] for name in ("better", "same", "worse", "not_known")] == [32, 4, 4, 0]


def test_it_says_little_of_an_empty_partnership(board: Board) -> None:
    for edition in Edition:
        told = frozen(board, edition)
        assert json.loads(figures_text(told)) == told
        assert compose(told)


def test_it_gives_the_same_words_whatever_a_hidden_number_is(board: Board, many: list[Person]) -> None:
    """With or without a few homes that ended badly, the published edition reads the same."""
    before = compose(frozen(board, Edition.BOARD))
    for person in many[:3]:
        person.placements.filter(end__isnull=False).update(end_reason="breakdown")
    assert compose(frozen(board, Edition.BOARD)) == before


def test_it_tells_no_unit_where_no_money_is_shown(board: Board, many: list[Person]) -> None:
    """A unit is set from the largest price, so it is told only beside a sum of ten people or more."""
    Person.objects.filter(pk__in=[person.pk for person in many[5:]]).update(died_on=dt.date(2026, 9, 1))
    told = frozen(board, Edition.BOARD)
    assert (told["cost"]["level_unit"], told["cost"]["change_unit"]) == ("", "")
    assert not re.search(r"£\d", compose(told))
