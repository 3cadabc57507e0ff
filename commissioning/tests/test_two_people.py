"""Two people, one record: every form that changes or ends something, found by program, is tried with a second person.

A form is opened; somebody else changes the record; the form is sent. The answer must be 409 with nothing overwritten,
and when it is sent again from that page, with what was shown, it must be saved.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, PartnershipOrganisation, User
from commissioning.core.editing import version_of
from commissioning.core.periods import Month
from commissioning.overview.models import PlacementDraft
from commissioning.reports.models import Board
from commissioning.rights.models import LegalHold, RetentionRule, RightsRequest
from commissioning.tests.figures import Say
from commissioning.tests.fixtures import make_member, make_placement, signed_in
from commissioning.tests.forms import confirmed, form_in
from commissioning.tests.test_routes import addresses
from finance import actions as money
from finance.actions import NewLine, NewShare
from finance.models import (
    Budget,
    Calendar,
    CostLine,
    ExpenseType,
    InvestmentCase,
    PlannedChange,
    RiskShareAgreement,
    Supplier,
)
from outcomes.actions import ensure_framework
from outcomes.models import Checklist, Incident
from people.actions import add_clinician, add_goal, add_responsibility, add_to_circle, start_plan
from people.models import Person
from providers.models import Contract

pytestmark = pytest.mark.django_db

JULY = dt.date(2026, 7, 1)


@dataclass
class Two:
    """What a case needs: who is there, and a placement with a price that both partners share."""

    alice: Membership
    finn: Membership
    adam: Membership
    clara: Membership
    sam: Membership
    jo: Person
    line: CostLine

    @property
    def by(self) -> Actor:
        return Actor.of(self.alice)

    @property
    def provider(self) -> Organisation:
        assert self.sam.organisation
        return self.sam.organisation


@dataclass
class Case:
    """One form: where it is, who else changes what, what the person adds to it. `sent_to` where that differs."""

    page: str
    change: Callable[[], object]
    answers: dict[str, Any] = field(default_factory=dict)
    who: str = "alice"
    sent_to: str = ""


def day(name: str, value: dt.date) -> dict[str, int]:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def change(record: Model, **values: Any) -> Callable[[], object]:
    """Somebody else saves the record, past every form: what the database sees is what counts."""
    return lambda: type(record)._default_manager.filter(pk=record.pk).update(**values)


@pytest.fixture
def two(
    alice: Membership, finn: Membership, adam: Membership, clara: Membership, sam: Membership, jo: Person,
    by_alice: Actor,
) -> Two:  # fmt: skip
    assert sam.organisation
    home = make_placement(jo, sam.organisation, start=JULY)
    line = money.add_line(placement=home, new=NewLine("core_support", "weekly", Decimal("1875.21"), JULY), by=by_alice)
    money.add_share(placement=home, new=NewShare(jo.council, "s117", Decimal(50), JULY), by=by_alice)
    return Two(alice, finn, adam, clara, sam, jo, line)


def person(two: Two) -> Case:
    return Case("/people/JO/change/", change(two.jo, home_postcode="DN31 1AA"), {"given_name": "Joanna"})


def responsibility(two: Two) -> Case:
    row = add_responsibility(
        person=two.jo, organisation=two.jo.council, basis="ordinary_residence", start=JULY, by=two.by
    )
    return Case(f"/people/JO/responsible/{row.pk}/", change(row, basis="disputed"), day("end", dt.date(2026, 8, 1)))


def circle(two: Two) -> Case:
    row = add_to_circle(person=two.jo, name="Rosa Keane", part="advocate", by=two.by)
    return Case(f"/people/JO/circle/{row.pk}/", change(row, contact="01632 960001"), {"contact": "01632 960002"})


def circle_end(two: Two) -> Case:
    row = add_to_circle(person=two.jo, name="Rosa Keane", part="advocate", by=two.by)
    return Case(f"/people/JO/circle/{row.pk}/end/", change(row, part="friend"))


def clinician(two: Two) -> Case:
    row = add_clinician(person=two.jo, user=two.clara.user, start=JULY, by=two.by)
    return Case(f"/people/JO/clinicians/{row.pk}/end/", change(row, start=dt.date(2026, 6, 1)))


def plan(two: Two) -> Case:
    row = start_plan(person=two.jo, by=two.by)
    return Case("/people/JO/plan/change/", change(row, good_day="Rain"), {"good_day": "Sun"})


def plan_agree(two: Two) -> Case:
    row = start_plan(person=two.jo, by=two.by)
    change(row, what_matters="Trains", how_to_support="Quietly")()
    took_part = {"person_involvement": "took_part", "person_involvement_how": "Chose the words"}
    family = {"family_involvement": "took_part", "family_involvement_how": "Her sister came"}
    return Case("/people/JO/plan/agree/", change(row, what_matters="Boats"), {**took_part, **family})


def goal(two: Two) -> Case:
    row = add_goal(person=two.jo, words="My own key", domain="Home", agreed_on=JULY, by=two.by)
    reviewed = day("reviewed_on", dt.date(2026, 8, 1))
    return Case(f"/people/JO/goals/{row.reference}/review/", change(row, progress=1), {"progress": "-1", **reviewed})


def line_change(two: Two) -> Case:
    sent = {"amount": "1700", "reason": "step_down", **day("start", dt.date(2026, 9, 1))}
    return Case(f"/money/prices/{two.line.reference}/change/", change(two.line, amount=Decimal(1900)), sent)


def line_correct(two: Two) -> Case:
    sent = {"amount": "1700", "why": "Digits were swapped"}
    return Case(f"/money/prices/{two.line.reference}/correct/", change(two.line, amount=Decimal(1900)), sent)


def line_end(two: Two) -> Case:
    sent = day("end", dt.date(2026, 9, 1))
    return Case(f"/money/prices/{two.line.reference}/end/", change(two.line, amount=Decimal(1900)), sent)


def line_shares(two: Two) -> Case:
    row = two.line.shares.create(
        placement=two.line.placement, funder=two.jo.council, route="joint", percent=Decimal(50), start=JULY
    )
    address = f"/money/prices/{two.line.reference}/who-pays/"
    return Case(address, change(row, percent=Decimal(60)), day("start", dt.date(2026, 8, 1)))


def calendar_of(page: str, sent: dict[str, Any]) -> Callable[[Two], Case]:
    def make(two: Two) -> Case:
        calendar = Calendar.objects.create(
            partnership=two.jo.partnership, reference="TERM", name="Terms", kind="term_time"
        )
        days = [calendar.ranges.create(start=each, end=each) for each in (JULY, dt.date(2026, 7, 3))]
        address = f"/money/calendars/TERM/{page.format(pk=days[0].pk)}"
        return Case(address, change(calendar, name="School terms"), sent, "finn")

    return make


def shares(two: Two) -> Case:
    row = two.line.its_placement.shares.get()
    address = f"/money/placements/{two.line.its_placement.reference}/who-pays/"
    return Case(address, change(row, percent=Decimal(60)), day("start", dt.date(2026, 8, 1)))


def suspend(two: Two) -> Case:
    address = f"/money/placements/{two.line.its_placement.reference}/suspend/"
    sent = {"reason": "hospital", "percent_paid": "50", **day("start", dt.date(2026, 9, 1))}
    return Case(address, change(two.line, amount=Decimal(1900)), sent)


def resume(two: Two) -> Case:
    away = money.suspend_placement(
        placement=two.line.its_placement,
        start=dt.date(2026, 8, 1),
        percent_paid=Decimal(50),
        reason="hospital",
        by=two.by,
    )
    address = f"/money/placements/{two.line.its_placement.reference}/resume/"
    return Case(address, change(away, reason="family"), day("on", dt.date(2026, 9, 1)))


def end(two: Two) -> Case:
    address = f"/money/placements/{two.line.its_placement.reference}/end/"
    sent = {"reason": "planned_move", "day_is": "last_paid", **day("end", dt.date(2026, 9, 1))}
    return Case(address, change(two.line, amount=Decimal(1900)), sent)


def baseline(two: Two) -> Case:
    facts: dict[str, Any] = {"as_at": JULY, "source": "Invoices", "scope": "all_in"}
    row = money.set_baseline(person=two.jo, weekly_cost=Decimal(4000), by=two.by, **facts)
    return Case("/money/people/JO/baseline/", change(row, weekly_cost=Decimal(4100)), {"weekly_cost": "4200"})


def suppliers(two: Two) -> Case:
    row = Supplier.objects.create(
        partnership=two.jo.partnership, supplier_id="901", names=["Unknown"], kind=Supplier.Kind.ORGANISATION
    )
    PartnershipOrganisation.objects.filter(organisation=two.sam.organisation).update(code="MEADOW")
    sent = {"supplier:901": "MEADOW"}
    return Case(
        "/money/payments/suppliers/", change(row, not_a_provider=True), sent, "finn", "/money/payments/suppliers/match/"
    )


def expense_types(two: Two) -> Case:
    row = ExpenseType.objects.create(partnership=two.jo.partnership, begins_with="Support")
    return Case("/money/payments/types/", change(row, begins_with="Supported living"), {"others": "Day care"}, "finn")


def contract(two: Two) -> Case:
    row = Contract.objects.create(
        partnership=two.jo.partnership, reference="C-1", provider=two.provider, title="Flats", kind="spot",
        start=JULY,
    )  # fmt: skip
    return Case("/providers/contracts/on/C-1/change/", change(row, notice_weeks=8), {"title": "Houses"})


def provider(two: Two) -> Case:
    assert two.sam.organisation
    return Case("/providers/with/MEADOW/change/", change(two.sam.organisation, name="Meadow"), {"code": "MF"})


def membership(two: Two) -> Case:
    sent = day("ends_on", dt.date(2027, 1, 1))
    return Case(f"/users/roles/{two.sam.pk}/", change(two.sam, starts_on=dt.date(2021, 1, 1)), sent, "adam")


def membership_end(two: Two) -> Case:
    return Case(f"/users/roles/{two.sam.pk}/end/", change(two.sam, ends_on=dt.date(2030, 1, 1)), {}, "adam")


def partnership(two: Two) -> Case:
    return Case("/settings/", change(two.jo.partnership, weeks_per_year="365/7"), {"name": "Estuaries"}, "adam")


def close(two: Two) -> Case:
    address = f"/users/{two.sam.pk}/"
    return Case(address, change(two.sam, ends_on=dt.date(2030, 1, 1)), {}, "adam", f"{address}close/")


def reopen(two: Two) -> Case:
    change(two.sam, closed_at=timezone.now())()
    address = f"/users/{two.sam.pk}/"
    return Case(address, change(two.sam, ends_on=dt.date(2030, 1, 1)), {}, "adam", f"{address}open/")


def board(two: Two) -> Case:
    row = Board.objects.create(partnership=two.jo.partnership, code="PB", name="Partnership Board")
    bea, gwen = (make_member(two.jo.partnership, "board_member", name) for name in ("Bea Two", "Gwen Archer"))
    return Case("/reports/boards/PB/", lambda: row.members.add(gwen), {"members": [bea.pk]}, "adam")


def send_back(two: Two) -> Case:
    row = Checklist.objects.create(
        person=two.jo, provider=two.provider, month=dt.date(2026, 9, 1), view="staff", status="submitted",
        framework=ensure_framework(partnership=two.jo.partnership, month=Month(2026, 9), by=two.by),
    )  # fmt: skip
    return Case(f"/outcomes/sent/{row.pk}/send-back/", change(row, version=2), {"words": "Which visits?"})


def incident(two: Two) -> Case:
    row = Incident.objects.create(
        partnership=two.jo.partnership, reference="INC-0001", person=two.jo, occurred_on=dt.date(2026, 8, 1),
        kind=Incident.Kind.values[0], severity=1, restrictive_practice=False,
    )  # fmt: skip
    return Case("/outcomes/incident/INC-0001/change/", change(row, severity=2), {"note": "It was a fall"})


def log_check(two: Two) -> Case:
    assert two.sam.organisation
    home = two.line.its_placement
    typed = {
        "support": {"provider": [str(two.sam.organisation.pk)], "contract": [""], "landlord": [""]},
        "home": {
            "setting": ["supported_living"], "start_day": ["1"], "start_month": ["10"], "start_year": ["2026"],
            "current_home": [f"ends-{home.pk}"], "end_reason": ["planned_move"], "out_of_area": ["no"],
        },
        "costs": {
            "lines": ["1"], "shares": ["0"], "line-0-kind": ["core_support"], "line-0-amount": ["100"],
            "line-0-basis": ["weekly"], "line-0-start_day": ["1"], "line-0-start_month": ["10"],
            "line-0-start_year": ["2026"],
        },
    }  # fmt: skip
    PlacementDraft.objects.create(person=two.jo, by=two.alice.user, answers=typed)
    return Case("/people/JO/placements/log/check/", change(two.line, amount=Decimal(1900)))


def rights_request(two: Two) -> RightsRequest:
    return RightsRequest.objects.create(
        partnership=two.jo.partnership, person=two.jo, kind="access", asked_by="person",
        received_on=timezone.localdate(), due_on=timezone.localdate() + dt.timedelta(days=28),
        identity_checked="Known to us", logged_by_name="Alice",
    )  # fmt: skip


def request_identity(two: Two) -> Case:
    row = rights_request(two)
    return Case(
        f"/rights/requests/{row.pk}/identity/", change(row, words="All of it"), {"identity_checked": "Passport"}
    )


def request_more_time(two: Two) -> Case:
    row = rights_request(two)
    return Case(f"/rights/requests/{row.pk}/more-time/", change(row, words="All of it"), {"reason": "Six years of it"})


def request_answer(two: Two) -> Case:
    row = rights_request(two)
    answers = {"outcome": "done", "outcome_words": "Given by hand"}
    return Case(f"/rights/requests/{row.pk}/answer/", change(row, words="All of it"), answers)


def hold_lift(two: Two) -> Case:
    row = LegalHold.objects.create(
        partnership=two.jo.partnership, person=two.jo, kind="claim", reason="A claim", starts_on=dt.date(2026, 1, 1),
        placed_by_name="Alice",
    )  # fmt: skip
    return Case(f"/rights/holds/{row.pk}/lift/", change(row, kind="inquiry"), {"reason": "It closed"})


def retention_years(two: Two) -> Case:
    row = RetentionRule.objects.create(partnership=two.jo.partnership, after="support", years=8)
    return Case("/rights/years/", change(row, years=9), {"death": "12"})


def pool(two: Two) -> RiskShareAgreement:
    board = PartnershipOrganisation.objects.get(partnership=two.jo.partnership, code="ICB").organisation
    row = RiskShareAgreement.objects.create(
        partnership=two.jo.partnership, reference="POOL", name="The pool", rule="by_line", start=dt.date(2025, 4, 1)
    )
    for partner in (two.jo.council, board):
        row.percents.create(partner=partner, percent=50)
        row.contributions.create(partner=partner, year=2025, amount=1000)
    return row


def risk_share(two: Two) -> Case:
    row = pool(two)
    return Case("/money/risk-share/POOL/change/", change(row, contingency="Ring the council"), {"name": "A pool"})


def risk_share_contributions(two: Two) -> Case:
    row = pool(two).contributions.earliest("pk")
    sent = {f"amount-0-{row.partner_id}": "1,200"}
    return Case("/money/risk-share/POOL/put-in/2025-26/", change(row, amount=Decimal(900)), sent, "finn")


def risk_share_lines(two: Two) -> Case:
    row = pool(two)
    sent = {f"row-0-percent-{each.partner_id}": "50" for each in row.percents.all()}
    sent |= {"row-0-name": "Nights", "row-0-what": "kind:waking_night"}
    return Case("/money/risk-share/POOL/lines/", change(row, contingency="Ring"), sent, "finn")


def risk_share_transfers(two: Two) -> Case:
    row = pool(two)
    sent = {"row-0-person": "JO", "row-0-partner": str(two.jo.council.pk), "row-0-weekly_cost": "3500"}
    moved = {f"row-0-{name}": value for name, value in day("moved_on", JULY).items()}
    return Case("/money/risk-share/POOL/moves/", change(row, contingency="Ring"), {**sent, **moved}, "finn")


def budget_set(two: Two) -> Case:
    row = Budget.objects.create(
        partnership=two.jo.partnership, reference="B", year=2026, partner=two.jo.council, amount=1000
    )
    return Case("/money/budgets/enter/?year=2026-27", change(row, amount=Decimal(900)), day("built_on", JULY), "finn")


def budget_change(two: Two) -> Case:
    row = Budget.objects.create(
        partnership=two.jo.partnership, reference="B", year=2026, partner=two.jo.council, amount=1000
    )
    sent = {"budget": str(row.pk), "amount": "50", "reason": "Winter", **day("on", dt.date(2026, 10, 1))}
    return Case("/money/budgets/change/?year=2026-27", change(row, amount=Decimal(900)), sent, "finn")


def planned_change(two: Two) -> Case:
    row = PlannedChange.objects.create(
        partnership=two.jo.partnership, reference="PC-1", kind="new_person", funder=two.jo.council, on=JULY,
        weekly_low=0, weekly_expected=100, weekly_high=200, note="Somebody",
    )  # fmt: skip
    return Case("/money/budgets/planned/PC-1/", change(row, note="Somebody else"), {"weekly_high": "300"}, "finn")


def case_of(page: str, sent: dict[str, Any]) -> Callable[[Two], Case]:
    def make(two: Two) -> Case:
        row = InvestmentCase.objects.create(
            partnership=two.jo.partnership, reference="OUT", title="Outreach", owner="Ann", basis="stated",
            start=dt.date(2025, 4, 1), savings_end=dt.date(2030, 3, 31),
        )  # fmt: skip
        council = {"row-0-source": str(two.jo.council.pk)} if page == "funding" else {}
        return Case(f"/money/cases/OUT/{page}/", change(row, owner="Bob"), {**council, **sent}, "finn")

    return make


CASES: dict[str, dict[str, Any]] = {
    "change": {"title": "Outreach team"},
    "funding": {"row-0-amount": "500", **day("row-0-start", JULY)},
    "savings": {"row-0-amount": "500", **day("row-0-start", JULY), **day("row-0-end", JULY)},
    "people": {"row-0-person": "JO", **day("row-0-counts_from", JULY)},
    "beds": {"row-0-ward": "Ward 3", "row-0-beds": "2", "row-0-weekly_cost": "70", **day("row-0-start", JULY)},
}

EDITS: dict[str, Callable[[Two], Case]] = {
    "baseline_set": baseline,
    "board_members": board,
    "budget_change": budget_change,
    "budget_set": budget_set,
    **{f"case_{page}": case_of(page, sent) for page, sent in CASES.items()},
    "calendar_change": calendar_of("change/", {"name": "Terms of Estuary", "kind": "other"}),
    "calendar_days_add": calendar_of("days/add/", day("start", dt.date(2026, 7, 9))),
    "calendar_days_change": calendar_of("days/{pk}/", day("start", dt.date(2026, 7, 9))),
    "calendar_days_remove": calendar_of("days/{pk}/remove/", {}),
    "checklist_send_back": send_back,
    "circle_change": circle,
    "circle_end": circle_end,
    "clinician_end": clinician,
    "contract_edit": contract,
    "goal_review": goal,
    "hold_lift": hold_lift,
    "incident_change": incident,
    "line_change": line_change,
    "line_correct": line_correct,
    "line_end": line_end,
    "line_shares": line_shares,
    "membership_edit": membership,
    "membership_end": membership_end,
    "partnership_settings": partnership,
    "payments_match": suppliers,
    "payments_types": expense_types,
    "person_edit": person,
    "placement_end": end,
    "planned_change": planned_change,
    "placement_log_check": log_check,
    "placement_resume": resume,
    "placement_suspend": suspend,
    "plan_agree": plan_agree,
    "plan_edit": plan,
    "provider_edit": provider,
    "responsibility_change": responsibility,
    "retention_years": retention_years,
    "risk_share_change": risk_share,
    "risk_share_contributions": risk_share_contributions,
    "risk_share_lines": risk_share_lines,
    "risk_share_transfers": risk_share_transfers,
    "rights_request_answer": request_answer,
    "rights_request_identity": request_identity,
    "rights_request_more_time": request_more_time,
    "shares_change": shares,
    "user_close": close,
    "user_open": reopen,
}
# These add something, and change nothing that is there.
CREATES = {
    "block_line_add", "calendar_add", "calendar_bank_holidays",
    "case_add", "circle_add", "clinician_add", "contract_create", "copy_begin", "cqc_import", "data", "goal_add",
    "hold_add",
    "hold_everybody", "incident_record", "line_add", "retention_keep", "rights_request_add",
    "membership_add", "organisation_add", "payments_upload", "person_create", "plan_start", "planned_change_add",
    "provider_create",
    "report_request", "report_revise", "responsibility_add", "risk_share_add", "upload_confirm",
    "user_invite", "user_link",
}  # fmt: skip
# These are safe by other means, each with a test of its own.
OTHERWISE = {
    "checklist_view": "each answer carries what it was when the page was opened (outcomes/tests/test_two_at_once.py)",
    "checklist_autosave": "as checklist_view",
    "checklist_correct": "as checklist_view",
    "checklists_accept": "each checklist carries the version that was read (outcomes/tests/test_commissioner.py)",
    "choose_role": "one's own session",
    "report_notices": "begins only what was given up (accounts/tests/test_post.py)",
    "user_letters": "as report_notices",
    "copy_approve": "approves the fingerprint of what was handed over (rights/tests/test_copy.py)",
    "copy_ask": "keeps the fingerprint of what is handed over; done twice, it is done once",
    "copy_columns": "only while it is prepared; what is handed over is read again by a second person",
    "copy_read": "as copy_columns; a text that changed has another key",
    "copy_send_back": "done twice, it is done once",
    "erasure_approve": "approves the fingerprint of the preview (rights/tests/test_erasure.py)",
    "erasure_ask": "carries the fingerprint of the preview",
    "erasure_withdraw": "only while it waits; done twice, it is done once",
    "cqc_match": "takes only locations that are nobody's yet",
    "cqc_unmatch": "the address names whose it was",
    "organisation_code": "the address is the code that is changed: a code changed meanwhile is not found",
    "uplift_add": "saves only what was shown (finance/tests/test_uplifts.py)",
    "uplift_undo": "refuses where a price was changed since; done twice, it is done once",
    "month_close": "carries the fingerprint of the figures shown; closed once (finance/tests/test_month_end.py)",
    "risk_statement_approve": "approves the revision that was shown, whose figures are frozen",
    "risk_statement_close": "closes the revision that was shown, whose figures are frozen; done twice, it is done once",
    "risk_statement_prepare": "one statement of a period waits at a time; what was frozen is shown before approval",
    "risk_statement_withdraw": "only while it waits; done twice, it is done once",
    "placement_log_support": "one's own draft",
    "placement_log_home": "one's own draft",
    "placement_log_costs": "one's own draft",
    "placement_log_totals": "keeps nothing",
    "incident_create": "a search: keeps nothing",
    "people": "a search: keeps nothing",
    "people_search": "a search: keeps nothing",
    "invitation": "one's own account; the link works once",
    "recovery_codes_kept": "one's own account",
    "sign_out_everywhere": "one's own sessions",
    "user_second_step": "takes off what was lost; doing it twice does it once",
}


def test_it_knows_of_every_form_whether_it_changes_what_others_have_open(figure: Say) -> None:
    sent = {route.name for _, route in addresses() if route.methods & {"POST", "PUT", "PATCH", "DELETE"}}
    known = {*EDITS, *CREATES, *OTHERWISE}
    new = sorted(sent - known)
    assert not new, (
        f"New forms: {', '.join(new)}. One that changes or ends a record is an EditForm and gets a case here; one that "
        "only adds goes into CREATES."
    )
    assert not known - sent, f"No longer there: {sorted(known - sent)}"
    figure("forms that change or end a record, tried with a second person / all", f"{len(EDITS)} / {len(EDITS)}")


@pytest.mark.parametrize("name", sorted(EDITS))
def test_it_shows_the_second_person_both_and_overwrites_nothing(name: str, two: Two) -> None:
    case = EDITS[name](two)
    client = signed_in(getattr(two, case.who))
    address = case.sent_to or case.page
    sent = {**form_in(client.get(case.page), case.sent_to and address), **case.answers}
    before = stored(two)
    case.change()
    theirs = stored(two)
    assert theirs != before, "The case changes nothing."
    shown = client.post(address, sent)
    assert shown.status_code == 409, f"{name} answered {shown.status_code}: it overwrites what somebody else saved."
    assert stored(two) == theirs, f"{name} overwrote what somebody else saved."
    saved = client.post(address, {**form_in(shown), "keep-all": "yours"})
    assert confirmed(client, address, saved).status_code == 302
    assert stored(two) != theirs


OURS = {"people", "finance", "providers", "outcomes", "accounts", "reports", "overview", "rights"}


def stored(two: Two) -> str:
    """A fingerprint of everything that the cases write."""
    rows = [
        row
        for model in apps.get_models()
        if model._meta.app_label in OURS and not model.__name__.endswith("Event") and model is not User
        for row in model._default_manager.all()
    ]
    users = User.objects.values_list("pk", "is_active").order_by("pk")
    seats = Board.members.through.objects.values_list("board_id", "membership_id").order_by("pk")
    return f"{version_of(*rows)} {list(users)} {list(seats)}"


def test_a_third_person_is_asked_again(two: Two) -> None:
    client = signed_in(two.alice)
    address = "/people/JO/change/"
    sent = {**form_in(client.get(address)), "given_name": "Joanna"}
    change(two.jo, given_name="Josephine")()
    second = form_in(client.post(address, sent))
    change(two.jo, given_name="Joan")()
    third = client.post(address, {**second, "keep-given_name": "yours"})
    assert third.status_code == 409 and "Joan" in third.content.decode()
    two.jo.refresh_from_db()
    assert two.jo.given_name == "Joan"
    assert client.post(address, {**form_in(third), "keep-given_name": "yours"}).status_code == 302
    two.jo.refresh_from_db()
    assert two.jo.given_name == "Joanna"


def test_what_was_kept_of_theirs_stays_kept_when_a_third_person_saves(two: Two) -> None:
    client = signed_in(two.alice)
    address = "/people/JO/change/"
    sent = {**form_in(client.get(address)), "given_name": "Joanna", "preferred_name": "Mine"}
    change(two.jo, given_name="Josephine", preferred_name="Theirs")()
    second = {**form_in(client.post(address, sent)), "keep-given_name": "theirs", "keep-preferred_name": "yours"}
    change(two.jo, home_postcode="DN31 1AA")()
    third = {**form_in(client.post(address, second)), "keep-preferred_name": "yours"}
    assert client.post(address, third).status_code == 302
    two.jo.refresh_from_db()
    assert (two.jo.given_name, two.jo.preferred_name, two.jo.home_postcode) == ("Josephine", "Mine", "DN31 1AA")


def test_it_merges_what_did_not_clash_and_asks_about_what_did(two: Two) -> None:
    client = signed_in(two.alice)
    address = f"/money/prices/{two.line.reference}/correct/"
    sent = {**form_in(client.get(address)), "label": "Mornings", "amount": "1700", "why": "Digits were swapped"}
    other = signed_in(make_member(two.jo.partnership, "commissioner", "Ola Other"))
    theirs = {**form_in(other.get(address)), "amount": "1900", **day("end", dt.date(2027, 3, 31)), "why": "Agreed"}
    assert confirmed(other, address, other.post(address, theirs)).status_code == 302
    shown = client.post(address, sent)
    page = shown.content.decode()
    assert "Ola Other" in page and "3 things differ" in page
    assert "£1,700.00" in page and "£1,900.00" in page and "31 March 2027" in page
    chosen = form_in(shown)
    assert chosen["keep-label"] == ["yours"] and chosen["keep-end"] == ["theirs"]
    assert "keep-amount" not in chosen, "Both changed it, so nothing is chosen beforehand."
    unchosen = client.post(address, chosen)
    assert unchosen.status_code == 409 and "Choose which to keep: Price" in unchosen.content.decode()
    saved = client.post(address, {**form_in(unchosen), "keep-amount": "yours"})
    assert confirmed(client, address, saved).status_code == 302
    two.line.refresh_from_db()
    assert (two.line.label, str(two.line.amount), two.line.end) == ("Mornings", "1700.00", dt.date(2027, 3, 31))


def test_ones_own_second_window_is_told_from_a_second_person(two: Two) -> None:
    client = signed_in(two.alice)
    address = f"/money/placements/{two.line.its_placement.reference}/end/"
    first, second = (
        {
            **form_in(client.get(address)),
            "reason": "planned_move",
            "day_is": "last_paid",
            **day("end", dt.date(2026, 9, 1)),
        }
        for _ in range(2)
    )
    assert client.post(address, first).status_code == 302
    shown = client.post(address, second)
    assert shown.status_code == 409 and "You have saved this already" in shown.content.decode()
