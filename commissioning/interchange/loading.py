"""One load, whole: read, check, find, write; or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction

from commissioning.accounts import scope, walls
from commissioning.accounts.actors import Actor
from commissioning.accounts.partnerships import open_partnership
from commissioning.audit import history
from commissioning.interchange import findings
from commissioning.interchange.answers import check_shared_columns, complete_checklists, place_measures
from commissioning.interchange.checks import check_together
from commissioning.interchange.faults import Fault, Finding, Report
from commissioning.interchange.merging import Entry, Merged, check_links, check_rows, merge
from commissioning.interchange.organisations import match_organisations
from commissioning.interchange.parsing import Parsed, parse
from commissioning.interchange.sources import Sheet
from commissioning.interchange.stored import World, stored_rows
from commissioning.interchange.tables import FILES, TABLES, Table
from commissioning.interchange.writing import write

Progress = Callable[[str], None]
EXAMPLES = 10
# From here on PostgreSQL counts again before it is asked anything.
MANY_ROWS = 1_000


def in_silence(_words: str) -> None:
    """Progress that nobody follows."""


@dataclass(frozen=True)
class Example:
    """One change as a person checks it. `differences` are (column, stored, in the file); none for a new record."""

    key: str
    row: int
    person: str
    differences: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class FileChange:
    """What a load does to the records of one file: how many, and the first of them."""

    file: str
    created: int
    updated: int
    unchanged: int
    new: tuple[Example, ...]
    changed: tuple[Example, ...]

    @property
    def examples(self) -> tuple[Example, ...]:
        return self.changed + self.new


@dataclass(frozen=True)
class Outcome:
    """What a load did or would do. With any fault nothing was saved."""

    partnership_code: str
    made_partnership: bool
    saved: bool
    changes: tuple[FileChange, ...] = ()
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def created(self) -> int:
        return sum(change.created for change in self.changes)

    @property
    def updated(self) -> int:
        return sum(change.updated for change in self.changes)

    @property
    def unchanged(self) -> int:
        return sum(change.unchanged for change in self.changes)

    @property
    def changes_nothing(self) -> bool:
        return not (self.created or self.updated or self.made_partnership)


class _Undone(Exception):
    """Rolls a rehearsal or a faulty load back."""


@dataclass
class Load:
    """One load of sheets into the partnership of a code."""

    sheets: dict[str, Sheet]
    report: Report
    code: str
    by: str
    dry_run: bool = False
    progress: Progress = in_silence
    made: bool = False
    changes: tuple[FileChange, ...] = field(default=())

    def run(self) -> Outcome:
        """Everything in one transaction, kept only if no row is at fault and this is not a rehearsal."""
        saved = False
        try:
            with transaction.atomic(), history.said(by=self.by, reason="Loaded from files"):
                self._run()
                if self.dry_run or self.report.faults:
                    raise _Undone
                saved = True
        except _Undone:
            pass
        except (IntegrityError, DataError) as error:
            saved = False
            self._refused(error)
        return Outcome(
            partnership_code=self.code,
            made_partnership=self.made and not self.report.faults,
            saved=saved,
            changes=() if self.report.faults else self.changes,
            faults=tuple(self.report.in_order(FILES)),
            findings=tuple(self.report.findings),
        )

    def _run(self) -> None:
        partnership, self.made = open_partnership(self.code)
        with scope.acting(Actor.system(partnership)):
            self._bring_in(World.of(partnership))

    def _bring_in(self, world: World) -> None:
        merged = self._merged(world)
        if self.report.faults:
            return
        self.changes = tuple(_changes(merged))
        findings.find(merged, self.report)
        prepare_for_many_rows()
        write(world, merged, self.progress)
        if sum(change.created for change in self.changes) > MANY_ROWS:
            walls.take_stock(model for table in TABLES for model in table.models)
        self.progress("Checking what was saved")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def _merged(self, world: World) -> dict[str, Merged]:
        """Every file's rows over what is stored, checked in themselves and against each other."""
        merged: dict[str, Merged] = {}
        for table in TABLES:
            sheet = self.sheets.get(table.file)
            if sheet is not None:
                self.progress(f"Reading {table.file}: {len(sheet.rows):,} rows")
            parsed = parse(table, sheet, self.report) if sheet is not None else None
            stored = {} if parsed is None and table.file == "checklists.csv" else stored_rows(world, table)
            if parsed is not None:
                self._prepare(table, parsed, stored, merged)
            merged[table.file] = merge(table, parsed, stored, self.report)
        self.progress("Checking the rows against each other")
        match_organisations(world, merged["organisations.csv"], self.report)
        check_links(merged, self.report)
        for each in merged.values():
            check_rows(each, self.report)
        check_shared_columns(merged, self.report)
        check_together(merged, self.report)
        return merged

    def _prepare(self, table: Table, parsed: Parsed, stored: dict[Any, Any], merged: dict[str, Merged]) -> None:
        if table.file == "measures.csv":
            place_measures(parsed, stored)
        elif table.file == "checklists.csv":
            complete_checklists(parsed, merged["measures.csv"], stored, self.report)
        elif table.file == "partnership.csv":
            for row in parsed.rows:
                row.values = {
                    name: value for name, value in row.values.items() if value not in (None, "") or name == "name"
                }

    def _refused(self, error: Exception) -> None:
        """The database had the last word, as when somebody changed a record meanwhile."""
        file, name = _constraint(error)
        message = f"The database refused this ({name}). Check these rows against what is stored, then load again."
        detail = getattr(getattr(error.__cause__, "diag", None), "message_detail", None) or ""
        self.report.fault(file, None, "", detail, message)


def prepare_for_many_rows() -> None:
    """Constraints are judged once all is written. History’s triggers ask for a setting, and where it is missing each of
    them rolls a savepoint back, which takes longer the more rows wait for their constraints: so it is there, empty."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")


def _changes(merged: dict[str, Merged]) -> Iterator[FileChange]:
    for each in merged.values():
        rows = list(each.in_file)
        if not rows:
            continue
        new = [entry for entry in rows if entry.is_new]
        changed = [entry for entry in rows if entry.is_changed]
        yield FileChange(
            file=each.table.file,
            created=len(new),
            updated=len(changed),
            unchanged=len(rows) - len(new) - len(changed),
            new=tuple(_example(each.table, entry) for entry in new[:EXAMPLES]),
            changed=tuple(_example(each.table, entry) for entry in changed[:EXAMPLES]),
        )


def _example(table: Table, entry: Entry) -> Example:
    differences = tuple(
        (name, table.column(name).kind.format(old), table.column(name).kind.format(new))
        for name, (old, new) in entry.differences.items()
    )
    person = str(entry.values.get("person_ref") or "")
    return Example(table.name_of(entry.key) or table.file, entry.number or 0, person, differences)


def _constraint(error: Exception) -> tuple[str, str]:
    """The file whose records a database constraint guards, and the constraint in words."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    for table in TABLES:
        for model in table.models:
            if name in {constraint.name for constraint in model._meta.constraints}:
                return table.file, name.replace("_", " ")
    file = "funding.csv" if name == "shares_at_most_100" else "the dataset"
    return file, name.replace("_", " ") or str(error).splitlines()[0]
