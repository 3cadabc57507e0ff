"""Guards of what is read, each behind a switch: any of them can be taken out for one request, alone or with others.

The functions around the guards run with each guard written as `what is there without it if it is out else the guard`,
in this process and for as long as the block lasts; no file is touched.
"""

import ast
import builtins
import copy
import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from commissioning.tests.matrix.guards import ROOT, Finder, Site, files, files_of, place_of, swapped, unscoped

SWITCH = "_as_one_switch"


@cache
def scoped_reads() -> tuple[Site, ...]:
    """Every call of `visible_to`, `kept_by`, `shared_with` or `of` on a manager or a queryset."""
    paths = [*files(), *files_of("commissioning/rights")]
    return tuple(site for path in paths for site in Finder(path).find() if unscoped in site.changes)


def said(site: Site) -> str:
    return f"{site.path.relative_to(ROOT)}:{site.place[0]} {site.functions[-1][0]} {site.says}"


@dataclass
class Switches:
    """Which guards are out now, and which a request has passed, in their order."""

    sites: tuple[Site, ...] = ()
    out: frozenset[int] = frozenset()
    passed: dict[int, None] = field(default_factory=dict)

    def __call__(self, number: int) -> bool:
        self.passed[number] = None
        return number in self.out


@contextmanager
def switched(sites: tuple[Site, ...]) -> Iterator[Switches]:
    """Every guard with its switch, all of them in."""
    switches = Switches(sites)
    setattr(builtins, SWITCH, switches)
    by_file: dict[Path, list[tuple[int, Site]]] = {}
    for number, site in enumerate(sites):
        by_file.setdefault(site.path, []).append((number, site))
    for path in by_file:
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    before: list[tuple[FunctionType, CodeType]] = []
    try:
        for path, own in by_file.items():
            tree = ast.fix_missing_locations(Switching(own).visit(ast.parse(path.read_text())))
            module = compile(tree, str(path), "exec")
            for site in {site.functions: site for _, site in own}.values():
                found = swapped(site, module)
                assert found, f"No running function for {said(site)}"
                before += found
        yield switches
    finally:
        for function, code in reversed(before):
            function.__code__ = code
        delattr(builtins, SWITCH)


class Switching(ast.NodeTransformer):
    """Writes each guard with its switch before it."""

    def __init__(self, own: list[tuple[int, Site]]) -> None:
        self.own = own

    def visit(self, node: ast.AST) -> Any:
        mine = [
            (number, site)
            for number, site in self.own
            if type(node) is site.kind and hasattr(node, "lineno") and place_of(node) == site.place
        ]
        node = self.generic_visit(node)
        guarded = node
        for number, site in mine:
            is_out = ast.Call(ast.Name(SWITCH, ast.Load()), [ast.Constant(number)], [])
            without: Any = site.changes[0](copy.deepcopy(node))
            guarded = ast.copy_location(ast.IfExp(is_out, without, guarded), node)  # type: ignore[arg-type]
        return guarded
