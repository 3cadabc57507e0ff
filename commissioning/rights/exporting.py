"""The copy itself: one web page and one PDF for the person, tables for machines, and the sums that prove them whole."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from commissioning.core import periods
from commissioning.core.pdf import make_pdf
from commissioning.core.tables import write_csv
from commissioning.rights.changes import Change, changes_of
from commissioning.rights.gathering import Filled, fingerprint, gather
from commissioning.rights.models import AccessExport
from commissioning.rights.redaction import (
    ColumnToDecide,
    LeftOut,
    Sieve,
    TextToRead,
    columns_to_decide,
    others_names,
    texts_to_read,
)
from commissioning.rights.registry import SECTIONS, Column
from people.models import Person

MOST_COLUMNS = 6
CHANGE_COLUMNS = ("at", "record", "number", "what", "field", "before", "after", "by")
# A zip's dates begin in 1980; one fixed day makes the same copy the same bytes.
ZIP_DAY = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Gathered:
    """All that a copy is made of, before anything is held back."""

    person: Person
    tables: tuple[Filled, ...]
    changes: tuple[Change, ...]

    @property
    def columns(self) -> tuple[ColumnToDecide, ...]:
        return columns_to_decide(self.tables, self.changes)

    @property
    def texts(self) -> tuple[TextToRead, ...]:
        return texts_to_read(self.tables, self.changes, others_names(self.person))


def gather_all(person: Person) -> Gathered:
    return Gathered(person, gather(person), changes_of(person))


def fingerprint_of(export: AccessExport, gathered: Gathered) -> str:
    """The SHA-256 of the record and of every decision about it: what the second person approves."""
    columns = sorted((row.column, row.give, row.reason) for row in export.columns.all())
    texts = sorted((row.key, row.choice, list(row.words), row.reason) for row in export.texts.all())
    said = json.dumps([fingerprint(gathered.tables), columns, texts], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class ShownTable:
    """A table as it goes out: columns with a value only. As a table when narrow, else record by record."""

    title: str
    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def is_narrow(self) -> bool:
        return len(self.columns) <= MOST_COLUMNS and len(self.rows) > 1

    @property
    def records(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Each row as its filled columns with their values."""
        return tuple(
            tuple((name, value) for name, value in zip(self.columns, row, strict=True) if value) for row in self.rows
        )


@dataclass(frozen=True)
class ShownSection:
    key: str
    title: str
    words: str
    tables: tuple[ShownTable, ...]


@dataclass(frozen=True)
class ShownChange:
    when: str
    what: str
    by: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Copy:
    """A copy as it goes out, in words, with the same rows for machines."""

    person: Person
    sections: tuple[ShownSection, ...]
    changes: tuple[ShownChange, ...]
    left_out: tuple[LeftOut, ...]
    files: dict[str, str]


def sift(export: AccessExport, gathered: Gathered) -> Copy:
    """What goes out, by the decisions. Raises Refused where something was not decided."""
    sieve = Sieve(export)
    passed = [(filled, _passed(sieve, filled)) for filled in gathered.tables]
    changes = tuple(_change(sieve, change) for change in gathered.changes)
    files = {f"data/{filled.table.file}.csv": _csv(filled, rows) for filled, rows in passed}
    files["data/changes.csv"] = write_csv(CHANGE_COLUMNS, _change_rows(sieve, gathered.changes))
    files["data/everything.json"] = _json(passed)
    sections = tuple(
        ShownSection(key, title, words, tuple(_shown(filled, rows) for filled, rows in passed if _is_in(filled, key)))
        for key, (title, words) in SECTIONS.items()
    )
    return Copy(gathered.person, sections, changes, sieve.left_out(), files)


Passed = list[list[tuple[str, str]]]


def _is_in(filled: Filled, section: str) -> bool:
    return filled.table.section == section and bool(filled.rows)


def _passed(sieve: Sieve, filled: Filled) -> Passed:
    return [[sieve.pass_cell(filled.table, cell) for cell in row.cells] for row in filled.rows]


def _shown(filled: Filled, rows: Passed) -> ShownTable:
    used = [place for place in range(len(filled.table.columns)) if any(row[place][0] for row in rows)]
    columns: Sequence[Column] = [filled.table.columns[place] for place in used]
    return ShownTable(
        filled.table.title,
        filled.table.file,
        tuple(filled.heading(column) for column in columns),
        tuple(tuple(row[place][0] for place in used) for row in rows),
    )


def _change(sieve: Sieve, change: Change) -> ShownChange:
    fields = tuple(
        (
            Filled(change.table, ()).heading(new.column),
            sieve.pass_cell(change.table, old)[0],
            sieve.pass_cell(change.table, new)[0],
        )
        for old, new in change.cells
    )
    local = timezone.localtime(change.at)
    when = f"{periods.words(local.date())}, {local:%H:%M}"
    return ShownChange(when, f"{change.table.title}, record {change.number}: {change.what.lower()}",
                       sieve.pass_name(change.by), fields)  # fmt: skip


def _change_rows(sieve: Sieve, changes: Sequence[Change]) -> Iterator[tuple[str, ...]]:
    for change in changes:
        start = (change.at.isoformat(), change.table.file, str(change.number), change.what.lower())
        by = sieve.pass_name(change.by)
        for old, new in change.cells:
            before, after = sieve.pass_cell(change.table, old)[1], sieve.pass_cell(change.table, new)[1]
            yield (*start, new.column.name, before, after, by)
        if not change.cells:
            yield (*start, "", "", "", by)


def _csv(filled: Filled, rows: Passed) -> str:
    return write_csv(filled.table.names, [[plain for _text, plain in row] for row in rows])


def _json(passed: Sequence[tuple[Filled, Passed]]) -> str:
    found = {
        filled.table.file: [dict(zip(filled.table.names, [plain for _text, plain in row], strict=True)) for row in rows]
        for filled, rows in passed
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def make_zip(export: AccessExport, copy: Copy) -> bytes:
    """The zip: the page, the PDF, the tables, and `manifest.json` with the SHA-256 of each. Raises NeverInARequest."""
    contents = {name: text.encode() for name, text in copy.files.items()}
    page = compose(export, copy)
    contents["your-data.html"] = page.encode()
    # A life has a thousand changes or more: to print them would take minutes and a hundred pages.
    print_ = compose(export, replace(copy, changes=()))
    identifier = hashlib.sha256(page.encode()).hexdigest()
    contents["your-data.pdf"] = make_pdf(print_, identifier=identifier).content
    contents["manifest.json"] = _manifest(export, contents)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(contents):
            archive.writestr(zipfile.ZipInfo(name, ZIP_DAY), contents[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def compose(export: AccessExport, copy: Copy) -> str:
    """The copy as one web page that needs no other file; the PDF is made of the same."""
    style = (settings.BASE_DIR / "static" / "reports" / "copy.css").read_text()
    made_on = timezone.localtime(export.approved_at or timezone.now())
    context = {"export": export, "copy": copy, "person": copy.person, "style": style, "made_on": made_on}
    return render_to_string("rights/copy.html", context)


def _manifest(export: AccessExport, contents: dict[str, bytes]) -> bytes:
    said = {
        "person": export.person.reference,
        "request_received": export.request.received_on.isoformat(),
        "record_sha256": export.fingerprint,
        "files": {
            name: {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}
            for name, body in sorted(contents.items())
        },
    }
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()
