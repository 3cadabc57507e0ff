"""The documentation names what is there: every link, picture and command."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

from commissioning.demo.sign_ins import PASSWORD, SIGN_INS

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
DRAWINGS = ROOT / "docs" / "drawings"  # made by hand, and held to saying in words what they show
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
COMMAND = re.compile(r"(?:\./run manage|manage\.py) +([a-z_]+)")
NAME = re.compile(r"[a-z][a-z0-9-]*")

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def prose(document: Path) -> str:
    return FENCE.sub("", document.read_text())


def anchors(document: Path) -> set[str]:
    """The addresses of headings, as code hosts make them."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(prose(document))}


def pictures_taken() -> set[str]:
    """The names of the pictures that browser tests take."""
    return {name for file in (ROOT / "commissioning" / "tests" / "browser").glob("test_*.py") for name in _taken(file)}


def _taken(file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text())
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or len(node.args) < 2:
            continue
        wanted = node.args[1]
        # A name that is worked out is one of the words that the module writes out.
        names = {str(wanted.value)} if isinstance(wanted, ast.Constant) else set(filter(NAME.fullmatch, texts))
        if node.func.attr == "take":
            yield from names
        elif node.func.attr == "take_pages":
            yield from (f"{name}-{page}" for name in names for page in range(1, 5))


@each_document
def test_it_links_only_to_what_is_there(document: Path) -> None:
    broken = []
    for target in LINK.findall(prose(document)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        other = (document.parent / path).resolve() if path else document
        if not other.exists() or (anchor and other.suffix == ".md" and anchor not in anchors(other)):
            broken.append(target)
    assert broken == []


@each_document
def test_it_shows_only_pictures_that_tests_take_and_describes_them(document: Path) -> None:
    taken = pictures_taken()
    have_been_taken = any(PICTURES.glob("*.png"))
    for described, target in PICTURE.findall(prose(document)):
        picture = (document.parent / target).resolve()
        assert described, f"{target} has no description"
        if picture.parent == DRAWINGS:
            assert picture.suffix == ".svg" and picture.exists(), target
            continue
        assert picture.parent == PICTURES, target
        assert picture.stem in taken, f"no test takes {target}"
        assert picture.exists() or not have_been_taken, f"{target} is missing: COMMISSIONING_PICTURES=1 ./run test"


@each_document
def test_it_names_only_commands_that_exist(document: Path) -> None:
    named = set(COMMAND.findall(document.read_text()))
    assert named <= set(get_commands()), named - set(get_commands())


def test_readme_lists_the_examples_sign_ins() -> None:
    words = (ROOT / "README.md").read_text()
    assert PASSWORD in words
    for each in SIGN_INS:
        assert each.email in words and each.name in words


def test_every_guide_and_decision_can_be_found() -> None:
    """From the page that lists them."""
    for folder, page in (("guides", ROOT / "README.md"), ("decisions", ROOT / "docs" / "architecture.md")):
        words = page.read_text()
        for document in (ROOT / "docs" / folder).glob("*.md"):
            assert f"{folder}/{document.name}" in words, f"{page.name} does not link to {document.name}"
