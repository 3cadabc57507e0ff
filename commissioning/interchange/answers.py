"""Checklists and their measures: which framework a row means, and what each measure takes for an answer."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from commissioning.core.periods import Month
from commissioning.interchange.cells import PLAIN_NUMBER, NotAcceptable, plain
from commissioning.interchange.faults import Report
from commissioning.interchange.merging import Entry, Merged
from commissioning.interchange.parsing import Parsed, Row
from commissioning.interchange.stored import NEVER_SENT, Stored
from commissioning.interchange.tables import Key, Values
from outcomes.models import Checklist, Measure

Version = tuple[str, str]
LARGEST_COUNT = Decimal("9999999.99")


def number_of(kind: str, value: str) -> Decimal | None:
    """An answer as a number: scales and counts as they are, yes 1 and no 0, words none."""
    if kind == Measure.Kind.YES_NO:
        return Decimal(1 if value == "yes" else 0)
    return Decimal(value) if kind in (Measure.Kind.SCALE, Measure.Kind.COUNT) else None


def place_measures(parsed: Parsed, stored: dict[Key, Stored]) -> None:
    """A framework's new measures are asked in the order of the file unless it gives their positions."""
    counts: dict[Version, int] = defaultdict(int)
    for row in parsed.rows:
        if not row.sound:
            continue
        version = (row.values["framework"], row.values["version"])
        counts[version] += 1
        if "position" in row.values and row.values["position"] is None:
            del row.values["position"]
        if parsed.table.key_of(row.values) not in stored:
            row.values.setdefault("position", Decimal(counts[version]))


def complete_checklists(parsed: Parsed, measures: Merged, stored: dict[Key, Stored], report: Report) -> None:
    """Fills in each row's framework and version, and reads its answer by the kind of its measure."""
    versions = _versions(measures)
    unknown = "measures.csv" in report.unreadable
    was = {_checklist(each.values): each.values["status"] for each in stored.values()}
    sent = {key: status for key, status in was.items() if status not in NEVER_SENT}
    for row in parsed.rows:
        if unknown or not {"month", "measure", "framework", "version"} <= row.values.keys():
            row.sound = False
            continue
        _complete(row, versions, measures, report)
        # A file without the column leaves an accepted checklist accepted; one that is new or a draft counts as sent.
        if row.sound and not row.values.get("status"):
            row.values["status"] = sent.get(_checklist(row.values), Checklist.Status.SUBMITTED)
    parsed.mentioned = set()


CHECKLIST = ("person_ref", "provider", "month", "framework", "version", "view")


def _checklist(values: Values) -> tuple[Any, ...]:
    return tuple(values.get(name) for name in CHECKLIST)


def _versions(measures: Merged) -> dict[Version, dt.date | None]:
    """Every framework version with the day it came into force."""
    found: dict[Version, dt.date | None] = {}
    for entry in measures.entries.values():
        found[(entry.values["framework"], entry.values["version"])] = entry.values["in_force_from"]
    return found


def _complete(row: Row, versions: dict[Version, dt.date | None], measures: Merged, report: Report) -> None:
    try:
        version = _version(row, versions)
        row.values["framework"], row.values["version"] = version
        measure = _measure(row, version, measures)
    except _NotKnown as error:
        report.fault("checklists.csv", row.number, error.column, error.value, str(error))
        row.sound = False
        return
    if measure is None or "value" not in row.values:
        row.sound = False
        return
    try:
        row.values["value"] = read_answer(measure.values, row.values["value"])
    except NotAcceptable as error:
        report.fault("checklists.csv", row.number, "value", row.values["value"], str(error))
        row.sound = False


class _NotKnown(ValueError):
    def __init__(self, column: str, value: str, message: str) -> None:
        super().__init__(message)
        self.column, self.value = column, value


def _version(row: Row, versions: dict[Version, dt.date | None]) -> Version:
    """The version that the row names; else the only one, else the one in force in its month."""
    code, number, month = row.values["framework"], row.values["version"], row.values["month"]
    fitting = {
        version: since
        for version, since in versions.items()
        if (not code or version[0] == code) and (not number or version[1] == number)
    }
    if not fitting:
        column = "framework" if code or not number else "version"
        message = "There is no such framework and version. Correct it, or add its measures to measures.csv."
        raise _NotKnown(column, row.values[column], message)
    if len(fitting) == 1:
        return next(iter(fitting))
    last = Month.of(month).last
    started = {version: since or dt.date.min for version, since in fitting.items() if (since or dt.date.min) <= last}
    latest = [version for version, since in started.items() if since == max(started.values())]
    if len(latest) != 1:
        message = f"Several frameworks may be meant in {month:%Y-%m}. Fill in framework and version."
        raise _NotKnown("framework", code, message)
    return latest[0]


def _measure(row: Row, version: Version, measures: Merged) -> Entry | None:
    key = (*version, row.values["measure"])
    if measures.knows(key):
        return measures.entries.get(key)
    message = (
        f"The framework {version[0]}, version {version[1]}, has no such measure. Correct it, or add it to measures.csv."
    )
    raise _NotKnown("measure", row.values["measure"], message)


def read_answer(measure: dict[str, Any], text: str) -> str:
    """An answer as it is kept: `yes` or `no`, a number without idle zeros, or the words.

    Raises NotAcceptable with what the measure takes.
    """
    kind = measure["kind"]
    if kind == Measure.Kind.WORDS:
        return text
    written = text.strip()
    if kind == Measure.Kind.YES_NO:
        if written.lower() not in ("yes", "no"):
            raise NotAcceptable("This measure takes yes or no.")
        return written.lower()
    return plain(_number(measure, written.replace("−", "-")))


def _number(measure: dict[str, Any], written: str) -> Decimal:
    lowest, highest = measure["minimum"], measure["maximum"]
    is_count = measure["kind"] == Measure.Kind.COUNT
    lowest = Decimal(0) if lowest is None and is_count else lowest
    takes = f"This measure takes a {'number' if is_count else 'whole number'}{_bounds(lowest, highest)}."
    if not re.fullmatch(PLAIN_NUMBER, written) or len(written) > 20:
        raise NotAcceptable(takes)
    value = Decimal(written)
    places = Decimal("0.01") if is_count else Decimal(1)
    too_fine = abs(value) > LARGEST_COUNT or value != value.quantize(places)
    if too_fine or (lowest is not None and value < lowest) or (highest is not None and value > highest):
        raise NotAcceptable(takes)
    return value


def _bounds(lowest: Decimal | None, highest: Decimal | None) -> str:
    if lowest is not None and highest is not None:
        return f" from {plain(lowest)} to {plain(highest)}"
    if lowest is not None:
        return f" of {plain(lowest)} or more"
    return f" of {plain(highest)} or less" if highest is not None else ""


def check_shared_columns(merged: Mapping[str, Merged], report: Report) -> None:
    """Columns that say something of what several rows share (a framework, a checklist) say the same on each."""
    _shared(merged["measures.csv"], "framework", ("framework", "version"), ("in_force_from", "framework_title"), report)
    _shared(merged["calendars.csv"], "calendar", ("calendar",), ("name", "kind"), report)
    _shared(merged["checklists.csv"], "checklist", CHECKLIST, ("submitted_on", "status"), report)


def _shared(merged: Merged, what: str, group: tuple[str, ...], shared: tuple[str, ...], report: Report) -> None:
    firsts: dict[tuple[Any, ...], Entry] = {}
    for entry in merged.in_file:
        first = firsts.setdefault(tuple(entry.values[name] for name in group), entry)
        for name in shared:
            if entry.values[name] != first.values[name]:
                text = merged.table.column(name).kind.format(entry.values[name])
                message = f"Row {first.number} says otherwise of the same {what}. Make both the same."
                report.fault(merged.table.file, entry.number, name, text, message)
