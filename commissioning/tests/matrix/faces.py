"""The cells that show every face a page has for somebody: with much on it, with nothing on it, and in between."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.core.editing import VERSION
from commissioning.core.models import Job, JobState
from commissioning.core.periods import Month
from commissioning.rights.exporting import fingerprint_of, gather_all
from commissioning.rights.models import AccessExport
from commissioning.tests.matrix import policy
from commissioning.tests.matrix.addresses import OWN, Target, every_address
from commissioning.tests.matrix.beginnings import BARE, BLANK, EMPTY, PLAIN, Beginnings
from commissioning.tests.matrix.canaries import Canary
from commissioning.tests.matrix.cells import Data, Plan, everybody
from commissioning.tests.matrix.policy import Who
from commissioning.tests.matrix.walk import Cell, form_values
from commissioning.tests.matrix.world import EST, World, who_is
from finance.actions import approve_statement, close_statement, withdraw_statement
from finance.models import InvestmentCase, RiskShareAgreement, RiskShareStatement
from outcomes.models import Answer, Checklist, Measure
from providers.models import Location

SENDERS = ("alice", "mabel", "adam")
# Pages that say one thing of one's first own and another of the next; by whom they are looked through.
LOOKED_THROUGH = {
    "checklist": ("mabel", "alice"),
    "checklist_view": ("mabel", "sam"),
    "contract": ("alice", "audrey"),
    "contract_places": ("alice", "audrey", "finn", "lena"),
    "incident": ("mabel", "alice"),
    "plan_version": ("alice", "clara", "audrey"),
    "report": ("alice", "audrey", "finn"),
}
Scene = Callable[[World], None]


@dataclass(frozen=True)
class Face:
    """A cell, in the world as it is or after something happened in it."""

    cell: Cell
    scene: Scene | None = None

    def __str__(self) -> str:
        return f"{self.cell} ({self.scene.__name__.replace('_', ' ')})" if self.scene else str(self.cell)


def every_face(plan: Plan, begun: Beginnings) -> Iterator[Face]:
    """Every address as everybody; what a few pages say of others; where nothing is yet; and what happens later."""
    for who in everybody():
        cells = [*plan.reading(who, thorough=False)] if who.role else []
        if who.key in SENDERS:
            cells += plan.writing(who, thorough=False)
        yield from (Face(cell) for cell in cells if policy.lets_in_by_name(cell.target.name, who))
    yield from (Face(cell) for cell in _looked_through(plan))
    yield from (Face(cell) for cell in _of_beginnings(plan, begun))
    yield from (Face(cell) for cell in _of_other_months(plan.world))
    yield from _later(plan.world)


def _looked_through(plan: Plan) -> Iterator[Cell]:
    for address in every_address():
        for key in LOOKED_THROUGH.get(address.name, ()):
            who = who_is(key)
            yield from (Cell(who, each) for each in plan.chosen(address, who, thorough=True) if each.whose == OWN)


def opened(who: Who, name: str, *arguments: object, asking: str = "") -> Cell:
    return Cell(who, Target(name, f"{reverse(name, args=arguments)}{asking}", OWN))


def _of_beginnings(plan: Plan, begun: Beginnings) -> Iterator[Cell]:
    yield _saved_twice(plan, begun)
    for who in (*begun.who[EMPTY], *begun.who[BARE]):
        for address in every_address():
            is_page = address.is_ours and not address.about and address.name not in policy.ONLY_WRITTEN
            if is_page and policy.lets_in(address.name, who):
                yield Cell(who, plan.chosen(address, who, thorough=False)[0])
    for who in begun.who[EMPTY]:
        if who.role in {policy.BOARD, policy.ADMINISTRATOR}:
            yield opened(who, "mfa_view_recovery_codes")
    for who in begun.who[BARE]:
        yield from _of_the_bare(who, begun)


OF_A_PERSON = ("person", "person_details", "placements", "circle", "goals", "plan", "person_rights", "person_incidents")


def _of_the_bare(who: Who, begun: Beginnings) -> Iterator[Cell]:
    """What may be opened of the two people there, and of the provider."""
    people = {policy.CLINICIAN: (PLAIN,), policy.MANAGER: (), policy.STAFF: ()}.get(who.role, (BLANK, PLAIN))
    for name in OF_A_PERSON:
        if policy.lets_in(name, who):
            yield from (opened(who, name, person) for person in people)
    if policy.lets_in("provider", who):
        yield opened(who, "provider", "BARELY")
    if policy.lets_in("erasure", who):
        assert begun.erasure is not None
        yield opened(who, "erasure", begun.erasure.pk)
        yield from (opened(who, "rights_request", each.pk) for each in begun.requests)


def _saved_twice(plan: Plan, begun: Beginnings) -> Cell:
    """A form that is sent again when it is saved already: what was typed is what stands there."""
    who = next(each for each in begun.who[BARE] if each.role == policy.COMMISSIONER)
    page = opened(who, "person_edit", PLAIN)
    typed = tuple(
        (name, "Plainer" if name == "preferred_name" else value)
        for name, value in form_values(plan.visitors.send(page).text)
    )
    assert VERSION in dict(typed)
    again = Cell(who, page.target, "POST", typed)
    plan.visitors.send(again, keep=True)
    plan.visitors.send(page, keep=True)  # where they are told that it is saved
    return again


def _of_other_months(world: World) -> Iterator[Cell]:
    this, before = Month.of(timezone.localdate()), world.month.plus(-1)
    for key in ("mabel", "sam"):
        yield opened(who_is(key), "outcomes_month", asking=f"?month={this}")
        yield _typed_meanwhile(world, who_is(key), before)
    for key in ("alice", "audrey"):
        yield opened(who_is(key), "outcomes_overview", asking=f"?month={before}")
    for key in ("alice", "finn", "clara", "mabel"):
        yield opened(who_is(key), "person", world.people["ada"].reference, asking="?as=table")


def _typed_meanwhile(world: World, who: Who, month: Month) -> Cell:
    """Another answer than the one that was sent while the page was open."""
    page = opened(who, "checklist_view", world.people["ada"].reference, month, "staff")
    sent = Checklist.objects.get(person=world.people["ada"], month=month.first, view="staff")
    answer = Answer.objects.filter(checklist=sent, measure__kind=Measure.Kind.SCALE).first()
    assert answer is not None
    data: Data = ((f"was-{answer.measure_id}", ""), (f"a-{answer.measure_id}", "1"))
    return Cell(who, page.target, "POST", data)


# --- What happens later ---------------------------------------------------------------------------------------------


def _later(world: World) -> Iterator[Face]:
    whose, export = next((whose, it) for whose, it in world.things["copy"] if whose.partnership == EST)
    assert whose == Canary("person", EST, "ada")
    for key in ("alice", "audrey"):
        who = who_is(key)
        yield Face(opened(who, "cqc_unmatched"), a_location_is_new)
        for scene in (a_copy_waits, a_copy_is_ready, a_copy_failed):
            yield Face(opened(who, "copy", export.pk), scene)
    yield from _of_the_pool(world)
    yield from _of_letters(world)


def a_location_is_new(world: World) -> None:
    Location.objects.create(cqc_location_id="1-999999999", name="New house", provider_name="Somebody new")


def a_copy_waits(world: World) -> None:
    export = _copy(world)
    export.fingerprint = fingerprint_of(export, gather_all(export.person))
    export.asked_by, export.asked_by_name = world.members["arno"].user, "Arno"
    export.asked_at, export.state = timezone.now(), AccessExport.State.WAITING
    export.save()


def a_copy_is_ready(world: World) -> None:
    export = _copy(world)
    export.state, export.expires_at = AccessExport.State.READY, timezone.now() + dt.timedelta(days=7)
    export.approved_at = timezone.now()
    export.save()


def a_copy_failed(world: World) -> None:
    export = _copy(world)
    export.state, export.note = AccessExport.State.FAILED, "It could not be made."
    export.save()


def _copy(world: World) -> AccessExport:
    return AccessExport.objects.get(pk=next(it.pk for whose, it in world.things["copy"] if whose.partnership == EST))


def _of_the_pool(world: World) -> Iterator[Face]:
    """An agreement by each rule that has a part of its own, a statement in each state, and a case that is stated."""
    agreement, period = _agreement(world), next(it.pk for _, it in world.things["period"])
    for key in ("alice", "finn", "audrey"):
        who = who_is(key)
        for scene in (it_is_shared_by_line, beds_come_into_it):
            yield Face(opened(who, "risk_share", agreement.reference), scene)
        for state in (one_of_two_approves, two_approve, it_is_closed, it_is_taken_back):
            yield Face(opened(who, "risk_statement", agreement.reference, period), state)
        yield Face(opened(who, "case", _case(world).reference), savings_are_stated)


def _agreement(world: World) -> RiskShareAgreement:
    pk = next(it.pk for whose, it in world.things["risk share"] if whose.partnership == EST)
    return RiskShareAgreement.objects.get(pk=pk)


def _statement(world: World) -> RiskShareStatement:
    return _agreement(world).statements.get()


def _case(world: World) -> InvestmentCase:
    return InvestmentCase.objects.get(pk=next(it.pk for whose, it in world.things["case"] if whose.partnership == EST))


def it_is_shared_by_line(world: World) -> None:
    RiskShareAgreement.objects.filter(pk=_agreement(world).pk).update(rule=RiskShareAgreement.Rule.BY_LINE)


def beds_come_into_it(world: World) -> None:
    RiskShareAgreement.objects.filter(pk=_agreement(world).pk).update(rule=RiskShareAgreement.Rule.TRANSFER)


def one_of_two_approves(world: World) -> None:
    approve_statement(statement=_statement(world), by=Actor.of(world.members["arno"]))


def two_approve(world: World) -> None:
    one_of_two_approves(world)
    approve_statement(statement=_statement(world), by=Actor.of(world.members["finn"]))


def it_is_closed(world: World) -> None:
    two_approve(world)
    close_statement(statement=_statement(world), by=Actor.of(world.members["finn"]))


def it_is_taken_back(world: World) -> None:
    withdraw_statement(statement=_statement(world), by=Actor.of(world.members["finn"]))


def savings_are_stated(world: World) -> None:
    InvestmentCase.objects.filter(pk=_case(world).pk).update(basis=InvestmentCase.Basis.STATED)


def _of_letters(world: World) -> Iterator[Face]:
    """A letter that the mail server has not taken so far, and one that is tried no more."""
    report = next(it for whose, it in world.things["report"] if whose.kind == "report" and whose.partnership == EST)
    for scene in (a_letter_is_tried_again, a_letter_is_given_up):
        yield Face(opened(who_is("adam"), "user", world.members["bea"].pk), scene)
        yield Face(opened(who_is("alice"), "report", report.pk), scene)


def a_letter_is_tried_again(world: World) -> None:
    _make_letters(world, JobState.DUE)


def a_letter_is_given_up(world: World) -> None:
    _make_letters(world, JobState.FAILED)


def _make_letters(world: World, state: str) -> None:
    """To a board member, of every report of theirs."""
    for whose, report in world.things["report"]:
        if whose.partnership == EST:
            about = {"report_id": report.pk, "membership_id": world.members["bea"].pk}
            Job.objects.create(name="reports.send_notice", arguments=about, state=state, attempts=3, error="Refused")
