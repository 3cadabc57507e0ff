"""Two partnerships that have hardly begun, for what pages say where there is nothing: in one there is nobody yet, in
the other two people, of one of whom nothing is written down.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.models import Membership, Organisation, Partnership
from commissioning.reports.models import Board
from commissioning.rights.models import Erasure, RightsRequest
from commissioning.rights.previewing import preview_of
from commissioning.tests import fixtures
from commissioning.tests.matrix.policy import (
    ADMINISTRATOR,
    AUDITOR,
    BOARD,
    CLINICIAN,
    COMMISSIONER,
    FINANCE,
    MANAGER,
    STAFF,
    Who,
)
from commissioning.tests.matrix.walk import Visitors
from finance.models import Payment, SpendingImport, SpendingType, Supplier
from people.models import ClinicalInvolvement, Person, Plan

EMPTY, BARE = "EMPTY", "BARE"
BLANK, PLAIN = "BLANK", "PLAIN"


@dataclass
class Beginnings:
    """Who is there in each role, and what they look at."""

    visitors: Visitors
    who: dict[str, list[Who]] = field(default_factory=dict)
    requests: list[RightsRequest] = field(default_factory=list)
    erasure: Erasure | None = None

    def newcomer(self, partnership: Partnership, role: str, organisation: Organisation | None = None) -> Membership:
        """Somebody with a browser, to whom nothing of the world belongs."""
        key = f"{role} of {partnership.code}"
        member = fixtures.make_member(partnership, role, key.replace("_", " "), organisation)
        self.visitors.clients[key] = fixtures.signed_in(member)
        self.who.setdefault(partnership.code, []).append(Who(key, role, partnership.code, key if organisation else ""))
        return member


def begin(visitors: Visitors) -> Beginnings:
    made = Beginnings(visitors)
    empty = fixtures.make_partnership(EMPTY, "Empty")
    Board.objects.create(partnership=empty, code="EMPTY-BOARD", name="Empty board")
    for role in (COMMISSIONER, FINANCE, AUDITOR, CLINICIAN):
        made.newcomer(empty, role)
    for role in (BOARD, ADMINISTRATOR):
        _give_codes(made, made.newcomer(empty, role), are_seen=role == ADMINISTRATOR)
    bare = fixtures.make_partnership(BARE, "Bare")
    provider = fixtures.make_organisation(bare, "BARELY", "Barely Support", "support_provider")
    for role in (COMMISSIONER, FINANCE, AUDITOR):
        made.newcomer(bare, role)
    for role in (MANAGER, STAFF):
        made.newcomer(bare, role, provider)
    _make_people(made, bare, made.newcomer(bare, CLINICIAN))
    _make_spending(bare)
    return made


def _make_people(made: Beginnings, bare: Partnership, clinician: Membership) -> None:
    """One of whom nothing is written; and one with a plan, a placement without a price, and unanswered requests."""
    blank = fixtures.make_person(bare, BLANK, preferred_name="Blank")
    erasure: dict[str, Any] = {"partnership": bare, "person": blank, "why": Erasure.Why.MISTAKE}
    made.erasure = Erasure.objects.create(**erasure, fingerprint=preview_of(blank).fingerprint)
    plain = fixtures.make_person(bare, PLAIN, preferred_name="Plain")
    _make_plan(plain)
    provider = bare.links.get(code="BARELY").organisation
    fixtures.make_placement(plain, provider, "PLAIN-PL", start=timezone.localdate() + dt.timedelta(days=30))
    ClinicalInvolvement.objects.create(person=plain, user=clinician.user, start=dt.date(2024, 1, 1))
    today = timezone.localdate()
    asked: dict[str, Any] = {"partnership": bare, "person": plain, "received_on": today, "asked_by": "person"}
    asked |= {"due_on": today + dt.timedelta(days=30), "logged_by_name": "Somebody"}
    kinds = (RightsRequest.Kind.ACCESS, RightsRequest.Kind.ERASURE)
    made.requests = [RightsRequest.objects.create(**asked, kind=kind) for kind in kinds]


def _make_plan(person: Person) -> None:
    Plan.objects.create(
        person=person, number=1, status="agreed", what_matters="Quiet.", person_involvement="took_part",
        person_involvement_how="Talked", family_involvement="did_not", family_involvement_how="Away",
        agreed_on=dt.date(2025, 1, 1), review_by=dt.date(2026, 1, 1),
    )  # fmt: skip


def _make_spending(bare: Partnership) -> None:
    """Payments to somebody who is matched to nobody."""
    supplier = Supplier.objects.create(partnership=bare, supplier_id="S1", names=["Unknown"])
    last_month = timezone.localdate().replace(day=1) - dt.timedelta(days=1)
    Payment.objects.create(
        partnership=bare, supplier=supplier, paid_on=last_month, expense_type="Care", amount=10, fingerprint="f" * 64
    )
    SpendingType.objects.create(
        partnership=bare, expense_type="Care", month=last_month.replace(day=1), rows=1, amount=10
    )
    SpendingImport.objects.create(partnership=bare, by_name="Somebody")


def _give_codes(made: Beginnings, member: Membership, *, are_seen: bool) -> None:
    """Recovery codes, to somebody who has given the password just now, however long the walk takes."""
    client = made.visitors.clients[made.who[EMPTY][-1].key] = Client()
    client.post(reverse("account_login"), {"login": member.user.email, "password": "correct horse battery"})
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] += dt.timedelta(days=1).total_seconds()
    session.save()
    codes = RecoveryCodes.activate(member.user)
    if are_seen:
        codes.mark_as_viewed()
