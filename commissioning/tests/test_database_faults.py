"""The database goes away before, within and while saving a request: all or nothing, and what is said is so."""

import datetime as dt
import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from decimal import Decimal
from typing import Any
from unittest import mock

import psycopg2
import psycopg2.errors
import pytest
from celery import current_app
from django.db import OperationalError, connection, connections, transaction
from django.test import Client
from django.urls import reverse

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.core import jobs
from commissioning.core.database import SEE_EVERYTHING
from commissioning.core.errors import Refused
from commissioning.core.faults import BUSY, CLASH, FULL, LOST, RULE, fault_of
from commissioning.core.models import Job, JobState
from commissioning.tests.figures import Say
from commissioning.tests.fixtures import make_placement, signed_in
from commissioning.tests.forms import form_in
from commissioning.tests.wsgi import Answer, Browser
from finance import actions as money
from finance.actions import NewLine, NewShare
from finance.models import CostLine, FundingShare
from people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)

JULY = dt.date(2026, 7, 1)
REQUESTS = 100
Killer = Callable[[int], None]


@pytest.fixture
def kill() -> Iterator[Killer]:
    """End a backend as an administrator, a restart or the kernel would, from a connection apart."""
    apart = connect_apart()
    apart.autocommit = True
    yield lambda pid: void(apart.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", [pid]))
    apart.close()


def connect_apart() -> Any:
    """A connection to the same database that Django knows nothing of."""
    params = connection.get_connection_params()
    return psycopg2.connect(
        **{name: params[name] for name in ("dbname", "user", "password", "host", "port") if name in params}
    )


def void(_: object) -> None:
    return None


def backend() -> int:
    """The backend of this thread's connection."""
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


@pytest.fixture
def line(jo: Person, meadow: Organisation, by_alice: Actor) -> CostLine:
    home = make_placement(jo, meadow, start=JULY)
    made = money.add_line(placement=home, new=NewLine("core_support", "weekly", Decimal("1875.21"), JULY), by=by_alice)
    money.add_share(placement=home, new=NewShare(jo.council, "s117", Decimal(50), JULY), by=by_alice)
    return made


@pytest.fixture
def alices(alice: Membership) -> Browser:
    return Browser(signed_in(alice))


class Fault:
    """Kill the backend at one moment of the request that follows."""

    def __init__(self, kill: Killer) -> None:
        self.kill, self.seen = kill, 0

    @contextmanager
    def before(self) -> Iterator[None]:
        self.kill(backend())
        yield

    @contextmanager
    def within(self, place: int) -> Iterator[None]:
        """Just before the request's statement of this number."""

        def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            self.seen += 1
            if self.seen == place:
                self.kill(backend())
            return execute(sql, params, many, context)

        self.seen = 0
        with connection.execute_wrapper(watch):
            yield

    @contextmanager
    def at_commit(self, *, reply_lost: bool) -> Iterator[None]:
        """The backend ends before it gets the commit; or after it, so that only the answer to it is lost."""
        wrapper = connections["default"]
        commit, done = wrapper._commit, [False]  # type: ignore[attr-defined]  # where Django sends it

        def _commit() -> None:
            first, done[0] = not done[0], True
            if reply_lost or not first:
                commit()
            if first:
                self.kill(backend())
                with wrapper.wrap_database_errors, wrapper.connection.cursor() as cursor:
                    cursor.execute("COMMIT")

        with mock.patch.object(wrapper, "_commit", _commit):
            yield


def shares() -> list[tuple[str, dt.date, dt.date | None]]:
    return [(str(each.percent), each.start, each.end) for each in FundingShare.objects.order_by("pk")]


def ask(alices: Browser, line: CostLine, start: dt.date) -> tuple[str, dict[str, Any]]:
    """Who pays from a day: ends one share and begins two, with their history and who looked."""
    address = f"/money/placements/{line.its_placement.reference}/who-pays/"
    sent = form_in(alices.get(address))
    pairs = ((line.its_placement.person.council_id, 60), (line.its_placement.person.icb_id, 40))
    for place, (funder, percent) in enumerate(pairs):
        sent |= {f"share-{place}-funder": [str(funder)], f"share-{place}-route": ["s117"]}
        sent[f"share-{place}-percent"] = [str(percent)]
    day = {"start_day": [str(start.day)], "start_month": [str(start.month)], "start_year": [str(start.year)]}
    return address, {**sent, **day}


def judge(answer: Answer, before: object, after: object) -> str:
    """What became of one request; `half` and `unexplained` must never be."""
    text = answer.text
    if after != before and len(after) != len(before) + 2:  # type: ignore[arg-type]
        return "half"
    if answer.status_code == 302:
        return "saved" if after != before else "unexplained"
    if answer.status_code != 503 or "Retry-After" not in answer.headers:
        return "unexplained"
    if "Nothing was changed" in text:
        return "refused" if after == before else "unexplained"
    return "said to be unknown" if "we do not know which" in text else "unexplained"


def trial(alices: Browser, line: CostLine, start: dt.date, fault: Any) -> str:
    address, sent = ask(alices, line, start)
    before = shares()
    with fault:
        answer = alices.post(address, sent)
    result = judge(answer, before, shares())
    return result if alices.get("/people/JO/").status_code == 200 else "not recovered"


def faults(fault: Fault, number: int) -> list[Any]:
    """As many faults: a quarter before, half within, a quarter at commit."""
    chance = random.Random(20261122)
    made: list[Any] = [fault.before() for _ in range(number // 4)]
    made += [fault.within(chance.randint(1, 60)) for _ in range(number // 2)]
    return made + [fault.at_commit(reply_lost=bool(each % 2)) for each in range(number - len(made))]


def run(alices: Browser, line: CostLine, kill: Killer, number: int) -> Counter[str]:
    logging.disable(logging.CRITICAL)
    try:
        starts = (JULY + dt.timedelta(days=each + 1) for each in range(number))
        return Counter(
            trial(alices, line, start, each) for start, each in zip(starts, faults(Fault(kill), number), strict=True)
        )
    finally:
        logging.disable(logging.NOTSET)


def say(figure: Say, name: str, number: int, found: Counter[str]) -> None:
    wrong = found["unexplained"] + found["not recovered"]
    told = ", ".join(f"{count} {what}" for what, count in sorted(found.items()))
    figure(name, f"{number}: half-writes {found['half']}, unexplained errors {wrong} ({told})")
    assert not found["half"] and not wrong, told
    assert found["saved"] and found["refused"] and found["said to be unknown"], told


def test_a_killed_backend_leaves_all_or_nothing(alices: Browser, line: CostLine, kill: Killer, figure: Say) -> None:
    say(figure, "database backends killed in requests (a small run)", 16, run(alices, line, kill, 16))


@pytest.mark.drill
def test_a_hundred_killed_backends_leave_all_or_nothing(
    alices: Browser, line: CostLine, kill: Killer, figure: Say
) -> None:
    say(figure, "database backends killed in requests", REQUESTS, run(alices, line, kill, REQUESTS))


def test_a_page_that_only_shows_is_asked_for_once_more(alices: Browser, line: CostLine, kill: Killer) -> None:
    alices.get("/people/JO/")
    with Fault(kill).within(12):
        answer = alices.get("/people/JO/")
    assert answer.status_code == 200 and "Jo Example" in answer.text


def test_it_asks_no_third_time(alices: Browser, line: CostLine, kill: Killer) -> None:
    tries = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if '"people_person"' in sql:
            tries.append(sql)
            kill(backend())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        answer = alices.get("/people/JO/")
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"
    assert "We cannot show that page just now" in answer.text
    assert len(tries) == 2
    assert alices.get("/people/JO/").status_code == 200


def test_a_lock_that_is_held_is_not_waited_for_for_ever(
    alices: Browser, line: CostLine, settings: Any, kill: Killer
) -> None:
    settings.DATABASE_LIMITS = {**settings.DATABASE_LIMITS, "page": {"lock_timeout": 1, "statement_timeout": 5}}
    address, sent = ask(alices, line, dt.date(2026, 8, 1))
    before = shares()
    with closing(connect_apart()) as other, other.cursor() as cursor:
        cursor.execute(SEE_EVERYTHING)
        cursor.execute("SELECT 1 FROM people_placement FOR UPDATE")
        answer = alices.post(address, sent)
    assert answer.status_code == 503 and "somebody else is saving the same record" in answer.text
    assert "Nothing was changed" in answer.text and shares() == before
    assert alices.post(address, sent).status_code == 302


def test_every_transaction_of_a_page_has_its_limits(alices: Browser, line: CostLine) -> None:
    found = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if connection.in_atomic_block and '"people_person"' in sql:
            with connection.connection.cursor() as cursor:
                cursor.execute("SHOW lock_timeout")
                found.add(cursor.fetchone()[0])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        assert alices.get("/people/JO/").status_code == 200
    assert found == {"5s"}


def test_the_pages_of_faults_ask_nothing_of_the_database(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    client.raise_request_exception = False

    def fail(*_: object, **__: object) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr("commissioning.accounts.middleware.CurrentActor.__call__", fail)
    with django_assert_num_queries(0):
        shown = client.post("/people/JO/")
    assert shown.status_code == 503 and "Nothing was changed" in shown.content.decode()


class FakeError(Exception):
    def __init__(self, code: str) -> None:
        self.pgcode = code


@pytest.mark.parametrize(
    ("code", "kind"),
    [("57P01", LOST), ("40P01", CLASH), ("40001", CLASH), ("55P03", BUSY), ("57014", BUSY), ("53100", FULL),
     ("23P01", RULE), ("23502", None), ("42P01", None)],
)  # fmt: skip
def test_it_knows_what_failed(code: str, kind: str | None) -> None:
    error = OperationalError("something")
    error.__cause__ = FakeError(code)
    fault = fault_of(error)
    assert (fault and fault.kind) == kind


def test_two_who_add_sixty_per_cent_at_once(jo: Person, line: CostLine, by_alice: Actor) -> None:
    """The second waits for the first, and then is told; the trigger stands behind it."""
    money.add_share(placement=line.placement, new=NewShare(jo.icb, "s117", Decimal(40), JULY), by=by_alice)
    with pytest.raises(Refused, match="Shares add up to 150% on 1 July 2026"):
        money.add_share(placement=line.placement, new=NewShare(jo.icb, "chc", Decimal(60), JULY), by=by_alice)


def test_a_job_whose_connection_ends_is_done_again_and_once(
    alice: Membership, kill: Killer, monkeypatch: pytest.MonkeyPatch, line: CostLine
) -> None:
    """The worker's connection is killed within the job: nothing of it stays, and the sweep does it whole."""
    tries = []

    def work(line_id: int) -> None:
        CostLine.objects.filter(pk=line_id).update(label=f"{CostLine.objects.get(pk=line_id).label}x")
        tries.append(1)
        if len(tries) == 1:
            kill(backend())

    monkeypatch.setitem(current_app.tasks, "core.test_work", work)
    with transaction.atomic():
        job = jobs.enqueue("core.test_work", line_id=line.pk)
    logging.disable(logging.CRITICAL)
    jobs.run(job.pk)
    logging.disable(logging.NOTSET)
    line.refresh_from_db()
    assert line.label == "" and Job.objects.get(pk=job.pk).state == JobState.DUE
    Job.objects.update(due_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    for due in jobs.due_job_ids():
        jobs.run(due)
    line.refresh_from_db()
    assert line.label == "x" and Job.objects.get(pk=job.pk).state == JobState.DONE
    assert jobs.due_job_ids() == []


def test_a_job_whose_commit_went_through_is_not_done_again(
    alice: Membership, kill: Killer, monkeypatch: pytest.MonkeyPatch, line: CostLine
) -> None:
    def work(line_id: int) -> None:
        CostLine.objects.filter(pk=line_id).update(label=f"{CostLine.objects.get(pk=line_id).label}x")

    monkeypatch.setitem(current_app.tasks, "core.test_work", work)
    with transaction.atomic():
        job = jobs.enqueue("core.test_work", line_id=line.pk)
    logging.disable(logging.CRITICAL)
    with ExitStack() as stack:
        stack.callback(logging.disable, logging.NOTSET)
        claim = jobs._claim

        def claim_then_lose_the_next_reply(job_id: int) -> Any:
            claimed = claim(job_id)
            stack.enter_context(Fault(kill).at_commit(reply_lost=True))
            return claimed

        monkeypatch.setattr(jobs, "_claim", claim_then_lose_the_next_reply)
        jobs.run(job.pk)
    assert Job.objects.get(pk=job.pk).state == JobState.DONE
    line.refresh_from_db()
    assert line.label == "x"


def test_a_broker_that_is_down_costs_nobody_their_page(
    alice: Membership, adam: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object, **__: object) -> None:
        raise ConnectionError("Connection refused")

    monkeypatch.setattr(current_app, "send_task", down)
    day = {"starts_on_day": "1", "starts_on_month": "11", "starts_on_year": "2026"}
    invited = {"name": "Priya Nair", "email": "priya@example.org", "role": "commissioner", **day}
    assert signed_in(adam).post(reverse("user_invite"), invited).status_code == 302
    assert len(jobs.due_job_ids()) == 1
