"""What web processes remember together holds when many write at once, and when a request fails."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse

from commissioning.accounts.models import Membership, Remembered
from commissioning.accounts.shared_memory import SharedMemory
from commissioning.accounts.tasks import forget_what_is_over

SHARED = {"default": {"BACKEND": "commissioning.accounts.shared_memory.SharedMemory"}}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def memory(transactional_db: None) -> Iterator[SharedMemory]:
    made = SharedMemory("", {})
    yield made
    made.close()


def test_of_twenty_at_once_one_is_first(memory: SharedMemory) -> None:
    def add(number: int) -> bool:
        own = SharedMemory("", {})
        try:
            return own.add("lock", number)
        finally:
            own.close()

    for _ in range(5):
        memory.delete("lock")
        with ThreadPoolExecutor(20) as pool:
            assert sum(pool.map(add, range(20))) == 1


def test_nothing_is_lost_when_twenty_count(memory: SharedMemory) -> None:
    def count(_number: int) -> None:
        own = SharedMemory("", {})
        own.incr("tries")
        own.close()

    memory.set("tries", 0, 60)
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(count, range(100)))
    assert memory.get("tries") == 100


def test_it_keeps_what_a_failed_request_counted(memory: SharedMemory) -> None:
    with transaction.atomic():
        memory.set("tries", [1.5], 60)
        transaction.set_rollback(True)
    assert memory.get("tries") == [1.5]


def test_it_forgets_in_time_and_lets_the_next_be_first(memory: SharedMemory) -> None:
    assert memory.add("code", True, -1)
    assert memory.get("code") is None
    assert memory.add("code", True, 60)
    assert not memory.add("code", True, 60)
    memory.set("old", 1, -1)
    assert memory.touch("code", 60) and not memory.touch("old", 60)
    with pytest.raises(ValueError, match="no such value"):
        memory.incr("old")
    with override_settings(CACHES=SHARED):
        forget_what_is_over()
    assert Remembered.objects.count() == 1
    assert memory.delete("code") and not memory.delete("code")


def test_nobody_can_be_read_from_its_keys(memory: SharedMemory) -> None:
    memory.set("198.51.100.7 alice@example.org", 1)
    assert "alice" not in str(list(Remembered.objects.values()))


def test_wrong_passwords_are_counted_by_it(alice: Membership, memory: SharedMemory) -> None:
    with override_settings(CACHES=SHARED):
        for number in range(6):
            typed = {"login": alice.user.email, "password": "correct horse battery" if number == 5 else "wrong"}
            page = Client().post(reverse("account_login"), typed)
        assert "Too many wrong attempts" in page.content.decode()
        cache.clear()
        assert Client().post(reverse("account_login"), typed).status_code == 302
    connection.close()
