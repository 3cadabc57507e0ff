"""What makes others' things count where a guard is out: they bear the same references, are of a provider that both
partnerships know, or stand in states in which a page would take them up."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from io import StringIO
from typing import Any
from unittest.mock import patch

from django.core.management import call_command
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils import timezone
from numpy import ndarray

from commissioning.accounts.actors import Actor
from commissioning.audit.models import RecordRead
from commissioning.core.periods import FinancialYear, Month
from commissioning.interchange.models import Upload
from commissioning.overview.models import PlacementDraft
from commissioning.overview.queries.costs.asked import Asked
from commissioning.overview.queries.costs.lines import parts_of
from commissioning.reports import figures
from commissioning.reports.actions import make_report
from commissioning.reports.models import BoardReport
from commissioning.rights.models import AccessExport, RetentionReview, RightsRequest
from commissioning.tests import fixtures
from commissioning.tests.matrix import policy
from commissioning.tests.matrix.addresses import FOREIGN, OWN, Target, every_address
from commissioning.tests.matrix.canaries import Canary
from commissioning.tests.matrix.cells import Data, Plan
from commissioning.tests.matrix.policy import Who
from commissioning.tests.matrix.walk import Cell
from commissioning.tests.matrix.world import ELS, EST, PersonMaker, World, waiting_reports, who_is
from finance.models import (
    Baseline,
    Budget,
    BudgetChange,
    CostLine,
    FundingShare,
    Payment,
    PlannedChange,
    RiskShareAgreement,
    SpendingType,
    Supplier,
)
from finance.queries import budget_records, budgets, known, lines_of_placement, open_book, records
from finance.queries.book import open_block
from finance.queries.budget_lines import behind
from finance.queries.budget_pages import BudgetPage
from finance.queries.payment_exceptions import _twins
from outcomes.models import Answer, Checklist, Incident
from people.models import Placement
from providers.models import Contract, Location

# By key: where, the reference that somebody elsewhere has too, and whether there is a cost from before.
NAMESAKES = {
    "kit": (EST, "P-0001", False),
    "lou": (ELS, "P-0001", True),
    "max": (EST, "P-0002", True),
    "noa": (ELS, "P-0002", False),
}


def bring(world: World) -> None:
    """Everything, in a world that is built."""
    for key in NAMESAKES:
        _make_namesake(world, key)
    _make_lives(world)
    _make_rights(world)
    _make_money(world)
    _make_agreements(world)
    _make_report(world)
    PlacementDraft.objects.create(
        person=world.people["ada"], by=world.members["arno"].user,
        answers={"support": {"provider": [str(world.providers["larkrise"].pk)], "setting": ["day_support"]}},
    )  # fmt: skip
    Location.objects.create(cqc_location_id="1-999999998", name="New house", provider_name="Somebody new")
    RecordRead.objects.create(
        user_id=world.members["alice"].user.pk, user_name="Somebody", role=policy.COMMISSIONER, route="circle",
        partnership_code=world.partnerships[EST].code, person_id=world.people["ivy"].pk,
    )  # fmt: skip
    Upload.objects.filter(partnership=world.partnerships[EST]).update(
        changes=[{"new": [{"person": "P-0001"}], "changed": [], "created": 1, "updated": 0}]
    )


def _make_namesake(world: World, key: str) -> None:
    """Somebody without a plan, whose placement has the reference of somebody's elsewhere and is not wholly funded."""
    code, reference, has_baseline = NAMESAKES[key]
    partnership, today = world.partnerships[code], timezone.localdate()

    def word(kind: str) -> str:
        return world.birds.plant_word(Canary(kind, code, key))

    person = world.people[key] = fixtures.make_person(
        partnership, reference, given_name=word("given name"), family_name=word("family name"),
        preferred_name=word("preferred name"), programme_start=today - dt.timedelta(days=40 + 20 * len(world.people)),
        cohorts=["care_home"] if code == ELS else [],
    )  # fmt: skip
    provider = world.providers["larkrise" if code == EST else "northgate"]
    placement = fixtures.make_placement(
        person,
        provider,
        reference.replace("P", "PL"),
        start=today - dt.timedelta(days=150),
        double_running=True if key == "noa" else None,
    )
    amount = world.birds.plant_price(Canary("price", code, key), Decimal("3100.00") + world.next() * Decimal("7.29"))
    line = CostLine.objects.create(
        partnership=partnership, placement=placement, kind="core_support", basis="weekly", start=placement.start,
        amount=amount, reference=reference.replace("P", "CL"),
    )  # fmt: skip
    if code == ELS:
        line.end = today - dt.timedelta(days=80)
        line.save()
        CostLine.objects.create(
            partnership=partnership, placement=placement, kind="core_support", basis="weekly", reason="uplift",
            start=line.end + dt.timedelta(days=1), amount=amount + 10, reference=reference.replace("P", "CL2"),
        )  # fmt: skip
    FundingShare.objects.create(
        placement=placement, funder=person.council, route="joint", percent=60, start=placement.start
    )
    if has_baseline:
        Baseline.objects.create(
            person=person, weekly_cost=Decimal("900") + world.next(), as_at=dt.date(2023, 12, 1), source="Before",
            scope="support_only",
        )  # fmt: skip


def _make_lives(world: World) -> None:
    """Other answers, checklists sent just now, and last month's incidents of somebody whom two providers support."""
    today = timezone.localdate()
    Answer.objects.filter(checklist__person__partnership=world.partnerships[ELS], number=5).update(value="2", number=2)
    Checklist.objects.filter(person=world.people["jem"], status="submitted").update(submitted_on=today)
    for placement in Placement.objects.filter(person__in=[world.people["gus"], world.people["ivy"]]):
        for back in (1, 2):
            Incident.objects.create(
                partnership=placement.partnership, person=placement.person, placement=placement, kind="other",
                severity=1, reference=f"BEFORE-{placement.pk}-{back}", occurred_on=Month.of(today).plus(-back).first,
            )  # fmt: skip
    born = dt.date(1950, 1, 1)
    old = fixtures.make_person(world.partnerships[ELS], "LONG-AGO", preferred_name="Long Ago", date_of_birth=born)
    world.people["long ago"] = old
    fixtures.make_placement(
        old, world.providers["northgate"], "LONG-AGO", start=dt.date(1999, 1, 1), end=dt.date(2001, 1, 1)
    )


def _make_rights(world: World) -> None:
    """In both partnerships somebody with everything that there may be of rights; elsewhere a copy waits."""
    day = timezone.localdate()
    PersonMaker(world, "ivy").make_rights(world.people["ivy"])
    for key in ("ada", "ivy"):
        person = world.people[key]
        RetentionReview.objects.create(
            partnership=person.partnership, person=person, keep_until=day + dt.timedelta(days=900), by_name="Somebody",
            reason=world.birds.plant_word(Canary("review reason", who_lives(key), key)),
        )  # fmt: skip
        request = RightsRequest.objects.create(
            partnership=person.partnership, person=person, kind="access", received_on=day, asked_by="person",
            due_on=day + dt.timedelta(days=30), logged_by_name="Somebody",
        )  # fmt: skip
        AccessExport.objects.create(
            partnership=person.partnership, person=person, request=request, state=AccessExport.State.WAITING,
            asked_by_name="Somebody", asked_at=timezone.now(), note=world.birds.plant_word(
                Canary("copy note", who_lives(key), key)
            ),
        )  # fmt: skip


def who_lives(key: str) -> str:
    return ELS if key == "ivy" else EST


def _make_money(world: World) -> None:
    """Elsewhere: payments to the provider that both know, in a month that is known nowhere else; budgets; places."""
    for code in (EST, ELS):
        _make_budget(world, code)
        _make_places(world, code)
    partnership, plant = world.partnerships[ELS], world.birds.plant_word
    supplier = Supplier.objects.create(
        partnership=partnership, supplier_id="S-BOTH", names=[plant(Canary("supplier", ELS, "both"))],
        provider=world.providers["meadow"],
    )  # fmt: skip
    kind = plant(Canary("expense type", ELS, "both"))
    amount = world.birds.plant_price(Canary("payment", ELS, "both"), Decimal("7100.00") + world.next())
    for _ in range(2):
        Payment.objects.create(
            partnership=partnership, supplier=supplier, paid_on=world.month.first, expense_type=kind, amount=amount,
            fingerprint=f"{world.next():064d}",
        )  # fmt: skip
    SpendingType.objects.create(
        partnership=partnership, expense_type=kind, month=world.month.plus(-3).first, rows=1, amount=amount
    )


def _make_budget(world: World, code: str) -> None:
    partnership, today = world.partnerships[code], timezone.localdate()
    year, council = FinancialYear.of(today), partnership.links.get(code="COUNCIL").organisation
    budget = Budget.objects.create(
        partnership=partnership, reference=f"STRANGE-{code}", year=year.start, partner=council, pool="Strange",
        amount=Decimal("250000") + world.next(),
    )  # fmt: skip
    BudgetChange.objects.create(
        partnership=partnership, reference=f"STRANGE-C-{code}", budget=budget, on=today, amount=world.next(),
        reason="Somebody came",
    )  # fmt: skip
    if code == ELS:
        Budget.objects.create(
            partnership=partnership, reference="STRANGE-BEFORE", year=year.start - 1, amount=1,
            partner=world.providers["meadow"],
        )  # fmt: skip
    PlannedChange.objects.create(
        partnership=partnership, reference=f"STRANGE-P-{code}", kind="other", on=today, weekly_low=1,
        weekly_expected=2, weekly_high=3, note="Somebody comes", funder=council,
    )  # fmt: skip


def _make_places(world: World, code: str) -> None:
    """Places of a provider's that are bought together, which somebody fills in part."""
    provider = world.providers["larkrise" if code == EST else "meadow"]
    contract = Contract.objects.get(partnership=world.partnerships[code], provider=provider)
    line = CostLine.objects.create(
        partnership=contract.partnership, contract=contract, capacity=4, kind="core_support", basis="weekly",
        amount=world.birds.plant_price(Canary("price", code, "places"), Decimal("6100") + world.next()),
        reference=f"PLACES-{code}", start=contract.start,
    )  # fmt: skip
    if code == ELS:
        line.end = timezone.localdate() - dt.timedelta(days=80)
        line.save()
        CostLine.objects.create(
            partnership=contract.partnership, contract=contract, capacity=4, kind="core_support", basis="weekly",
            amount=line.amount + 10, reference="PLACES-ELS-2", start=line.end + dt.timedelta(days=1), reason="uplift",
        )  # fmt: skip
    council = contract.partnership.links.get(code="COUNCIL").organisation
    FundingShare.objects.create(line=line, funder=council, route="joint", percent=80, start=line.start)


def _make_agreements(world: World) -> None:
    """One shared by the cohorts of people, and one by the beds that people left; in both partnerships."""
    year = FinancialYear.of(timezone.localdate()).plus(-1)
    for code, somebody in ((EST, "ada"), (ELS, "ivy")):
        partnership = world.partnerships[code]
        partners = [link.organisation for link in partnership.links.filter(code__in=["COUNCIL", "ICB"])]
        for rule in (RiskShareAgreement.Rule.BY_LINE, RiskShareAgreement.Rule.TRANSFER):
            agreement = RiskShareAgreement.objects.create(
                partnership=partnership, reference=f"{rule}-{code}", name=f"Shared {rule}", rule=rule,
                start=year.first, closes="year",
            )  # fmt: skip
            line = agreement.lines.create(
                partnership=partnership, reference=f"L-{rule}-{code}", name="Homes", by="cohort", value="care_home"
            )
            for place, partner in enumerate(partners):
                agreement.percents.create(partner=partner, percent=50)
                agreement.percents.create(partner=partner, line=line, percent=100 * place)
                agreement.contributions.create(partner=partner, year=year.start, amount=1000)
                agreement.contributions.create(partner=partner, year=year.start + 1, amount=1000)
            agreement.transfers.create(
                person=world.people[somebody], partner=partners[0], moved_on=year.first, weekly_cost=Decimal("10")
            )


def _make_report(world: World) -> None:
    """A published report that has a later revision, which nobody published."""
    report = next(waiting_reports(world))
    make_report(report.pk)
    BoardReport.objects.create(
        board=report.board, month=report.month, edition=report.edition, revision=2, state=BoardReport.State.FAILED
    )


# --- Asked in other ways ---------------------------------------------------------------------------------------------


def asked_otherwise(plan: Plan) -> Iterator[Cell]:
    """Addresses with what may be asked of them, and forms as somebody would fill them in."""
    world = plan.world
    year = FinancialYear.of(timezone.localdate())
    for key in ("alice", "finn"):
        for name in ("cost_explorer", "cost_explorer_csv", "cost_lines"):
            for asking in ("by=person", "by=cohort", "by=provider&beside=baseline", "beside=budget&per=year"):
                yield _opened(key, name, asking=f"?{asking}")
        for rule in ("by_line", "transfer"):
            for code in (EST, ELS):
                for period in (year.plus(-1), year):
                    yield _opened(key, "risk_statement", f"{rule}-{code}", str(period), whose=code)
    day = timezone.localdate() - dt.timedelta(days=200)
    happened = (
        ("occurred_on_day", str(day.day)), ("occurred_on_month", str(day.month)), ("occurred_on_year", str(day.year)),
        ("kind", "other"), ("severity", "2"), ("restrictive_practice", "no"), ("note", "It was loud"),
    )  # fmt: skip
    yield _opened("mabel", "incident_record", world.people["cat"].reference, sending=happened)
    board = next(address for address in every_address() if address.name == "board_members")
    found = plan.chosen(board, adam := who_is("adam"), thorough=True)
    own = next(target for target in found if target.whose == OWN)
    yield from (Cell(adam, target, "POST", plan.form_of(board, own, adam)) for target in found)


def _opened(
    key: str, name: str, *arguments: str, asking: str = "", whose: str = EST, sending: Data | None = None
) -> Cell:
    target = Target(name, f"{reverse(name, args=arguments)}{asking}", OWN if whose == EST else FOREIGN)
    return Cell(who_is(key), target, "GET" if sending is None else "POST", sending or ())


# --- Asked by no address ---------------------------------------------------------------------------------------------

CALL = "CALL"


@dataclass(frozen=True)
class Caller:
    """Whom a function works for, and what it answers."""

    who: Who
    ask: Callable[[Actor, World], object]


def _facts(actor: Actor, world: World) -> object:
    board = next(it for _, it in world.things["board"] if it.partnership == actor.partnership)
    frozen_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return figures.gather(board, world.month, frozen_at=frozen_at, with_spending=True)


def _payments(actor: Actor, world: World) -> object:
    out = StringIO()
    by = "supplier_id,provider,month,expense_type"
    call_command("payments", partnership=actor.partnership.code, by=by, stdout=out)
    return out.getvalue()


def _block(actor: Actor, world: World) -> object:
    places = Contract.objects.filter(cost_lines__reference__in=[f"PLACES-{EST}", f"PLACES-{ELS}"])
    return [open_block(actor, each) for each in places.order_by("pk")]


def _as_known(actor: Actor, world: World) -> object:
    return known.lines_as_known(actor, timezone.localdate(), CostLine.objects.values_list("pk", flat=True))


def _as_known_elsewhere(actor: Actor, world: World) -> object:
    lines = list(CostLine.objects.filter(partnership=world.partnerships[ELS], placement__isnull=False).values())
    with patch("finance.queries.known._Known.records", lambda *_: lines):
        return known.lines_as_known(actor, timezone.localdate(), [])


def _prices_of_placements(actor: Actor, world: World) -> object:
    return [lines_of_placement(actor, each, timezone.localdate()) for each in world.people["ada"].placements.all()]


def _price_of_places(actor: Actor, world: World) -> object:
    return records.line_for(actor, f"PLACES-{EST}")


def asked_by_no_address(world: World) -> dict[str, Caller]:
    """What workers and commands ask, and reads of which no page is made yet; by what it is called."""
    year, today = FinancialYear.of(timezone.localdate()), timezone.localdate()

    # The book of those elsewhere, as if it had been found; what is asked with it is kept to one's own all the same.
    elsewhere = open_book(Actor.system(world.partnerships[ELS]))

    def page(actor: Actor) -> BudgetPage:
        of_year = budgets.year_of_money(actor, year, today, book=elsewhere)
        return BudgetPage(actor, elsewhere, of_year, today, (year,))

    def behind_others_costs(actor: Actor, world: World) -> object:
        return parts_of(actor, elsewhere, Asked("setting", "month", "net", world.month.plus(-6), world.month), {})

    asks: dict[str, Callable[[Actor, World], object]] = {
        "figures of a report": _facts,
        "manage.py payments": _payments,
        "places bought together": _block,
        "lines as known": _as_known,
        "lines as known elsewhere": _as_known_elsewhere,
        "payments made twice": lambda actor, _: _twins(actor, [world.month]),
        "a year’s budgets": lambda actor, _: budgets.year_of_money(actor, year, today),
        "double running": lambda actor, _: budgets.double_running(actor, year, today, open_book(actor)),
        "a year’s spending elsewhere": lambda actor, _: page(actor).found,
        "why it varies elsewhere": lambda actor, _: page(actor).explained,
        "what is behind it elsewhere": lambda actor, _: [
            behind(page(actor), each, None) for each in ("ends", "assumed", "built", "started")
        ],
        "double running elsewhere": lambda actor, _: budgets.double_running(actor, year, today, elsewhere),
        "lines of costs elsewhere": behind_others_costs,
        "prices of placements": _prices_of_placements,
        "the price of places": _price_of_places,
        "where somebody elsewhere will live": lambda actor, world: budget_records.placement_expected(
            actor, world.people["ivy"], today
        ),
        "years with budgets": lambda actor, _: budget_records.years_with_budgets(actor),
    }
    worker, mabel = Who("the worker", policy.COMMISSIONER, EST), who_is("mabel")
    found = {f"{says}, for the worker": Caller(worker, ask) for says, ask in asks.items()}
    of_a_page = {says: ask for says, ask in asks.items() if ask not in {_facts, _payments}}
    return found | {f"{says}, for a provider": Caller(mabel, ask) for says, ask in of_a_page.items()}


def in_full(value: object) -> str:
    """All that a caller gets, as text."""
    return "\n".join(_said(value, set()))


def _said(value: Any, within: set[int]) -> Iterator[str]:
    if id(value) in within:
        return
    deeper = within | {id(value)}
    if isinstance(value, Model):
        yield " ".join(str(getattr(value, field.attname)) for field in value._meta.concrete_fields)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _said(getattr(value, field.name), deeper)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from _said(each, deeper)
    elif isinstance(value, ndarray):
        yield str(value.tolist())
    elif isinstance(value, (list, tuple, set, frozenset, QuerySet)):
        for each in value:
            yield from _said(each, deeper)
    else:
        yield str(value)
