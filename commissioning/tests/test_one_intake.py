"""Files that people bring are read in one place: nothing else in the application takes apart what others made."""

import ast
from pathlib import Path

from commissioning.tests.test_architecture import ROOT, our_files

# Names that take apart what somebody else made. A zip or a table may be written anywhere.
PARSERS = {"reader", "DictReader", "Sniffer", "load_workbook", "is_zipfile"}
MODULES = {"tarfile", "pickle", "marshal", "shelve", "lxml", "xml", "yaml", "bz2", "lzma", "xlrd", "defusedxml"}
# Backups are made by the application itself and proved by their key before they are opened.
OUR_OWN = ROOT / "commissioning" / "backup"
READER = ROOT / "commissioning" / "core" / "reader"


def parsers_in(path: Path) -> list[str]:
    """Where a module reads a zip, a table, a workbook, XML, or objects that can run."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        named = isinstance(node, ast.Attribute) and node.attr in PARSERS and isinstance(node.value, ast.Name)
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
            named = bool({alias.name for alias in node.names} & PARSERS)
        opens_zip = (
            isinstance(node, ast.Call)
            and "ZipFile" in ast.unparse(node.func)
            and not any(isinstance(each, ast.Constant) and each.value == "w" for each in node.args)
        )
        if named or opens_zip or {name.split(".")[0] for name in modules} & MODULES:
            found.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")
    return found


def test_only_the_reader_takes_files_apart() -> None:
    files = our_files(
        "commissioning/**/*.py", "people/**/*.py", "providers/**/*.py", "outcomes/**/*.py", "finance/**/*.py"
    )
    inside = [path for path in files if READER in path.parents]
    assert sum(len(parsers_in(path)) for path in inside) >= 4, "it no longer sees what it looks for"
    assert [
        each for path in files if path not in inside and OUR_OWN not in path.parents for each in parsers_in(path)
    ] == []


def test_the_reader_knows_nothing_of_the_application() -> None:
    allowed = {"commissioning.core.reader", "openpyxl", "defusedxml"}
    foreign = []
    for path in READER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            ours = [name for name in modules if name.split(".")[0] in {"commissioning", "django", "celery", "openpyxl"}]
            foreign += [name for name in ours if not name.startswith(tuple(allowed))]
    assert foreign == []
