"""Starting, watching and stopping the processes of `./run`, and those an earlier `./run` left when it was killed.

Each process is the head of its own session, so Control-C at the terminal reaches `./run` alone, which then stops
what it started. Each carries a word in its environment that only this run knows: after a kill -9 the next run
finds by it whatever is left, and touches nothing else. The kernel also asks each to stop when `./run` dies.
"""

import ctypes
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from commissioning.core.launch.place import ROOT, Place, read_record, write_record
from commissioning.core.launch.say import Stop, say

MARK = "COMMISSIONING_RUN"
ASK_TO_STOP_WHEN_PARENT_DIES = 1  # PR_SET_PDEATHSIG
GRACE_SECONDS = 15.0


class Child:
    """One process of ours, its log, and how much of the log the terminal has seen."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.name = name
        self.process = process
        self.log = log
        self._seen = 0

    def new_lines(self) -> list[str]:
        """Whole lines written since the last call."""
        with self.log.open("rb") as handle:
            handle.seek(self._seen)
            text = handle.read()
        whole = text[: text.rfind(b"\n") + 1]
        self._seen += len(whole)
        return whole.decode(errors="replace").splitlines()


class Processes:
    """The processes of one run."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.mark = secrets.token_hex(16)
        self.children: list[Child] = []

    def write_record(self, address: str) -> None:
        """Written before anything is started, so that a kill at any moment leaves a trail."""
        started = [[child.name, child.process.pid, _started_at(child.process.pid)] for child in self.children]
        write_record(self.place, {"mark": self.mark, "pid": os.getpid(), "address": address, "children": started})

    def environment(self, base: dict[str, str]) -> dict[str, str]:
        return base | {MARK: self.mark}

    def start(
        self, name: str, command: Sequence[str], environment: dict[str, str], *, pass_fds: Sequence[int] = ()
    ) -> None:
        """Start a process whose output goes to its log in the data folder."""
        log = self.place.data / "logs" / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                env=self.environment(environment),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_stop_with_parent(),
                pass_fds=pass_fds,
            )
        self.children.append(Child(name, process, log))

    def run(self, command: Sequence[str], environment: dict[str, str], *, quiet: bool = False) -> str:
        """Run a command to its end and return what it printed; its complaints go to the terminal."""
        answer = subprocess.run(
            command,
            env=self.environment(environment),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else sys.stderr,
            text=True,
            preexec_fn=_stop_with_parent(),
            check=False,
        )
        if answer.returncode != 0 and not quiet:
            raise Stop(f"This step failed: {' '.join(command[1:])}\n{answer.stdout.strip()}")
        return answer.stdout

    def check_alive(self) -> None:
        """Raise Stop, with the end of its log, when one of the processes has ended by itself."""
        for child in self.children:
            status = child.process.poll()
            if status is not None:
                end = "\n".join(f"  {line}" for line in child.log.read_text(errors="replace").splitlines()[-15:])
                how = f"exit status {status}" if status >= 0 else f"signal {-status}"
                raise Stop(f"The {child.name} process ended by itself ({how}). Its log, {child.log}, ends:\n{end}")

    def show_new_lines(self) -> None:
        for child in self.children:
            for line in child.new_lines():
                say(f"{child.name:>6} | {line}")

    def stop(self) -> None:
        """Ask each process to stop, wait, and end those that will not."""
        for child in self.children:
            child.process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children:
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                say(f"The {child.name} process is slow to stop; ending it.")
                child.process.kill()
                child.process.wait()
        _end(lambda: _marked(self.mark), grace_seconds=2)
        self.place.record.unlink(missing_ok=True)


def stop_leftovers(place: Place, *, grace_seconds: float = GRACE_SECONDS) -> None:
    """Stop what an earlier run started and, being killed, could not stop. Nothing else is touched."""
    record = read_record(place)
    mark = record.get("mark")
    if isinstance(mark, str) and mark:
        if _ours(record, mark):
            say("An earlier run was killed; stopping what it left running…")
        _end(lambda: _ours(record, mark), grace_seconds=grace_seconds)
    place.record.unlink(missing_ok=True)


def _ours(record: dict[str, object], mark: str) -> set[int]:
    """Processes that carry the run's mark, and recorded ones that are still the same process."""
    found = _marked(mark)
    children = record.get("children")
    for child in children if isinstance(children, list) else []:
        _name, pid, started = child
        if isinstance(pid, int) and started is not None and _started_at(pid) == started:
            found.add(pid)
    return found


def _marked(mark: str) -> set[int]:
    needle = f"{MARK}={mark}".encode()
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                if needle in (folder / "environ").read_bytes().split(b"\0") and _started_at(int(folder.name)):
                    found.add(int(folder.name))
            except OSError:
                continue
    return found


def _parent(pid: int) -> int | None:
    try:
        return int(Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def _started_at(pid: int) -> str | None:
    """Boot and start time of a living process: with its number, this names it beyond doubt. None when it is gone."""
    try:
        fields = Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    return None if fields[0] in "ZX" else f"{boot} {fields[19]}"


def _end(find: Callable[[], set[int]], *, grace_seconds: float) -> None:
    """Ask the processes that `find` names to stop, and end those still there after the grace."""
    found = find()
    for pid in found:
        # A pool's own workers are left to their head: stopped behind its back, one may die holding the pool's lock.
        if _parent(pid) not in found:
            _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    while find():
        if time.monotonic() > deadline:
            for pid in find():
                _signal(pid, signal.SIGKILL)
            deadline += 5
        time.sleep(0.1)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _stop_with_parent() -> Callable[[], None]:
    """For the new process to call: ask the kernel for a SIGTERM when `./run` dies, however it dies."""
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def prepare() -> None:
        libc.prctl(ASK_TO_STOP_WHEN_PARENT_DIES, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return prepare
