"""The example partnership says something on every page, is the same each time, and is never loaded in production."""

import datetime as dt
from io import StringIO
from pathlib import Path

import nhs_number as checker
import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from commissioning.accounts.models import Partnership
from commissioning.demo.dataset import nhs_number
from commissioning.demo.partnership import CODE, build
from commissioning.interchange.actions import dump_folder, load_folder

TODAY = dt.date(2026, 11, 21)


def test_the_same_day_gives_the_same_rows() -> None:
    assert build(TODAY).files == build(TODAY).files


def test_it_is_of_the_size_the_field_described() -> None:
    files = build(TODAY).files
    assert len(files["people"]) == 140
    assert len([row for row in files["organisations"] if row["kind"] == "support_provider"]) >= 25
    assert {row["person_ref"] for row in files["placements"]} == {row["person_ref"] for row in files["people"]}


def test_its_nhs_numbers_belong_to_nobody() -> None:
    numbers = [row["nhs_number"] for row in build(TODAY).files["people"]]
    assert len(set(numbers)) == 140
    assert all(number.startswith("999") and checker.is_valid(number) for number in numbers)
    assert all(checker.is_valid(nhs_number(number)) for number in range(200))


@pytest.mark.django_db
def test_it_is_never_loaded_in_production() -> None:
    with override_settings(PRODUCTION=True), pytest.raises(CommandError, match="never loaded in production"):
        call_command("load_example")
    assert not Partnership.objects.exists()


@pytest.mark.django_db
def test_it_goes_out_and_comes_in_elsewhere_unchanged(tmp_path: Path) -> None:
    call_command("load_example", "--today", "2026-11-21", stderr=StringIO(), stdout=StringIO())
    here = Partnership.objects.get(code=CODE)
    dump_folder(folder=tmp_path / "here", partnership=here)
    outcome = load_folder(folder=tmp_path / "here", partnership_code="ELSEWHERE")
    assert not outcome.faults
    dump_folder(folder=tmp_path / "there", partnership=Partnership.objects.get(code="ELSEWHERE"))
    for file in sorted((tmp_path / "here").iterdir()):
        assert (tmp_path / "there" / file.name).read_bytes() == file.read_bytes(), file.name
    assert load_folder(folder=tmp_path / "here", partnership_code=CODE).changes_nothing
