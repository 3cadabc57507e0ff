"""`./run`: what it starts, what it stops, what it leaves alone, and what it says."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from commissioning.core.launch.place import Place
from commissioning.core.launch.processes import MARK, stop_leftovers

ROOT = Path(__file__).resolve().parents[2]
LAUNCH = [sys.executable, "-P", "-m", "commissioning.core.launch"]
FIRST_START_WITHIN_SECONDS = 600
OURS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PORT", "SECRET_KEY", "SITE_ADDRESS", "COMMISSIONING_MODE")
PRODUCTION = {"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "a.example", "DATABASE_URL": "postgres://nobody@127.0.0.1:1/x"}
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(900)"


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that the database's own account may enter."""
    made = Path(tempfile.mkdtemp(prefix="as-one-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return kept | {"COMMISSIONING_DATA": str(data), "PYTHONPATH": str(ROOT)}


def marked(mark: str) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


class Run:
    """A `./run` of ours, in a session of its own as at a terminal."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.output = data / "output"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*LAUNCH, "serve"],
                env=environment(data),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self) -> str:
        """The address, once the sign-ins are printed."""
        deadline = time.monotonic() + FIRST_START_WITHIN_SECONDS
        while True:
            said = self.output.read_text()
            ready = re.search(r"As One is running at (\S+)", said)
            if ready:
                return ready.group(1)
            assert self.process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.2)

    @property
    def mark(self) -> str:
        return str(json.loads((self.data / "run.json").read_text())["mark"])


def test_it_serves_recovers_from_being_killed_and_stops_everything_it_started(data: Path) -> None:
    bystander = subprocess.Popen(["sleep", "900"])
    run = Run(data)
    try:
        address = run.wait_until_ready()
        with urllib.request.urlopen(address) as page:  # noqa: S310 - our own address
            assert page.status == 200
        second = subprocess.run(
            [*LAUNCH, "serve"], env=environment(data), capture_output=True, text=True, check=False, timeout=60
        )
        assert second.returncode == 1
        assert f"already running with the data folder {data} at {address}" in second.stderr

        mark = run.mark
        assert len(marked(mark)) >= 3
        run.process.kill()
        run.process.wait()

        run = Run(data)
        assert run.wait_until_ready().startswith("http://127.0.0.1:")
        assert marked(mark) == []
        assert "Loading the example" not in run.output.read_text()

        mark = run.mark
        server = int((data / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(60) == 0
        assert marked(mark) == []
        assert not (data / "postgres" / "cluster" / "postmaster.pid").exists()
        assert b"postgres" not in _command(server)
        assert not (data / "run.json").exists()
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()
        if run.process.poll() is None:
            run.process.terminate()
            run.process.wait(60)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


def test_manage_puts_nothing_of_its_own_on_standard_output(data: Path) -> None:
    asked = "from django.db import connection as c; c.ensure_connection(); print(c.settings_dict['USER'])"
    first, second = (
        subprocess.run(
            [*LAUNCH, "manage", "shell", "--verbosity", "0", "-c", asked],
            env=environment(data),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        for _ in range(2)
    )
    assert (first.returncode, first.stdout) == (0, "commissioning_app\n"), first.stderr
    assert (second.returncode, second.stdout, second.stderr) == (0, "commissioning_app\n", "")
    assert not (data / "postgres" / "cluster" / "postmaster.pid").exists()


def test_manage_passes_on_the_status_of_the_command(data: Path) -> None:
    answer = subprocess.run(
        [*LAUNCH, "manage", "no_such_command"],
        env=environment(data)
        | {"COMMISSIONING_MODE": "production", "SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "a.example"}
        | {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert answer.returncode == 1
    assert "Unknown command: 'no_such_command'" in answer.stderr


def test_production_settings_refuse_to_start_without_their_secrets(data: Path) -> None:
    for missing in PRODUCTION:
        given = {name: value for name, value in PRODUCTION.items() if name != missing}
        answer = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "check"],
            env=environment(data) | {"DJANGO_SETTINGS_MODULE": "commissioning.settings"} | given,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert answer.returncode != 0
        assert f"{missing} is not set" in answer.stderr


def test_a_port_that_is_taken_or_no_number_is_said(data: Path) -> None:
    answer = subprocess.run(
        [*LAUNCH, "serve"],
        env=environment(data) | {"PORT": "eight", "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert answer.returncode == 1
    assert "PORT is 'eight'; it must be a number from 1 to 65535." in answer.stderr


def test_leftovers_of_a_killed_run_are_stopped_even_when_they_will_not_listen(data: Path) -> None:
    driver = textwrap.dedent(
        f"""
        import os, signal, sys, time
        from pathlib import Path
        from commissioning.core.launch.place import Place
        from commissioning.core.launch.processes import Processes
        place = Place(Path({str(data)!r}), dict(os.environ))
        processes = Processes(place)
        processes.write_record("http://127.0.0.1:1")
        processes.start("worker", [sys.executable, "-c", {DEAF!r}], place.environment)
        while not processes.children[0].log.read_text():
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    (data / "logs").mkdir()
    subprocess.run([sys.executable, "-c", driver], env=environment(data), check=False, timeout=60)
    mark = json.loads((data / "run.json").read_text())["mark"]
    assert len(marked(mark)) == 1
    other = subprocess.Popen(["sleep", "900"], env={MARK: "somebody-elses"})
    stop_leftovers(Place(data, dict(os.environ)), grace_seconds=1)
    assert marked(mark) == []
    assert other.poll() is None
    other.kill()
    other.wait()


def run_script(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "run", *arguments], capture_output=True, text=True, check=False, timeout=60)


def test_help_lists_the_commands() -> None:
    answer = run_script("help")
    assert answer.returncode == 0
    for command in ("test", "check", "bench", "manage"):
        assert f"./run {command}" in answer.stdout


def test_an_unknown_command_is_refused_with_the_list() -> None:
    answer = run_script("serv")
    assert answer.returncode == 1
    assert "There is no command 'serv'." in answer.stderr
    assert answer.stdout == ""
