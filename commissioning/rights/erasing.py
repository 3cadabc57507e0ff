"""What an erasure does to each table: removes its rows, or keeps them on the stub without what tells who it was.

Placements, prices, shares and the baseline stay attached to a made-up reference, so that every figure of past money
still foots to the penny. All else goes, and with it the history of all of it.
"""

import datetime as dt
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.core.models import Job, JobState
from commissioning.interchange.models import Upload
from commissioning.rights.gathering import Keys
from commissioning.rights.models import AccessExport, ColumnDecision, TextDecision
from commissioning.rights.registry import TABLES
from commissioning.rights.renaming import made_up_references
from finance import ledger
from finance.models import CostLine
from finance.queries import Book, costs_by_period, open_book
from finance.queries.book import open_block
from people.models import Diagnosis, Person, Placement
from providers.models import Contract

NOTHING = "Erased"
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

REMOVED: tuple[str, ...] = (
    "people.Responsibility",
    "people.CircleMember",
    "people.ClinicalInvolvement",
    "people.Plan",
    "people.Goal",
    "outcomes.Answer",
    "outcomes.ChecklistStep",
    "outcomes.Checklist",
    "outcomes.Incident",
    "overview.PlacementDraft",
    "finance.PlannedChange",
)

# Kept on the stub with these columns emptied; the person’s own row, placements and prices are done by hand below.
CLEARED: Mapping[str, Mapping[str, str]] = {
    "people.Suspension": {"note": "", "reason": "other"},
    "finance.Baseline": {"source": NOTHING},
    "rights.RightsRequest": {
        "words": "",
        "asked_by_name": "",
        "authority": "",
        "identity_checked": "",
        "extension_reason": "",
        "outcome_words": "",
    },
    "rights.LegalHold": {"reason": NOTHING, "lift_reason": ""},
    "rights.RetentionReview": {"reason": NOTHING},
}
BY_HAND = ("people.Person", "people.Placement", "finance.CostLine")

KEPT: Mapping[str, str] = {
    "finance.FundingShare": "Which body paid which part, by the stub’s placements: past money foots by it.",
    "finance.CasePerson": "That an investment counts the stub’s savings, and since when: what was saved foots by it.",
    "finance.RiskShareTransfer": "What came into a pooled fund with the stub: closed statements foot by it.",
    "audit.RecordRead": "Who looked at the record. It cannot be changed, and says nothing of the person.",
}


def new_stub_reference(person: Person) -> str:
    """A made-up reference that nobody of the partnership has."""
    taken = Person.objects.filter(partnership=person.partnership_id)
    while True:
        reference = "ERASED-" + "".join(secrets.choice(_LETTERS) for _ in range(6))
        if not taken.filter(reference=reference).exists():
            return reference


Money = tuple[tuple[int, tuple[str, ...], int], ...]


def money_of(person: Person) -> Money:
    """What the person's support cost each month by provider, setting, kind and funder, in pence, as the ledger has it.

    An open price is followed to the end of this year. Their parts of contracts' prices are among it.
    """
    book = _book_of(person)
    first = first_day_of_money(person)
    if first is None:
        return ()
    last = max(book.lines.end[book.lines.end != ledger.OPEN_DAY].tolist(), default=first.toordinal())
    end = dt.date(max(dt.date.fromordinal(last).year, timezone.localdate().year), 12, 31)
    costs = costs_by_period(book, ledger.months(first, end), ("provider", "setting", "kind", "funder"))
    return tuple((cost.period, cost.keys, cost.pence) for cost in costs)


def shared_money_of(person: Person) -> Money:
    """What each price of places under the person's contracts costs a month by placement and funder, in pence.

    Placements go by their keys, since the person's get other references; what is void has none.
    """
    contracts = Contract.objects.filter(placements__person=person, cost_lines__isnull=False).distinct()
    found: list[tuple[int, tuple[str, ...], int]] = []
    for contract in contracts.order_by("pk"):
        book = open_block(Actor.system(person.partnership), contract)
        keys = {each.reference: each.pk for each in contract.placements.all()}
        first = dt.date.fromordinal(int(book.lines.start.min()))
        months = ledger.months(first, dt.date(timezone.localdate().year, 12, 31))
        for cost in costs_by_period(book, months, ("placement", "kind", "funder")):
            placement, *rest = cost.keys
            found.append((cost.period, (contract.reference, str(keys.get(placement, "")), *rest), cost.pence))
    return tuple(sorted(found))


def first_day_of_money(person: Person) -> dt.date | None:
    """The first day of a price of the person's, or of their part of a contract's."""
    starts = _book_of(person).lines.start
    return dt.date.fromordinal(int(starts.min())) if len(starts) else None


def _book_of(person: Person) -> Book:
    return open_book(Actor.system(person.partnership), people=Person.objects.filter(pk=person.pk))


@dataclass
class Scrub:
    """One erasure of the person's rows, counted by table."""

    person: Person
    stub: str

    def run(self) -> dict[str, int]:
        """Remove and clear every row of the person's, their history included; how many rows of each table."""
        identifiers = self._identifiers()
        keys = {label: Keys(self.person).live(label) for label in (*CLEARED, *REMOVED)}
        counts = {label: self._remove(label) for label in REMOVED}
        counts |= {label: self._clear(label, keys[label]) for label in CLEARED}
        counts |= {"people.Placement": self._placements(), "finance.CostLine": self._lines()}
        counts |= {"rights.AccessExport": self._copies()}
        counts |= {"people.Person": self._person()}
        counts |= {"interchange.Upload": self._uploads(identifiers), "core.Job": self._jobs(identifiers)}
        return counts

    def _identifiers(self) -> frozenset[str]:
        """Texts by which a file or a failed job may name the person."""
        person = self.person
        references = set(person.placements.values_list("reference", flat=True))
        references |= set(person.goals.values_list("reference", flat=True))
        references |= set(person.incidents.values_list("reference", flat=True))
        references |= set(CostLine.objects.filter(placement__person=person).values_list("reference", flat=True))
        return frozenset({person.reference, person.nhs_number, person.full_name, *references} - {""})

    def _remove(self, label: str) -> int:
        rows = Keys(self.person).rows(TABLES[label])
        count = rows.count()
        rows.delete()
        return count

    def _clear(self, label: str, keys: list[int]) -> int:
        rows = TABLES[label].model._default_manager.filter(pk__in=keys)
        if label == "rights.LegalHold":
            rows = rows.filter(person=self.person)
        return rows.update(**CLEARED[label])

    def _placements(self) -> int:
        placements = list(Placement.objects.filter(person=self.person).order_by("start", "pk"))
        references = made_up_references(placements, self.stub)
        for placement in placements:
            placement.reference = references[placement.pk]
            placement.postcode, placement.shared_on, placement.out_of_area = "", None, None
            if placement.end_reason:
                placement.end_reason = Placement.EndReason.OTHER
            placement.save()
        return len(placements)

    def _lines(self) -> int:
        """Prices keep kind, basis, amount and days. Labels tell prices of a day apart, so each becomes a number."""
        lines = list(CostLine.objects.filter(placement__person=self.person).order_by("start", "pk"))
        labels = {label: f"{number}" for number, label in enumerate(sorted({line.label for line in lines} - {""}), 1)}
        for number, line in enumerate(lines, start=1):
            line.reference = f"{self.stub}-C{number}"
            line.label, line.reason = labels.get(line.label, ""), ""
        CostLine.objects.bulk_update(lines, ["reference", "label", "reason"])
        return len(lines)

    def _copies(self) -> int:
        ColumnDecision.objects.filter(export__person=self.person).delete()
        TextDecision.objects.filter(export__person=self.person).delete()
        copies = AccessExport.objects.filter(person=self.person)
        return copies.update(contents=None, note="", state=AccessExport.State.EXPIRED)

    def _person(self) -> int:
        person = self.person
        person.reference, person.nhs_number = self.stub, ""
        person.given_name, person.family_name, person.preferred_name = NOTHING, "record", ""
        person.date_of_birth = dt.date(person.date_of_birth.year, 1, 1)
        if person.died_on:
            person.died_on = dt.date(person.died_on.year, 12, 31)
        # Every stub says the same here; the column cannot be empty.
        person.diagnosis, person.cohorts = Diagnosis.UNDER_ASSESSMENT, []
        person.home_postcode, person.communication, person.communication_checked_on = "", "", None
        person.version += 1
        person.save()
        return 1

    def _uploads(self, identifiers: frozenset[str]) -> int:
        """Files that were brought in say what they changed; one that waits would bring the person back."""
        found = 0
        for upload in Upload.objects.filter(partnership=self.person.partnership_id).defer("contents"):
            waits = upload.state in {Upload.State.READY, Upload.State.CHECKING}
            if not waits and not _names([upload.name, upload.faults, upload.findings, upload.changes], identifiers):
                continue
            found += 1
            upload.faults, upload.findings, upload.changes = [], [], [_counts(each) for each in upload.changes]
            fields = ["faults", "findings", "changes"]
            if waits:
                upload.state, upload.contents = Upload.State.FAILED, b""
                upload.progress = "A record was erased since these files were checked. Upload them again."
                fields += ["state", "contents", "progress"]
            upload.save(update_fields=fields)
        return found

    def _jobs(self, identifiers: frozenset[str]) -> int:
        found = 0
        for job in Job.objects.filter(state__in=[JobState.DONE, JobState.FAILED]).exclude(error="", arguments={}):
            if _names([job.arguments, job.error, job.progress], identifiers):
                job.arguments, job.error, job.progress = {}, "", ""
                job.save(update_fields=["arguments", "error", "progress"])
                found += 1
        return found


def _names(values: list[Any], identifiers: frozenset[str]) -> bool:
    text = json.dumps(values, ensure_ascii=False)
    return any(identifier in text for identifier in identifiers)


def _counts(change: dict[str, Any]) -> dict[str, Any]:
    """What a load did, without the rows that it gives as examples."""
    return {**change, "new": [], "changed": []}
