"""The house keeps its shape: what a linter of imports cannot see."""

import ast
from pathlib import Path

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


def test_views_read_only_through_a_scope() -> None:
    wrong = []
    files = our_files("**/views.py", "**/views/*.py")
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            unscoped = isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}
            shortcut = isinstance(node, ast.Name) and node.id in {"get_object_or_404", "get_list_or_404"}
            if isinstance(node, ast.expr) and (unscoped or shortcut):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert len(files) > 10 and not wrong, wrong


def too_long(path: Path) -> list[str]:
    functions = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
    lengths = {node: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    long = [node for node in functions if lengths[node] > LONGEST_FUNCTION]
    return [f"{path.relative_to(ROOT)}:{node.lineno} {node.name}" for node in long]


def test_functions_are_short() -> None:
    assert not [each for path in our_files("**/*.py") for each in too_long(path)]
