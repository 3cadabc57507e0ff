"""A partnership large enough to publish about: people, homes, prices, funders and answers, made up by rule."""

import datetime as dt
from decimal import Decimal

from commissioning.accounts.models import Organisation, Partnership
from commissioning.tests.fixtures import make_organisation, make_person, make_placement
from finance.models import Baseline, CostLine, FundingShare
from outcomes.models import Answer, Checklist, Framework, Incident, Measure
from people.models import Person, Placement

MEASURES = (
    ("home", "I live in a home that feels like mine", "Home", "scale"),
    ("people", "I see the people who matter to me", "Relationships", "count"),
    ("days", "I spend my days doing things I chose", "Daily life", "scale"),
    ("calm", "I feel safe and calm", "Health", "scale"),
)
MONTHS = [dt.date(2025, 10, 1), dt.date(2026, 1, 1), dt.date(2026, 4, 1), dt.date(2026, 7, 1), dt.date(2026, 10, 1)]


def make_many(partnership: Partnership, number: int = 40, *, answered: int | None = None) -> list[Person]:
    """Three in four moved from a care home to a home of their own in 2026, at about a tenth less a week."""
    providers = [
        make_organisation(partnership, f"PROV{place}", f"Provider {place}", "support_provider") for place in range(4)
    ]
    framework = _framework(partnership)
    people = [_make_person(partnership, providers, place) for place in range(number)]
    for place, person in enumerate(people[: number if answered is None else answered]):
        _answer(person, providers[place % 4], framework, place)
    return people


def _framework(partnership: Partnership) -> Framework:
    framework = Framework.objects.create(partnership=partnership, code="LIFE", version="1", title="Good lives")
    for place, (code, title, domain, kind) in enumerate(MEASURES):
        Measure.objects.create(
            framework=framework, code=code, title=title, domain=domain, kind=kind, better="higher", position=place
        )
    return framework


def _make_person(partnership: Partnership, providers: list[Organisation], place: int) -> Person:
    person = make_person(
        partnership,
        f"M-{place:03d}",
        given_name=f"Given{place}",
        family_name=f"Family{place}",
        programme_start=dt.date(2025, 6, 1),
        cohorts=["transition"] if place % 4 == 0 else ["care_home"],
        date_of_birth=dt.date(2008, 3, 1) if place % 4 == 0 else dt.date(1990, 5, 4),
    )
    before = Decimal(900 + 13 * (place % 25))
    moved = dt.date(2026, 1 + place % 9, 1)
    if place % 4 == 3:
        stays = make_placement(
            person, providers[3], f"H-{place}", setting="residential_care", start=dt.date(2020, 1, 1)
        )
        _price(stays, before, dt.date(2020, 1, 1), None, place)
    else:
        old = make_placement(
            person,
            providers[3],
            f"H-{place}",
            setting="residential_care",
            start=dt.date(2020, 1, 1),
            end=moved - dt.timedelta(days=1),
            end_reason="planned_move",
            out_of_area=place % 3 == 0,
        )
        new = make_placement(
            person, providers[place % 3], f"N-{place}", setting="own_tenancy", start=moved, out_of_area=False
        )
        _price(old, before, dt.date(2020, 1, 1), moved - dt.timedelta(days=1), place)
        _price(new, before * Decimal("0.9"), moved, None, place)
    Baseline.objects.create(person=person, weekly_cost=before, as_at=dt.date(2025, 5, 31), source="Panel")
    Incident.objects.create(
        partnership=partnership,
        reference=f"I-{place}",
        person=person,
        occurred_on=dt.date(2026, 2, 1 + place % 20),
        kind="other",
        severity=3 if place % 2 else 1,
        restrictive_practice=place % 2 == 0,
    )
    return person


def _price(placement: Placement, amount: Decimal, start: dt.date, end: dt.date | None, place: int) -> None:
    CostLine.objects.create(
        partnership=placement.partnership,
        reference=f"L-{placement.reference}",
        placement=placement,
        kind="core_support",
        basis="weekly",
        amount=amount.quantize(Decimal("0.01")),
        start=start,
        end=end,
    )
    links = {link.code: link.organisation for link in placement.partnership.links.select_related("organisation")}
    for code, share in (("COUNCIL", Decimal(60)), ("ICB", Decimal(40))):
        FundingShare.objects.create(
            placement=placement,
            funder=links[code],
            route="joint",
            percent=share,
            start=placement.start,
            end=placement.end,
        )


def _answer(person: Person, provider: Organisation, framework: Framework, place: int) -> None:
    """Most get better; each tenth gets worse; each fifth stays the same."""
    measures = list(framework.measures.all())
    for step, month in enumerate(MONTHS):
        checklist = Checklist.objects.create(
            person=person,
            provider=provider,
            framework=framework,
            month=month,
            view="person" if place % 2 else "staff",
            status="accepted",
        )
        for measure in measures:
            moved = {0: -1, 5: 0}.get(place % 10, 1) * min(step, 2)
            value = max(1, 2 + moved)
            Answer.objects.create(checklist=checklist, measure=measure, value=str(value), number=value)
