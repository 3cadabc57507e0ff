"""Actions refuse by themselves, whoever called them: each with everybody who may not, apart from any address."""

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

from django.core.exceptions import PermissionDenied
from django.db import transaction

from commissioning.accounts.actors import Actor
from commissioning.tests.matrix import policy
from commissioning.tests.matrix.guards import APPS, ROOT, is_policy
from commissioning.tests.matrix.world import USERS, World

COMMISSIONER, FINANCE, CLINICIAN = policy.COMMISSIONER, policy.FINANCE, policy.CLINICIAN
# Who may act, by where the action is; then by its own name where it differs.
MAY_ACT: dict[str, tuple[str, ...]] = {
    "people.actions.plans": (COMMISSIONER, CLINICIAN),
    "people.actions.goals": (COMMISSIONER, CLINICIAN),
    "people": (COMMISSIONER,),
    "providers": (COMMISSIONER,),
    "outcomes.actions.answers": policy.PROVIDERS,
    "outcomes.actions.incidents": (COMMISSIONER, CLINICIAN, *policy.PROVIDERS),
    "outcomes": (COMMISSIONER,),
    "finance.actions.spending": (COMMISSIONER, FINANCE),
    "finance.actions.suppliers": (COMMISSIONER, FINANCE),
    "finance": (COMMISSIONER,),
    "commissioning.overview": (COMMISSIONER,),
    "commissioning.interchange": (COMMISSIONER,),
    "commissioning.reports": (COMMISSIONER,),
    "commissioning.rights": (COMMISSIONER,),
    "commissioning.accounts": (policy.ADMINISTRATOR,),
    # By name.
    "correct_checklist": (policy.MANAGER,),
    "mark_ready": policy.PROVIDERS,
    "send_checklist": (policy.MANAGER,),
    "set_board_members": (policy.ADMINISTRATOR,),
    "set_years": (COMMISSIONER, policy.ADMINISTRATOR),
}


@dataclass(frozen=True)
class Try:
    """One action as somebody in a role."""

    action: Callable[..., Any]
    role: str

    def __str__(self) -> str:
        return f"{self.action.__module__}.{self.action.__name__} as {self.role}"

    @property
    def is_allowed(self) -> bool:
        named = MAY_ACT.get(self.action.__name__)
        places = [place for place in MAY_ACT if self.action.__module__.startswith(place)]
        return self.role in (named or MAY_ACT[max(places, key=len)])

    def is_refused(self, world: World) -> bool:
        """Whether the action refuses before anything else can stop it; whatever it did is undone."""
        key = next(key for key, (role, _, _) in USERS.items() if role == self.role)
        names = set(inspect.signature(self.action).parameters) - {"by"}
        with transaction.atomic():
            try:
                self.action(by=Actor.of(world.members[key]), **{name: MagicMock() for name in names})
            except PermissionDenied:
                return True
            except Exception:
                return False
            finally:
                transaction.set_rollback(True)
        return False


def every_try() -> list[Try]:
    return [Try(action, role) for action in guarded_actions() for role in policy.EVERY_ROLE]


def guarded_actions() -> Iterator[Callable[..., Any]]:
    """Public actions with a policy of their own."""
    for app in (*APPS, "commissioning/rights"):
        for path in sorted((ROOT / app).glob("actions*")):
            for file in sorted(path.glob("*.py")) if path.is_dir() else [path]:
                yield from _guarded_in(file)


def _guarded_in(path: Path) -> Iterator[Callable[..., Any]]:
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
    refusing = {node.name for node in functions if any(is_policy(each) for each in ast.walk(node))}
    for node in functions:
        names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        if node.name.startswith(("_", "can_", "check_", "require_")) or not ({node.name, *names} & refusing):
            continue
        action = getattr(module, node.name)
        if "by" in inspect.signature(action).parameters:
            yield action
