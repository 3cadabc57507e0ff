"""`./run check`: everything that can be wrong without running the application. All are run; each says its name."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from commissioning.core.launch.place import ROOT, Place

MADE_UP_SECRETS = {
    "COMMISSIONING_MODE": "production",
    "SECRET_KEY": "made-up-for-the-deployment-check-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "as-one.example.org",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "SITE_ADDRESS": "https://as-one.example.org",
    "EMAIL_URL": "smtp+tls://nobody:none@127.0.0.1:1",
    "TRUSTED_PROXIES": "1",
}
# Building a migration compares with the database where there is one; the check needs none.
NO_DATABASE = {"COMMISSIONING_MODE": "test", "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}


@dataclass(frozen=True)
class Check:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def checks(place: Place) -> list[Check]:
    tools = Path(sys.executable).parent
    python = sys.executable
    cache = place.data / "cache"
    return [
        Check("types (mypy --strict)", [python, "-m", "mypy", "--cache-dir", str(cache / "mypy"), "."], NO_DATABASE),
        Check("lint (ruff check)", [str(tools / "ruff"), "check", "--no-cache", "."]),
        Check("format (ruff format)", [str(tools / "ruff"), "format", "--check", "--no-cache", "."]),
        Check("layers (import-linter)", [str(tools / "lint-imports"), "--no-cache"]),
        Check(
            "migrations are complete",
            [python, "-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run"],
            NO_DATABASE,
        ),
        Check(
            "deployment settings (check --deploy)",
            [python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            MADE_UP_SECRETS,
        ),
        Check("templates", [python, "manage.py", "check_templates"], NO_DATABASE),
    ]


def run_checks(place: Place) -> int:
    """Run every check, two at a time, say how each went, and return 1 when any failed."""
    todo = checks(place)
    with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        passed = list(pool.map(lambda check: _run(check, place), todo))
    failed = [check.name for check, good in zip(todo, passed, strict=True) if not good]
    if failed:
        print(f"{len(failed)} of {len(todo)} checks failed: {', '.join(failed)}")
        return 1
    print(f"All {len(todo)} checks passed.")
    return 0


def _run(check: Check, place: Place) -> bool:
    began = time.monotonic()
    answer = subprocess.run(
        check.command,
        cwd=ROOT,
        env=place.environment | {"REDIS_URL": ""} | check.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    good = answer.returncode == 0
    said = "" if good else f"\n{answer.stdout.rstrip()}\n"
    print(f"{'pass' if good else 'FAIL'}  {check.name} ({time.monotonic() - began:.1f} s){said}", flush=True)
    return good
