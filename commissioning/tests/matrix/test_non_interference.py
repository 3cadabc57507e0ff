"""What others do cannot be told from what one may fetch: the other provider's month, and the other partnership's."""

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import transaction
from django.utils import timezone

from commissioning.accounts.models import Organisation, Role
from commissioning.interchange.models import Upload
from commissioning.tests import fixtures
from commissioning.tests.figures import Say
from commissioning.tests.matrix.cells import Plan
from commissioning.tests.matrix.policy import Who
from commissioning.tests.matrix.walk import TOKENS, Answer, Visitors
from commissioning.tests.matrix.world import ELS, EST, PEOPLE, World, who_is
from finance.models import Baseline, CostLine, FundingShare, Payment, Supplier
from outcomes.models import Answer as Said
from outcomes.models import Checklist, Incident
from people.models import CircleMember, Goal, Person, Placement, Suspension
from people.models import Plan as PersonPlan
from providers.models import Contract

pytestmark = pytest.mark.django_db

# Moments: of making a file, of an answer, of a session.
TIMES = re.compile(rb"\d{1,2}:\d\d(:\d\d(\.\d+)?)?( ?[ap]m)?")


def everything(visitors: Visitors, who: Who) -> Iterator[tuple[str, Answer]]:
    """What somebody may fetch: every address they may open, about everything of theirs, and every search."""
    plan = Plan(visitors)
    for cell in (*plan.reading(who), *plan.searching(who)):
        yield f"{cell.target.path} {cell.target.told}", visitors.send(cell)


def same_but_for_tokens(body: bytes) -> bytes:
    """The body without tokens and times; an archive as the contents of its files."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(body)) as archive:
            body = b"\n".join(name.encode() + archive.read(name) for name in sorted(archive.namelist()))
    return TIMES.sub(b"", TOKENS.sub("", body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape"))


def differing_bytes(before: bytes, after: bytes) -> int:
    if before == after:
        return 0
    pairs = sum(mine != theirs for mine, theirs in zip(before, after, strict=False))
    return pairs + abs(len(before) - len(after))


@dataclass
class Compared:
    """How many answers were compared, how many bytes of them others' changes altered, and in which answers."""

    answers: int = 0
    differing_bytes: int = 0
    faults: list[str] = field(default_factory=list)


def compare(visitors: Visitors, who: Who, change: Callable[[World], None], compared: Compared) -> None:
    """Fetch everything, let the others do what they do, fetch everything again. Everything is undone."""
    before = dict(everything(visitors, who))
    compared.answers += len(before)
    with transaction.atomic():
        change(visitors.world)
        for path, answer in everything(visitors, who):
            earlier = before[path]
            count = differing_bytes(same_but_for_tokens(earlier.body), same_but_for_tokens(answer.body))
            if count or (earlier.status, earlier.location) != (answer.status, answer.location):
                compared.differing_bytes += count
                compared.faults.append(f"{who.key} {path}: {count} bytes differ, {earlier.status} then {answer.status}")
        transaction.set_rollback(True)


def upset(world: World, partnership: str, provider: str) -> None:
    """A busy month at a provider: everybody it alone supports is renamed, moved, priced anew, written about."""
    organisation, owner = world.providers[provider], world.partnerships[partnership]
    theirs = Placement.objects.filter(partnership=owner, provider=organisation)
    alone = [
        world.people[key]
        for key, (where, supports, _) in PEOPLE.items()
        if where == partnership and set(supports) <= {provider}
    ]
    for person in alone:
        upset_person(person)
    for placement in theirs:
        Incident.objects.create(
            partnership=owner, reference=f"NEW-{placement.pk}", person=placement.person, placement=placement,
            occurred_on=timezone.localdate(), kind="police", severity=4, note="Something new",
        )  # fmt: skip
    CostLine.objects.filter(placement__in=theirs).update(amount=Decimal("4321.09"))
    FundingShare.objects.filter(placement__in=theirs).update(percent=Decimal("12.5"))
    Said.objects.filter(checklist__provider=organisation, checklist__person__partnership=owner).update(
        value="1", number=1
    )
    Checklist.objects.filter(provider=organisation, person__partnership=owner).update(status="accepted")
    Contract.objects.filter(partnership=owner, provider=organisation).update(title="Another", end=None)
    theirs.update(postcode="AB1 2CD", out_of_area=True)
    newcomer(world, partnership, organisation)


def upset_person(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(
        given_name="Renamed", family_name="Altogether", preferred_name="", communication="Otherwise",
        date_of_birth=dt.date(1970, 1, 1), cohorts=["transition"],
    )  # fmt: skip
    Baseline.objects.filter(person=person).update(weekly_cost=Decimal("9999.99"))
    CircleMember.objects.create(person=person, name="Somebody new", part="friend")
    Goal.objects.filter(person=person).update(status="achieved", progress=2)
    PersonPlan.objects.filter(person=person, status="draft").update(what_matters="Otherwise")
    for placement in person.placements.filter(end=None):
        Suspension.objects.create(
            placement=placement, start=timezone.localdate(), reason="hospital", percent_paid=Decimal(40)
        )


def newcomer(world: World, partnership: str, organisation: Organisation) -> None:
    """Somebody new with that provider, and somebody new who works for it."""
    owner = world.partnerships[partnership]
    person = fixtures.make_person(owner, f"NEWCOMER-{organisation.pk}", given_name="Aaa", family_name="Aaa")
    fixtures.make_placement(person, organisation, f"NEW-PLACEMENT-{organisation.pk}", start=dt.date(2025, 1, 1))
    fixtures.make_member(owner, Role.PROVIDER_STAFF, f"Aaron Newcomer {organisation.pk}", organisation)


def upset_partnership(world: World, partnership: str) -> None:
    """A busy month in a whole partnership, with all it alone works with."""
    owner = world.partnerships[partnership]
    for provider in ("meadow", "larkrise", "northgate"):
        if owner.links.filter(organisation=world.providers[provider]).exists():
            upset(world, partnership, provider) if provider != "meadow" else newcomer(
                world, partnership, world.providers[provider]
            )
    Upload.objects.create(partnership=owner, by=world.members["charlie"].user, name="more.zip", contents=b"")
    supplier = Supplier.objects.create(partnership=owner, supplier_id="S-NEW", names=["Another"])
    Payment.objects.create(
        partnership=owner, supplier=supplier, paid_on=world.month.first, amount=Decimal("77777.77"),
        expense_type="More", fingerprint="f" * 64,
    )  # fmt: skip
    fixtures.make_organisation(owner, "NEWORG", "New Organisation", "support_provider")
    fixtures.make_member(owner, Role.CLINICIAN, "Aaron Clinician")


@pytest.mark.parametrize(
    "whole", [pytest.param(True, marks=pytest.mark.drill, id="everything"), pytest.param(False, id="one")]
)
def test_nothing_of_what_others_do_can_be_told(visitors: Visitors, whole: bool, figure: Say) -> None:
    compared = Compared()
    watched = [("mabel", lambda world: upset(world, EST, "larkrise"))]
    if whole:
        watched += [
            ("sam", lambda world: upset(world, EST, "larkrise")),
            ("lena", lambda world: upset(world, EST, "meadow")),
            ("alice", lambda world: upset_partnership(world, ELS)),
            ("mabel", lambda world: upset_partnership(world, ELS)),
            ("finn", lambda world: upset_partnership(world, ELS)),
            ("clara", lambda world: upset_partnership(world, ELS)),
            ("audrey", lambda world: upset_partnership(world, ELS)),
            ("adam", lambda world: upset_partnership(world, ELS)),
            ("bea", lambda world: upset_partnership(world, ELS)),
        ]
    for key, change in watched:
        compare(visitors, who_is(key), change, compared)
    figure("non-interference: responses compared, differing bytes", f"{compared.answers:,}, {compared.differing_bytes}")
    assert compared.answers > 100 and not compared.faults, "\n".join(compared.faults)


def test_it_sees_a_change_of_ones_own(visitors: Visitors) -> None:
    """The comparison is not blind: the same month at Meadow does change what Meadow's manager sees."""
    compared = Compared()
    compare(visitors, who_is("mabel"), lambda world: upset(world, EST, "meadow"), compared)
    assert len(compared.faults) > 20 and compared.differing_bytes > 1000
