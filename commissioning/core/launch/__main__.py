"""The commands of `./run`, once the virtual environment is there."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable

from commissioning.core.cluster import ClusterError
from commissioning.core.launch import machine
from commissioning.core.launch.checks import run_checks
from commissioning.core.launch.database import migrate, open_database
from commissioning.core.launch.place import ROOT, Place, data_folder, make_place, only_one
from commissioning.core.launch.say import Stop, say
from commissioning.core.launch.serve import serve


def main(arguments: list[str]) -> int:
    """Run one command and return its exit status."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("serve", [])
    try:
        return COMMANDS[command](rest)
    except (Stop, ClusterError) as stop:
        say(str(stop))
        return getattr(stop, "status", 1)
    except KeyboardInterrupt:
        return 130


def _serve(_rest: list[str]) -> int:
    if _mode("demonstration") != "demonstration":
        raise Stop("./run serves the example. To run As One for real, see docs/deployment.md.")
    machine.ensure_pdf_libraries()
    return serve(make_place("demonstration", data_folder()))


def _manage(rest: list[str]) -> int:
    """manage.py with the same database as `./run`. In production mode, where tables are changed on purpose only,
    it is manage.py and nothing else."""
    mode = _mode("demonstration")
    place = make_place(mode, data_folder())
    if mode == "production":
        return _run_in_front(place.manage(*rest), place)
    machine.ensure_pdf_libraries()
    with open_database(place) as database:
        if rest[:1] != ["migrate"]:
            migrate(database)
        return _run_in_front(database.place.manage(*rest), database.place)


def _test(rest: list[str]) -> int:
    machine.ensure_pdf_libraries()
    machine.ensure_pdf_pictures()
    browser = machine.ensure_browser()
    place = make_place("test", data_folder() / "test")
    with only_one(place, "Tests are already running"), open_database(place, throwaway=True) as database:
        environment = database.place.environment | {"CHROMIUM": browser}
        command = [sys.executable, "-m", "pytest", "-o", f"cache_dir={place.data / 'cache' / 'pytest'}", *rest]
        return _run_in_front(command, database.place, environment)


def _drill(rest: list[str]) -> int:
    """The long proofs: tests marked `drill`, with their figures."""
    machine.ensure_pgbouncer()
    return _test(["-m", "drill", *rest])


def _check(_rest: list[str]) -> int:
    machine.ensure_pdf_libraries()
    return run_checks(make_place("test", data_folder() / "test"))


def _bench(rest: list[str]) -> int:
    place = make_place("test", data_folder() / "bench")
    with only_one(place, "The benchmark is already running"), open_database(place, throwaway=True) as database:
        return _run_in_front([sys.executable, "-m", "commissioning.bench", *rest], database.place)


def _mode(default: str) -> str:
    return os.environ.get("COMMISSIONING_MODE") or default


def _run_in_front(command: list[str], place: Place, environment: dict[str, str] | None = None) -> int:
    """Run a command at the terminal and return its status. Control-C is the command's; we wait for its end."""
    child: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, _frame: object) -> None:
        if child is not None and number != signal.SIGINT:
            child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    in_checkout = "pytest" in command or "commissioning.bench" in command
    child = subprocess.Popen(command, env=environment or place.environment, cwd=ROOT if in_checkout else None)
    status = child.wait()
    return status if status >= 0 else 128 - status


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "serve": _serve,
    "manage": _manage,
    "test": _test,
    "drill": _drill,
    "check": _check,
    "bench": _bench,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
