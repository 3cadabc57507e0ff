"""What an erasure would do, before anybody asks for it, and what stands against it."""

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass

from django.db.models import Max, Q
from django.utils import timezone

from commissioning.core.periods import words
from commissioning.reports.models import BoardReport, Edition
from commissioning.rights.changes import changes_of
from commissioning.rights.erasing import BY_HAND, CLEARED, KEPT, REMOVED, first_day_of_money, money_of
from commissioning.rights.gathering import Filled, fingerprint, gather
from commissioning.rights.models import AccessExport, Erasure, LegalHold, RightsRequest
from commissioning.rights.registry import TABLES
from commissioning.rights.retention import kept_until
from people.models import Person, Placement

STAYS = {
    "people.Placement": "days, provider, contract and kind of place; the reference is made up, the postcode goes",
    "people.Suspension": "days and what was still paid; the reason and the note go",
    "finance.CostLine": "kind, days and amounts; the reference is made up, labels become numbers",
    "finance.FundingShare": "who paid which part",
    "finance.Baseline": "the amount and its day; where it came from goes",
    "people.Person": "a made-up reference, the years of birth and death, council and NHS board, start of the programme",
    "rights.RightsRequest": "kind, days and outcome; the words go",
    "rights.LegalHold": "kind and days; the words go",
    "rights.RetentionReview": "days; the words go",
    "audit.RecordRead": "who looked, when and on which page",
}


@dataclass(frozen=True)
class Rows:
    """How many rows of one table, with what of them stays."""

    what: str
    rows: int
    stays: str = ""


@dataclass(frozen=True)
class Preview:
    """What would go and what would stay. `paid_pence` is what the support has cost up to today; it stays."""

    removed: tuple[Rows, ...]
    kept: tuple[Rows, ...]
    history_rows: int
    paid_pence: int
    working_packs: int
    other_reports: int
    fingerprint: str

    def as_json(self) -> dict[str, object]:
        """To keep with the erasure: numbers and names of tables only."""
        said = asdict(self)
        del said["fingerprint"]
        return said


def preview_of(person: Person) -> Preview:
    """What an erasure of the person would do now. About 60 queries."""
    tables = {filled.table.label: filled for filled in gather(person)}
    known = set(REMOVED) | set(CLEARED) | set(KEPT) | set(BY_HAND)
    if missing := set(TABLES) - known:
        raise RuntimeError(f"Nobody said what an erasure does to {sorted(missing)}.")
    mark = hashlib.sha256(json.dumps([fingerprint(tables.values()), money_of(person)]).encode()).hexdigest()
    packs, others = _reports(person)
    return Preview(
        removed=tuple(_rows(tables[label]) for label in REMOVED if tables[label].rows),
        kept=tuple(_rows(tables[label]) for label in (*BY_HAND, *CLEARED, *KEPT) if tables[label].rows),
        history_rows=len(changes_of(person)),
        paid_pence=_paid(person),
        working_packs=packs,
        other_reports=others,
        fingerprint=mark,
    )


def _rows(filled: Filled) -> Rows:
    return Rows(_of_them(filled.table.title), len(filled.rows), STAYS.get(filled.table.label, ""))


def _of_them(title: str) -> str:
    """A copy speaks to the person; here others are spoken to."""
    for to_them, of_them in (("Your ", "Their "), (" your ", " their "), (" you,", " them,")):
        title = title.replace(to_them, of_them)
    return title


def _paid(person: Person) -> int:
    """Whole pence accrued up to the end of the last whole month."""
    first = first_day_of_money(person)
    if first is None:
        return 0
    today = timezone.localdate()
    months = (today.year - first.year) * 12 + today.month - first.month
    return sum(pence for period, _keys, pence in money_of(person) if period < months)


def _reports(person: Person) -> tuple[int, int]:
    """Published working packs that name the person, and the other published reports, which name nobody."""
    published = BoardReport.objects.published().filter(board__partnership=person.partnership_id)
    named = Q(figures__icontains=person.reference) | Q(figures__icontains=person.full_name)
    packs = published.filter(named, edition=Edition.WORKING).count()
    return packs, published.exclude(edition=Edition.WORKING).count()


def holds_over(person: Person, on: dt.date) -> list[LegalHold]:
    """Holds that keep the record on a day."""
    return list(LegalHold.objects.over(person).on(on))


def against(person: Person, *, why: str, today: dt.date) -> list[str]:
    """What stands against an erasure, in words, each with what to do; nothing: it may be asked for."""
    found = [
        f"A legal hold keeps this record: {hold.get_kind_display().lower()}, since {words(hold.starts_on)}."
        for hold in holds_over(person, today)
    ]
    open_ = Placement.objects.filter(person=person).filter(Q(end__isnull=True) | Q(end__gte=today)).count()
    if open_:
        found.append("Support goes on or is planned. End each placement first.")
    if RightsRequest.objects.filter(person=person).waiting().exclude(kind=RightsRequest.Kind.ERASURE).exists():
        found.append("A request about this person’s data is not answered yet. Finish it first.")
    if AccessExport.objects.filter(person=person, state=AccessExport.State.MAKING).exists():
        found.append("A copy of this person’s data is being made. Wait until it is there.")
    if why == Erasure.Why.RETENTION and (until := kept_until(person)) and until.day >= today:
        found.append(f"The record is kept until {words(until.day)}.")
    if why == Erasure.Why.RETENTION and kept_until(person) is None:
        found.append("Support never began or has not ended, so no time has run out.")
    return found


def years_of(person: Person) -> dict[str, int | None]:
    """What the stub keeps of the person's dates."""
    placements = Placement.objects.filter(person=person)
    first = placements.order_by("start").values_list("start", flat=True).first()
    last = placements.aggregate(last=Max("end"))["last"]
    return {
        "born_year": person.date_of_birth.year,
        "died_year": person.died_on.year if person.died_on else None,
        "support_from_year": first.year if first else None,
        "support_to_year": last.year if last else None,
    }
