"""What became of a form's rows since it was opened: who saved what, and when, from the history that triggers keep."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.db import models

from commissioning.core.editing import words
from commissioning.core.editing.versions import Opened, columns, fingerprint, key_of, row_text

# Enough for anybody's lunch break; what is older is shown without its author.
MOST_EVENTS = 50
SOMEBODY = "Somebody else"
_QUIET = frozenset({"id", "version", "partnership", "person", "placement", "line", "role", "recorded_on"})


@dataclass(frozen=True)
class Saving:
    """One saving of a row: by whom, when."""

    by: str
    at: dt.datetime


@dataclass(frozen=True)
class Change:
    """A column of a row that somebody changed: what it said when the form was opened, and what it says now."""

    row: str
    name: str
    label: str
    before: str
    now: str
    saving: Saving | None


@dataclass(frozen=True)
class Since:
    """Everything that was saved in the rows since the form was opened, the latest saving first."""

    changes: tuple[Change, ...]
    savings: tuple[Saving, ...]
    gone: bool = False

    @property
    def latest(self) -> Saving | None:
        return self.savings[0] if self.savings else None

    def saving_of(self, name: str) -> Saving | None:
        """Who last changed the column of this name; whoever saved last where it cannot be told."""
        return next((each.saving for each in self.changes if each.name == name and each.saving), self.latest)


def changes_since(opened: Opened, records: Iterable[models.Model]) -> Since:
    """What happened to the rows that a form was opened at. Rows that came or went are changes too."""
    records = list(records)
    changes: list[Change] = []
    savings: list[Saving] = []
    for record in records:
        if opened.rows.get(key_of(record)) == fingerprint(row_text(record))[:10]:
            continue
        found = _of_row(record, opened, several=len(records) > 1)
        changes += found.changes
        savings += found.savings
    gone = [_gone(key) for key in opened.rows if key not in {key_of(each) for each in records}]
    changes += [change for change, _ in gone]
    savings += [saving for _, saving in gone if saving]
    return Since(tuple(changes), tuple(sorted(set(savings), key=lambda each: each.at, reverse=True)))


def _of_row(record: models.Model, opened: Opened, *, several: bool) -> Since:
    row = str(record) if several else ""
    if key_of(record) not in opened.rows:
        saving = _saving(next(iter(_events(type(record), record.pk)), None))
        if not opened.rows:
            return Since((), (saving,) if saving else ())
        return Since((Change("", "", row or str(record), words.NOTHING, "Added", saving),), (saving,) if saving else ())
    then, later = _split(_events(type(record), record.pk), type(record), opened.rows[key_of(record)])
    savings = tuple(saving for event in later if (saving := _saving(event)))
    if then is None:
        return Since((), savings[:1])
    return Since(tuple(_changes(record, then, later, row)), savings)


def _split(events: list[Any], model: type[models.Model], row: str) -> tuple[Any | None, list[Any]]:
    """The event that kept the row as the form showed it, and those after it, the latest first."""
    for place, event in enumerate(events):
        if fingerprint(row_text(event, model))[:10] == row:
            return event, events[:place]
    return None, events


def _changes(record: models.Model, then: Any, later: list[Any], row: str) -> list[Change]:
    found = []
    for field in columns(type(record)):
        if field.name in _QUIET or getattr(then, field.attname) == getattr(record, field.attname):
            continue
        before, now = words.column_in_words(then, field), words.column_in_words(record, field)
        label = str(field.verbose_name)
        saving = _saving(_who_changed(field.attname, [*later, then]))
        found.append(Change(row, field.name, label[:1].upper() + label[1:], before, now, saving))
    return found


def _who_changed(column: str, events: list[Any]) -> Any | None:
    for event, earlier in pairwise(events):
        if getattr(event, column) != getattr(earlier, column):
            return event
    return None


def _gone(key: str) -> tuple[Change, Saving | None]:
    label, _, pk = key.partition(":")
    try:
        event = next(iter(_events(apps.get_model(label), int(pk))), None)
    except (LookupError, ValueError):
        event = None
    saving = _saving(event)
    return Change("", "", str(event) if event else "One of them", "", "Taken away", saving), saving


def _events(model: type[models.Model], pk: Any) -> list[Any]:
    """The row's history, the latest first; none where it is not kept."""
    kept: dict[str, Any] = getattr(model, "pgh_event_models", {})
    event_model = next(iter(kept.values()), None)
    if event_model is None:
        return []
    rows = event_model._default_manager.filter(pgh_obj_id=pk).select_related("pgh_context")
    return list(rows.order_by("-pgh_id")[:MOST_EVENTS])


def _saving(event: Any | None) -> Saving | None:
    if event is None:
        return None
    context = event.pgh_context.metadata if getattr(event, "pgh_context", None) else {}
    return Saving(str(context.get("name") or SOMEBODY), event.pgh_created_at)
