"""A person's placements with prices, who pays and history, as their page shows them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from commissioning.accounts.actors import Actor
from finance.models import Baseline, CostLine, price_words
from finance.queries import Book, LineOnDay, lines_of_placement, open_book, weekly_by
from people.models import Person, Placement, Suspension


@dataclass(frozen=True)
class PlacementShown:
    """A placement on a day; money in whole pence a week, empty for those who see no prices."""

    placement: Placement
    is_current: bool
    is_planned: bool
    lines: tuple[LineOnDay, ...]
    weekly_pence: int
    by_funder: tuple[tuple[str, int], ...]
    suspension: Suspension | None


@dataclass(frozen=True)
class Change:
    """One change of a price or placement: when, who, what, why."""

    at: dt.datetime
    by: str
    what: str
    why: str


def placements_shown(actor: Actor, person: Person, on: dt.date) -> list[PlacementShown]:
    """The person's placements that the actor may see: current ones first, then planned, then past ones."""
    placements = list(
        Placement.objects.visible_to(actor)
        .filter(person=person)
        .select_related("person", "provider", "landlord", "contract")
    )
    book = open_book(actor, people=Person.objects.filter(pk=person.pk))
    shown = [_shown(actor, book, placement, on) for placement in placements]
    return sorted(shown, key=lambda each: (not each.is_current, not each.is_planned, -each.placement.start.toordinal()))


def _shown(actor: Actor, book: Book, placement: Placement, on: dt.date) -> PlacementShown:
    started = placement.start <= on
    own = book.only("placement", [placement.reference])
    funders = weekly_by(own, on, "funder") if actor.sees_prices else {}
    names = {
        link.code: link.organisation.name
        for link in actor.partnership.links.filter(code__in=funders).select_related("organisation")
    }
    suspension = placement.suspensions.filter(end__isnull=True).first()
    return PlacementShown(
        placement=placement,
        is_current=started and (placement.end is None or placement.end >= on),
        is_planned=not started,
        lines=tuple(lines_of_placement(actor, placement, on, own)),
        weekly_pence=sum(weekly_by(own, on, "placement").values()),
        by_funder=tuple((names.get(code, "No funder yet"), pence) for code, pence in sorted(funders.items())),
        suspension=suspension,
    )


def baseline_shown(actor: Actor, person: Person) -> Baseline | None:
    """The baseline, for those who may see prices."""
    return Baseline.objects.filter(person=person).first() if actor.sees_prices else None


def money_history(actor: Actor, person: Person, most: int = 50) -> list[Change]:
    """Who changed which price and when, newest first; nothing for those who see no prices."""
    if not actor.sees_prices:
        return []
    model: Any = CostLine._meta.get_field("events").related_model  # the history table that triggers fill
    events = (
        model.objects.filter(placement__person_id=person.pk).select_related("pgh_context").order_by("-pgh_id")[:most]
    )
    return [_change(event) for event in events]


def _change(event: Any) -> Change:
    said = event.pgh_context.metadata if event.pgh_context else {}
    label = {"insert": "Added", "update": "Changed", "delete": "Taken out"}.get(event.pgh_label, event.pgh_label)
    price = price_words(event.amount, event.basis, event.units_per_week)
    until = f" to {event.end:%-d %B %Y}" if event.end else ""
    what = (
        f"{label}: {event.reference}, {event.get_kind_display().lower()}, {price} from {event.start:%-d %B %Y}{until}"
    )
    return Change(event.pgh_created_at, said.get("name") or "As One", what, said.get("reason", ""))
