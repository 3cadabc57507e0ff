"""Which system account PostgreSQL runs as, and folders that account owns.

PostgreSQL refuses to run as root. Started by root, the cluster belongs to `nobody`; started by anyone else it
belongs to them. Permissions are set on folders made here and on no other.
"""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class ClusterError(Exception):
    """The private database cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """The account that owns the cluster's files and processes."""

    name: str
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        return self.uid == os.geteuid()


def account_for(cluster_folder: Path) -> Account:
    """Whoever owns the cluster already, else us, else (as root) `nobody`.

    Raises ClusterError when the cluster belongs to someone we may not act for.
    """
    uid = os.geteuid()
    if cluster_folder.exists():
        owner = cluster_folder.stat().st_uid
        if uid not in (0, owner):
            raise ClusterError(
                f"The database in {cluster_folder} belongs to {_name(owner)}. Start the application as that "
                "account, or set COMMISSIONING_DATA to a folder of your own."
            )
        uid = owner
    if uid == 0:
        return _nobody()
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as error:
        raise ClusterError(
            f"The account number {uid} has no name on this machine, and PostgreSQL needs one. "
            "Add it to /etc/passwd, or set DATABASE_URL to a PostgreSQL database."
        ) from error
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _nobody() -> Account:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise ClusterError(
            "PostgreSQL does not run as root, and this machine has no account 'nobody' to run it as. "
            "Start the application as an ordinary user, or set DATABASE_URL to a PostgreSQL database."
        ) from error
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"account number {uid}"


def run_as(
    account: Account, command: Sequence[str], *, stdin: str = "", timeout_seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run a command as the account, in a clean environment, and return what it said."""
    other = not account.is_me
    return subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        text=True,
        cwd="/",
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "PGCONNECT_TIMEOUT": "5"},
        timeout=timeout_seconds,
        check=False,
        start_new_session=True,  # Control-C at the terminal is not for PostgreSQL
        user=account.uid if other else None,
        group=account.gid if other else None,
        extra_groups=[] if other else None,
    )


def make_folder(folder: Path, *, mode: int, owner: Account | None = None) -> None:
    """Make a folder of ours with this mode and owner. One that exists already is left as it is."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir()
    except FileExistsError:
        return
    except OSError as error:
        raise ClusterError(
            f"Cannot make the folder {folder} ({error.strerror}). Set COMMISSIONING_DATA to a folder you can write to."
        ) from error
    if owner is not None and not owner.is_me:
        os.chown(folder, owner.uid, owner.gid)
    folder.chmod(mode)


def check_reachable(account: Account, folder: Path) -> None:
    """Refuse, with what to do, when the account cannot get to the folder. Nobody else's permissions are changed."""
    if account.is_me or run_as(account, ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)]).returncode == 0:
        return
    blocked = next((above for above in [*reversed(folder.parents), folder] if not _passable(above)), folder)
    raise ClusterError(
        f"PostgreSQL runs as '{account.name}', who cannot enter {blocked}. Set COMMISSIONING_DATA to a folder that "
        f"every account may pass through (such as /var/lib/commissioning), or allow it: chmod o+x {blocked}"
    )


def _passable(folder: Path) -> bool:
    return bool(folder.stat().st_mode & 0o001)
