"""What a partnership has stored, as rows of the dataset: the same values under the same keys as a file's rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models

from commissioning.accounts.models import Partnership, PartnershipOrganisation
from commissioning.core.errors import Refused
from commissioning.interchange.cells import Link, plain
from commissioning.interchange.tables import Key, Table, Values
from finance.models import Budget, Calendar, CalendarDays, CostLine, InvestmentCase, RiskShareAgreement, RiskShareLine
from outcomes.models import Answer, Checklist, Measure
from people.models import Person, Placement
from providers.models import Contract

REFERENCED: dict[str, type[models.Model]] = {
    "people.csv": Person,
    "contracts.csv": Contract,
    "placements.csv": Placement,
    "calendars.csv": Calendar,
    "cost_lines.csv": CostLine,
    "budgets.csv": Budget,
    "risk_shares.csv": RiskShareAgreement,
    "risk_share_lines.csv": RiskShareLine,
    "cases.csv": InvestmentCase,
}


@dataclass(frozen=True)
class Stored:
    """A stored record as a row. `pk` is the record's; `parent` that of the record it hangs on, where a row is two."""

    pk: int
    values: dict[str, Any]
    parent: int | None = None


@dataclass
class World:
    """A partnership and the references of its records, both ways."""

    partnership: Partnership
    ids: dict[str, dict[str, int]] = field(default_factory=dict)
    references: dict[str, dict[int, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, partnership: Partnership) -> "World":
        world = cls(partnership)
        links = PartnershipOrganisation.objects.filter(partnership=partnership)
        world._keep("organisations.csv", links.values_list("code", "organisation_id"))
        for file, model in REFERENCED.items():
            found = model._default_manager.filter(partnership=partnership)
            world._keep(file, found.values_list("reference", "pk"))
        return world

    def _keep(self, file: str, pairs: Any) -> None:
        self.ids[file] = dict(pairs)
        self.references[file] = {pk: reference for reference, pk in self.ids[file].items()}

    def learn(self, file: str, reference: str, pk: int) -> None:
        """A record was just made."""
        self.ids[file][reference] = pk
        self.references[file][pk] = reference

    def reference_of(self, file: str, pk: int | None) -> str | None:
        """The reference of a linked record. Raises Refused for an organisation without a code here."""
        if pk is None:
            return None
        try:
            return self.references[file][pk]
        except KeyError as error:
            noun = "An organisation" if file == "organisations.csv" else "A record"
            message = f"{noun} used here (number {pk}) has no code in this partnership. Give it one, then try again."
            raise Refused(message) from error


def stored_rows(world: World, table: Table) -> dict[Key, Stored]:
    """Every row of a file as it is stored now, by key."""
    rows = READERS.get(table.file, _records)(world, table)
    return {table.key_of(row.values): row for row in rows}


def _records(world: World, table: Table) -> Iterator[Stored]:
    """Rows of a file whose rows are one record each."""
    columns = table.columns
    readers = [_reader(world, table, column.name) for column in columns]
    found = table.model._default_manager.filter(table.owned_by(world.partnership.pk)).order_by("pk")
    for pk, *values in found.values_list("pk", *(column.field for column in columns)).iterator(chunk_size=5000):
        read = {column.name: reader(value) for column, reader, value in zip(columns, readers, values, strict=True)}
        yield Stored(pk, read)


def _reader(world: World, table: Table, name: str) -> Callable[[Any], Any]:
    kind = table.column(name).kind
    if isinstance(kind, Link):
        file = kind.file
        return lambda pk: world.reference_of(file, pk)
    return kind.from_record


def _partnership(world: World, table: Table) -> Iterator[Stored]:
    """A partnership that was made by loading has no name of its own: it goes by its code."""
    for row in _records(world, table):
        name = "" if row.values["name"] == world.partnership.code else row.values["name"]
        yield Stored(row.pk, {**row.values, "name": name})


ORGANISATION_FIELDS = ("name", "kind", "gss_code", "ods_code", "cqc_provider_id", "valid_from", "valid_to")


def organisation_values(world: World, table: Table, code: str, organisation: Any) -> dict[str, Any]:
    """An organisation as a row. A successor that the partnership does not work with is not named."""
    values = {name: table.column(name).kind.from_record(getattr(organisation, name)) for name in ORGANISATION_FIELDS}
    successor = world.references[table.file].get(organisation.successor_id)
    return {"code": code, **values, "successor": successor}


def _organisations(world: World, table: Table) -> Iterator[Stored]:
    links = PartnershipOrganisation.objects.filter(partnership=world.partnership).select_related("organisation")
    for link in links:
        yield Stored(link.organisation_id, organisation_values(world, table, link.code, link.organisation), link.pk)


MEASURE_FIELDS = (
    "title",
    "domain",
    "kind",
    "better",
    "minimum",
    "maximum",
    "aspect",
    "help",
    "question",
    "unit",
    "low_words",
    "high_words",
    "position",
)


def _measures(world: World, table: Table) -> Iterator[Stored]:
    found = Measure.objects.filter(framework__partnership=world.partnership).select_related("framework")
    for measure in found.order_by("pk"):
        values = {name: table.column(name).kind.from_record(getattr(measure, name)) for name in MEASURE_FIELDS}
        framework = measure.framework
        values |= {
            "framework": framework.code,
            "version": framework.version,
            "measure": measure.code,
            "in_force_from": framework.in_force_from,
            "framework_title": framework.title,
        }
        yield Stored(measure.pk, values, framework.pk)


def _calendars(world: World, table: Table) -> Iterator[Stored]:
    """Each run of a calendar's days beside what the calendar is."""
    found = CalendarDays.objects.filter(calendar__partnership=world.partnership).select_related("calendar")
    for days in found.order_by("pk"):
        calendar = days.calendar
        values = {"calendar": calendar.reference, "name": table.column("name").kind.from_record(calendar.name)}
        values |= {"kind": calendar.kind, "start": days.start, "end": days.end}
        yield Stored(days.pk, values, calendar.pk)


ANSWER_FIELDS = (
    "pk",
    "checklist_id",
    "value",
    "number",
    "evidence",
    "measure__code",
    "measure__kind",
    "checklist__framework__code",
    "checklist__framework__version",
    "checklist__person_id",
    "checklist__provider_id",
    "checklist__month",
    "checklist__view",
    "checklist__submitted_on",
    "checklist__status",
)
NUMBERS = (Measure.Kind.SCALE, Measure.Kind.COUNT)


def answer_text(kind: str, value: str, number: Decimal | None) -> str:
    """An answer as the files write it: a number without zeros that say nothing, else the words."""
    return plain(number) if kind in NUMBERS and number is not None else value


def _answers(world: World, table: Table) -> Iterator[Stored]:
    """Answers of checklists, drafts too: a load may turn a draft into a checklist that was sent."""
    found = Answer.objects.filter(checklist__person__partnership=world.partnership).order_by("pk")
    for row in found.values_list(*ANSWER_FIELDS).iterator(chunk_size=5000):
        pk, checklist, value, number, evidence, measure, kind, code, version, person, provider, *rest = row
        month, view, submitted_on, status = rest
        values = {
            "person_ref": world.reference_of("people.csv", person),
            "provider": world.reference_of("organisations.csv", provider),
            "month": month,
            "framework": code,
            "version": version,
            "measure": measure,
            "view": view,
            "value": table.column("value").kind.from_record(answer_text(kind, value, number)),
            "evidence": table.column("evidence").kind.from_record(evidence),
            "submitted_on": submitted_on,
            "status": status,
        }
        yield Stored(pk, values, checklist)


NEVER_SENT = (Checklist.Status.DRAFT, Checklist.Status.READY)

READERS: dict[str, Callable[[World, Table], Iterator[Stored]]] = {
    "partnership.csv": _partnership,
    "organisations.csv": _organisations,
    "calendars.csv": _calendars,
    "measures.csv": _measures,
    "checklists.csv": _answers,
}


def is_dumped(table: Table, values: Values) -> bool:
    """Checklists that were never sent stay where they are written."""
    return table.file != "checklists.csv" or values["status"] not in NEVER_SENT
