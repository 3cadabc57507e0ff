"""Guessing passwords against several real web processes: how many are looked at, and what a guesser learns."""

import os
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection

from commissioning.accounts.models import Remembered, User
from commissioning.accounts.passwords import PasswordHasher
from commissioning.tests.browser.conftest import database_url
from commissioning.tests.figures import Say

COUNT_FILE = "AS_ONE_COUNT_HASHES"  # as in counted, which only a web process loads
ROOT = Path(__file__).resolve().parents[3]
PROCESSES = 3
GUESSES = 1_000
HERE, EVERYWHERE, ADDRESS_A_MINUTE = 5, 50, 20
SAMPLES = 40
PASSWORD, WRONG = "correct horse battery", "goat kettle tuesday"
NEVER_THERE = "nobody-{}@example.org"

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    headers: tuple[tuple[str, str], ...]
    seconds: float


class Site:
    """Several web processes on the test's database, with the example's settings: real hashes and shared counts."""

    def __init__(self, folder: Path) -> None:
        self.count = folder / "hashes"
        self.count.touch()
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.close()
        environment = os.environ | {
            "COMMISSIONING_MODE": "demonstration",
            "COMMISSIONING_DATA": str(folder),
            "DATABASE_URL": database_url(),
            "DATABASE_OWNER_URL": "",
            "TRUSTED_PROXIES": "1",
            "DJANGO_SETTINGS_MODULE": "commissioning.settings",
            COUNT_FILE: str(self.count),
        }
        command = [sys.executable, "-m", "gunicorn", "commissioning.accounts.tests.counted:application"]
        command += ["--bind", self.address.removeprefix("http://"), "--workers", str(PROCESSES), "--threads", "4"]
        self.log = (folder / "web.log").open("wb")
        self.process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=self.log, stderr=self.log)
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.address}/help/", timeout=30):  # noqa: S310  our own
                    return
            except OSError:
                assert self.process.poll() is None
                time.sleep(0.2)
        raise AssertionError("The site does not answer.")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.log.close()

    def hashes_during(self, act: Callable[[], None]) -> int:
        before = self.count.stat().st_size
        act()
        return self.count.stat().st_size - before

    def post(self, path: str, typed: dict[str, str], place: str) -> Answer:
        """One try of a browser that was never here before, from a network address."""
        jar = CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), _NoRedirect())
        headers = {"X-Forwarded-For": place}
        with opener.open(urllib.request.Request(self.address + path, headers=headers), timeout=60) as page:  # noqa: S310
            token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
        assert token
        sent = urllib.parse.urlencode({**typed, "csrfmiddlewaretoken": token[1]}).encode()
        request = urllib.request.Request(self.address + path, sent, headers)  # noqa: S310
        began = time.perf_counter()
        try:
            answer = opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            body = answer.read().decode()
        seconds = time.perf_counter() - began
        return Answer(answer.status, _plain(body, typed), _plain_headers(answer.headers.items()), seconds)

    def sign_in(self, email: str, place: str, password: str = WRONG) -> Answer:
        return self.post("/account/login/", {"login": email, "password": password}, place)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


def _plain(body: str, typed: dict[str, str]) -> str:
    """The page without what differs between any two tries: tokens, and what was typed."""
    body = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", body)
    for value in typed.values():
        body = body.replace(value, "")
    return body


def _plain_headers(headers: object) -> tuple[tuple[str, str], ...]:
    kept = []
    for name, value in headers:  # type: ignore[attr-defined]
        if name.lower() in {"date", "expires", "content-length"}:
            continue
        kept.append((name.lower(), re.sub(r"=[^;]+", "=", value) if name.lower() == "set-cookie" else value))
    return tuple(sorted(kept))


@pytest.fixture(scope="module")
def running(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("site"))
    yield made
    made.stop()


@pytest.fixture
def site(running: Site, transactional_db: None) -> Site:
    forget()
    return running


def make_accounts(number: int) -> list[str]:
    """Accounts with one real password, whose hash is worked out once."""
    hasher = PasswordHasher()
    kept = hasher.encode(PASSWORD, hasher.salt())
    names = [f"member-{each}@example.org" for each in range(number)]
    User.objects.bulk_create(User(email=name, name="Member", password=kept) for name in names)
    return names


def all_at_once(tries: list[Callable[[], Answer]]) -> list[Answer]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda each: each(), tries))


def forget() -> None:
    Remembered.objects.all().delete()
    connection.close()


def from_far(number: int) -> str:
    return f"203.{number // 250 // 250 % 250}.{number // 250 % 250}.{number % 250 + 1}"


def test_guesses_on_one_account_and_on_many(site: Site, figure: Say) -> None:
    names = make_accounts(GUESSES)
    seen: dict[str, Counter[int]] = {}

    def measure(title: str, tries: list[Callable[[], Answer]], most: int) -> None:
        forget()
        answers: list[Answer] = []
        hashes = site.hashes_during(lambda: answers.extend(all_at_once(tries)))
        seen[title] = Counter(answer.status for answer in answers)
        figure(f"passwords evaluated of {len(tries):,} guesses {title}", str(hashes))
        assert 0 < hashes <= most, title
        assert set(seen[title]) <= {200, 429}

    one, guesses = names[0], range(GUESSES)
    measure("on one account from one address", [lambda: site.sign_in(one, "198.51.100.7") for _ in guesses], HERE)
    measure(
        "on one account from 1,000 addresses",
        [lambda n=n: site.sign_in(one, from_far(n)) for n in guesses],  # type: ignore[misc]
        EVERYWHERE,
    )
    measure(
        "one on each of 1,000 accounts from one address",
        [lambda name=name: site.sign_in(name, "198.51.100.7") for name in names],  # type: ignore[misc]
        # The minute may turn while they are made.
        ADDRESS_A_MINUTE * 10,
    )


def test_a_locked_account_is_not_locked_for_its_owner_elsewhere(site: Site) -> None:
    (name,) = make_accounts(1)
    all_at_once([lambda: site.sign_in(name, "198.51.100.7") for _ in range(60)])
    assert "Too many wrong attempts" in site.sign_in(name, "198.51.100.7", PASSWORD).body
    assert site.sign_in(name, "192.0.2.20", PASSWORD).status == 302


def test_a_guesser_learns_nothing_of_who_has_an_account(site: Site, figure: Say) -> None:
    """Existing, unknown, closed and invited: the same page, headers and work; times are told, the work is asserted."""
    names = make_accounts(SAMPLES * 2)
    closed, invited = names[0], names[1]
    User.objects.filter(email=closed).update(is_active=False)
    User.objects.filter(email=invited).update(password=make_password(None))
    answers: dict[str, list[Answer]] = {"existing": [], "unknown": []}
    hashes: dict[str, int] = {"existing": 0, "unknown": 0, "closed": 0, "invited": 0}
    for number in range(SAMPLES):
        for kind, name in (("existing", names[number + 2]), ("unknown", NEVER_THERE.format(number))):
            place = from_far(number * 2 + (kind == "unknown"))
            hashes[kind] += site.hashes_during(lambda: answers[kind].append(site.sign_in(name, place)))  # noqa: B023
    others: dict[str, Answer] = {}
    for kind, name in (("closed", closed), ("invited", invited)):
        hashes[kind] = site.hashes_during(lambda: others.__setitem__(kind, site.sign_in(name, "192.0.2.9")))  # noqa: B023
    everyone = [*answers["existing"], *answers["unknown"], *others.values()]
    kinds = {(each.status, each.body, each.headers) for each in everyone}
    assert len(kinds) == 1, [headers for _, _, headers in kinds][:2]
    assert hashes == {"existing": SAMPLES, "unknown": SAMPLES, "closed": 1, "invited": 1}
    median = {kind: statistics.median(each.seconds for each in found) * 1000 for kind, found in answers.items()}
    figure("sign-in: different bodies or headers, existing and unknown accounts", "0")
    figure(
        "sign-in: median time, existing / unknown account",
        f"{median['existing']:.1f} ms / {median['unknown']:.1f} ms, one hash each",
    )


def test_a_locked_account_and_a_locked_unknown_one_look_alike(site: Site, figure: Say) -> None:
    (name,) = make_accounts(1)
    times, pages = {}, set()
    for kind, email, place in (
        ("existing", name, "198.51.100.7"),
        ("unknown", NEVER_THERE.format(1), "198.51.100.8"),
    ):
        for _ in range(HERE):
            site.sign_in(email, place)
        answers: list[Answer] = []
        work = site.hashes_during(
            lambda: answers.extend(site.sign_in(email, place) for _ in range(SAMPLES))  # noqa: B023
        )
        assert work == 0
        pages |= {(each.status, each.body, each.headers) for each in answers}
        times[kind] = statistics.median(each.seconds for each in answers) * 1000
    assert len(pages) == 1
    figure("sign-in: median time, locked existing / unknown", f"{times['existing']:.1f} ms / {times['unknown']:.1f} ms")


def test_asking_for_a_new_password_looks_and_costs_the_same(site: Site, figure: Say) -> None:
    names = make_accounts(SAMPLES)
    answers: dict[str, list[Answer]] = {"existing": [], "unknown": []}
    for number, name in enumerate(names):
        for kind, email in (("existing", name), ("unknown", NEVER_THERE.format(number))):
            typed = {"email": email}
            place = from_far(number * 2 + (kind == "unknown"))
            answers[kind].append(site.post("/account/password/reset/", typed, place))
    everyone = [*answers["existing"], *answers["unknown"]]
    assert len({(each.status, each.body, each.headers) for each in everyone}) == 1
    assert everyone[0].status == 302
    median = {kind: statistics.median(each.seconds for each in found) * 1000 for kind, found in answers.items()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT arguments ->> 'user_id' IS NULL, count(*) FROM core_job GROUP BY 1 ORDER BY 1")
        assert cursor.fetchall() == [(False, SAMPLES), (True, SAMPLES)]
    figure(
        "new password: median time, existing / unknown",
        f"{median['existing']:.1f} ms / {median['unknown']:.1f} ms, one queued letter each",
    )
