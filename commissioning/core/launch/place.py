"""Where things are: the checkout, the data folder, and the environment that processes start with."""

import fcntl
import json
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from commissioning.core.cluster.account import ClusterError, make_folder
from commissioning.core.launch.say import Stop

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Place:
    """One data folder and the environment of the processes that use it."""

    data: Path
    environment: dict[str, str] = field(repr=False)

    @property
    def record(self) -> Path:
        """What a running `./run` started: read when the next one finds it was killed."""
        return self.data / "run.json"

    def manage(self, *arguments: str) -> list[str]:
        return [sys.executable, str(ROOT / "manage.py"), *arguments]


def data_folder() -> Path:
    """COMMISSIONING_DATA, else `/var/lib/commissioning` for root, else `var` in the checkout."""
    named = os.environ.get("COMMISSIONING_DATA", "")
    if named:
        return Path(named).expanduser().absolute()
    return Path("/var/lib/commissioning") if os.geteuid() == 0 else ROOT / "var"


def make_place(mode: str, data: Path) -> Place:
    """Make the data folder and the environment for this mode. Raises Stop when the folder cannot be written."""
    try:
        make_folder(data, mode=0o711 if os.geteuid() == 0 else 0o700)
        for name in ("queue", "queue/messages", "queue/control", "logs", "static"):
            make_folder(data / name, mode=0o700)
    except (ClusterError, OSError) as error:
        raise Stop(f"Cannot use the data folder {data}: {error}") from error
    if not os.access(data, os.W_OK | os.X_OK):
        raise Stop(f"Cannot write to the data folder {data}. Set COMMISSIONING_DATA to a folder of your own.")
    environment = os.environ | {
        "COMMISSIONING_MODE": mode,
        "COMMISSIONING_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "commissioning.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "VIRTUAL_ENV": sys.prefix,
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '/usr/bin:/bin')}",
    }
    if mode == "demonstration" and not environment.get("SECRET_KEY"):
        environment["SECRET_KEY"] = _secret_key(data / "secret-key")
    return Place(data, environment)


def _secret_key(file: Path) -> str:
    """The example's own key, made once, readable by us only."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    key = file.read_text().strip()
    if not key:
        raise Stop(f"{file} is empty. Remove it and start again.")
    return key


@contextmanager
def only_one(place: Place, what: str) -> Iterator[None]:
    """Hold the data folder's lock. A second `./run` on the same folder is told where the first one is."""
    file = place.data / "run.lock"
    handle = os.open(file, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        record = read_record(place)
        at = f" at {record['address']}" if record.get("address") else ""
        raise Stop(
            f"{what} with the data folder {place.data}{at}.\n"
            "Stop it first, or set COMMISSIONING_DATA to another folder."
        ) from error
    try:
        yield
    finally:
        os.close(handle)


def read_record(place: Place) -> dict[str, object]:
    try:
        record = json.loads(place.record.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def write_record(place: Place, record: dict[str, object]) -> None:
    unfinished = place.record.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(record, indent=1))
    unfinished.replace(place.record)
