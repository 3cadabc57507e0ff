"""The ASVS assessment names every requirement once, and only tests and files that are there."""

import ast
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from commissioning.tests.figures import Say

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security" / "asvs.md"
WANTED = Path(__file__).parent / "data" / "asvs-5.0.0-levels-1-and-2.txt"
EVIDENCE = (
    PAGE,
    ROOT / "docs" / "hazards.md",
    ROOT / "docs" / "information-governance.md",
    ROOT / "docs" / "privacy.md",
)

ROW = re.compile(r"^\| (V\d+\.\d+\.\d+) \| (\d) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
ANSWERS = ("Met", "By deployment", "Not applicable", "Not met yet")
NAMED = re.compile(r"`([\w.-]+(?:/[\w.-]+)+|requirements\.txt|pyproject\.toml)(?:::([\w:]+))?`")
WAYS = re.compile(r"`[^`]*/[^`]*`|`[\w-]+\.(?:txt|toml)`|\]\([^)]+\)")


@dataclass(frozen=True)
class Row:
    number: str
    level: str
    answer: str
    why: str


def rows() -> list[Row]:
    found = ROW.findall(PAGE.read_text())
    return [Row(number, level, answer, why) for number, level, _short, answer, why in found]


@cache
def names_in(file: Path) -> frozenset[str]:
    """The names of a file's tests, those of classes as `Class::test`."""
    names: set[str] = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ClassDef):
            names |= {f"{node.name}::{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
    return frozenset(names)


def test_every_requirement_is_answered_once() -> None:
    wanted = [tuple(line.split()) for line in WANTED.read_text().splitlines() if not line.startswith("#")]
    assert len(wanted) == len(set(wanted)) == 253
    assert [(row.number, row.level) for row in rows()] == wanted


def test_every_answer_is_one_of_four_and_says_why() -> None:
    for row in rows():
        assert row.answer in ANSWERS, row
        assert len(row.why) > 6, row.number
        if row.answer == "By deployment":
            assert WAYS.search(row.why), f"{row.number} does not say where it is described"


def test_what_is_met_names_what_shows_it() -> None:
    bare = [row.number for row in rows() if row.answer == "Met" and not WAYS.search(row.why)]
    # There is nothing to show where there is no such page.
    assert bare == ["V4.1.2"]


@pytest.mark.parametrize("page", EVIDENCE, ids=lambda path: path.name)
def test_every_file_and_test_named_is_there(page: Path) -> None:
    named = NAMED.findall(page.read_text())
    missing = [path for path, _test in named if not (ROOT / path).exists()]
    assert not missing, missing
    missing = [f"{path}::{test}" for path, test in named if test and test not in names_in(ROOT / path)]
    assert not missing, missing


def test_its_summary_counts_the_answers(figure: Say) -> None:
    counts = Counter(row.answer for row in rows())
    words = PAGE.read_text()
    for answer in ANSWERS:
        assert f"| {answer} | {counts[answer]} |" in words, (answer, counts[answer])
    figure("ASVS 5.0.0 level 2", ", ".join(f"{counts[answer]} {answer.lower()}" for answer in ANSWERS) + ", 253 in all")


def test_it_lists_what_is_not_met() -> None:
    """The reader must not have to look for it among the rest."""
    (listed,) = re.findall(r"^## What is not met yet\n(.*?)^## ", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert re.findall(r"^- \*\*(V[\d.]+)\*\*", listed, re.MULTILINE) == [
        row.number for row in rows() if row.answer == "Not met yet"
    ]
