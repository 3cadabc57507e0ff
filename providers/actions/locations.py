"""The Care Quality Commission's list of locations, and which organisation each belongs to."""

from dataclasses import asdict, dataclass

from django.db import transaction

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation
from commissioning.accounts.permissions import require_commissioner
from commissioning.core.errors import Refused
from providers.imports import CqcRow
from providers.models import Location


@dataclass(frozen=True)
class Imported:
    """What a list brought: locations added, changed and as they were; how many took a match made before."""

    added: int
    changed: int
    same: int
    matched: int

    @property
    def read(self) -> int:
        return self.added + self.changed + self.same


@transaction.atomic
def import_locations(*, rows: list[CqcRow], by: Actor | None) -> Imported:
    """Takes over the public list (`by` None: from the command line). A location keeps the organisation it was matched
    to, and a new one takes the match of its provider's other locations. Taking a list over again changes nothing;
    a location that a list leaves out stays.
    """
    if by is not None:
        require_commissioner(by)
    known = Location.objects.select_for_update().in_bulk(
        [row.cqc_location_id for row in rows], field_name="cqc_location_id"
    )
    owners = _owners()
    added = changed = matched = 0
    for row in rows:
        location = known.get(row.cqc_location_id) or Location(cqc_location_id=row.cqc_location_id)
        # What the list does not say (a rating, the number of beds) stays as it was.
        news = {name: value for name, value in asdict(row).items() if value not in ("", None)}
        owner = owners.get(row.provider_name.lower()) if location.organisation_id is None else None
        if location.pk and not owner and all(getattr(location, name) == value for name, value in news.items()):
            continue
        added, changed = (added, changed + 1) if location.pk else (added + 1, changed)
        matched += owner is not None
        location.organisation_id = owner or location.organisation_id
        for name, value in news.items():
            setattr(location, name, value)
        location.save()
    return Imported(added, changed, len(rows) - added - changed, matched)


@transaction.atomic
def match_locations(*, provider_name: str, organisation: Organisation, by: Actor) -> int:
    """Says which organisation the locations of a provider named in the list belong to; remembered for later lists.

    Returns how many were matched. Raises Refused for an organisation of no link to the partnership, or no locations.
    """
    require_commissioner(by)
    if not by.partnership.links.filter(organisation=organisation).exists():
        raise Refused("Choose an organisation of this partnership", field="organisation")
    waiting = Location.objects.select_for_update().filter(provider_name=provider_name, organisation__isnull=True)
    locations = list(waiting)
    if not locations:
        raise Refused("These locations are matched already", field="provider_name")
    for location in locations:
        location.organisation = organisation
        location.save(update_fields=["organisation"])
    return len(locations)


@transaction.atomic
def unmatch_location(*, location: Location, by: Actor) -> None:
    """Takes back a match. Raises Refused where the organisation is another partnership's too."""
    require_commissioner(by)
    current = Location.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=location.pk)
    organisation = current.organisation
    if organisation is None:
        return
    if not by.partnership.links.filter(organisation=organisation).exists():
        raise Refused("Choose a location of an organisation of this partnership")
    if organisation.links.exclude(partnership=by.partnership).exists():
        raise Refused(f"{organisation} is another partnership’s too, so its locations cannot be taken from it here")
    current.organisation = None
    current.save(update_fields=["organisation"])


def _owners() -> dict[str, int]:
    """The organisation of each provider name, where all its matched locations agree."""
    owners: dict[str, set[int]] = {}
    matched = Location.objects.filter(organisation__isnull=False).exclude(provider_name="")
    for name, organisation in matched.values_list("provider_name", "organisation_id").distinct():
        owners.setdefault(name.lower(), set()).add(organisation or 0)
    return {name: next(iter(found)) for name, found in owners.items() if len(found) == 1}
