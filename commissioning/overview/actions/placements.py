"""A placement with its prices and shares, logged whole or not at all."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model, Q

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation
from commissioning.accounts.permissions import require_commissioner
from commissioning.core.editing import check
from commissioning.core.errors import Refused
from commissioning.core.periods import day_before, words
from commissioning.overview.models import PlacementDraft
from finance.actions import NewLine, NewShare, add_line, add_share, end_placement
from finance.queries.records import kept_with
from people.models import NOT_HOMES, Person, Placement
from providers.models import Contract


@dataclass(frozen=True)
class ShareOfLines:
    """A funder's share of one of the lines (its place among them), or of all that have none of their own."""

    line: int | None
    share: NewShare


@dataclass(frozen=True)
class NewPlacement:
    """A placement as somebody logs it. `ends` is the home that it replaces, which then ends the day before."""

    person: Person
    provider: Organisation
    contract: Contract | None
    landlord: Organisation | None
    setting: str
    start: dt.date
    end: dt.date | None
    postcode: str
    out_of_area: bool | None
    double_running: bool
    shared_on: dt.date | None
    lines: tuple[NewLine, ...]
    shares: tuple[ShareOfLines, ...]
    ends: Placement | None = None
    end_reason: str = ""


@transaction.atomic
def save_draft(*, person: Person, page: str, typed: dict[str, list[str]], by: Actor) -> PlacementDraft:
    """Keep a page of answers as typed, right or wrong, so that nothing is lost."""
    require_commissioner(by)
    draft, _ = PlacementDraft.objects.select_for_update().get_or_create(person=person, by=by.user)
    draft.answers[page] = typed
    draft.save()
    return draft


@transaction.atomic
def log_placement(
    *, new: NewPlacement, by: Actor, draft: PlacementDraft | None = None, version: str | None = None
) -> Placement | None:
    """Log it: the home it replaces ends the day before, then placement, prices and shares, all or none.

    Returns None where the draft was logged already (a second click). Raises Stale where the answers, or the home that
    it replaces, are not as they were on the page that was confirmed; Refused for a second home on the same
    days, a contract of another provider, overlapping prices, or shares above 100%.
    """
    require_commissioner(by)
    Person.objects.select_for_update().get(pk=new.person.pk)
    drafts = PlacementDraft.objects.select_for_update().filter(pk=draft.pk) if draft is not None else []
    if draft is not None and not drafts:
        return None
    check(version, *confirmed(new, drafts))
    for logged in drafts:
        logged.delete()
    if new.ends is not None:
        end_placement(placement=new.ends, end=day_before(new.start), reason=new.end_reason, by=by)
    _check(new)
    placement = _create(new)
    lines = [add_line(placement=placement, new=line, by=by) for line in new.lines]
    for each in new.shares:
        line = None if each.line is None else lines[each.line]
        add_share(placement=placement, new=each.share, by=by, line=line)
    return placement


def confirmed(new: NewPlacement, drafts: Iterable[PlacementDraft]) -> list[Model]:
    """What somebody confirms when they log a placement: their answers, and the home that then ends."""
    ends = Placement.objects.filter(pk=new.ends.pk) if new.ends else Placement.objects.none()
    return [*drafts, *(record for placement in ends for record in kept_with(placement))]


def _create(new: NewPlacement) -> Placement:
    return Placement.objects.create(
        partnership=new.person.partnership,
        reference=_next_reference(new.person),
        person=new.person,
        provider=new.provider,
        contract=new.contract,
        landlord=new.landlord,
        setting=new.setting,
        start=new.start,
        end=new.end,
        postcode=new.postcode,
        out_of_area=new.out_of_area,
        double_running=new.double_running,
        shared_on=new.shared_on,
    )


def _check(new: NewPlacement) -> None:
    if new.end is not None and new.end < new.start:
        raise Refused("The last day must be the same as or after the first", field="end")
    if new.contract is not None and new.contract.provider_id != new.provider.pk:
        raise Refused(f"{new.contract.reference} is not a contract with {new.provider}", field="contract")
    if new.setting not in NOT_HOMES and not new.double_running:
        _check_one_home(new)


def _check_one_home(new: NewPlacement) -> None:
    homes = Placement.objects.homes().filter(person=new.person).exclude(double_running=True)
    homes = homes.filter(Q(end__isnull=True) | Q(end__gte=new.start))
    if new.end is not None:
        homes = homes.filter(start__lte=new.end)
    if clash := homes.select_related("provider").first():
        until = f"to {words(clash.end)}" if clash.end else "with no end"
        raise Refused(
            f"{new.person.called} has a home with {clash.provider} from {words(clash.start)} {until}. "
            "End it first, or say that both are paid for a while.",
            field="current_home",
        )


def _next_reference(person: Person) -> str:
    stem = person.reference[:36]
    taken = set(
        Placement.objects.filter(partnership=person.partnership, reference__startswith=f"{stem}-").values_list(
            "reference", flat=True
        )
    )
    number = person.placements.count() + 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"
