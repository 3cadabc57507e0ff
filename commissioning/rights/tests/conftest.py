"""What the tests of people's rights share: Jo with a whole life on record, and a second commissioner."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership, Role, User
from commissioning.audit import history
from commissioning.audit.models import RecordRead
from commissioning.interchange.models import Upload
from commissioning.overview.models import PlacementDraft
from commissioning.rights.actions import (
    TextChoice,
    ask_for_approval,
    begin_export,
    decide_columns,
    decide_texts,
    log_request,
)
from commissioning.rights.exporting import gather_all
from commissioning.rights.models import AccessExport, RightsRequest
from commissioning.tests.fixtures import make_member, make_person, make_placement
from finance.models import Baseline, CostLine, FundingShare
from outcomes.models import Answer, Checklist, ChecklistStep, Framework, Incident, Measure
from people.models import CircleMember, ClinicalInvolvement, Goal, Person, Placement, Plan, Responsibility, Suspension

# Words that only Jo's record holds, one for each place where words are kept.
SECRETS = (
    "Zuleika", "Quillfeather", "Jojo", "9990000018", "DN31 2AB", "Pictures first", "Aunt Marigold", "07700 900123",
    "Purple blanket", "Slow mornings", "Goat day", "Loud bells", "Chose photos", "Marigold came", "Own front door",
    "Seizure stay", "Bath ward ledger", "Smiled at Marigold", "Photo album 7", "Asked why so", "Broke a mug",
    "Draft whisper", "JO-SECRET", "Jo-night", "JO-PL", "JO-LINE",
)  # fmt: skip


@pytest.fixture
def bob(estuary: Partnership) -> Membership:
    """Another commissioner of the partnership, who approves."""
    return make_member(estuary, Role.COMMISSIONER, "Bob Second")


@pytest.fixture
def by_bob(bob: Membership) -> Actor:
    return Actor.of(bob)


@pytest.fixture
def someone_else(estuary: Partnership, meadow: Organisation) -> Person:
    """Another person of the partnership, of whom nothing may be lost or shown."""
    person = make_person(estuary, "OTHER", given_name="Ottoline", family_name="Bright", nhs_number="9990000026")
    placement = make_placement(person, meadow, "OT-PL", start=dt.date(2012, 1, 1))
    CostLine.objects.create(
        partnership=estuary, reference="OT-LINE", placement=placement, kind="core_support", basis="weekly",
        amount=Decimal("910.10"), start=dt.date(2012, 1, 1),
    )  # fmt: skip
    return person


def ended_life(partnership: Partnership, meadow: Organisation, clinician: User) -> Person:
    """Somebody whose support ended more than eight years ago, with a row in every table of the registry."""
    framework = Framework.objects.create(partnership=partnership, code="F", version="1")
    Measure.objects.create(framework=framework, code="M", title="A good week?", domain="Life", kind="words")
    with history.said(by="Alice Commissioner", reason="A whole life of JO-SECRET"):
        person = make_person(
            partnership, "JO-SECRET", given_name="Zuleika", family_name="Quillfeather", preferred_name="Jojo",
            nhs_number="9990000018", home_postcode="DN31 2AB", communication="Pictures first", cohorts=["care_home"],
            date_of_birth=dt.date(1970, 5, 17), programme_start=dt.date(2012, 1, 1),
        )  # fmt: skip
        _money(person, meadow)
        _life(person, meadow, clinician)
    with history.said(by="Somebody later"):
        # A test is one transaction: whoever writes next must not be taken for Alice.
        Person.objects.filter(pk=0).update(version=1)
    return person


def _money(person: Person, meadow: Organisation) -> None:
    placement = make_placement(
        person, meadow, "JO-PL", start=dt.date(2012, 1, 1), end=dt.date(2016, 6, 30), end_reason="planned_move",
        postcode="DN31 2AB",
    )  # fmt: skip
    line = CostLine.objects.create(
        partnership=person.partnership, reference="JO-LINE", placement=placement, kind="waking_night", label="Jo-night",
        basis="nightly", amount=Decimal("101.33"), units_per_week=Decimal("6.5"), start=dt.date(2012, 1, 1),
        end=dt.date(2016, 6, 30), reason="need_increase",
    )  # fmt: skip
    CostLine.objects.create(
        partnership=person.partnership, reference="JO-LINE-2", placement=placement, kind="core_support",
        basis="weekly", amount=Decimal("777.77"), start=dt.date(2012, 1, 1), end=dt.date(2016, 6, 30),
        instead_of=line,
    )  # fmt: skip
    for funder, percent in ((person.council, "66.6667"), (person.icb, "33.3333")):
        FundingShare.objects.create(
            placement=placement, funder=funder, route="joint", percent=Decimal(percent), start=dt.date(2012, 1, 1),
            end=dt.date(2016, 6, 30),
        )  # fmt: skip
    Suspension.objects.create(
        placement=placement, start=dt.date(2013, 2, 1), end=dt.date(2013, 2, 9), reason="hospital",
        percent_paid=Decimal(60), note="Seizure stay",
    )  # fmt: skip
    Baseline.objects.create(
        person=person, weekly_cost=Decimal("2000.01"), as_at=dt.date(2011, 12, 1), source="Bath ward ledger"
    )


def _life(person: Person, meadow: Organisation, clinician: User) -> None:
    partnership = person.partnership
    Responsibility.objects.create(
        person=person, role="council", organisation=person.council, basis="s117", start=dt.date(2012, 1, 1)
    )
    member = CircleMember.objects.create(person=person, name="Aunt Marigold", part="family", contact="07700 900123")
    CircleMember.objects.filter(pk=member.pk).update(relationship="Aunt")
    ClinicalInvolvement.objects.create(person=person, user=clinician, start=dt.date(2012, 1, 1))
    Plan.objects.create(
        person=person, number=1, status="agreed", what_matters="Purple blanket", how_to_support="Slow mornings",
        good_day="Goat day", bad_day="Loud bells", person_involvement="took_part",
        person_involvement_how="Chose photos", family_involvement="took_part",
        family_involvement_how="Marigold came", agreed_on=dt.date(2012, 3, 1),
    )  # fmt: skip
    Goal.objects.create(
        person=person, partnership=partnership, reference="JO-SECRET-G1", words="Own front door", domain="Home",
        agreed_on=dt.date(2012, 3, 1),
    )  # fmt: skip
    measure = Measure.objects.get(code="M", framework__partnership=partnership)
    framework = measure.framework
    checklist = Checklist.objects.create(
        person=person, provider=meadow, framework=framework, month=dt.date(2013, 1, 1), view="staff",
        status="accepted", saved_by=clinician,
    )  # fmt: skip
    Answer.objects.create(checklist=checklist, measure=measure, value="Smiled at Marigold", evidence="Photo album 7")
    ChecklistStep.objects.create(checklist=checklist, kind="sent_back", by_name="Alice", words="Asked why so")
    Incident.objects.create(
        partnership=partnership, reference="JO-SECRET-I1", person=person, occurred_on=dt.date(2013, 5, 1),
        placement=Placement.objects.get(person=person), kind="property", severity=2, note="Broke a mug",
    )  # fmt: skip
    PlacementDraft.objects.create(person=person, by=clinician, answers={"support": {"note": "Draft whisper"}})
    RecordRead.objects.create(
        user_id=clinician.pk, user_name="Clara Clinician", role="clinician", partnership_code=partnership.code,
        person_id=person.pk, route="plan",
    )  # fmt: skip
    Upload.objects.create(
        partnership=partnership, by=clinician, name="people.csv", contents=b"", state="loaded",
        changes=[{"file": "people.csv", "created": 1, "updated": 0, "unchanged": 0, "changed": [],
                  "new": [{"key": "JO-SECRET", "row": 2, "person": "JO-SECRET", "differences": []}]}],
    )  # fmt: skip


@pytest.fixture
def zuleika(estuary: Partnership, meadow: Organisation, clara: Membership) -> Person:
    return ended_life(estuary, meadow, clara.user)


@pytest.fixture
def asked(zuleika: Person, by_alice: Actor) -> RightsRequest:
    """Zuleika asked for a copy on the first of the month; her identity is checked."""
    return log_request(
        person=zuleika,
        kind=RightsRequest.Kind.ACCESS,
        received_on=dt.date(2026, 11, 2),
        asked_by=RightsRequest.AskedBy.PERSON,
        identity_checked="Met her with her passport",
        by=by_alice,
    )


def decide_everything(export: AccessExport, by: Actor, **choices: TextChoice) -> None:
    """Give what is suggested and read every text; `choices` by a text's beginning."""
    gathered = gather_all(export.person)
    columns = {each.key: (each.is_suggested, "" if each.is_suggested else "Hers") for each in gathered.columns}
    decide_columns(export=export, decisions=columns, by=by)
    texts = [
        next((TextChoice(text.key, each.choice, each.words, each.reason) for start, each in choices.items()
              if text.text.startswith(start)), TextChoice(text.key, "give"))
        for text in gathered.texts
    ]  # fmt: skip
    decide_texts(export=export, choices=texts, by=by)


@pytest.fixture
def waiting(asked: RightsRequest, by_alice: Actor) -> AccessExport:
    """A copy that Alice prepared and handed over for approval."""
    export = begin_export(request=asked, by=by_alice)
    decide_everything(export, by_alice)
    ask_for_approval(export=export, by=by_alice)
    export.refresh_from_db()
    return export
