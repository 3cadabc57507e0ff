"""Addresses of pages that no link leads to: they follow a form, or belong to somebody in a certain state."""

import datetime as dt
from collections.abc import Callable

from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.letters import sha256_of
from commissioning.accounts.models import Invitation, Membership, Partnership, Role, User
from commissioning.core.periods import Month
from commissioning.demo.cases import OUTREACH
from commissioning.demo.organisations import EVENINGS
from commissioning.demo.pools import POOL
from commissioning.demo.sign_ins import SignIn
from commissioning.demo.stories import JO
from commissioning.interchange.faults import Fault
from commissioning.interchange.models import Upload
from commissioning.interchange.sources import zipped
from commissioning.overview.queries.home import day_of
from commissioning.rights.models import AccessExport, Erasure, LegalHold, RightsRequest
from finance.models import CostLine, Payment, RiskShareAgreement
from finance.queries.risk_share import periods_of
from outcomes.models import Checklist, View
from people.models import ClinicalInvolvement, Person, Placement, Plan

Address = Callable[[SignIn], str]

_OF_REQUEST = ("_identity", "_more_time", "_answer")


def address_of(name: str, who: SignIn) -> str:
    """An address of a page for somebody, empty where the example has none for them."""
    make = ADDRESSES.get(name)
    return make(who) if make else ""


def somebody_known_to(who: SignIn) -> str:
    """The reference of somebody whose record they may open: Jo's, or for another provider of somebody they support."""
    current = Placement.objects.filter(end=None)
    if who.organisation:
        current = current.filter(provider__links__code=who.organisation)
    known = set(current.values_list("person__reference", flat=True))
    return JO if JO in known else min(known)


def _of_jo(name: str) -> Address:
    return lambda who: reverse(name, args=[JO])


def _of_the_pool(name: str) -> Address:
    return lambda who: reverse(name, args=[POOL])


def _with_draft(name: str) -> Address:
    """A plan that is still a draft, of somebody the reader may see."""

    def make(who: SignIn) -> str:
        drafts = Plan.objects.filter(status=Plan.Status.DRAFT)
        if who.role == Role.CLINICIAN:
            drafts = drafts.filter(person__clinicians__user__email=who.email)
        draft = drafts.select_related("person").first()
        return reverse(name, args=[draft.person.reference]) if draft else ""

    return make


def _sent_checklist(name: str) -> Address:
    def make(who: SignIn) -> str:
        sent = Checklist.objects.filter(view=View.STAFF).exclude(status=Checklist.Status.DRAFT)
        if who.organisation:
            placed = Placement.objects.filter(provider__links__code=who.organisation, end=None).values("person")
            sent = sent.filter(provider__links__code=who.organisation, person__in=placed, submitted_on__isnull=False)
        checklist = sent.select_related("person").latest("month")
        arguments = [checklist.person.reference, Month.of(checklist.month)]
        return reverse(name, args=arguments if name == "checklist" else [*arguments, checklist.view])

    return make


def _upload(name: str) -> Address:
    """A file that somebody brought, with a fault in it."""

    def make(who: SignIn) -> str:
        fault = Fault("people.csv", 2, "nhs_number", "9990000001", "Check the number.")
        upload, _ = Upload.objects.get_or_create(
            name="people.csv",
            defaults={
                "partnership": Partnership.objects.get(),
                "by": User.objects.get(email=who.email),
                "contents": b"",
                "state": Upload.State.FAULTY,
                "faults": [fault.as_json()],
            },
        )
        return reverse(name, args=[upload.pk])

    return make


def _provider(who: SignIn) -> str:
    return reverse("provider", args=[who.organisation or "MEADOW"])


def _payments_provider(who: SignIn) -> str:
    paid = Payment.objects.filter(supplier__provider__isnull=False).select_related("supplier__provider").first()
    link = paid.supplier.provider.links.first() if paid and paid.supplier.provider else None
    return reverse("payments_provider", args=[link.code]) if link else ""


def _contract_places(who: SignIn) -> str:
    """Places bought together, of one's own where one is a provider."""
    lines = CostLine.objects.blocks()
    if who.organisation:
        lines = lines.filter(contract__provider__links__code=who.organisation)
    contract = lines.latest("start").contract
    return reverse("contract_places", args=[contract.reference]) if contract else ""


def _clinician_end(who: SignIn) -> str:
    involved = ClinicalInvolvement.objects.select_related("person").earliest("pk")
    return reverse("clinician_end", args=[involved.person.reference, involved.pk])


def _suspend(who: SignIn) -> str:
    return reverse("placement_suspend", args=[Placement.objects.get(person__reference=JO, end=None).reference])


def _resume(who: SignIn) -> str:
    away = Placement.objects.filter(suspensions__isnull=False, suspensions__end=None).first()
    return reverse("placement_resume", args=[away.reference]) if away else ""


def _plan_version(who: SignIn) -> str:
    reference = somebody_known_to(who)
    plan = Plan.objects.get(person__reference=reference, status=Plan.Status.AGREED)
    return reverse("plan_version", args=[reference, plan.number])


def _need(who: SignIn) -> str:
    """Something that waits for them today, if anything does."""
    member = Membership.objects.select_related("user", "partnership", "organisation").get(user__email=who.email)
    needs = [need for need in day_of(Actor.of(member), timezone.localdate()).needs if need.items]
    return reverse("need", args=[needs[0].key]) if needs else ""


def _jos_request(words: str) -> RightsRequest:
    """Jo asked for a copy; `words` tell one such request from another."""
    jo, today = Person.objects.get(reference=JO), timezone.localdate()
    values = {"received_on": today, "due_on": today, "identity_checked": "Known to us", "logged_by_name": "Priya Nair"}
    found, _ = RightsRequest.objects.get_or_create(
        person=jo, words=words, kind="access", asked_by="person", partnership=jo.partnership, defaults=values
    )
    return found


def _rights_request(name: str) -> Address:
    return lambda who: reverse(name, args=[_jos_request("Everything").pk])


def _copy(name: str, *more: str) -> Address:
    """A copy that is being prepared; for the download, one that is there."""

    def make(who: SignIn) -> str:
        request = _jos_request("The copy" if name == "copy_zip" else "Everything")
        there = {
            "state": "ready",
            "contents": zipped({"copy.txt": b"Everything"}),
            "expires_at": timezone.now() + dt.timedelta(days=1),
        }
        values = {"partnership": request.partnership, "person": request.person}
        export, _ = AccessExport.objects.get_or_create(
            request=request, defaults=values | (there if name == "copy_zip" else {})
        )
        return reverse(name, args=[export.pk, *more])

    return make


def _hold_lift(who: SignIn) -> str:
    jo, values = Person.objects.get(reference=JO), {"starts_on": timezone.localdate(), "placed_by_name": "Priya Nair"}
    hold, _ = LegalHold.objects.get_or_create(
        person=jo, partnership=jo.partnership, kind="claim", reason="A claim", defaults=values
    )
    return reverse("hold_lift", args=[hold.pk])


def _erasure(who: SignIn) -> str:
    jo, values = Person.objects.get(reference=JO), {"asked_by_name": "Priya Nair", "asked_at": timezone.now()}
    found, _ = Erasure.objects.get_or_create(person=jo, partnership=jo.partnership, why="mistake", defaults=values)
    return reverse("erasure", args=[found.pk])


def _invitation(who: SignIn) -> str:
    """The link in a letter to somebody who has not come yet."""
    partnership = Partnership.objects.get(memberships__user__email=who.email)
    newcomer, _ = User.objects.get_or_create(
        email="newcomer@example.org", defaults={"name": "Noor Comer", "password": "!"}
    )
    role = {"role": Role.BOARD_MEMBER, "starts_on": timezone.localdate()}
    membership, _ = Membership.objects.get_or_create(user=newcomer, partnership=partnership, defaults=role)
    week = {"sent_at": timezone.now(), "runs_out_at": timezone.now() + dt.timedelta(days=7)}
    letter = {"name": newcomer.name, "secret_sha256": sha256_of("in-the-letter"), **week}
    Invitation.objects.update_or_create(membership=membership, defaults=letter)
    return reverse("invitation", args=["in-the-letter"])


def _prepare_again(who: SignIn) -> str:
    """A quarter that is closed, opened again."""
    pool = RiskShareAgreement.objects.get(reference=POOL)
    closed = [period for period in periods_of(pool, timezone.localdate()) if period.is_over(timezone.localdate())]
    return reverse("risk_statement_prepare", args=[POOL, min(closed, key=lambda period: period.first).key])


ADDRESSES: dict[str, Address] = {
    "invitation": _invitation,
    "second_step": lambda who: reverse("second_step"),
    "user_second_step": lambda who: reverse(
        "user_second_step", args=[Membership.objects.get(user__email="finance@example.org").pk]
    ),
    **{f"rights_request{last}": _rights_request(f"rights_request{last}") for last in ("", *_OF_REQUEST)},
    **{name: _copy(name) for name in ("copy", "copy_preview", "copy_columns", "copy_send_back", "copy_zip")},
    "copy_read": _copy("copy_read", "plan"),
    **{name: _of_the_pool(name) for name in ("risk_share_lines", "risk_share_transfers")},
    "risk_statement_prepare": _prepare_again,
    "case_savings": lambda who: reverse("case_savings", args=[OUTREACH]),
    "hold_lift": _hold_lift,
    "hold_everybody": lambda who: reverse("hold_everybody"),
    "retention_years": lambda who: reverse("retention_years"),
    "retention_keep": _of_jo("retention_keep"),
    "erasure_ask": _of_jo("erasure_ask"),
    "erasure": _erasure,
    "choose_role": lambda who: reverse("choose_role"),
    "framework": lambda who: reverse("framework"),
    "people_search": lambda who: reverse("people_search"),
    "payments_csv": lambda who: reverse("payments_csv"),
    "payments_provider": _payments_provider,
    "contract_places": _contract_places,
    "contract_places_csv": lambda who: reverse("contract_places_csv", args=[EVENINGS]),
    **{
        name: lambda who, name=name: reverse(name, args=[f"{EVENINGS}-2"])  # type: ignore[misc]
        for name in ("line_end", "line_shares")
    },
    "cqc_unmatched": lambda who: reverse("cqc_unmatched"),
    "clinician_end": _clinician_end,
    "placement_suspend": _suspend,
    "placement_resume": _resume,
    "plan_version": _plan_version,
    "provider": _provider,
    "upload": _upload("upload"),
    "upload_faults": _upload("upload_faults"),
    "checklist": _sent_checklist("checklist"),
    "checklist_done": _sent_checklist("checklist_done"),
    "checklist_correct": _sent_checklist("checklist_correct"),
    "plan_edit": _with_draft("plan_edit"),
    "plan_agree": _with_draft("plan_agree"),
    "need": _need,
    **{f"placement_log_{page}": _of_jo(f"placement_log_{page}") for page in ("support", "home", "costs", "check")},
}
