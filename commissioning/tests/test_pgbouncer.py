"""Behind PgBouncer in transaction mode: what holds for a transaction is gone after it, whoever comes next."""

from contextlib import closing
from typing import Any

import pytest
from django.db import connection, transaction

from commissioning.accounts.models import Membership
from commissioning.tests.fixtures import signed_in
from commissioning.tests.pgbouncer import Bouncer, MakeBouncer

pytestmark = pytest.mark.drill

SERVER = "SELECT pg_backend_pid(), current_setting('as_one.scope', true)"


def ask(client: Any, statement: str) -> tuple[Any, ...]:
    with client, client.cursor() as cursor:
        cursor.execute(statement)
        found = cursor.fetchone()
        assert isinstance(found, tuple)
        return found


def test_what_is_set_for_a_transaction_is_never_met_by_the_next_client(pgbouncer: Bouncer) -> None:
    clients = [pgbouncer.connect() for _ in range(6)]
    servers = set()
    for number in range(200):
        client = clients[number % len(clients)]
        with client, client.cursor() as cursor:
            cursor.execute(SERVER)
            server, before = cursor.fetchone()
            assert not before
            cursor.execute("SELECT set_config('as_one.scope', %s, true)", [f"sees=nobody,user={number}"])
            cursor.execute(SERVER)
            assert cursor.fetchone() == (server, f"sees=nobody,user={number}")
            servers.add(server)
    for client in clients:
        client.close()
    assert len(servers) <= 3, "six clients should share three connections"


def test_what_is_set_for_a_session_is_met_by_the_next_client(
    make_pgbouncer: MakeBouncer, transactional_db: None
) -> None:
    """The positive control: the pool does mix clients, so that the proof above could have failed."""
    bouncer = make_pgbouncer(server_connections=1)
    with closing(bouncer.connect()) as one, closing(bouncer.connect()) as other:
        ask(one, "SELECT set_config('as_one.scope', 'left behind', false)")
        assert ask(other, "SELECT current_setting('as_one.scope', true)") == ("left behind",)


def test_pages_are_served_through_it(pgbouncer: Bouncer, alice: Membership) -> None:
    with pgbouncer.in_front():
        assert signed_in(alice).get("/").status_code == 200
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT inet_server_port(), %s", [connection.settings_dict["PORT"]])
            assert cursor.fetchone()[1] == str(pgbouncer.port)
