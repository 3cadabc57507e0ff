"""A partnership large enough to publish about: people, homes, prices, funders and answers, made up by rule."""

import datetime as dt
from decimal import Decimal

from commissioning.accounts.models import Organisation, Partnership
from commissioning.tests.fixtures import make_organisation
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
LONG_AGO = dt.date(2020, 1, 1)


def make_many(partnership: Partnership, number: int = 40, *, answered: int | None = None) -> list[Person]:
    """Three in four moved from a care home to a home of their own in 2026, at about a tenth less a week.

    Of those who answered, a tenth got worse, a tenth stayed the same and the rest got better.
    """
    providers = [
        make_organisation(partnership, f"PROV{place}", f"Provider {place}", "support_provider") for place in range(4)
    ]
    people = Person.objects.bulk_create([_person(partnership, place) for place in range(number)])
    placements = [
        placement for place, person in enumerate(people) for placement in _placements(person, place, providers)
    ]
    _price(Placement.objects.bulk_create(placements))
    Baseline.objects.bulk_create(
        Baseline(person=person, weekly_cost=_before(place), as_at=dt.date(2025, 5, 31), source="Panel")
        for place, person in enumerate(people)
    )
    Incident.objects.bulk_create(_incident(person, place) for place, person in enumerate(people))
    _answer(partnership, people[: number if answered is None else answered], providers)
    return people


def _person(partnership: Partnership, place: int) -> Person:
    links = {link.code: link.organisation for link in partnership.links.select_related("organisation")}
    young = place % 4 == 0
    return Person(
        partnership=partnership,
        reference=f"M-{place:03d}",
        given_name=f"Given{place}",
        family_name=f"Family{place}",
        diagnosis="both",
        council=links["COUNCIL"],
        icb=links["ICB"],
        programme_start=dt.date(2025, 6, 1),
        cohorts=["transition"] if young else ["care_home"],
        date_of_birth=dt.date(2008, 3, 1) if young else dt.date(1990, 5, 4),
    )


def _before(place: int) -> Decimal:
    return Decimal(900 + 13 * (place % 25))


def _placements(person: Person, place: int, providers: list[Organisation]) -> list[Placement]:
    def placement(prefix: str, provider: Organisation, setting: str, **fields: object) -> Placement:
        return Placement(
            partnership=person.partnership, person=person, provider=provider, reference=f"{prefix}-{place}",
            setting=setting, **fields,
        )  # fmt: skip

    if place % 4 == 3:
        return [placement("H", providers[3], "residential_care", start=LONG_AGO)]
    moved = dt.date(2026, 1 + place % 9, 1)
    return [
        placement(
            "H", providers[3], "residential_care", start=LONG_AGO, end=moved - dt.timedelta(days=1),
            end_reason="planned_move", out_of_area=place % 3 == 0,
        ),
        placement("N", providers[place % 3], "own_tenancy", start=moved, out_of_area=False),
    ]  # fmt: skip


def _price(placements: list[Placement]) -> None:
    lines, shares = [], []
    for each in placements:
        before = _before(int(each.reference.split("-")[1]))
        lines.append(
            CostLine(
                partnership=each.partnership, reference=f"L-{each.reference}", placement=each, kind="core_support",
                basis="weekly", amount=before * Decimal("0.9") if each.reference.startswith("N") else before,
                start=each.start, end=each.end,
            )
        )  # fmt: skip
        for funder, percent in ((each.person.council, 60), (each.person.icb, 40)):
            shares.append(
                FundingShare(
                    placement=each, funder=funder, route="joint", percent=percent, start=each.start, end=each.end
                )
            )
    CostLine.objects.bulk_create(lines)
    FundingShare.objects.bulk_create(shares)


def _incident(person: Person, place: int) -> Incident:
    return Incident(
        partnership=person.partnership, reference=f"I-{place}", person=person, kind="other",
        occurred_on=dt.date(2026, 2, 1 + place % 20), severity=3 if place % 2 else 1,
        restrictive_practice=place % 2 == 0,
    )  # fmt: skip


def _answer(partnership: Partnership, people: list[Person], providers: list[Organisation]) -> None:
    framework = Framework.objects.create(partnership=partnership, code="LIFE", version="1", title="Good lives")
    measures = Measure.objects.bulk_create(
        Measure(framework=framework, code=code, title=title, domain=domain, kind=kind, better="higher", position=place)
        for place, (code, title, domain, kind) in enumerate(MEASURES)
    )
    checklists = Checklist.objects.bulk_create(
        Checklist(
            person=person, provider=providers[place % 4], framework=framework, month=month, status="accepted",
            view="person" if place % 2 else "staff",
        )
        for place, person in enumerate(people)
        for month in MONTHS
    )  # fmt: skip
    Answer.objects.bulk_create(
        Answer(checklist=checklist, measure=measure, value=str(value), number=value)
        for place, checklist in enumerate(checklists)
        for value in [_value(place // len(MONTHS), place % len(MONTHS))]
        for measure in measures
    )


def _value(person: int, step: int) -> int:
    moved = {0: -1, 5: 0}.get(person % 10, 1) * min(step, 2)
    return max(1, 2 + moved)
