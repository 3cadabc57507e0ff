"""Many users over a few connections: nobody ever meets a row that the user before them was shown."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership, Role
from commissioning.core import scope
from commissioning.core.database import APPLICATION_ROLE
from commissioning.tests.figures import Say
from commissioning.tests.fixtures import make_member, make_person, make_placement, signed_in
from commissioning.tests.pgbouncer import MakeBouncer
from people.models import Person
from people.models.people import PersonQuerySet

THREADS = 8
PAGES = ("person_details", "circle", "goals")


@pytest.fixture
def users(
    transactional_db: None, estuary: Partnership, elsewhere: Partnership, meadow: Organisation, larkrise: Organisation
) -> dict[Membership, set[str]]:
    """Four users, each with the family names they may meet: two commissioners and two providers of one of them."""
    council = elsewhere.links.get(code="COUNCIL").organisation
    names: dict[Organisation, set[str]] = {}
    for organisation, partnership in ((meadow, estuary), (larkrise, estuary), (council, elsewhere)):
        for number in range(5):
            name = f"Quill{organisation.pk}x{number}z"
            person = make_person(partnership, f"{partnership.code}-{name}", family_name=name)
            make_placement(person, organisation, f"PL-{name}")
            names.setdefault(organisation, set()).add(name)
    return {
        make_member(estuary, Role.COMMISSIONER, "Una Estuary"): names[meadow] | names[larkrise],
        make_member(elsewhere, Role.COMMISSIONER, "Uri Elsewhere"): names[council],
        make_member(estuary, Role.PROVIDER_MANAGER, "Mona Meadow", meadow): names[meadow],
        make_member(estuary, Role.PROVIDER_MANAGER, "Lars Larkrise", larkrise): names[larkrise],
    }


@pytest.fixture
def application_guards_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """The application would show everybody; only the database stands between users."""
    monkeypatch.setattr(PersonQuerySet, "visible_to", lambda people, _actor: people)


class Crowd:
    """Threads that each keep one connection and serve a different user with every request."""

    def __init__(self, users: dict[Membership, set[str]], requests: int) -> None:
        self.users = users
        self.everyone = sorted(set().union(*users.values()))
        self.references = dict(Person.objects.values_list("family_name", "reference"))
        self.cookies = {member: signed_in(member).cookies for member in users}
        self.requests = requests
        self.found: Counter[str] = Counter()
        self.servers: set[int] = set()
        self._count = threading.Lock()

    def run(self) -> Counter[str]:
        threads = [threading.Thread(target=self._serve, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.found

    def _serve(self, number: int) -> None:
        chance, found, servers = random.Random(number), Counter[str](), set()
        try:
            for _ in range(self.requests // THREADS):
                found.update(self._ask(chance))
                servers.add(self._backend())
        finally:
            connections.close_all()
            with self._count:
                self.found.update(found)
                self.servers |= servers

    def _ask(self, chance: random.Random) -> Iterator[str]:
        member, name = chance.choice(list(self.users)), chance.choice(self.everyone)
        client = Client()
        client.cookies = self.cookies[member]
        if chance.random() < 0.1:
            response = client.get(reverse("people"))
            assert response.status_code == 200
        else:
            response = client.get(reverse(chance.choice(PAGES), args=[self.references[name]]))
            assert response.status_code == (200 if name in self.users[member] else 404), (member, name)
        text = response.content.decode()
        yield "requests"
        for each in self.everyone:
            if each in text:
                yield "own rows" if each in self.users[member] else "foreign rows"

    def _backend(self) -> int:
        raw = connections["default"].connection
        return int(raw.info.backend_pid) if raw is not None else 0


def prove(users: dict[Membership, set[str]], requests: int) -> Counter[str]:
    crowd = Crowd(users, requests)
    found = crowd.run()
    assert found["requests"] == requests
    assert found["own rows"] > requests // 4
    assert found["foreign rows"] == 0
    assert len(crowd.servers) <= THREADS, "every thread keeps its connection"
    return found


def test_it_shows_nobody_a_row_of_the_user_before(
    users: dict[Membership, set[str]], application_guards_down: None
) -> None:
    prove(users, 400)


def test_it_would_see_a_row_that_slipped_through(
    users: dict[Membership, set[str]], application_guards_down: None, wall_down: None
) -> None:
    """The proof itself: with both walls down the rows are there to be seen."""
    member = next(iter(users))
    with scope.entered(scope.EVERYWHERE):
        client = signed_in(member)
    foreign = set().union(*users.values()) - users[member]
    assert any(name in client.get(reverse("people")).content.decode() for name in foreign)
    assert Actor.of(member).partnership.code == "EST"


@pytest.mark.drill
@pytest.mark.parametrize("through", ["its own connections", "PgBouncer in transaction mode"])
def test_it_holds_over_ten_thousand_interleaved_requests(
    users: dict[Membership, set[str]],
    application_guards_down: None,
    make_pgbouncer: MakeBouncer,
    through: str,
    figure: Say,
) -> None:
    pooled = through.startswith("PgBouncer")
    bouncer = make_pgbouncer(role=APPLICATION_ROLE) if pooled else None
    with bouncer.in_front() if bouncer else nullcontext():
        found = prove(users, 10_000)
    figure(
        f"interleaved requests over {through}: foreign rows",
        f"{found['foreign rows']} in {found['requests']:,} requests, which showed {found['own rows']:,} of their own",
    )
