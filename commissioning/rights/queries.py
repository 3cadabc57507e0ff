"""Reads of people's rights within what an actor may see: lists, single records, what waits for whom."""

import datetime as dt
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.overview.queries.home.needs import Item, Need
from commissioning.rights import retention
from commissioning.rights.due import YEARS
from commissioning.rights.exporting import Gathered, fingerprint_of, gather_all
from commissioning.rights.models import (
    AccessExport,
    Erasure,
    LegalHold,
    RetentionRule,
    RightsQuerySet,
    RightsRequest,
    TextDecision,
)
from commissioning.rights.redaction import ColumnToDecide, TextToRead
from commissioning.rights.registry import SECTIONS
from people.models import Person

M = TypeVar("M", bound=Model)

SOON_DAYS = 7


def _one(rows: "RightsQuerySet[M]", actor: Actor, number: int, *related: str) -> M:
    """The record with this number in the actor's scope. Raises Http404."""
    found = rows.visible_to(actor).select_related(*related).filter(pk=number).first()
    if found is None:
        raise Http404("There is no such record")
    return found


def request_for(actor: Actor, number: int) -> RightsRequest:
    return _one(RightsRequest.objects.all(), actor, number, "person__partnership", "person__council", "person__icb")


def export_for(actor: Actor, number: int) -> AccessExport:
    rows = AccessExport.objects.defer("contents")
    return _one(rows, actor, number, "request", "person__partnership", "person__council", "person__icb")


def erasure_for(actor: Actor, number: int) -> Erasure:
    return _one(
        Erasure.objects.all(), actor, number, "request", "person__partnership", "person__council", "person__icb"
    )


def hold_for(actor: Actor, number: int) -> LegalHold:
    return _one(LegalHold.objects.all(), actor, number, "person__partnership", "person__council", "person__icb")


@dataclass(frozen=True)
class RequestFilters:
    """What the list of requests was asked for: a kind, and waiting, late or finished."""

    kind: str = ""
    state: str = "waiting"


STATES = (("waiting", "Waiting"), ("late", "Late"), ("finished", "Finished"), ("all", "All"))


@dataclass(frozen=True)
class RequestLine:
    """A request in a list; `days` until it is due, less than nothing when it is late."""

    request: RightsRequest
    person: str
    reference: str
    days: int
    is_late: bool
    is_soon: bool


def requests_list(actor: Actor, filters: RequestFilters, today: dt.date) -> list[RequestLine]:
    """The partnership's requests, the first due on top; finished ones the latest first."""
    rows = RightsRequest.objects.visible_to(actor).select_related("person")
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.state in {"waiting", "late"}:
        rows = rows.waiting()
    if filters.state == "late":
        rows = rows.filter(due_on__lt=today)
    if filters.state == "finished":
        rows = rows.filter(done_on__isnull=False).order_by("-done_on", "-pk")
    return [_line(actor, row, today) for row in rows]


def _line(actor: Actor, row: RightsRequest, today: dt.date) -> RequestLine:
    days = (row.due_on - today).days
    return RequestLine(
        row, row.person.label_for(actor), row.person.reference, days, row.is_late(today),
        row.is_waiting and 0 <= days <= SOON_DAYS,
    )  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """A copy or an erasure that waits for a second person."""

    what: str
    person: str
    reference: str
    person_id: int
    asked_by: str
    asked_at: dt.datetime | None
    url: str
    is_own: bool


def waiting_for_approval(actor: Actor) -> list[Waiting]:
    """What waits for a second person; `is_own` where the actor asked, and so cannot approve. Two queries."""
    exports = AccessExport.objects.visible_to(actor).filter(state=AccessExport.State.WAITING).defer("contents")
    erasures = Erasure.objects.visible_to(actor).filter(state=Erasure.State.WAITING)
    return [
        *(_waiting(actor, row, "Copy of their data", "copy") for row in exports.select_related("person")),
        *(_waiting(actor, row, "Erasure", "erasure") for row in erasures.select_related("person")),
    ]


def _waiting(actor: Actor, row: "AccessExport | Erasure", what: str, page: str) -> Waiting:
    person = row.person
    own = actor.user is not None and row.asked_by_id == actor.user.pk
    return Waiting(
        what, person.label_for(actor), person.reference, person.pk, row.asked_by_name, row.asked_at,
        reverse(page, args=[row.pk]), own,
    )  # fmt: skip


@dataclass(frozen=True)
class PersonRights:
    """What stands on a person's page of rights. `kept` is None while support goes on."""

    requests: tuple[RequestLine, ...]
    holds: tuple[LegalHold, ...]
    holds_now: tuple[LegalHold, ...]
    erasures: tuple[Erasure, ...]
    kept: retention.Kept | None

    @property
    def erased(self) -> Erasure | None:
        """The erasure that made this record a stub."""
        return next((each for each in self.erasures if each.state == Erasure.State.DONE), None)

    @property
    def open_erasure(self) -> Erasure | None:
        return next((each for each in self.erasures if each.is_open), None)


def rights_of(actor: Actor, person: Person, today: dt.date) -> PersonRights:
    """Five queries."""
    requests = RightsRequest.objects.visible_to(actor).filter(person=person).select_related("person")
    holds = LegalHold.objects.visible_to(actor).over(person)
    return PersonRights(
        requests=tuple(_line(actor, row, today) for row in requests.order_by("-received_on", "-pk")),
        holds=tuple(holds),
        holds_now=tuple(each for each in holds if each.holds_on(today)),
        erasures=tuple(Erasure.objects.visible_to(actor).filter(person=person)),
        kept=retention.kept_until(person),
    )


def holds_list(actor: Actor) -> "QuerySet[LegalHold]":
    """Every hold of the partnership, those in force first."""
    return LegalHold.objects.visible_to(actor).select_related("person").order_by("lifted_by_name", "-starts_on", "pk")


@dataclass(frozen=True)
class SectionToRead:
    """One section's free text: how many texts there are, how many somebody has read, how many seem to name people."""

    key: str
    title: str
    texts: int
    read: int
    named: int

    @property
    def is_read(self) -> bool:
        return self.read == self.texts


@dataclass(frozen=True)
class Preparing:
    """How far a copy is. `has_changed`: the record is not what was handed over for approval."""

    columns: tuple[ColumnToDecide, ...]
    columns_decided: int
    sections: tuple[SectionToRead, ...]
    rows: int
    changes: int
    has_changed: bool

    @property
    def is_ready(self) -> bool:
        return self.columns_decided == len(self.columns) and all(section.is_read for section in self.sections)


def preparing(export: AccessExport, gathered: Gathered) -> Preparing:
    decided = {row.column for row in export.columns.all()}
    read = {row.key for row in export.texts.all()}
    texts, columns = gathered.texts, gathered.columns
    sections = tuple(
        SectionToRead(
            key, title, len(own), sum(text.key in read for text in own), sum(bool(text.names) for text in own)
        )
        for key, (title, _words) in SECTIONS.items()
        if (own := [text for text in texts if text.section == key])
    )
    waits = export.state == AccessExport.State.WAITING
    return Preparing(
        columns=columns,
        columns_decided=sum(each.key in decided for each in columns),
        sections=sections,
        rows=sum(len(filled.rows) for filled in gathered.tables),
        changes=len(gathered.changes),
        has_changed=waits and fingerprint_of(export, gathered) != export.fingerprint,
    )


def texts_of(export: AccessExport, section: str) -> list[tuple[TextToRead, TextDecision | None]]:
    """The texts of one section with what was decided about each. Raises Http404 for a section without any."""
    decided = {row.key: row for row in export.texts.all()}
    found = [(text, decided.get(text.key)) for text in gather_all(export.person).texts if text.section == section]
    if not found:
        raise Http404("There is nothing to read in this part")
    return found


@dataclass(frozen=True)
class Year:
    """A rule of the retention schedule in the partnership's own years."""

    key: str
    words: str
    years: int
    usual: int


def rules_of(actor: Actor) -> list[RetentionRule]:
    """The rules for which the partnership set its own years."""
    return list(RetentionRule.objects.filter(partnership=actor.partnership).order_by("pk"))


def schedule_of(actor: Actor) -> list[Year]:
    years = retention.years_of(actor.partnership)
    return [Year(rule, RetentionRule.After(rule).label, years[rule], usual) for rule, usual in YEARS.items()]


def needs_of(actor: Actor, today: dt.date) -> tuple[Need, ...]:
    """For the first page of those who act: requests to answer, copies and erasures to approve. Three queries."""
    if not actor.can_commission:
        return ()
    open_ = RightsRequest.objects.visible_to(actor).waiting().select_related("person")
    requests = tuple(
        Item(
            row.person.label_for(actor),
            row.get_kind_display().lower(),
            reverse("rights_request", args=[row.pk]),
            row.due_on,
            row.person_id,
        )
        for row in open_
    )
    second = tuple(
        Item(each.person, f"{each.what.lower()}, asked by {each.asked_by}", each.url, None, each.person_id)
        for each in waiting_for_approval(actor)
        if not each.is_own
    )
    one, many = "request about somebody’s data to answer", "requests about people’s data to answer"
    return (
        Need("rights-requests", "life", one, many, requests, today),
        Need("rights-approvals", "life", "decision needs a second person", "decisions need a second person", second,
             today),
    )  # fmt: skip


def is_download_there(export: AccessExport) -> bool:
    is_over = export.expires_at is not None and export.expires_at <= timezone.now()
    return export.state == AccessExport.State.READY and not is_over


def everybody_named(lines: "list[RequestLine]") -> list[int]:
    """The people whom a list of requests names."""
    return [line.request.person_id for line in lines]
