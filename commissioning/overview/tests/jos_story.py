"""Jo's move as the worked example of INTERCHANGE has it, made in the database for tests of pages."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from commissioning.accounts.models import Organisation
from commissioning.tests.fixtures import make_organisation, make_placement
from finance.models import Baseline, CostLine, FundingShare
from outcomes.models import Answer, Checklist, Framework, Incident, Measure
from people.models import Person, Placement

MOVED = dt.date(2026, 7, 1)
BEFORE = dt.date(2026, 6, 30)
SECRET_PROVIDER = "Far House Residential"


def add_line(placement: Placement, reference: str, amount: str, start: dt.date, **fields: object) -> CostLine:
    values: dict[str, object] = {"kind": "core_support", "basis": "weekly", **fields}
    return CostLine.objects.create(
        partnership=placement.partnership,
        reference=reference,
        placement=placement,
        amount=Decimal(amount),
        start=start,
        **values,
    )


def add_share(placement: Placement, funder: Organisation, percent: str, line: CostLine | None = None) -> None:
    FundingShare.objects.create(
        placement=placement, line=line, funder=funder, route="s117", percent=Decimal(percent), start=dt.date(2020, 1, 1)
    )


def tell_jos_story(jo: Person, meadow: Organisation) -> Person:
    """£5,500 a week at Far House until 30 June 2026, £3,100 at Meadow Farm since; life was 1 and is 5 of 5."""
    far_house = make_organisation(jo.partnership, "FAR", SECRET_PROVIDER, "support_provider")
    before = make_placement(
        jo,
        far_house,
        "JO-1",
        setting="residential_care",
        start=dt.date(2020, 9, 1),
        end=BEFORE,
        end_reason="planned_move",
    )
    now = make_placement(jo, meadow, "JO-2", start=MOVED)
    add_line(before, "JO-1-A", "5500", before.start, end=BEFORE)
    add_line(now, "JO-2-SETUP", "8450", dt.date(2026, 5, 18), basis="one_off", kind="set_up", end=dt.date(2026, 5, 18))
    add_line(now, "JO-2-A", "1875.21", MOVED)
    night = add_line(now, "JO-2-N", "174.97", MOVED, kind="waking_night", basis="nightly", units_per_week=Decimal(7))
    add_share(before, jo.icb, "100")
    add_share(now, jo.council, "50")
    add_share(now, jo.icb, "50")
    add_share(now, jo.icb, "100", night)
    Baseline.objects.create(person=jo, weekly_cost=Decimal("5500"), as_at=BEFORE, source="Cost before the move")
    _tell_life(jo, far_house, meadow, now)
    return jo


def _tell_life(jo: Person, far_house: Organisation, meadow: Organisation, now: Placement) -> None:
    framework = Framework.objects.create(partnership=jo.partnership, code="LIFE", version="1")
    home = Measure.objects.create(
        framework=framework,
        code="home",
        title="My home feels like mine",
        domain="Home",
        kind="scale",
        better="higher",
        minimum=1,
        maximum=5,
    )
    for provider, month, score in ((far_house, 5, 1), (far_house, 6, 1), (meadow, 9, 4), (meadow, 10, 5)):
        checklist = Checklist.objects.create(
            person=jo,
            provider=provider,
            framework=framework,
            month=dt.date(2026, month, 1),
            view="staff",
            status="accepted",
            submitted_on=dt.date(2026, month, 28),
        )
        Answer.objects.create(checklist=checklist, measure=home, value=str(score), number=Decimal(score))
    for number, placement in enumerate((jo.placements.get(reference="JO-1"), jo.placements.get(reference="JO-1"), now)):
        day = (dt.date(2026, 5, 3), dt.date(2026, 6, 2), dt.date(2026, 7, 19))[number]
        Incident.objects.create(
            partnership=jo.partnership,
            reference=f"I-{number}",
            person=jo,
            placement=placement,
            occurred_on=day,
            kind="property",
            severity=2,
        )


def today() -> dt.date:
    return timezone.localdate()
