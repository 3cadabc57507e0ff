"""What must be decided before a copy goes out: columns that are about others, and free text that a human reads."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commissioning.core.errors import Refused
from commissioning.rights.changes import Change
from commissioning.rights.gathering import Cell, Filled, heading, texts_in
from commissioning.rights.models import AccessExport, TextDecision
from commissioning.rights.registry import Column, Kind, OwnTable
from outcomes.models import Checklist
from people.models import CircleMember, ClinicalInvolvement, Person

LEFT_OUT = "[left out]"
BLACKED_OUT = "[blacked out]"
WHO_CHANGED = "changes.by"
SUGGESTED_REASON = "It is somebody else’s personal data, and they were not asked."

# Whom a text may be about without a name.
KIN = (
    "Aunt", "Boyfriend", "Brother", "Dad", "Daughter", "Father", "Girlfriend", "Gran", "Grandad", "Grandma",
    "Housemate", "Husband", "Mother", "Mum", "Neighbour", "Nan", "Partner", "Sister", "Son", "Uncle", "Wife",
)  # fmt: skip

_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|(?<!\d)(?:\+44|0)[\d ]{9,13}\d")


@dataclass(frozen=True)
class ColumnToDecide:
    """A column that goes out or not as a whole. `rows` is how many values it has."""

    key: str
    table: str
    column: str
    kind: Kind
    rows: int
    example: str

    @property
    def is_suggested(self) -> bool:
        return self.kind is not Kind.OTHERS


@dataclass(frozen=True)
class TextToRead:
    """One text, wherever it stands and however often. `names` are those whom it seems to name."""

    key: str
    section: str
    table: str
    column: str
    text: str
    names: tuple[str, ...]


def column_key(table: OwnTable, column: Column) -> str:
    return f"{table.label}.{column.name}"


def text_key(table: OwnTable, cell: Cell) -> str:
    return hashlib.sha256(f"{column_key(table, cell.column)}\0{cell.text}".encode()).hexdigest()


def columns_to_decide(tables: Iterable[Filled], changes: Iterable[Change]) -> tuple[ColumnToDecide, ...]:
    """Columns with a value that are about others, or a price; and who made the changes in the history."""
    found = []
    for filled in tables:
        for place, column in enumerate(filled.table.columns):
            if not column.is_decided:
                continue
            values = [row.cells[place].text for row in filled.rows if row.cells[place].text]
            if values:
                key, name = column_key(filled.table, column), heading(filled.table, column)
                found.append(ColumnToDecide(key, filled.table.title, name, column.kind, len(values), values[0]))
    who = [change.by for change in changes if change.by]
    if who:
        found.append(ColumnToDecide(WHO_CHANGED, "What was changed, and when", "By", Kind.KNOWN, len(who), who[0]))
    return tuple(found)


def texts_to_read(tables: Iterable[Filled], changes: Iterable[Change], names: Iterable[str]) -> tuple[TextToRead, ...]:
    """Every text once, in the copy's order; earlier wordings that only the history holds are among them."""
    patterns = {name: re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE) for name in names}
    found: dict[str, TextToRead] = {}
    for table, cell in _texts(tables, changes):
        key = text_key(table, cell)
        if key not in found:
            named = [name for name, pattern in patterns.items() if pattern.search(cell.text)]
            said = (*named, *_CONTACT.findall(cell.text))
            column = heading(table, cell.column)
            found[key] = TextToRead(key, table.section, table.title, column, cell.text, tuple(dict.fromkeys(said)))
    return tuple(found.values())


def _texts(tables: Iterable[Filled], changes: Iterable[Change]) -> Iterable[tuple[OwnTable, Cell]]:
    for filled in tables:
        for row in filled.rows:
            yield from ((filled.table, cell) for cell in texts_in(row.cells))
    for change in changes:
        for pair in change.cells:
            yield from ((change.table, cell) for cell in texts_in(pair))


def others_names(person: Person) -> tuple[str, ...]:
    """Names to look for in free text: the circle's, the staff's around the person, other people's of the partnership.

    The circle's and staff's by each part of the name, other people's by the whole name; and words such as “sister”.
    """
    staff = set(ClinicalInvolvement.objects.filter(person=person).values_list("user__name", flat=True))
    staff |= set(
        Checklist.objects.filter(person=person, saved_by__isnull=False).values_list("saved_by__name", flat=True)
    )
    circle = set(CircleMember.objects.filter(person=person).values_list("name", flat=True))
    parts = {part for name in staff | circle for part in name.split() if len(part) > 2 and part[0].isupper()}
    own = {part for name in (person.given_name, person.family_name, person.preferred_name) for part in name.split()}
    others = Person.objects.filter(partnership=person.partnership_id).exclude(pk=person.pk)
    whole = {f"{given} {family}" for given, family in others.values_list("given_name", "family_name")}
    return tuple(sorted((parts - own) | {*KIN} | whole - {person.full_name}))


@dataclass(frozen=True)
class LeftOut:
    """What is not in the copy, why, and in how many places."""

    what: str
    reason: str
    places: int


class Sieve:
    """Values as they go out, by the decisions of a copy. Raises Refused for what nobody decided."""

    def __init__(self, export: AccessExport) -> None:
        self._columns = {row.column: row for row in export.columns.all()}
        self._texts: Mapping[str, TextDecision] = {row.key: row for row in export.texts.all()}
        self._held_back: dict[tuple[str, str], int] = {}

    def pass_cell(self, table: OwnTable, cell: Cell) -> tuple[str, str]:
        """The value for people and for machines."""
        if not cell.text:
            return "", ""
        if cell.column.is_decided:
            return self._by_column(table, cell)
        if cell.column.kind is Kind.WORDS and any(texts_in([cell])):
            return self._by_text(table, cell)
        return cell.text, cell.plain

    def pass_name(self, name: str) -> str:
        """Who made a change."""
        if not name:
            return ""
        decision = self._columns.get(WHO_CHANGED)
        if decision is None:
            raise _undecided("who made the changes")
        return name if decision.give else self._hold("Who made the changes", decision.reason, LEFT_OUT)

    def left_out(self) -> tuple[LeftOut, ...]:
        """What has been held back so far."""
        return tuple(LeftOut(what, reason, places) for (what, reason), places in sorted(self._held_back.items()))

    def _by_column(self, table: OwnTable, cell: Cell) -> tuple[str, str]:
        decision = self._columns.get(column_key(table, cell.column))
        what = f"{table.title}: {heading(table, cell.column).lower()}"
        if decision is None:
            raise _undecided(what)
        return (cell.text, cell.plain) if decision.give else (self._hold(what, decision.reason, LEFT_OUT),) * 2

    def _by_text(self, table: OwnTable, cell: Cell) -> tuple[str, str]:
        decision = self._texts.get(text_key(table, cell))
        what = f"{table.title}: {heading(table, cell.column).lower()}"
        if decision is None:
            raise _undecided(what)
        if decision.choice == TextDecision.Choice.GIVE:
            return cell.text, cell.plain
        is_left_out = decision.choice == TextDecision.Choice.LEAVE_OUT
        shown = LEFT_OUT if is_left_out else black_out(cell.text, decision.words)
        return (self._hold(what, decision.reason, shown),) * 2

    def _hold(self, what: str, reason: str, shown: str) -> str:
        self._held_back[what, reason] = self._held_back.get((what, reason), 0) + 1
        return shown


def black_out(text: str, words: Iterable[str]) -> str:
    """The text without these words, whatever their case; the longest first, so that no part of a name is left."""
    for word in sorted(words, key=len, reverse=True):
        text = re.sub(re.escape(word), BLACKED_OUT, text, flags=re.IGNORECASE)
    return text


def _undecided(what: str) -> Refused:
    return Refused(f"Nobody has decided yet about “{what}”. Decide on the page of the copy, then try again")
