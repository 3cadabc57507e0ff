"""`./run`: the whole application on this machine, with the example partnership, until Control-C."""

import errno
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from types import FrameType

from commissioning.core.launch.database import Database, migrate, open_database
from commissioning.core.launch.place import Place, only_one
from commissioning.core.launch.processes import Processes, stop_leftovers
from commissioning.core.launch.say import Stop, say

FIRST_PORT = 8000
WEB_ANSWERS_WITHIN_SECONDS = 60
REPORT_WITHIN_SECONDS = 300
WEB_OPTIONS = ["--workers", "2", "--threads", "4", "--timeout", "120", "--log-level", "warning"]
# Celery warns root at length; here root is on its own machine, with an example.
ROOT_WARNING = "ignore:You're running the worker"


class Interrupted(BaseException):
    """Someone asked `./run` to stop."""


def serve(place: Place) -> int:
    """Serve until asked to stop (status 0) or until a process ends by itself (Stop)."""
    with only_one(place, "As One is already running"):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        try:
            stop_leftovers(place)
            with open_database(place) as database:
                _serve_with(database)
        except Interrupted:
            say("Stopped.")
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # stopping is under way; a second Control-C does not cut it short
    raise Interrupted


def _serve_with(database: Database) -> None:
    listener, address = _listen(database.place.environment)
    environment = database.place.environment | {"SITE_ADDRESS": database.place.environment.get("SITE_ADDRESS", address)}
    processes = Processes(database.place)
    try:
        processes.write_record(address)
        _prepare(database, processes, environment)
        _start_all(processes, environment, listener)
        processes.write_record(address)
        listener.close()
        _wait_for_web(processes, address)
        _make_report(processes, environment)
        _welcome(processes, environment, address)
        while True:
            processes.show_new_lines()
            processes.check_alive()
            time.sleep(0.3)
    except BaseException as error:
        if isinstance(error, Interrupted):
            say("\nStopping…")
        raise
    finally:
        processes.stop()


def _listen(environment: dict[str, str]) -> tuple[socket.socket, str]:
    """A listening socket of ours and its address. PORT is taken at its word; else the first free from 8000 on."""
    asked = environment.get("PORT", "")
    if asked and not (asked.isdigit() and 0 < int(asked) < 65536):
        raise Stop(f"PORT is {asked!r}; it must be a number from 1 to 65535.")
    first = int(asked or FIRST_PORT)
    for port in [first] if asked else range(first, first + 100):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen(128)
        except OSError as error:
            listener.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            continue
        if port != first:
            say(f"Port {first} is taken; using {port}.")
        return listener, f"http://127.0.0.1:{port}"
    raise Stop(f"Port {asked} is taken. Choose another: PORT=8080 ./run" if asked else "Ports 8000 to 8099 are taken.")


def _prepare(database: Database, processes: Processes, environment: dict[str, str]) -> None:
    place = database.place
    migrate(database)
    processes.run(place.manage("collectstatic", "--no-input", "--verbosity", "0"), environment)
    loaded = place.data / "example-loaded"
    cluster = database.cluster
    identity = cluster.query("SELECT system_identifier FROM pg_control_system();").strip() if cluster else ""
    if identity and loaded.exists() and loaded.read_text() == identity:
        return
    say("Loading the example partnership…")
    processes.run(place.manage("load_example"), environment)
    loaded.write_text(identity)


def _start_all(processes: Processes, environment: dict[str, str], listener: socket.socket) -> None:
    python = sys.executable
    celery = [python, "-W", ROOT_WARNING, "-m", "celery", "-q", "-A", "commissioning"]
    listener.set_inheritable(True)
    processes.start(
        "web",
        [python, "-m", "gunicorn", "commissioning.wsgi", "--bind", f"fd://{listener.fileno()}", *WEB_OPTIONS],
        environment,
        pass_fds=[listener.fileno()],
    )
    processes.start("worker", [*celery, "worker", "--loglevel", "WARNING", "--concurrency", "2"], environment)
    processes.start("beat", [*celery, "beat", "--loglevel", "WARNING", "--pidfile="], environment)


def _wait_for_web(processes: Processes, address: str) -> None:
    deadline = time.monotonic() + WEB_ANSWERS_WITHIN_SECONDS
    while not _answers(address):
        processes.show_new_lines()
        processes.check_alive()
        if time.monotonic() > deadline:
            raise Stop(f"{address} does not answer; see {processes.place.data}/logs/web.log")
        time.sleep(0.2)


def _answers(address: str) -> bool:
    """Whether a page comes back; a page for people who have not signed in is one."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=10):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def _make_report(processes: Processes, environment: dict[str, str]) -> None:
    """Have the worker make the latest board report and wait until it is there. A report that fails is said, and
    the rest of the application is served all the same."""
    manage = processes.place.manage
    processes.run(manage("request_latest_report"), environment, quiet=True)
    say("The worker is making the latest board reports…")
    with suppress(Stop):
        processes.run(manage("wait_for_reports", "--seconds", str(REPORT_WITHIN_SECONDS)), environment)
    processes.check_alive()


def _welcome(processes: Processes, environment: dict[str, str], address: str) -> None:
    sign_ins = processes.run(processes.place.manage("example_sign_ins"), environment).rstrip()
    lines = ["", f"As One is running at {address}", "", sign_ins, ""]
    lines += ["Everything in the example is fictional. Press Control-C to stop.", ""]
    print("\n".join(lines), flush=True)
