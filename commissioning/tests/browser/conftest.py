"""A real Chromium against a running server, and a real worker process beside it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from commissioning.accounts.models import Membership
from commissioning.tests.browser.pictures import Pictures

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium; as root it has no sandbox to drop into."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    arguments = ["--disable-gpu", "--disable-background-networking", "--no-first-run"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return {**browser_type_launch_args, **({"executable_path": found} if found else {}), "args": arguments}


@pytest.fixture(autouse=True)
def patience(page: Page) -> None:
    """Machines that run several things at once are slow; a page has time to answer."""
    page.set_default_timeout(30_000)


@pytest.fixture
def pictures() -> Pictures:
    return Pictures()


@pytest.fixture
def sign_in(page: Page, live_server: LiveServer) -> Callable[[Membership | str], None]:
    """Sign in as somebody, through the sign-in page, leaving whoever was here."""

    def act(who: Membership | str, password: str = PASSWORD) -> None:
        email = who if isinstance(who, str) else who.user.email
        page.context.clear_cookies()
        page.goto(f"{live_server.url}/account/login/")
        page.get_by_label("Email address").fill(email)
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("heading", level=1).first.wait_for()

    return act


def database_url() -> str:
    """The address of the database that this test uses, for a process of its own."""
    values: dict[str, str] = {
        str(name): str(value) for name, value in connection.get_connection_params().items() if value
    }
    user = quote(values.get("user", ""))
    password = f":{quote(values['password'])}" if "password" in values else ""
    query = [(name, values[name]) for name in ("host", "port") if name in values]
    return f"postgres://{user}{password}@/{values['dbname']}?{urlencode(query)}"


@pytest.fixture
def worker(live_server: LiveServer, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker in a process of its own, on the test's database and broker."""
    environment = os.environ | {
        "COMMISSIONING_MODE": "test",
        "COMMISSIONING_DATA": str(settings.DATA_DIR),
        "DATABASE_URL": database_url(),
        "DATABASE_OWNER_URL": "",
        "SITE_ADDRESS": live_server.url,
    }
    log = (tmp_path / "worker.log").open("wb")
    command = [sys.executable, "-m", "celery", "-A", "commissioning", "worker", "--concurrency=1", "--loglevel=INFO"]
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    yield process
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
    log.close()
