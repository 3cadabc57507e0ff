"""Two partnerships that share a provider, with everything in them that an address can be about, full of canaries.

Meadow supports people for both partnerships. In Estuary there is Larkrise beside it, and somebody in each way of being
somebody's: supported now, before, from a later day shared or not, by both, by nobody.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership, Role, User
from commissioning.core.periods import FinancialYear, Month
from commissioning.interchange.faults import Fault
from commissioning.interchange.models import Upload
from commissioning.overview.models import PlacementDraft
from commissioning.reports.models import Board, BoardReport
from commissioning.rights.models import AccessExport, Erasure, LegalHold, RightsRequest
from commissioning.tests import fixtures
from commissioning.tests.matrix.canaries import Aviary, Canary
from commissioning.tests.matrix.policy import Who
from finance.actions import close_month, prepare_statement
from finance.models import (
    Baseline,
    Budget,
    Calendar,
    CostLine,
    FundingShare,
    InvestmentCase,
    Payment,
    PlannedChange,
    RiskShareAgreement,
    SpendingFile,
    SpendingImport,
    SpendingType,
    Supplier,
    Uplift,
)
from finance.queries import risk_share
from outcomes.actions.frameworks import ensure_default_framework
from outcomes.models import Answer, Checklist, ChecklistStep, Incident
from people.models import CircleMember, ClinicalInvolvement, Goal, Person, Placement, Plan, Responsibility
from providers.models import Contract, Location

NOW, BEFORE, SHARED, PLANNED, BESIDE = "now", "before", "shared", "planned", "beside"
EST, ELS = "EST", "ELS"
# By key: the partnership, who supports them in which way, and which clinician advises.
PEOPLE: dict[str, tuple[str, dict[str, str], str]] = {
    "ada": (EST, {"meadow": NOW}, "clara"),
    "ben": (EST, {"larkrise": NOW}, ""),
    "cat": (EST, {"larkrise": BEFORE, "meadow": NOW}, ""),
    "dan": (EST, {"meadow": BEFORE, "larkrise": NOW}, "clara"),
    "eve": (EST, {"meadow": PLANNED}, ""),
    "fay": (EST, {"larkrise": NOW, "meadow": SHARED}, ""),
    "gus": (EST, {"meadow": NOW, "larkrise": BESIDE}, ""),
    "hal": (EST, {}, ""),
    "ivy": (ELS, {"meadow": NOW}, "colin"),
    "jem": (ELS, {"northgate": NOW}, ""),
}
WORKS_IN = {"meadow": (EST, ELS), "larkrise": (EST,), "northgate": (ELS,)}
# By key: role, partnership, organisation.
USERS: dict[str, tuple[str, str, str]] = {
    "alice": (Role.COMMISSIONER, EST, ""),
    "arno": (Role.COMMISSIONER, EST, ""),
    "charlie": (Role.COMMISSIONER, ELS, ""),
    "mabel": (Role.PROVIDER_MANAGER, EST, "meadow"),
    "sam": (Role.PROVIDER_STAFF, EST, "meadow"),
    "lena": (Role.PROVIDER_MANAGER, EST, "larkrise"),
    "nora": (Role.PROVIDER_MANAGER, ELS, "northgate"),
    "finn": (Role.FINANCE_OFFICER, EST, ""),
    "clara": (Role.CLINICIAN, EST, ""),
    "colin": (Role.CLINICIAN, ELS, ""),
    "bea": (Role.BOARD_MEMBER, EST, ""),
    "audrey": (Role.AUDITOR, EST, ""),
    "adam": (Role.ADMINISTRATOR, EST, ""),
    "agnes": (Role.ADMINISTRATOR, ELS, ""),
}
TODAY_SEEN_BY_PROVIDER = frozenset({NOW, BESIDE, SHARED})


@dataclass
class World:
    """What was made, by key; `birds` finds any of it again."""

    birds: Aviary = field(default_factory=Aviary)
    partnerships: dict[str, Partnership] = field(default_factory=dict)
    providers: dict[str, Organisation] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    # Things that addresses name, by what they are: whose, and the object.
    things: dict[str, list[tuple[Canary, Any]]] = field(default_factory=dict)
    number: int = 0

    def keep(self, kind: str, whose: Canary, thing: Any) -> Any:
        self.things.setdefault(kind, []).append((whose, thing))
        return thing

    def next(self) -> int:
        self.number += 1
        return self.number

    @property
    def month(self) -> Month:
        return Month.of(timezone.localdate()).plus(-1)


def those(provider: str, partnership: str, ways: frozenset[str]) -> frozenset[str]:
    """Keys of the people a provider supports for a partnership in one of the ways."""
    return frozenset(
        key for key, (where, supports, _) in PEOPLE.items() if where == partnership and supports.get(provider) in ways
    )


def who_is(key: str) -> Who:
    role, partnership, provider = USERS[key]
    advised = frozenset(person for person, (_, _, clinician) in PEOPLE.items() if clinician == key)
    return Who(
        key,
        str(role),
        partnership,
        provider,
        supports=those(provider, partnership, TODAY_SEEN_BY_PROVIDER),
        supported=those(provider, partnership, frozenset({BEFORE})),
        advises=advised,
        providers_of_advised=frozenset(provider for person in advised for provider in PEOPLE[person][1]),
    )


def build() -> World:
    """The whole world, in the database of the test."""
    world = World()
    for code in (EST, ELS):
        _make_partnership(world, code)
    for key, partnerships in WORKS_IN.items():
        _make_provider(world, key, partnerships)
    for key in USERS:
        _make_user(world, key)
    for key in PEOPLE:
        PersonMaker(world, key).make()
    for code in (EST, ELS):
        _make_spending(world, code)
        _make_pool(world, code)
        _make_reports(world, code)
    return world


def _make_partnership(world: World, code: str) -> None:
    plant = world.birds.plant_word
    name = plant(Canary("partnership name", code))
    made = fixtures.make_partnership(plant(Canary("partnership code", code)).upper(), name)
    world.partnerships[code] = made
    ensure_default_framework(partnership=made, by=Actor.system(made))
    board = Board.objects.create(partnership=made, code=plant(Canary("board", code)).upper(), name=f"{name} board")
    world.keep("board", Canary("board", code), board)


def _make_provider(world: World, key: str, partnerships: tuple[str, ...]) -> None:
    where = partnerships[0] if len(partnerships) == 1 else "both"
    plant = world.birds.plant_word
    name = f"{plant(Canary('provider name', where, provider=key))} Support"
    made = world.providers[key] = Organisation.objects.create(name=name, kind="support_provider")
    for code in partnerships:
        link = made.links.create(
            partnership=world.partnerships[code], code=plant(Canary("provider code", code, provider=key)).upper()
        )
        world.keep("link", Canary("link", code, provider=key), link)
        contract = Contract.objects.create(
            partnership=world.partnerships[code],
            reference=plant(Canary("contract reference", code, provider=key)).upper(),
            provider=made,
            title=plant(Canary("contract title", code, provider=key)),
            kind="spot",
            start=timezone.localdate() - dt.timedelta(days=400),
            end=timezone.localdate() + dt.timedelta(days=40),
        )
        world.keep("contract", Canary("contract", code, provider=key), contract)
        if key != "meadow":
            _make_places(world, code, key, contract)
    location = Location.objects.create(
        cqc_location_id=f"1-{world.next():09d}", organisation=made, name=f"House {world.next()}", provider_name=name
    )
    for code in partnerships:
        world.keep("location", Canary("location", code, provider=key), location)


def _make_places(world: World, code: str, key: str, contract: Contract) -> None:
    """A price for nine places, of which whoever is placed takes a part and the rest is void."""
    amount = Decimal("9100.00") + world.next() * Decimal("7.29")
    CostLine.objects.create(
        partnership=contract.partnership, contract=contract, capacity=9, kind="shared_hours", basis="weekly",
        reference=f"BLOCK-{code}-{key}".upper(), start=timezone.localdate() - dt.timedelta(days=90),
        amount=world.birds.plant_price(Canary("block price", code, provider=key), amount),
    )  # fmt: skip


def _make_user(world: World, key: str) -> None:
    role, partnership, provider = USERS[key]
    name = world.birds.plant_word(Canary("user", partnership, provider=provider, person=key))
    organisation = world.providers.get(provider)
    member = fixtures.make_member(world.partnerships[partnership], role, f"{key.title()} {name}", organisation)
    world.members[key] = member
    whose = Canary("account", partnership)
    world.keep("user", whose, member.user)
    world.keep("membership", whose, member)
    if role == Role.BOARD_MEMBER:
        for _, board in world.things["board"]:
            if board.partnership == member.partnership:
                board.members.add(member)


def make_outsiders(world: World) -> dict[str, User]:
    """Somebody whose one role has ended, and a commissioner who is disabled after they signed in."""
    users = {
        key: User.objects.create_user(f"{key.replace(' ', '.')}@example.org", "correct horse battery", name=key.title())
        for key in ("no role", "disabled")
    }
    held = {"partnership": world.partnerships[EST], "role": Role.COMMISSIONER, "starts_on": dt.date(2024, 1, 1)}
    Membership.objects.create(user=users["no role"], ends_on=timezone.localdate() - dt.timedelta(days=1), **held)
    Membership.objects.create(user=users["disabled"], **held)
    return users


@dataclass
class PersonMaker:
    """One person with all that may be kept of somebody."""

    world: World
    key: str

    def bird(self, kind: str, provider: str = "") -> Canary:
        return Canary(kind, PEOPLE[self.key][0], self.key, provider)

    def word(self, kind: str, provider: str = "") -> str:
        return self.world.birds.plant_word(self.bird(kind, provider))

    def pounds(self, kind: str, provider: str = "") -> Decimal:
        """Prices that no sum of others comes near: 1,137.23, 1,174.46, …"""
        amount = Decimal("1100.00") + self.world.next() * Decimal("7.29")
        return self.world.birds.plant_price(self.bird(kind, provider), amount)

    @property
    def partnership(self) -> Partnership:
        return self.world.partnerships[PEOPLE[self.key][0]]

    def make(self) -> None:
        person = self.world.people[self.key] = self.make_person()
        self.world.keep("person", self.bird("person"), person)
        self.make_circle(person)
        self.make_plans(person)
        for provider, way in PEOPLE[self.key][1].items():
            self.make_support(person, provider, way)
        self.make_money_before(person)
        if self.key == "hal":  # advised, until yesterday
            yesterday = timezone.localdate() - dt.timedelta(days=1)
            ClinicalInvolvement.objects.create(
                person=person, user=self.world.members["clara"].user, start=dt.date(2024, 1, 1), end=yesterday
            )
        if clinician := PEOPLE[self.key][2]:
            advice = ClinicalInvolvement.objects.create(
                person=person, user=self.world.members[clinician].user, start=dt.date(2024, 1, 1)
            )
            self.world.keep("involvement", self.bird("person"), advice)

    def make_person(self) -> Person:
        place, birds = len(self.world.people), self.world.birds
        born = birds.plant_day(self.bird("date of birth"), dt.date(1981, 2, 3) + dt.timedelta(days=397 * place))
        return fixtures.make_person(
            self.partnership,
            self.word("reference").upper(),
            given_name=self.word("given name"),
            family_name=self.word("family name"),
            preferred_name=self.word("preferred name"),
            nhs_number=birds.plant_nhs_number(self.bird("NHS number"), nhs_number(place)),
            date_of_birth=born,
            home_postcode=birds.plant_postcode(self.bird("home postcode"), f"ZA1{place} 1AA"),
            communication=f"Speak of {self.word('communication')}.",
            programme_start=dt.date(2024, 1, 1),
        )

    def make_circle(self, person: Person) -> None:
        member = CircleMember.objects.create(
            person=person, name=self.word("circle member"), part="family", contact=self.word("circle contact")
        )
        self.world.keep("circle", self.bird("person"), member)
        row = Responsibility.objects.create(
            person=person, role="council", organisation=person.council, basis="ordinary_residence",
            start=dt.date(2024, 1, 1),
        )  # fmt: skip
        self.world.keep("responsibility", self.bird("person"), row)
        goal = Goal.objects.create(
            person=person, reference=f"{person.reference}-G1", partnership=person.partnership, domain="Home",
            words=f"I want {self.word('goal')}", agreed_on=dt.date(2024, 5, 1),
        )  # fmt: skip
        self.world.keep("goal", self.bird("person"), goal)

    def make_plans(self, person: Person) -> None:
        took_part = {
            "person_involvement": "took_part", "person_involvement_how": "Talked", "family_involvement": "did_not",
            "family_involvement_how": "Away", "agreed_on": dt.date(2025, 1, 1), "review_by": dt.date(2026, 1, 1),
        }  # fmt: skip
        for number, status in enumerate(("replaced", "agreed", "draft"), start=1):
            words = {"what_matters": f"What matters is {self.word(f'plan {status}')}"}
            given = {} if status == "draft" else took_part
            plan = Plan.objects.create(person=person, number=number, status=status, **words, **given)
            whose = self.bird("person" if status == "agreed" else "plan not in force")
            self.world.keep("plan", whose, plan)

    def make_support(self, person: Person, provider: str, way: str) -> None:
        placement = self.make_placement(person, provider, way)
        price = self.pounds("price", provider)
        line = CostLine.objects.create(
            partnership=person.partnership, placement=placement, kind="core_support", basis="weekly", amount=price,
            reference=self.word("line reference", provider).upper(), start=placement.start, end=placement.end,
        )  # fmt: skip
        self.world.keep("line", self.bird("person"), line)
        for funder, percent in ((person.council, 60), (person.icb, 40)):
            FundingShare.objects.create(
                placement=placement, funder=funder, route="joint", percent=percent, start=placement.start,
                end=placement.end,
            )  # fmt: skip
        if way in {NOW, BESIDE, BEFORE}:
            self.make_incident(person, placement, provider)
            self.make_checklists(person, provider)

    def make_placement(self, person: Person, provider: str, way: str) -> Placement:
        today = timezone.localdate()
        begins = {SHARED: today + dt.timedelta(days=20), PLANNED: today + dt.timedelta(days=30)}
        placement = fixtures.make_placement(
            person,
            self.world.providers[provider],
            self.word("placement reference", provider).upper(),
            setting="day_support" if way == BESIDE else "own_tenancy",
            start=begins.get(way, today - dt.timedelta(days=300 if way == BEFORE else 150)),
            end=today - dt.timedelta(days=151) if way == BEFORE else None,
            shared_on=today - dt.timedelta(days=5) if way == SHARED else None,
            double_running=True if way in {SHARED, PLANNED} else None,
            postcode=self.world.birds.plant_postcode(
                self.bird("placement postcode", provider), f"ZB{self.world.next() % 90 + 10} {len(provider) % 10}BB"
            ),
            contract=Contract.objects.get(partnership=person.partnership, provider=self.world.providers[provider]),
        )
        self.world.keep("placement", self.bird("person"), placement)
        return placement

    def make_incident(self, person: Person, placement: Placement, provider: str) -> None:
        incident = Incident.objects.create(
            partnership=person.partnership, person=person, placement=placement, kind="other", severity=3,
            reference=self.word("incident reference", provider).upper(),
            occurred_on=placement.end or timezone.localdate(),
            note=f"There was {self.word('incident', provider)}.", restrictive_practice=True,
        )  # fmt: skip
        self.world.keep("incident", self.bird("incident", provider), incident)

    def make_checklists(self, person: Person, provider: str) -> None:
        """The month before last sent, last month's sent back with a question; of those supported before, long ago."""
        framework = person.partnership.frameworks.get()
        measures = list(framework.measures.all())
        long_ago = PEOPLE[self.key][1][provider] == BEFORE
        for status, back in (("submitted", 1), ("sent_back", 0)):
            month = self.world.month.plus(-back - (5 if long_ago else 0))
            checklist = Checklist.objects.create(
                person=person, provider=self.world.providers[provider], framework=framework, month=month.first,
                view="staff", status=status, submitted_on=month.last if status == "submitted" else None,
            )  # fmt: skip
            self.world.keep("checklist", self.bird("checklist", provider), checklist)
            Answer.objects.bulk_create(
                Answer(checklist=checklist, measure=each, value="5", number=5, evidence=self.answer(provider, place))
                for place, each in enumerate(measures)
                if each.kind != "words"
            )
            ChecklistStep.objects.create(
                checklist=checklist, kind="sent_back", by_name="A commissioner",
                words=f"What of {self.word('question back', provider)}?" if status == "sent_back" else "",
            )  # fmt: skip

    def answer(self, provider: str, place: int) -> str:
        return f"There is {self.word('answer', provider)}" if place == 0 else ""

    def make_money_before(self, person: Person) -> None:
        Baseline.objects.create(
            person=person, weekly_cost=self.pounds("baseline"), as_at=dt.date(2023, 12, 1),
            source=self.word("baseline source"), scope="support_only",
        )  # fmt: skip
        if self.key in {"ada", "jem"}:
            self.make_rights(person)
        partner = {EST: "arno", ELS: "charlie"}[PEOPLE[self.key][0]]
        if self.key in {"hal", "jem"}:
            user = self.world.members[partner].user
            PlacementDraft.objects.create(person=person, by=user, answers={})

    def make_rights(self, person: Person) -> None:
        """They asked for a copy of what is kept; somebody asked that it be erased, somebody else that it be kept."""
        day, owner, whose = timezone.localdate(), person.partnership, self.bird("person")
        request = RightsRequest.objects.create(
            partnership=owner, person=person, kind="access", words=self.word("rights words"), received_on=day,
            asked_by="person", due_on=day + dt.timedelta(days=30), logged_by_name="Somebody",
        )  # fmt: skip
        self.world.keep("rights request", whose, request)
        copy = AccessExport.objects.create(partnership=owner, person=person, request=request)
        self.world.keep("copy", whose, copy)
        self.world.keep("erasure", whose, Erasure.objects.create(partnership=owner, person=person, why="mistake"))
        hold = LegalHold.objects.create(
            partnership=owner, person=person, kind="claim", reason=self.word("hold reason"), starts_on=day,
            placed_by_name="Somebody",
        )  # fmt: skip
        self.world.keep("hold", whose, hold)


def nhs_number(place: int) -> str:
    """A number with its check digit, from the range kept for tests."""
    stem = 999_100_000
    numbers = (f"{stem + each}" for each in range(100_000))
    valid = (f"{digits}{check}" for digits in numbers if (check := _check_digit(digits)) < 10)
    return next(number for index, number in enumerate(valid) if index == place)


def _check_digit(digits: str) -> int:
    left = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
    return 0 if left == 11 else left


def _make_spending(world: World, code: str) -> None:
    """Payments to the partnership's own provider, a file they came from, and an upload with a fault."""
    partnership, own = world.partnerships[code], "larkrise" if code == EST else "northgate"
    plant = world.birds.plant_word
    supplier = Supplier.objects.create(
        partnership=partnership, supplier_id=f"S{world.next()}", names=[plant(Canary("supplier", code))],
        provider=world.providers[own],
    )  # fmt: skip
    unmatched = Supplier.objects.create(
        partnership=partnership, supplier_id=f"S{world.next()}", names=[plant(Canary("supplier", code, "unmatched"))]
    )
    kind = plant(Canary("expense type", code))
    for each in (supplier, unmatched):
        amount = Decimal("5100.00") + world.next() * Decimal("13.37")
        Payment.objects.create(
            partnership=partnership, supplier=each, paid_on=world.month.first, expense_type=kind,
            amount=world.birds.plant_price(Canary("payment", code), amount), fingerprint=f"{world.next():064d}",
        )  # fmt: skip
    SpendingType.objects.create(
        partnership=partnership, expense_type=kind, month=world.month.first, rows=2, amount=Decimal("10200.10")
    )
    brought = SpendingImport.objects.create(partnership=partnership, by_name="Somebody")
    SpendingFile.objects.create(
        brought_in=brought, name=f"{plant(Canary('spending file', code))}.csv", sha256="0" * 64, packed=b"",
        state=SpendingFile.State.READ,
    )  # fmt: skip
    world.keep("import", Canary("import", code), brought)
    commissioner = world.members[{EST: "alice", ELS: "charlie"}[code]].user
    bad = plant(Canary("upload", code))
    upload = Upload.objects.create(
        partnership=partnership, by=commissioner, name=f"{bad}.zip", contents=b"", state=Upload.State.FAULTY,
        faults=[Fault("people.csv", 2, "nhs_number", bad, "Check the number.").as_json()],
    )  # fmt: skip
    world.keep("upload", Canary("upload", code), upload)


@dataclass(frozen=True)
class Period:
    """A part of an address that is no row: a financial year of an agreement."""

    pk: str


def _make_pool(world: World, code: str) -> None:
    """A pooled fund since the last financial year, with what partners put in and a statement that waits."""
    partnership, plant = world.partnerships[code], world.birds.plant_word
    year = FinancialYear.of(timezone.localdate()).plus(-1)
    agreement = RiskShareAgreement.objects.create(
        partnership=partnership, reference=f"POOL-{code}", name=plant(Canary("pool", code)), rule="proportional",
        start=year.first, closes="year", contingency=f"Ring {plant(Canary('contingency', code))}.",
    )  # fmt: skip
    for link in partnership.links.filter(code__in=["COUNCIL", "ICB"]):
        agreement.percents.create(partner=link.organisation, percent=50)
        agreement.contributions.create(partner=link.organisation, year=year.start, amount=1000)
    by, period = Actor.system(partnership), Period(str(year))
    of_year = risk_share.period_for(agreement, period.pk, timezone.localdate())
    prepare_statement(agreement=agreement, period=of_year, by=by)
    close_month(month=world.month.plus(-1), by=by)
    world.keep("risk share", Canary("risk share", code), agreement)
    world.keep("period", Canary("risk share", code), period)
    _make_case(world, code)
    _make_calendar(world, code)


def _make_calendar(world: World, code: str) -> None:
    """Days of one's own, and another, so that one can be taken out."""
    whose, year = Canary("calendar", code), timezone.localdate().year
    calendar = Calendar.objects.create(
        partnership=world.partnerships[code], reference=f"CAL-{code}", kind="other",
        name=world.birds.plant_word(Canary("calendar name", code)),
    )  # fmt: skip
    days = [calendar.ranges.create(start=day, end=day) for day in (dt.date(year, 5, 1), dt.date(year, 6, 1))]
    world.keep("calendar", whose, calendar)
    world.keep("calendar days", whose, days[0])


def _make_case(world: World, code: str) -> None:
    """An invest-to-save case for somebody, with money of the council's."""
    partnership, start = world.partnerships[code], timezone.localdate() - dt.timedelta(days=200)
    case = InvestmentCase.objects.create(
        partnership=partnership, reference=f"CASE-{code}", title=world.birds.plant_word(Canary("case title", code)),
        owner="Somebody", start=start, savings_end=start + dt.timedelta(days=600), basis="measured",
    )  # fmt: skip
    somebody = world.people["ada" if code == EST else "ivy"]
    case.funding.create(source=somebody.council, amount=Decimal(500), start=start, end=start)
    case.people.create(person=somebody, counts_from=start)
    world.keep("case", Canary("case", code), case)
    uplift = Uplift.objects.create(
        partnership=partnership, start=start, pay_share=0, pay_uplift=0, other_uplift=1, lines=[], left_out=[],
        made_by_name="Somebody",
    )  # fmt: skip
    world.keep("uplift", Canary("uplift", code), uplift)
    _make_budget(world, code)


def _make_budget(world: World, code: str) -> None:
    """This year's budget of the council, a change in it, and what is expected of somebody."""
    partnership, plant = world.partnerships[code], world.birds.plant_word
    somebody, today = world.people["ada" if code == EST else "ivy"], timezone.localdate()
    year = FinancialYear.of(today)
    budget = Budget.objects.create(
        partnership=partnership, reference=f"B-{code}", year=year.start, partner=somebody.council, amount=1000,
        agreed_by=plant(Canary("budget", code)),
    )  # fmt: skip
    budget.changes.create(
        partnership=partnership, reference=f"B-{code}-C1", on=year.first, amount=5,
        reason=plant(Canary("budget change", code)),
    )  # fmt: skip
    change = PlannedChange.objects.create(
        partnership=partnership, reference=f"PC-{code}", kind="other", person=somebody, funder=somebody.council,
        on=today, weekly_low=0, weekly_expected=1, weekly_high=2, note=plant(Canary("planned change", code)),
    )  # fmt: skip
    world.keep("planned change", Canary("planned change", code), change)


def _make_reports(world: World, code: str) -> None:
    """Last month in each edition, asked for; `publish` makes the documents."""
    board = next(board for whose, board in world.things["board"] if whose.partnership == code)
    for edition, back in (("board", 0), ("working", 0), ("easy_read", 0), ("board", 1)):
        report = BoardReport.objects.create(board=board, month=world.month.plus(-back).first, edition=edition)
        kind = {"working": "working pack"}.get(edition, "report")
        if back:
            report.state, kind = BoardReport.State.FAILED, "unpublished report"
            report.save()
        world.keep("report", Canary(kind, code), report)


def waiting_reports(world: World) -> Iterator[BoardReport]:
    return (report for _, report in world.things["report"] if report.state == BoardReport.State.DUE)
