"""Writes what a load changes: new records, then changed ones, file by file. Unchanged rows are not touched."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.db.models import F

from commissioning.accounts.models import Organisation, Partnership, PartnershipOrganisation
from commissioning.core.models import Versioned
from commissioning.interchange.adding import add
from commissioning.interchange.answers import CHECKLIST, number_of
from commissioning.interchange.cells import Link
from commissioning.interchange.merging import Entry, Merged
from commissioning.interchange.stored import MEASURE_FIELDS, ORGANISATION_FIELDS, REFERENCED, World
from commissioning.interchange.tables import Column, Table, Values
from commissioning.interchange.tables.spec import shrinks
from finance.models import Calendar, CalendarDays
from outcomes.models import Answer, Checklist, Framework, Measure

BATCH = 2000
UPDATE_BATCH = 500


def write(world: World, merged: dict[str, Merged], progress: Callable[[str], None]) -> None:
    """Saves every change of every file, in the order of the files."""
    for each in merged.values():
        new = [entry for entry in each.in_file if entry.is_new]
        changed = [entry for entry in each.in_file if entry.is_changed]
        if new or changed or each.table.file in ("measures.csv", "checklists.csv"):
            if new or changed:
                progress(f"Saving {each.table.file}: {len(new):,} new, {len(changed):,} changed")
            WRITERS.get(each.table.file, _records)(world, each, new, changed)


def _records(world: World, merged: Merged, new: list[Entry], changed: list[Entry]) -> None:
    table, model = merged.table, merged.table.model
    owner: dict[str, Any] = {"partnership": world.partnership} if table.owner == "partnership" else {}
    # What names another row of the same file waits until all of them are there.
    within = [column for column in table.columns if isinstance(column.kind, Link) and column.kind.file == table.file]
    at_once = [column for column in table.columns if column not in within]
    fields = [column.field for column in at_once]
    made = add(model, fields, ([_field(world, c, entry.values[c.name]) for c in at_once] for entry in new), **owner)
    if table.file in REFERENCED:
        for entry, pk in zip(new, made, strict=True):
            world.learn(table.file, entry.key[0], pk)
    _link_within(world, table, within, list(zip(new, made, strict=True)))
    _update(world, table, changed, owner)


def _link_within(world: World, table: Table, within: list[Column], made: list[tuple[Entry, int]]) -> None:
    """Links from new records to records of the same file."""
    for column in within:
        linked = [(entry, pk) for entry, pk in made if entry.values[column.name] is not None]
        records = [table.model(pk=pk, **_fields(world, [column], entry.values)) for entry, pk in linked]
        names = [column.field.removesuffix("_id")]
        table.model._default_manager.bulk_update(records, names, batch_size=UPDATE_BATCH)


def _fields(world: World, columns: Iterable[Column], values: Values) -> dict[str, Any]:
    """A row's values as the fields of a record."""
    return {column.field: _field(world, column, values[column.name]) for column in columns}


def _field(world: World, column: Column, value: Any) -> Any:
    if isinstance(column.kind, Link):
        return None if value is None else world.ids[column.kind.file][value]
    return column.kind.to_record(value)


def _update(world: World, table: Table, changed: list[Entry], owner: dict[str, Any]) -> None:
    """Changed rows, first those that make room for the others."""
    first = [
        entry for entry in changed if table.first and entry.stored and table.first(entry.stored.values, entry.values)
    ]
    names = {id(entry) for entry in first}
    for entries in (first, [entry for entry in changed if id(entry) not in names]):
        columns = [column for column in table.columns if any(column.name in entry.differences for entry in entries)]
        records = [
            table.model(pk=entry.stored.pk, **owner, **_fields(world, table.columns, entry.values))
            for entry in entries
            if entry.stored
        ]
        _save_changes(table.model, records, [column.field.removesuffix("_id") for column in columns])


def _save_changes(model: type[models.Model], records: list[Any], names: list[str]) -> None:
    """Saves some fields of records; an edit that somebody has open is told that the record changed."""
    if not records or not names:
        return
    if issubclass(model, Versioned):
        for record in records:
            record.version = F("version") + 1
        names = [*names, "version"]
    model._default_manager.bulk_update(records, names, batch_size=UPDATE_BATCH)


def _partnership(world: World, merged: Merged, _new: list[Entry], changed: list[Entry]) -> None:
    for entry in changed:
        values = entry.values
        Partnership.objects.filter(pk=world.partnership.pk).update(
            name=values["name"] or world.partnership.code,
            weeks_per_year=values["weeks_per_year"],
            is_fictional=values["is_fictional"],
        )
        world.partnership.refresh_from_db()


def _organisations(world: World, merged: Merged, new: list[Entry], changed: list[Entry]) -> None:
    """New organisations, codes for existing ones, and the fields that may change; successors once all are there."""
    made = [entry for entry in new if entry.existing is None]
    records = [Organisation(**_own_fields(merged.table, entry.values)) for entry in made]
    Organisation.objects.bulk_create(records, batch_size=BATCH)
    pks = {entry.key[0]: record.pk for entry, record in zip(made, records, strict=True)}
    pks |= {entry.key[0]: entry.existing for entry in new if entry.existing is not None}
    PartnershipOrganisation.objects.bulk_create(
        PartnershipOrganisation(partnership=world.partnership, organisation_id=pk, code=code)
        for code, pk in pks.items()
    )
    for code, pk in pks.items():
        world.learn(merged.table.file, code, pk)
    for entry in [*changed, *(entry for entry in new if entry.existing is not None and entry.differences)]:
        pk = world.ids[merged.table.file][entry.key[0]]
        Organisation.objects.filter(pk=pk).update(**_own_fields(merged.table, entry.values, entry.differences))
    _successors(world, merged, [*made, *(entry for entry in [*changed, *new] if "successor" in entry.differences)])


def _own_fields(table: Table, values: Values, names: Iterable[str] = ORGANISATION_FIELDS) -> dict[str, Any]:
    return {name: table.column(name).kind.to_record(values[name]) for name in names if name in ORGANISATION_FIELDS}


def _successors(world: World, merged: Merged, entries: Iterable[Entry]) -> None:
    ids = world.ids[merged.table.file]
    for entry in entries:
        code = entry.values["successor"]
        if code is not None or not entry.is_new:
            Organisation.objects.filter(pk=ids[entry.key[0]]).update(successor_id=ids[code] if code else None)


def _measures(world: World, merged: Merged, new: list[Entry], changed: list[Entry]) -> None:
    frameworks = _frameworks(world, merged)
    made = [
        Measure(framework_id=frameworks[entry.key[:2]], code=entry.values["measure"], **_measure_fields(merged, entry))
        for entry in new
    ]
    Measure.objects.bulk_create(made, batch_size=BATCH)
    for entry in changed:
        names = [name for name in entry.differences if name in MEASURE_FIELDS]
        if names and entry.stored:
            fields = _measure_fields(merged, entry)
            Measure.objects.filter(pk=entry.stored.pk).update(**{name: fields[name] for name in names})


def _measure_fields(merged: Merged, entry: Entry) -> dict[str, Any]:
    return {name: merged.table.column(name).kind.to_record(entry.values[name]) for name in MEASURE_FIELDS}


def _frameworks(world: World, merged: Merged) -> dict[tuple[str, ...], int]:
    """The primary keys of frameworks by code and version, made or changed as the file says."""
    stored = {(each.code, each.version): each for each in Framework.objects.filter(partnership=world.partnership)}
    for entry in merged.in_file:
        code, version = entry.values["framework"], entry.values["version"]
        given = {
            field: entry.given[name]
            for name, field in (("in_force_from", "in_force_from"), ("framework_title", "title"))
            if name in entry.given
        }
        framework = stored.get((code, version))
        if framework is None:
            owner = world.partnership
            stored[(code, version)] = Framework.objects.create(partnership=owner, code=code, version=version, **given)
        elif any(getattr(framework, field) != value for field, value in given.items()):
            for field, value in given.items():
                setattr(framework, field, value)
            framework.save(update_fields=list(given))
    return {key: framework.pk for key, framework in stored.items()}


def _calendars(world: World, merged: Merged, new: list[Entry], changed: list[Entry]) -> None:
    """Calendars are made, renamed, and counted as changed where their days change."""
    file = merged.table.file
    stored = {each.reference: each for each in Calendar.objects.filter(partnership=world.partnership)}
    for entry in [*new, *changed]:
        reference, name, kind = (entry.values[column] for column in ("calendar", "name", "kind"))
        calendar = stored.get(reference)
        if calendar is None:
            calendar = Calendar(partnership=world.partnership, reference=reference, name=name, kind=kind)
        calendar.name, calendar.kind, calendar.version = name, kind, (calendar.version or 0) + 1
        stored[reference] = calendar
    touched = {entry.values["calendar"] for entry in [*new, *changed]}
    for reference in sorted(touched):
        stored[reference].save()
        world.learn(file, reference, stored[reference].pk)
    days = [
        CalendarDays(calendar=stored[e.values["calendar"]], start=e.values["start"], end=e.values["end"]) for e in new
    ]
    CalendarDays.objects.bulk_create(days, batch_size=BATCH)
    for entry in sorted(changed, key=lambda each: not (each.stored and shrinks(each.stored.values, each.values))):
        if entry.stored and "end" in entry.differences:
            CalendarDays.objects.filter(pk=entry.stored.pk).update(end=entry.values["end"])


def checklist_key(entry: Entry) -> tuple[Any, ...]:
    return tuple(entry.values[name] for name in CHECKLIST)


def _answers(world: World, merged: Merged, new: list[Entry], changed: list[Entry]) -> None:
    found = Measure.objects.filter(framework__partnership=world.partnership)
    rows = found.values_list("framework__code", "framework__version", "code", "pk", "kind")
    measures = {(code, version, measure): (pk, kind) for code, version, measure, pk, kind in rows}
    checklists = _checklists(world, merged)

    def answer(entry: Entry) -> dict[str, Any]:
        values = entry.values
        pk, kind = measures[(values["framework"], values["version"], values["measure"])]
        number = number_of(kind, values["value"])
        return {"measure_id": pk, "value": values["value"], "number": number, "evidence": values["evidence"]}

    names = ("checklist_id", "measure_id", "value", "number", "evidence")
    add(Answer, names, ((checklists[checklist_key(entry)], *answer(entry).values()) for entry in new))
    own = [entry for entry in changed if {"value", "evidence"} & entry.differences.keys()]
    records = [Answer(pk=entry.stored.pk, **answer(entry)) for entry in own if entry.stored]
    _save_changes(Answer, records, ["value", "number", "evidence"])


def _checklists(world: World, merged: Merged) -> dict[tuple[Any, ...], int]:
    """The primary keys of checklists, made or changed as the file says."""
    stored = _stored_checklists(world)
    frameworks = {
        (each.code, each.version): each.pk for each in Framework.objects.filter(partnership=world.partnership)
    }
    new: dict[tuple[Any, ...], Checklist] = {}
    changed: dict[tuple[Any, ...], Checklist] = {}
    for entry in merged.in_file:
        key = checklist_key(entry)
        if key in new or key in changed:
            continue
        existing = stored.get(key)
        if existing is None:
            new[key] = _new_checklist(world, frameworks, entry)
        elif _differs(existing, entry):
            changed[key] = existing
    Checklist.objects.bulk_create(new.values(), batch_size=BATCH)
    _save_changes(Checklist, list(changed.values()), ["status", "submitted_on"])
    return {key: checklist.pk for key, checklist in [*stored.items(), *new.items()]}


def _stored_checklists(world: World) -> dict[tuple[Any, ...], Checklist]:
    found = Checklist.objects.filter(person__partnership=world.partnership).select_related("framework")
    people, codes = world.references["people.csv"], world.references["organisations.csv"]
    return {
        (
            people[each.person_id],
            codes[each.provider_id],
            each.month,
            each.framework.code,
            each.framework.version,
            each.view,
        ): each
        for each in found
    }


def _new_checklist(world: World, frameworks: dict[tuple[str, str], int], entry: Entry) -> Checklist:
    values = entry.values
    return Checklist(
        person_id=world.ids["people.csv"][values["person_ref"]],
        provider_id=world.ids["organisations.csv"][values["provider"]],
        framework_id=frameworks[(values["framework"], values["version"])],
        month=values["month"],
        view=values["view"],
        status=values["status"],
        submitted_on=values["submitted_on"],
    )


def _differs(checklist: Checklist, entry: Entry) -> bool:
    """Takes the row's word for when and whether the checklist was sent; True where that is news."""
    news = False
    for name in ("status", "submitted_on"):
        if name in entry.given and getattr(checklist, name) != entry.given[name]:
            setattr(checklist, name, entry.given[name])
            news = True
    return news


WRITERS: dict[str, Callable[[World, Merged, list[Entry], list[Entry]], None]] = {
    "partnership.csv": _partnership,
    "organisations.csv": _organisations,
    "calendars.csv": _calendars,
    "measures.csv": _measures,
    "checklists.csv": _answers,
}
