"""The house keeps its shape: what a linter of imports cannot see."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
# From the ground up; siblings share a floor and never know each other.
FLOORS = {
    "core": 0, "audit": 1, "accounts": 2, "providers": 3, "people": 4, "outcomes": 5, "finance": 5, "overview": 6,
    "interchange": 7, "reports": 8, "rights": 9, "demo": 10,
}  # fmt: skip
LONGEST_FUNCTION = 50


def our_files(*patterns: str) -> list[Path]:
    found = [path for pattern in patterns for path in ROOT.glob(pattern)]
    return [path for path in found if not {".venv", "migrations", "tests"} & set(path.relative_to(ROOT).parts)]


def test_models_point_only_at_floors_below() -> None:
    wrong, seen = [], 0
    for model in apps.get_models():
        own = FLOORS.get(model._meta.app_label)
        for field in model._meta.get_fields():
            other = getattr(field.related_model, "_meta", None) if field.is_relation and field.concrete else None
            if own is None or other is None or other.app_label not in FLOORS:
                continue
            seen += 1
            above = FLOORS[other.app_label] > own
            sibling = FLOORS[other.app_label] == own and other.app_label != model._meta.app_label
            if above or sibling:
                wrong.append(f"{model.__name__}.{field.name} points at {other.label}")
    assert seen > 50 and not wrong, wrong


# Ways to the rows of a table that ask nobody on whose behalf.
WAYS_ROUND = frozenset({"objects", "_default_manager", "_base_manager", "raw", "cursor", "get_queryset"})
SHORTCUTS = frozenset({"get_object_or_404", "get_list_or_404", "connection", "connections"})


def reads_unscoped(source: str) -> list[int]:
    """The lines on which code reaches rows otherwise than through a scoped query."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Attribute) and node.attr in WAYS_ROUND)
        or (isinstance(node, ast.Name) and node.id in SHORTCUTS)
    ]


def test_views_read_only_through_a_scope() -> None:
    files = our_files("**/views.py", "**/views/*.py")
    wrong = [f"{path.relative_to(ROOT)}:{line}" for path in files for line in reads_unscoped(path.read_text())]
    assert len(files) > 10 and not wrong, wrong


@pytest.mark.parametrize(
    "source",
    [
        "Person.objects.get(pk=pk)",
        "people = Person._default_manager",
        "get_object_or_404(Person, pk=pk)",
        "shortcuts = [get_list_or_404]",
        "Person.objects.raw('SELECT 1')",
        "with connection.cursor() as cursor:\n    pass",
    ],
)
def test_it_sees_a_read_without_a_scope(source: str) -> None:
    assert reads_unscoped(source)
    assert not reads_unscoped("person = person_for(request.actor, reference)")


def too_long(path: Path) -> list[str]:
    functions = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
    lengths = {node: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    long = [node for node in functions if lengths[node] > LONGEST_FUNCTION]
    return [f"{path.relative_to(ROOT)}:{node.lineno} {node.name}" for node in long]


def test_functions_are_short() -> None:
    assert not [each for path in our_files("**/*.py") for each in too_long(path)]
