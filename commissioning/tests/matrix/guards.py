"""Every guard of the application, found by program, and the means to take each out for a moment.

A guard is a place that keeps something from somebody. They are found by rule, never by list:

- route: the roles or the access an address declares, and each refusal inside the route wrapper;
- scope: a call of `visible_to`, `kept_by`, `shared_with` or `of` on a manager or queryset; inside such a method each
  narrowing of its result; inside a function that makes such a condition each of its parts;
- actor: a keyword of a `filter` or `get` whose value comes from the actor, and what hangs on the actor's partnership;
- lookup: in a function named `…_for`, what narrows it to the record it is about;
- policy: a statement that is a call of `require_…`, `check_can_…`, `_check_may_…`;
- condition: a question about the actor (`sees_prices`, `is_provider`, `role == …`).

Taking one out changes the code of the running function, in this process and for as long as the block lasts; no file is
touched. The conditions of templates are found and settled in `settled.py`.
"""

import ast
import builtins
import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from django.apps import apps

from commissioning.accounts.checks import every_pattern
from commissioning.accounts.models import Role
from commissioning.accounts.routes import Access

ROOT = Path(__file__).resolve().parents[3]
APPS = (
    "people", "providers", "outcomes", "finance", "commissioning/accounts", "commissioning/overview",
    "commissioning/interchange", "commissioning/reports",
)  # fmt: skip
ACTORS = frozenset({"actor", "by"})
QUESTIONS = frozenset({"sees_prices", "sees_names", "sees_everyone", "is_provider", "can_commission"})
SCOPING = frozenset({"visible_to", "kept_by", "shared_with", "of"})
NARROWING = frozenset({"filter", "exclude", "none"})
POLICY = re.compile(r"^(require_|check_can_|_check_may_|_check_role$)")


@dataclass(frozen=True)
class Guard:
    """One guard: its rule, where it stands, what it says, and the ways of taking it out."""

    rule: str
    where: str
    says: str
    ways: tuple[Callable[[], Any], ...]

    def __str__(self) -> str:
        return f"{self.rule} {self.where} {self.says}"


def every_guard() -> list[Guard]:
    return [*route_guards(), *code_guards()]


# --- Routes ----------------------------------------------------------------------------------------------------------


def route_guards() -> Iterator[Guard]:
    for address, pattern in every_pattern():
        declared = getattr(pattern.callback, "route", None)
        if declared is None or declared.access is Access.ANYBODY:
            continue
        if declared.access is None:
            change: dict[str, Any] = {"roles": frozenset(str(role) for role in Role)}
        else:
            change = {"access": Access.ANYBODY}
        if declared.roles != frozenset(str(role) for role in Role):
            yield Guard("route", address, declared.name, (partial(declaring, declared, **change),))


@contextmanager
def declaring(declared: Any, **changes: Any) -> Iterator[None]:
    """An address that declares something else for a while."""
    before = {name: getattr(declared, name) for name in changes}
    try:
        for name, value in changes.items():
            object.__setattr__(declared, name, value)
        yield
    finally:
        for name, value in before.items():
            object.__setattr__(declared, name, value)


# --- Code ------------------------------------------------------------------------------------------------------------

Place = tuple[int, int, int, int]
Change = Callable[[ast.AST], ast.AST | None]


@dataclass(frozen=True)
class Site:
    """A node of a file, in a function, and what may stand instead of it."""

    path: Path
    functions: tuple[tuple[str, int], ...]
    place: Place
    kind: type[ast.AST]
    rule: str
    says: str
    changes: tuple[Change, ...]


def files() -> list[Path]:
    return [path for app in APPS for path in files_of(app)]


def files_of(app: str) -> list[Path]:
    outside = {"tests", "migrations", "management", "templatetags"}
    found = sorted((ROOT / app).rglob("*.py"))
    return [path for path in found if not outside & set(path.relative_to(ROOT).parts)]


@cache
def sites() -> tuple[Site, ...]:
    return tuple(site for path in files() for site in Finder(path).find())


def code_guards() -> Iterator[Guard]:
    for site in sites():
        where = f"{site.path.relative_to(ROOT)}:{site.place[0]} {site.functions[-1][0]}"
        ways = tuple(partial(rewritten, site, change) for change in site.changes)
        yield Guard(site.rule, where, site.says, ways)


def place_of(node: Any) -> Place:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def mentions_actor(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Name) and each.id in ACTORS for each in ast.walk(node)) or any(
        isinstance(each, ast.Attribute) and each.attr == "actor" for each in ast.walk(node)
    )


def constant(value: bool) -> Change:
    return lambda node: ast.Constant(value)


def receiver(node: ast.AST) -> ast.AST:
    """`X` of `X.method(…)`."""
    assert isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return node.func.value


def unscoped(node: ast.AST) -> ast.AST:
    """`X.all()` for `X.visible_to(actor)`."""
    return ast.Call(ast.Attribute(receiver(node), "all", ast.Load()), [], [])  # type: ignore[arg-type]


def without_keyword(name: str) -> Change:
    def change(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Call)
        node.keywords = [each for each in node.keywords if each.arg != name]
        return node

    return change


def whole_table(node: ast.AST) -> ast.AST:
    """Everything of the model that hangs on an object, whoever's: `X.links.model._default_manager`."""
    return ast.Attribute(ast.Attribute(node, "model", ast.Load()), "_default_manager", ast.Load())  # type: ignore[arg-type]


def is_policy(node: ast.AST) -> bool:
    """A statement that refuses somebody: it asks about nobody but the actor, or whether the actor may do this."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and POLICY.match(call.func.id)):
        return False
    asks_more = any(not mentions_actor(each) and not isinstance(each, ast.Attribute) for each in call.args)
    return not asks_more or call.func.id.startswith(("check_can_", "_check_role"))


@cache
def hangs_on() -> frozenset[str]:
    """Names by which the rows that belong to a record hang on it: `circle`, `links`."""
    related = (field for model in apps.get_models() for field in model._meta.related_objects)
    return frozenset(name for field in related if (name := field.get_accessor_name()))


class Finder(ast.NodeVisitor):
    """Finds the guards of one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.source = path.read_text()
        self.found: list[Site] = []
        self.classes: list[str] = []
        self.functions: list[ast.FunctionDef] = []

    def find(self) -> list[Site]:
        self.visit(ast.parse(self.source))
        return self.found

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.classes.append(node.name)
        self.generic_visit(node)
        self.classes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.functions.append(node)
        self.generic_visit(node)
        self.functions.pop()

    def keep(self, rule: str, node: Any, *changes: Change, says: str = "") -> None:
        if not self.functions:
            return
        text = says or " ".join((ast.get_source_segment(self.source, node) or "").split())
        place = place_of(node)
        self.found.append(Site(self.path, self._around(), place, type(node), rule, text[:90], changes))

    def _around(self) -> tuple[tuple[str, int], ...]:
        """The functions around a node, from the outermost in, each as Python names it with its first line."""
        found: list[tuple[str, int]] = []
        name = ".".join(self.classes)
        for each in self.functions:
            name = f"{name}.<locals>.{each.name}" if found else ".".join(filter(None, (name, each.name)))
            found.append((name, min([each.lineno, *(decorator.lineno for decorator in each.decorator_list)])))
        return tuple(found)

    @property
    def name(self) -> str:
        return self.functions[-1].name if self.functions else ""

    def visit_Expr(self, node: ast.Expr) -> None:
        if is_policy(node) and not self.name.startswith("can_"):
            self.keep("policy", node, lambda _: ast.Pass())
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        in_wrapper = self.path.name == "routes.py" and self.name == "guarded" and isinstance(node.body[0], ast.Return)
        if in_wrapper and "ANYBODY" not in ast.unparse(node.test):
            self.keep("route", node.test, constant(False))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute):
            method, on = node.func.attr, ast.unparse(node.func.value)
            if method in SCOPING and (method != "of" or on.endswith(".objects")):
                self.keep("scope", node, unscoped)
            elif method in NARROWING and self.name in {"visible_to", "kept_by", "current"}:
                self.keep("scope", node, receiver)
            elif method in {"filter", "get"}:
                self._keywords(node)
        self.generic_visit(node)

    def _keywords(self, node: ast.Call) -> None:
        for each in node.keywords:
            if each.arg and mentions_actor(each.value):
                self.keep("actor", node, without_keyword(each.arg), says=f"{each.arg}={ast.unparse(each.value)}")
            elif each.arg and self.name.endswith("_for"):
                self.keep("lookup", node, without_keyword(each.arg), says=f"{each.arg}={ast.unparse(each.value)}")

    def visit_BinOp(self, node: ast.BinOp) -> None:
        returns = self.functions[-1].returns if self.functions else None
        if isinstance(node.op, ast.BitAnd) and returns is not None and ast.unparse(returns) == "Q":
            takes = {each.arg for each in self.functions[-1].args.args}
            if takes & ACTORS:
                self.keep("scope", node.right, lambda _: parsed("Q()"))
                if not isinstance(node.left, ast.BinOp):
                    self.keep("scope", node.left, lambda _: parsed("Q()"))
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        on = node.value
        if node.attr in QUESTIONS and isinstance(node.ctx, ast.Load):
            self.keep("condition", node, constant(True), constant(False))
        elif isinstance(on, ast.Attribute) and on.attr == "partnership" and node.attr in hangs_on():
            if mentions_actor(on):
                self.keep("actor", node, whole_table)
        elif self.name.endswith("_for") and isinstance(on, ast.Name) and node.attr in hangs_on():
            self.keep("lookup", node, whole_table)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        left = node.left
        if isinstance(left, ast.Attribute) and left.attr == "role" and ast.unparse(left.value) in {
            "actor", "by", "self", "request.actor",
        }:  # fmt: skip
            self.keep("condition", node, constant(True), constant(False))
        self.generic_visit(node)


def parsed(text: str) -> ast.AST:
    return ast.parse(text, mode="eval").body


class Replace(ast.NodeTransformer):
    """Puts something else in a node's place."""

    def __init__(self, site: Site, change: Change) -> None:
        self.site, self.change, self.done = site, change, 0

    def visit(self, node: ast.AST) -> Any:
        if type(node) is self.site.kind and hasattr(node, "lineno") and place_of(node) == self.site.place:
            self.done += 1
            changed = self.change(node)
            return ast.copy_location(changed, node) if changed is not None and changed is not node else changed
        return self.generic_visit(node)


@contextmanager
def rewritten(site: Site, change: Change) -> Iterator[None]:
    """The function with one node changed, for as long as the block lasts."""
    replace = Replace(site, change)
    tree = ast.fix_missing_locations(replace.visit(ast.parse(site.path.read_text())))
    if not replace.done:
        raise LookupError(f"The guard is not where it was: {site}")
    with running(site, tree):
        yield


@contextmanager
def running(site: Site, tree: ast.AST) -> Iterator[None]:
    before = swapped(site, compile(tree, str(site.path), "exec"))  # type: ignore[call-overload]
    if not before:
        raise LookupError(f"No running function for {site.path} {site.functions}")
    try:
        yield
    finally:
        for each, code in reversed(before):
            each.__code__ = code


def swapped(site: Site, module: CodeType) -> list[tuple[FunctionType, CodeType]]:
    """Give every running function around a node the code of another compilation; what each had before."""
    before = []
    for function, line in site.functions:
        code = code_in(module, function, line)
        for live in functions_of(str(site.path), function, line):
            before.append((live, live.__code__))
            assert code is not None
            live.__code__ = code
    return before


def code_in(module: CodeType, function: str, line: int) -> CodeType | None:
    for each in module.co_consts:
        if isinstance(each, CodeType):
            if each.co_qualname == function and each.co_firstlineno == line:
                return each
            if (found := code_in(each, function, line)) is not None:
                return found
    return None


@cache
def _running_functions() -> dict[tuple[str, str, int], list[FunctionType]]:
    found: dict[tuple[str, str, int], list[FunctionType]] = {}
    for each in gc.get_objects():
        # `isinstance` would wake whatever is still to be worked out among them.
        if type(each) is FunctionType and each.__code__.co_filename.startswith(str(ROOT)):
            code = each.__code__
            found.setdefault((code.co_filename, code.co_qualname, code.co_firstlineno), []).append(each)
    return found


def functions_of(path: str, function: str, line: int) -> list[FunctionType]:
    return _running_functions().get((path, function, line), [])


# --- What touches what -----------------------------------------------------------------------------------------------


class Touched:
    """Which guards of code were passed, while it is watching."""

    def __init__(self) -> None:
        self.sites: set[int] = set()

    def __call__(self, number: int, value: Any) -> Any:
        self.sites.add(number)
        return value


@contextmanager
def watching() -> Iterator[Touched]:
    """Every guard of code says when it is passed."""
    touched = Touched()
    builtins._as_one_touched = touched  # type: ignore[attr-defined]
    by_file: dict[Path, list[tuple[int, Site]]] = {}
    for number, site in enumerate(sites()):
        by_file.setdefault(site.path, []).append((number, site))
    before: list[tuple[FunctionType, CodeType]] = []
    try:
        for path, own in by_file.items():
            before += _watch(path, own)
        yield touched
    finally:
        for function, code in reversed(before):
            function.__code__ = code
        del builtins._as_one_touched  # type: ignore[attr-defined]


class Telling(ast.NodeTransformer):
    """Wraps each guard so that it says it was passed."""

    def __init__(self, own: list[tuple[int, Site]]) -> None:
        self.own = own

    def visit(self, node: ast.AST) -> Any:
        numbers = [
            number
            for number, site in self.own
            if type(node) is site.kind and hasattr(node, "lineno") and place_of(node) == site.place
        ]
        node = self.generic_visit(node)
        for number in numbers:
            if isinstance(node, ast.Expr):
                node.value = _telling(number, node.value)
            elif isinstance(node, ast.expr):
                node = _telling(number, node)
        return node


def _telling(number: int, node: ast.expr) -> ast.Call:
    """Said before the guard itself is asked, since it may raise."""
    say = ast.Call(ast.Name("_as_one_touched", ast.Load()), [ast.Constant(number), ast.Constant(None)], [])
    pair = ast.Subscript(ast.Tuple([say, node], ast.Load()), ast.Constant(1), ast.Load())
    return ast.copy_location(pair, node)  # type: ignore[return-value]


def _watch(path: Path, own: list[tuple[int, Site]]) -> list[tuple[FunctionType, CodeType]]:
    tree = ast.fix_missing_locations(Telling(own).visit(ast.parse(path.read_text())))
    module = compile(tree, str(path), "exec")
    one_each = {site.functions: site for _, site in own}
    return [pair for site in one_each.values() for pair in swapped(site, module)]
