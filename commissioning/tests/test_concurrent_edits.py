"""Many people at one cost line at the same moment: each saving is shown to whoever saves after it, or refused."""

import random
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.tests.figures import Say
from commissioning.tests.fixtures import make_member, make_placement, signed_in
from commissioning.tests.forms import confirmed, form_in
from finance import actions as money
from finance.actions import NewLine
from finance.models import CostLine
from people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)

LONGEST_PAUSE_SECONDS = 1.5
MOST_TRIES = 300


@dataclass(frozen=True)
class Edit:
    """One price that was saved, and the price that its author had been shown as saved before it."""

    amount: Decimal
    shown: Decimal


@pytest.fixture
def line(jo: Person, meadow: Organisation, by_alice: Actor) -> CostLine:
    home = make_placement(jo, meadow)
    return money.add_line(placement=home, new=NewLine("core_support", "weekly", Decimal(1000), home.start), by=by_alice)


def edit(client: Client, address: str, amount: Decimal, pause: Callable[[int], None]) -> tuple[Edit, int]:
    """Open the form, change the price, save; where somebody was first, look at theirs and keep one's own."""
    page = client.get(address)
    sent: dict[str, Any] = form_in(page)
    shown = Decimal(sent["amount"][0].replace(",", ""))
    sent |= {"amount": [str(amount)], "why": ["Typed anew"]}
    for tries in range(MOST_TRIES):
        answer = confirmed(client, address, client.post(address, sent))
        while answer.status_code == 200:  # what it changes of past months is otherwise by now
            answer = confirmed(client, address, answer)
        if answer.status_code == 302:
            return Edit(amount, shown), tries
        assert answer.status_code == 409, answer.status_code
        text = answer.content.decode()
        theirs = re.search(r'for="keep-amount-theirs".*?class="value">£([\d,.]+)<', text, re.S)
        assert theirs, "The page does not show what the other saved."
        shown = Decimal(theirs[1].replace(",", ""))
        sent = {**form_in(answer), "keep-amount": ["yours"]}
        pause(tries)
    raise AssertionError("It was refused too often.")


def many_edits(line: CostLine, people: list[Membership], each: int) -> tuple[list[Edit], int]:
    """Everybody edits `each` times, all at once; what was saved, and how often somebody was shown the other's first."""
    address = f"/money/prices/{line.reference}/correct/"
    clients = [signed_in(person) for person in people]
    assert clients[0].get(address).status_code == 200  # the addresses are read once, before there are threads
    begin, never = threading.Barrier(len(people)), threading.Event()

    def work(number: int) -> list[tuple[Edit, int]]:
        chance = random.Random(number)
        begin.wait()
        try:
            return [
                edit(
                    clients[number],
                    address,
                    Decimal(10_000 + number * each + place) / 100 + 2000,
                    lambda tries: void(never.wait(chance.uniform(0, min(LONGEST_PAUSE_SECONDS, 0.05 * 2**tries)))),
                )
                for place in range(each)
            ]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as pool:
        found = [one for several in pool.map(work, range(len(people))) for one in several]
    return [saved for saved, _ in found], sum(tries for _, tries in found)


def void(_: object) -> None:
    return None


def silent_losses(line: CostLine, edits: list[Edit]) -> int:
    """Edits that are not in the history, or that overwrote one which their author had not been shown."""
    events: Any = next(iter(CostLine.pgh_event_models.values()))  # type: ignore[attr-defined]  # from pghistory
    history = list(events.objects.filter(pgh_obj_id=line.pk).order_by("pgh_id").values_list("amount", flat=True))
    before = {amount: earlier for earlier, amount in pairwise(history)}
    assert len(history) == len(edits) + 1
    return sum(before.get(each.amount) != each.shown for each in edits)


def prove(line: CostLine, people: list[Membership], each: int) -> str:
    edits, shown = many_edits(line, people, each)
    losses = silent_losses(line, edits)
    line.refresh_from_db()
    assert len(edits) == len(people) * each and line.amount in {one.amount for one in edits}
    assert losses == 0
    return f"{len(edits)} saved, {shown} times shown the other’s first, silent losses {losses}"


def members(alice: Membership, number: int) -> list[Membership]:
    return [make_member(alice.partnership, "commissioner", f"Person {place}") for place in range(number)]


def test_nobody_overwrites_what_they_were_not_shown(line: CostLine, alice: Membership, figure: Say) -> None:
    figure("4 people × 4 edits of one cost line", prove(line, members(alice, 4), 4))


@pytest.mark.drill
def test_twenty_people_overwrite_nothing_unseen(line: CostLine, alice: Membership, figure: Say) -> None:
    figure("20 threads × 50 edits of one cost line", prove(line, members(alice, 20), 50))


def test_two_who_add_sixty_per_cent_at_once(line: CostLine, alice: Membership, jo: Person) -> None:
    """Both have the form open with nobody paying; the second to save is shown the first's, and 120% is never there."""
    address = f"/money/placements/{line.its_placement.reference}/who-pays/"
    clients = [signed_in(person) for person in members(alice, 2)]
    forms = [form_in(client.get(address)) for client in clients]
    begin = threading.Barrier(2)

    def work(number: int) -> Any:
        funder = (jo.council_id, jo.icb_id)[number]
        share = {"share-0-funder": [funder], "share-0-route": ["s117"], "share-0-percent": ["60"]}
        start = {"start_day": ["1"], "start_month": ["8"], "start_year": ["2026"]}
        begin.wait()
        try:
            return clients[number].post(address, {**forms[number], **share, **start})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(work, range(2)))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    refused = next(answer for answer in answers if answer.status_code == 409).content.decode()
    assert "60%" in refused and "Nothing of yours is saved yet" in refused
    assert [str(share.percent) for share in line.its_placement.shares.all()] == ["60.0000"]
