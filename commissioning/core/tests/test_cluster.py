"""The private database: made, shared, recovered and stopped. Each test has a folder that every account may enter."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from commissioning.core.cluster import Cluster, ClusterError, find_binaries
from commissioning.core.cluster.account import account_for
from commissioning.core.cluster.server import LONGEST_SOCKET_FOLDER

MakeCluster = Callable[..., Cluster]


@pytest.fixture
def folder() -> Iterator[Path]:
    """As root the database runs as `nobody`, who cannot enter pytest's own folders."""
    made = Path(tempfile.mkdtemp(prefix="as-one-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def make_cluster(folder: Path) -> Iterator[MakeCluster]:
    made: list[Cluster] = []

    def make(name: str = "postgres", choice: str = "", durable: bool = False) -> Cluster:
        made.append(Cluster(folder / name, choice=choice, durable=durable))
        return made[-1]

    yield make
    for cluster in made:
        cluster.stop()


def ask(url: str, sql: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        connection.close()


def server_process(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def wait_until_gone(pid: int) -> None:
    for _ in range(100):
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.1)
    raise AssertionError(f"process {pid} is still there")


def test_it_gives_the_application_a_lesser_role_than_the_owner(make_cluster: MakeCluster) -> None:
    cluster = make_cluster()
    assert cluster.start()
    ask(cluster.owner_url, "CREATE TABLE line (id serial PRIMARY KEY, during daterange, room int, "
        "EXCLUDE USING gist (room WITH =, during WITH &&))")  # fmt: skip
    ask(cluster.owner_url, "GRANT SELECT, INSERT ON line TO commissioning_app; "
        "GRANT USAGE ON SEQUENCE line_id_seq TO commissioning_app")  # fmt: skip
    ask(cluster.application_url, "INSERT INTO line (room, during) VALUES (1, '[2026-01-01,2026-02-01)')")
    assert ask(cluster.application_url, "SELECT room FROM line") == [(1,)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(cluster.application_url, "CREATE TABLE mine (id int)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(cluster.application_url, "DROP TABLE line")
    superusers = "SELECT count(*) FROM pg_roles WHERE rolsuper AND rolname LIKE 'commissioning%'"
    assert ask(cluster.owner_url, superusers) == [(0,)]


def test_it_listens_on_a_private_socket_only(make_cluster: MakeCluster) -> None:
    cluster = make_cluster()
    cluster.start()
    assert ask(cluster.owner_url, "SHOW listen_addresses") == [("",)]
    assert cluster.socket.stat().st_mode & 0o777 == 0o700
    owner = Path(f"/proc/{server_process(cluster)}").stat().st_uid
    assert owner != 0
    assert owner == cluster.data.stat().st_uid


def test_it_is_stopped_by_whoever_leaves_last(make_cluster: MakeCluster) -> None:
    first, second = make_cluster(), make_cluster()
    assert first.start()
    assert not second.start()
    pid = server_process(first)
    assert not first.stop()
    assert ask(second.owner_url, "SELECT 1") == [(1,)]
    assert second.stop()
    wait_until_gone(pid)


def test_it_adopts_the_server_of_a_run_that_was_killed(make_cluster: MakeCluster, folder: Path) -> None:
    starter = (
        "import os, signal; from pathlib import Path; from commissioning.core.cluster import Cluster;"
        f"Cluster(Path({str(folder / 'postgres')!r}), durable=False).start(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", starter], check=False)
    assert killed.returncode == -signal.SIGKILL
    cluster = make_cluster()
    pid = server_process(cluster)
    assert not cluster.start()
    assert server_process(cluster) == pid
    assert cluster.stop()
    wait_until_gone(pid)


def test_it_keeps_what_was_committed_when_the_server_is_killed(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(durable=True)
    cluster.start()
    ask(cluster.owner_url, "CREATE TABLE kept AS SELECT 41 + 1 AS answer")
    pid = server_process(cluster)
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    again = make_cluster(durable=True)
    assert again.start()
    assert ask(again.owner_url, "SELECT answer FROM kept") == [(42,)]


def test_it_starts_when_the_dead_servers_number_belongs_to_another_program(make_cluster: MakeCluster) -> None:
    cluster = make_cluster()
    cluster.start()
    lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert make_cluster().start()


def test_it_uses_a_short_private_folder_when_the_sockets_path_is_too_long(
    make_cluster: MakeCluster, folder: Path
) -> None:
    cluster = make_cluster("long" * 25)
    assert len(str(cluster.folder / "socket")) > LONGEST_SOCKET_FOLDER
    cluster.start()
    assert not cluster.socket.is_relative_to(folder)
    assert ask(cluster.owner_url, "SELECT 1") == [(1,)]
    cluster.stop()
    shutil.rmtree(cluster.socket)


def test_it_runs_from_the_wheel_where_the_machine_has_no_postgresql(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(choice="wheel")
    cluster.start()
    assert (cluster.data / "PG_VERSION").read_text().strip() == "18"
    assert ask(cluster.owner_url, "SELECT extname FROM pg_extension WHERE extname = 'btree_gist'") == [("btree_gist",)]


def test_it_says_which_version_an_existing_database_needs(make_cluster: MakeCluster) -> None:
    cluster = make_cluster()
    cluster.start()
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(ClusterError, match=r"(?s)made by PostgreSQL 14.*postgresql-14.*COMMISSIONING_DATA"):
        make_cluster().start()


def test_it_says_what_it_looked_at_when_no_postgresql_will_do(folder: Path) -> None:
    with pytest.raises(ClusterError, match=r"lacks postgres, initdb, pg_ctl, psql"):
        find_binaries(choice=str(folder), account=account_for(folder), copies=folder / "copies")


def test_it_leaves_other_folders_permissions_alone(make_cluster: MakeCluster, folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    cluster = make_cluster("closed/postgres")
    if os.geteuid() == 0:
        with pytest.raises(ClusterError, match=f"cannot enter {closed}"):
            cluster.start()
    else:
        assert cluster.start()
    assert closed.stat().st_mode & 0o777 == 0o700
    assert closed.stat().st_uid == os.geteuid()


def test_it_makes_the_database_again_after_the_first_start_was_interrupted(make_cluster: MakeCluster) -> None:
    cluster = make_cluster()
    half = cluster.folder / "cluster.unfinished"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15\n")
    cluster.folder.chmod(0o755)
    assert cluster.start()
    assert not half.exists()


def test_it_throws_away_a_throwaway_database_but_not_one_in_use(make_cluster: MakeCluster) -> None:
    cluster = make_cluster()
    cluster.start()
    with pytest.raises(ClusterError, match="in use"):
        make_cluster().discard()
    cluster.stop()
    make_cluster().discard()
    assert not cluster.data.exists()
