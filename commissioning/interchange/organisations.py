"""Organisations are one record for all partnerships: matched by their national identifiers, never by name, and never
changed by a load while another partnership uses them."""

from typing import Any

from commissioning.accounts.models import Organisation, PartnershipOrganisation
from commissioning.interchange.faults import Report
from commissioning.interchange.merging import Entry, Merged
from commissioning.interchange.stored import Stored, World, organisation_values

FILE = "organisations.csv"
IDENTIFIERS = ("cqc_provider_id", "ods_code", "gss_code")


def match_organisations(world: World, merged: Merged, report: Report) -> None:
    """Finds the record that each new row means, and leaves alone what other partnerships use."""
    by_identifier = _by_identifier(merged)
    entries = list(merged.in_file)
    _told_apart(entries, report)
    for entry in entries:
        found = {
            organisation.pk: organisation
            for name in IDENTIFIERS
            if (organisation := by_identifier.get((name, entry.values[name]))) is not None
        }
        if entry.stored is not None:
            found.pop(entry.stored.pk, None)
            _refuse_taken(entry, found, report)
        elif found:
            _match(world, merged, entry, found, report)
    _leave_shared(world, merged, report)


def _by_identifier(merged: Merged) -> dict[tuple[str, str], Organisation]:
    """Stored organisations, anybody's, by each identifier that the file names."""
    found: dict[tuple[str, str], Organisation] = {}
    for name in IDENTIFIERS:
        given = {entry.values[name] for entry in merged.in_file} - {""}
        for organisation in Organisation.objects.filter(**{f"{name}__in": given}):
            found[(name, getattr(organisation, name))] = organisation
    return found


def _told_apart(entries: list[Entry], report: Report) -> None:
    """No two rows carry one identifier."""
    for name in IDENTIFIERS:
        firsts: dict[str, Entry] = {}
        for entry in entries:
            value = entry.values[name]
            if value and (first := firsts.setdefault(value, entry)) is not entry:
                message = f"Row {first.number} ({first.key[0]}) has the same. Keep one row for each organisation."
                report.fault(FILE, entry.number, name, value, message)


def _refuse_taken(entry: Entry, found: dict[int, Organisation], report: Report) -> None:
    for other in found.values():
        name = next(name for name in IDENTIFIERS if entry.values[name] and entry.values[name] == getattr(other, name))
        message = f"This identifier belongs to another organisation, {other.name}. Correct it, or leave it empty."
        report.fault(FILE, entry.number, name, entry.values[name], message)


def _match(world: World, merged: Merged, entry: Entry, found: dict[int, Organisation], report: Report) -> None:
    if len(found) > 1:
        names = " and ".join(sorted(organisation.name for organisation in found.values()))
        message = f"The identifiers of this row belong to different organisations: {names}. Correct them."
        report.fault(FILE, entry.number, "", entry.key[0], message)
        return
    organisation = next(iter(found.values()))
    code = world.references[FILE].get(organisation.pk)
    if code is not None:
        message = f"This organisation is in the partnership already, as {code}. Use that code."
        report.fault(FILE, entry.number, "code", entry.key[0], message)
        return
    entry.existing = organisation.pk
    values = organisation_values(world, merged.table, entry.key[0], organisation)
    entry.stored = Stored(organisation.pk, values)


def _leave_shared(world: World, merged: Merged, report: Report) -> None:
    """Differences in what another partnership uses too are findings; nothing of it is changed."""
    differing = [entry for entry in merged.in_file if entry.stored is not None and entry.differences]
    elsewhere = PartnershipOrganisation.objects.exclude(partnership=world.partnership)
    shared = set(
        elsewhere.filter(organisation__in=[entry.stored.pk for entry in differing if entry.stored]).values_list(
            "organisation_id", flat=True
        )
    )
    for entry in differing:
        if entry.stored is None or entry.stored.pk not in shared:
            continue
        for name, (old, new) in entry.differences.items():
            report.finding(FILE, entry.number, _left(merged, entry, name, old, new))
        entry.given = {"code": entry.key[0]}
        entry.values = dict(entry.stored.values)


def _left(merged: Merged, entry: Entry, name: str, old: Any, new: Any) -> str:
    kind = merged.table.column(name).kind
    return (
        f"{entry.key[0]} is used by other partnerships, so its {name} stays “{kind.format(old)}”; "
        f"the file says “{kind.format(new)}”."
    )
