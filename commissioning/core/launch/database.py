"""The database for a command: the one DATABASE_URL names, else the private cluster, started and migrated."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from commissioning.core.cluster import Cluster, ClusterError
from commissioning.core.launch.place import ROOT, Place
from commissioning.core.launch.say import Stop, say

APPLIED = """
SELECT system_identifier FROM pg_control_system();
SELECT app, name FROM django_migrations ORDER BY app, name;
"""


@dataclass(frozen=True)
class Database:
    """A database that is up. `cluster` is None when DATABASE_URL named it."""

    place: Place
    cluster: Cluster | None


@contextmanager
def open_database(place: Place, *, throwaway: bool = False) -> Iterator[Database]:
    """Start the private cluster unless DATABASE_URL is set; leave it at the end. Raises Stop with what to do.

    A throwaway cluster begins empty, is not safe against power cuts, and is used as its owner.
    """
    if place.environment.get("DATABASE_URL"):
        yield Database(place, None)
        return
    choice = place.environment.get("COMMISSIONING_POSTGRES", "")
    cluster = Cluster(place.data / "postgres", choice=choice, durable=not throwaway)
    try:
        if throwaway:
            cluster.discard()
        elif not cluster.data.exists():
            say("Making the database…")
        cluster.start()
    except ClusterError as error:
        raise Stop(f"The database could not be started. {error}") from error
    urls = {
        "DATABASE_URL": cluster.owner_url if throwaway else cluster.application_url,
        "DATABASE_OWNER_URL": cluster.owner_url,
    }
    try:
        yield Database(replace(place, environment=place.environment | urls), cluster)
    finally:
        try:
            cluster.stop()
        except ClusterError as error:
            say(f"The database did not stop: {error}")


def migrate(database: Database) -> None:
    """Bring the tables up to date. For the private cluster this costs one short query when nothing has changed."""
    stamp = database.place.data / "migrated"
    before = _fingerprint(database)
    if before and stamp.exists() and stamp.read_text() == before:
        return
    say("Bringing the database up to date…")
    answer = subprocess.run(
        database.place.manage("migrate", "--no-input", "--verbosity", "0"),
        env=database.place.environment,
        stdout=sys.stderr,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if answer.returncode != 0:
        raise Stop("The database could not be brought up to date; the message above says why.")
    stamp.write_text(_fingerprint(database))


def _fingerprint(database: Database) -> str:
    """Changes whenever the cluster, the migrations applied to it, our migrations, walls or packages change.

    Empty for a database that DATABASE_URL names: that one is asked through Django each time.
    """
    if database.cluster is None:
        return ""
    digest = hashlib.sha256()
    try:
        digest.update(database.cluster.query(APPLIED).encode())
    except ClusterError:
        return ""
    for file in [*_what_migrating_writes(), ROOT / "requirements.txt"]:
        digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return digest.hexdigest()


def _what_migrating_writes() -> list[Path]:
    """The files from which tables, triggers and walls are made."""
    found = [
        file
        for pattern in ("migrations/*.py", "walls.py")
        for file in (*ROOT.glob(f"*/{pattern}"), *ROOT.glob(f"commissioning/*/{pattern}"))
    ]
    return sorted(file for file in found if os.access(file, os.R_OK))
