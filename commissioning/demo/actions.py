"""Loads the example partnership: its records, somebody in each role, and what cannot be a row of a file."""

import datetime as dt
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership, Role, User
from commissioning.audit import history
from commissioning.core.errors import Refused
from commissioning.core.periods import Month
from commissioning.demo import organisations as orgs
from commissioning.demo.budgets import agree_budgets
from commissioning.demo.cases import invest_to_save
from commissioning.demo.month_end import agree_late, close_two_months
from commissioning.demo.months import begin_the_month
from commissioning.demo.partnership import CODE, build
from commissioning.demo.pools import share_risk
from commissioning.demo.sign_ins import PASSWORD, SECOND, SIGN_INS, SignIn
from commissioning.demo.spending import publish_spending
from commissioning.demo.stories import JO
from commissioning.demo.uplifts import uplift_next_april
from commissioning.interchange.actions import load_folder
from commissioning.reports.models import Board
from finance.actions import suspend_placement
from people.models import HOSPITALS, ClinicalInvolvement, Person, Placement
from providers.models import Location

Progress = Callable[[str], None]


def load_example(*, today: dt.date | None = None, progress: Progress) -> bool:
    """Make the example partnership once; False where it exists already.

    What is learnt late is written in a transaction of its own, after the months that it adjusts were closed.
    Raises Refused in production, whose sign-ins must never be public, and where a file of its own has a fault.
    """
    if settings.PRODUCTION:
        raise Refused("The example has sign-ins that everybody knows; it is never loaded in production.")
    if Partnership.objects.filter(code=CODE).exists():
        return False
    today = today or timezone.localdate()
    _make(today, progress)
    with transaction.atomic():
        partnership = Partnership.objects.get(code=CODE)
        agree_late(partnership, today)
        uplift_next_april(partnership, today)
    return True


@transaction.atomic
def _make(today: dt.date, progress: Progress) -> None:
    progress("Inventing 140 people, ten years each")
    with tempfile.TemporaryDirectory() as folder:
        build(today).write(Path(folder))
        outcome = load_folder(folder=Path(folder), partnership_code=CODE, by="The example", progress=progress)
    if outcome.faults:
        raise Refused(f"The example has {len(outcome.faults)} faults; the first: {outcome.faults[0]}")
    partnership = Partnership.objects.get(code=CODE)
    progress("Making somebody to sign in for each role")
    _make_sign_ins(partnership)
    _suspend_some(partnership, today)
    _share_a_planned_move(partnership, today)
    _add_locations(partnership)
    begin_the_month(partnership, Month.of(today).plus(-1))
    progress("Publishing what the council paid")
    publish_spending(partnership, Month.of(today).plus(-1))
    progress("Agreeing budgets, sharing risk and investing to save")
    agree_budgets(partnership, today)
    share_risk(partnership, today)
    invest_to_save(partnership, today)
    progress("Closing two months")
    close_two_months(partnership, today)


def _make_sign_ins(partnership: Partnership) -> None:
    for each in (*SIGN_INS, SECOND):
        user = User.objects.create_user(each.email, PASSWORD, name=each.name)
        membership = Membership.objects.create(
            user=user,
            partnership=partnership,
            role=each.role,
            organisation=_organisation(partnership, each),
            starts_on=dt.date(2020, 1, 1),
        )
        if each.role == Role.BOARD_MEMBER:
            for board in Board.objects.filter(partnership=partnership):
                board.members.add(membership)
        if each.role == Role.CLINICIAN:
            _involve(partnership, user)


def _organisation(partnership: Partnership, each: SignIn) -> Organisation | None:
    if not each.organisation:
        return None
    return partnership.links.get(code=each.organisation).organisation


def _involve(partnership: Partnership, clinician: User) -> None:
    """The clinician advises on everyone whose behaviour challenges services."""
    people = Person.objects.filter(partnership=partnership, died_on=None)
    for person in people.filter(cohorts__contains=["challenging_behaviour"]):
        ClinicalInvolvement.objects.create(person=person, user=clinician, start=dt.date(2024, 1, 1))


def _suspend_some(partnership: Partnership, today: dt.date) -> None:
    """Two stays in hospital: one over, one that goes on, the home kept open."""
    homes = (
        Placement.objects.filter(partnership=partnership, end=None, setting__in=("own_tenancy", "supported_living"))
        .exclude(person__reference=JO)
        .filter(start__lt=today - dt.timedelta(days=500))
        .order_by("reference")
    )
    by = Actor.system(partnership)
    begun = [(today - dt.timedelta(days=120), today - dt.timedelta(days=99)), (today - dt.timedelta(days=11), None)]
    for placement, (start, end) in zip(homes, begun, strict=False):
        try:
            with transaction.atomic(), history.said(by="Priya Nair", reason="Stay in hospital"):
                suspend_placement(
                    placement=placement, start=start, end=end, percent_paid=Decimal(60), reason="hospital", by=by
                )
        except Refused:
            continue  # a price of theirs changes during those days; the other stay shows the same


def _share_a_planned_move(partnership: Partnership, today: dt.date) -> None:
    """Somebody in hospital has a home to move to, which its provider may prepare from today."""
    waiting = Placement.objects.filter(partnership=partnership, end=None, setting__in=HOSPITALS).first()
    if waiting is None:
        return
    meadow = partnership.links.get(code=orgs.MEADOW).organisation
    Placement.objects.create(
        partnership=partnership,
        reference=f"{waiting.person.reference}-NEXT",
        person=waiting.person,
        provider=meadow,
        contract=meadow.contracts.get(partnership=partnership, reference=orgs.contract_of(orgs.MEADOW)),
        landlord=partnership.links.get(code=orgs.ROOFTOP).organisation,
        setting="own_tenancy",
        start=today + dt.timedelta(days=45),
        shared_on=today,
        postcode="DN36 4TN",
        out_of_area=False,
        double_running=False,
    )


def _add_locations(partnership: Partnership) -> None:
    """A registered location for each provider, and one to match, with numbers that the regulator gave to nobody."""
    links = partnership.links.filter(organisation__kind__in=("support_provider", "other", "nhs_provider"))
    for place, link in enumerate(links.select_related("organisation").order_by("code"), start=1):
        _add_location(f"1-00000{place:04d}", link.organisation.name, link.organisation)
    _add_location("1-000009001", "Kestrel View", None)


def _add_location(cqc_location_id: str, name: str, organisation: Organisation | None) -> None:
    Location.objects.get_or_create(
        cqc_location_id=cqc_location_id,
        defaults={
            "organisation": organisation,
            "name": name,
            "provider_name": name if organisation else "Kestrel Homes Limited",
            "service_types": "Homecare agencies",
            "postcode": "DN35 8AR",
            "local_authority": "Estuary",
        },
    )
