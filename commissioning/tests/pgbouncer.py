"""A PgBouncer in transaction mode in front of the test database, as a large deployment has one."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import connections

from commissioning.core.launch.machine import find_pgbouncer

ANSWERS_WITHIN_SECONDS = 20
# The few that all clients share, so that each soon meets what another left behind.
SERVER_CONNECTIONS = 3


@dataclass(frozen=True)
class Bouncer:
    """A running PgBouncer. Whoever connects has the role `user`, and shares a few connections to the server."""

    port: int
    database: str
    user: str
    host: str = "127.0.0.1"

    def connect(self) -> Any:
        """A psycopg2 connection through it."""
        return psycopg2.connect(host=self.host, port=self.port, dbname=self.database, user=self.user)

    @contextmanager
    def in_front(self) -> Iterator[None]:
        """Django's connections that are made within the block, in any thread, go through it."""
        settings = connections["default"].settings_dict
        before = dict(settings)
        connections["default"].close()
        settings.update(HOST=self.host, PORT=str(self.port), DISABLE_SERVER_SIDE_CURSORS=True)
        try:
            yield
        finally:
            connections["default"].close()
            settings.clear()
            settings.update(before)


MakeBouncer = Callable[..., Bouncer]


@pytest.fixture
def make_pgbouncer() -> Iterator[MakeBouncer]:
    """Start PgBouncers: `role` is taken on by each of its connections to the server."""
    started: list[tuple[subprocess.Popen[bytes], Path]] = []

    def make(role: str = "", server_connections: int = SERVER_CONNECTIONS) -> Bouncer:
        folder = _folder()
        bouncer = _write_settings(folder, role, server_connections)
        process = subprocess.Popen(
            [find_pgbouncer(), str(folder / "pgbouncer.ini")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user="nobody" if os.geteuid() == 0 else None,  # it refuses to run as root
        )
        started.append((process, folder))
        _wait(bouncer, process, folder)
        return bouncer

    yield make
    for process, folder in started:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)


@pytest.fixture
def pgbouncer(transactional_db: None, make_pgbouncer: MakeBouncer) -> Bouncer:
    """A PgBouncer in transaction mode in front of the test database, with few connections shared by everybody."""
    return make_pgbouncer()


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="as-one-pgbouncer-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
    return folder


def _write_settings(folder: Path, role: str, server_connections: int) -> Bouncer:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = connections["default"].get_connection_params()
    named = {name: str(server[name]) for name in ("host", "port", "dbname", "user", "password") if server.get(name)}
    named.setdefault("host", "/var/run/postgresql")
    if role:
        named["connect_query"] = f"SET ROLE {role}"
    target = " ".join(f"{name}='{value.replace(chr(39), chr(39) * 2)}'" for name, value in named.items())
    settings = {
        "listen_addr": "127.0.0.1",
        "listen_port": port,
        "unix_socket_dir": "",
        "auth_type": "any",
        "pool_mode": "transaction",
        "default_pool_size": server_connections,
        "max_client_conn": 500,
        "logfile": folder / "log",
        "pidfile": folder / "pid",
    }
    lines = [
        "[databases]",
        f"{named['dbname']} = {target}",
        "[pgbouncer]",
        *(f"{k} = {v}" for k, v in settings.items()),
    ]
    (folder / "pgbouncer.ini").write_text("\n".join(lines) + "\n")
    if os.geteuid() == 0:
        shutil.chown(folder / "pgbouncer.ini", "nobody")
    (folder / "pgbouncer.ini").chmod(0o600)
    return Bouncer(port, named["dbname"], named.get("user", ""))


def _wait(bouncer: Bouncer, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + ANSWERS_WITHIN_SECONDS
    while True:
        try:
            bouncer.connect().close()
            return
        except psycopg2.OperationalError as error:
            log = folder / "log"
            said = log.read_text()[-1500:] if log.exists() else ""
            assert process.poll() is None and time.monotonic() < deadline, f"PgBouncer did not start: {error}\n{said}"
            time.sleep(0.05)
